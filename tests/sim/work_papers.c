// Papers about what is sealed: issued by those who may and now and then by others, complete or not,
// served in order and out of it.
#include <stdio.h>

#include "base/time.h"
#include "pb/pb.h"
#include "sim/work.h"

static Rules__PaperField *field(struct sim *s, const char *id, const char *value)
{
    Rules__PaperField *one = LQ_NEW(&s->scratch, Rules__PaperField);
    rules__paper_field__init(one);
    one->id = lq_unconst(id);
    one->value = lq_unconst(value);
    return one;
}

// One of the papers that were issued, or a number near those: people mistake one for another.
static char *some_paper(struct sim *s)
{
    const uint64_t papers = s->work->papers;
    int year, month, day;
    if (papers > 0 && work_chance(s, 92))
        return s->work->paper_numbers[work_pick(s, papers < WORK_PAPERS ? (unsigned)papers
                                                                        : (unsigned)WORK_PAPERS)];
    lq_day_to_date(lq_day_of(s->now_ms), &year, &month, &day);
    return lq_arena_format(&s->scratch, "%s〔%d〕%u号", work_chance(s, 50) ? "献环解" : "献环查清",
                           year, 1 + work_pick(s, 9));
}

static void keep_number(struct sim *s, struct sim_terminal *t, unsigned tag,
                        const struct sim_answered *a)
{
    (void)t;
    (void)tag;
    if (a->accepted)
        snprintf(s->work->paper_numbers[s->work->papers++ % WORK_PAPERS], WORK_PAPER_NUMBER, "%s",
                 a->number);
}

static void send(struct sim *s, const char *who, Seizure__Command__BodyCase which, void *body)
{
    struct work_manner manner = {.occurred_ms = work_chance(s, 80) ? 0 : work_when(s)};
    if (which == SEIZURE__COMMAND__BODY_ISSUE_PAPER)
        manner.done = keep_number;
    struct sim_terminal *t = work_person(s, who);
    const unsigned kind = work_pick(s, 100);
    if (kind < 15) {
        manner.behalf = t->badge;
        manner.reason = "电话";
        t = work_person(s, "CLERK");
    } else if (kind < 21) {
        t = work_anybody(s);
    }
    work_send_seizure(s, t, which, body, &manner);
}

void work_issue_paper(struct sim *s)
{
    Rules__IssuePaper c = RULES__ISSUE_PAPER__INIT;
    Rules__PaperField *fields[] = {field(s, "decision", "献环查〔2015〕9号"),
                                   field(s, work_chance(s, 96) ? "ground" : "颜色", "已处理")};
    const bool release = work_chance(s, 40);
    c.kind = lq_unconst(release ? "release_decision" : "inventory");
    c.of_kind = lq_unconst("item");
    c.of_number = work_some_item(s);
    if (c.of_number == NULL)
        return;
    if (release && work_chance(s, 90)) {
        c.fields = fields;
        c.n_fields = 2;
    }
    if (work_chance(s, 8))
        c.supersedes = some_paper(s);
    if (work_chance(s, 2))
        c.number = lq_unconst("献环解〔2015〕1号");
    send(s, release ? "HEAD" : "O1", SEIZURE__COMMAND__BODY_ISSUE_PAPER, &c);
}

void work_serve_paper(struct sim *s)
{
    char *officers[] = {lq_unconst("O1"), lq_unconst(work_chance(s, 92) ? "L1" : "O1")};
    Rules__ServePaper c = RULES__SERVE_PAPER__INIT;
    c.number = some_paper(s);
    c.how = work_chance(s, 95) ? RULES__SERVED_HOW__IN_PERSON : RULES__SERVED_HOW__POSTED;
    c.officers = officers;
    c.n_officers = 2;
    if (work_chance(s, 10))
        c.receipt = lq_unconst("EMS1");
    send(s, "L1", SEIZURE__COMMAND__BODY_SERVE_PAPER, &c);
}
