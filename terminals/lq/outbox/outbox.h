// The outbox: commands that are kept in files until there is a way to send them (--later). Each is
// kept as the very bytes that will be sent, so that it takes effect once however often it is sent.
//
//     <data>/outbox/<badge>/000003.request       a serialized terminal.Kept; 3 is its number here
//     <data>/outbox/<badge>/000003.unreadable    one that could not be read, set aside
//     <data>/outbox/<badge>/lock, sending        held while numbers are given; while one sends
//
// Numbers rise in the order of entry, whatever the clock says. A file has its name only when it is
// whole and on the disk.
#pragma once

#include "lq/cli/cli.h"
#include "terminal.pb-c.h"

struct lq_kept {
    unsigned number;
    const char *path;
    Terminal__Kept *file;
    Lq__Command *command;   // the one in file->command
    ProtobufCMessage *body; // the <service>.Command in it
};

// Keeps a command of --as for the service, durably; says so. In place of cli->edited, if that is
// set. Gives the exit code.
int lq_outbox_keep(struct lq_cli *cli, const char *service, const Lq__Command *command);

// Reads what --as has kept, in the order in which it was entered; *out and all in it live in the
// cli's arena. What cannot be read is set aside, and told of.
LQ_MUST_CHECK enum lq_status lq_outbox_read(struct lq_cli *cli, struct lq_kept **out,
                                            size_t *count);

// Waits until nobody else sends or changes what is kept; until *lock is closed, nobody will. New
// ones may be added all the while. *lock is -1 if there is no outbox.
LQ_MUST_CHECK enum lq_status lq_outbox_lock(struct lq_cli *cli, int *lock);
void lq_outbox_unlock(int lock);

// Checks whose outbox it is, and does this with it while nobody else sends or changes what is kept.
// Gives the exit code.
int lq_outbox_alone(struct lq_cli *cli, int (*work)(struct lq_cli *cli));

// How many there are, and how many were set aside; 0 also where that cannot be told.
size_t lq_outbox_count(struct lq_cli *cli);
size_t lq_outbox_unreadable(struct lq_cli *cli);

// Replace the file by what kept->file and kept->command say now, or remove it. Under the lock.
LQ_MUST_CHECK enum lq_status lq_outbox_write(struct lq_cli *cli, struct lq_kept *kept);
LQ_MUST_CHECK enum lq_status lq_outbox_remove(const struct lq_kept *kept);

static inline bool lq_kept_is_rejected(const struct lq_kept *kept)
{
    return kept->file->code[0] != '\0';
}

// Gives the command another id: what was rejected under the old one stays rejected under it.
void lq_kept_renew(struct lq_cli *cli, struct lq_kept *kept);

// Finds the one that NUMBER names, reading the outbox; says so if there is none. Gives the exit
// code.
int lq_outbox_find(struct lq_cli *cli, struct lq_kept *out);

// A <service>.Command as a person reads it: record_interview kind="official".
const char *lq_command_words(struct lq_cli *cli, const ProtobufCMessage *body);

// Why it was rejected or refused, in the person's language, with the code: "… (TEAM_OFF_DUTY)".
const char *lq_kept_why(struct lq_cli *cli, const struct lq_kept *kept);

// The verbs `send` and `edit`. Give the exit code.
int lq_outbox_send(struct lq_cli *cli);
int lq_outbox_edit(struct lq_cli *cli, int argc, char **argv);
