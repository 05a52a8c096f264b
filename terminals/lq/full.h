// What takes libraries that few verbs need (libarchive, libcrypto, libmicrohttpd, libqrencode,
// libzip, libxlsxwriter), each of which brings others: to load them takes longer than all the rest
// of lq. So there are two programs of the same parts. lq-full does what is below, lq becomes
// lq-full where it is asked to (hand_on.c).
#pragma once

#include "lq/cli/cli.h"

// They do what the verb's arguments say, and give the exit code. Whoever calls them has neither
// said nor changed anything yet.
int lq_backup(struct lq_cli *cli);
int lq_restore(struct lq_cli *cli);
int lq_import(struct lq_cli *cli);
int lq_web_cert(struct lq_cli *cli);
int lq_key_pair(struct lq_cli *cli);

// Verifies what is in a backup.
int lq_verify_backup(struct lq_cli *cli, const char *file);

// Writes the table as a book for spreadsheets where --xlsx says, and frees nothing.
int lq_write_book(struct lq_cli *cli, const struct lq_output *output);

// Serves GET /metrics at this address until the process is told to end.
int lq_metrics_serve(struct lq_cli *cli, const char *address);
