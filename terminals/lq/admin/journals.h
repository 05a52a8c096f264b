// Looking at the journals on this machine, for `lq verify`, `lq up` and `lq backup`.
//
// Each is looked at in a process of its own: LMDB believes what stands in its file, and a damaged
// one may well end whoever reads it. The user is to hear of it, and of the other journals too.
#pragma once

#include "config/policy.h"
#include "config/settings.h"
#include "lq/cli/cli.h"
#include "runtime/system.h"
#include "runtime/verify.h"

struct lq_journals {
    struct lq_cli *cli;
    struct lq_system system;
    struct lq_policy policy;
    struct lq_settings settings;
    bool shows_progress;
    const char *copies; // lq_journal_copy: a folder, in which each gets one of its own
};

// What came of one look; travels through a pipe.
struct lq_look {
    enum lq_status status;
    struct lq_verified verified;
    bool differs; // what is wrong is that two journals are not of one history
    char fault[1024];
};

// Reads the configuration. Gives the exit code, what is wrong was told.
int lq_journals_open(struct lq_journals *journals, struct lq_cli *cli);

// The folder of a service's journal, and whether there is one.
const char *lq_journal_path(const struct lq_journals *journals, const struct lq_service *service);
bool lq_journal_is_here(const struct lq_journals *journals, const struct lq_service *service);

// Replays a journal.
struct lq_look lq_journal_replay(const struct lq_journals *journals,
                                 const struct lq_service *service);

// Holds how far a service has followed others against those of their journals that are here.
struct lq_look lq_journal_followed(const struct lq_journals *journals,
                                   const struct lq_service *service);

// Copies a journal as of one moment, beside the service that writes it.
struct lq_look lq_journal_copy(const struct lq_journals *journals,
                               const struct lq_service *service);
