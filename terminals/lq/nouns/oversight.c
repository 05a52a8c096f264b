// lq oversight: joint meetings and interviews.
#include <string.h>

#include "lq/show/list.h"
#include "lq/show/words.h"
#include "oversight.pb-c.h"

// ---------------------------------------------------------------- meetings

static const struct lq_column MEETING_COLUMNS[] = {
    {.key = "meeting", .title = "MEETING", .whole = true},
    {.key = "held_at", .title = "HELD", .whole = true},
    {.key = "issues_raised", .title = "RAISED", .right = true},
    {.key = "issues_resolved", .title = "RESOLVED", .right = true},
};

static void meeting_row(struct lq_output *output, const void *row)
{
    const Oversight__Meeting *meeting = row;
    lq_output_text(output, meeting->number);
    lq_output_minute(output, meeting->held_at_ms);
    lq_output_number(output, meeting->issues_raised);
    lq_output_number(output, meeting->issues_resolved);
}

static int meetings(struct lq_cli *cli, int argc, char **argv)
{
    Oversight__ListMeetings asked = OVERSIGHT__LIST_MEETINGS__INIT;
    Oversight__Query query = OVERSIGHT__QUERY__INIT;
    query.body_case = OVERSIGHT__QUERY__BODY_MEETINGS;
    query.meetings = &asked;
    struct lq_list list = {.service = "oversight",
                           .query = &query.base,
                           .answer = &oversight__answer__descriptor,
                           .columns = MEETING_COLUMNS,
                           .column_count = sizeof MEETING_COLUMNS / sizeof *MEETING_COLUMNS,
                           .row = meeting_row};
    if (!lq_cli_number_option(cli->command, &argc, argv, "--limit", &list.limit) ||
        !lq_cli_arguments(cli->command, argc, argv, 0, 0))
        return LQ_EXIT_USAGE;
    return lq_cli_list(cli, &list);
}

static int record_meeting(struct lq_cli *cli, int argc, char **argv)
{
    Oversight__RecordMeeting meeting = OVERSIGHT__RECORD_MEETING__INIT;
    if (!lq_cli_number_option(cli->command, &argc, argv, "--raised", &meeting.issues_raised) ||
        !lq_cli_number_option(cli->command, &argc, argv, "--resolved", &meeting.issues_resolved) ||
        !lq_cli_arguments(cli->command, argc, argv, 1, 1))
        return LQ_EXIT_USAGE;
    meeting.number = argv[0];
    Oversight__Command command = OVERSIGHT__COMMAND__INIT;
    command.body_case = OVERSIGHT__COMMAND__BODY_RECORD_MEETING;
    command.record_meeting = &meeting;
    return lq_cli_command(cli, "oversight", &command.base);
}

// ---------------------------------------------------------------- interviews

static const struct lq_column INTERVIEW_COLUMNS[] = {
    {.key = "interview", .title = "INTERVIEW", .whole = true},
    {.key = "at", .title = "AT", .whole = true},
    {.key = "kind", .title = "KIND"},
};

static void interview_row(struct lq_output *output, const void *row)
{
    const Oversight__Interview *interview = row;
    lq_output_text(output, interview->number);
    lq_output_minute(output, interview->at_ms);
    lq_output_text(output, interview->kind);
}

static int interviews(struct lq_cli *cli, int argc, char **argv)
{
    Oversight__ListInterviews asked = OVERSIGHT__LIST_INTERVIEWS__INIT;
    Oversight__Query query = OVERSIGHT__QUERY__INIT;
    query.body_case = OVERSIGHT__QUERY__BODY_INTERVIEWS;
    query.interviews = &asked;
    struct lq_list list = {.service = "oversight",
                           .query = &query.base,
                           .answer = &oversight__answer__descriptor,
                           .columns = INTERVIEW_COLUMNS,
                           .column_count = sizeof INTERVIEW_COLUMNS / sizeof *INTERVIEW_COLUMNS,
                           .row = interview_row};
    asked.kind = lq_cli_text(&argc, argv, "--kind");
    if (!lq_cli_number_option(cli->command, &argc, argv, "--limit", &list.limit) ||
        !lq_cli_arguments(cli->command, argc, argv, 0, 0))
        return LQ_EXIT_USAGE;
    return lq_cli_list(cli, &list);
}

static int record_interview(struct lq_cli *cli, int argc, char **argv)
{
    if (!lq_cli_arguments(cli->command, argc, argv, 1, 1))
        return LQ_EXIT_USAGE;
    Oversight__RecordInterview interview = OVERSIGHT__RECORD_INTERVIEW__INIT;
    interview.kind = argv[0];
    Oversight__Command command = OVERSIGHT__COMMAND__INIT;
    command.body_case = OVERSIGHT__COMMAND__BODY_RECORD_INTERVIEW;
    command.record_interview = &interview;
    return lq_cli_command(cli, "oversight", &command.base);
}

// ---------------------------------------------------------------- the commands

const struct lq_cli_command lq_oversight_commands[] = {
    {"oversight", "meetings", "", "joint meetings (联席会议)",
     "  --limit N            at most so many (default: all)\n", meetings},
    {"oversight", "interviews", "[--kind KIND]", "interviews (约谈)",
     "  --kind KIND          enterprise, official, township_head, …\n"
     "  --limit N            at most so many (default: all)\n",
     interviews},
    {"oversight", "record-meeting", "NUMBER --raised N --resolved N", "record a joint meeting",
     "  --raised N           issues raised\n"
     "  --resolved N         of them resolved\n",
     record_meeting},
    {"oversight", "record-interview", "KIND", "record an interview", NULL, record_interview},
    {0},
};
