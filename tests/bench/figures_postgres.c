// The facts in PostgreSQL: an index that covers the question, a vacuumed table so that the index
// alone is read, a prepared statement, one connection by a socket of the file system.
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "figures.h"
#include "rig.h"

static PGresult *need(PGconn *connection, PGresult *result, ExecStatusType wanted)
{
    if (PQresultStatus(result) != wanted)
        bench_die("PostgreSQL: %s", PQerrorMessage(connection));
    return result;
}

static void run(PGconn *connection, const char *sql)
{
    PQclear(need(connection, PQexec(connection, sql), PGRES_COMMAND_OK));
}

static void load(PGconn *connection, const char *facts)
{
    char line[1024];
    FILE *file = fopen(facts, "r");
    if (file == NULL)
        bench_die("%s cannot be read", facts);
    PQclear(need(connection, PQexec(connection, "COPY facts FROM STDIN"), PGRES_COPY_IN));
    while (fgets(line, sizeof line, file) != NULL)
        LQ_ASSERT(PQputCopyData(connection, line, (int)strlen(line)) == 1);
    LQ_ASSERT(PQputCopyEnd(connection, NULL) == 1);
    PQclear(need(connection, PQgetResult(connection), PGRES_COMMAND_OK));
    LQ_ASSERT(PQgetResult(connection) == NULL);
    fclose(file);
}

static void *open_store(const char *where, const char *facts)
{
    PGconn *connection = PQconnectdb(where);
    if (PQstatus(connection) != CONNECTION_OK)
        bench_die("PostgreSQL: %s", PQerrorMessage(connection));
    run(connection, "DROP TABLE IF EXISTS facts");
    run(connection, FIGURES_TABLE);
    load(connection, facts);
    run(connection, FIGURES_INDEX);
    run(connection, "VACUUM ANALYZE facts");
    PQclear(need(connection, PQprepare(connection, "ask", FIGURES_SQL, 2, NULL), PGRES_COMMAND_OK));
    return connection;
}

static struct figures_sum ask(void *self, int32_t from_day, int32_t to_day)
{
    PGconn *connection = self;
    struct figures_sum sum = {0};
    char from[16], to[16];
    const char *const values[] = {from, to};
    snprintf(from, sizeof from, "%d", from_day);
    snprintf(to, sizeof to, "%d", to_day);
    PGresult *rows = need(connection, PQexecPrepared(connection, "ask", 2, values, NULL, NULL, 0),
                          PGRES_TUPLES_OK);
    for (int i = 0; i < PQntuples(rows); i++) {
        sum.parts++;
        sum.total += atoll(PQgetvalue(rows, i, 3));
    }
    PQclear(rows);
    return sum;
}

static void close_store(void *self)
{
    PQfinish(self);
}

const struct figures_peer FIGURES_POSTGRES = {"postgres", open_store, ask, close_store};
