// lq backup and lq restore, as they are typed.
#include "lq/full.h"
#include "lq/nouns/nouns.h"

static const struct lq_arg BACKUP[] = {LQ_POSITION("FILE", NULL, LQ_MUST), {0}};

const struct lq_verb lq_backup_verbs[] = {
    LQ_VERB("backup", "", "copy journals, keys and settings into one file, while all runs",
            "运行中将日志、密钥和设置备份为一个文件", BACKUP,
            .notes = {"  The file is a tar with the sums of its parts. It gets its name only once "
                      "it was read again and\n  verified as by lq verify; until then, room for "
                      "twice its size is needed beside it. It holds\n  the secret keys of this "
                      "machine.\n",
                      "  文件为 tar 格式，附各部分的校验和；写完后重新读出，并按 lq verify "
                      "核对无误才以此命名，\n  其间旁边需有两倍大小的空间。文件含本机的私钥。\n"},
            .run = lq_backup),
    {0},
};

static const struct lq_arg RESTORE[] = {
    LQ_POSITION("FILE", NULL, LQ_MUST),
    LQ_OPTION("--force", NULL, NULL, LQ_MAY, "move aside what is in the data directory",
              "将数据目录中原有的内容移开"),
    {0},
};

const struct lq_verb lq_restore_verbs[] = {
    LQ_VERB("restore", "", "put a backup into an empty data directory (--data)",
            "将备份恢复到空的数据目录（--data）", RESTORE,
            .notes = {"  The backup is verified before anything is moved. Nothing may be running "
                      "there.\n",
                      "  先核对备份，再移动任何内容；该目录的系统须已停止。\n"},
            .run = lq_restore),
    {0},
};
