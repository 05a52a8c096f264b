// lq import, as it is typed.
#include "lq/full.h"
#include "lq/nouns/nouns.h"

static const struct lq_arg IMPORT[] = {
    LQ_POSITION("DIR", NULL, LQ_MUST),
    LQ_OPTION("--retry", NULL, NULL, LQ_MAY,
              "ask again for rows that an earlier import was refused, even if nothing is new",
              "即使没有新内容，也重新提交以前被拒的行"),
    LQ_OPTION("--correct", NULL, NULL, LQ_MAY,
              "correct what is recorded where a row says otherwise (needs --reason)",
              "行的内容与已登记的不同时，更正登记（须用 --reason 说明事由）"),
    LQ_OPTION("--dry-run", NULL, NULL, LQ_MAY, "read and check everything, send nothing",
              "只读取和检查，不提交"),
    LQ_OPTION("--refused", "DIR", NULL, LQ_MAY,
              "write refused rows and their reasons there, to be mended and imported again",
              "把被拒的行及原因写到该文件夹，改正后可再次导入"),
    LQ_OPTION("--quiet", NULL, NULL, LQ_MAY, "no progress bar", "不显示进度", .kind = LQ_GLOBAL),
    {0},
};

const struct lq_verb lq_import_verbs[] = {
    LQ_VERB("import", "", "bring the county's ledgers (CSV, Excel) in",
            "导入县里的台账（CSV、Excel）", IMPORT, .help_column = 1,
            .notes =
                {"\nEvery row becomes a command of the clerk's on behalf of the person it names, "
                 "at the "
                 "time it\nhappened. A wrong row is refused with file:line: reason; all others are "
                 "kept. Importing the\nsame files again changes nothing; an import that was "
                 "interrupted goes on.\n"
                 "\nFiles are .csv (UTF-8, GB18030 or UTF-16) or .xlsx, with English or Chinese "
                 "names and headings\n(tips.csv, 举报.xlsx); whatever else the folder holds is "
                 "named, and none of it is guessed.\n",
                 "\n每一行成为内勤代所列人员、按发生时间提交的一条命令。错误的行以“文件:行号: "
                 "原因”拒收，\n"
                 "其余保留。再次导入同样的文件不会改变任何内容；中断的导入会接着进行。\n"
                 "\n文件为 .csv（UTF-8、GB18030 或 UTF-16）或 .xlsx，文件名和表头可用中文或英文\n"
                 "（tips.csv、举报.xlsx）；文件夹中的其他文件会逐一指出，绝不猜测。\n"},
            .run = lq_import),
    {0},
};
