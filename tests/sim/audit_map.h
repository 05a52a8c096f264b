// What the auditor keeps things in: memory that lives as long as it does, maps, decoded messages.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

struct audit;

// From keys to structs of one size, found by key or walked in the order in which they were added.
struct audit_entry {
    struct audit_entry *same_bucket, *next;
    size_t key_size;
    const uint8_t *key; // followed by a NUL
    void *value;
};

struct audit_map {
    size_t value_size, bucket_count, count;
    struct audit_entry **buckets, *first, **last;
};

void *audit_alloc(struct audit *a, size_t size); // zeroed; lives as long as the auditor
struct lq_span audit_copy(struct audit *a, struct lq_span bytes);
void *audit_find(const struct audit_map *map, struct lq_span key); // NULL: not there
void *audit_put(struct audit *a, struct audit_map *map, size_t value_size, struct lq_span key);
void *audit_find_text(const struct audit_map *map, const char *key);
void *audit_put_text(struct audit *a, struct audit_map *map, size_t value_size, const char *key);
struct lq_span audit_pair(struct audit *a, const char *first, const char *second); // a key
uint64_t audit_digest(struct lq_span bytes);

// A decoded message that lives as long as the auditor; NULL if it is not one.
const void *audit_decode(struct audit *a, const ProtobufCMessageDescriptor *type,
                         struct lq_span bytes);
#define audit_bytes(data_) lq_span((data_).data, (data_).len)
