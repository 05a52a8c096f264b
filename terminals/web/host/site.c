#include "web/host/site.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/file.h"
#include "base/sha256.h"

enum {
    FILE_MOST = 16 * 1024 * 1024,
    OUTLINE_MOST = 4 * 1024 * 1024,
    FILES_MOST = 1024,
    DEPTH_MOST = 8,
    TAG_DIGITS = 20
};

// ---------------------------------------------------------------- headers

static const char *type_of(const char *path)
{
    static const struct {
        const char *end, *type;
    } types[] = {
        {".html", "text/html; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".css", "text/css; charset=utf-8"},
        {".json", "application/json"},
        {".webmanifest", "application/manifest+json"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".ico", "image/x-icon"},
        {".txt", "text/plain; charset=utf-8"},
        {".csv", "text/csv; charset=utf-8"},
        {".geojson", "application/geo+json"},
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (lq_ends_with(path, types[i].end))
            return types[i].type;
    return "application/octet-stream";
}

// Nothing but our own files, nothing inline, nothing made of text; no frame around us.
static const char *security_of(struct lq_arena *arena, const char *const *names, size_t name_count)
{
    const char *sockets = "";
    for (size_t i = 0; i < name_count; i++)
        sockets = lq_arena_format(arena, "%s wss://%s", sockets, names[i]);
    return lq_arena_format(
        arena,
        "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; "
        "img-src 'self' blob: data:; connect-src 'self'%s; worker-src 'self'; manifest-src 'self'; "
        "form-action 'none'; frame-ancestors 'none'; base-uri 'none'; "
        "require-trusted-types-for 'script'; trusted-types lq\r\n"
        "X-Content-Type-Options: nosniff\r\n"
        "Referrer-Policy: no-referrer\r\n"
        "Cross-Origin-Opener-Policy: same-origin\r\n"
        "Cross-Origin-Resource-Policy: same-origin\r\n"
        "Permissions-Policy: geolocation=(self), camera=(self), microphone=(), payment=(), "
        "usb=()\r\n",
        sockets);
}

// "/desk-VPTLITK5.js", as esbuild names what it makes: by its content. Another content has another
// name.
static bool is_named_by_content(const char *path)
{
    enum { HASH = 8 };
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"; // RFC 4648, section 6
    const char *hyphen = strrchr(path, '-'), *end = strrchr(path, '.');
    return hyphen != NULL && end != NULL && end - hyphen == 1 + HASH &&
           strspn(hyphen + 1, digits) == HASH &&
           (strcmp(end, ".js") == 0 || strcmp(end, ".css") == 0);
}

static struct site_body body_of(struct lq_arena *arena, const struct site *site, const char *path,
                                struct lq_span bytes, bool packed)
{
    char digits[LQ_SHA256_HEX + 1];
    const char *tag = lq_arena_format(arena, "\"%.*s%s\"", TAG_DIGITS,
                                      lq_sha256_text(bytes, digits), packed ? "-gz" : "");
    const char *keeping =
        is_named_by_content(path) ? "public, max-age=31536000, immutable" : "no-cache";
    return (struct site_body){
        .bytes = bytes,
        .tag = tag,
        .keeping = keeping,
        .head = lq_arena_format(arena,
                                "Content-Type: %s\r\nContent-Length: %zu\r\nETag: %s\r\n"
                                "Cache-Control: %s\r\nVary: Accept-Encoding\r\n%s%s\r\n",
                                type_of(path), bytes.size, tag, keeping,
                                packed ? "Content-Encoding: gzip\r\n" : "", site->security),
    };
}

// ---------------------------------------------------------------- reading

static struct site_file *file_of(struct lq_arena *arena, struct site *site, const char *path)
{
    for (size_t i = 0; i < site->count; i++)
        if (strcmp(site->files[i].path, path) == 0)
            return &site->files[i];
    struct site_file *file = &site->files[site->count++];
    file->path = lq_arena_text(arena, path);
    return file;
}

static enum lq_status add_file(struct lq_arena *arena, struct site *site, const char *at,
                               const char *path)
{
    struct lq_span bytes;
    if (site->count + 2 >= FILES_MOST) // for what the county says
        return lq_fault(LQ_E_INPUT, "%s: a page has at most %d files", at, FILES_MOST);
    const enum lq_status status = lq_file_load(at, FILE_MOST, arena, &bytes);
    if (status != LQ_OK)
        return status;
    const bool packed = lq_ends_with(path, ".gz");
    const char *name =
        packed ? lq_arena_format(arena, "%.*s", (int)(strlen(path) - 3), path) : path;
    struct site_file *file = file_of(arena, site, name);
    *(packed ? &file->packed : &file->plain) = body_of(arena, site, name, bytes, packed);
    site->bytes += bytes.size;
    return LQ_OK;
}

// `path` is that of the directory in the page: "" at the top.
static enum lq_status add_directory(struct lq_arena *arena, struct site *site, const char *at,
                                    const char *path, int depth)
{
    enum lq_status status = LQ_OK;
    DIR *directory = opendir(at);
    if (directory == NULL)
        return lq_fault(errno == ENOENT ? LQ_E_MISSING : LQ_E_IO, "cannot open %s: %s", at,
                        strerror(errno));
    for (const struct dirent *entry; status == LQ_OK && (entry = readdir(directory)) != NULL;) {
        struct stat about;
        const char *inner = lq_arena_format(arena, "%s/%s", at, entry->d_name),
                   *name = lq_arena_format(arena, "%s/%s", path, entry->d_name);
        if (entry->d_name[0] == '.' || lstat(inner, &about) != 0)
            continue;
        if (S_ISREG(about.st_mode))
            status = add_file(arena, site, inner, name);
        else if (S_ISDIR(about.st_mode) && depth < DEPTH_MOST)
            status = add_directory(arena, site, inner, name, depth + 1);
    }
    closedir(directory);
    return status;
}

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct site_file *)a)->path, ((const struct site_file *)b)->path);
}

static void begin(struct lq_arena *arena, const char *const *names, size_t name_count,
                  struct site *site)
{
    *site = (struct site){.files = LQ_NEW_ARRAY(arena, struct site_file, FILES_MOST),
                          .security = security_of(arena, names, name_count)};
}

// A packed file without its plain one has nothing for a browser that takes no gzip.
static void drop_lone_packed(struct site *site)
{
    size_t kept = 0;
    for (size_t i = 0; i < site->count; i++)
        if (site->files[i].plain.tag != NULL)
            site->files[kept++] = site->files[i];
    site->count = kept;
}

static enum lq_status add_county(struct lq_arena *arena, struct site *site,
                                 const struct site_county *county)
{
    static const char none[] = "{\"type\":\"FeatureCollection\",\"features\":[]}";
    struct lq_span bytes = lq_span_text(none);
    const enum lq_status status = *county->outline == '\0'
                                      ? LQ_OK
                                      : lq_file_load(county->outline, OUTLINE_MOST, arena, &bytes);
    if (status != LQ_OK)
        return lq_fault(LQ_E_INPUT, "web.outline: %s", lq_fault_text());
    struct site_file *file = file_of(arena, site, "/outline.geojson");
    file->plain = body_of(arena, site, file->path, bytes, false);
    file = file_of(arena, site, "/words.json");
    file->plain = body_of(arena, site, file->path, lq_span_text(county->words), false);
    return LQ_OK;
}

enum lq_status site_load(struct lq_arena *arena, const char *directory, const char *const *names,
                         size_t name_count, const struct site_county *county, struct site *site)
{
    begin(arena, names, name_count, site);
    enum lq_status status = add_directory(arena, site, directory, "", 0);
    if (status == LQ_OK && county != NULL)
        status = add_county(arena, site, county);
    if (status != LQ_OK)
        return status;
    drop_lone_packed(site);
    qsort(site->files, site->count, sizeof *site->files, compare);
    if (site_find(site, "/") == NULL)
        return lq_fault(LQ_E_MISSING, "%s has no index.html", directory);
    return LQ_OK;
}

void site_missing(struct lq_arena *arena, const char *const *names, size_t name_count,
                  struct site *site)
{
    begin(arena, names, name_count, site);
    static const char text[] =
        "<!doctype html>\n<html lang=\"zh-CN\"><meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width\">\n<title>联勤</title>\n"
        "<h1>网页尚未构建</h1>\n"
        "<p>总线和各服务照常运行，只缺网页文件。请在源码目录执行 <code>scripts/run</code> 或 "
        "<code>scripts/web-page</code>，然后重新启动；日志中有查找的目录。</p>\n"
        "<h1 lang=\"en\">The page has not been built</h1>\n"
        "<p lang=\"en\">The bus and the services run as ever; only the files of the page are "
        "missing. Run <code>scripts/run</code> or <code>scripts/web-page</code> in the source "
        "folder, "
        "then start again; the log has the folder that was looked at.</p>\n</html>\n";
    struct site_file *file = file_of(arena, site, "/index.html");
    file->plain = body_of(arena, site, file->path, lq_span_text(text), false);
}

// ---------------------------------------------------------------- finding

static const struct site_file *exactly(const struct site *site, const char *path)
{
    const struct site_file key = {.path = path};
    return bsearch(&key, site->files, site->count, sizeof key, compare);
}

const struct site_file *site_find(const struct site *site, const char *path)
{
    enum { NAME_MOST = 64 };
    char name[NAME_MOST + 8];
    if (path[0] != '/')
        return NULL;
    const struct site_file *file = exactly(site, path);
    const size_t size = strcspn(path + 1, "/");
    if (file != NULL || size > NAME_MOST)
        return file;
    snprintf(name, sizeof name, "/%.*s.html", (int)(size > 0 ? size : strlen("index")),
             size > 0 ? path + 1 : "index");
    return size > 0 || path[1] == '\0' ? exactly(site, name) : NULL;
}

const char *site_beside(struct lq_arena *arena)
{
    static const char *const places[] = {"share/lianqin/web", "web"};
    char self[4096];
    const ssize_t size = readlink("/proc/self/exe", self, sizeof self - 1);
    const char *place = "web";
    LQ_ASSERT(size > 0);
    self[size] = '\0';
    *strrchr(self, '/') = '\0'; // the folder, and then the one above it
    *strrchr(self, '/') = '\0';
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        place = lq_arena_format(arena, "%s/%s", self, places[i]);
        if (access(place, R_OK) == 0)
            break;
    }
    return place;
}
