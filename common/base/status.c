// The text of the latest fault is kept per thread, so that no caller has to pass a buffer.
#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>

static _Thread_local char fault_text[768];

enum lq_status lq_fault(enum lq_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(fault_text, sizeof fault_text, format, arguments);
    va_end(arguments);
    return status;
}

const char *lq_fault_text(void)
{
    return fault_text;
}
