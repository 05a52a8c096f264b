// The loop over all connections, and their transports. Reads and writes are one system call each
// as long as the socket takes and gives everything, which on loopback it does.
#include "wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "resp.h"
#include "zmtp.h"

struct wire {
    struct wire_config config;
    struct wire_loop *loop;
    struct wire *next, *next_dirty;
    int fd;
    bool ready, broken, dirty; // dirty: in the list of those with something to write
    struct lq_buffer in, out;
    struct zmtp zmtp;
    SSL *ssl;
};

struct wire_loop {
    int epoll;
    struct wire *first, *dirty;
    SSL_CTX *tls;
};

double wire_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

struct wire_loop *wire_loop_new(void)
{
    struct wire_loop *loop = calloc(1, sizeof *loop);
    LQ_ASSERT(loop != NULL && (loop->epoll = epoll_create1(EPOLL_CLOEXEC)) >= 0);
    return loop;
}

static bool is_zmtp(const struct wire *wire)
{
    return wire->config.kind == WIRE_ZMTP_PLAIN || wire->config.kind == WIRE_ZMTP_CURVE;
}

const struct wire_config *wire_config(const struct wire *wire)
{
    return &wire->config;
}

bool wire_ready(const struct wire *wire)
{
    return wire->ready && !wire->broken;
}

bool wire_broken(const struct wire *wire)
{
    return wire->broken;
}

// ---------------------------------------------------------------- opening and closing

static void mark_dirty(struct wire *wire)
{
    if (wire->dirty)
        return;
    wire->dirty = true;
    wire->next_dirty = wire->loop->dirty;
    wire->loop->dirty = wire;
}

static void start_tls(struct wire *wire)
{
    struct wire_loop *loop = wire->loop;
    if (loop->tls == NULL)
        loop->tls = SSL_CTX_new(TLS_client_method());
    wire->ssl = SSL_new(loop->tls);
    LQ_ASSERT(wire->ssl != NULL && SSL_set_fd(wire->ssl, wire->fd) == 1);
    SSL_set_connect_state(wire->ssl);
    SSL_set_mode(wire->ssl, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

// Connects waiting: on loopback that is at once, or the backlog is full and it takes a moment.
struct wire *wire_open(struct wire_loop *loop, const struct wire_config *config)
{
    struct wire *wire = calloc(1, sizeof *wire);
    LQ_ASSERT(wire != NULL);
    wire->config = *config;
    wire->loop = loop;
    wire->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const struct sockaddr_in address = {.sin_family = AF_INET,
                                        .sin_port = htons((uint16_t)config->port),
                                        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int yes = 1;
    LQ_ASSERT(wire->fd >= 0);
    wire->broken = connect(wire->fd, (const struct sockaddr *)&address, sizeof address) != 0;
    setsockopt(wire->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = wire};
    LQ_ASSERT(fcntl(wire->fd, F_SETFL, O_NONBLOCK) == 0);
    LQ_ASSERT(epoll_ctl(loop->epoll, EPOLL_CTL_ADD, wire->fd, &event) == 0);
    wire->next = loop->first;
    loop->first = wire;
    if (is_zmtp(wire))
        zmtp_start(&wire->zmtp, config->kind == WIRE_ZMTP_CURVE ? config->keys : NULL, &wire->out);
    else if (config->kind == WIRE_RESP_TLS)
        start_tls(wire);
    else
        wire->ready = true;
    mark_dirty(wire);
    return wire;
}

static void free_wire(struct wire *wire)
{
    if (wire->ssl != NULL)
        SSL_free(wire->ssl);
    close(wire->fd);
    free(wire->in.bytes);
    free(wire->out.bytes);
    free(wire);
}

static void unlink_from(struct wire **list, const struct wire *wire, size_t next)
{
    while (*list != NULL && *list != wire)
        list = (struct wire **)(void *)((char *)*list + next);
    if (*list != NULL)
        *list = *(struct wire **)(void *)((char *)*list + next);
}

void wire_close(struct wire *wire)
{
    unlink_from(&wire->loop->first, wire, offsetof(struct wire, next));
    unlink_from(&wire->loop->dirty, wire, offsetof(struct wire, next_dirty));
    free_wire(wire);
}

void wire_loop_free(struct wire_loop *loop)
{
    for (struct wire *next, *wire = loop->first; wire != NULL; wire = next) {
        next = wire->next;
        free_wire(wire);
    }
    SSL_CTX_free(loop->tls);
    close(loop->epoll);
    free(loop);
}

// ---------------------------------------------------------------- bytes

// Like write(2) and read(2): -1 with errno, EAGAIN if it would wait.
static ssize_t tls_result(struct wire *wire, int result)
{
    if (result > 0)
        return result;
    const int error = SSL_get_error(wire->ssl, result);
    errno = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? EAGAIN : EIO;
    ERR_clear_error();
    return error == SSL_ERROR_ZERO_RETURN ? 0 : -1;
}

static ssize_t put_bytes(struct wire *wire, struct lq_span bytes)
{
    if (wire->ssl != NULL)
        return tls_result(wire, SSL_write(wire->ssl, bytes.data, (int)bytes.size));
    return send(wire->fd, bytes.data, bytes.size, MSG_NOSIGNAL);
}

static ssize_t get_bytes(struct wire *wire, uint8_t *bytes, size_t size)
{
    if (wire->ssl != NULL)
        return tls_result(wire, SSL_read(wire->ssl, bytes, (int)size));
    return recv(wire->fd, bytes, size, 0);
}

static void flush(struct wire *wire)
{
    if (wire->ssl != NULL && !wire->ready) {
        const int result = SSL_do_handshake(wire->ssl);
        wire->ready = result == 1;
        if (result != 1 && tls_result(wire, result) <= 0 && errno != EAGAIN)
            wire->broken = true;
        if (!wire->ready)
            return;
    }
    for (struct lq_span left; !wire->broken && (left = lq_buffer_span(&wire->out)).size > 0;) {
        const ssize_t size = put_bytes(wire, left);
        if (size < 0 && errno == EAGAIN)
            return; // EPOLLOUT will tell
        wire->broken = size <= 0;
        if (size > 0)
            wire->out.begin += (size_t)size;
    }
}

void wire_send(struct wire *wire, struct lq_span message)
{
    LQ_ASSERT(wire->ready);
    if (wire->broken)
        return;
    if (is_zmtp(wire))
        zmtp_send(&wire->zmtp, &wire->out, message);
    else
        lq_buffer_add(&wire->out, message.data, message.size);
    mark_dirty(wire);
}

static void hear_zmtp(struct wire *wire)
{
    struct lq_span message;
    while (zmtp_take(&wire->zmtp, &wire->in, &wire->out, &message)) {
        wire->ready = wire->zmtp.state == ZMTP_OPEN;
        if (message.data != NULL)
            wire->config.heard(wire, message);
    }
    wire->broken = wire->broken || wire->zmtp.state == ZMTP_FAILED;
    if (lq_buffer_span(&wire->out).size > 0)
        mark_dirty(wire);
}

static void hear_resp(struct wire *wire)
{
    for (size_t size; (size = resp_size(lq_buffer_span(&wire->in))) > 0;) {
        const struct lq_span message = lq_span(wire->in.bytes + wire->in.begin, size);
        wire->in.begin += size;
        wire->config.heard(wire, message);
    }
}

static void take_input(struct wire *wire)
{
    enum { CHUNK = 16 * 1024 };
    if (wire->ssl != NULL && !wire->ready) {
        flush(wire);
        if (!wire->ready)
            return;
    }
    for (;;) {
        const ssize_t size = get_bytes(wire, lq_buffer_reserve(&wire->in, CHUNK), CHUNK);
        if (size > 0)
            wire->in.end += (size_t)size;
        else
            wire->broken = size == 0 || errno != EAGAIN;
        if (size > 0 && is_zmtp(wire))
            hear_zmtp(wire);
        else if (size > 0)
            hear_resp(wire);
        // A socket that gave less than it was asked for is empty; TLS may hold more.
        if (size <= 0 || (wire->ssl == NULL && size < CHUNK) || wire->broken)
            return;
    }
}

// ---------------------------------------------------------------- the loop

static void flush_dirty(struct wire_loop *loop)
{
    struct wire *wire = loop->dirty;
    loop->dirty = NULL;
    for (struct wire *next; wire != NULL; wire = next) {
        next = wire->next_dirty;
        wire->dirty = false;
        flush(wire);
    }
}

void wire_turn(struct wire_loop *loop, int wait_ms)
{
    struct epoll_event events[256];
    flush_dirty(loop);
    const int count = epoll_wait(loop->epoll, events, 256, wait_ms);
    for (int i = 0; i < count; i++) {
        struct wire *wire = events[i].data.ptr;
        if ((events[i].events & EPOLLOUT) != 0)
            flush(wire);
        if ((events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0)
            take_input(wire);
    }
    flush_dirty(loop);
}

static bool all_ready(const struct wire_loop *loop)
{
    for (const struct wire *wire = loop->first; wire != NULL; wire = wire->next)
        if (!wire_ready(wire))
            return false;
    return true;
}

bool wire_wait_ready(struct wire_loop *loop, double seconds)
{
    const double until = wire_now() + seconds;
    while (!all_ready(loop) && wire_now() < until)
        wire_turn(loop, 10);
    return all_ready(loop);
}
