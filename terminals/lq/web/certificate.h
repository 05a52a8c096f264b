// The certificates by which browsers of a county network know lianqin-web: an authority of its own
// (CA) that can vouch for the names of this installation and for nothing else, and the server's
// certificate from it. (RFC 5280: name constraints, section 4.2.1.10; RFC 6125 for the names.)
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"

// A host's name, or an IPv4 address in numbers.
struct lq_certificate_names {
    const char *const *names; // the first is what the certificate is called
    size_t count;             // at least 1
};

// A key and its certificate are one file, so that they always fit.
struct lq_certificate_files {
    const char *authority; // with its key: only the administrator reads it
    const char *shown;     // the authority's certificate alone, for the terminals
    const char *server;    // with its key: what lianqin-web reads
};

// What is in a certificate's file.
struct lq_certificate {
    int64_t until_ms;        // it is good until then
    const char *fingerprint; // SHA-256, "AB:CD:…", as browsers show it
};

// Makes the authority: good for ten years, for these names, this machine's own (localhost,
// 127.0.0.1), and servers alone. What is at the paths is replaced. LQ_E_IO.
LQ_MUST_CHECK enum lq_status lq_certificate_make_authority(struct lq_arena *arena,
                                                           const struct lq_certificate_files *files,
                                                           struct lq_certificate_names names,
                                                           int64_t now_ms);

// Writes the authority's certificate once more to where terminals get it.
LQ_MUST_CHECK enum lq_status lq_certificate_show(struct lq_arena *arena,
                                                 const struct lq_certificate_files *files);

// Makes the server's key and its certificate from the authority: good for a year, not longer than
// the authority. LQ_E_INPUT if the authority's file is damaged.
LQ_MUST_CHECK enum lq_status lq_certificate_make_server(struct lq_arena *arena,
                                                        const struct lq_certificate_files *files,
                                                        struct lq_certificate_names names,
                                                        int64_t now_ms);

// LQ_E_MISSING if there is no such file, LQ_E_INPUT if it is no certificate.
LQ_MUST_CHECK enum lq_status lq_certificate_read(const char *path, struct lq_arena *arena,
                                                 struct lq_certificate *out);

// The first of the names for which it cannot vouch (an authority), or that it has not (a server's);
// NULL: there is none.
LQ_MUST_CHECK enum lq_status lq_certificate_lacks(const char *path, struct lq_arena *arena,
                                                  struct lq_certificate_names names,
                                                  const char **lacks);
