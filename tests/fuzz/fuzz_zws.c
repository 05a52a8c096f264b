// ZWS and ZMTP as lianqin-web turns one into the other. What the bus sends, or somebody in its
// place, comes out as the same messages however it is cut and however little room there is; what a
// browser sends is refused, or a frame from which the same message comes out again.
//
// Input: a byte that says whether the bus has greeted, one into how many bytes all is cut, one with
// the room, then the bytes of the bus; or, first byte odd, the messages of a browser as pieces.
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "web/host/zws.h"

enum { ROOM_MOST = 70 * 1024 };

struct heard {
    struct lq_buffer all; // each message: FLAG and body, and a byte 0xff behind it
    bool broken, within;
};

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    return 0;
}

// An empty buffer has no bytes to point at.
static struct lq_span span_of(const struct lq_buffer *buffer)
{
    return lq_buffer_size(buffer) > 0 ? lq_buffer_span(buffer) : lq_span("", 0);
}

static void note(struct heard *heard, const uint8_t *bytes, const struct zws_piece *piece)
{
    static const uint8_t end = 0xff;
    FUZZ_REQUIRE(piece->first == !heard->within);
    FUZZ_REQUIRE(!piece->first || (piece->size > 0 && bytes[0] <= ZWS_COMMAND));
    FUZZ_REQUIRE(piece->size > 0);
    lq_buffer_add(&heard->all, bytes, piece->size);
    if (piece->last)
        lq_buffer_add(&heard->all, &end, 1);
    heard->within = !piece->last;
}

static void hear(struct heard *heard, struct lq_span bytes, size_t cut, size_t room)
{
    static uint8_t out[ROOM_MOST];
    struct zws_reader reader = {0};
    struct lq_buffer in = {0};
    for (size_t at = 0; at < bytes.size && !heard->broken; at += cut) {
        const size_t left = bytes.size - at;
        struct zws_piece piece;
        enum zws_read read;
        lq_buffer_add(&in, bytes.data + at, left < cut ? left : cut);
        while ((read = zws_read(&reader, &in, out, room, &piece)) == ZWS_PIECE) {
            FUZZ_REQUIRE(piece.size <= room);
            note(heard, out, &piece);
        }
        heard->broken = read == ZWS_BROKEN;
    }
    lq_buffer_free(&in);
}

static void try_bus(struct fuzz_input *input, bool has_greeted)
{
    struct lq_buffer bytes = {0};
    struct heard whole = {0}, cut = {0};
    const size_t pieces = 1 + fuzz_byte(input), room = 2 + fuzz_byte(input);
    if (has_greeted)
        zws_greet(&bytes);
    const struct lq_span rest = fuzz_rest(input);
    if (rest.size > 0)
        lq_buffer_add(&bytes, rest.data, rest.size);
    const struct lq_span all = span_of(&bytes);
    hear(&whole, all, all.size + 1, ROOM_MOST);
    hear(&cut, all, pieces, room);
    FUZZ_REQUIRE(whole.broken == cut.broken && whole.within == cut.within);
    FUZZ_REQUIRE(lq_span_equal(span_of(&whole.all), span_of(&cut.all)));
    lq_buffer_free(&bytes);
    lq_buffer_free(&whole.all);
    lq_buffer_free(&cut.all);
}

static void try_browser(struct fuzz_input *input)
{
    static const uint8_t end = 0xff;
    struct lq_buffer to_bus = {0}, said = {0};
    struct heard heard = {0};
    zws_greet(&to_bus);
    while (input->left > 0) {
        const struct lq_span message = fuzz_piece(input);
        const size_t before = lq_buffer_size(&to_bus);
        if (!zws_frame(message, &to_bus)) {
            FUZZ_REQUIRE(lq_buffer_size(&to_bus) == before);
            continue;
        }
        lq_buffer_add(&said, message.data, message.size);
        lq_buffer_add(&said, &end, 1);
    }
    const struct lq_span all = span_of(&to_bus);
    hear(&heard, all, all.size, ROOM_MOST);
    FUZZ_REQUIRE(!heard.broken && !heard.within);
    FUZZ_REQUIRE(lq_span_equal(span_of(&said), span_of(&heard.all)));
    lq_buffer_free(&to_bus);
    lq_buffer_free(&said);
    lq_buffer_free(&heard.all);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    const uint8_t how = fuzz_byte(&input);
    if ((how & 1) != 0)
        try_browser(&input);
    else
        try_bus(&input, (how & 2) != 0);
    return 0;
}
