// The record behind something.
#pragma once

#include <jansson.h>

#include "lq/cli/cli.h"
#include "service/service.h"

// Says in one line on standard error what that record holds, so that somebody who mistyped a number
// notices. Says
// nothing where the record has no event, or is not for this person.
void lq_record_about(struct lq_cli *cli, const char *stream, uint64_t seq);

// A record as one object: where it stands, when, who and why, and the event. The caller owns it.
json_t *lq_record_json(const struct lq_service *service, const Lq__Event *event,
                       const ProtobufCMessage *body);
