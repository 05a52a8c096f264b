// Looked up for every message, so it is a hash table in memory.
#include "bus/keyring/keyring.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/file.h"
#include "base/time.h"
#include "bus/keyring/line.h"
#include "bus/keyring/roles.h"
#include "language/language.h"

struct lq_keyring {
    struct lq_key_entry *entries;
    size_t count, room;
    uint32_t *slots;   // index + 1 of the entry; 0: free
    size_t slot_count; // a power of two, at least twice the entries
};

// ---------------------------------------------------------------- a line

bool lq_badge_valid(const char *badge, uint32_t roles)
{
    const bool of_service = badge[0] == '@';
    const char *name = badge + of_service;
    if (*name == '\0' || strlen(badge) >= LQ_BADGE_TEXT)
        return false;
    if (of_service && roles != lq_role_bit("service"))
        return false;
    if ((roles & lq_role_bit("newcomer")) != 0 && roles != lq_role_bit("newcomer"))
        return false;
    return name[strspn(
               name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")] == '\0';
}

bool lq_keyring_next_line(struct lq_span *text, struct lq_span *line)
{
    if (text->size == 0)
        return false;
    const uint8_t *newline = memchr(text->data, '\n', text->size);
    const size_t length = newline == NULL ? text->size : (size_t)(newline - text->data);
    const size_t step = newline == NULL ? length : length + 1;
    *line = lq_span(text->data, length);
    *text = lq_span(text->data + step, text->size - step);
    return true;
}

// The next field of a line, fields being separated by blanks.
static struct lq_span next_field(struct lq_span line, size_t *at)
{
    while (*at < line.size && (line.data[*at] == ' ' || line.data[*at] == '\t'))
        ++*at;
    const size_t start = *at;
    while (*at < line.size && line.data[*at] != ' ' && line.data[*at] != '\t')
        ++*at;
    return lq_span(line.data + start, *at - start);
}

static bool field_text(struct lq_span field, char *text, size_t room)
{
    if (field.size == 0 || field.size >= room || memchr(field.data, '\0', field.size) != NULL)
        return false;
    memcpy(text, field.data, field.size);
    text[field.size] = '\0';
    return true;
}

// Takes "<word> <instant>" off the line if the word is there. False: the instant is none.
static bool take_instant(struct lq_span line, size_t *at, const char *word, bool *there,
                         int64_t *out_ms)
{
    char when[LQ_TIME_TEXT];
    size_t ahead = *at;
    *there = lq_span_equal(next_field(line, &ahead), lq_span_text(word));
    if (!*there)
        return true;
    if (!field_text(next_field(line, &ahead), when, sizeof when) || !lq_parse_instant(when, out_ms))
        return false;
    *at = ahead;
    return true;
}

// What stands behind '#', without the blanks around it.
static void take_remark(struct lq_span line, size_t at, char remark[LQ_REMARK_TEXT])
{
    while (at < line.size && (line.data[at] == ' ' || line.data[at] == '\t'))
        at++;
    while (line.size > at && (line.data[line.size - 1] == ' ' || line.data[line.size - 1] == '\t'))
        line.size--;
    size_t size = line.size - at;
    if (size > LQ_REMARK_TEXT - 1) // cut before a character that does not fit as a whole
        for (size = LQ_REMARK_TEXT - 1; size > 0 && (line.data[at + size] & 0xc0) == 0x80;)
            size--;
    memcpy(remark, line.data + at, size);
    remark[size] = '\0';
}

// What follows the roles. *end is where the fields end.
static const char *read_rest(struct lq_span line, size_t *end, struct lq_key_entry *entry)
{
    bool ends;
    if (!take_instant(line, end, "until", &ends, &entry->until_ms) ||
        !take_instant(line, end, "revoked", &entry->revoked, &entry->revoked_ms) ||
        (ends && entry->until_ms <= 0))
        return LQ_TR_LATER("\"until\" and \"revoked\" must be followed by an RFC 3339 instant");
    if (ends != (entry->roles == lq_role_bit("newcomer")))
        return LQ_TR_LATER("a one-time key has the role newcomer and \"until <instant>\", and no "
                           "other key has either");
    size_t ahead = *end;
    const struct lq_span field = next_field(line, &ahead);
    if (field.size > 0 && field.data[0] != '#')
        return LQ_TR_LATER("after the roles only \"until <instant>\", \"revoked <instant>\" and "
                           "\"# remark\" may stand");
    if (field.size > 0)
        take_remark(line, ahead - field.size + 1, entry->remark);
    return NULL;
}

static bool is_comment(struct lq_span line)
{
    size_t at = 0;
    const struct lq_span first = next_field(line, &at);
    return first.size == 0 || lq_span_equal(first, lq_span_text("#"));
}

const char *lq_keyring_line(struct lq_span line, struct lq_key_entry *entry, bool *present,
                            size_t *end)
{
    *entry = (struct lq_key_entry){0};
    if (line.size > 0 && line.data[line.size - 1] == '\r')
        line.size--;
    *present = false;
    if (line.size > 0 && memchr(line.data, '\0', line.size) != NULL)
        return LQ_TR_LATER("a zero byte in a text file");
    *present = !is_comment(line);
    if (!*present)
        return NULL;
    char roles[LQ_ROLES_TEXT];
    size_t at = 0;
    if (!field_text(next_field(line, &at), entry->public_key, sizeof entry->public_key) ||
        !lq_key_text_valid(entry->public_key))
        return LQ_TR_LATER(
            "a line begins with a public key of 40 characters, a comment with \"# \"");
    if (!field_text(next_field(line, &at), entry->badge, sizeof entry->badge))
        return LQ_TR_LATER("the badge is missing or too long");
    if (!field_text(next_field(line, &at), roles, sizeof roles) ||
        !lq_roles_parse(roles, &entry->roles))
        return LQ_TR_LATER("the roles are missing, unknown or doubled");
    if (!lq_badge_valid(entry->badge, entry->roles))
        return LQ_TR_LATER(
            "a badge is letters, digits and \"._-\"; \"@name\" has the role service alone, and a "
            "newcomer no other");
    *end = at;
    return read_rest(line, end, entry);
}

bool lq_key_entry_opens(const struct lq_key_entry *entry, int64_t now_ms)
{
    return !entry->revoked && (entry->until_ms == 0 || now_ms < entry->until_ms);
}

// ---------------------------------------------------------------- the table

static uint64_t hash_key(const char *public_key)
{
    uint64_t hash = 0xcbf29ce484222325u; // FNV-1a
    for (int i = 0; i < LQ_KEY_TEXT - 1; i++)
        hash = (hash ^ (uint8_t)public_key[i]) * 0x100000001b3u;
    return hash ^ (hash >> 32);
}

static size_t slot_of(const struct lq_keyring *keyring, const char *public_key)
{
    size_t slot = hash_key(public_key) & (keyring->slot_count - 1);
    for (; keyring->slots[slot] != 0; slot = (slot + 1) & (keyring->slot_count - 1))
        if (memcmp(keyring->entries[keyring->slots[slot] - 1].public_key, public_key,
                   LQ_KEY_TEXT - 1) == 0)
            break;
    return slot;
}

static void grow(struct lq_keyring *keyring)
{
    keyring->room = keyring->room == 0 ? 256 : keyring->room * 2;
    keyring->entries = realloc(keyring->entries, keyring->room * sizeof *keyring->entries);
    free(keyring->slots);
    keyring->slot_count = keyring->room * 2;
    keyring->slots = calloc(keyring->slot_count, sizeof *keyring->slots);
    LQ_ASSERT(keyring->entries != NULL && keyring->slots != NULL);
    for (size_t i = 0; i < keyring->count; i++)
        keyring->slots[slot_of(keyring, keyring->entries[i].public_key)] = (uint32_t)i + 1;
}

// Returns the entry that has this key already, or NULL.
static const struct lq_key_entry *insert(struct lq_keyring *keyring,
                                         const struct lq_key_entry *entry)
{
    if (keyring->count == keyring->room)
        grow(keyring);
    const size_t slot = slot_of(keyring, entry->public_key);
    if (keyring->slots[slot] != 0)
        return &keyring->entries[keyring->slots[slot] - 1];
    keyring->entries[keyring->count++] = *entry;
    keyring->slots[slot] = (uint32_t)keyring->count;
    return NULL;
}

enum lq_status lq_keyring_parse(const char *path, struct lq_span text, struct lq_keyring **out)
{
    struct lq_keyring *keyring = calloc(1, sizeof *keyring);
    LQ_ASSERT(keyring != NULL);
    grow(keyring);
    struct lq_span line;
    enum lq_status status = LQ_OK;
    for (unsigned number = 1; status == LQ_OK && lq_keyring_next_line(&text, &line); number++) {
        struct lq_key_entry entry;
        bool present;
        size_t end;
        const char *wrong = lq_keyring_line(line, &entry, &present, &end);
        entry.line = number;
        if (wrong != NULL)
            status = lq_fault(LQ_E_INPUT, "%s:%u: %-s", path, number, wrong);
        else if (present) {
            const struct lq_key_entry *twin = insert(keyring, &entry);
            if (twin != NULL)
                status = lq_fault(LQ_E_INPUT, "%s:%u: this key stands in line %u already", path,
                                  number, twin->line);
        }
    }
    if (status == LQ_OK)
        *out = keyring;
    else
        lq_keyring_free(keyring);
    return status;
}

enum lq_status lq_keyring_load(const char *path, struct lq_keyring **keyring)
{
    char *text = NULL;
    size_t size = 0;
    enum lq_status status = lq_file_read(path, LQ_KEYRING_LIMIT, &text, &size, NULL);
    if (status != LQ_OK)
        return status;
    status = lq_keyring_parse(path, lq_span(text, size), keyring);
    free(text);
    return status;
}

void lq_keyring_free(struct lq_keyring *keyring)
{
    if (keyring == NULL)
        return;
    free(keyring->entries);
    free(keyring->slots);
    free(keyring);
}

const struct lq_key_entry *lq_keyring_find(const struct lq_keyring *keyring, const char *public_key)
{
    const uint32_t index = keyring->slots[slot_of(keyring, public_key)];
    return index == 0 ? NULL : &keyring->entries[index - 1];
}

size_t lq_keyring_count(const struct lq_keyring *keyring)
{
    return keyring->count;
}

const struct lq_key_entry *lq_keyring_at(const struct lq_keyring *keyring, size_t index)
{
    LQ_ASSERT(index < keyring->count);
    return &keyring->entries[index];
}
