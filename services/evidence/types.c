// What a file is, by its first bytes: a name proves nothing. Kept is what cameras, telephones and
// scanners of the force make; the rest is refused by its name before anything of it is kept.
#include "evidence.h"
#include "language/language.h"

static bool has(struct lq_span head, const char *bytes, size_t size, size_t at)
{
    return head.size >= at + size && memcmp(head.data + at, bytes, size) == 0;
}

// The brands of ISO 14496-12 files, behind "ftyp": HEIC pictures, QuickTime, else MP4.
static Rules__FileType of_brand(struct lq_span head)
{
    static const char HEIC[][5] = {"heic", "heix", "heim", "heis", "hevc", "mif1", "msf1"};
    static const char MP4[][4] = {"iso", "mp4", "avc", "M4V", "3gp", "3g2", "MSN", "das", "f4v"};
    if (has(head, "qt  ", 4, 8))
        return RULES__FILE_TYPE__MOV;
    for (size_t i = 0; i < sizeof HEIC / sizeof *HEIC; i++)
        if (has(head, HEIC[i], 4, 8))
            return RULES__FILE_TYPE__HEIC;
    for (size_t i = 0; i < sizeof MP4 / sizeof *MP4; i++)
        if (has(head, MP4[i], 3, 8))
            return RULES__FILE_TYPE__MP4;
    return RULES__FILE_TYPE__FILE_TYPE_UNSPECIFIED;
}

static Rules__FileType type_of(struct lq_span head)
{
    static const struct {
        const char *bytes;
        unsigned size;
        Rules__FileType type;
    } KNOWN[] = {
        {"\xff\xd8\xff", 3, RULES__FILE_TYPE__JPEG},
        {"\x89PNG\r\n\x1a\n", 8, RULES__FILE_TYPE__PNG},
        {"%PDF-", 5, RULES__FILE_TYPE__PDF},
        {"II*\0", 4, RULES__FILE_TYPE__TIFF},
        {"MM\0*", 4, RULES__FILE_TYPE__TIFF},
    };
    for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++)
        if (has(head, KNOWN[i].bytes, KNOWN[i].size, 0))
            return KNOWN[i].type;
    return has(head, "ftyp", 4, 4) ? of_brand(head) : RULES__FILE_TYPE__FILE_TYPE_UNSPECIFIED;
}

static bool is_text(struct lq_span head)
{
    for (size_t i = 0; i < head.size; i++)
        if (head.data[i] == 0xff || (head.data[i] < ' ' && head.data[i] != '\t' &&
                                     head.data[i] != '\r' && head.data[i] != '\n'))
            return false;
    return head.size > 0;
}

// For people: what was found instead.
static const char *found_in(struct lq_span head)
{
    static const struct {
        const char *bytes;
        unsigned size;
        const char *what;
    } OTHERS[] = {
        {"PK\x03\x04", 4, LQ_TR_LATER("a ZIP archive or Office document")},
        {"\xd0\xcf\x11\xe0", 4, LQ_TR_LATER("an old Office document")},
        {"GIF8", 4, LQ_TR_LATER("a GIF picture")},
        {"BM", 2, LQ_TR_LATER("a BMP picture")},
        {"RIFF", 4, LQ_TR_LATER("a WebP picture or a WAV or AVI recording")},
        {"MZ", 2, LQ_TR_LATER("a program")},
        {"\x7f"
         "ELF",
         4, LQ_TR_LATER("a program")},
    };
    for (size_t i = 0; i < sizeof OTHERS / sizeof *OTHERS; i++)
        if (has(head, OTHERS[i].bytes, OTHERS[i].size, 0))
            return OTHERS[i].what;
    return is_text(head) ? LQ_TR_LATER("text") : LQ_TR_LATER("nothing that is known");
}

struct lq_verdict evidence_need_type(struct lq_decision *d, struct lq_span head,
                                     Rules__FileType said, Rules__FileType *type)
{
    *type = type_of(head);
    if (*type == RULES__FILE_TYPE__FILE_TYPE_UNSPECIFIED)
        return lq_reject(d, EVIDENCE__REJECT__TYPE_REFUSED,
                         "by its first bytes this is %-s; what is kept are photographs (JPEG, PNG, "
                         "HEIC), scans (PDF, TIFF) and recordings (MP4, MOV)",
                         found_in(head));
    if (said != RULES__FILE_TYPE__FILE_TYPE_UNSPECIFIED && said != *type)
        return lq_reject(d, EVIDENCE__REJECT__TYPE_REFUSED,
                         "by its first bytes this is %-s, not %-s as was said",
                         lq_word_of(d->arena, &rules__file_type__descriptor, (int)*type),
                         lq_word_of(d->arena, &rules__file_type__descriptor, (int)said));
    return LQ_ACCEPT;
}
