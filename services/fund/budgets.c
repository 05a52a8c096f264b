// Ceilings by line and year. What is promised, not only what is paid, is kept below them: a grant
// that two people have approved is owed.
#include "fund.h"

#include "language/language.h"

const struct lq_table fund_budgets = {"budgets", &fund__budget__descriptor};
const struct lq_table fund_spent = {"spent", &fund__spent__descriptor};

int32_t fund_year_of(int64_t at_ms)
{
    int year, month, day;
    lq_day_to_date(lq_day_of(at_ms), &year, &month, &day);
    return year;
}

// A county has a handful of them.
const Fund__Budget *fund_budget_of(struct lq_view *view, int32_t year, Fund__Line line)
{
    for (struct lq_scan s = lq_scan(view, &fund_budgets, lq_key_none()); lq_scan_next(&s);) {
        const Fund__Budget *budget = s.row;
        if (budget->year == year && budget->line == line)
            return budget;
    }
    return NULL;
}

static Fund__Spent spent_of(struct lq_view *view, const char *budget)
{
    const Fund__Spent *spent = lq_find(view, &fund_spent, lq_key_text(budget));
    return spent != NULL ? *spent : (Fund__Spent)FUND__SPENT__INIT;
}

static const char *line_word(struct lq_decision *d, Fund__Line line)
{
    return lq_word_of(d->arena, &fund__line__descriptor, (int)line);
}

struct lq_verdict fund_need_room(struct lq_decision *d, const Fund__Budget *budget, uint64_t more,
                                 uint64_t given_up)
{
    const Fund__Spent spent = spent_of(d->view, budget->number);
    const uint64_t granted = spent.granted_yuan - given_up;
    if (granted + more <= budget->ceiling_yuan)
        return LQ_ACCEPT;
    return lq_reject(d, FUND__REJECT__OVER_CEILING,
                     "%u yuan are put aside for %-s in %d (%s), and %llu of them are granted: "
                     "%llu more are too much",
                     budget->ceiling_yuan, line_word(d, budget->line), (int)budget->year,
                     budget->number, (unsigned long long)granted, (unsigned long long)more);
}

void fund_spend(struct lq_view *tables, int32_t year, Fund__Line line, int64_t granted_yuan,
                int64_t paid_yuan)
{
    const Fund__Budget *budget = fund_budget_of(tables, year, line);
    LQ_ASSERT(budget != NULL); // a grant is of one, and it is not voided while there is a grant
    Fund__Spent spent = spent_of(tables, budget->number);
    spent.granted_yuan += (uint64_t)granted_yuan;
    spent.paid_yuan += (uint64_t)paid_yuan;
    lq_save(tables, &fund_spent, lq_key_text(budget->number), &spent.base);
}

// ---------------------------------------------------------------- commands

static struct lq_verdict need_ceiling(struct lq_decision *d, uint32_t ceiling_yuan)
{
    if (ceiling_yuan == 0)
        return lq_reject(d, FUND__REJECT__FIELD_MISSING, "how much is put aside, in yuan?");
    return lq_need_plausible(d, "what is put aside in yuan", ceiling_yuan,
                             d->facts->policy->limits.budget_yuan, "budget_yuan");
}

struct lq_verdict fund_set_budget(struct lq_decision *d, const void *command)
{
    Fund__SetBudget c = *(const Fund__SetBudget *)command;
    if (c.line == FUND__LINE__LINE_UNSPECIFIED)
        return lq_reject(d, FUND__REJECT__FIELD_MISSING, "for which line is it put aside?");
    LQ_TRY(need_ceiling(d, c.ceiling_yuan));
    if (c.year == 0)
        c.year = fund_year_of(d->facts->occurred_ms);
    if (c.year < 2000 || c.year > 2100)
        return lq_reject(d, LQ_COMMON(VALUE_UNFIT), "%d is no year of a budget", (int)c.year);
    const Fund__Budget *known = fund_budget_of(d->view, c.year, c.line);
    if (known != NULL)
        return lq_reject(d, FUND__REJECT__BUDGET_KNOWN,
                         "%u yuan are put aside for %-s in %d already (%s): its ceiling is "
                         "corrected",
                         known->ceiling_yuan, line_word(d, c.line), (int)c.year, known->number);
    LQ_TRY(lq_need_new(d, FUND__REJECT__BUDGET_KNOWN, &fund_budgets, c.number));
    return lq_record(d, FUND__EVENT__BODY_BUDGET_SET, &c, &fund_budgets, "JF001");
}

// What is granted already is not taken back by a lower ceiling.
struct lq_verdict fund_check_budget_correction(struct lq_decision *d, const char *number,
                                               const void *before, void *after)
{
    (void)number, (void)before;
    const Fund__Budget *budget = after;
    LQ_TRY(need_ceiling(d, budget->ceiling_yuan));
    return fund_need_room(d, budget, 0, 0);
}

struct lq_verdict fund_check_budget_void(struct lq_decision *d, const char *number, const void *row)
{
    const Fund__Budget *budget = row;
    for (struct lq_scan s = lq_scan(d->view, &fund_grants, lq_key_none()); lq_scan_next(&s);) {
        const Fund__Grant *grant = s.row;
        if (grant->year == budget->year && grant->line == budget->line)
            return lq_reject(d, LQ_COMMON(STILL_NEEDED),
                             "grant %s is of budget %s: void that first", grant->number, number);
    }
    return LQ_ACCEPT;
}

// ---------------------------------------------------------------- answers

void fund_list_budgets(struct lq_reading *r, const void *query, void *answer)
{
    const Fund__ListBudgets *q = query;
    struct lq_rows rows = lq_rows(r->arena, q->limit);
    struct lq_scan s = lq_scan_after(r->view, &fund_budgets, lq_key_none(), q->after);
    while (lq_scan_next(&s)) {
        const Fund__Budget *row = s.row;
        if (q->year != 0 && row->year != q->year)
            continue;
        Fund__Budget *told = LQ_NEW(r->arena, Fund__Budget);
        *told = *row;
        const Fund__Spent spent = spent_of(r->view, row->number);
        told->granted_yuan = spent.granted_yuan;
        told->paid_yuan = spent.paid_yuan;
        told->left_yuan = row->ceiling_yuan - spent.granted_yuan;
        if (!lq_rows_add(&rows, told))
            break;
    }
    lq_rows_answer(&rows, answer);
}

// What is spent is what the grants add up to, and below the ceiling.
void fund_check_budgets(struct lq_view *view)
{
    for (struct lq_scan s = lq_scan(view, &fund_budgets, lq_key_none()); lq_scan_next(&s);) {
        const Fund__Budget *budget = s.row;
        const Fund__Spent spent = spent_of(view, budget->number);
        uint64_t granted = 0, paid = 0;
        for (struct lq_scan g = lq_scan(view, &fund_grants, lq_key_none()); lq_scan_next(&g);) {
            const Fund__Grant *grant = g.row;
            if (grant->year != budget->year || grant->line != budget->line || !fund_counts(grant))
                continue;
            granted += grant->amount_yuan;
            paid += grant->state == FUND__GRANT__STATE__PAID ? grant->amount_yuan : 0;
        }
        LQ_ASSERT(spent.granted_yuan == granted && spent.paid_yuan == paid);
        LQ_ASSERT(granted <= budget->ceiling_yuan);
    }
}
