// lianqin.yaml: how this installation is set up. Its comments document each key; the compiled-in
// file holds the defaults.
#pragma once

#include "base/arena.h"
#include "base/status.h"
#include "config/forms.h"
#include "config/yaml.h"

enum { LQ_WEB_NAMES_MOST = 8 }; // they stand in a header of every answer

struct lq_settings {
    const char *language; // "zh", "en", or "": the environment's
    struct {
        const char *listen;      // "tcp://HOST:PORT": the listener for terminals
        const char *link_listen; // the same for services of other hosts; "" if there are none
    } bus;
    struct {
        int64_t map_gib; // the largest a stream's file may grow
    } journal;
    struct {
        const char *listen; // "HOST:PORT": where a scraper reads the metrics; "": nowhere
    } metrics;
    struct {
        const char *listen;            // "http://HOST:PORT": where browsers come; "": nowhere
        bool behind_gateway;           // plain http is taken elsewhere than on this machine itself
        const char *tls_listen;        // "https://HOST:PORT"; "": nowhere
        const char *certificate, *key; // files (PEM)
        struct lq_yaml_list names;     // of const char *: by which browsers reach it
        int64_t connections;           // of browsers at once
        const char *page;              // the directory of the built page; "": where it is installed
        const char *outline;           // a file (GeoJSON) that the map draws; "": none
    } web;
    struct lq_yaml_list words; // of struct lq_form_word: kinds of the county's own, in Chinese
    struct {
        int64_t reply_ms;   // how long a client waits for a reply before it asks again
        int64_t give_up_ms; // how long it repeats before it reports that nobody answers
    } client;
};

// Reads the file over the defaults: a key that is absent keeps its default. A NULL path gives the
// defaults alone. Texts live in the arena. LQ_E_MISSING if there is no such file, LQ_E_INPUT,
// LQ_E_IO.
LQ_MUST_CHECK enum lq_status lq_settings_load(const char *path, struct lq_arena *arena,
                                              struct lq_settings *out);
