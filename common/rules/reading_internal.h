// What the files of reading share.
#pragma once

#include "rules/reading.h"

// Who has written what is told: he may read it.
struct lq_wrote {
    const char *actor, *on_behalf_of; // "" or NULL: not known
};

// May the asker read what is personal of the thing? He may, or wrote it; then it is noted.
bool lq_tell(struct lq_told *told, const struct lq_thing *thing, const char *number,
             struct lq_wrote wrote);

// Empties the field of that name and names it in the message's `withheld`; nothing where it is
// empty.
void lq_withhold(struct lq_told *told, ProtobufCMessage *message, const char *field);

// Does the field of that name say anything?
bool lq_says(const ProtobufCMessage *message, const char *field);

// The thing with personal fields of that kind; NULL: there is none.
const struct lq_thing *lq_personal_thing(const struct lq_service *service, const char *kind);

// ---------------------------------------------------------------- reading_paper.c

// A paper about such a thing, or about a paper about one: all that it says.
void lq_tell_paper(struct lq_told *told, Rules__Paper *paper, struct lq_wrote wrote);
void lq_tell_paper_file(struct lq_told *told, Rules__PaperFile *file);
void lq_tell_paper_issued(struct lq_told *told, Rules__PaperIssued *issued, struct lq_wrote wrote);
