// Which version of a service made the tables of a store: what makes it another, what does not, and
// that a turned bit is not taken for one.
#include "host_support.h"

#include "runtime/host_parts.h"
#include "versions.pb-c.h"

static struct lq_service service;
static struct lq_table first = {"first", &versions__row__descriptor};
static struct lq_table second = {"second", &versions__part__descriptor};
static const struct lq_table *tables[] = {&first, &second, NULL};

static int open_store(void **state)
{
    (void)state;
    service = *lq_service_named("oversight");
    service.tables = tables;
    service.check = NULL;
    lq_bed_open(&bed, &service, START_MS);
    return 0;
}

static enum version made_by(const struct lq_service *who)
{
    assert_int_equal(lq_store_begin_read(bed.store), LQ_OK);
    const enum version version = lq_version_of(who, bed.store);
    lq_store_end_read(bed.store);
    return version;
}

static enum version with_row(const ProtobufCMessageDescriptor *row)
{
    const struct lq_table table = {"first", row};
    const struct lq_table *const other[] = {&table, &second, NULL};
    struct lq_service changed = service;
    changed.tables = other;
    return made_by(&changed);
}

static void names_of_messages_and_fields_say_nothing(void **state)
{
    (void)state;
    assert_int_equal(made_by(&service), VERSION_OURS);
    assert_int_equal(with_row(&versions__row__descriptor), VERSION_OURS);
    assert_int_equal(with_row(&versions__other_names__descriptor), VERSION_OURS);
}

static void whatever_changes_the_bytes_of_a_row_does(void **state)
{
    (void)state;
    const ProtobufCMessageDescriptor *const others[] = {
        &versions__more_fields__descriptor, &versions__other_number__descriptor,
        &versions__other_type__descriptor,  &versions__other_label__descriptor,
        &versions__unpacked__descriptor,    &versions__one_of__descriptor,
        &versions__deeper__descriptor,      &versions__elsewhere__descriptor,
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (with_row(others[i]) != VERSION_OTHER)
            fail_msg("%s is taken for the row that it is not", others[i]->name);
}

static void the_order_of_tables_says_nothing_and_their_names_do(void **state)
{
    (void)state;
    const struct lq_table renamed = {"third", &versions__part__descriptor};
    const struct lq_table *const turned[] = {&second, &first, NULL};
    const struct lq_table *const fewer[] = {&first, NULL};
    const struct lq_table *const more[] = {&first, &second, &renamed, NULL};
    const struct lq_table *const other[] = {&first, &renamed, NULL};
    struct lq_service changed = service;
    changed.tables = turned;
    assert_int_equal(made_by(&changed), VERSION_OURS);
    changed.tables = fewer;
    assert_int_equal(made_by(&changed), VERSION_OTHER);
    changed.tables = more;
    assert_int_equal(made_by(&changed), VERSION_OTHER);
    changed.tables = other;
    assert_int_equal(made_by(&changed), VERSION_OTHER);
}

static void the_tables_of_replicas_count_too(void **state)
{
    (void)state;
    const struct lq_table copies = {"copies", &versions__part__descriptor};
    const struct lq_table *const kept[] = {&copies, NULL};
    const struct lq_replica replica = {.stream = "shift", .event = "x", .tables = kept};
    const struct lq_replica *const replicas[] = {&replica, NULL};
    struct lq_service changed = service;
    changed.replicas = replicas;
    assert_int_equal(made_by(&changed), VERSION_OTHER);
}

static void the_number_that_a_service_raises_does(void **state)
{
    (void)state;
    struct lq_service changed = service;
    changed.tables_version++;
    assert_int_equal(made_by(&changed), VERSION_OTHER);
}

static void put(const char *key, struct lq_span row)
{
    assert_int_equal(lq_store_begin_write(bed.store), LQ_OK);
    assert_int_equal(lq_store_put(bed.store, TABLE_VERSION, lq_span_text(key), row), LQ_OK);
    assert_int_equal(lq_store_commit(bed.store), LQ_OK);
}

static void a_turned_bit_is_not_another_version(void **state)
{
    (void)state;
    uint8_t row[64];
    struct lq_span key, value;
    assert_int_equal(lq_store_begin_read(bed.store), LQ_OK);
    assert_true(lq_store_next(bed.store, TABLE_VERSION, lq_span(NULL, 0), false, &key, &value));
    const size_t size = value.size;
    assert_true(size <= sizeof row);
    memcpy(row, value.data, size);
    lq_store_end_read(bed.store);
    for (size_t bit = 0; bit < 8 * size; bit++) {
        row[bit / 8] ^= (uint8_t)(1u << bit % 8);
        put("tables", lq_span(row, size));
        assert_int_equal(made_by(&service), VERSION_ALTERED);
        row[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    put("tables", lq_span(row, size - 1));
    assert_int_equal(made_by(&service), VERSION_ALTERED);
    put("tables", lq_span(row, size));
    assert_int_equal(made_by(&service), VERSION_OURS);
    put("tablet", lq_span(row, size)); // behind it
    assert_int_equal(made_by(&service), VERSION_ALTERED);
    lq_bed_crash(&bed); // whatever it was: they are made again
    assert_int_equal(made_by(&service), VERSION_OURS);
    put("a", lq_span(row, size)); // before it
    assert_int_equal(made_by(&service), VERSION_ALTERED);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, open_store, close_bed)
    const struct CMUnitTest tests[] = {
        TEST(names_of_messages_and_fields_say_nothing),
        TEST(whatever_changes_the_bytes_of_a_row_does),
        TEST(the_order_of_tables_says_nothing_and_their_names_do),
        TEST(the_tables_of_replicas_count_too),
        TEST(the_number_that_a_service_raises_does),
        TEST(a_turned_bit_is_not_another_version),
    };
    return cmocka_run_group_tests_name("version", tests, NULL, NULL);
}
