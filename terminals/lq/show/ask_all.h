// A question to all services that take it, at once: what they answer is merged, and one that does
// not answer holds none of the others.
#pragma once

#include "lq/show/list.h"
#include "service/service.h"

// One of those that are asked.
struct lq_asked {
    const struct lq_service *service;
    struct lq_list_rows rows; // what it has told so far
    int code;                 // of the exit: LQ_EXIT_DONE: it has told all
    uint64_t correlation;     // of the page that is awaited; 0: none
};

// Takes the rows of an answer (the member of the service's Answer; NULL: nothing is asked yet), and
// gives the question for the next page, a <service>.Query in the cli's arena; NULL: that was all.
typedef const ProtobufCMessage *lq_page_fn(struct lq_cli *cli, struct lq_asked *asked,
                                           const void *answer, const void *question);

struct lq_ask_all {
    bool (*takes)(const struct lq_service *service);
    lq_page_fn *page;
    const void *question; // for `page`
    struct lq_asked *all; // the answers, in the order of lq_services; in the cli's arena
    size_t count, heard;  // of those asked, of those that have told all
};

// Asks, connecting first. Says of each service that did not answer why; gives the exit code of the
// first of them.
int lq_ask_all(struct lq_cli *cli, struct lq_ask_all *ask);

// The rows of all, one service after the other.
void lq_asked_rows(struct lq_cli *cli, const struct lq_ask_all *ask, struct lq_list_rows *rows);
