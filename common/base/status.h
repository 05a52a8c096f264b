// A fault is trouble with the machine, not with what a person asked for: a disk that does not
// write, a journal whose chain is broken. Faults are negative, must be checked, and are passed on
// unchanged; the text is written once, where the fault arose. (A request that the rules refuse is
// a *rejection*, see service/service.h; what can never happen is a *bug*, see base/assert.h. The
// three never mix.)
#pragma once

enum lq_status {
    LQ_OK = 0,
    LQ_E_IO = -1,          // the operating system refused: file, socket, device
    LQ_E_FULL = -2,        // no room: disk or map
    LQ_E_CORRUPT = -3,     // stored bytes are not what was written
    LQ_E_INPUT = -4,       // a file or message that a person supplied is malformed
    LQ_E_MISSING = -5,     // what was asked for does not exist
    LQ_E_BUSY = -6,        // somebody else holds it
    LQ_E_UNREACHABLE = -7, // nobody answered
};

#define LQ_MUST_CHECK __attribute__((warn_unused_result))

// Records the text of a fault and returns the status, so that a fault is one line:
//     return lq_fault(LQ_E_IO, "cannot open %s: %s", path, strerror(errno));
enum lq_status lq_fault(enum lq_status status, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// The same as a sentence that can be translated (base/message.h); its count is 0 where it was too
// long for that.
struct lq_message;
const struct lq_message *lq_fault_message(void);

// The text of this thread's latest fault; valid until the next one. Never NULL.
const char *lq_fault_text(void);
