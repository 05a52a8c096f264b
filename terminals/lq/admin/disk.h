// The disks that the journals lie on: which is nearly full, and by when it will be.
#pragma once

#include "lq/admin/survey.h"

// "12 MiB".
enum { LQ_SIZE_TEXT = 32 };
const char *lq_size_text(uint64_t bytes, char out[LQ_SIZE_TEXT]);

// One disk, with all the services that have their journals on it.
struct lq_disk {
    uint64_t id, bytes, free_bytes, refuse_bytes;
    uint64_t growth_bytes; // of all its journals, a day
    unsigned growth_days;  // over how many days, of the youngest; 0: there is no telling
};

// The disks of the services that answered; gives their number.
unsigned lq_disks(const struct lq_survey *survey, struct lq_disk out[LQ_SURVEY_SERVICES]);

// Is so little free that commands are refused?
bool lq_disk_is_full(const struct lq_disk *disk);

// In how many days it takes no more commands; -1: there is no telling, or never as it looks.
int64_t lq_disk_days_left(const struct lq_disk *disk);

// Says on standard error what there is to say of them.
void lq_disk_tell(const struct lq_survey *survey);

// The same of the disk that the journals of this machine's system lie on, whether or not a service
// is there to answer for it: with too little room it may not have been able to start.
void lq_disk_tell_here(struct lq_cli *cli);
