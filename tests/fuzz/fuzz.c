// What the fuzz targets share: the reader of inputs, choices by name, files in memory. The log is
// silenced here, because its lines would cost more than what is tested; the texts are still made.
#include "fuzz.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"
#include "base/status.h"
#include "envelope.pb-c.h"

_Noreturn void fuzz_fail(const char *file, int line, const char *condition)
{
    fprintf(stderr, "FUZZ %s:%d: does not hold: %s (latest fault: %s)\n", file, line, condition,
            lq_fault_text());
    abort();
}

// ---------------------------------------------------------------- taking an input apart

uint8_t fuzz_byte(struct fuzz_input *input)
{
    if (input->left == 0)
        return 0;
    input->left--;
    return *input->at++;
}

uint16_t fuzz_u16(struct fuzz_input *input)
{
    const unsigned high = fuzz_byte(input);
    return (uint16_t)(high << 8 | fuzz_byte(input));
}

uint64_t fuzz_u64(struct fuzz_input *input)
{
    uint64_t number = 0;
    for (int i = 0; i < 8; i++)
        number = number << 8 | fuzz_byte(input);
    return number;
}

static struct lq_span take(struct fuzz_input *input, size_t size)
{
    const struct lq_span piece = lq_span(input->at, size < input->left ? size : input->left);
    input->at += piece.size;
    input->left -= piece.size;
    return piece;
}

struct lq_span fuzz_piece(struct fuzz_input *input)
{
    const size_t size = fuzz_u16(input);
    return take(input, size);
}

struct lq_span fuzz_rest(struct fuzz_input *input)
{
    return take(input, input->left);
}

// ---------------------------------------------------------------- choosing by name

uint16_t fuzz_choice_of(const char *name)
{
    uint32_t hash = 0x811c9dc5u; // FNV-1a
    for (; *name != '\0'; name++)
        hash = (hash ^ (uint8_t)*name) * 0x01000193u;
    return (uint16_t)(hash ^ hash >> 16);
}

static uint16_t distance(uint16_t choice, const char *name)
{
    return (uint16_t)(fuzz_choice_of(name) - choice);
}

const struct lq_service *fuzz_service(uint16_t choice)
{
    const struct lq_service *best = lq_services[0];
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++)
        if (distance(choice, (*s)->name) < distance(choice, best->name))
            best = *s;
    return best;
}

const ProtobufCMessageDescriptor *fuzz_type_at(size_t index)
{
    static const ProtobufCMessageDescriptor *const envelope[] = {
        &lq__request__descriptor,  &lq__command__descriptor, &lq__query__descriptor,
        &lq__fetch__descriptor,    &lq__reply__descriptor,   &lq__outcome__descriptor,
        &lq__answer__descriptor,   &lq__events__descriptor,  &lq__status__descriptor,
        &lq__stamp__descriptor,    &lq__record__descriptor,  &lq__commands__descriptor,
        &lq__outcomes__descriptor,
    };
    enum { ENVELOPE = sizeof envelope / sizeof envelope[0] };
    if (index < ENVELOPE)
        return envelope[index];
    index -= ENVELOPE;
    for (const struct lq_service *const *s = lq_services; *s != NULL; s++, index -= 4) {
        const ProtobufCMessageDescriptor *const own[] = {(*s)->command_type, (*s)->event_type,
                                                         (*s)->query_type, (*s)->answer_type};
        if (index < 4)
            return own[index];
    }
    return NULL;
}

const ProtobufCMessageDescriptor *fuzz_type(uint16_t choice)
{
    const ProtobufCMessageDescriptor *best = fuzz_type_at(0), *type;
    for (size_t i = 0; (type = fuzz_type_at(i)) != NULL; i++)
        if (distance(choice, type->name) < distance(choice, best->name))
            best = type;
    return best;
}

// ---------------------------------------------------------------- files

const char *fuzz_file(struct lq_span bytes)
{
    static int file = -1;
    static char path[64];
    if (file < 0) {
        file = memfd_create("fuzz", MFD_CLOEXEC);
        FUZZ_REQUIRE(file >= 0 && fchmod(file, 0600) == 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    }
    FUZZ_REQUIRE(ftruncate(file, 0) == 0);
    FUZZ_REQUIRE(pwrite(file, bytes.size > 0 ? bytes.data : (const uint8_t *)"", bytes.size, 0) ==
                 (ssize_t)bytes.size);
    return path;
}

static char directory[64];

static int remove_one(const char *path, const struct stat *about, int flag, struct FTW *walk)
{
    (void)about, (void)flag, (void)walk;
    return remove(path);
}

static void remove_directory(void)
{
    nftw(directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *fuzz_directory(void)
{
    const char *base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(directory, sizeof directory, "%s/lq-fuzz-XXXXXX", base);
    FUZZ_REQUIRE(mkdtemp(directory) != NULL);
    atexit(remove_directory);
    return directory;
}

// ---------------------------------------------------------------- the log

__attribute__((format(printf, 1, 0))) static void swallow(const char *format, va_list arguments)
{
    char text[1024];
    vsnprintf(text, sizeof text, format, arguments);
}

void lq_log_name(const char *name)
{
    (void)name;
}

#define SILENT(function)                                                                           \
    void function(const char *format, ...)                                                         \
    {                                                                                              \
        va_list arguments;                                                                         \
        va_start(arguments, format);                                                               \
        swallow(format, arguments);                                                                \
        va_end(arguments);                                                                         \
    }

SILENT(lq_log_info)
SILENT(lq_log_warn)
SILENT(lq_log_error)
