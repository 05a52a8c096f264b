// Writes inputs to begin with into DIRECTORY/<target>/: messages of the campaign as its ledgers
// give them (LEDGERS is configs/xian), records of a random life, the files of configs/. README.md
// says what is then done with them.
//
//     fuzz_seeds LEDGERS CONFIGS DIRECTORY
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "contract/world.h"
#include "fuzz.h"
#include "pipe_say.h"
#include "lq/import/import.h"
#include "pb/pb.h"

enum { ROOM = 65536, ROWS_OF_EACH = 3, STEPS = 400 };

static const char *directory;
static unsigned count;

struct seed {
    uint8_t bytes[ROOM];
    size_t size;
};

static struct seed seed;

static void put(const void *data, size_t size)
{
    FUZZ_REQUIRE(seed.size + size <= ROOM);
    if (size > 0)
        memcpy(seed.bytes + seed.size, data, size);
    seed.size += size;
}

static void put_byte(unsigned byte)
{
    const uint8_t b = (uint8_t)byte;
    put(&b, 1);
}

static void put_choice(const char *name)
{
    const uint16_t choice = fuzz_choice_of(name);
    put_byte(choice >> 8);
    put_byte(choice & 0xff);
}

static void put_piece(struct lq_span piece)
{
    put_byte((unsigned)(piece.size >> 8));
    put_byte(piece.size & 0xff);
    put(piece.data, piece.size);
}

// Writes what was put for that target, and begins anew.
static void end(const char *target)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", directory, target);
    mkdir(path, 0755);
    snprintf(path, sizeof path, "%s/%s/seed-%05u", directory, target, count++);
    FILE *file = fopen(path, "we");
    FUZZ_REQUIRE(file != NULL && fwrite(seed.bytes, 1, seed.size, file) == seed.size);
    FUZZ_REQUIRE(fclose(file) == 0);
    seed.size = 0;
}

// ---------------------------------------------------------------- messages

static void seed_message(const ProtobufCMessageDescriptor *type, unsigned limits,
                         struct lq_span bytes)
{
    if (bytes.size > ROOM / 2)
        return;
    put_choice(type->name);
    put_byte(limits);
    put(bytes.data, bytes.size);
    end("message");
}

static ProtobufCBinaryData binary(struct lq_span bytes)
{
    return (ProtobufCBinaryData){.len = bytes.size, .data = lq_unconst(bytes.data)};
}

static struct lq_span command_of(struct lq_arena *arena, const struct lq_import_row *row)
{
    Lq__Command command = LQ__COMMAND__INIT;
    command.id = binary(lq_span(row->id.bytes, LQ_ID_SIZE));
    command.on_behalf_of = lq_arena_text(arena, row->on_behalf_of);
    command.occurred_at_ms = row->occurred_ms;
    command.body = binary(row->body);
    return lq_pb_encode(arena, &command.base);
}

static void seed_row(struct lq_arena *arena, const struct lq_import_row *row)
{
    char stream[] = "dispatch";
    const struct lq_service *service = lq_service_named(row->ledger->service);
    Lq__Position position = LQ__POSITION__INIT, *seen = &position;
    position.stream = stream;
    position.seq = 7;
    const struct lq_span command_bytes = command_of(arena, row);
    Lq__Request request = LQ__REQUEST__INIT;
    request.correlation = 77;
    request.service = lq_arena_text(arena, service->name);
    request.seen = &seen;
    request.n_seen = 1;
    request.kind_case = LQ__REQUEST__KIND_COMMAND;
    request.command = binary(command_bytes);
    const struct lq_span request_bytes = lq_pb_encode(arena, &request.base);

    seed_message(service->command_type, 0, row->body);
    seed_message(&lq__command__descriptor, 0, command_bytes);
    seed_message(&lq__request__descriptor, 0, request_bytes);
    put_byte(0);
    put(request_bytes.data, request_bytes.size);
    end("envelope");
    put_choice(service->name);
    put_byte(0);
    put_byte(1);
    put_piece(request_bytes);
    put_byte(2);
    put_byte(1);
    put_piece(row->body);
    end("host");
    put_byte(1); // as a terminal, one frame
    put_byte(0);
    put_piece(request_bytes);
    end("frames");
    put_byte(4);
    put_byte(0);
    put_piece(request_bytes);
    end("handshake");
}

// Some rows of one ledger.
struct few {
    const struct lq_import_row *rows[ROWS_OF_EACH];
    unsigned count;
};

static struct lq_span commands_of(struct lq_arena *arena, const struct few *few)
{
    ProtobufCBinaryData list[ROWS_OF_EACH];
    Lq__Commands commands = LQ__COMMANDS__INIT;
    commands.commands = list;
    for (unsigned i = 0; i < few->count; i++)
        list[commands.n_commands++] = binary(command_of(arena, few->rows[i]));
    return lq_pb_encode(arena, &commands.base);
}

// A step of fuzz_host.c: these rows as new commands, and the last of them twice.
static void put_together(const struct few *few, unsigned roles, unsigned how)
{
    size_t size = 2;
    for (unsigned i = 0; i < few->count; i++)
        size += 3 + few->rows[i]->body.size;
    put_byte(3);
    put_byte(roles);
    put_byte((unsigned)(size >> 8));
    put_byte(size & 0xff);
    put_byte(how);
    for (unsigned i = 0; i < few->count; i++) {
        put_byte(0);
        put_piece(few->rows[i]->body);
    }
    put_byte(2);
}

static void seed_few(struct lq_arena *arena, const struct few *few)
{
    enum { AFTER_ONE_OF_BEFORE = 1, AFTER_NONE_THERE_IS = 1 + (31 << 3), NOT_A_LEAD = 1 };
    const char *name = few->rows[0]->ledger->service;
    Lq__Request request = LQ__REQUEST__INIT;
    request.correlation = 78;
    request.service = lq_arena_text(arena, name);
    request.after = binary(lq_span(few->rows[0]->id.bytes, LQ_ID_SIZE));
    request.kind_case = LQ__REQUEST__KIND_COMMANDS;
    request.commands = binary(commands_of(arena, few));
    const struct lq_span with_after = lq_pb_encode(arena, &request.base);
    request.after.len = 0;
    const struct lq_span request_bytes = lq_pb_encode(arena, &request.base);

    seed_message(&lq__request__descriptor, 0, with_after);
    put_byte(0);
    put(with_after.data, with_after.size);
    end("envelope");
    put_choice(name);
    put_byte(0);
    put_byte(NOT_A_LEAD);
    put_piece(with_after); // after its own first: undecided
    put_byte(0);
    put_byte(NOT_A_LEAD);
    put_piece(request_bytes);
    end("host");
    put_choice(name);
    put_together(few, NOT_A_LEAD, AFTER_NONE_THERE_IS);
    put_together(few, NOT_A_LEAD, 0);
    put_together(few, 0, AFTER_ONE_OF_BEFORE);
    end("host");
}

static void seed_ledgers(const char *ledgers)
{
    struct lq_cli cli = {0};
    struct lq_import import = {.cli = &cli, .directory = ledgers};
    struct few taken[LQ_LEDGERS_MAX] = {0};
    FUZZ_REQUIRE(lq_import_read(&import) == LQ_OK);
    for (size_t i = 0; i < import.count; i++) {
        struct few *few = &taken[import.rows[i].ledger - lq_ledgers];
        if (import.rows[i].state != LQ_ROW_WAITING || few->count == ROWS_OF_EACH)
            continue;
        few->rows[few->count++] = &import.rows[i];
        seed_row(&cli.arena, &import.rows[i]);
    }
    for (unsigned i = 0; i < LQ_LEDGERS_MAX; i++)
        if (taken[i].count > 0)
            seed_few(&cli.arena, &taken[i]);
    lq_import_free(&import);
    lq_arena_free(&cli.arena);
}

// The first lines of each file, as they stand.
static void seed_csv(const char *ledgers)
{
    for (unsigned i = 0; lq_ledgers[i].file != NULL; i++) {
        char path[512], lines[2048];
        snprintf(path, sizeof path, "%s/%s", ledgers, lq_ledgers[i].file);
        FILE *file = fopen(path, "re");
        size_t size = 0;
        for (int n = 0; file != NULL && n < 4 && fgets(lines + size, 500, file) != NULL; n++)
            size += strlen(lines + size);
        if (file == NULL)
            continue;
        fclose(file);
        put_byte(i);
        put_byte(0);
        put_piece(lq_span(lines, size));
        end("csv");
    }
}

// A book's parts, in the order of fuzz_xlsx.c.
static void seed_xlsx(void)
{
    static const char *const PARTS[] = {
        "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" "
        "t=\"inlineStr\"><is><t>b</t></is></c></row><row r=\"2\" hidden=\"1\"><c r=\"A2\" "
        "s=\"1\"><v>42160.5</v></c><c r=\"B2\" t=\"e\"><f>A1</f><v>#REF!</v></c></row></sheetData>"
        "<mergeCells><mergeCell ref=\"A2:B3\"/></mergeCells></worksheet>",
        "<sst><si><r><t>a</t></r><rPh><t>x</t></rPh></si><si><t>_x000A_</t></si></sst>",
        "<styleSheet><numFmts><numFmt numFmtId=\"176\" formatCode=\"yyyy&quot;a&quot;[h]\"/>"
        "</numFmts><cellXfs><xf numFmtId=\"14\"/><xf numFmtId=\"176\"/></cellXfs></styleSheet>",
        "<workbook><workbookPr date1904=\"1\"/><sheets><sheet name=\"x\" state=\"hidden\" "
        "r:id=\"q\"/><sheet name=\"people\" r:id=\"r\"/></sheets></workbook>",
        "<Relationships><Relationship Id=\"r\" Target=\"/xl/worksheets/sheet1.xml\"/>"
        "</Relationships>"};
    for (size_t parts = 1; parts <= sizeof PARTS / sizeof *PARTS; parts++) {
        put_byte(1);
        for (size_t i = 0; i < parts; i++)
            put_piece(lq_span_text(PARTS[i]));
        end("xlsx");
    }
}

// ---------------------------------------------------------------- journals

static void seed_journal(struct lq_bed *bed)
{
    const uint64_t tip = lq_bed_tip(bed);
    for (unsigned flags = 0; flags < 2; flags++) {
        put_byte(flags); // verified, or replayed
        put_choice(bed->service->name);
        for (uint64_t seq = 1; seq <= tip && seq <= 12; seq++) {
            put_byte(0);
            put_piece(lq_pb_encode(&bed->arena, &lq_bed_record(bed, seq)->base));
        }
        end("record");
    }
    for (uint64_t seq = 1; seq <= tip; seq += 1 + seq / 16) {
        const Lq__Record *record = lq_bed_record(bed, seq);
        seed_message(&lq__record__descriptor, 2, lq_pb_encode(&bed->arena, &record->base));
        if (record->event.len > 0)
            seed_message(bed->service->event_type, 2,
                         lq_span(record->event.data, record->event.len));
        if (record->outcome.len > 0)
            seed_message(&lq__outcome__descriptor, 3,
                         lq_span(record->outcome.data, record->outcome.len));
    }
}

static void seed_answers(struct lq_bed *bed, struct lq_dice *dice)
{
    const ProtobufCMessageDescriptor *type = bed->service->query_type;
    for (unsigned i = 0; i < 3 * type->n_fields; i++) {
        const ProtobufCMessage *query =
            lq_generate_variant(dice, &bed->arena, type, i % type->n_fields, bed->now_ms);
        const struct lq_span bytes = lq_pb_encode(&bed->arena, query);
        seed_message(type, 1, bytes);
        put_choice(bed->service->name);
        put_byte(5);
        put_byte(1);
        put_piece(bytes);
        end("host");
        const uint64_t asked = lq_bed_query(bed, "P1", LQ_ANYONE, query);
        lq_bed_turn(bed);
        const struct lq_bed_reply *found = lq_bed_find(bed, asked);
        seed_message(&lq__reply__descriptor, 3, found->bytes);
        if (found->reply->kind_case == LQ__REPLY__KIND_ANSWER)
            seed_message(bed->service->answer_type, 3,
                         lq_span(found->reply->answer->body.data, found->reply->answer->body.len));
    }
}

static void seed_life(void)
{
    static struct world world;
    struct lq_dice dice = lq_dice(1);
    world_open(&world, 1);
    world_begin(&world);
    world_go_on(&world, STEPS);
    for (unsigned i = 0; i < world.count; i++) {
        seed_journal(&world.beds[i]);
        seed_answers(&world.beds[i], &dice);
    }
    world_close(&world);
    for (int i = 0; i < 300; i++) {
        for (uint64_t size = 50 + lq_throw(&dice, 800); size > 0; size--)
            put_byte(lq_chance(&dice, 30) ? (unsigned)lq_throw(&dice, 16)
                                          : (unsigned)lq_throw(&dice, 256));
        end("life");
    }
}

// ---------------------------------------------------------------- files

static void seed_file(const char *target, unsigned which, const char *path, size_t most)
{
    static char text[ROOM];
    FILE *file = fopen(path, "re");
    FUZZ_REQUIRE(file != NULL);
    size_t size = fread(text, 1, ROOM / 2, file);
    fclose(file);
    if (size > most) // whole lines
        for (size = most; size > 0 && text[size - 1] != '\n';)
            size--;
    put_byte(which);
    put(text, size);
    end(target);
}

static void seed_texts(const char *configs)
{
    static const char *const files[] = {"lianqin.yaml", "policy.yaml", "law.yaml", "calendar.yaml"};
    static const struct {
        unsigned which;
        const char *text;
    } keys[] = {
        {0, "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7 P1 desk,lead # remark\n"},
        {15, "# list\nrq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7 @host service revoked "
             "2015-03-06T08:00:00+08:00\n"},
        {15, "# an empty list\n\n"},
        {5, "public Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID\n"
            "secret D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs\n"},
        {6, "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7\n"},
        {10, "2015-03-06T13:14:38.250+08:00"},
        {11, "2016-02-29"},
        {12, "commander,desk,liaison,clerk,inspector,admin,lead,officer"},
        {13, "018f3a2b-4c5d-7e6f-8a9b-0c1d2e3f4a5b"},
    };
    for (unsigned i = 0; i < 4; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", configs, files[i]);
        seed_file("yaml", i, path, i == 2 ? 7000 : ROOM);
        seed_file("yaml", i, path, 2500);
    }
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        put_byte(keys[i].which);
        put(keys[i].text, strlen(keys[i].text));
        end("keys");
    }
}

// ---------------------------------------------------------------- the wire

// As many commands as a request may have, one more, and none; what they are does not matter.
static void seed_counts(void)
{
    static const unsigned counts[] = {64, 65, 0};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        put_choice("oversight");
        put_byte(3);
        put_byte(1);
        put_byte(0);
        put_byte(1 + counts[i]);
        put_byte(0);
        for (unsigned n = 0; n < counts[i]; n++)
            put_byte(2);
        end("host");
    }
}

// What a service and the bus say to each other, at either end: byte 0 is the link, and the
// services' pipe. See pipe_say.h.
static void seed_pipe(const char *kinds, struct lq_span stamp)
{
    static const char *const targets[] = {"link", "frames"};
    const struct lq_span bodies[] = {lq_span("", 0), lq_span_text("12345678echo"),
                                     lq_span_text("Uregister first"), stamp};
    for (unsigned target = 0; target < 2; target++)
        for (const char *kind = kinds; *kind != '\0'; kind++)
            for (unsigned i = 0; i < 4; i++) {
                put_byte(0);
                put_byte(PIPE_SAY_BODY);
                put_byte('R');
                put_piece(target == 0 ? lq_span("", 0) : lq_span_text("12345678echo"));
                put_byte(i < 3 ? PIPE_SAY_BODY : PIPE_SAY_BUNDLE);
                put_byte((unsigned char)*kind);
                put_piece(bodies[i]);
                put_piece(lq_span_text("second"));
                end(targets[target]);
            }
}

static void seed_wire(void)
{
    static const char metadata[] = "\x0bSocket-Type\x00\x00\x00\x06"
                                   "DEALER\x08Identity\x00\x00\x00\x02me";
    char actor[] = "P1";
    uint8_t route[16] = {1}, stamp_bytes[64];
    Lq__Stamp stamp = LQ__STAMP__INIT;
    stamp.route.data = route;
    stamp.route.len = sizeof route;
    stamp.actor = actor;
    stamp.roles = 4;
    const struct lq_span stamped = lq_span(stamp_bytes, lq__stamp__pack(&stamp, stamp_bytes));
    put_byte(1);
    put(stamped.data, stamped.size);
    end("envelope");
    seed_pipe("RQAPX", stamped);
    for (unsigned flags = 0; flags < 128; flags += 3) {
        put_byte(1);
        put_byte(flags);
        put_piece(lq_span_text("CURVE"));
        end("link");
    }
    for (unsigned from = 0; from < 5; from++) {
        put_byte(from);
        put(metadata, sizeof metadata - 1);
        end("handshake");
    }
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: fuzz_seeds LEDGERS CONFIGS DIRECTORY\n");
        return 2;
    }
    directory = argv[3];
    seed_ledgers(argv[1]);
    seed_csv(argv[1]);
    seed_xlsx();
    seed_life();
    seed_texts(argv[2]);
    seed_wire();
    seed_counts();
    printf("%u seeds\n", count);
    return 0;
}
