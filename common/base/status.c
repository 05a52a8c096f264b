// The text of the latest fault is kept per thread, so that no caller has to pass a buffer.
#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/message.h"

enum { FAULT_TEXT = 768 };
static _Thread_local char fault_text[FAULT_TEXT], fault_parts[FAULT_TEXT];
static _Thread_local struct lq_message fault_message;

enum lq_status lq_fault(enum lq_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char parts[FAULT_TEXT], text[FAULT_TEXT]; // an argument may be the text of the fault before
    struct lq_buffer_room room = {.bytes = parts, .size = sizeof parts};
    const bool fits =
        lq_message_take(&fault_message, lq_buffer_room_take, &room, format, arguments);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    strcpy(fault_text, text);
    memcpy(fault_parts, parts, room.used);
    for (unsigned i = 1; i < fault_message.count; i++)
        fault_message.parts[i] = fault_parts + (fault_message.parts[i] - parts);
    fault_message.count = fits ? fault_message.count : 0;
    return status;
}

const struct lq_message *lq_fault_message(void)
{
    return &fault_message;
}

const char *lq_fault_text(void)
{
    return fault_text;
}
