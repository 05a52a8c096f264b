// A copy of an open store, made by LMDB itself while its writer goes on: it reads one snapshot, and
// leaves out the free pages.
#include <fcntl.h>
#include <stdio.h>

#include "journal/lmdb/files.h"
#include "journal/lmdb/lmdb.h"

enum lq_status lq_lmdb_copy(struct lq_store *store, const char *directory)
{
    struct lq_lmdb *lmdb = lq_lmdb_of(store);
    char data[PATH_MAX];
    if (snprintf(data, sizeof data, "%s/data.mdb", directory) >= (int)sizeof data)
        return lq_fault(LQ_E_INPUT, "'%.80s' cannot be the directory of a store", directory);
    int error = mdb_env_copy2(lmdb->env, directory, MDB_CP_COMPACT);
    if (error == MDB_MAP_RESIZED) { // the writer was started again with a larger map
        error = mdb_env_set_mapsize(lmdb->env, 0);
        if (error == 0 && remove(data) != 0)
            return lq_lmdb_io_fault("remove", data);
        if (error == 0)
            error = mdb_env_copy2(lmdb->env, directory, MDB_CP_COMPACT);
    }
    if (error != 0)
        return lq_lmdb_fault(lmdb, error, "copy");
    const enum lq_status status = lq_lmdb_flush(data, O_RDONLY);
    return status != LQ_OK ? status : lq_lmdb_flush(directory, O_RDONLY | O_DIRECTORY);
}
