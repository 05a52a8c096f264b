#include "lq/nouns/people.h"

enum { PAGE_ROWS = 500 };

static int ask(struct lq_cli *cli, Shift__People *people, const Shift__PeopleAnswer **out)
{
    Shift__Query query = SHIFT__QUERY__INIT;
    query.body_case = SHIFT__QUERY__BODY_PEOPLE;
    query.people = people;
    ProtobufCMessage *answer;
    const int code = lq_cli_query(cli, "shift", &query.base, &shift__answer__descriptor, &answer);
    if (code == LQ_EXIT_DONE)
        *out = ((const Shift__Answer *)answer)->people;
    return code;
}

int lq_person_find(struct lq_cli *cli, const char *badge, const Shift__Person **out)
{
    return lq_person_find_at(cli, badge, 0, out);
}

int lq_person_find_at(struct lq_cli *cli, const char *badge, int64_t at_ms,
                      const Shift__Person **out)
{
    Shift__People people = SHIFT__PEOPLE__INIT;
    const Shift__PeopleAnswer *found;
    people.badge = lq_arena_text(&cli->arena, badge);
    people.limit = 1;
    people.at_ms = at_ms;
    const int code = ask(cli, &people, &found);
    if (code == LQ_EXIT_DONE)
        *out = found->n_people == 1 ? found->people[0] : NULL;
    return code;
}

int lq_people_page(struct lq_cli *cli, const char *after, const Shift__PeopleAnswer **out)
{
    Shift__People people = SHIFT__PEOPLE__INIT;
    people.after = lq_arena_text(&cli->arena, after);
    people.limit = PAGE_ROWS;
    return ask(cli, &people, out);
}
