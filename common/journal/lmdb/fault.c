// LMDB's errors as faults: which store, what was being done, and what to do about it.
#include <errno.h>

#include "base/assert.h"
#include "journal/lmdb/lmdb.h"

static enum lq_status full_fault(const struct lq_lmdb *lmdb, int error, const char *doing)
{
    if (error == MDB_MAP_FULL)
        return lq_fault(LQ_E_FULL,
                        "cannot %-s %s: it has grown to the largest size allowed; "
                        "raise `map_gib` in lianqin.yaml and start again",
                        doing, lmdb->directory);
    if (error == MDB_TXN_FULL)
        return lq_fault(LQ_E_FULL, "cannot %-s %s: one transaction changed too much at once", doing,
                        lmdb->directory);
    return lq_fault(LQ_E_FULL, "cannot %-s %s: %s; make room on its disk", doing, lmdb->directory,
                    mdb_strerror(error));
}

// Has the disk less room than a single flush of LMDB's may need?
static bool is_nearly_full(const struct lq_lmdb *lmdb)
{
    enum { FLUSH_BYTES = 16 << 20 };
    const struct lq_store_disk disk = lq_lmdb_disk(lmdb);
    return disk.bytes != 0 && disk.free_bytes < FLUSH_BYTES;
}

enum lq_status lq_lmdb_fault(const struct lq_lmdb *lmdb, int error, const char *doing)
{
    switch (error) {
    case MDB_MAP_FULL:
    case MDB_TXN_FULL:
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return full_fault(lmdb, error, doing);
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH:
    case MDB_INCOMPATIBLE:
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
        return lq_fault(LQ_E_CORRUPT, "cannot %-s %s: %s", doing, lmdb->directory,
                        mdb_strerror(error));
    case EIO: // LMDB says so too where a write was cut short, as on a disk that fills up
        if (is_nearly_full(lmdb))
            return full_fault(lmdb, ENOSPC, doing);
        return lq_fault(LQ_E_IO,
                        "cannot %-s %s: %s; its disk is failing, or full: see to that before it is "
                        "started again",
                        doing, lmdb->directory, mdb_strerror(error));
    default:
        return lq_fault(LQ_E_IO, "cannot %-s %s: %s", doing, lmdb->directory, mdb_strerror(error));
    }
}

enum lq_status lq_lmdb_not_a_store(const struct lq_lmdb *lmdb, const char *why)
{
    return lq_fault(LQ_E_CORRUPT, "%s is not a store of Lianqin: %-s", lmdb->directory, why);
}

bool lq_lmdb_found(const struct lq_lmdb *lmdb, int error)
{
    if (error != 0 && error != MDB_NOTFOUND)
        lq_panic(__FILE__, __LINE__, "the store %s cannot be read: %s", lmdb->directory,
                 mdb_strerror(error));
    return error == 0;
}
