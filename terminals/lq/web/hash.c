// lq web hash: what the page's files are, to be compared with what a browser got: whoever serves
// the page could serve another (docs/security.md).
#include <stdio.h>
#include <string.h>

#include "base/sha256.h"
#include "config/settings.h"
#include "lq/web/hash.h"
#include "runtime/system.h"
#include "web/host/site.h"

static enum lq_status find_directory(struct lq_cli *cli, const char **out)
{
    struct lq_settings settings;
    const struct lq_system system = lq_system_at(&cli->arena, cli->data);
    const char *path = lq_arena_format(&cli->arena, "%s/lianqin.yaml", system.config);
    *out = lq_given_text(cli, "DIR");
    if (*out != NULL)
        return LQ_OK;
    enum lq_status status = lq_settings_load(path, &cli->arena, &settings);
    if (status == LQ_E_MISSING) // no system here: the page is where it is installed
        status = lq_settings_load(NULL, &cli->arena, &settings);
    if (status == LQ_OK)
        *out = *settings.web.page != '\0' ? settings.web.page : site_beside(&cli->arena);
    return status;
}

// One hash of all: of the lines that sha256sum would print of the files, in their order.
static void print_all(struct lq_cli *cli, const struct site *site)
{
    char hash[LQ_SHA256_HEX + 1];
    const char *lines = "";
    for (size_t i = 0; i < site->count; i++)
        lines = lq_arena_format(&cli->arena, "%s%s  %s\n", lines,
                                lq_sha256_text(site->files[i].plain.bytes, hash),
                                site->files[i].path + 1);
    printf(lq_tr("all of them: %s\n"), lq_sha256_text(lq_span_text(lines), hash));
}

int lq_web_hash(struct lq_cli *cli)
{
    static const struct lq_column columns[] = {
        LQ_COLUMN("FILE", "文件", NULL, .key = "file", .whole = true),
        LQ_COLUMN("SHA-256", "SHA-256", NULL, .key = "sha256", .whole = true),
    };
    struct site site;
    const char *directory;
    char hash[LQ_SHA256_HEX + 1];
    enum lq_status status = find_directory(cli, &directory);
    if (status == LQ_OK)
        status = site_load(&cli->arena, directory, NULL, 0, NULL, &site);
    if (status == LQ_E_MISSING)
        lq_cli_say("there is no page to look at (scripts/web-page builds it)");
    if (status != LQ_OK)
        return lq_cli_fault(status);
    struct lq_output *output = lq_output_new(columns, sizeof columns / sizeof *columns);
    for (size_t i = 0; i < site.count; i++) {
        lq_output_text(output, site.files[i].path);
        lq_output_text(output, lq_sha256_text(site.files[i].plain.bytes, hash));
    }
    const int code = lq_cli_print(cli, output);
    if (code == LQ_EXIT_DONE && cli->format == LQ_FORMAT_TABLE)
        print_all(cli, &site);
    return code;
}
