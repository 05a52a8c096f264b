// lq paper list.
#include "lq/nouns/paper.h"

#include "lq/cli/things.h"
#include "lq/show/absent.h"
#include "lq/show/list.h"
#include "lq/show/show.h"
#include "pb/build.h"
#include "pb/pb.h"
#include "rules/papers.h"

static void add_about(struct lq_output *output, const void *row)
{
    const Rules__Paper *paper = row;
    struct lq_arena arena = {0};
    lq_output_text(
        output, lq_arena_format(&arena, "%s %s", lq_thing_word(paper->of_kind), paper->of_number));
    lq_arena_free(&arena);
}

static const struct lq_column PAPERS[] = {
    LQ_COLUMN("PAPER", "文号", "number", .whole = true),
    LQ_COLUMN("TITLE", "名称", "title"),
    LQ_COLUMN("ABOUT", "对象", NULL, .cell = add_about, .whole = true),
    LQ_COLUMN("ISSUED", "制作", "issued_at_ms", .whole = true),
    LQ_COLUMN("SERVED", "送达", "served_at_ms", .whole = true),
    LQ_COLUMN("SUPERSEDED BY", "被替代", "superseded_by", .spare = true),
    {0},
};

static int gather(struct lq_cli *cli, const struct lq_service *service, Rules__ListPapers asked,
                  struct lq_list_rows *rows)
{
    Rules__ListPapers *query = LQ_NEW(&cli->arena, Rules__ListPapers);
    *query = asked;
    const struct lq_list list = {
        .service = service->name,
        .query = lq_pb_wrap(&cli->arena, service->query_type, "papers", &query->base),
        .answer = service->answer_type,
        .limit = (uint32_t)lq_given_number(cli, "--limit")};
    struct lq_list_rows some = {0};
    const int code = lq_list_gather(cli, &list, &some);
    for (size_t i = 0; i < some.count; i++)
        lq_list_add(cli, rows, some.rows[i]);
    rows->cut = rows->cut || some.cut;
    rows->type = some.type;
    return code;
}

// Says which kinds there are if it is none of them.
static int need_kind(struct lq_cli *cli, const char *kind)
{
    const struct lq_service *const *s = lq_services;
    Rules__ListPapers asked = RULES__LIST_PAPERS__INIT;
    ProtobufCMessage *answer;
    while (!lq_has_papers(*s))
        s++;
    asked.kind = lq_unconst(kind);
    asked.limit = 1;
    const int code = lq_cli_query(cli, (*s)->name,
                                  lq_pb_wrap(&cli->arena, (*s)->query_type, "papers", &asked.base),
                                  (*s)->answer_type, &answer);
    if (code != LQ_EXIT_DONE)
        return code;
    const Rules__PapersAnswer *told = (const void *)lq_pb_variant_message(answer);
    if (told->n_kinds == 0)
        return LQ_EXIT_DONE;
    return lq_absent_say(cli, lq_tr("kind of paper"), kind, (const char *const *)told->kinds,
                         told->n_kinds);
}

int lq_paper_list(struct lq_cli *cli)
{
    Rules__ListPapers asked = RULES__LIST_PAPERS__INIT;
    struct lq_list_rows rows = {0};
    struct lq_named_thing of = {0};
    const char *kind = lq_given_text(cli, "--of"), *number = lq_given_text(cli, "NUMBER");
    if ((kind != NULL) != (number != NULL))
        return lq_cli_usage(cli, "--of names a kind and a number: --of item I0126");
    if (kind != NULL && !lq_thing_typed(cli, kind, number, &of))
        return LQ_EXIT_USAGE;
    if (kind != NULL) {
        asked.of_kind = lq_unconst(of.thing->kind);
        asked.of_number = lq_unconst(of.number);
    }
    if (lq_given(cli, "--kind"))
        asked.kind = lq_unconst(lq_given_text(cli, "--kind"));
    asked.unserved = lq_given(cli, "--unserved");
    int code = lq_cli_connect(cli);
    for (const struct lq_service *const *s = lq_services; code == LQ_EXIT_DONE && *s != NULL; s++)
        if (lq_has_papers(*s) && (of.service == NULL || of.service == *s))
            code = gather(cli, *s, asked, &rows);
    if (code == LQ_EXIT_DONE && rows.count == 0 && *asked.kind != '\0')
        code = need_kind(cli, asked.kind);
    return code == LQ_EXIT_DONE ? lq_list_print(cli, &(struct lq_list){.columns = PAPERS}, &rows)
                                : code;
}
