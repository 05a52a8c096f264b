#include "web/host/headers.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

bool web_list_has(const char *list, const char *word)
{
    const size_t size = strlen(word);
    for (const char *at = list; *at != '\0';) {
        at += strspn(at, " \t,");
        const size_t length = strcspn(at, ",;");
        size_t used = length;
        while (used > 0 && (at[used - 1] == ' ' || at[used - 1] == '\t'))
            used--;
        if (used == size && strncasecmp(at, word, size) == 0)
            return true;
        at += length;
        at += strcspn(at, ",");
    }
    return false;
}

bool web_same_origin(const char *origin, const char *host)
{
    const char *at = strstr(origin, "://");
    const size_t scheme = at != NULL ? (size_t)(at - origin) : 0;
    return (scheme == 4 || scheme == 5) && strncasecmp(origin, "https", scheme) == 0 &&
           strcasecmp(at + strlen("://"), host) == 0;
}

// ":7480", or nothing.
static bool is_port_or_none(const char *text)
{
    return *text == '\0' ||
           (*text == ':' && text[1] != '\0' && strspn(text + 1, "0123456789") == strlen(text + 1));
}

// A name that somebody else makes point at this machine is none of ours.
bool web_host_is_ours(const char *host, const char *const *names, size_t name_count)
{
    char name[256];
    struct in6_addr address;
    const bool is_six = host[0] == '[';
    const char *end = is_six ? strchr(host, ']') : host + strcspn(host, ":");
    if (end == NULL || !is_port_or_none(is_six ? end + 1 : end))
        return false;
    host += is_six;
    snprintf(name, sizeof name, "%.*s", (int)(end - host), host);
    if (inet_pton(is_six ? AF_INET6 : AF_INET, name, &address) == 1)
        return true;
    for (size_t i = 0; !is_six && i < name_count; i++)
        if (strcasecmp(name, names[i]) == 0)
            return true;
    return !is_six && strcasecmp(name, "localhost") == 0;
}

// 16 bytes in base64 (RFC 6455, 4.1).
bool web_is_key(const char *key)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    return strlen(key) == 24 && strspn(key, digits) == 22 && strcmp(key + 22, "==") == 0;
}
