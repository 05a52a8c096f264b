// Who looks into the cases, and who looks at who has looked.
#include "pb/pb.h"
#include "sim/work.h"

static struct sim_terminal *reader(struct sim *s)
{
    static const char *const badges[] = {"LIA", "CLERK", "CMD", "INSP", "DESK1", "HEAD"};
    const unsigned count = sizeof badges / sizeof badges[0];
    return work_chance(s, 20) ? work_anybody(s) : work_person(s, badges[work_pick(s, count)]);
}

// A case with all its suspects, or one of these.
void work_read(struct sim *s)
{
    const struct sim_work *w = s->work;
    const unsigned known = w->suspect_count < WORK_KEPT ? w->suspect_count : WORK_KEPT;
    if (known == 0)
        return;
    const struct work_suspect *suspect = &w->suspects[work_pick(s, known)];
    Casefile__ShowCase show = CASEFILE__SHOW_CASE__INIT;
    Rules__ShowThing thing = RULES__SHOW_THING__INIT;
    Casefile__Query q = CASEFILE__QUERY__INIT;
    if (work_chance(s, 60)) {
        q.body_case = CASEFILE__QUERY__BODY_SHOW;
        q.show = &show;
        show.number = lq_unconst(suspect->of);
    } else {
        q.body_case = CASEFILE__QUERY__BODY_THING;
        q.thing = &thing;
        thing.kind = lq_unconst("suspect");
        thing.number = lq_unconst(suspect->number);
    }
    for (unsigned i = work_chance(s, 20) ? 3 : 1; i > 0; i--) // several of one step
        work_ask(s, reader(s), "casefile", &q.base);
}

void work_ask_readings(struct sim *s)
{
    Rules__AskReadings asked = RULES__ASK_READINGS__INIT;
    Casefile__Query q = CASEFILE__QUERY__INIT;
    q.body_case = CASEFILE__QUERY__BODY_READINGS;
    q.readings = &asked;
    asked.limit = work_pick(s, 20);
    if (work_chance(s, 30))
        asked.by = lq_unconst("LIA");
    if (work_chance(s, 30))
        asked.since_ms = s->now_ms - sim_between(&s->work_dice, 0, 3600 * 1000);
    work_ask(s, work_chance(s, 70) ? work_person(s, "INSP") : work_anybody(s), "casefile", &q.base);
}
