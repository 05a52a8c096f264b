// Answers that can be read again without the bus, with their age: of verbs that say .offline. The
// same question finds what it was answered last.
#pragma once

#include "lq/cli/cli.h"

// Answers a question of cli->verb, which nobody answers now, from what was remembered; a page a
// call. The first call says since when that is. False: there is nothing; *answer is untouched.
bool lq_snapshot_answer(struct lq_cli *cli, const char *service, const ProtobufCMessage *query,
                        const ProtobufCMessageDescriptor *answer_type, ProtobufCMessage **answer);

// Notes an answer that came, one page after the other.
void lq_snapshot_note(struct lq_cli *cli, const char *service, const ProtobufCMessage *query,
                      const ProtobufCMessage *answer);

// The verb is done: what was noted is remembered. The exit code, which says that the bus was not
// reached where a snapshot was shown.
int lq_snapshot_finish(struct lq_cli *cli, int code);

// For struct lq_verb's `remember`: the answer remembered for a question; setting another one, which
// is written with the rest.
ProtobufCMessage *lq_snapshot_get(struct lq_cli *cli, const char *service,
                                  const ProtobufCMessage *query,
                                  const ProtobufCMessageDescriptor *answer_type);
void lq_snapshot_set(struct lq_cli *cli, const char *service, const ProtobufCMessage *query,
                     const ProtobufCMessage *answer);
