// The facts in SQLite: a file in WAL mode, an index that covers the question, a prepared statement.
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "figures.h"
#include "rig.h"

struct store {
    sqlite3 *db;
    sqlite3_stmt *ask;
};

static void run(sqlite3 *db, const char *sql)
{
    char *why = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
        bench_die("SQLite: %s", why);
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        bench_die("SQLite: %s", sqlite3_errmsg(db));
    return statement;
}

static void insert_line(sqlite3_stmt *insert, char *line)
{
    int column = 1;
    line[strcspn(line, "\n")] = '\0';
    for (char *field; (field = strsep(&line, "\t")) != NULL; column++)
        LQ_ASSERT(sqlite3_bind_text(insert, column, field, -1, SQLITE_TRANSIENT) == SQLITE_OK);
    LQ_ASSERT(column == 7 && sqlite3_step(insert) == SQLITE_DONE);
    sqlite3_reset(insert);
}

static void load(sqlite3 *db, const char *facts)
{
    char line[1024];
    FILE *file = fopen(facts, "r");
    if (file == NULL)
        bench_die("%s cannot be read", facts);
    sqlite3_stmt *insert = prepare(db, "INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?)");
    run(db, "BEGIN");
    while (fgets(line, sizeof line, file) != NULL)
        insert_line(insert, line);
    run(db, "COMMIT");
    sqlite3_finalize(insert);
    fclose(file);
}

static void *open_store(const char *where, const char *facts)
{
    struct store *store = calloc(1, sizeof *store);
    LQ_ASSERT(store != NULL);
    if (sqlite3_open(where, &store->db) != SQLITE_OK)
        bench_die("SQLite: %s", sqlite3_errmsg(store->db));
    run(store->db, "PRAGMA journal_mode=WAL");
    run(store->db, FIGURES_TABLE);
    run(store->db, FIGURES_INDEX);
    load(store->db, facts);
    run(store->db, "ANALYZE");
    store->ask = prepare(store->db, FIGURES_SQL);
    return store;
}

static struct figures_sum ask(void *self, int32_t from_day, int32_t to_day)
{
    struct store *store = self;
    struct figures_sum sum = {0};
    int status;
    sqlite3_bind_int(store->ask, 1, from_day);
    sqlite3_bind_int(store->ask, 2, to_day);
    while ((status = sqlite3_step(store->ask)) == SQLITE_ROW) {
        sum.parts++;
        sum.total += sqlite3_column_int64(store->ask, 3);
    }
    if (status != SQLITE_DONE)
        bench_die("SQLite: %s", sqlite3_errmsg(store->db));
    sqlite3_reset(store->ask);
    return sum;
}

static void close_store(void *self)
{
    struct store *store = self;
    sqlite3_finalize(store->ask);
    sqlite3_close(store->db);
    free(store);
}

const struct figures_peer FIGURES_SQLITE = {"sqlite", open_store, ask, close_store};
