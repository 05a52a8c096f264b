// Turning the pages of a list, by the messages alone.
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "client/pages.h"
#include "dispatch.pb-c.h"
#include "ledger.pb-c.h"

static void goes_on_behind_the_last_row(void **state)
{
    (void)state;
    Ledger__ListPremises asked = LEDGER__LIST_PREMISES__INIT;
    Ledger__PremisesAnswer page = LEDGER__PREMISES_ANSWER__INIT;
    Ledger__Premises premises = LEDGER__PREMISES__INIT;
    Ledger__Entry last = LEDGER__ENTRY__INIT;
    char number[] = "E0007";
    premises.number = number;
    last.premises = &premises;
    lq_page_limit(&asked.base, 7);
    assert_int_equal(asked.limit, 7);
    assert_string_equal(lq_page_rows(&page.base)->name, "entries");
    assert_false(lq_page_turn(&asked.base, &page.base, &last.base)); // it was the last
    page.more = true;
    assert_false(lq_page_turn(&asked.base, &page.base, NULL)); // an empty page leads nowhere
    assert_true(lq_page_turn(&asked.base, &page.base, &last.base));
    assert_string_equal(asked.after, "E0007");
}

static void goes_on_where_the_answer_says(void **state)
{
    (void)state;
    Dispatch__ListOrders asked = DISPATCH__LIST_ORDERS__INIT;
    Dispatch__OrdersAnswer page = DISPATCH__ORDERS_ANSWER__INIT;
    char before[] = "O0100";
    page.more = true;
    assert_false(lq_page_turn(&asked.base, &page.base, NULL)); // it says nothing
    page.next_before = before;
    assert_true(lq_page_turn(&asked.base, &page.base, NULL));
    assert_string_equal(asked.before, "O0100");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(goes_on_behind_the_last_row),
        cmocka_unit_test(goes_on_where_the_answer_says),
    };
    return cmocka_run_group_tests_name("pages", tests, NULL, NULL);
}
