// The limits that the disk sets, taken beside what is compared with them.
#pragma once

struct flush;
struct flush *flush_open(const char *directory); // makes flush.log and flush.lmdb/ in it
void flush_close(struct flush *flush);           // and removes them
void flush_file(struct flush *flush);            // appends 4 KiB to a file, fdatasync
void flush_lmdb(struct flush *flush);            // commits one small record, default sync
