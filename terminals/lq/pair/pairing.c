// What is typed before a device has asked confirms nothing: nobody has seen its number yet.
#include "lq/pair/pairing.h"

#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/clock.h"
#include "bus/worker/frames.h"
#include "bus/wire.h"
#include "language/language.h"
#include "lq/cli/cli.h"
#include "pair.pb-c.h"
#include "pb/pb.h"

enum { REGISTER_MS = 5000, POLL_MOST_MS = 1000 };
enum { FROM_LINK, FROM_TERMINAL, FROM_SIGNALS, SOURCES };

bool lq_pairing_register(struct lq_link *link)
{
    const int64_t until = lq_steady_ms() + REGISTER_MS;
    struct lq_link_message message;
    do {
        while (lq_link_next(link, &message))
            continue; // nobody knows of us yet
        if (lq_link_state(link) == LQ_LINK_UP || lq_link_state(link) == LQ_LINK_NAME_TAKEN)
            break;
        lq_link_wait(link, 100);
    } while (lq_steady_ms() < until);
    return lq_link_state(link) == LQ_LINK_UP;
}

// ---------------------------------------------------------------- the device

static void refuse(struct lq_pairing *p, const struct lq_link_message *message,
                   uint64_t correlation, Lq__Refusal__Why why, const char *text)
{
    uint8_t buffer[LQ_REFUSAL_SIZE];
    lq_link_answer(p->link, message->route,
                   lq_refusal_encode(buffer, correlation, why, false, "%-s", text));
}

static void answer_waiting(struct lq_pairing *p, const struct lq_link_message *message,
                           uint64_t correlation)
{
    Pair__Waiting waiting = PAIR__WAITING__INIT;
    waiting.badge = (char *)(uintptr_t)p->badge;
    waiting.name = (char *)(uintptr_t)p->name;
    waiting.device = (char *)(uintptr_t)p->device;
    waiting.left_ms = p->until_ms - lq_steady_ms();
    Pair__Answer body = PAIR__ANSWER__INIT;
    body.body_case = PAIR__ANSWER__BODY_WAITING;
    body.waiting = &waiting;
    const struct lq_span bytes = lq_pb_encode(p->arena, &body.base);
    const size_t size = bytes.size + LQ_ANSWER_AROUND;
    lq_link_answer(p->link, message->route,
                   lq_answer_encode(lq_arena_alloc(p->arena, size), size, correlation, bytes));
}

// The 32 bytes that the device sends; NULL: it sends something else.
static const uint8_t *read_key(struct lq_pairing *p, const struct lq_request_head *head)
{
    const char *why;
    if (head->kind != LQ__REQUEST__KIND_QUERY)
        return NULL;
    const Lq__Query *query =
        (const void *)lq_pb_decode(p->arena, &lq__query__descriptor, head->body, &why);
    if (query == NULL)
        return NULL;
    const Pair__Query *asks = (const void *)lq_pb_decode(
        p->arena, &pair__query__descriptor, lq_span(query->body.data, query->body.len), &why);
    if (asks == NULL || asks->body_case != PAIR__QUERY__BODY_ENROLL ||
        asks->enroll->public_key.len != LQ_KEY_BYTES)
        return NULL;
    // With a point of low order everybody would have the secret of the handshake.
    const uint8_t any[LQ_KEY_BYTES] = {1};
    uint8_t shared[LQ_KEY_BYTES];
    return crypto_scalarmult(shared, any, asks->enroll->public_key.data) == 0
               ? asks->enroll->public_key.data
               : NULL;
}

static void show_number(const struct lq_pairing *p)
{
    char number[LQ_PAIR_NUMBER];
    (void)tcflush(STDIN_FILENO, TCIFLUSH);
    printf(lq_tr("\nThe device shows:  %s\nIs that what stands on %s? [y/N] "),
           lq_pair_number(p->one_time.public_key, p->public_key, number), p->device);
    fflush(stdout);
}

static void take_key(struct lq_pairing *p, const struct lq_link_message *message,
                     uint64_t correlation, const uint8_t *key)
{
    if (p->asked && memcmp(p->public_key, key, LQ_KEY_BYTES) != 0) {
        if (!p->rival)
            printf(
                lq_tr("\nAnother device has asked with the same link: somebody else may have it. "
                      "Compare every digit, or say n. [y/N] "));
        fflush(stdout);
        p->rival = true;
        refuse(p, message, correlation, LQ__REFUSAL__WHY__NOT_PERMITTED,
               LQ_TR_LATER("another device has used this link before"));
        return;
    }
    answer_waiting(p, message, correlation);
    if (p->asked)
        return;
    memcpy(p->public_key, key, LQ_KEY_BYTES);
    p->asked = true;
    show_number(p);
}

static void take_request(struct lq_pairing *p, const struct lq_link_message *message)
{
    struct lq_request_head head;
    const char *wrong = lq_request_scan(message->bytes, &head);
    const uint8_t *key = wrong == NULL ? read_key(p, &head) : NULL;
    if (message->roles != 1u << LQ__ROLE__NEWCOMER || strcmp(message->actor, p->badge) != 0)
        refuse(p, message, head.correlation, LQ__REFUSAL__WHY__NOT_PERMITTED,
               LQ_TR_LATER("only the one-time key of this registration may ask this"));
    else if (key == NULL)
        refuse(p, message, head.correlation, LQ__REFUSAL__WHY__MALFORMED,
               LQ_TR_LATER("a device asks pair with its public key, 32 bytes"));
    else
        take_key(p, message, head.correlation, key);
}

// ---------------------------------------------------------------- the person

// A line, or what is left of one at the end of the input; false: there is nothing more.
static bool read_line(char *line, size_t room)
{
    const ssize_t size = read(STDIN_FILENO, line, room - 1);
    if (size <= 0)
        return false;
    line[size] = '\0';
    return true;
}

static enum lq_pairing_end take_line(const struct lq_pairing *p)
{
    char line[256];
    if (!read_line(line, sizeof line))
        return LQ_PAIRING_REFUSED;
    if (!p->asked) {
        printf("%s\n", lq_tr("No device has asked yet. (Ctrl-C ends this.)"));
        fflush(stdout);
        return LQ_PAIRING_GOES_ON;
    }
    return lq_cli_is_yes(line) ? LQ_PAIRING_CONFIRMED : LQ_PAIRING_REFUSED;
}

// ---------------------------------------------------------------- both

static enum lq_pairing_end step(struct lq_pairing *p)
{
    zmq_pollitem_t items[SOURCES] = {lq_link_item(p->link),
                                     {.fd = STDIN_FILENO, .events = ZMQ_POLLIN},
                                     {.fd = p->signals, .events = ZMQ_POLLIN}};
    const int64_t now_ms = lq_steady_ms(), due_ms = lq_link_due_ms(p->link) - now_ms;
    struct lq_link_message message;
    (void)lq_poll(items, SOURCES,
                  due_ms < 0              ? 0
                  : due_ms < POLL_MOST_MS ? (int)due_ms
                                          : POLL_MOST_MS);
    if ((items[FROM_SIGNALS].revents & ZMQ_POLLIN) != 0)
        return LQ_PAIRING_INTERRUPTED;
    const bool typed = (items[FROM_TERMINAL].revents & (ZMQ_POLLIN | ZMQ_POLLERR)) != 0;
    const enum lq_pairing_end end = typed ? take_line(p) : LQ_PAIRING_GOES_ON;
    if (end != LQ_PAIRING_GOES_ON)
        return end;
    while (lq_link_next(p->link, &message)) {
        take_request(p, &message);
        lq_arena_reset(p->arena);
    }
    if (lq_link_state(p->link) == LQ_LINK_OUSTED)
        return LQ_PAIRING_REPLACED;
    return lq_steady_ms() >= p->until_ms ? LQ_PAIRING_EXPIRED : LQ_PAIRING_GOES_ON;
}

enum lq_pairing_end lq_pairing_run(struct lq_pairing *p)
{
    enum lq_pairing_end end;
    do
        end = step(p);
    while (end == LQ_PAIRING_GOES_ON);
    return end;
}
