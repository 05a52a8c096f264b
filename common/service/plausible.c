// What the county holds plausible: `limits` and `county` of policy.yaml. A rejection says what was
// given, what the limit is and where it stands, so that either can be put right.
#include "base/degrees.h"
#include "config/policy.h"
#include "service/need.h"

// Whole, so that no language takes a key for a word of its own.
static const char *key_of(struct lq_decision *d, const char *limit)
{
    return lq_arena_format(d->arena, "limits.%s", limit);
}

enum { IMPLAUSIBLE = LQ_COMMON(QUANTITY_IMPLAUSIBLE) };

struct lq_verdict lq_need_plausible(struct lq_decision *d, const char *what, int64_t quantity,
                                    int64_t most, const char *limit)
{
    if (quantity <= most)
        return LQ_ACCEPT;
    return lq_reject(d, IMPLAUSIBLE,
                     "%s: %lld is more than is plausible; the most is %lld (%s of "
                     "policy.yaml, revision %s)",
                     what, (long long)quantity, (long long)most, key_of(d, limit),
                     d->facts->policy->revision);
}

struct lq_verdict lq_need_plausible_day(struct lq_decision *d, const char *what, int32_t day,
                                        int64_t most, const char *limit)
{
    const struct lq_policy *policy = d->facts->policy;
    const int64_t last = lq_day_of(d->facts->occurred_ms) + most;
    char given[LQ_TIME_TEXT], bound[LQ_TIME_TEXT];
    if (day < policy->limits.earliest_day)
        return lq_reject(d, IMPLAUSIBLE,
                         "%s: %s is before %s, the earliest day that is plausible "
                         "(limits.earliest_day of policy.yaml, revision %s)",
                         what, lq_format_day(day, given),
                         lq_format_day(policy->limits.earliest_day, bound), policy->revision);
    if (day > last)
        return lq_reject(d, IMPLAUSIBLE,
                         "%s: %s is later than is plausible; the last day is %s, %lld days ahead "
                         "(%s of policy.yaml, revision %s)",
                         what, lq_format_day(day, given), lq_format_day((int32_t)last, bound),
                         (long long)most, key_of(d, limit), policy->revision);
    return LQ_ACCEPT;
}

static bool is_within(const struct lq_county *county, int32_t lat_e7, int32_t lon_e7)
{
    return lat_e7 >= county->south_e7 && lat_e7 <= county->north_e7 && lon_e7 >= county->west_e7 &&
           lon_e7 <= county->east_e7;
}

// The county's bounds as people read them.
struct bounds {
    char south[LQ_DEGREES_TEXT], north[LQ_DEGREES_TEXT], west[LQ_DEGREES_TEXT],
        east[LQ_DEGREES_TEXT];
};

static struct bounds bounds_of(const struct lq_county *county)
{
    struct bounds bounds;
    lq_degrees(county->south_e7, bounds.south);
    lq_degrees(county->north_e7, bounds.north);
    lq_degrees(county->west_e7, bounds.west);
    lq_degrees(county->east_e7, bounds.east);
    return bounds;
}

struct lq_verdict lq_need_not_swapped(struct lq_decision *d, int32_t lat_e7, int32_t lon_e7)
{
    const struct lq_county *county = &d->facts->policy->county;
    if (is_within(county, lat_e7, lon_e7) || !is_within(county, lon_e7, lat_e7))
        return LQ_ACCEPT;
    const struct bounds b = bounds_of(county);
    char lat[LQ_DEGREES_TEXT], lon[LQ_DEGREES_TEXT];
    return lq_reject(d, IMPLAUSIBLE,
                     "latitude %s and longitude %s are swapped: the county lies between latitude "
                     "%s and %s, longitude %s and %s (county of policy.yaml, revision %s)",
                     lq_degrees(lat_e7, lat), lq_degrees(lon_e7, lon), b.south, b.north, b.west,
                     b.east, d->facts->policy->revision);
}

struct lq_verdict lq_need_in_county(struct lq_decision *d, int32_t lat_e7, int32_t lon_e7)
{
    const struct lq_county *county = &d->facts->policy->county;
    if ((lat_e7 == 0 && lon_e7 == 0) || is_within(county, lat_e7, lon_e7))
        return LQ_ACCEPT;
    const struct bounds b = bounds_of(county);
    char lat[LQ_DEGREES_TEXT], lon[LQ_DEGREES_TEXT];
    return lq_reject(d, IMPLAUSIBLE,
                     "latitude %s, longitude %s is outside the county, which lies between latitude "
                     "%s and %s, longitude %s and %s (county of policy.yaml, revision %s)",
                     lq_degrees(lat_e7, lat), lq_degrees(lon_e7, lon), b.south, b.north, b.west,
                     b.east, d->facts->policy->revision);
}
