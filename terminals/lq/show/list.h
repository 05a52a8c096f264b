// Lists: every row that a question has, page by page, as a table, CSV or JSON.
#pragma once

#include "lq/cli/cli.h"

struct lq_list {
    const char *service;
    ProtobufCMessage *query; // a <service>.Query whose member has `limit` and `after` or `before`
    const ProtobufCMessageDescriptor *answer; // <service>.Answer: its member has rows and `more`
    const struct lq_column *columns;          // ends with one that has no title
    uint32_t limit;                           // 0: all rows
    lq_compare_fn *order;                     // NULL: the service's; else all rows are read first
};

// Connects, asks until there is no more, prints; gives the exit code. JSON and CSV have the rows as
// the service sent them, with all their fields; the columns are the table's. Where there are no
// rows because something that was asked for does not exist, that is said (show/absent.h).
int lq_cli_list(struct lq_cli *cli, const struct lq_list *list);

// Rows that were gathered: borrowed, in the cli's arena.
struct lq_list_rows {
    const ProtobufCMessage **rows;
    size_t count, room;
    bool cut;                               // there are more than `limit`
    const ProtobufCMessageDescriptor *type; // if CSV is to have all their fields, too
};
int lq_list_gather(struct lq_cli *cli, const struct lq_list *list, struct lq_list_rows *rows);
void lq_list_add(struct lq_cli *cli, struct lq_list_rows *rows, const ProtobufCMessage *row);
int lq_list_print(struct lq_cli *cli, const struct lq_list *list, const struct lq_list_rows *rows);
