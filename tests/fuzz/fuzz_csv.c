// The import of the county's ledgers: files of any bytes, and rows of any fields. Every row either
// gets a reason or becomes a command that the bus and the service would take for one.
//
// Input: sections, each a byte that names the ledger, a byte of flags and a piece: the file, or
// with the flag only its rows, under the header that it must have.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bus/worker/frames.h"
#include "fuzz.h"
#include "lq/import/import.h"
#include "pb/pb.h"

enum { SECTIONS_MAX = 4, ENVELOPE_BYTES = 512 };

static const char *directory;
static size_t ledger_count;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    directory = fuzz_directory();
    while (lq_ledgers[ledger_count].file != NULL)
        ledger_count++;
    return 0;
}

static void path_of(char path[128], const struct lq_ledger *ledger)
{
    snprintf(path, 128, "%s/%s", directory, ledger->file);
}

static void write_section(const struct lq_ledger *ledger, bool header, struct lq_span text)
{
    char path[128];
    path_of(path, ledger);
    FILE *file = fopen(path, "we");
    FUZZ_REQUIRE(file != NULL);
    for (int i = 0; header && i < LQ_LEDGER_COLUMNS_MAX && ledger->columns[i].heading != NULL; i++)
        fprintf(file, "%s%s", i > 0 ? "," : "", ledger->columns[i].heading);
    if (header)
        fputc('\n', file);
    FUZZ_REQUIRE(fwrite(text.data, 1, text.size, file) == text.size);
    FUZZ_REQUIRE(fclose(file) == 0);
}

static void require_command(struct lq_arena *arena, const struct lq_import_row *row)
{
    const char *why = NULL;
    const struct lq_service *service = lq_service_named(row->ledger->service);
    FUZZ_REQUIRE(service != NULL);
    const ProtobufCMessage *command = lq_pb_decode(arena, service->command_type, row->body, &why);
    FUZZ_REQUIRE(command != NULL && lq_pb_variant(command) != 0);
    FUZZ_REQUIRE(row->body.size + ENVELOPE_BYTES <= LQ_REQUEST_LIMIT);
    FUZZ_REQUIRE(row->on_behalf_of[0] == '\0' || lq_pb_identifier(row->on_behalf_of));
}

static void require_rows(const struct lq_import *import)
{
    for (size_t i = 0; i < import->count; i++) {
        const struct lq_import_row *row = &import->rows[i];
        FUZZ_REQUIRE(row->state == LQ_ROW_WAITING || row->state == LQ_ROW_REFUSED);
        if (row->state == LQ_ROW_WAITING)
            require_command(&import->cli->arena, row);
        else
            FUZZ_REQUIRE(row->why != NULL && row->why[0] != '\0' && row->line > 0);
        FUZZ_REQUIRE(row->earlier == NULL || row->state == LQ_ROW_WAITING || row->content.size > 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    const struct lq_ledger *written[SECTIONS_MAX];
    unsigned count = 0;
    for (; count < SECTIONS_MAX && input.left > 0; count++) {
        written[count] = &lq_ledgers[fuzz_byte(&input) % ledger_count];
        const bool header = fuzz_byte(&input) % 8 != 0;
        write_section(written[count], header, fuzz_piece(&input));
    }
    struct lq_cli cli = {0};
    struct lq_import import = {.cli = &cli, .directory = directory};
    const enum lq_status status = lq_import_read(&import);
    FUZZ_REQUIRE(status == LQ_OK || status == LQ_E_INPUT);
    FUZZ_REQUIRE(count > 0 || status == LQ_E_INPUT);
    if (status == LQ_OK)
        require_rows(&import);
    lq_import_free(&import);
    lq_arena_free(&cli.arena);
    for (unsigned i = 0; i < count; i++) {
        char path[128];
        path_of(path, written[i]);
        unlink(path);
    }
    return 0;
}
