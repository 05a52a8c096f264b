// What can be said of any service from its contract.
#include "service/service.h"

#include <string.h>

#include "service/attached.h"
#include "service/clock_tables.h"
#include "service/paper_tables.h"
#include "service/reading_tables.h"
#include "service/trail.h"
#include "service/voided.h"

const struct lq_command_row *lq_command_row(const struct lq_service *service, unsigned variant)
{
    for (const struct lq_command_row *row = service->commands; row->variant != 0; row++)
        if (row->variant == variant)
            return row;
    return NULL;
}

const struct lq_event_row *lq_event_row(const struct lq_service *service, unsigned variant)
{
    for (const struct lq_event_row *row = service->events; row->variant != 0; row++)
        if (row->variant == variant)
            return row;
    return NULL;
}

const struct lq_query_row *lq_query_row(const struct lq_service *service, unsigned variant)
{
    for (const struct lq_query_row *row = service->queries; row->variant != 0; row++)
        if (row->variant == variant)
            return row;
    return NULL;
}

bool lq_has_clocks(const struct lq_service *service)
{
    return protobuf_c_message_descriptor_get_field(service->event_type, LQ_EVENT_CLOCKS) != NULL;
}

bool lq_has_papers(const struct lq_service *service)
{
    return protobuf_c_message_descriptor_get_field(service->event_type, LQ_BODY_ISSUE_PAPER) !=
           NULL;
}

static unsigned add_stream(struct lq_stream *streams, unsigned count, struct lq_stream stream)
{
    for (unsigned i = 0; i < count; i++)
        if (strcmp(streams[i].name, stream.name) == 0) {
            LQ_ASSERT(streams[i].event_type == stream.event_type); // a stream is read one way
            return count;
        }
    LQ_ASSERT(count < LQ_STREAMS_MAX);
    streams[count] = stream;
    return count + 1;
}

unsigned lq_service_streams(const struct lq_service *service,
                            struct lq_stream streams[LQ_STREAMS_MAX])
{
    unsigned count = 0;
    const struct lq_replica *const *replica = service->replicas;
    for (; replica != NULL && *replica != NULL; replica++)
        count = add_stream(streams, count,
                           (struct lq_stream){.name = (*replica)->stream,
                                              .event_type = (*replica)->event_type,
                                              .partial = (*replica)->partial});
    const struct lq_follow_row *follow = service->follows;
    for (; follow != NULL && follow->stream != NULL; follow++)
        count = add_stream(streams, count,
                           (struct lq_stream){.name = follow->stream,
                                              .event_type = follow->event_type,
                                              .partial = follow->partial});
    return count;
}

static unsigned add_table(const struct lq_table **tables, unsigned count,
                          const struct lq_table *table)
{
    for (unsigned i = 0; i < count; i++)
        if (tables[i] == table)
            return count;
    LQ_ASSERT(count < LQ_TABLES_MAX);
    tables[count] = table;
    return count + 1;
}

static unsigned add_tables(const struct lq_table **tables, unsigned count,
                           const struct lq_table *const *more)
{
    for (; more != NULL && *more != NULL; more++)
        count = add_table(tables, count, *more);
    return count;
}

const struct lq_part *lq_part_of(const struct lq_service *service, const struct lq_table *table)
{
    for (const struct lq_part *part = service->parts; part != NULL && part->table != NULL; part++)
        if (part->table == table)
            return part;
    return NULL;
}

unsigned lq_service_tables(const struct lq_service *service,
                           const struct lq_table *tables[LQ_TABLES_MAX])
{
    unsigned count = add_tables(tables, 0, service->tables);
    for (const struct lq_event_row *row = service->events; row->variant != 0; row++)
        if (row->keeps != NULL)
            count = add_table(tables, count, row->keeps);
    count = add_table(tables, count, &lq_voided);
    if (lq_has_clocks(service)) {
        count = add_table(tables, count, &lq_clocks);
        count = add_table(tables, count, &lq_clocks_due);
    }
    static const struct lq_table *const papers[] = {
        &lq_papers, &lq_paper_pages, &lq_paper_counts, &lq_paper_places, &lq_paper_things, NULL};
    if (lq_has_papers(service))
        count = add_tables(tables, count, papers);
    if (service->things != NULL)
        count = add_table(tables, count, &lq_trail);
    if (service->at_premises != NULL)
        count = add_table(tables, count, &lq_premises_things);
    if (lq_has_steps(service))
        count = add_table(tables, count, &lq_steps_taken);
    if (lq_has_files(service))
        count = add_table(tables, count, &lq_files);
    if (lq_has_readings(service))
        count = add_table(tables, count, &lq_readings);
    const struct lq_replica *const *replica = service->replicas;
    for (; replica != NULL && *replica != NULL; replica++)
        count = add_tables(tables, count, (*replica)->tables);
    return count;
}
