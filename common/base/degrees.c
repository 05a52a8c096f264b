#include "base/degrees.h"

#include <stdio.h>
#include <string.h>

bool lq_degrees_parse(const char *text, int32_t *out_e7)
{
    const bool negative = *text == '-';
    int64_t e7 = 0;
    int digits = 0, decimals = -1; // decimals: -1 before the point
    for (text += negative || *text == '+'; *text != '\0'; text++) {
        if (*text == '.' && decimals < 0) {
            decimals = 0;
            continue;
        }
        if (*text < '0' || *text > '9' || ++digits > 17)
            return false;
        if (decimals >= 7)
            continue; // finer than a centimetre
        e7 = e7 * 10 + (*text - '0');
        decimals += decimals >= 0;
        if (e7 > INT32_MAX)
            return false;
    }
    if (digits == 0)
        return false;
    for (int i = decimals < 0 ? 0 : decimals; i < 7; i++)
        e7 *= 10;
    if (e7 > INT32_MAX)
        return false;
    *out_e7 = (int32_t)(negative ? -e7 : e7);
    return true;
}

const char *lq_degrees(int32_t e7, char *buffer)
{
    const int64_t size = e7 < 0 ? -(int64_t)e7 : e7;
    snprintf(buffer, LQ_DEGREES_TEXT, "%s%lld.%07lld", e7 < 0 ? "-" : "",
             (long long)(size / LQ_DEGREE), (long long)(size % LQ_DEGREE));
    char *end = buffer + strlen(buffer);
    while (end[-1] == '0' && end[-2] != '.')
        *--end = '\0';
    return buffer;
}
