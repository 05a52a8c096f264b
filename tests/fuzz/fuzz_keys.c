// The list of keys, its two edits, key files; and the short texts that people write: roles, times,
// ids. What is read and written again must read the same.
//
// Input: a byte that says which, the text.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/id.h"
#include "base/time.h"
#include "bus/keyring/line.h"
#include "bus/keyring/roles.h"
#include "fuzz.h"
#include "pb/pb.h"

static char list_path[96];
static struct lq_key_pair newcomer = {"rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7", ""};

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    snprintf(list_path, sizeof list_path, "%s/authorized", fuzz_directory());
    FUZZ_REQUIRE(lq_key_text_valid(newcomer.public_key));
    return 0;
}

static void require_entry(const struct lq_keyring *list, const struct lq_key_entry *entry)
{
    char text[LQ_ROLES_TEXT];
    uint32_t roles = 0;
    FUZZ_REQUIRE(lq_keyring_find(list, entry->public_key) == entry);
    FUZZ_REQUIRE(lq_key_text_valid(entry->public_key));
    FUZZ_REQUIRE(lq_badge_valid(entry->badge, entry->roles));
    FUZZ_REQUIRE(lq_roles_parse(lq_roles_format(entry->roles, text), &roles));
    FUZZ_REQUIRE(roles == entry->roles && roles != 0);
    FUZZ_REQUIRE((entry->until_ms > 0) == (roles == 1u << LQ__ROLE__NEWCOMER));
    FUZZ_REQUIRE(memchr(entry->remark, '\0', sizeof entry->remark) != NULL);
}

static void try_list(struct lq_span text)
{
    struct lq_keyring *list = NULL;
    const enum lq_status status = lq_keyring_parse("authorized", text, &list);
    FUZZ_REQUIRE(status == LQ_OK || status == LQ_E_INPUT);
    if (status != LQ_OK)
        return;
    for (size_t i = 0; i < lq_keyring_count(list); i++)
        require_entry(list, lq_keyring_at(list, i));
    lq_keyring_free(list);
}

static void write_list(struct lq_span text)
{
    const int file = open(list_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FUZZ_REQUIRE(file >= 0 && write(file, text.size > 0 ? (const void *)text.data : "",
                                    text.size) == (ssize_t)text.size);
    close(file);
}

static size_t count_after(struct lq_keyring **list)
{
    FUZZ_REQUIRE(lq_keyring_load(list_path, list) == LQ_OK); // an edit leaves a good list
    return lq_keyring_count(*list);
}

// `keys` are in the list. A one-time key comes, and another in its place.
static void try_one_time(size_t keys)
{
    static const char once[] = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID",
                      own[] = "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs";
    struct lq_keyring *list = NULL;
    const enum lq_status added = lq_keyring_add_newcomer(list_path, once, "P78", 2000);
    FUZZ_REQUIRE(added == LQ_OK || added == LQ_E_BUSY);
    if (added != LQ_OK)
        return;
    FUZZ_REQUIRE(count_after(&list) <= keys + 1);
    const bool known = lq_keyring_find(list, own) != NULL;
    lq_keyring_free(list);
    FUZZ_REQUIRE(lq_keyring_admit(list_path, once, own, 1u << LQ__ROLE__LEAD, "华为", 1999) ==
                 (known ? LQ_E_BUSY : LQ_OK));
    FUZZ_REQUIRE(lq_keyring_drop_newcomer(list_path, once) == LQ_OK);
    FUZZ_REQUIRE(count_after(&list) <= keys + 1);
    FUZZ_REQUIRE(lq_keyring_find(list, once) == NULL && lq_keyring_find(list, own) != NULL);
    lq_keyring_free(list);
}

// A list that is in order is in order after each edit, and holds what it held.
static void try_edits(struct lq_span text)
{
    struct lq_keyring *list = NULL;
    unsigned changed = 0;
    write_list(text);
    const bool good = lq_keyring_parse("authorized", text, &list) == LQ_OK;
    const size_t before = good ? lq_keyring_count(list) : 0;
    const bool known = good && lq_keyring_find(list, newcomer.public_key) != NULL;
    lq_keyring_free(list);
    const enum lq_status added =
        lq_keyring_add(list_path, newcomer.public_key, "P77", 1u << LQ__ROLE__DESK);
    FUZZ_REQUIRE(added == (!good ? LQ_E_INPUT : known ? LQ_E_BUSY : LQ_OK));
    if (added != LQ_OK)
        return;
    FUZZ_REQUIRE(count_after(&list) == before + 1);
    lq_keyring_free(list);
    FUZZ_REQUIRE(lq_keyring_revoke(list_path, "P77", NULL, 1425600000000, &changed) == LQ_OK);
    FUZZ_REQUIRE(changed >= 1 && count_after(&list) == before + 1);
    FUZZ_REQUIRE(lq_keyring_find(list, newcomer.public_key)->revoked);
    lq_keyring_free(list);
    try_one_time(before + 1);
}

static void try_key_files(struct lq_span text)
{
    struct lq_key_pair keys;
    char public_key[LQ_KEY_TEXT];
    const char *path = fuzz_file(text);
    enum lq_status status = lq_keys_load(path, &keys);
    FUZZ_REQUIRE(status == LQ_OK || status == LQ_E_INPUT);
    if (status == LQ_OK)
        FUZZ_REQUIRE(lq_key_text_valid(keys.public_key) && lq_key_text_valid(keys.secret_key));
    else
        FUZZ_REQUIRE(keys.secret_key[0] == '\0'); // nothing of a secret stays behind
    status = lq_public_key_load(path, public_key);
    FUZZ_REQUIRE(status == LQ_OK || status == LQ_E_INPUT);
    FUZZ_REQUIRE(status != LQ_OK || lq_key_text_valid(public_key));
}

static void try_words(struct lq_arena *arena, struct lq_span bytes)
{
    const char *text = (const char *)lq_arena_copy(arena, bytes).data;
    char again[LQ_ROLES_TEXT];
    uint32_t roles = 0, same_roles = 0;
    int64_t at_ms = 0, same_ms = 0;
    int32_t day = 0, same_day = 0;
    struct lq_id id, same_id;
    if (lq_roles_parse(text, &roles))
        FUZZ_REQUIRE(lq_roles_parse(lq_roles_format(roles, again), &same_roles) &&
                     roles == same_roles);
    if (lq_parse_instant(text, &at_ms))
        FUZZ_REQUIRE(lq_parse_instant(lq_format_instant(at_ms, again), &same_ms) &&
                     at_ms == same_ms);
    if (lq_parse_day(text, &day))
        FUZZ_REQUIRE(lq_parse_day(lq_format_day(day, again), &same_day) && day == same_day);
    if (lq_id_parse(text, &id))
        FUZZ_REQUIRE(lq_id_parse(lq_id_format(id, again), &same_id) &&
                     memcmp(&id, &same_id, sizeof id) == 0);
    if (lq_pb_identifier(text))
        FUZZ_REQUIRE(strlen(text) <= LQ_PB_IDENTIFIER_BYTES);
    (void)lq_key_text_valid(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct lq_arena arena;
    struct fuzz_input input = {data, size};
    const unsigned which = fuzz_byte(&input) % 16;
    const struct lq_span text = fuzz_rest(&input);
    if (which < 5)
        try_list(text);
    else if (which < 10)
        try_key_files(text);
    else if (which < 15)
        try_words(&arena, text);
    else
        try_edits(text); // slow: each is flushed
    lq_arena_reset(&arena);
    return 0;
}
