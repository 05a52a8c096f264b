// The network. Between a sender and a receiver a message may be lost, come twice, be late, or
// overtake another; on a line that is cut it is lost for certain.
#include "sim/sim.h"

const char *sim_peer_name(const struct sim *s, struct sim_peer peer)
{
    return peer.is_service ? s->nodes[peer.index].service->name : s->terminals[peer.index].badge;
}

bool sim_is_cut(const struct sim *s, struct sim_peer peer)
{
    const int64_t until =
        peer.is_service ? s->nodes[peer.index].cut_until_ms : s->terminals[peer.index].cut_until_ms;
    return s->now_ms < until;
}

static int64_t latency(struct sim *s)
{
    const struct sim_weather *w = &s->weather;
    if (s->calm)
        return 1;
    int64_t ms = 1;
    if ((w->faults & SIM_REORDER) != 0)
        ms = sim_between(&s->net_dice, 1, 30);
    if ((w->faults & SIM_DELAY) != 0 && sim_chance(&s->net_dice, w->delay)) {
        s->counts.delayed++;
        ms += sim_between(&s->net_dice, 100, w->delay_ms);
    }
    return ms;
}

static void send_one(struct sim *s, const struct sim_letter *letter, int64_t leaves_ms)
{
    const int64_t at_ms = leaves_ms + latency(s);
    struct sim_parcel *parcel = sim_plan(s, at_ms, letter->arrive, letter->bytes.size);
    parcel->peer = letter->peer;
    parcel->node = letter->node;
    parcel->life = letter->life;
    parcel->route = letter->route;
    parcel->number = letter->number;
    if (letter->bytes.size > 0)
        memcpy(parcel->bytes, letter->bytes.data, letter->bytes.size);
    s->counts.messages++;
}

void sim_send(struct sim *s, const struct sim_letter *letter, int64_t leaves_ms)
{
    sim_trace(s, letter->number * 64 + letter->peer.index, letter->bytes);
    const struct sim_weather *w = &s->weather;
    if (sim_is_cut(s, letter->peer)) {
        s->counts.lost++;
        SIM_TELL(s, "  the line is cut: %s", letter->what);
        return;
    }
    if (!s->calm && (w->faults & SIM_LOSS) != 0 && sim_chance(&s->net_dice, w->loss)) {
        s->counts.lost++;
        SIM_TELL(s, "  lost: %s", letter->what);
        return;
    }
    send_one(s, letter, leaves_ms);
    if (!s->calm && (w->faults & SIM_REPEAT) != 0 && sim_chance(&s->net_dice, w->repeat)) {
        s->counts.repeated++;
        SIM_TELL(s, "  comes twice: %s", letter->what);
        send_one(s, letter, leaves_ms);
    }
}
