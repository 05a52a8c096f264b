// The defaults are the compiled-in lianqin.yaml itself, read first, so that no list in C can differ
// from the file that people read.
#include "config/settings.h"

#include <stddef.h>
#include <string.h>

#include "config/defaults.h"
#include "config/yaml.h"
#include "language/language.h"

#define AT(member) offsetof(struct lq_settings, member)

// HOST:PORT. Checks the form only, not whether the address can be bound.
static bool is_host_and_port(const char *host)
{
    const char *colon = strrchr(host, ':');
    if (colon == NULL || colon == host || strpbrk(host, " \t\r\n") != NULL)
        return false;
    const char *port = colon + 1;
    const size_t digits = strspn(port, "0123456789");
    long number = 0;
    for (size_t i = 0; i < digits && i < 6; i++)
        number = number * 10 + (port[i] - '0');
    return digits >= 1 && digits <= 5 && port[digits] == '\0' && number >= 1 && number <= 65535;
}

static const char *check_endpoint(const char *text)
{
    static const char scheme[] = "tcp://";
    if (strncmp(text, scheme, strlen(scheme)) == 0 && is_host_and_port(text + strlen(scheme)))
        return NULL;
    return LQ_TR_LATER("tcp://HOST:PORT, for example tcp://127.0.0.1:7400");
}

static const char *check_address_or_none(const char *text)
{
    if (*text == '\0' || (strchr(text, '/') == NULL && is_host_and_port(text)))
        return NULL;
    return LQ_TR_LATER("\"\" for none, or HOST:PORT, for example 127.0.0.1:9464");
}

static const char *check_endpoint_or_none(const char *text)
{
    if (*text == '\0' || check_endpoint(text) == NULL)
        return NULL;
    return LQ_TR_LATER("\"\" for none, or tcp://HOST:PORT");
}

static const char *check_language(const char *text)
{
    const bool known = *text == '\0' || strcmp(text, "zh") == 0 || strcmp(text, "en") == 0;
    return known ? NULL
                 : LQ_TR_LATER("zh, en, or \"\" for the language of each person's environment");
}

static const struct lq_yaml_field bus_fields[] = {
    {"listen", false, AT(bus.listen), {.kind = LQ_YAML_TEXT, .check = check_endpoint}},
    {"link_listen",
     false,
     AT(bus.link_listen),
     {.kind = LQ_YAML_TEXT, .check = check_endpoint_or_none}},
    {0},
};

static const struct lq_yaml_field journal_fields[] = {
    {"map_gib", false, AT(journal.map_gib), {.kind = LQ_YAML_INT, .least = 1, .most = 4096}},
    {0},
};

static const struct lq_yaml_field metrics_fields[] = {
    {"listen", false, AT(metrics.listen), {.kind = LQ_YAML_TEXT, .check = check_address_or_none}},
    {0},
};

static const struct lq_yaml_field client_fields[] = {
    {"reply_ms", false, AT(client.reply_ms), {.kind = LQ_YAML_INT, .least = 100, .most = 60000}},
    {"give_up_ms",
     false,
     AT(client.give_up_ms),
     {.kind = LQ_YAML_INT, .least = 100, .most = 3600000}},
    {0},
};

// The offsets in the tables above are from the start of the whole struct, so a group's is 0.
static const struct lq_yaml_field fields[] = {
    {"language", false, AT(language), {.kind = LQ_YAML_TEXT, .check = check_language}},
    {"bus", false, 0, {.kind = LQ_YAML_MAP, .fields = bus_fields}},
    {"journal", false, 0, {.kind = LQ_YAML_MAP, .fields = journal_fields}},
    {"metrics", false, 0, {.kind = LQ_YAML_MAP, .fields = metrics_fields}},
    {"client", false, 0, {.kind = LQ_YAML_MAP, .fields = client_fields}},
    {0},
};

enum lq_status lq_settings_load(const char *path, struct lq_arena *arena, struct lq_settings *out)
{
    *out = (struct lq_settings){0};
    lq_default_load("lianqin.yaml", fields, out, arena);
    return path ? lq_yaml_load_file(path, fields, out, arena) : LQ_OK;
}
