#include "bus/listen/tcp.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/assert.h"

enum {
    BACKLOG = 4096,
    KEEPALIVE_IDLE_S = 15,
    KEEPALIVE_EACH_S = 5,
    KEEPALIVE_COUNT = 3,
    UNACKNOWLEDGED_MS = 30000,
};

static void set(int fd, int level, int option, int value)
{
    // best effort: a system may lack some of these
    (void)setsockopt(fd, level, option, &value, sizeof value);
}

// Linux copies these to accepted connections.
static void set_options(int fd)
{
    set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    set(fd, IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_S);
    set(fd, IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_EACH_S);
    set(fd, IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_COUNT);
    set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, UNACKNOWLEDGED_MS);
}

// A number up to 65535, or "*".
static bool is_port(const char *text)
{
    return strcmp(text, "*") == 0 ||
           (text[0] != '\0' && strlen(text) <= 5 && strspn(text, "0123456789") == strlen(text) &&
            strtol(text, NULL, 10) <= UINT16_MAX);
}

// "tcp://HOST:PORT" into its parts; brackets around an IPv6 address are taken off.
static bool split(const char *endpoint, char host[LQ_ENDPOINT_TEXT], char port[8])
{
    const char *start = endpoint + strlen("tcp://"), *colon = strrchr(endpoint, ':');
    if (strncmp(endpoint, "tcp://", strlen("tcp://")) != 0 || colon < start ||
        strlen(endpoint) >= LQ_ENDPOINT_TEXT || !is_port(colon + 1))
        return false;
    strcpy(port, strcmp(colon + 1, "*") == 0 ? "0" : colon + 1);
    size_t size = (size_t)(colon - start);
    if (size >= 2 && start[0] == '[' && start[size - 1] == ']') {
        start++;
        size -= 2;
    }
    memcpy(host, start, size);
    host[size] = '\0';
    return size > 0;
}

static int bind_to(const struct addrinfo *address)
{
    const int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    set_options(fd);
    if (bind(fd, address->ai_addr, address->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    const int problem = errno;
    close(fd);
    errno = problem;
    return -1;
}

// A name may have several addresses. IPv4 comes first, because libzmq's clients use nothing else
// unless told to. If an address is taken the next one is not tried: clients would find whoever has
// the first.
static int bind_to_any(const struct addrinfo *found)
{
    int fd = -1;
    errno = 0;
    for (int pass = 0; pass < 2; pass++)
        for (const struct addrinfo *a = found; a != NULL && fd < 0 && errno != EADDRINUSE;
             a = a->ai_next)
            if ((a->ai_family == AF_INET) == (pass == 0))
                fd = bind_to(a);
    return fd;
}

static void describe(int fd, char bound[LQ_ENDPOINT_TEXT])
{
    struct sockaddr_storage address = {0};
    socklen_t size = sizeof address;
    char host[LQ_ENDPOINT_TEXT / 2], port[8];
    LQ_ASSERT(getsockname(fd, (struct sockaddr *)&address, &size) == 0);
    LQ_ASSERT(getnameinfo((const struct sockaddr *)&address, size, host, sizeof host, port,
                          sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) == 0);
    snprintf(bound, LQ_ENDPOINT_TEXT,
             address.ss_family == AF_INET6 ? "tcp://[%s]:%s" : "tcp://%s:%s", host, port);
}

enum lq_status lq_tcp_listen(const char *endpoint, int *fd, char bound[LQ_ENDPOINT_TEXT])
{
    char host[LQ_ENDPOINT_TEXT], port[8];
    if (!split(endpoint, host, port))
        return lq_fault(LQ_E_INPUT, "\"%s\" is no endpoint; an endpoint is tcp://ADDRESS:PORT",
                        endpoint);
    const bool any = strcmp(host, "*") == 0;
    const struct addrinfo hints = {.ai_family = any ? AF_INET : AF_UNSPEC,
                                   .ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    const int unknown = getaddrinfo(any ? NULL : host, port, &hints, &found);
    if (unknown != 0)
        return lq_fault(LQ_E_INPUT,
                        "cannot listen at \"%s\": %s; an endpoint is tcp://ADDRESS:PORT", endpoint,
                        gai_strerror(unknown));
    *fd = bind_to_any(found);
    const int problem = errno;
    freeaddrinfo(found);
    if (*fd < 0 && problem == EADDRINUSE)
        return lq_fault(LQ_E_BUSY, "%s is taken by another process", endpoint);
    if (*fd < 0)
        return lq_fault(LQ_E_IO, "cannot listen at %s: %s", endpoint, strerror(problem));
    describe(*fd, bound);
    return LQ_OK;
}
