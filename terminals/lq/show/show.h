// One message as people read it, from its descriptor alone.
#pragma once

#include <jansson.h>
#include <stdio.h>

#include "lq/cli/cli.h"

// Key/value lines for what is set, then a table for each repeated message; with --csv rows of key
// and value. Gives the exit code.
int lq_show(struct lq_cli *cli, const ProtobufCMessage *message);

// Only the key/value lines, or only the tables.
void lq_show_fields(struct lq_cli *cli, const ProtobufCMessage *message);
int lq_show_tables(struct lq_cli *cli, const ProtobufCMessage *message);

// A field as one text; what it repeats, one after the other. And the key that it has in CSV
// ("issued_at"). In the cli's arena.
const char *lq_show_field(struct lq_cli *cli, const ProtobufCMessage *message,
                          const ProtobufCFieldDescriptor *field);
char *lq_show_key(struct lq_cli *cli, const char *name);

// One such line: what it is, padded to a width in columns, and its value.
void lq_show_line(const char *what, size_t width, const char *value);

// A value of a field as people read it. In the cli's arena.
const char *lq_show_value(struct lq_cli *cli, const ProtobufCMessageDescriptor *type,
                          const ProtobufCFieldDescriptor *field, const void *value);

// A field's name as English reads it: "issued_at_ms" is "issued at". In the cli's arena.
// What a field of that type is called in the person's language: in Chinese as the .proto says.
const char *lq_show_title(struct lq_cli *cli, const ProtobufCMessageDescriptor *type,
                          const char *name);
char *lq_show_name(struct lq_cli *cli, const char *field);

// What an event is, in a word: the member that is set ("order_issued"), in the person's language.
const char *lq_show_variant(const ProtobufCMessage *message);

// What is set in it, in one line: "number O0263, target E0001". Instants are left out: they stand
// beside it. In the cli's arena.
const char *lq_show_brief(struct lq_cli *cli, const ProtobufCMessage *message);

// Who did something: a badge, or a service, which in Chinese is "系统（查封）". And why: in Chinese
// what lq import gives as the reason, too. In the cli's arena.
const char *lq_show_doer(struct lq_cli *cli, const char *actor);
const char *lq_show_reason(struct lq_cli *cli, const char *reason);

// A text of a field as people read it: who, a service, a ground or a kind by its word. In the cli's
// arena.
const char *lq_show_text(struct lq_cli *cli, const ProtobufCMessageDescriptor *type,
                         const ProtobufCFieldDescriptor *field, const char *text);

// Is it for programs, or for readers of the other language: the id beside a word, the English
// beside the Chinese?
bool lq_is_for_others(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);

// Whose act it was and who entered it: "P1005 for P1039 (by radio)". In the cli's arena.
const char *lq_show_actor(struct lq_cli *cli, const char *actor, const char *on_behalf_of,
                          const char *reason);

// Rows of one type with all their fields, for CSV.
int lq_show_rows(struct lq_cli *cli, const ProtobufCMessageDescriptor *type,
                 const ProtobufCMessage *const *rows, size_t count);

// A message as JSON (lq_pb_json), indented. And any JSON value: lines of its own where `lines`.
// Frees the value.
void lq_show_json(const ProtobufCMessage *message, FILE *stream);
void lq_print_json(json_t *value, bool line, FILE *stream);
