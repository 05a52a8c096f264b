// Papers about what is sealed, about premises and their two supervisors, frozen handovers, and
// weeks: issued by those who may and now and then by others, complete or not, served in order and
// out of it.
#include <stdio.h>

#include "base/time.h"
#include "pb/pb.h"
#include "rules/papers.h"
#include "sim/work.h"

static Rules__PaperField *field(struct sim *s, const char *id, const char *value)
{
    Rules__PaperField *one = LQ_NEW(&s->scratch, Rules__PaperField);
    rules__paper_field__init(one);
    one->id = lq_unconst(id);
    one->value = lq_unconst(value);
    return one;
}

static const struct {
    const char *service;
    const ProtobufCMessageDescriptor *command;
    const char *kind, *of_kind, *series, *who;
} PAPERS[] = {
    {"seizure", &seizure__command__descriptor, "inventory", "item", "献环查清", "O1"},
    {"seizure", &seizure__command__descriptor, "release_decision", "item", "献环解", "HEAD"},
    {"ledger", &ledger__command__descriptor, "responsibility_letter", "premises", "献环责",
     "CLERK"},
    {"dispatch", &dispatch__command__descriptor, "handover_sheet", "handover", "献环交", "DESK1"},
    {"stats", &stats__command__descriptor, "weekly_report", "bulletin", "献环周", "CLERK"},
};
enum { INVENTORY, RELEASE, LETTER, SHEET, REPORT, PAPERS_KINDS };

// One of the papers that were issued, or a number near those: people mistake one for another.
static char *some_paper(struct sim *s, unsigned *kind)
{
    const uint64_t papers = s->work->papers;
    int year, month, day;
    *kind = work_pick(s, PAPERS_KINDS);
    if (papers > 0 && work_chance(s, 92)) {
        const unsigned one = work_pick(s, papers < WORK_PAPERS ? (unsigned)papers : WORK_PAPERS);
        *kind = s->work->paper_kinds[one];
        return s->work->paper_numbers[one];
    }
    lq_day_to_date(lq_day_of(s->now_ms), &year, &month, &day);
    return lq_arena_format(&s->scratch, "%s〔%d〕%u号", PAPERS[*kind].series, year,
                           1 + work_pick(s, 9));
}

static void serve(struct sim *s, char *number, unsigned kind);

static void keep_number(struct sim *s, struct sim_terminal *t, unsigned tag,
                        const struct sim_answered *a)
{
    (void)t;
    if (!a->accepted)
        return;
    const unsigned place = (unsigned)(s->work->papers++ % WORK_PAPERS);
    s->work->paper_kinds[place] = (unsigned char)tag;
    snprintf(s->work->paper_numbers[place], WORK_PAPER_NUMBER, "%s", a->number);
    if (tag >= LETTER && work_chance(s, 60)) // it is signed for at once
        serve(s, s->work->paper_numbers[place], tag);
}

static void send(struct sim *s, const char *who, unsigned paper, unsigned which,
                 const ProtobufCMessage *body)
{
    struct work_manner manner = {.occurred_ms = work_chance(s, 80) ? 0 : work_when(s),
                                 .tag = paper};
    if (which == LQ_BODY_ISSUE_PAPER)
        manner.done = keep_number;
    struct sim_terminal *t = work_person(s, who);
    t = work_hand(s, t, 15, 6, &manner);
    work_send(s, t, PAPERS[paper].service,
              lq_pb_variant_of(&s->scratch, PAPERS[paper].command, which, body), &manner);
}

// What it is about; NULL: there is nothing yet.
static char *thing_of(struct sim *s, unsigned kind)
{
    switch (kind) {
    case LETTER:
        return lq_unconst(work_premises(
            s, work_chance(s, 90) ? work_supervised(s) : work_pick(s, s->work->premises_count)));
    case SHEET:
        return s->work->frozen_shift[0] != '\0' ? s->work->frozen_shift : NULL;
    case REPORT:
        return s->work->bulletin[0] != '\0' ? s->work->bulletin : NULL;
    default:
        return work_some_item(s);
    }
}

static void issue(struct sim *s, unsigned kind, char *thing)
{
    Rules__IssuePaper c = RULES__ISSUE_PAPER__INIT;
    Rules__PaperField *of_release[] = {field(s, "decision", "献环查〔2015〕9号"),
                                       field(s, work_chance(s, 96) ? "ground" : "颜色", "已处理")};
    Rules__PaperField *of_letter[] = {
        field(s, "phone_1", "13800000001"), field(s, "监管员二电话", "13800000002"),
        field(s, "unit_1", "垒头乡"), field(s, "监管员二单位", "韩村镇")};
    unsigned other;
    c.kind = lq_unconst(PAPERS[kind].kind);
    c.of_kind = lq_unconst(PAPERS[kind].of_kind);
    c.of_number = thing;
    if (c.of_number == NULL)
        return;
    if ((kind == RELEASE || kind == LETTER) && work_chance(s, 90)) {
        c.fields = kind == RELEASE ? of_release : of_letter;
        c.n_fields = kind == RELEASE ? 2 : 4;
    }
    if (work_chance(s, 8))
        c.supersedes = some_paper(s, &other);
    if (work_chance(s, 2))
        c.number = lq_unconst("献环解〔2015〕1号");
    send(s, PAPERS[kind].who, kind, LQ_BODY_ISSUE_PAPER, &c.base);
}

void work_issue_paper(struct sim *s)
{
    const unsigned kind = work_chance(s, 40) ? RELEASE : INVENTORY;
    issue(s, kind, thing_of(s, kind));
}

void work_issue_sheet(struct sim *s)
{
    const unsigned kind = LETTER + work_pick(s, PAPERS_KINDS - LETTER);
    issue(s, kind, thing_of(s, kind));
}

void work_issue_letter(struct sim *s, unsigned premises)
{
    issue(s, LETTER, lq_unconst(work_premises(s, premises)));
}

static void serve(struct sim *s, char *number, unsigned kind)
{
    char *officers[] = {lq_unconst("O1"), lq_unconst(work_chance(s, 92) ? "L1" : "O1")};
    Rules__ServePaper c = RULES__SERVE_PAPER__INIT;
    c.number = number;
    c.how = work_chance(s, 95) ? RULES__SERVED_HOW__IN_PERSON : RULES__SERVED_HOW__POSTED;
    c.officers = officers;
    c.n_officers = 2;
    if (work_chance(s, 10) || kind >= LETTER)
        c.receipt = lq_unconst("EMS1");
    if (kind >= LETTER)
        c.n_officers = 0; // they are signed for
    send(s, kind < LETTER ? "L1" : PAPERS[kind].who, kind, LQ_BODY_SERVE_PAPER, &c.base);
}

void work_serve_paper(struct sim *s)
{
    unsigned kind;
    char *number = some_paper(s, &kind);
    serve(s, number, kind);
}

// ---------------------------------------------------------------- the bulletin of a week

static void report_signed(struct sim *s, struct sim_terminal *t, unsigned tag,
                          const struct sim_answered *a)
{
    (void)t, (void)tag;
    if (a->accepted && work_chance(s, 80))
        issue(s, REPORT, s->work->bulletin);
}

static void bulletin_published(struct sim *s, struct sim_terminal *t, unsigned tag,
                               const struct sim_answered *a)
{
    (void)t, (void)tag;
    Rules__TakeStep step = RULES__TAKE_STEP__INIT;
    Rules__Act act = RULES__ACT__INIT;
    const struct work_manner manner = {.done = report_signed};
    if (!a->accepted || strlen(a->number) >= WORK_PAPER_NUMBER)
        return;
    strcpy(s->work->bulletin, a->number);
    step.kind = lq_unconst("bulletin");
    step.number = s->work->bulletin;
    step.verb = work_chance(s, 85) ? RULES__VERB__SIGN : RULES__VERB__REFUSE;
    step.act = &act;
    act.note = lq_unconst(step.verb == RULES__VERB__REFUSE ? "缺数" : "");
    work_send(s, work_person(s, work_chance(s, 90) ? "CMD" : "CLERK"), "stats",
              lq_pb_variant_of(&s->scratch, &stats__command__descriptor,
                               STATS__COMMAND__BODY_TAKE_STEP, &step.base),
              &manner);
}

// Of the week of which most comes in on paper (work_issue_old_order), of one of the last, or of
// this one, which is not over.
void work_bulletin(struct sim *s)
{
    Stats__PublishBulletin c = STATS__PUBLISH_BULLETIN__INIT;
    const struct work_manner manner = {.done = bulletin_published};
    const int32_t back = work_chance(s, 70) ? 32 : 7 * (int32_t)work_pick(s, 3);
    const int32_t day = lq_day_of(s->now_ms) - back;
    const int32_t thursday = day - lq_weekday(day) + 3;
    int year, month, of_month;
    lq_day_to_date(thursday, &year, &month, &of_month);
    c.week = lq_arena_format(&s->scratch, "%04d-W%02d", year,
                             (thursday - lq_day_from_date(year, 1, 1)) / 7 + 1);
    work_send(s, work_chance(s, 90) ? work_person(s, "CLERK") : work_anybody(s), "stats",
              lq_pb_variant_of(&s->scratch, &stats__command__descriptor,
                               STATS__COMMAND__BODY_PUBLISH_BULLETIN, &c.base),
              &manner);
}
