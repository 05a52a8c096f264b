// The outbox: commands that are kept in files until there is a way to send them (--later). Each is
// kept as the very bytes that will be sent, so that it takes effect once however often it is sent.
//
//     <data>/outbox/<badge>/<command id>.request    a serialized Request: service and command
#pragma once

#include "lq/cli/cli.h"

struct lq_kept {
    const char *id;         // of the command, as in the file's name
    const char *service;    // that it is for
    struct lq_span command; // the serialized Command
    int64_t occurred_at_ms; // as it says
    ProtobufCMessage *body; // the <service>.Command in it
};

// Keeps a command of --as for the service, durably; says so. Gives the exit code.
int lq_outbox_keep(struct lq_cli *cli, const char *service, const Lq__Command *command);

// Reads what --as has kept, in the order in which it was; *out and all in it live in the cli's
// arena. A fault, in words, if a file there is no kept command.
LQ_MUST_CHECK enum lq_status lq_outbox_read(struct lq_cli *cli, struct lq_kept **out,
                                            size_t *count);

// How many there are; 0 also where that cannot be told.
size_t lq_outbox_count(struct lq_cli *cli);

LQ_MUST_CHECK enum lq_status lq_outbox_remove(struct lq_cli *cli, const char *id);
