// What police did is told by the liaison of the case (domain.md 3): of ledgers that name nobody,
// the rows are entered on behalf of whoever handed the case over, as cases.csv has it, else the
// record. Versions of before entered them in the clerk's own name, so that they had other ids.
#include <stdlib.h>

#include "casefile.pb-c.h"
#include "lq/import/import.h"

// A case, and whose it is; "": nobody's that is known.
struct handed_over {
    const char *number, *badge;
};

struct liaisons {
    struct lq_import *import;
    struct handed_over *cases;
    size_t count, room;
};

static const char *note(struct liaisons *l, const char *number, const char *badge)
{
    if (l->count == l->room) {
        l->room = l->room == 0 ? 64 : 2 * l->room;
        l->cases = realloc(l->cases, l->room * sizeof *l->cases);
        LQ_ASSERT(l->cases != NULL);
    }
    l->cases[l->count++] = (struct handed_over){number, badge};
    return badge;
}

static void note_ledger(struct liaisons *l)
{
    for (size_t i = 0; i < l->import->count; i++) {
        const struct lq_import_row *row = &l->import->rows[i];
        if (strcmp(row->ledger->file, "cases.csv") == 0 && row->content.size > 0 &&
            row->on_behalf_of != NULL)
            note(l, lq_import_marked(row, LQ_MARK_NUMBER), row->on_behalf_of);
    }
}

static int ask(struct liaisons *l, const char *number, const char **badge)
{
    Casefile__ShowCase show = CASEFILE__SHOW_CASE__INIT;
    Casefile__Query query = CASEFILE__QUERY__INIT;
    show.number = lq_unconst(number);
    query.body_case = CASEFILE__QUERY__BODY_SHOW;
    query.show = &show;
    ProtobufCMessage *answer;
    const int code = lq_cli_query(l->import->cli, "casefile", &query.base,
                                  &casefile__answer__descriptor, &answer);
    if (code != LQ_EXIT_DONE)
        return code;
    const Casefile__Answer *told = (const void *)answer;
    const bool is_known =
        told->body_case == CASEFILE__ANSWER__BODY_FILE && told->file->case_row != NULL;
    *badge = note(l, number, is_known ? told->file->case_row->by : "");
    return code;
}

static int find(struct liaisons *l, const char *number, const char **badge)
{
    for (size_t i = 0; i < l->count; i++)
        if (strcmp(l->cases[i].number, number) == 0) {
            *badge = l->cases[i].badge;
            return LQ_EXIT_DONE;
        }
    return ask(l, number, badge);
}

// Whose act it was is part of what makes the row the one it is.
static void act_for(struct lq_arena *arena, struct lq_import_row *row, const char *badge)
{
    struct lq_import_earlier *earlier = LQ_NEW(arena, struct lq_import_earlier);
    *earlier =
        (struct lq_import_earlier){.content = row->content, .body = row->body, .on_behalf_of = ""};
    row->earlier = earlier;
    row->earlier_repeat = row->repeat;
    const size_t size = row->content.size, more = strlen(badge) + 1;
    char *content = lq_arena_alloc(arena, size + more);
    memcpy(content, row->content.data, size);
    memcpy(content + size, badge, more);
    row->content = lq_span(content, size + more);
    row->on_behalf_of = badge;
    lq_import_make_id(row);
}

static int find_all(struct liaisons *l)
{
    struct lq_arena *arena = &l->import->cli->arena;
    int code = LQ_EXIT_DONE;
    for (size_t i = 0; i < l->import->count && code == LQ_EXIT_DONE; i++) {
        struct lq_import_row *row = &l->import->rows[i];
        if (!row->ledger->by_liaison || row->state != LQ_ROW_WAITING)
            continue;
        const bool of_case = lq_ledger_marked(row->ledger, LQ_MARK_CASE) >= 0;
        const char *number = lq_import_marked(row, of_case ? LQ_MARK_CASE : LQ_MARK_ABOUT);
        const char *badge = "";
        code = find(l, number, &badge);
        if (code == LQ_EXIT_DONE && badge[0] == '\0')
            lq_import_refuse(row, lq_arena_format(arena,
                                                  lq_tr("case %s is neither in cases.csv nor "
                                                        "recorded: whose liaison tells of it?"),
                                                  number));
        else if (code == LQ_EXIT_DONE)
            act_for(arena, row, badge);
    }
    return code;
}

int lq_import_find_liaisons(struct lq_import *import)
{
    struct liaisons l = {.import = import};
    note_ledger(&l);
    const int code = find_all(&l);
    free(l.cases);
    return code;
}
