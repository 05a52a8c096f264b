// The scanner of requests: it must agree with protobuf on what it takes, and take nothing that
// protobuf and it could read differently.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "bus/wire.h"
#include "bus/worker/frames.h"

static void a_request_is_read_as_protobuf_reads_it(void **state)
{
    (void)state;
    static const unsigned kinds[] = {4, 5, 6, 8};
    char service[] = "dispatch", stream[] = "shift";
    uint8_t body[] = "body", bytes[256];
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        const unsigned kind = kinds[i];
        Lq__Position position = LQ__POSITION__INIT, *seen[] = {&position, &position};
        position.stream = stream;
        position.seq = UINT64_MAX;
        Lq__Request request = LQ__REQUEST__INIT;
        request.correlation = UINT64_MAX - kind;
        request.service = service;
        request.n_seen = 2;
        request.seen = seen;
        request.kind_case = (Lq__Request__KindCase)kind;
        request.query.data = body;
        request.query.len = 4;
        const size_t size = lq__request__pack(&request, bytes);
        struct lq_request_head head;
        assert_null(lq_request_scan(lq_span(bytes, size), &head));
        assert_true(head.correlation == UINT64_MAX - kind);
        assert_true(lq_span_equal(head.service, lq_span_text("dispatch")));
        assert_int_equal(head.kind, kind);
        assert_true(lq_span_equal(head.body, lq_span_text("body")));
        for (size_t cut = 0; cut < size; cut++) // no prefix of it is a request
            assert_non_null(lq_request_scan(lq_span(bytes, cut), &head));
    }
}

// `after` stands between the members of the oneof, and is none of them.
static void after_goes_with_any_kind(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        unsigned kind;
    } cases[] = {
        {"\x12\x03"
         "bus\x22\x01x\x3a\x01y",
         11, 4},
        {"\x12\x03"
         "bus\x3a\x01y\x22\x01x",
         11, 4},
        {"\x12\x03"
         "bus\x3a\x01y\x42\x01x",
         11, 8},
        {"\x12\x03"
         "bus\x42\x01x\x3a\x01y",
         11, 8},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct lq_request_head head;
        assert_null(lq_request_scan(lq_span(cases[i].bytes, cases[i].size), &head));
        assert_int_equal(head.kind, cases[i].kind);
        assert_true(lq_span_equal(head.body, lq_span_text("x")));
    }
}

static const struct {
    const char *bytes;
    size_t size;
    const char *words;
} refused[] = {
    {"\x12\x03"
     "bus\x2a\x00\x12\x03"
     "law",
     12, "too often"},
    {"\x12\x03"
     "bus\x2a\x00\x22\x00",
     9, "too often"},
    {"\x12\x03"
     "bus\x22\x00\x42\x00",
     9, "too often"}, // a command and several
    {"\x12\x03"
     "bus\x42\x00\x22\x00",
     9, "too often"},
    {"\x12\x03"
     "bus\x42\x00\x42\x00",
     9, "too often"},
    {"\x12\x03"
     "bus\x3a\x00\x22\x00\x3a\x00",
     11, "too often"}, // `after` twice
    {"\x08\x01\x08\x02\x12\x03"
     "bus\x2a\x00",
     11, "too often"},
    {"\x0a\x01x\x12\x03"
     "bus\x2a\x00",
     10, "wrong type"},
    {"\x12\x03"
     "bus\x28\x00",
     7, "wrong type"},
    {"\x12\x03"
     "bus\x40\x00",
     7, "wrong type"},
    {"\x12\x03"
     "bus\x22\x00\x38\x01",
     9, "wrong type"}, // `after` as a number
    {"\x12\x03"
     "bus\x22\x00\x3d"
     "1234",
     12, "wrong type"},
    {"\x12\x03"
     "bus",
     5, "neither command"},
    {"\x12\x03"
     "bus\x3a\x00",
     7, "neither command"}, // `after` alone
    {"\x2a\x00", 2, "name a service"},
    {"\x12\x03"
     "Bus\x2a\x00",
     7, "name a service"},
    {"\x12\x04"
     "b\0us\x2a\x00",
     8, "name a service"},
    {"\x12\x03"
     "bus\x2b\x2c",
     7, "not a request"},             // a group
    {"\x02\x00", 2, "not a request"}, // field 0
    {"\x12\x03"
     "bus\x2a\x00\x07",
     8, "not a request"},
    {"\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 11, "not a request"},
};

static void what_could_be_read_in_two_ways_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct lq_request_head head;
        const char *wrong = lq_request_scan(lq_span(refused[i].bytes, refused[i].size), &head);
        assert_non_null(wrong);
        if (strstr(wrong, refused[i].words) == NULL)
            fail_msg("case %zu: \"%s\" does not say \"%s\"", i, wrong, refused[i].words);
    }
}

static void limits_hold(void **state)
{
    (void)state;
    uint8_t *bytes = calloc(1, LQ_REQUEST_LIMIT + 1);
    struct lq_request_head head;
    assert_non_null(strstr(lq_request_scan(lq_span(bytes, LQ_REQUEST_LIMIT + 1), &head), "64 KiB"));
    size_t size = 0;
    for (int i = 0; i <= LQ_SEEN_LIMIT; i++) {
        bytes[size++] = 0x1a;
        bytes[size++] = 0;
    }
    assert_non_null(strstr(lq_request_scan(lq_span(bytes, size), &head), "too often"));
    free(bytes);
}

// Noise that begins like a request: whatever is taken, protobuf takes too and reads alike.
static void noise_is_never_read_otherwise_than_protobuf_does(void **state)
{
    (void)state;
    srand(7);
    unsigned taken = 0;
    for (int i = 0; i < 200000; i++) {
        uint8_t bytes[40] = "\x12\x03"
                            "bus\x2a\x02\x0a\x00\x08\x05";
        size_t size = 11;
        for (int changes = rand() % 4; changes > 0; changes--)
            bytes[(size_t)rand() % size] = (uint8_t)rand();
        for (int more = rand() % 6; more > 0; more--)
            bytes[size++] = (uint8_t)rand();
        uint8_t *exact = malloc(size); // so that a read behind the end is seen
        memcpy(exact, bytes, size);
        struct lq_request_head head;
        if (lq_request_scan(lq_span(exact, size), &head) == NULL) {
            Lq__Request *request = lq__request__unpack(NULL, size, exact);
            if (request != NULL) { // else `seen` holds what is no position: the service refuses it
                taken++;
                assert_true(request->correlation == head.correlation);
                assert_true(lq_span_equal(lq_span_text(request->service), head.service));
                assert_int_equal(request->kind_case, head.kind);
                assert_true(
                    lq_span_equal(lq_span(request->query.data, request->query.len), head.body));
                lq__request__free_unpacked(request, NULL);
            }
        }
        free(exact);
    }
    assert_true(taken > 1000);
}

static void a_long_refusal_is_cut(void **state)
{
    (void)state;
    uint8_t buffer[LQ_REFUSAL_SIZE];
    char text[2 * LQ_REFUSAL_TEXT];
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    const struct lq_span bytes =
        lq_refusal_encode(buffer, UINT64_MAX, LQ__REFUSAL__WHY__MALFORMED, true, "%s", text);
    Lq__Reply *reply = lq__reply__unpack(NULL, bytes.size, bytes.data);
    assert_non_null(reply);
    assert_true(reply->correlation == UINT64_MAX);
    assert_int_equal(strlen(reply->refusal->text), LQ_REFUSAL_TEXT - 1);
    lq__reply__free_unpacked(reply, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_read_as_protobuf_reads_it),
        cmocka_unit_test(after_goes_with_any_kind),
        cmocka_unit_test(what_could_be_read_in_two_ways_is_refused),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(noise_is_never_read_otherwise_than_protobuf_does),
        cmocka_unit_test(a_long_refusal_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
