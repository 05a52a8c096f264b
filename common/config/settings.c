// The defaults are the compiled-in lianqin.yaml itself, read first, so that no list in C can differ
// from the file that people read.
#include "config/settings.h"

#include <stddef.h>
#include <string.h>

#include "config/defaults.h"
#include "config/yaml.h"
#include "language/language.h"

#define HOST_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-."
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

static bool is_url(const char *text, const char *scheme)
{
    const size_t size = strlen(scheme);
    return strncmp(text, scheme, size) == 0 && strchr(text + size, '/') == NULL &&
           is_host_and_port(text + size);
}

static const char *check_http_or_none(const char *text)
{
    if (*text == '\0' || is_url(text, "http://"))
        return NULL;
    return LQ_TR_LATER("\"\" for none, or http://HOST:PORT, for example http://127.0.0.1:7480");
}

static const char *check_https_or_none(const char *text)
{
    if (*text == '\0' || is_url(text, "https://"))
        return NULL;
    return LQ_TR_LATER("\"\" for none, or https://HOST:PORT, for example https://0.0.0.0:7443");
}

// It goes into a header of the page.
static const char *check_name(const char *text)
{
    const size_t size = strlen(text);
    if (size > 0 && size < 254 && strspn(text, HOST_CHARACTERS) == size)
        return NULL;
    return LQ_TR_LATER("a host's name without a port, for example lianqin");
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

static const struct lq_yaml_type any_name = {.kind = LQ_YAML_TEXT, .check = check_name};

static const struct lq_yaml_field web_fields[] = {
    {"listen", false, AT(web.listen), {.kind = LQ_YAML_TEXT, .check = check_http_or_none}},
    {"behind_gateway", false, AT(web.behind_gateway), {.kind = LQ_YAML_BOOL}},
    {"tls_listen", false, AT(web.tls_listen), {.kind = LQ_YAML_TEXT, .check = check_https_or_none}},
    {"certificate", false, AT(web.certificate), {.kind = LQ_YAML_TEXT}},
    {"key", false, AT(web.key), {.kind = LQ_YAML_TEXT}},
    {"names", false, AT(web.names), {.kind = LQ_YAML_LIST, .items = &any_name}},
    {"connections", false, AT(web.connections), {.kind = LQ_YAML_INT, .least = 1, .most = 100000}},
    {"page", false, AT(web.page), {.kind = LQ_YAML_TEXT}},
    {"outline", false, AT(web.outline), {.kind = LQ_YAML_TEXT}},
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
    {"web", false, 0, {.kind = LQ_YAML_MAP, .fields = web_fields}},
    {"words", false, AT(words), {.kind = LQ_YAML_LIST, .items = &lq_form_word_type}},
    {"client", false, 0, {.kind = LQ_YAML_MAP, .fields = client_fields}},
    {0},
};

// A name that begins like an address is none.
static bool is_loopback(const char *url)
{
    const char *host = url + strlen("http://");
    return (strncmp(host, "127.", strlen("127.")) == 0 &&
            host[strspn(host, "0123456789.")] == ':') ||
           strncmp(host, "[::1]:", strlen("[::1]:")) == 0 ||
           strncmp(host, "localhost:", strlen("localhost:")) == 0;
}

// What one key says of another. A page that comes over the network unencrypted could be anybody's.
static enum lq_status check_web(const struct lq_settings *settings, const char *path)
{
    if (*settings->web.listen != '\0' && !is_loopback(settings->web.listen) &&
        !settings->web.behind_gateway)
        return lq_fault(LQ_E_INPUT,
                        "%s: web.listen is %s, and plain http is taken on 127.0.0.1 only; set "
                        "web.tls_listen for other machines, or web.behind_gateway: true if a "
                        "gateway encrypts before it",
                        path, settings->web.listen);
    if ((*settings->web.certificate == '\0') != (*settings->web.key == '\0'))
        return lq_fault(LQ_E_INPUT,
                        "%s: web.certificate and web.key are given both or not at all (then lq web "
                        "cert makes them)",
                        path);
    if (*settings->web.tls_listen != '\0' && *settings->web.certificate == '\0' &&
        settings->web.names.count == 0)
        return lq_fault(LQ_E_INPUT,
                        "%s: web.tls_listen needs web.names, for which lq web cert makes a "
                        "certificate, or the files web.certificate and web.key (PEM)",
                        path);
    if (settings->web.names.count > LQ_WEB_NAMES_MOST)
        return lq_fault(LQ_E_INPUT, "%s: web.names has %zu names, %d at most", path,
                        settings->web.names.count, LQ_WEB_NAMES_MOST);
    return LQ_OK;
}

enum lq_status lq_settings_load(const char *path, struct lq_arena *arena, struct lq_settings *out)
{
    *out = (struct lq_settings){0};
    lq_default_load("lianqin.yaml", fields, out, arena);
    const enum lq_status status = path ? lq_yaml_load_file(path, fields, out, arena) : LQ_OK;
    return status == LQ_OK ? check_web(out, path) : status;
}
