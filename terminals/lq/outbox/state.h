// What a terminal remembers for when there is no signal, in small files of its own. That it cannot
// be remembered is told, and stops nothing.
//
//     <data>/terminal/<badge>/<name>    a message of proto/terminal.proto
//     <data>/terminal/person            the badge for which it is set up
#pragma once

#include "lq/cli/cli.h"

// What is remembered under the name; NULL: nothing, or nothing that can be read. In the arena.
ProtobufCMessage *lq_state_get(struct lq_cli *cli, const char *name,
                               const ProtobufCMessageDescriptor *type);
LQ_MUST_CHECK enum lq_status lq_state_write(struct lq_cli *cli, const char *name,
                                            const ProtobufCMessage *message);
void lq_state_put(struct lq_cli *cli, const char *name, const ProtobufCMessage *message);
void lq_state_forget(struct lq_cli *cli, const char *name);

// The last command that was sent, until it is answered: a terminal.Kept.
#define LQ_UNANSWERED "unanswered"

// For whom the terminal is set up (lq sign-on); NULL: nobody. Setting it.
const char *lq_terminal_person(struct lq_cli *cli);
LQ_MUST_CHECK enum lq_status lq_terminal_belongs_to(struct lq_cli *cli, const char *badge);

// The team of a person as the roster said last; NULL: not known here. Remembering one.
const char *lq_remembered_team(struct lq_cli *cli, const char *badge);
void lq_remember_team(struct lq_cli *cli, const char *badge, const char *team);
