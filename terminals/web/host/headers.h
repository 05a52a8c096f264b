// What is looked at in the headers of a request, as plain texts.
#pragma once

#include <stdbool.h>
#include <stddef.h>

// Does a list of words, with commas, have this one? In any case of letters; what follows a ';' does
// not count.
bool web_list_has(const char *list, const char *word);

// Is "https://HOST" or "http://HOST" the host?
bool web_same_origin(const char *origin, const char *host);

// Is a Host an address, localhost, or one of the names?
bool web_host_is_ours(const char *host, const char *const *names, size_t name_count);

// Is it a Sec-WebSocket-Key: 16 bytes in base64?
bool web_is_key(const char *key);
