// A sentence for people that can be said in their own language: its English printf format, by which
// catalogs find the translation, and the text of each argument.
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LQ_MESSAGE_PARTS = 12 };

struct lq_message {
    const char *parts[LQ_MESSAGE_PARTS]; // the format (borrowed: a literal), then the arguments
    unsigned count;
};

// Where texts are put: gives so many bytes, or NULL if there are none left.
typedef char *lq_room_fn(void *self, size_t size);

// Takes the arguments as text, each as its own conversion writes it ("%04u"). Known conversions are
// d i u o x X c s zu lld llu lu ld, and %.*s. False if there was no room.
bool lq_message_take(struct lq_message *out, lq_room_fn *room, void *self, const char *format,
                     va_list arguments) __attribute__((format(printf, 4, 0)));

// Is the argument a word of ours (an enum value, a field, a noun, or several: "captured or
// released"), which has another form in another language? It is where the format writes it %-s;
// what people have typed and entered is written %s, and stays as it is. 1: the first argument.
bool lq_message_is_word(const char *format, unsigned argument);

// A word may say whose it is, because several have it: "accepted@shift.Request" is another state in
// Chinese than "accepted@tips.TipState"; or that it is a service's name: "shift@". How many bytes of
// the text at `word`, which begins with this mark, are it: 0 where none is. Whoever writes the word
// leaves them out.
size_t lq_message_whose(const char *word);

// Writes the sentence. The format may be a translation: its conversions stand for the arguments in
// their order or by number ("%2$s"). One that has no argument is left out. NULL if there was no
// room.
const char *lq_message_text(lq_room_fn *room, void *self, const struct lq_message *message);

// The parts as a repeated text field of a message has them (Rejected.sentence); borrowed.
static inline void lq_sentence(const struct lq_message *message, char ***field, size_t *count)
{
    *field = (char **)(uintptr_t)message->parts;
    *count = message->count;
}

// Room in a buffer of a fixed size, for `self`: a struct lq_buffer_room.
struct lq_buffer_room {
    char *bytes;
    size_t size, used;
};
lq_room_fn lq_buffer_room_take;

// The room of an arena (base/arena.h), for `self`.
lq_room_fn lq_arena_room;
