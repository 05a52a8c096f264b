// SHA-256 (FIPS 180-4): pure, for services, which may not reach a library of cryptography. What it
// names can be checked by anybody with sha256sum.
#pragma once

#include "base/span.h"

enum { LQ_SHA256_TEXT = 65 };

// Writes the hash in hexadecimal; returns the buffer.
const char *lq_sha256_text(struct lq_span bytes, char buffer[LQ_SHA256_TEXT]);
