// lq becomes lq-full, with the words that were typed and the environment as it is.
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lq/cli/program.h"
#include "lq/full.h"

static int hand_on(struct lq_cli *cli)
{
    const char *full;
    const enum lq_status status = lq_program(&cli->arena, "../libexec/lianqin/lq-full", &full);
    if (status != LQ_OK)
        return lq_cli_fault(status);
    execv(full, cli->typed);
    return lq_cli_fault(lq_fault(LQ_E_IO, "cannot start %s: %s", full, strerror(errno)));
}

int lq_backup(struct lq_cli *cli)
{
    return hand_on(cli);
}

int lq_restore(struct lq_cli *cli)
{
    return hand_on(cli);
}

int lq_import(struct lq_cli *cli)
{
    return hand_on(cli);
}

int lq_write_book(struct lq_cli *cli, const struct lq_output *output)
{
    (void)output;
    return hand_on(cli); // the question is asked again there
}

int lq_web_cert(struct lq_cli *cli)
{
    return hand_on(cli);
}

int lq_key_pair(struct lq_cli *cli)
{
    return hand_on(cli);
}

int lq_verify_backup(struct lq_cli *cli, const char *file)
{
    (void)file;
    return hand_on(cli);
}

int lq_metrics_serve(struct lq_cli *cli, const char *address)
{
    (void)address;
    return hand_on(cli);
}
