#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/time.h"

static _Thread_local const char *thread_name = "lianqin";

void lq_log_name(const char *name)
{
    thread_name = name;
}

// Is standard error the system's journal? systemd then names it in JOURNAL_STREAM; a program that
// we start inherits the variable, but not always the stream.
static bool writes_to_journal(void)
{
    static _Atomic int known; // 0: not yet, 1: no, 2: yes
    struct stat about;
    unsigned long long device, inode;
    int answer = atomic_load(&known);
    if (answer != 0)
        return answer == 2;
    const char *stream = getenv("JOURNAL_STREAM");
    const bool is = stream != NULL && sscanf(stream, "%llu:%llu", &device, &inode) == 2 &&
                    fstat(STDERR_FILENO, &about) == 0 && about.st_dev == device &&
                    about.st_ino == inode;
    atomic_store(&known, is ? 2 : 1);
    return is;
}

// The journal has the time itself, and takes the priority from the head of the line (sd-daemon(3)).
__attribute__((format(printf, 3, 0))) static void write_line(int priority, const char *level,
                                                             const char *format, va_list arguments)
{
    char when[LQ_TIME_TEXT], line[1024];
    vsnprintf(line, sizeof line, format, arguments);
    if (writes_to_journal()) {
        fprintf(stderr, "<%d>%s: %s\n", priority, thread_name, line);
        return;
    }
    fprintf(stderr, "%s %-8s %s%s\n", lq_format_local(lq_wall_ms(), when), thread_name, level,
            line);
}

enum { PRIORITY_ERROR = 3, PRIORITY_WARNING = 4, PRIORITY_INFO = 6 };

#define LQ_LOG_FUNCTION(name, priority, level)                                                     \
    void name(const char *format, ...)                                                             \
    {                                                                                              \
        va_list arguments;                                                                         \
        va_start(arguments, format);                                                               \
        write_line(priority, level, format, arguments);                                            \
        va_end(arguments);                                                                         \
    }

LQ_LOG_FUNCTION(lq_log_info, PRIORITY_INFO, "")
LQ_LOG_FUNCTION(lq_log_warn, PRIORITY_WARNING, "warning: ")
LQ_LOG_FUNCTION(lq_log_error, PRIORITY_ERROR, "error: ")
