#include "web/host/bus_address.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"

enum { ENDPOINT_MOST = 256, KEEP_MS = 5000 };

// The bus may have been started again at another port.
const char *bus_endpoint(struct bus_address *bus)
{
    static char text[ENDPOINT_MOST + 1];
    char *read = NULL;
    size_t size;
    if (bus->given != NULL)
        return bus->given;
    if (lq_file_read(bus->written, ENDPOINT_MOST, &read, &size, NULL) != LQ_OK)
        return bus->set;
    read[strcspn(read, "\r\n")] = '\0';
    snprintf(text, sizeof text, "%s", read);
    free(read);
    return text;
}

// A bus that listens at every address is reached at this machine's own.
static const char *reachable(const char *host)
{
    if (strcmp(host, "*") == 0 || strcmp(host, "0.0.0.0") == 0)
        return "127.0.0.1";
    return strcmp(host, "::") == 0 ? "::1" : host;
}

static enum lq_status look_up(struct bus_address *bus, const char *endpoint)
{
    char host[ENDPOINT_MOST + 1];
    static const char scheme[] = "tcp://";
    const char *start = endpoint + strlen(scheme), *colon = strrchr(endpoint, ':');
    bus->size = 0;
    if (strncmp(endpoint, scheme, strlen(scheme)) != 0 || colon < start)
        return lq_fault(LQ_E_INPUT, "\"%s\" is no endpoint; an endpoint is tcp://HOST:PORT",
                        endpoint);
    snprintf(host, sizeof host, "%.*s", (int)(colon - start), start);
    char *name = host;
    if (*name == '[' && name[strlen(name) - 1] == ']') {
        name[strlen(name) - 1] = '\0';
        name++;
    }
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    struct addrinfo *found;
    const int unknown = getaddrinfo(reachable(name), colon + 1, &hints, &found);
    if (unknown != 0)
        return lq_fault(LQ_E_UNREACHABLE, "cannot find %s: %s", endpoint, gai_strerror(unknown));
    memcpy(&bus->at, found->ai_addr, found->ai_addrlen);
    bus->size = found->ai_addrlen;
    freeaddrinfo(found);
    return LQ_OK;
}

// A name is asked for again after a while: the bus of a container moves.
static enum lq_status find(struct bus_address *bus)
{
    const int64_t now_ms = lq_steady_ms();
    if (bus->size != 0 && now_ms - bus->looked_ms < KEEP_MS && bus->given != NULL)
        return LQ_OK;
    bus->looked_ms = now_ms;
    return look_up(bus, bus_endpoint(bus));
}

int bus_connect(struct bus_address *bus)
{
    const int yes = 1;
    if (find(bus) != LQ_OK)
        return -1;
    const int fd = socket(bus->at.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd >= 0) {
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes); // quicker, not needed
        if (connect(fd, (const struct sockaddr *)&bus->at, bus->size) == 0 || errno == EINPROGRESS)
            return fd;
    }
    (void)lq_fault(LQ_E_UNREACHABLE, "cannot connect to the bus: %s", strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}
