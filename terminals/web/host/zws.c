#include "web/host/zws.h"

#include "bus/listen/zmtp_frame.h"

static const uint8_t SIGNATURE[10] = {0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f};
static const char MECHANISM[20] = "CURVE";

enum { VERSION_AT = 10, MECHANISM_AT = 12 };

void zws_greet(struct lq_buffer *to_bus)
{
    uint8_t greeting[LQ_ZMTP_GREETING] = {0};
    memcpy(greeting, SIGNATURE, sizeof SIGNATURE);
    greeting[VERSION_AT] = 3;
    memcpy(greeting + MECHANISM_AT, MECHANISM, sizeof MECHANISM);
    lq_buffer_add(to_bus, greeting, sizeof greeting);
}

bool zws_frame(struct lq_span message, struct lq_buffer *to_bus)
{
    static const uint8_t flags[] = {
        [ZWS_LAST] = 0, [ZWS_MORE] = LQ_ZMTP_MORE, [ZWS_COMMAND] = LQ_ZMTP_COMMAND};
    if (message.size == 0 || message.size > ZWS_MESSAGE_MOST || message.data[0] > ZWS_COMMAND)
        return false;
    const size_t size = message.size - 1;
    uint8_t *body = lq_zmtp_put_frame(to_bus, flags[message.data[0]], size);
    memcpy(body, message.data + 1, size);
    return true;
}

// The signature's padding is whatever the other side likes.
static bool is_greeting(const uint8_t *greeting)
{
    return greeting[0] == 0xff && greeting[9] == 0x7f && greeting[VERSION_AT] >= 3 &&
           memcmp(greeting + MECHANISM_AT, MECHANISM, sizeof MECHANISM) == 0;
}

// False where the frame is none. Writes FLAG where its head is whole.
static bool begin_frame(struct zws_reader *reader, struct lq_buffer *from_bus, uint8_t *flag)
{
    const struct lq_span bytes = lq_buffer_span(from_bus);
    const uint8_t flags = bytes.data[0], kind = flags & (uint8_t)~LQ_ZMTP_LONG;
    if (kind != 0 && kind != LQ_ZMTP_MORE && kind != LQ_ZMTP_COMMAND)
        return false;
    const size_t head = lq_zmtp_get_head(bytes, &reader->left);
    if (head == 0)
        return true;
    *flag = kind == LQ_ZMTP_COMMAND ? ZWS_COMMAND : kind == LQ_ZMTP_MORE ? ZWS_MORE : ZWS_LAST;
    from_bus->begin += head;
    reader->within = true;
    return true;
}

enum zws_read zws_read(struct zws_reader *reader, struct lq_buffer *from_bus, uint8_t *out,
                       size_t room, struct zws_piece *piece)
{
    if (!reader->greeted) {
        if (lq_buffer_size(from_bus) < LQ_ZMTP_GREETING)
            return ZWS_WAITS;
        if (!is_greeting(from_bus->bytes + from_bus->begin))
            return ZWS_BROKEN;
        from_bus->begin += LQ_ZMTP_GREETING;
        reader->greeted = true;
    }
    if (lq_buffer_size(from_bus) == 0)
        return ZWS_WAITS;
    *piece = (struct zws_piece){.first = !reader->within};
    if (piece->first) {
        if (!begin_frame(reader, from_bus, out))
            return ZWS_BROKEN;
        if (!reader->within)
            return ZWS_WAITS;
        piece->size = 1;
    }
    size_t size = lq_buffer_size(from_bus);
    size = size > room - piece->size ? room - piece->size : size;
    size = size > reader->left ? reader->left : size;
    if (size > 0)
        memcpy(out + piece->size, from_bus->bytes + from_bus->begin, size);
    from_bus->begin += size;
    reader->left -= size;
    piece->size += size;
    piece->last = reader->left == 0;
    reader->within = !piece->last;
    return ZWS_PIECE;
}
