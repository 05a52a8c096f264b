// Things that can be corrected, as people name them: "指令 o263", "suspect_step X0003/2".
#pragma once

#include "lq/cli/cli.h"
#include "rules/correct.h"
#include "service/service.h"

struct lq_named_thing {
    const struct lq_service *service;
    const struct lq_thing *thing;
    const char *number; // as the service knows it
};

// False: what is wrong was told.
bool lq_thing_typed(struct lq_cli *cli, const char *kind, const char *number,
                    struct lq_named_thing *out);

// As the numbers of which member a part of a thing's number is typed (lq_number_typed); "": of none.
const char *lq_number_member(const char *kind, unsigned part);

// What has terms (期限): a thing, or another kind that the service names as having some ("rota").
struct lq_named_term {
    const struct lq_service *service;
    const char *kind, *number; // as the service knows them
};

// False: what is wrong was told.
bool lq_term_typed(struct lq_cli *cli, const char *kind, const char *number,
                   struct lq_named_term *out);

// A paper's number with the brackets that it has.
const char *lq_paper_number(struct lq_cli *cli, const char *typed);

// A kind in the person's language, and a field of a message.
const char *lq_thing_word(const char *kind);
void lq_output_thing(struct lq_output *output, const char *kind, const char *number); // a cell
const char *lq_field_word(struct lq_cli *cli, const ProtobufCMessageDescriptor *type,
                          const char *field);

// The field that a word means: its name, or the .proto's word for it. NULL: none.
const ProtobufCFieldDescriptor *lq_field_typed(struct lq_cli *cli, const struct lq_thing *thing,
                                               const char *word);

// The fields that can be corrected, in the person's language.
const char *lq_thing_fields(struct lq_cli *cli, const struct lq_thing *thing);

// What was typed as the value of a field (rules.proto says how values are texts); NULL: it is none.
const char *lq_value_typed(struct lq_cli *cli, const struct lq_named_thing *of,
                           const ProtobufCFieldDescriptor *field, const char *typed);

// Such a text as people read it.
const char *lq_value_shown(struct lq_cli *cli, const ProtobufCMessageDescriptor *type,
                           const char *field, const char *value);

// Sends the service's command of that name about the thing. Gives the exit code.
int lq_thing_command(struct lq_cli *cli, const struct lq_named_thing *of, const char *command,
                     ProtobufCMessage *body);
