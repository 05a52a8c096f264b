// lq evidence: the files that are kept, and reading them.
#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "evidence.pb-c.h"
#include "lq/evidence/download.h"
#include "lq/evidence/files.h"
#include "lq/evidence/upload.h"
#include "lq/nouns/nouns.h"
#include "lq/show/words.h"
#include "pb/build.h"

// ---------------------------------------------------------------- which file

enum { HASH_LEAST = 8 };

static bool is_hash(const char *text)
{
    const size_t size = strlen(text);
    return size >= HASH_LEAST && size <= LQ_SHA256_HEX && strspn(text, "0123456789abcdef") == size;
}

// The first digits stand for a hash where no other begins so.
static int find_by_hash(struct lq_cli *cli, const char *typed, const char **sha256)
{
    Evidence__ListFiles question = EVIDENCE__LIST_FILES__INIT;
    const ProtobufCMessage *answer;
    *sha256 = typed;
    if (lq_sha256_is_hex(typed))
        return LQ_EXIT_DONE;
    question.after = lq_unconst(typed);
    question.limit = 2;
    const int code = lq_evidence_ask(cli, &cli->arena, "files", &question.base, &answer);
    if (code != LQ_EXIT_DONE)
        return code;
    const Evidence__FilesAnswer *found = (const void *)answer;
    size_t fit = 0;
    while (fit < found->n_files && strncmp(found->files[fit]->sha256, typed, strlen(typed)) == 0)
        fit++;
    if (fit == 1)
        *sha256 = found->files[0]->sha256;
    else if (fit == 0)
        lq_cli_fail("there is no file whose hash begins with %s, or it is not for you", typed);
    else
        lq_cli_fail("several files have a hash that begins with %s: type more of it", typed);
    return fit == 1 ? LQ_EXIT_DONE : LQ_EXIT_REFUSED;
}

static int find_of_thing(struct lq_cli *cli, const char **sha256)
{
    struct lq_named_thing of;
    const Rules__Thing *thing;
    const char *typed = lq_given_text(cli, "N");
    if (lq_given_text(cli, "NUMBER") == NULL)
        return lq_cli_usage(cli, "\"%s\" is no hash of a file; of a thing, say its kind and number",
                            lq_given_text(cli, "HASH|KIND"));
    if (!lq_thing_typed(cli, lq_given_text(cli, "HASH|KIND"), lq_given_text(cli, "NUMBER"), &of))
        return LQ_EXIT_USAGE;
    const int code = lq_files_ask(cli, &of, &thing);
    if (code != LQ_EXIT_DONE)
        return code;
    const unsigned long wanted = typed != NULL ? strtoul(typed, NULL, 10) : 0;
    for (size_t i = 0; i < thing->n_files; i++)
        if (typed != NULL ? thing->files[i]->file == wanted : thing->n_files == 1) {
            *sha256 = thing->files[i]->sha256;
            return LQ_EXIT_DONE;
        }
    if (thing->n_files > 1 && typed == NULL)
        return lq_cli_usage(cli, "%s %s has %zu files: say which, 1 to %zu",
                            lq_thing_word(of.thing->kind), of.number, thing->n_files,
                            thing->n_files);
    lq_cli_fail("%s %s has no such file; it has %zu", lq_thing_word(of.thing->kind), of.number,
                thing->n_files);
    return LQ_EXIT_REFUSED;
}

static int run_get(struct lq_cli *cli)
{
    const char *what = lq_given_text(cli, "HASH|KIND"), *sha256 = "";
    int code = lq_cli_connect(cli);
    if (code == LQ_EXIT_DONE)
        code = is_hash(what) ? find_by_hash(cli, what, &sha256) : find_of_thing(cli, &sha256);
    return code == LQ_EXIT_DONE
               ? lq_download(cli, sha256, lq_given_text(cli, "--to"), lq_given(cli, "--force"))
               : code;
}

// ---------------------------------------------------------------- the list

static void add_hash(struct lq_output *output, const void *row)
{
    char shown[LQ_HASH_SHOWN + 1] = {0};
    strncpy(shown, ((const Evidence__File *)row)->sha256, LQ_HASH_SHOWN);
    lq_output_text(output, shown);
}

static const struct lq_column FILES[] = {
    LQ_COLUMN("HASH", "校验值", NULL, .cell = add_hash, .whole = true),
    LQ_COLUMN("TYPE", "类型", "type"),
    LQ_COLUMN("BYTES", "字节", "bytes", .right = true),
    LQ_COLUMN("KEPT", "保存", "kept_at_ms", .whole = true),
    LQ_COLUMN("NAME", "文件名", "name"),
    {0},
};

static const struct lq_arg LIST[] = {
    LQ_OPTION("--type", "TYPE", "type", LQ_SHOWN, "jpeg, png, heic, tiff, pdf, mp4 or mov",
              "jpeg、png、heic、tiff、pdf、mp4 或 mov"),
    LQ_LIMIT_OPTION,
    {0},
};

static const struct lq_arg GET[] = {
    LQ_POSITION("HASH|KIND", NULL, LQ_MUST),
    LQ_POSITION("NUMBER", NULL, LQ_MAY),
    LQ_POSITION("N", NULL, LQ_MAY),
    LQ_OPTION("--to", "FILE", NULL, LQ_MUST, "where it is put, once its hash was found right",
              "存到何处，核对校验值无误后才以此命名", .kind = LQ_TEXT),
    LQ_OPTION("--force", NULL, NULL, LQ_MAY, "replace a file that is there", "覆盖已有的文件",
              .kind = LQ_FLAG),
    {0},
};

const struct lq_verb lq_evidence_verbs[] = {
    LQ_VERB("evidence", "list", "the photographs, scans and recordings that are kept",
            "已保存的照片、扫描件和录像", LIST, LQ_ASKS_FOR("evidence", "files"), .columns = FILES),
    LQ_VERB("evidence", "get", "read a file, and verify it", "取出文件并核对", GET, .run = run_get,
            .needs = {"where is it to be put? --to FILE", "存到何处？--to FILE"},
            .notes = {"  HASH: its first digits, 8 at least, as lists show them. KIND NUMBER: of "
                      "what it is attached to, and\n  which of its files, if it has several.\n",
                      "  HASH：校验值的前几位，至少 8 位，如列表所示。KIND NUMBER：所附事项，"
                      "有多件时再加序号。\n"}),
    {0},
};
