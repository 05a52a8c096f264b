// What a terminal remembers for when there is no signal, in small files of its own. That it cannot
// be remembered is told, and stops nothing.
//
//     <data>/terminal/<badge>/<name>    a message of proto/terminal.proto
#pragma once

#include "lq/cli/cli.h"

// What is remembered under the name; NULL: nothing, or nothing that can be read. In the arena.
ProtobufCMessage *lq_state_get(struct lq_cli *cli, const char *name,
                               const ProtobufCMessageDescriptor *type);
void lq_state_put(struct lq_cli *cli, const char *name, const ProtobufCMessage *message);
void lq_state_forget(struct lq_cli *cli, const char *name);

// The team of a person as the roster said last; NULL: not known here. Remembering one.
const char *lq_remembered_team(struct lq_cli *cli, const char *badge);
void lq_remember_team(struct lq_cli *cli, const char *badge, const char *team);
