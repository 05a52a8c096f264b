// What a paper says of the thing that it is about, it says as that does. Who has issued it may read
// it: he wrote it.
#include <string.h>

#include "pb/pb.h"
#include "rules/correct.h"
#include "rules/papers.h"
#include "rules/reading_internal.h"
#include "service/trail.h"
#include "service/voided.h"

static const Rules__Paper *find_paper(struct lq_view *view, const char *number)
{
    if (!lq_pb_key(number))
        return NULL;
    const Rules__Paper *paper = lq_find(view, &lq_papers, lq_key_text(number));
    const Rules__VoidedThing *voided =
        paper == NULL ? lq_voided_find(view, &lq_papers, number) : NULL;
    return voided != NULL
               ? lq_thing_of(lq_view_arena(view), &rules__paper__descriptor, &voided->thing)
               : paper;
}

// The thing with personal fields that a paper is about, or that the paper is about that it is about
// (a receipt of service), and so on; NULL: it is about none.
static const struct lq_thing *about(struct lq_told *told, const char *kind, const char **number)
{
    enum { DEPTH = 8 };
    for (unsigned i = 0; i < DEPTH && strcmp(kind, LQ_PAPER_KIND) == 0; i++) {
        const Rules__Paper *paper = find_paper(told->view, *number);
        if (paper == NULL)
            return NULL;
        kind = paper->of_kind;
        *number = paper->of_number;
    }
    return lq_personal_thing(told->service, kind);
}

// True: it is not for the asker.
static bool is_withheld(struct lq_told *told, const char *paper, const char *kind,
                        const char *number, struct lq_wrote wrote)
{
    const struct lq_thing *thing = about(told, kind, &number);
    if (thing == NULL)
        return false;
    if (!lq_tell(told, thing, number, wrote))
        return true;
    lq_tell_of(told, LQ_PAPER_KIND, paper);
    return false;
}

void lq_tell_paper(struct lq_told *told, Rules__Paper *paper, struct lq_wrote wrote)
{
    if (lq_says(&paper->base, "fields") &&
        is_withheld(told, paper->number, paper->of_kind, paper->of_number, wrote))
        lq_withhold(told, &paper->base, "fields");
}

// The paper itself is a message within it, which is told for itself.
void lq_tell_paper_file(struct lq_told *told, Rules__PaperFile *file)
{
    const Rules__Paper *paper = file->paper;
    if (paper == NULL || file->html.len == 0)
        return;
    const Rules__Entered *entered = lq_entered_of(paper);
    const struct lq_wrote wrote = {entered != NULL ? entered->actor : NULL,
                                   entered != NULL ? entered->on_behalf_of : NULL};
    if (is_withheld(told, paper->number, paper->of_kind, paper->of_number, wrote))
        lq_withhold(told, &file->base, "html");
}

void lq_tell_paper_issued(struct lq_told *told, Rules__PaperIssued *issued, struct lq_wrote wrote)
{
    if (!is_withheld(told, issued->number, issued->of_kind, issued->of_number, wrote))
        return;
    lq_withhold(told, &issued->base, "fields");
    lq_withhold(told, &issued->base, "html");
}
