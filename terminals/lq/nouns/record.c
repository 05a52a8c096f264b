// lq record STREAM#SEQ: the record behind a figure, as it stands in the journal: what happened, who
// said so, for whom and why, and when it was recorded.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "lq/nouns/nouns.h"
#include "lq/nouns/record.h"
#include "lq/show/show.h"
#include "lq/show/text.h"
#include "lq/show/words.h"
#include "pb/json.h"
#include "pb/pb.h"
#include "pb/reflect.h"
#include "rules/clocks.h"
#include "service/service.h"

// Takes "dispatch#4711" apart.
static const struct lq_service *read_place(struct lq_cli *cli, const char *text, uint64_t *seq)
{
    const char *mark = strrchr(text, '#');
    if (mark == NULL || mark == text)
        return NULL;
    const char *name = lq_arena_format(&cli->arena, "%.*s", (int)(mark - text), text);
    char *end;
    *seq = strtoull(mark + 1, &end, 10);
    return end != mark + 1 && *end == '\0' && *seq > 0 ? lq_service_typed(name) : NULL;
}

static int fetch_one(struct lq_cli *cli, const struct lq_service *service, uint64_t seq,
                     const Lq__Event **out)
{
    Lq__Fetch fetch = LQ__FETCH__INIT;
    fetch.after = seq - 1;
    fetch.max = 1;
    const Lq__Reply *reply;
    const enum lq_status status =
        lq_client_call_message(cli->client, service->name, &fetch.base, &reply);
    if (status != LQ_OK)
        return lq_cli_fault(status);
    if (reply->kind_case != LQ__REPLY__KIND_EVENTS) {
        if (reply->kind_case == LQ__REPLY__KIND_REFUSAL)
            return lq_cli_refused(reply->refusal);
        lq_cli_say("no events");
        return LQ_EXIT_REFUSED;
    }
    *out = reply->events->n_events == 1 && reply->events->events[0]->seq == seq
               ? reply->events->events[0]
               : NULL;
    return LQ_EXIT_DONE;
}

static const ProtobufCMessage *decode(struct lq_cli *cli, const struct lq_service *service,
                                      const Lq__Event *event, const char **why)
{
    return event == NULL ? NULL
                         : lq_pb_decode_within(&LQ_PB_REPLY, &cli->arena, service->event_type,
                                               lq_span(event->body.data, event->body.len), why);
}

// "SZ7 until 2015-09-14". What ends at midnight ends with the day before.
static const char *end_of(struct lq_cli *cli, const Rules__Clock *clock)
{
    char text[LQ_TIME_TEXT];
    const int32_t last_day = lq_day_of(clock->due_ms - 1);
    const size_t extensions = clock->n_extensions;
    const char *rule = extensions > 0 ? clock->extensions[extensions - 1]->rule : clock->rule;
    return lq_arena_format(&cli->arena, lq_tr("%s until %s"), rule,
                           lq_day_start_ms(last_day + 1) == clock->due_ms
                               ? lq_format_day(last_day, text)
                               : lq_format_local(clock->due_ms, text));
}

// Until when what begins or changes with the record runs; "": nothing does.
static const char *terms_of(struct lq_cli *cli, const ProtobufCMessage *body)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(body->descriptor, LQ_EVENT_CLOCKS);
    const char *text = "";
    for (size_t i = 0; field != NULL && i < lq_pb_count(body, field); i++) {
        const Rules__Clock *clock = (const void *)lq_pb_message_at(lq_pb_value(body, field, i));
        if (clock->due_ms != 0 && clock->stop_ms == 0 && !clock->voided)
            text = lq_arena_format(&cli->arena, "%s%s%s", text,
                                   *text == '\0' ? lq_tr("; terms: ") : lq_tr(", "),
                                   end_of(cli, clock));
    }
    return text;
}

void lq_record_about(struct lq_cli *cli, const char *stream, uint64_t seq)
{
    const struct lq_service *service = lq_service_named(stream);
    const Lq__Event *event = NULL;
    const char *why;
    const ProtobufCMessage *body = NULL;
    if (service != NULL && fetch_one(cli, service, seq, &event) == LQ_EXIT_DONE)
        body = decode(cli, service, event, &why);
    if (body == NULL || lq_pb_variant_message(body) == NULL)
        return;
    const char *line =
        lq_arena_format(&cli->arena, "  %s%s%s%s", lq_show_variant(body), lq_tr(": "),
                        lq_show_brief(cli, lq_pb_variant_message(body)), terms_of(cli, body));
    char *printable = lq_text_printable(line);
    fflush(stdout);
    fprintf(stderr, "%s\n", printable);
    free(printable);
}

json_t *lq_record_json(const struct lq_service *service, const Lq__Event *event,
                       const ProtobufCMessage *body)
{
    char when[LQ_TIME_TEXT];
    json_t *object = json_object();
    json_object_set_new(object, "stream", json_string(service->name));
    json_object_set_new(object, "seq", json_integer((json_int_t)event->seq));
    json_object_set_new(object, "occurred_at",
                        json_string(lq_format_instant(event->occurred_at_ms, when)));
    json_object_set_new(object, "recorded_at",
                        json_string(lq_format_instant(event->recorded_at_ms, when)));
    json_object_set_new(object, "actor", json_string(event->actor));
    json_object_set_new(object, "on_behalf_of", json_string(event->on_behalf_of));
    json_object_set_new(object, "reason", json_string(event->reason));
    json_object_set_new(object, "event", lq_pb_json(body));
    return object;
}

static void print_lines(struct lq_cli *cli, const struct lq_service *service,
                        const Lq__Event *event, const ProtobufCMessage *body)
{
    enum { WIDTH = 12 };
    char when[LQ_TIME_TEXT];
    lq_show_line(
        lq_tr("record"), WIDTH,
        lq_arena_format(&cli->arena, "%s#%llu", service->name, (unsigned long long)event->seq));
    lq_show_line(lq_tr("happened"), WIDTH, lq_format_local(event->occurred_at_ms, when));
    lq_show_line(lq_tr("recorded"), WIDTH, lq_format_local(event->recorded_at_ms, when));
    lq_show_line(lq_tr("by"), WIDTH, lq_show_doer(cli, event->actor));
    if (event->on_behalf_of[0] != '\0')
        lq_show_line(lq_tr("on behalf of"), WIDTH, event->on_behalf_of);
    if (event->reason[0] != '\0')
        lq_show_line(lq_tr("reason"), WIDTH, lq_show_reason(cli, event->reason));
    lq_show_line(lq_tr("what"), WIDTH, lq_show_variant(body));
    putchar('\n');
    const ProtobufCMessage *what = lq_pb_variant_message(body);
    lq_show_fields(cli, what != NULL ? what : body);
    lq_show_tables(cli, what != NULL ? what : body);
}

static int run_record(struct lq_cli *cli)
{
    uint64_t seq;
    const Lq__Event *event = NULL;
    const char *name = lq_given_text(cli, "STREAM#SEQ");
    const struct lq_service *service = read_place(cli, name, &seq);
    if (service == NULL)
        return lq_cli_usage(cli, "\"%s\" is not a record; one is named as dispatch#4711", name);
    int code = lq_cli_connect(cli);
    if (code == LQ_EXIT_DONE)
        code = fetch_one(cli, service, seq, &event);
    if (code != LQ_EXIT_DONE)
        return code;
    const char *why = lq_tr("there is none, it holds no event (a rejection), or it is not for you");
    const ProtobufCMessage *body = decode(cli, service, event, &why);
    if (body == NULL) {
        lq_cli_say("record %s: %s", name, why);
        return LQ_EXIT_REFUSED;
    }
    if (cli->format == LQ_FORMAT_JSON)
        lq_print_json(lq_record_json(service, event, body), false, stdout);
    else
        print_lines(cli, service, event, body);
    return LQ_EXIT_DONE;
}

static const struct lq_arg RECORD[] = {LQ_POSITION("STREAM#SEQ", NULL, LQ_MUST), {0}};

const struct lq_verb lq_record_verbs[] = {
    LQ_VERB("record", "", "the record behind a figure", "数字背后的记录", RECORD,
            .notes = {"lq stats records FIGURE names the records that a figure is made of.\n",
                      "lq stats records FIGURE 列出构成一个数字的记录。\n"},
            .run = run_record),
    {0},
};
