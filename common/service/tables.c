// Keys, rows and walks over a view. Rows are decoded leniently: what stands in a table was written
// by this service, so a row that does not decode is a bug or a damaged store, and ends the process.
#include "service/tables.h"

#include <string.h>

#include "base/assert.h"
#include "base/bytes.h"
#include "pb/pb.h"
#include "service/trail.h"
#include "service/view.h"

// ---------------------------------------------------------------- keys

struct lq_key lq_key_none(void)
{
    return (struct lq_key){0};
}

// A key is a quarter of a kilobyte: what is behind its size is neither cleared nor read.
static void add_text(struct lq_key *key, const char *text)
{
    const size_t size = strlen(text) + 1;
    LQ_ASSERT(key->size + size <= sizeof key->bytes);
    memcpy(key->bytes + key->size, text, size);
    key->size = (uint8_t)(key->size + size);
}

static void add_number(struct lq_key *key, uint64_t number)
{
    LQ_ASSERT(key->size + 8u <= sizeof key->bytes);
    lq_put_u64(key->bytes + key->size, number);
    key->size = (uint8_t)(key->size + 8);
}

struct lq_key lq_key_then_text(struct lq_key key, const char *text)
{
    add_text(&key, text);
    return key;
}

struct lq_key lq_key_then_number(struct lq_key key, uint64_t number)
{
    add_number(&key, number);
    return key;
}

struct lq_key lq_key_text(const char *text)
{
    struct lq_key key;
    key.size = 0;
    add_text(&key, text);
    return key;
}

struct lq_key lq_key_number(uint64_t number)
{
    struct lq_key key;
    key.size = 0;
    add_number(&key, number);
    return key;
}

const char *lq_key_read_text(struct lq_key_reader *reader)
{
    const char *text = (const char *)reader->key->bytes + reader->at;
    reader->at += (unsigned)strlen(text) + 1;
    LQ_ASSERT(reader->at <= reader->key->size);
    return text;
}

uint64_t lq_key_read_number(struct lq_key_reader *reader)
{
    LQ_ASSERT(reader->at + 8 <= reader->key->size);
    const uint64_t number = lq_get_u64(reader->key->bytes + reader->at);
    reader->at += 8;
    return number;
}

static struct lq_span key_span(const struct lq_key *key)
{
    return lq_span(key->bytes, key->size);
}

static struct lq_key key_from(struct lq_span bytes)
{
    struct lq_key key;
    LQ_ASSERT(bytes.size <= sizeof key.bytes);
    key.size = (uint8_t)bytes.size;
    memcpy(key.bytes, bytes.data, bytes.size);
    return key;
}

// ---------------------------------------------------------------- rows

static const void *decode_row(struct lq_view *view, const struct lq_table *table,
                              struct lq_span bytes)
{
    const void *row = lq_pb_decode_own(view->arena, table->row, bytes);
    if (row == NULL)
        lq_panic(__FILE__, __LINE__, "a row of table %s does not decode", table->name);
    return row;
}

static const void *found_before(const struct lq_found *found, const struct lq_table *table,
                                const struct lq_key *key)
{
    for (unsigned i = 0; i < LQ_FOUND_ROWS; i++)
        if (found->rows[i].table == table && found->rows[i].key.size == key->size &&
            memcmp(found->rows[i].key.bytes, key->bytes, key->size) == 0)
            return found->rows[i].row;
    return NULL;
}

static void remember(struct lq_found *found, const struct lq_table *table, const struct lq_key *key,
                     const void *row)
{
    const unsigned i = found->next++ % LQ_FOUND_ROWS;
    found->rows[i].table = table;
    found->rows[i].key.size = key->size;
    memcpy(found->rows[i].key.bytes, key->bytes, key->size);
    found->rows[i].row = row;
}

static void forget(struct lq_found *found, const struct lq_table *table)
{
    for (unsigned i = 0; i < LQ_FOUND_ROWS; i++)
        if (found->rows[i].table == table)
            found->rows[i].table = NULL;
}

const void *lq_find(struct lq_view *view, const struct lq_table *table, struct lq_key key)
{
    struct lq_span value;
    const void *row = view->found != NULL ? found_before(view->found, table, &key) : NULL;
    if (row != NULL || !view->ops->get(view->self, table, key_span(&key), &value))
        return row;
    row = decode_row(view, table, value);
    if (view->found != NULL)
        remember(view->found, table, &key, row);
    return row;
}

const void *lq_find_numbered(struct lq_view *view, const struct lq_table *table, const char *number)
{
    return lq_pb_key(number) ? lq_find(view, table, lq_key_text(number)) : NULL;
}

bool lq_exists(struct lq_view *view, const struct lq_table *table, struct lq_key key)
{
    struct lq_span value;
    return view->ops->get(view->self, table, key_span(&key), &value);
}

uint64_t lq_count(struct lq_view *view, const struct lq_table *table)
{
    return view->ops->count(view->self, table);
}

// `message` is the row, or what it is kept of.
static void put(struct lq_view *tables, const struct lq_table *table, const struct lq_key *key,
                const ProtobufCMessage *message, struct lq_span bytes)
{
    if (tables->what != NULL && lq_tells_entered(table->row))
        bytes = lq_trail_save(tables, table, key, message, bytes);
    if (tables->found != NULL)
        forget(tables->found, table);
    tables->ops->put(tables->self, table, key_span(key), bytes);
}

void lq_save(struct lq_view *tables, const struct lq_table *table, struct lq_key key,
             const ProtobufCMessage *row)
{
    LQ_ASSERT(tables->writable);
    LQ_ASSERT(row->descriptor == table->row);
    put(tables, table, &key, row, lq_pb_encode(tables->arena, row));
}

void lq_save_bytes(struct lq_view *tables, const struct lq_table *table, struct lq_key key,
                   const ProtobufCMessage *row, struct lq_span bytes)
{
    LQ_ASSERT(tables->writable);
    LQ_ASSERT(row->descriptor == table->row);
    put(tables, table, &key, row, bytes);
}

void lq_keep_bytes(struct lq_view *tables, const struct lq_table *table, const void *message,
                   struct lq_span bytes)
{
    LQ_ASSERT(tables->writable);
    const ProtobufCMessage *row = message;
    const ProtobufCFieldDescriptor *number = &row->descriptor->fields[0];
    LQ_ASSERT(number->id == table->row->fields[0].id && number->type == PROTOBUF_C_TYPE_STRING &&
              number->label != PROTOBUF_C_LABEL_REPEATED);
    const char *text;
    memcpy(&text, (const char *)row + number->offset, sizeof text);
    const struct lq_key key = lq_key_text(text);
    put(tables, table, &key, row, bytes);
}

void lq_keep(struct lq_view *tables, const struct lq_table *table, const void *message)
{
    const ProtobufCMessage *row = message;
    // What has no field that the row lacks is, in bytes, its own projection.
    if (!lq_pb_covers(table->row, row->descriptor))
        row = lq_pb_project(tables->arena, table->row, message);
    lq_keep_bytes(tables, table, row, lq_pb_encode(tables->arena, row));
}

void lq_erase(struct lq_view *tables, const struct lq_table *table, struct lq_key key)
{
    LQ_ASSERT(tables->writable);
    if (tables->what != NULL && lq_tells_entered(table->row))
        lq_trail_erase(tables, table, &key);
    if (tables->found != NULL)
        forget(tables->found, table);
    tables->ops->erase(tables->self, table, key_span(&key));
}

void lq_timer_set(struct lq_view *tables, const char *timer, int64_t due_ms)
{
    LQ_ASSERT(tables->writable);
    tables->ops->timer_set(tables->self, timer, due_ms);
}

void lq_timer_clear(struct lq_view *tables, const char *timer)
{
    LQ_ASSERT(tables->writable);
    tables->ops->timer_clear(tables->self, timer);
}

struct lq_arena *lq_view_arena(struct lq_view *view)
{
    return view->arena;
}

// ---------------------------------------------------------------- walks

struct lq_scan lq_scan(struct lq_view *view, const struct lq_table *table, struct lq_key prefix)
{
    return (struct lq_scan){.view = view, .table = table, .prefix = prefix, .key = prefix};
}

struct lq_scan lq_scan_from(struct lq_view *view, const struct lq_table *table,
                            struct lq_key prefix, struct lq_key from, bool past)
{
    return (struct lq_scan){
        .view = view, .table = table, .prefix = prefix, .key = from, .started = past};
}

// The first key after every key that begins with the prefix; empty where there is none.
static struct lq_key first_after(struct lq_key prefix)
{
    while (prefix.size > 0 && prefix.bytes[prefix.size - 1] == 0xff)
        prefix.size--;
    if (prefix.size > 0)
        prefix.bytes[prefix.size - 1]++;
    return prefix;
}

struct lq_scan lq_scan_backwards(struct lq_view *view, const struct lq_table *table,
                                 struct lq_key prefix)
{
    return (struct lq_scan){.view = view,
                            .table = table,
                            .prefix = prefix,
                            .key = first_after(prefix),
                            .backwards = true};
}

bool lq_scan_next(struct lq_scan *scan)
{
    struct lq_span key, value;
    struct lq_view *view = scan->view;
    const bool found =
        scan->backwards
            ? view->ops->previous(view->self, scan->table, key_span(&scan->key), &key, &value)
            : view->ops->next(view->self, scan->table, key_span(&scan->key), scan->started, &key,
                              &value);
    if (!found || key.size < scan->prefix.size ||
        memcmp(key.data, scan->prefix.bytes, scan->prefix.size) != 0)
        return false;
    scan->started = true;
    scan->key = key_from(key);
    scan->row = scan->keys_only ? NULL : decode_row(view, scan->table, value);
    return true;
}
