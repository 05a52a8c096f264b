// lq key: who may sign on. The list of keys is a file of the machine that runs the bus, so these
// commands work there only; the bus takes notice of a change by itself, at once.
#include <stdio.h>
#include <string.h>

#include "bus/keyring/roles.h"
#include "lq/admin/bundle.h"
#include "lq/admin/key.h"
#include "lq/full.h"
#include "lq/show/words.h"
#include "lq/nouns/nouns.h"

// ---------------------------------------------------------------- issue

// An address at which the bus listens everywhere leads nowhere from elsewhere.
static bool is_everywhere(const char *address)
{
    static const char *const EVERYWHERE[] = {"tcp://0.0.0.0:", "tcp://*:", "tcp://[::]:"};
    for (size_t i = 0; i < sizeof EVERYWHERE / sizeof *EVERYWHERE; i++)
        if (strncmp(address, EVERYWHERE[i], strlen(EVERYWHERE[i])) == 0)
            return true;
    return false;
}

static int find_address(struct lq_cli *cli, const char **address)
{
    *address = lq_given_text(cli, "--address");
    const int code = *address != NULL ? LQ_EXIT_DONE : lq_cli_endpoint(cli, address);
    if (code != LQ_EXIT_DONE)
        return code;
    if (strncmp(*address, "tcp://", strlen("tcp://")) != 0)
        return lq_cli_usage(cli, "--address takes tcp://HOST:PORT, not \"%s\"", *address);
    if (is_everywhere(*address))
        return lq_cli_usage(cli,
                            "%s is every address of this machine: --address says which one a "
                            "terminal is to use (tcp://10.0.0.1:7400)",
                            *address);
    if (strncmp(*address, "tcp://127.", strlen("tcp://127.")) == 0 && !cli->quiet)
        lq_cli_say("%s is reached from this machine only (--address says another)", *address);
    return LQ_EXIT_DONE;
}

static int write_bundle(struct lq_cli *cli, const struct lq_system *system,
                        const Shift__Person *person, const char *path)
{
    struct lq_bundle bundle = {.badge = person->badge, .team = person->team};
    const char *key = lq_arena_format(&cli->arena, "%s/%s.key", system->keys, person->badge);
    const int code = find_address(cli, &bundle.address);
    if (code != LQ_EXIT_DONE)
        return code;
    enum lq_status status = lq_keys_load(key, &bundle.keys);
    if (status == LQ_OK)
        status = lq_public_key_load(system->bus_public, bundle.bus_public_key);
    if (status == LQ_OK)
        status = lq_bundle_write(path, &bundle);
    lq_keys_wipe(&bundle.keys);
    return status == LQ_OK ? LQ_EXIT_DONE : lq_cli_fault(status);
}

static int issue_to(struct lq_cli *cli, const struct lq_system *system, const Shift__Person *person,
                    struct lq_output *output)
{
    const bool whole = lq_given(cli, "--bundle");
    const char *file = lq_arena_format(&cli->arena, "%s/%s.%s", system->keys, person->badge,
                                       whole ? "bundle" : "key");
    const char *what;
    int code = lq_key_make(cli, system, person, &what);
    if (code != LQ_EXIT_DONE || what == NULL)
        return code;
    if (whole)
        code = write_bundle(cli, system, person, file);
    if (code != LQ_EXIT_DONE)
        return code;
    lq_output_text(output, person->badge);
    lq_output_text(output, person->name);
    lq_output_word(output, &lq__role__descriptor, (int)person->role);
    lq_output_text(output, what);
    lq_output_text(output, file);
    return LQ_EXIT_DONE;
}

static int issue_page(struct lq_cli *cli, const struct lq_system *system,
                      const Shift__PeopleAnswer *page, struct lq_output *output)
{
    for (size_t i = 0; i < page->n_people; i++) {
        const int code = issue_to(cli, system, page->people[i], output);
        if (code != LQ_EXIT_DONE)
            return code;
    }
    return LQ_EXIT_DONE;
}

static int issue_all(struct lq_cli *cli, const struct lq_system *system, struct lq_output *output)
{
    const Shift__PeopleAnswer *page;
    const char *after = "";
    int code;
    do {
        code = lq_people_page(cli, after, &page);
        if (code == LQ_EXIT_DONE)
            code = issue_page(cli, system, page, output);
        if (code == LQ_EXIT_DONE && page->n_people > 0)
            after = page->people[page->n_people - 1]->badge;
    } while (code == LQ_EXIT_DONE && page->more);
    return code;
}

static int issue_named(struct lq_cli *cli, const struct lq_system *system, const char *badge,
                       struct lq_output *output)
{
    const Shift__Person *person;
    const int code = lq_person_find(cli, badge, &person);
    if (code != LQ_EXIT_DONE)
        return code;
    if (person != NULL)
        return issue_to(cli, system, person, output);
    lq_cli_say("%s is not on the roster; only people of the force get keys", badge);
    return LQ_EXIT_REFUSED;
}

static int run_issue(struct lq_cli *cli)
{
    const bool all = lq_given(cli, "--all");
    size_t count;
    const char *const *badges = lq_given_all(cli, "BADGE", &count);
    if (!all && count == 0)
        return lq_cli_missing(cli);
    if (all && count > 0)
        return lq_cli_too_many(cli, badges[0]);
    static const struct lq_column columns[] = {
        LQ_COLUMN("BADGE", "警号", NULL, .key = "badge", .whole = true),
        LQ_COLUMN("NAME", "姓名", NULL, .key = "name"),
        LQ_COLUMN("ROLE", "角色", NULL, .key = "role"),
        LQ_COLUMN("KEY", "密钥", NULL, .key = "what", .whole = true),
        LQ_COLUMN("KEY FILE", "密钥文件", NULL, .key = "file"),
    };
    const struct lq_system system = lq_system_at(&cli->arena, cli->data);
    int code = lq_cli_connect(cli);
    if (code != LQ_EXIT_DONE)
        return code;
    struct lq_output *output = lq_output_new(columns, sizeof columns / sizeof *columns);
    if (all)
        code = issue_all(cli, &system, output);
    for (size_t i = 0; code == LQ_EXIT_DONE && i < count; i++)
        code = issue_named(cli, &system, badges[i], output);
    if (code == LQ_EXIT_DONE)
        return lq_cli_print(cli, output);
    lq_output_free(output);
    return code;
}

// ---------------------------------------------------------------- the verbs

static const struct lq_arg ISSUE[] = {
    LQ_POSITION("BADGE", NULL, LQ_MAY, .kind = LQ_REST),
    LQ_OPTION("--all", NULL, NULL, LQ_MAY, "for everybody on the roster", "全体在册人员"),
    LQ_OPTION("--bundle", NULL, NULL, LQ_MAY,
              "one file for lq sign-on: key, bus key, address, team",
              "供 lq sign-on 的单个文件：密钥、总线公钥、地址、组"),
    LQ_OPTION("--address", "ENDPOINT", NULL, LQ_MAY,
              "where that terminal reaches the bus (default: where it listens)",
              "该终端连接总线的地址（默认总线监听处）"),
    {0},
};

static const struct lq_arg PAIR[] = {
    LQ_POSITION("BADGE", NULL, LQ_MUST),
    LQ_OPTION("--device", "NAME", NULL, LQ_MUST, "what the device is called in the list of keys",
              "该设备在密钥清单中的名称", .kind = LQ_TEXT),
    LQ_OPTION("--url", "URL", NULL, LQ_MAY,
              "where browsers find the page (default: as lianqin.yaml says)",
              "浏览器访问网页的地址（默认按 lianqin.yaml）", .kind = LQ_TEXT),
    {0},
};

static const struct lq_arg REVOKE[] = {
    LQ_POSITION("BADGE", NULL, LQ_MUST),
    LQ_OPTION("--device", "NAME", NULL, LQ_MAY, "the key of this device alone (lq key list)",
              "只吊销这台设备的密钥（见 lq key list）", .kind = LQ_TEXT),
    LQ_OPTION("--yes", NULL, NULL, LQ_MAY, "also the last administrator's, without asking",
              "最后一名管理员也吊销，不再询问"),
    {0},
};

const struct lq_verb lq_key_verbs[] = {
    LQ_VERB(
        "key", "issue", "make keys for people on the roster", "为在册人员制作密钥", ISSUE,
        .usage = "BADGE...|--all [--bundle]",
        .notes = {"The private half is DIR/keys/BADGE.key (or BADGE.bundle): take it to that "
                  "person's\nterminal and nowhere else. There, lq sign-on BADGE.bundle is all that "
                  "is to be done.\n",
                  "私钥在 DIR/keys/BADGE.key（或 BADGE.bundle）：只可送到本人的终端，\n"
                  "在那里执行 lq sign-on BADGE.bundle 即可。\n"},
        .run = run_issue),
    LQ_VERB(
        "key", "pair", "register a phone or browser, which makes a key of its own",
        "登记手机或浏览器，由其自行生成密钥", PAIR,
        .notes = {"Draws a QR code of a link that is good for ten minutes, once. The device shows "
                  "a number of\ntwelve digits; y here, where the same stands, lets its key in. "
                  "No secret half travels.\n",
                  "显示一个十分钟内有效、只能用一次的链接及其二维码。设备打开后显示十二位核对码，\n"
                  "与此处一致时按 y 即登记其密钥。私钥不离开该设备。\n"},
        .run = lq_key_pair),
    LQ_VERB("key", "revoke", "shut out the keys of a person, all or one device's, at once",
            "立即吊销一人的密钥：全部或一台设备的", REVOKE, .run = lq_key_revoke),
    LQ_VERB("key", "list", "who may sign on, as what, and what the roster says",
            "谁可以以何角色登录，名册如何登记", NULL, .run = lq_key_list),
    {0},
};
