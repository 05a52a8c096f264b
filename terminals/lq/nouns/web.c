// lq web: what the page for browsers needs on this machine.
#include "lq/full.h"
#include "lq/nouns/nouns.h"
#include "lq/web/hash.h"

static const struct lq_arg CERT[] = {
    LQ_OPTION("--new-authority", NULL, NULL, LQ_MAY,
              "another authority: every terminal has to be told to trust it",
              "另建证书机构：每台终端都须重新信任", .kind = LQ_FLAG),
    {0},
};

static const struct lq_arg HASH[] = {
    LQ_POSITION("DIR", NULL, LQ_MAY),
    {0},
};

const struct lq_verb lq_web_verbs[] = {
    LQ_VERB("web", "cert", "certificates for the page, for the names in lianqin.yaml (web.names)",
            "为网页签发证书，名称见 lianqin.yaml 的 web.names", CERT,
            .notes = {"  The authority can vouch for these names and nothing else; its certificate "
                      "goes to every terminal once.\n  What is there and fits is kept.\n",
                      "  该证书机构只能为这些名称作证，其证书须一次性装到每台终端上。"
                      "已有且适用的予以保留。\n"},
            .run = lq_web_cert),
    LQ_VERB(
        "web", "hash", "SHA-256 of each file of the page, to compare with what a browser got",
        "网页各文件的 SHA-256，供与浏览器收到的文件核对", HASH,
        .notes =
            {"  Of the page in DIR, else of the one that lianqin-web hands out here. To compare: "
             "fetch\n"
             "  https://NAME:PORT/FILE on another machine, and take its sha256sum.\n",
             "  DIR 中的网页，未给出时为本机 lianqin-web 提供的网页。核对方法：在另一台机器上取得\n"
             "  https://NAME:PORT/文件，用 sha256sum 计算后比较。\n"},
        .run = lq_web_hash),
    {0},
};
