// The four files that people edit. Any bytes are either refused, with words that say where, or give
// settings, a policy, a law that can be used.
//
// Input: a byte that says which file, the file.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/status.h"
#include "config/policy.h"
#include "config/settings.h"
#include "fuzz.h"
#include "config/law.h"

static const char small_law[] =
    "revision: small\nclocks:\n  - {id: A1, title_zh: 一, title_en: one, number: 7,\n"
    "     unit: working_day, start_event: a, stop_event: b, exclude_start_day: true,\n"
    "     roll: next_working_day, lapse_effect: duty_only, instrument: i, article: a,\n"
    "     confidence: V, enabled: true}\n";
static const char small_calendar[] =
    "revision: small\nyears:\n  - {year: 2015, holidays: [2015-04-06], working_weekends: []}\n";

static char law_directory[96], calendar_directory[96];

static void make_directory(char *path, const char *base, const char *name, const char *law,
                           const char *calendar)
{
    char file[128];
    snprintf(path, 96, "%s/%s", base, name);
    const char *const names[] = {"law.yaml", "calendar.yaml"};
    const char *const texts[] = {law, calendar};
    FUZZ_REQUIRE(mkdir(path, 0700) == 0);
    for (int i = 0; i < 2; i++) {
        snprintf(file, sizeof file, "%s/%s", path, names[i]);
        if (texts[i] == NULL) { // the file that is tried
            FUZZ_REQUIRE(symlink(fuzz_file(lq_span("", 0)), file) == 0);
            continue;
        }
        FILE *out = fopen(file, "we");
        FUZZ_REQUIRE(out != NULL && fputs(texts[i], out) >= 0 && fclose(out) == 0);
    }
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    const char *base = fuzz_directory();
    make_directory(law_directory, base, "law", NULL, small_calendar);
    make_directory(calendar_directory, base, "calendar", small_law, NULL);
    return 0;
}

// A term never ends before it starts, a pause never shortens it, and an extension makes it longer.
static void use_clock(const struct lq_law *law, const struct lq_clock *clock, int64_t at_ms)
{
    const struct lq_extension once = {.clock = clock};
    const struct lq_pause pause = {lq_day_of(at_ms), lq_day_of(at_ms) + 3};
    struct lq_term term = {.clock = clock, .start_ms = at_ms, .extensions = &once, .pauses = &pause};
    const struct lq_term_end end = lq_law_count(law, &term);
    FUZZ_REQUIRE((end.due_ms == 0) == (end.year != 0));
    if (end.year != 0)
        return;
    FUZZ_REQUIRE(end.due_ms > at_ms);
    FUZZ_REQUIRE(lq_law_act_by_day(law, end.due_ms) <= lq_law_last_day(end.due_ms));
    term.pause_count = 1;
    const struct lq_term_end paused = lq_law_count(law, &term);
    FUZZ_REQUIRE(paused.year != 0 || paused.due_ms >= end.due_ms);
    term.extension_count = 1;
    const struct lq_term_end extended = lq_law_count(law, &term);
    FUZZ_REQUIRE(extended.year != 0 || extended.due_ms > paused.due_ms);
}

static void try_law(const char *directory)
{
    static const int64_t moments[] = {1425600000000, 1456675199999, 1451577600000};
    struct lq_law *law = NULL;
    const enum lq_status status = lq_law_load(directory, &law);
    FUZZ_REQUIRE(status == LQ_OK || status == LQ_E_INPUT);
    if (status != LQ_OK)
        return;
    FUZZ_REQUIRE(lq_law_revision(law)[0] != '\0');
    const struct lq_clock *clock;
    for (size_t i = 0; (clock = lq_law_clock_at(law, i)) != NULL; i++) {
        const struct lq_clock *found = lq_law_clock(law, clock->id, moments[0]);
        FUZZ_REQUIRE(found == NULL || (found->enabled && strcmp(found->id, clock->id) == 0));
        if (i < 16)
            use_clock(law, clock, moments[i % 3]);
    }
    lq_law_free(law);
}

static void try_settings(const char *path, struct lq_arena *arena)
{
    struct lq_settings settings;
    const enum lq_status status = lq_settings_load(path, arena, &settings);
    FUZZ_REQUIRE(status == LQ_OK || status == LQ_E_INPUT);
    if (status == LQ_OK)
        FUZZ_REQUIRE(settings.journal.map_gib > 0 &&
                     strncmp(settings.bus.listen, "tcp://", 6) == 0 &&
                     settings.bus.link_listen != NULL);
}

static void try_policy(const char *path, struct lq_arena *arena)
{
    struct lq_policy policy;
    const enum lq_status status = lq_policy_load(path, arena, &policy);
    FUZZ_REQUIRE(status == LQ_OK || status == LQ_E_INPUT);
    if (status == LQ_OK)
        FUZZ_REQUIRE(policy.revision[0] != '\0' && policy.fetch_max > 0 && policy.batch_max > 0 &&
                     policy.journal_refuse_percent <= 99);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct lq_arena arena;
    struct fuzz_input input = {data, size};
    const unsigned which = fuzz_byte(&input) % 4;
    const char *path = fuzz_file(fuzz_rest(&input));
    if (which == 0)
        try_settings(path, &arena);
    else if (which == 1)
        try_policy(path, &arena);
    else
        try_law(which == 2 ? law_directory : calendar_directory);
    lq_arena_reset(&arena);
    return 0;
}
