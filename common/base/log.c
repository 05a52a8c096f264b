#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/time.h"

static _Thread_local const char *thread_name = "lianqin";

void lq_log_name(const char *name)
{
    thread_name = name;
}

__attribute__((format(printf, 2, 0))) static void write_line(const char *level, const char *format,
                                                             va_list arguments)
{
    char when[LQ_TIME_TEXT], line[1024];
    vsnprintf(line, sizeof line, format, arguments);
    fprintf(stderr, "%s %-8s %s%s\n", lq_format_local(lq_wall_ms(), when), thread_name, level,
            line);
}

#define LQ_LOG_FUNCTION(name, level)                                                               \
    void name(const char *format, ...)                                                             \
    {                                                                                              \
        va_list arguments;                                                                         \
        va_start(arguments, format);                                                               \
        write_line(level, format, arguments);                                                      \
        va_end(arguments);                                                                         \
    }

LQ_LOG_FUNCTION(lq_log_info, "")
LQ_LOG_FUNCTION(lq_log_warn, "warning: ")
LQ_LOG_FUNCTION(lq_log_error, "error: ")
