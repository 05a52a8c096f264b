// The files of things (rules/attach.h): kind, number, which (from 1) -> rules.AttachedFile; of every
// service whose things can have some.
#pragma once

#include "service/tables.h"

struct lq_service;

// The number of the member `attach` and `attached` in the oneofs.
enum { LQ_BODY_ATTACH = 46 };

extern const struct lq_table lq_files;
bool lq_has_files(const struct lq_service *service);
