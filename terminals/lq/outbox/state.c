#include "lq/outbox/state.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "pb/pb.h"
#include "terminal.pb-c.h"

enum { STATE_LIMIT = 2 * 1024 * 1024, PEOPLE_MOST = 64 };

static const char *directory_of(struct lq_cli *cli)
{
    return lq_arena_format(&cli->arena, "%s/terminal/%s", cli->data, cli->as);
}

static const char *path_of(struct lq_cli *cli, const char *name)
{
    return lq_arena_format(&cli->arena, "%s/%s", directory_of(cli), name);
}

ProtobufCMessage *lq_state_get(struct lq_cli *cli, const char *name,
                               const ProtobufCMessageDescriptor *type)
{
    struct lq_span bytes;
    const char *why = NULL;
    if (lq_file_load(path_of(cli, name), STATE_LIMIT, &cli->arena, &bytes) != LQ_OK)
        return NULL;
    return lq_pb_decode_within(&LQ_PB_REPLY, &cli->arena, type, bytes, &why);
}

enum lq_status lq_state_write(struct lq_cli *cli, const char *name, const ProtobufCMessage *message)
{
    enum lq_status status = lq_make_directory(cli->data, 0700);
    if (status == LQ_OK)
        status = lq_make_directory(lq_arena_format(&cli->arena, "%s/terminal", cli->data), 0700);
    if (status == LQ_OK)
        status = lq_make_directory(directory_of(cli), 0700);
    if (status == LQ_OK)
        status = lq_file_replace(path_of(cli, name), lq_pb_encode(&cli->arena, message), 0600);
    return status;
}

void lq_state_put(struct lq_cli *cli, const char *name, const ProtobufCMessage *message)
{
    if (lq_state_write(cli, name, message) != LQ_OK)
        lq_cli_say("it is not remembered for when there is no signal: %s", lq_fault_text());
}

void lq_state_forget(struct lq_cli *cli, const char *name)
{
    (void)unlink(path_of(cli, name)); // it was not there, or is replaced next time
}

// ---------------------------------------------------------------- whose terminal

static const char *person_path(struct lq_cli *cli)
{
    return lq_arena_format(&cli->arena, "%s/terminal/person", cli->data);
}

const char *lq_terminal_person(struct lq_cli *cli)
{
    struct lq_span text;
    if (lq_file_load(person_path(cli), LQ_PB_IDENTIFIER_BYTES + 2, &cli->arena, &text) != LQ_OK)
        return NULL;
    const char *line =
        lq_arena_format(&cli->arena, "%.*s", (int)text.size, (const char *)text.data);
    return lq_arena_format(&cli->arena, "%.*s", (int)strcspn(line, "\r\n"), line);
}

enum lq_status lq_terminal_belongs_to(struct lq_cli *cli, const char *badge)
{
    const char *line = lq_arena_format(&cli->arena, "%s\n", badge);
    const enum lq_status status =
        lq_make_directory(lq_arena_format(&cli->arena, "%s/terminal", cli->data), 0700);
    return status == LQ_OK ? lq_file_replace(person_path(cli), lq_span_text(line), 0600) : status;
}

// ---------------------------------------------------------------- teams

static Terminal__People *people_of(struct lq_cli *cli)
{
    return (Terminal__People *)lq_state_get(cli, "people", &terminal__people__descriptor);
}

const char *lq_remembered_team(struct lq_cli *cli, const char *badge)
{
    const Terminal__People *known = people_of(cli);
    for (size_t i = 0; known != NULL && i < known->n_people; i++)
        if (strcmp(known->people[i]->badge, badge) == 0)
            return known->people[i]->team;
    return NULL;
}

void lq_remember_team(struct lq_cli *cli, const char *badge, const char *team)
{
    const char *before = lq_remembered_team(cli, badge);
    if (before != NULL && strcmp(before, team) == 0)
        return;
    const Terminal__People *known = people_of(cli);
    const size_t count = known != NULL ? known->n_people : 0;
    Terminal__People people = TERMINAL__PEOPLE__INIT;
    Terminal__Person person = TERMINAL__PERSON__INIT;
    people.people = LQ_NEW_ARRAY(&cli->arena, Terminal__Person *, count + 1);
    for (size_t i = count >= PEOPLE_MOST; i < count; i++)
        if (strcmp(known->people[i]->badge, badge) != 0)
            people.people[people.n_people++] = known->people[i];
    person.badge = lq_arena_text(&cli->arena, badge);
    person.team = lq_arena_text(&cli->arena, team);
    people.people[people.n_people++] = &person;
    lq_state_put(cli, "people", &people.base);
}
