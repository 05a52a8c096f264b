#include "lq/show/entered.h"

#include <string.h>

#include "lq/show/show.h"
#include "service/trail.h"

static const char BY[] = "entered", RECORD[] = "entered.record";

bool lq_is_entered(const ProtobufCFieldDescriptor *field)
{
    return field->type == PROTOBUF_C_TYPE_MESSAGE &&
           field->descriptor == &rules__entered__descriptor;
}

const char *lq_show_actor(struct lq_cli *cli, const char *actor, const char *on_behalf_of,
                          const char *reason)
{
    actor = lq_show_doer(cli, actor);
    reason = lq_show_reason(cli, reason);
    if (*on_behalf_of == '\0')
        return *reason == '\0' ? actor
                               : lq_arena_format(&cli->arena, lq_tr("%s (%s)"), actor, reason);
    return lq_arena_format(&cli->arena, lq_tr("%s for %s (%s)"), actor, on_behalf_of, reason);
}

const char *lq_entered_by(struct lq_cli *cli, const Rules__Entered *entered)
{
    return entered == NULL
               ? ""
               : lq_show_actor(cli, entered->actor, entered->on_behalf_of, entered->reason);
}

// A row's message is of the package that is called as its service. (A step's is every service's:
// its records are told behind the thing.)
const char *lq_entered_record(struct lq_cli *cli, const ProtobufCMessageDescriptor *row,
                              const Rules__Entered *entered)
{
    return entered == NULL || entered->record == 0 || row == &rules__step__descriptor
               ? ""
               : lq_arena_format(&cli->arena, "%s#%llu", row->package_name,
                                 (unsigned long long)entered->record);
}

// A paper tells whose it is: more than one service has some.
static const char *record_of(struct lq_cli *cli, const ProtobufCMessage *row,
                             const Rules__Entered *entered)
{
    const Rules__Paper *paper = (const void *)row;
    return row->descriptor == &rules__paper__descriptor && entered != NULL
               ? lq_arena_format(&cli->arena, "%s#%llu", paper->service,
                                 (unsigned long long)entered->record)
               : lq_entered_record(cli, row->descriptor, entered);
}

const char *lq_entered_text(struct lq_cli *cli, const ProtobufCMessageDescriptor *row,
                            const ProtobufCMessage *entered)
{
    const Rules__Entered *told = (const void *)entered;
    const char *record = lq_entered_record(cli, row, told);
    return *record == '\0'
               ? lq_entered_by(cli, told)
               : lq_arena_format(&cli->arena, "%s %s", lq_entered_by(cli, told), record);
}

void lq_entered_cells(struct lq_cli *cli, struct lq_output *output, const ProtobufCMessage *row,
                      const char *by)
{
    const Rules__Entered *entered = *by != '\0' ? lq_entered_of(row) : NULL;
    lq_output_text(output, entered != NULL ? lq_entered_by(cli, entered) : by);
    lq_output_text(output, record_of(cli, row, entered));
}

// ---------------------------------------------------------------- in lists

static bool has_column(const struct lq_column *columns, size_t count, const char *member)
{
    for (size_t i = 0; i < count; i++)
        if (columns[i].member != NULL && strcmp(columns[i].member, member) == 0)
            return true;
    return false;
}

const struct lq_column *lq_entered_columns(struct lq_cli *cli, const struct lq_column *columns,
                                           const ProtobufCMessageDescriptor *row)
{
    static const struct lq_column ADDED[] = {
        LQ_COLUMN("BY", "办理", BY, .key = "by", .least = LQ_ENTERED_LEAST),
        LQ_COLUMN("RECORD", "记录", RECORD, .key = "record", .whole = true, .spare = true),
    };
    size_t count = 0;
    while (columns[count].title != NULL)
        count++;
    if (row == NULL || !lq_tells_entered(row))
        return columns;
    struct lq_column *more = LQ_NEW_ARRAY(&cli->arena, struct lq_column, count + 3);
    memcpy(more, columns, count * sizeof *columns);
    for (size_t i = 0; i < 2; i++)
        if (!has_column(more, count, ADDED[i].member))
            more[count++] = ADDED[i];
    return more;
}

bool lq_entered_cell(struct lq_cli *cli, struct lq_output *output, const struct lq_column *column,
                     const ProtobufCMessage *row)
{
    if (column->member == NULL || strncmp(column->member, BY, strlen(BY)) != 0)
        return false;
    const Rules__Entered *entered = lq_entered_of(row);
    lq_output_text(output, strcmp(column->member, RECORD) == 0 ? record_of(cli, row, entered)
                                                               : lq_entered_by(cli, entered));
    return true;
}
