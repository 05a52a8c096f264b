// Addresses that this machine listens at.
#include "lq/admin/address.h"

#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

enum { TAKEN_MS = 500 }; // that an address may still be held by a program that is ending

// False where it is no such text or the port is open: the bus will say what is wrong with it, or
// finds a port.
bool lq_address_read(const char *endpoint, struct addrinfo **found)
{
    char host[128], port[8];
    const char *colon = strrchr(endpoint, ':');
    const size_t prefix = strncmp(endpoint, "tcp://", 6) == 0 ? 6 : 0;
    if (colon == NULL || colon <= endpoint + prefix)
        return false;
    snprintf(port, sizeof port, "%s", colon + 1);
    snprintf(host, sizeof host, "%.*s", (int)(colon - endpoint - (ptrdiff_t)prefix),
             endpoint + prefix);
    char *name = host;
    if (*host == '[') {
        name++;
        host[strlen(host) - 1] = '\0';
    }
    const bool any = strcmp(name, "*") == 0;
    const struct addrinfo hints = {.ai_family = any ? AF_INET : AF_UNSPEC,
                                   .ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV};
    return strcmp(port, "*") != 0 && strcmp(port, "0") != 0 &&
           getaddrinfo(any ? NULL : name, port, &hints, found) == 0;
}

// Does some other program listen there?
static bool is_taken(const char *endpoint)
{
    struct addrinfo *address;
    if (!lq_address_read(endpoint, &address))
        return false;
    const int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
    bool taken = false;
    if (fd >= 0) {
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        if (address->ai_family == AF_INET6)
            setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
        taken = bind(fd, address->ai_addr, address->ai_addrlen) != 0 && errno == EADDRINUSE;
        close(fd);
    }
    freeaddrinfo(address);
    return taken;
}

enum lq_status lq_address_check_free(const char *endpoint, const char *where)
{
    const int64_t until = lq_steady_ms() + TAKEN_MS;
    while (is_taken(endpoint)) {
        if (lq_steady_ms() >= until)
            return lq_fault(LQ_E_BUSY,
                            "%s is taken by another program; end that one, or choose another "
                            "address (%s)",
                            endpoint, where);
        nanosleep(&(struct timespec){.tv_nsec = 100 * 1000 * 1000}, NULL);
    }
    return LQ_OK;
}
