// Sends a file to the service evidence, a few pieces at a time, from where it has got to.
#pragma once

#include "evidence.pb-c.h"
#include "lq/evidence/local.h"

// Until the service has the whole file and has found its hash right. What it has already is not
// sent again; what was cut off goes on when it is called once more. `restricted`: not for everybody
// to read. Gives the exit code, and the type that the service has found.
int lq_upload(struct lq_cli *cli, const struct lq_local *local, bool restricted,
              Rules__FileType *type);

// Asks evidence one question; the answer's member is in the arena. Gives the exit code.
int lq_evidence_ask(struct lq_cli *cli, struct lq_arena *arena, const char *variant,
                    const ProtobufCMessage *question, const ProtobufCMessage **answer);
