// Cameras, from the reports of the gateway alone: what a channel is follows from the bits of each
// report and from when the last one was; what the service says of it must be that.
#include "sim/audit_parts.h"

typedef unsigned long long number;

// As in services/monitor: after so long nothing is known any more.
static const int64_t SILENCE_MS = 2 * 60000LL;
// A clock may jump ahead by a quarter of an hour; a process sees that when it wakes next.
static const int64_t NOTICED_MS = 2 * 60000LL + 15 * 60000LL + 120000;

enum { NEVER, LIVE, SILENT, RETIRED, VOID };

struct channel {
    unsigned state;
    uint32_t bit;
    int64_t since_ms;
    char *premises;
    bool voluntary, unheard;
};

static struct channel *channel_of(struct audit *a, const struct audit_fact *fact, const char *name)
{
    struct channel *c = audit_find_text(&a->channels, name);
    AUDIT(c != NULL, "monitor", "record %llu of monitor is of no channel", (number)fact->r->seq);
    return c;
}

static void registered(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Monitor__ChannelRegistered *e = body;
    AUDIT(audit_find_text(&a->channels, e->channel) == NULL, "monitor",
          "channel %s is registered twice", e->channel);
    AUDIT(audit_find_text(&fact->stream->premises, e->premises) != NULL, "monitor",
          "channel %s is of no premises", e->channel);
    AUDIT(e->bit == a->gateway.bits, "monitor", "channel %s gets bit %u, the next is %u",
          e->channel, e->bit, a->gateway.bits);
    AUDIT(strchr(e->address, '@') == NULL, "monitor", "channel %s tells a password", e->channel);
    a->gateway.bits++;
    *(struct channel *)audit_put_text(a, &a->channels, sizeof(struct channel), e->channel) =
        (struct channel){.bit = e->bit,
                         .since_ms = fact->r->occurred_at_ms,
                         .premises = e->premises,
                         .voluntary = e->voluntary};
}

static bool is_named(const Monitor__Alive *report, const char *name)
{
    for (size_t i = 0; i < report->n_channels; i++)
        if (strcmp(report->channels[i], name) == 0)
            return true;
    return false;
}

static bool has_bit(const ProtobufCBinaryData *bits, uint32_t bit)
{
    return bit / 8 < bits->len && (bits->data[bit / 8] >> bit % 8 & 1) != 0;
}

// What has changed stands before it, in the same command.
static void heard(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Monitor__AliveHeard *e = body;
    const int64_t at_ms = fact->r->occurred_at_ms, last_ms = a->gateway.last_ms;
    const Monitor__Alive *report =
        ((const Monitor__Command *)(const void *)fact->command->body)->alive;
    uint32_t count = 0;
    AUDIT(at_ms > last_ms && fact->r->recorded_at_ms - at_ms <= SILENCE_MS, "monitor",
          "record %llu of monitor is a report of %lld, after %lld", (number)fact->r->seq,
          (long long)at_ms, (long long)last_ms);
    AUDIT(last_ms == 0 || at_ms - last_ms <= SILENCE_MS || a->gateway.silent, "monitor",
          "record %llu of monitor: nobody has noticed that the gateway was silent",
          (number)fact->r->seq);
    for (const struct audit_entry *entry = a->channels.first; entry != NULL; entry = entry->next) {
        const struct channel *c = entry->value;
        const bool bit = has_bit(&e->answered, c->bit);
        count += bit;
        AUDIT(bit == (c->state < RETIRED && is_named(report, (const char *)entry->key)), "monitor",
              "record %llu of monitor has another answer of %s than the report",
              (number)fact->r->seq, entry->key);
        AUDIT((c->state == LIVE) == (bit && (c->state == LIVE || c->since_ms <= at_ms)), "monitor",
              "record %llu of monitor: channel %s is in state %u, and its bit %d",
              (number)fact->r->seq, entry->key, c->state, bit);
    }
    AUDIT(count == e->count, "monitor", "record %llu of monitor counts %u answers of %u",
          (number)fact->r->seq, e->count, count);
    a->gateway.last_ms = at_ms;
    a->gateway.silent = false;
}

static void live(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Monitor__ChannelLive *e = body;
    struct channel *c = channel_of(a, fact, e->channel);
    AUDIT((c->state == NEVER || c->state == SILENT) && e->since_ms == fact->r->occurred_at_ms &&
              e->since_ms >= c->since_ms && strcmp(e->premises, c->premises) == 0,
          "monitor", "record %llu of monitor: %s is live from %lld on, from state %u",
          (number)fact->r->seq, e->channel, (long long)e->since_ms, c->state);
    c->state = LIVE;
    c->since_ms = e->since_ms;
}

static void silent(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Monitor__ChannelSilent *e = body;
    struct channel *c = channel_of(a, fact, e->channel);
    AUDIT(c->state == LIVE && e->since_ms == a->gateway.last_ms &&
              strcmp(e->premises, c->premises) == 0 && (!e->unheard || a->gateway.silent),
          "monitor",
          "record %llu of monitor: %s is silent from %lld on; the last report is of %lld",
          (number)fact->r->seq, e->channel, (long long)e->since_ms, (long long)a->gateway.last_ms);
    c->state = SILENT;
    c->since_ms = e->since_ms;
    c->unheard = e->unheard;
}

static void gateway_silent(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Monitor__GatewaySilent *e = body;
    AUDIT(!a->gateway.silent && e->since_ms == a->gateway.last_ms &&
              fact->r->occurred_at_ms - e->since_ms >= SILENCE_MS,
          "monitor", "record %llu of monitor says the gateway is silent from %lld on",
          (number)fact->r->seq, (long long)e->since_ms);
    a->gateway.silent = true;
}

static void retired(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Monitor__ChannelRetired *e = body;
    struct channel *c = channel_of(a, fact, e->channel);
    AUDIT(c->state < RETIRED && e->since_ms == fact->r->occurred_at_ms &&
              e->since_ms >= (c->state == LIVE ? a->gateway.last_ms : c->since_ms),
          "monitor", "record %llu of monitor retires %s before what is known of it",
          (number)fact->r->seq, e->channel);
    c->state = RETIRED;
    c->since_ms = e->since_ms;
}

// Only what was never heard of can be a mistake.
static void voided(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Rules__Voided *e = body;
    struct channel *c = channel_of(a, fact, e->number);
    AUDIT(c->state == NEVER, "correction", "record %llu of monitor voids %s, which is in state %u",
          (number)fact->r->seq, e->number, c->state);
    AUDIT(fact->r->reason[0] != '\0', "correction",
          "record %llu of monitor voids %s and does not say why", (number)fact->r->seq, e->number);
    c->state = VOID;
    c->since_ms = fact->r->occurred_at_ms;
}

// A call is made where the mark behind which it stands is told to the desk.
static void called(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Rules__Called *e = body;
    const struct channel *c = channel_of(a, fact, e->number);
    AUDIT(c->state == SILENT && !c->voluntary && strcmp(e->premises, c->premises) == 0, "monitor",
          "record %llu of monitor calls a team to %s, which is in state %u", (number)fact->r->seq,
          e->number, c->state);
}

static void premises_noted(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Ledger__PremisesNote *note = body;
    audit_put_text(a, &fact->stream->premises, sizeof(struct audit_premises), note->number);
    audit_take_effect(a, fact, "ledger", audit_premises_digest(note->number, "", 0));
}

static void pair_noted(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Monitor__PairChange *note = body;
    audit_take_effect(a, fact, "ledger", audit_pair_digest(note->premises, note->comes->number));
}

const struct audit_event_row audit_monitor_events[] = {
    {MONITOR__EVENT__BODY_CHANNEL_REGISTERED, registered},
    {MONITOR__EVENT__BODY_CHANNEL_LIVE, live},
    {MONITOR__EVENT__BODY_CHANNEL_SILENT, silent},
    {MONITOR__EVENT__BODY_CHANNEL_RETIRED, retired},
    {MONITOR__EVENT__BODY_ALIVE_HEARD, heard},
    {MONITOR__EVENT__BODY_GATEWAY_SILENT, gateway_silent},
    {MONITOR__EVENT__BODY_VOIDED, voided},
    {MONITOR__EVENT__BODY_CALLED, called},
    {MONITOR__EVENT__BODY_PERSON_NOTED, audit_person_noted},
    {MONITOR__EVENT__BODY_SHIFT_NOTED, audit_shift_noted},
    {MONITOR__EVENT__BODY_PREMISES_NOTED, premises_noted},
    {MONITOR__EVENT__BODY_PAIR_NOTED, pair_noted},
    {MONITOR__EVENT__BODY_CLOCK_RANG, NULL}, // its terms: below
    {MONITOR__EVENT__BODY_CLOCK_TAKEN, NULL},
    {MONITOR__EVENT__BODY_CLOCKS_RECOUNTED, NULL},
    {MONITOR__EVENT__BODY_ATTACHED, NULL},
    {MONITOR__EVENT__BODY_CORRECTED, NULL},
    {0},
};

// ---------------------------------------------------------------- what ledger and fund note

// What the event says of a channel; false: nothing.
bool audit_camera_said(struct audit *a, const Monitor__Event *e, Ledger__CameraNote *out)
{
    ledger__camera_note__init(out);
    if (e->body_case == MONITOR__EVENT__BODY_CHANNEL_REGISTERED) {
        out->channel = e->channel_registered->channel;
        out->premises = e->channel_registered->premises;
    } else if (e->body_case == MONITOR__EVENT__BODY_CHANNEL_LIVE) {
        out->channel = e->channel_live->channel;
        out->premises = e->channel_live->premises;
        out->live_since_ms = e->channel_live->since_ms;
    } else if (e->body_case == MONITOR__EVENT__BODY_CHANNEL_SILENT) {
        out->channel = e->channel_silent->channel;
        out->premises = e->channel_silent->premises;
        out->silent_since_ms = e->channel_silent->since_ms;
    } else if (e->body_case == MONITOR__EVENT__BODY_CHANNEL_RETIRED) {
        out->channel = e->channel_retired->channel;
        out->premises = e->channel_retired->premises;
        out->retired = true;
    } else if (e->body_case == MONITOR__EVENT__BODY_VOIDED) {
        const struct channel *c = audit_find_text(&a->channels, e->voided->number);
        out->channel = e->voided->number;
        if (c != NULL)
            out->premises = c->premises;
        out->voided = true;
    }
    return out->channel[0] != '\0';
}

void audit_camera_noted(struct audit *a, const struct audit_fact *fact, const void *body)
{
    const Ledger__CameraNote *note = body;
    audit_take_effect(a, fact, "monitor", audit_camera_digest(note));
}

// ---------------------------------------------------------------- terms

// A silence that is over as soon as it is known has no term: the gateway's, told by its next
// report.
static void fell_silent(struct audit_carried *k, const void *body)
{
    const Monitor__ChannelSilent *silent = body;
    const bool is_over = silent->unheard && k->fact->command->sent != NULL;
    if (is_over || !audit_is_required(k->a, silent->channel))
        return;
    Rules__Clock *c = audit_clock_begin(k, "channel", silent->channel, "OP-VIDEO", "");
    if (c == NULL)
        return;
    c->start_ms = silent->since_ms;
    c->owner = k->told_count > 0 ? k->told[0]->owner : c->owner; // the two of then: audit_rings.c
    audit_count_term(k->a, c, k->fact);
}

static void spoke(struct audit_carried *k, const void *body)
{
    const Monitor__ChannelLive *e = body;
    audit_clock_stop(k, "channel", e->channel, "OP-VIDEO", e->since_ms);
}

static void gone(struct audit_carried *k, const void *body)
{
    const Monitor__ChannelRetired *e = body;
    audit_clock_stop(k, "channel", e->channel, "OP-VIDEO", e->since_ms);
}

const struct audit_term_row audit_monitor_terms[] = {
    {MONITOR__EVENT__BODY_CHANNEL_SILENT, fell_silent},
    {MONITOR__EVENT__BODY_CHANNEL_LIVE, spoke},
    {MONITOR__EVENT__BODY_CHANNEL_RETIRED, gone},
    {MONITOR__EVENT__BODY_CLOCK_RANG, audit_clock_rang},
    {MONITOR__EVENT__BODY_CLOCK_TAKEN, audit_clock_taken},
    {0},
};

// ---------------------------------------------------------------- questions of other parts

bool audit_is_required(struct audit *a, const char *name)
{
    const struct channel *c = audit_find_text(&a->channels, name);
    return c != NULL && !c->voluntary;
}

// Two minutes after its last report somebody has noticed it, and nothing is live any more.
void audit_gateway_quiet(struct audit *a, const struct audit_stream *stream, int64_t now_ms)
{
    if (strcmp(stream->name, "monitor") != 0 || a->gateway.last_ms == 0)
        return;
    AUDIT(a->gateway.silent || now_ms - a->gateway.last_ms <= NOTICED_MS, "timer",
          "nothing was heard of the gateway since %lld, and nobody has noticed",
          (long long)a->gateway.last_ms);
    for (const struct audit_entry *e = a->channels.first; e != NULL; e = e->next)
        AUDIT(!a->gateway.silent || ((struct channel *)e->value)->state != LIVE, "monitor",
              "channel %s is live, and the gateway silent", e->key);
}

bool audit_report_is(const struct audit *a, int64_t at_ms, int64_t now_ms, const char *code)
{
    if (strcmp(code, "REPORT_REPEATED") == 0)
        return at_ms == a->gateway.last_ms;
    if (strcmp(code, "REPORT_OUT_OF_ORDER") == 0)
        return at_ms < a->gateway.last_ms;
    return now_ms - at_ms > SILENCE_MS;
}
