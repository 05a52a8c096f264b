// One line for each event, on standard error, with time and thread name; into the system's journal
// with its priority. For operators; users get replies.
#pragma once

// Names this thread in its log lines ("dispatch"). The text is borrowed for the thread's life.
void lq_log_name(const char *name);

void lq_log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void lq_log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
void lq_log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
