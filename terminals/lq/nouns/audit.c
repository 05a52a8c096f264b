// lq audit: who has read what is not for everybody, of all services that have some
// (rules/reading.h).
#include <stdlib.h>
#include <string.h>

#include "lq/cli/arguments.h"
#include "lq/cli/things.h"
#include "lq/nouns/nouns.h"
#include "lq/nouns/people.h"
#include "lq/show/ask_all.h"
#include "lq/show/show.h"
#include "lq/show/words.h"
#include "pb/pb.h"
#include "rules/reading.h"

enum { SHOWN_USUALLY = 200 };

// ---------------------------------------------------------------- asking all services

static const ProtobufCMessage *page(struct lq_cli *cli, struct lq_asked *asked, const void *answer,
                                    const void *question)
{
    Rules__AskReadings *next = LQ_NEW(&cli->arena, Rules__AskReadings);
    *next = *(const Rules__AskReadings *)question;
    const Rules__ReadingsAnswer *told = answer;
    for (size_t i = 0; told != NULL && i < told->n_readings; i++)
        lq_list_add(cli, &asked->rows, &told->readings[i]->base);
    if (told != NULL && !told->more)
        return NULL;
    if (told != NULL) {
        next->since_ms = told->next_ms;
        next->after = told->next_after;
    }
    return lq_pb_variant_of(&cli->arena, asked->service->query_type, LQ_BODY_READING, &next->base);
}

static int by_time(const void *left, const void *right)
{
    const Rules__Reading *a = *(const Rules__Reading *const *)left,
                         *b = *(const Rules__Reading *const *)right;
    if (a->at_ms != b->at_ms)
        return a->at_ms < b->at_ms ? -1 : 1;
    const int service = strcmp(a->service, b->service);
    return service != 0 ? service : (a->record > b->record) - (a->record < b->record);
}

// *heard: somebody has answered, and what he told is shown though others have not.
static int gather(struct lq_cli *cli, const Rules__AskReadings *asked, struct lq_list_rows *rows,
                  bool *heard)
{
    struct lq_ask_all ask = {.takes = lq_has_readings, .page = page, .question = asked};
    const int code = lq_ask_all(cli, &ask);
    *heard = ask.heard > 0;
    lq_asked_rows(cli, &ask, rows);
    if (rows->count > 0)
        qsort(rows->rows, rows->count, sizeof *rows->rows, by_time);
    rows->type = &rules__reading__descriptor;
    return code;
}

// ---------------------------------------------------------------- the table

// The badges that occur, with names, so that each is asked for once.
struct readers {
    struct reader {
        const char *badge, *shown;
    } * all;
    size_t count;
};

static const char *reader_shown(struct lq_cli *cli, struct readers *readers, const char *badge)
{
    for (size_t i = 0; i < readers->count; i++)
        if (strcmp(readers->all[i].badge, badge) == 0)
            return readers->all[i].shown;
    const Shift__Person *person = NULL;
    const char *shown = badge;
    if (lq_person_find(cli, badge, &person) == LQ_EXIT_DONE && person != NULL)
        shown = lq_arena_format(&cli->arena, "%s %s", badge, person->name);
    readers->all[readers->count++] = (struct reader){badge, shown};
    return shown;
}

// The question, as the .proto words it; of events, which records told of them.
static const char *way_shown(struct lq_cli *cli, const Rules__Reading *reading)
{
    const struct lq_service *service = lq_service_named(reading->service);
    if (strcmp(reading->what, "events") != 0)
        return service != NULL ? lq_show_title(cli, service->query_type, reading->what)
                               : reading->what;
    return reading->first == reading->last
               ? lq_arena_format(&cli->arena, lq_tr("record %llu"),
                                 (unsigned long long)reading->first)
               : lq_arena_format(&cli->arena, lq_tr("records %llu to %llu"),
                                 (unsigned long long)reading->first,
                                 (unsigned long long)reading->last);
}

// "suspect X001, X002; detention D001"
static const char *things_shown(struct lq_cli *cli, const Rules__Reading *reading)
{
    const char *text = "", *kind = "";
    for (size_t i = 0; i < reading->n_of; i++) {
        const Rules__ReadThing *one = reading->of[i];
        if (strcmp(one->kind, kind) == 0)
            text = lq_arena_format(&cli->arena, "%s%s%s", text, lq_tr(", "), one->number);
        else
            text = lq_arena_format(&cli->arena, "%s%s%s %s", text, i > 0 ? lq_tr("; ") : "",
                                   lq_thing_word(one->kind), one->number);
        kind = one->kind;
    }
    return text;
}

static int print_table(struct lq_cli *cli, const struct lq_list_rows *rows)
{
    static const struct lq_column COLUMNS[] = {
        LQ_COLUMN("READ AT", "查阅时间", NULL, .key = "at", .whole = true),
        LQ_COLUMN("BY", "查阅人", NULL, .key = "by", .whole = true),
        LQ_COLUMN("ASKED FOR", "查阅方式", NULL, .key = "what"),
        LQ_COLUMN("TOLD OF", "查阅对象", NULL, .key = "of"),
        LQ_COLUMN("RECORD", "记录", NULL, .key = "record", .whole = true),
    };
    struct readers readers = {.all = LQ_NEW_ARRAY(&cli->arena, struct reader, rows->count + 1)};
    struct lq_output *output = lq_output_new(COLUMNS, sizeof COLUMNS / sizeof *COLUMNS);
    for (size_t i = 0; i < rows->count; i++) {
        const Rules__Reading *reading = (const void *)rows->rows[i];
        lq_output_minute(output, reading->at_ms);
        lq_output_text(output, reader_shown(cli, &readers, reading->by));
        lq_output_text(output, way_shown(cli, reading));
        lq_output_text(output, things_shown(cli, reading));
        lq_output_text(output, lq_arena_format(&cli->arena, "%s#%llu", reading->service,
                                               (unsigned long long)reading->record));
    }
    const int code = lq_cli_print(cli, output);
    if (rows->cut && !cli->quiet)
        lq_cli_say("there are earlier ones: these are the last %zu (--limit)", rows->count);
    return code;
}

// The last of them, where there are more.
static int print(struct lq_cli *cli, struct lq_list_rows *rows)
{
    const int64_t given = lq_given_number(cli, "--limit");
    const size_t most = given > 0 ? (size_t)given : SHOWN_USUALLY;
    if (cli->format != LQ_FORMAT_TABLE && given <= 0)
        return lq_list_print(cli, &(struct lq_list){.columns = NULL}, rows);
    if (rows->count > most) {
        rows->rows += rows->count - most;
        rows->count = most;
        rows->cut = true;
    }
    if (cli->format == LQ_FORMAT_TABLE)
        return print_table(cli, rows);
    return lq_list_print(cli, &(struct lq_list){.columns = NULL}, rows);
}

// ---------------------------------------------------------------- the verb

// "--of suspect X001", or "--of X001" of whatever kind.
static bool read_of(struct lq_cli *cli, Rules__AskReadings *asked)
{
    const char *of = lq_given_text(cli, "--of"), *number = lq_given_text(cli, "NUMBER");
    struct lq_named_thing thing;
    if (of == NULL || number == NULL) {
        asked->number = lq_unconst(of != NULL ? of : "");
        return number == NULL;
    }
    if (strcmp(of, "file") == 0 || strcmp(of, lq_thing_word("file")) == 0) {
        asked->kind = lq_unconst("file");
        asked->number = lq_unconst(number);
        return true;
    }
    if (!lq_thing_typed(cli, of, number, &thing))
        return false;
    asked->kind = lq_unconst(thing.thing->kind);
    asked->number = lq_unconst(thing.number);
    return true;
}

static int need_person(struct lq_cli *cli, const char *badge)
{
    const char *noun;
    if (!lq_number_is_unknown(cli, "shift", "badge", badge, &noun))
        return LQ_EXIT_DONE;
    lq_cli_fail("there is no %s %s", lq_tr(noun), badge);
    return LQ_EXIT_REFUSED;
}

static int run_audit(struct lq_cli *cli)
{
    Rules__AskReadings asked = RULES__ASK_READINGS__INIT;
    struct lq_list_rows rows = {0};
    const char *who = lq_given_text(cli, "--who");
    if (who != NULL)
        asked.by = lq_unconst(lq_number_typed(cli, "shift", "badge", who));
    asked.since_ms = lq_given_number(cli, "--since");
    if (lq_given_text(cli, "--of") == NULL && lq_given_text(cli, "NUMBER") != NULL)
        return lq_cli_usage(cli, "of what is told with --of KIND NUMBER, or --of NUMBER");
    if (!read_of(cli, &asked))
        return LQ_EXIT_USAGE;
    bool heard;
    int code = gather(cli, &asked, &rows, &heard);
    if (code == LQ_EXIT_DONE && rows.count == 0 && who != NULL)
        code = need_person(cli, asked.by);
    heard = heard && (code == LQ_EXIT_DONE || rows.count > 0);
    const int printed = heard ? print(cli, &rows) : code;
    return code != LQ_EXIT_DONE ? code : printed;
}

static const struct lq_arg AUDIT[] = {
    LQ_OPTION("--who", "BADGE", NULL, LQ_SHOWN, "only what this person has read", "只看此人查阅的"),
    LQ_OPTION("--of", "KIND", NULL, LQ_SHOWN,
              "only who has read of this one: suspect X001, or X001 alone",
              "只看对此对象的查阅：嫌疑人 X001，或只写 X001"),
    LQ_POSITION("NUMBER", NULL, LQ_MAY),
    LQ_OPTION("--since", "TIME", NULL, LQ_SHOWN, "since then", "自此时起", .kind = LQ_INSTANT),
    LQ_OPTION("--limit", "N", NULL, LQ_MAY, "the last so many (default: 200)",
              "最近几行（默认 200）", .kind = LQ_NUMBER),
    {0},
};

const struct lq_verb lq_audit_verbs[] = {
    LQ_VERB("audit", "", "who has read of suspects, detentions, tips, restricted files",
            "查阅记录：谁看过嫌疑人、移送拘留、举报和限制查阅的文件", AUDIT,
            .notes = {"  For the inspector. Each reading was recorded before it was answered.\n",
                      "  仅供督察。每次查阅都在答复之前已有记录。\n"},
            .run = run_audit),
    {0},
};
