// lq-bench: what a running Lianqin does, seen from its terminals. It speaks to the real bus by
// CURVE, with keys of its own, over connections that it keeps itself (wire.h).
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "stages.h"

static const char USAGE[] =
    "usage: lq-bench DATA STAGE...   with a system running in DATA (lq up); stages:\n"
    "  load=SECONDS[,CLIENTS]  commands a second, one under way for each client (200)\n"
    "  one=ROUNDS              one client alone, beside the bus's round trip and the disk\n"
    "  cycle=CYCLES            orders to 200 terminals and their acknowledgements\n"
    "  watching=CYCLES         the same with terminals that also follow everybody's answers\n"
    "  fill=RECORDS            commands until the journal has so many\n"
    "  cost=ROUNDS             a command and a Fetch at the journal's size\n"
    "  years=ROUNDS            three years of figures: entered, written to a file, asked for\n"
    "  restart=ROUNDS          from killing a service to its first answer\n"
    "  park=TERMINALS,SECONDS  parked terminals: memory, a load beside them, the bus restarted\n";

static void run_stage(struct site *site, const char *stage)
{
    char name[32];
    double amount = 0, second = 0;
    const int found = sscanf(stage, "%31[a-z]=%lf,%lf", name, &amount, &second);
    if (found >= 2 && strcmp(name, "load") == 0)
        stage_load(site, amount, found == 3 ? (unsigned)second : SITE_LEADS);
    else if (found == 2 && strcmp(name, "one") == 0)
        stage_one(site, (unsigned)amount);
    else if (found == 2 && strcmp(name, "cycle") == 0)
        stage_cycle(site, (unsigned)amount, false);
    else if (found == 2 && strcmp(name, "watching") == 0)
        stage_cycle(site, (unsigned)amount, true);
    else if (found == 2 && strcmp(name, "fill") == 0)
        stage_fill(site, (uint64_t)amount);
    else if (found == 2 && strcmp(name, "cost") == 0)
        stage_cost(site, (unsigned)amount);
    else if (found == 2 && strcmp(name, "years") == 0)
        stage_years(site, (unsigned)amount);
    else if (found == 2 && strcmp(name, "restart") == 0)
        stage_restart(site, (unsigned)amount);
    else if (found == 3 && strcmp(name, "park") == 0)
        stage_park(site, (unsigned)amount, second);
    else
        bench_die("%s is no stage\n%s", stage, USAGE);
    lq_arena_reset(&site->arena);
}

static void raise_open_files(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

int main(int argc, char **argv)
{
    static struct site site;
    if (argc < 3) {
        fputs(USAGE, stderr);
        return 2;
    }
    raise_open_files();
    site_open(&site, argv[1]);
    for (int i = 2; i < argc; i++)
        run_stage(&site, argv[i]);
    site_close(&site);
    return 0;
}
