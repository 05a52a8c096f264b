// lq web cert: the certificates of the page, made where they are missing, made anew where they do
// not fit any more.
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/time.h"
#include "config/settings.h"
#include "lq/full.h"
#include "lq/web/certificate.h"
#include "runtime/system.h"

enum { RENEW_BEFORE_DAYS = 30 };
static const int64_t DAY_MS = 24 * 3600 * 1000LL;

struct web_cert {
    struct lq_cli *cli;
    struct lq_certificate_files files;
    struct lq_certificate_names names;
};

static enum lq_status prepare(struct web_cert *w, const char *settings_path)
{
    struct lq_arena *arena = &w->cli->arena;
    const struct lq_system system = lq_system_at(arena, w->cli->data);
    const char *web = lq_arena_format(arena, "%s/web", system.data);
    struct lq_settings settings;
    const enum lq_status status = lq_settings_load(settings_path, arena, &settings);
    if (status != LQ_OK)
        return status;
    w->names = (struct lq_certificate_names){settings.web.names.items, settings.web.names.count};
    if (w->names.count == 0)
        return lq_fault(LQ_E_INPUT,
                        "%s: web.names lists no name by which browsers reach this machine, for "
                        "example [10.0.0.5]",
                        settings_path);
    w->files = (struct lq_certificate_files){
        .authority = lq_arena_format(arena, "%s/web-authority.pem", system.keys),
        .shown = lq_arena_format(arena, "%s/authority.pem", web),
        .server = lq_arena_format(arena, "%s/server.pem", web)};
    return lq_make_directory(web, 0755);
}

// An authority that is there stays: every terminal would have to be told of another.
static enum lq_status keep_authority(struct web_cert *w)
{
    struct lq_arena *arena = &w->cli->arena;
    const char *lacks;
    if (access(w->files.authority, F_OK) != 0 || lq_given(w->cli, "--new-authority"))
        return lq_certificate_make_authority(arena, &w->files, w->names, lq_wall_ms());
    const enum lq_status status = lq_certificate_lacks(w->files.authority, arena, w->names, &lacks);
    if (status == LQ_OK && lacks != NULL)
        return lq_fault(LQ_E_INPUT,
                        "the authority in %s cannot vouch for %s; lq web cert --new-authority "
                        "makes one that can, which every terminal then has to be told to trust",
                        w->files.authority, lacks);
    return status == LQ_OK ? lq_certificate_show(arena, &w->files) : status;
}

static enum lq_status server_fits(struct web_cert *w, bool *fits)
{
    struct lq_arena *arena = &w->cli->arena;
    struct lq_certificate server;
    const char *lacks = NULL;
    enum lq_status status = lq_certificate_read(w->files.server, arena, &server);
    if (status == LQ_OK)
        status = lq_certificate_lacks(w->files.server, arena, w->names, &lacks);
    *fits = status == LQ_OK && lacks == NULL && !lq_given(w->cli, "--new-authority") &&
            server.until_ms - lq_wall_ms() > RENEW_BEFORE_DAYS * DAY_MS;
    return status == LQ_E_MISSING || status == LQ_E_INPUT ? LQ_OK : status;
}

static enum lq_status show(struct web_cert *w)
{
    struct lq_arena *arena = &w->cli->arena;
    struct lq_certificate authority, server;
    char authority_until[LQ_TIME_TEXT], server_until[LQ_TIME_TEXT];
    enum lq_status status = lq_certificate_read(w->files.shown, arena, &authority);
    if (status == LQ_OK)
        status = lq_certificate_read(w->files.server, arena, &server);
    if (status != LQ_OK)
        return status;
    printf(lq_tr("for the terminals to trust: %s (until %s)\n  SHA-256 %s\n"), w->files.shown,
           lq_format_local(authority.until_ms, authority_until), authority.fingerprint);
    printf(lq_tr("of the page's server: %s (until %s; lq up makes it anew in time)\n"),
           w->files.server, lq_format_local(server.until_ms, server_until));
    return LQ_OK;
}

int lq_web_cert(struct lq_cli *cli)
{
    struct web_cert w = {.cli = cli};
    bool fits = false;
    enum lq_status status =
        prepare(&w, lq_arena_format(&cli->arena, "%s/config/lianqin.yaml", cli->data));
    if (status == LQ_OK)
        status = keep_authority(&w);
    if (status == LQ_OK)
        status = server_fits(&w, &fits);
    if (status == LQ_OK && !fits)
        status = lq_certificate_make_server(&cli->arena, &w.files, w.names, lq_wall_ms());
    if (status == LQ_OK && !cli->quiet)
        status = show(&w);
    return status == LQ_OK ? LQ_EXIT_DONE : lq_cli_fault(status);
}
