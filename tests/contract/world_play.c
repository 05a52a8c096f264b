// A play: what a force usually does in its order, so that a random life also gets to where things
// rest on each other.
#include "world_parts.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "pb/pb.h"
#include "support/message.h"

#define PHOTOGRAPH "75dc4d75228f62d8d9f134cef2af43d444a0bbbc3a103709aa1c8476c8f19412"
#define OTHER "d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa"

enum { ITSELF = 99 };

// What a raid usually leaves behind. %u is a number that no play had before; each line is said with
// four chances in five, so that the later ones also meet what the earlier ones did not do.
static const struct {
    const char *service;
    unsigned
        person; // index in WORLD_PEOPLE; ITSELF: the service, once it has heard what went before
    const char *command;
} PLAY[] = {
    {"dispatch", 0,
     "issue_order {number=\"R%u\" kind=\"raid\" target=\"E1\" priority=URGENT vehicles=2 "
     "teams=[\"T01\" \"T02\"] override=true}"},
    {"dispatch", 4, "mark_seen {order=\"R%u\"}"},
    {"dispatch", 4, "mark_seen {order=\"R%u\" team=\"T01\" read=true}"},
    {"dispatch", 4, "report_step {order=\"R%u\" team=\"T01\" step=ACKNOWLEDGED}"},
    {"dispatch", 5, "decline_order {order=\"R%u\" team=\"T02\" why=\"no vehicle\"}"},
    {"dispatch", 4, "report_step {order=\"R%u\" team=\"T01\" step=DEPARTED}"},
    {"dispatch", 4, "record_participant {order=\"R%u\" team=\"T01\" badge=\"P7\"}"},
    {"dispatch", 4, "report_step {order=\"R%u\" team=\"T01\" step=ON_SCENE}"},
    {"dispatch", 0,
     "issue_order {number=\"K%u\" kind=\"raid\" target=\"E2\" priority=URGENT teams=[\"T02\"] "
     "override=true}"},
    {"seizure", 4, "close_site {site=\"E2\" order=\"K%u\"}"},
    {"seizure", 4,
     "take_item {number=\"A%u\" order=\"R%u\" target=\"E1\" kind=\"cupola\" action=DISMANTLED "
     "officer_1=\"P5\" officer_2=\"P7\"}"},
    {"seizure", 4,
     "take_item {number=\"B%u\" order=\"R%u\" target=\"E1\" kind=\"transformer\" action=SEALED "
     "seal=\"S%u\" officer_1=\"P5\" officer_2=\"P7\"}"},
    {"seizure", 4,
     "take_item {number=\"D%u\" order=\"R%u\" target=\"E1\" kind=\"transformer\" action=SEALED "
     "seal=\"U%u\" officer_1=\"P5\" officer_2=\"P7\"}"},
    {"seizure", 4,
     "propose_item {number=\"Z%u\" order=\"R%u\" target=\"E1\" kind=\"transformer\" "
     "ground=\"违法排放污染物\"}"},
    {"seizure", 4, "cut_power {number=\"W%u\" target=\"E1\" order=\"R%u\"}"},
    {"seizure", 4, "take_step {kind=\"item\" number=\"D%u\" verb=BREACH act={words=\"封条被撕\"}}"},
    {"seizure", 0, "extend_seal {number=\"B%u\"}"},
    {"seizure", 0, "release_seal {number=\"B%u\"}"},
    {"casefile", 2,
     "open_case {number=\"C%u\" order=\"R%u\" target=\"E1\" offence=\"environmental\"}"},
    {"casefile", 2, "file_case {number=\"C%u\"}"},
    {"seizure", ITSELF, "forget_filing {case_number=\"C%u\"}"},
    {"casefile", 2, "identify_suspect {number=\"X%u\" case_number=\"C%u\" name=\"嫌\"}"},
    {"casefile", 2, "record_suspect_step {suspect=\"X%u\" case_number=\"C%u\" step=LISTED_WANTED}"},
    {"casefile", 2, "record_suspect_step {suspect=\"X%u\" case_number=\"C%u\" step=CAPTURED}"},
    {"casefile", 2, "record_suspect_step {suspect=\"X%u\" case_number=\"C%u\" step=DETAINED}"},
    {"casefile", 2, "solve_case {number=\"C%u\"}"},
    {"dispatch", 4, "report_step {order=\"R%u\" team=\"T01\" step=FINISHED}"},
    {"dispatch", 0, "reopen_order {order=\"R%u\" why=\"more\" teams=[\"T01\"] override=true}"},
    {"dispatch", 1, "amend_order {order=\"R%u\" priority=FLASH why=\"worse\"}"},
    {"dispatch", 1, "amend_order {order=\"R%u\" priority=ROUTINE why=\"better\"}"},
    {"dispatch", 4, "call_for_help {order=\"R%u\" team=\"T01\"}"},
    {"dispatch", 4, "record_crew {order=\"R%u\" team=\"T01\" people=[\"P5\"] vehicles=[\"2\"]}"},
    {"dispatch", 0, "freeze_handover {handover=\"2015-03-06-day\"}"},
    {"dispatch", 1, "refuse_handover {handover=\"2015-03-06-day\" list=1 why=\"more\"}"},
    {"dispatch", 1, "freeze_handover {handover=\"2015-03-06-day\"}"},
    {"dispatch", 0, "sign_handover {handover=\"2015-03-06-day\" list=2}"},
    {"dispatch", 0, "sign_handover {handover=\"2015-03-06-day\" list=1}"},
    {"dispatch", 0,
     "issue_paper {kind=\"handover_sheet\" of_kind=\"handover\" of_number=\"2015-03-06-day\"}"},
    {"dispatch", 0, "serve_paper {number=\"献环交〔2015〕1号\" how=IN_PERSON receipt=\"P1\"}"},
    {"dispatch", 0, "add_team {order=\"K%u\" team=\"T01\" override=true}"},
    {"dispatch", 0, "withdraw_team {order=\"K%u\" team=\"T01\" why=\"sent by mistake\"}"},
    {"dispatch", 0, "cancel_order {order=\"K%u\" why=\"issued twice\"}"},
    {"ledger", 3, "assign_supervisor {premises=\"E2\" name=\"S%u\" unit=\"局\"}"},
    {"ledger", 3,
     "issue_paper {kind=\"responsibility_letter\" of_kind=\"premises\" of_number=\"E2\" fields=["
     "{id=\"premises\" value=\"甲\"} {id=\"township\" value=\"乙\"} {id=\"name_1\" value=\"甲\"} "
     "{id=\"unit_1\" value=\"局\"} {id=\"phone_1\" value=\"1\"} {id=\"name_2\" value=\"乙\"} "
     "{id=\"unit_2\" value=\"局\"} {id=\"phone_2\" value=\"2\"}]}"},
    {"ledger", 3, "serve_paper {number=\"献环责〔2015〕1号\" how=IN_PERSON receipt=\"P1\"}"},
    {"ledger", 3, "replace_supervisor {premises=\"E2\" name=\"N%u\" unit=\"局\" replaces=\"S%u\"}"},
    {"ledger", 3,
     "register_premises {number=\"F%u\" name=\"厂\" township=\"乡1\" standing=ENTERPRISE}"},
    {"ledger", 3, "assign_supervisor {premises=\"F%u\" name=\"甲\" unit=\"局\"}"},
    {"ledger", 3,
     "stand_in {premises=\"F%u\" name=\"乙\" replaces=\"甲\" from_ms=2016-01-01T00:00:00+08:00 "
     "to_ms=2016-01-02T00:00:00+08:00}"},
    {"ledger", 4, "record_step {premises=\"F%u\" step=SUSPENDED}"},
    {"ledger", 4, "record_step {premises=\"F%u\" step=INSPECTED}"},
    {"ledger", 4, "record_step {premises=\"F%u\" step=RECTIFICATION_STARTED}"},
    {"ledger", 1, "arrive_post {premises=\"F%u\" supervisor=\"甲\"}"},
    {"ledger", 3, "leave_post {premises=\"F%u\" supervisor=\"甲\"}"},
    {"ledger", 4, "record_step {premises=\"F%u\" step=RECTIFICATION_COMPLETED}"},
    {"ledger", 4, "ask_acceptance {number=\"Y%u\" premises=\"F%u\"}"},
    {"ledger", 7, "take_step {kind=\"acceptance\" number=\"Y%u\" verb=SIGN}"},
    {"ledger", 4, "take_step {kind=\"acceptance\" number=\"Y%u\" verb=FAIL act={note=\"x\"}}"},
    {"ledger", 0,
     "decide_limit {number=\"X%u\" premises=\"F%u\" kind=LIMITED months=1 ground=\"x\" "
     "handler=\"P5\"}"},
    {"ledger", 4, "take_step {kind=\"limit\" number=\"X%u\" verb=SERVE}"},
    {"shift", 6, "ask_absence {shift=\"S1\" why=\"leave %u\"}"},
    {"shift", 0, "take_step {kind=\"absence\" number=\"A0001\" verb=APPROVE}"},
    {"shift", 4, "ask_swap {shift=\"S1\" partner=\"P1\" why=\"swap %u\"}"},
    {"shift", 0, "take_step {kind=\"swap\" number=\"W0001\" verb=ACCEPT}"},
    {"shift", 0, "take_step {kind=\"swap\" number=\"W0001\" verb=APPROVE}"},
    {"shift", 6, "take_step {kind=\"absence\" number=\"A0001\" verb=WITHDRAW}"},
    {"shift", 4, "call_roll {shift=\"S1\" team=\"T01\" note=\"%u\"}"},
    {"shift", 8, "register_person {badge=\"L%u\" name=\"离\" role=OFFICER}"},
    {"shift", 8, "leave_person {badge=\"L%u\"}"},
    {"shift", 8, "register_person {badge=\"V%u\" name=\"误\" role=OFFICER}"},
    {"shift", 8, "void_record {kind=\"person\" number=\"V%u\"}"},
    {"shift", 8, "amend_person {badge=\"P8\" name=\"N%u\" role=INSPECTOR also=[REVIEWER]}"},
    {"casefile", 4, "spot_penalty {number=\"G%u\" premises=\"E1\" violation=\"dust\" fined=true}"},
    {"casefile", 3,
     "record_penalty {number=\"B%u\" premises=\"E1\" violation=\"dust\" fined=true}"},
    {"casefile", 4,
     "open_penalty {number=\"A%u\" premises=\"E1\" violation=\"dust\" officers=[\"P5\" \"P7\"]}"},
    {"casefile", 0, "take_step {kind=\"penalty\" number=\"A%u\" verb=FILE}"},
    {"casefile", 4,
     "pause_clock {kind=\"penalty\" number=\"A%u\" rule=\"AD8\" cause=\"monitoring\" "
     "from_day=2015-03-20 to_day=2015-03-25 paper=\"p\"}"},
    {"casefile", 4, "take_step {kind=\"penalty\" number=\"A%u\" verb=SUBMIT}"},
    {"casefile", 7, "take_step {kind=\"penalty\" number=\"A%u\" verb=PASS}"},
    {"casefile", 4, "take_step {kind=\"penalty\" number=\"A%u\" verb=NOTIFY act={paper=\"p\"}}"},
    {"casefile", 4, "take_step {kind=\"penalty\" number=\"A%u\" verb=ASK_HEARING}"},
    {"casefile", 7,
     "take_step {kind=\"penalty\" number=\"A%u\" verb=REPORT_HEARING act={paper=\"p\"}}"},
    {"casefile", 0,
     "take_step {kind=\"penalty\" number=\"A%u\" verb=PENALISE act={paper=\"p\" amount_fen=1}}"},
    {"casefile", 6, "take_step {kind=\"penalty\" number=\"A%u\" verb=SERVE}"},
    {"fund", 8, "set_budget {line=EXPERTS ceiling_yuan=1000000}"},
    {"fund", 8, "set_budget {line=GUIDE ceiling_yuan=1000000}"},
    {"fund", 3,
     "propose_grant {number=\"F%u\" line=EXPERTS payee=\"师\" amount_yuan=800 purpose=\"评\"}"},
    {"fund", 3,
     "propose_grant {number=\"H%u\" line=GUIDE premises=\"E1\" amount_yuan=900 "
     "purpose=\"升级\"}"},
    {"fund", 0, "take_step {kind=\"grant\" number=\"F%u\" verb=APPROVE}"},
    {"fund", 9, "take_step {kind=\"grant\" number=\"F%u\" verb=APPROVE}"},
    {"fund", 8, "take_step {kind=\"grant\" number=\"F%u\" verb=PAY_OUT}"},
    {"fund", 0, "take_step {kind=\"grant\" number=\"H%u\" verb=REFUSE act={note=\"缓\"}}"},
    {"casefile", 0, "decide_detention {number=\"D%u\" premises=\"E1\" person=\"X\"}"},
    {"casefile", 4, "take_step {kind=\"detention\" number=\"D%u\" verb=SEND}"},
    {"casefile", 2, "take_step {kind=\"detention\" number=\"D%u\" verb=ACCEPT}"},
    {"casefile", 2, "take_step {kind=\"detention\" number=\"D%u\" verb=DETAIN}"},
    {"casefile", 4,
     "issue_notice {number=\"N%u\" premises=\"E1\" finding=\"dust\" form=STATUTORY}"},
    {"casefile", 4, "take_step {kind=\"notice\" number=\"N%u\" verb=SERVE}"},
    {"casefile", 6, "take_step {kind=\"notice\" number=\"N%u\" verb=RECHECK_NOT_COMPLIED}"},
    {"casefile", 4,
     "report_case {number=\"Q%u\" order=\"R%u\" target=\"E1\" offence=\"environmental\" "
     "officers=[\"P5\" \"P7\"]}"},
    {"casefile", 0, "take_step {kind=\"case\" number=\"Q%u\" verb=APPROVE_TRANSFER}"},
    {"casefile", 4, "take_step {kind=\"case\" number=\"Q%u\" verb=HAND_OVER act={paper=\"p\"}}"},
    {"casefile", 2, "file_case {number=\"Q%u\"}"},
    {"casefile", 2, "identify_suspect {number=\"Z%u\" case_number=\"Q%u\" name=\"嫌\"}"},
    {"casefile", 2, "take_step {kind=\"suspect\" number=\"Z%u\" verb=DETAIN}"},
    {"casefile", 2, "take_step {kind=\"suspect\" number=\"Z%u\" verb=HOUSE}"},
    {"casefile", 2, "take_step {kind=\"suspect\" number=\"Z%u\" verb=REQUEST_ARREST}"},
    {"casefile", 2, "take_step {kind=\"suspect\" number=\"Z%u\" verb=APPROVE}"},
    {"casefile", 2, "take_step {kind=\"suspect\" number=\"Z%u\" verb=ARREST}"},
    {"seizure", 4, "cut_power {number=\"W%u\" target=\"E1\" order=\"R%u\"}"},
    {"tips", 1, "record_tip {number=\"H%u\" channel=\"letter\" premises=\"E1\" content=\"烟\"}"},
    {"tips", 1, "record_tip {number=\"J%u\" channel=\"letter\" village=\"东庄\" content=\"烟\"}"},
    {"tips", 1, "verify_tip {number=\"H%u\" verified=true}"},
    {"tips", 1, "take_step {kind=\"tip\" number=\"H%u\" verb=ACCEPT}"},
    {"tips", 1,
     "take_step {kind=\"tip\" number=\"H%u\" verb=VERIFY act={officers=[\"P5\" \"P7\"] "
     "ground=\"属实\"}}"},
    {"tips", 1, "take_step {kind=\"tip\" number=\"H%u\" verb=REPLY}"},
    {"tips", 1,
     "take_clock {kind=\"tip\" number=\"J%u\" rule=\"TI1\" until_ms=2015-03-10T08:00:00+08:00}"},
    {"oversight", 0, "record_meeting {number=\"G%u\" issues_raised=1}"},
    {"oversight", 0,
     "assign_task {number=\"A%u\" parent=\"G%u\" subject=\"a\" owner=\"P5\" due_day=2015-03-20}"},
    {"oversight", 0,
     "assign_task {number=\"B%u\" parent=\"G%u\" subject=\"b\" owner=\"P5\" due_day=2015-03-08}"},
    {"oversight", 4,
     "take_clock {kind=\"task\" number=\"A%u\" rule=\"OP-TASK\" "
     "until_ms=2015-03-18T08:00:00+08:00}"},
    {"oversight", 4, "take_step {kind=\"task\" number=\"A%u\" verb=ACCEPT}"},
    {"oversight", 4, "take_step {kind=\"task\" number=\"A%u\" verb=REPORT}"},
    {"oversight", 7,
     "take_step {kind=\"task\" number=\"A%u\" verb=VERIFY act={answers=[\"1=a\" \"2=a\" \"3=a\" "
     "\"4=a\" \"5=a\"]}}"},
    // A week of before that has a figure, and its bulletin.
    {"stats", ITSELF,
     "book {entries=[{figure=NOTICES on_day=2015-02-25 amount=1 number=\"W%u\" stream=\"casefile\" "
     "seq=900000%u}]}"},
    {"stats", 3, "publish_bulletin {week=\"2015-W09\"}"},
    {"stats", 0, "take_step {kind=\"bulletin\" number=\"周报〔2015〕1号\" verb=SIGN}"},
    {"stats", 0, "take_step {kind=\"bulletin\" number=\"周报〔2015〕2号\" verb=SIGN}"},
    // Cameras: one that goes on, one that is void, one that is retired.
    {"monitor", 3,
     "register_channel {number=\"SPA\" premises=\"E1\" address=\"rtsp://10.0.0.1/1\"}"},
    {"monitor", 1,
     "register_channel {number=\"SPB%u\" premises=\"E1\" address=\"tcp://10.0.0.2:554\"}"},
    {"monitor", 3,
     "register_channel {number=\"SPV%u\" premises=\"E2\" address=\"tcp://10.0.0.3:554\" "
     "voluntary=true}"},
    {"monitor", 10, "alive {channels=[\"SPA\",\"SPB%u\"]}"},
    {"monitor", 10, "alive {channels=[\"SPA\"]}"},
    {"monitor", 10, "alive {}"},
    {"monitor", 10, "alive {channels=[\"SPA\"]}"},
    {"monitor", ITSELF, "note_silence {}"},
    {"monitor", 1, "retire_channel {channel=\"SPB%u\" why=\"拆除\"}"},
    // A photograph of twelve bytes, whole from the first play on; the other one is given up.
    {"evidence", 4,
     "open_file {sha256=\"" PHOTOGRAPH
     "\" bytes=12 restricted=true head=ffd8ffe000104a464946ffd9}"},
    {"evidence", 6, "keep_chunk {sha256=\"" PHOTOGRAPH "\" content=ffd8ffe000104a464946ffd9}"},
    {"evidence", 4, "open_file {sha256=\"" OTHER "\" bytes=9000 head=ffd8ffe000104a464946ffd9}"},
    {"evidence", 3, "drop_upload {sha256=\"" OTHER "\"}"},
    {"evidence", 4, "open_file {sha256=\"" OTHER "\" bytes=8000 head=ffd8ffe000104a464946ffd9}"},
};

static unsigned service_index(const struct world *world, const char *service)
{
    for (unsigned i = 0; i < world->count; i++)
        if (strcmp(world->beds[i].service->name, service) == 0)
            return i;
    return WORLD_SERVICES;
}

static void say_line(struct world *world, size_t line)
{
    const unsigned service = service_index(world, PLAY[line].service);
    if (service == WORLD_SERVICES)
        return;
    struct lq_bed *bed = &world->beds[service];
    const struct person itself = {lq_arena_format(&world->arena, "@%s", bed->service->name),
                                  LQ_ROLE(SERVICE)};
    const struct person *person =
        PLAY[line].person == ITSELF ? &itself : &WORLD_PEOPLE[PLAY[line].person];
    if (person == &itself)
        world_pump(world);
    // The lines hold up to three numbers, all the same.
    char text[512];
    size_t size = 0;
    for (const char *c = PLAY[line].command; *c != '\0' && size < sizeof text - 16; c++) {
        if (c[0] == '%' && c[1] == 'u') {
            size += (size_t)snprintf(text + size, 16, "%u", world->plays);
            c++;
        } else {
            text[size++] = *c;
        }
    }
    text[size] = '\0';
    const struct lq_bed_command command = {
        .actor = person->badge,
        .roles = person->roles,
        .reason = "as planned",
        .body = lq_message_of(&world->arena, bed->service->command_type, text),
    };
    struct world_sent sent = {.bed = bed, .actor = person->badge, .roles = person->roles};
    const struct lq_bed_sent out = lq_bed_send(bed, &command);
    sent.command = lq_arena_copy(&world->arena, out.command);
    const unsigned id = lq_pb_variant(command.body);
    while (bed->service->command_type->fields[sent.member].id != id)
        sent.member++;
    lq_bed_settle(bed);
    world_note_outcome(world, service, &sent, out.correlation);
    lq_bed_forget(bed);
}

void world_play(struct world *world)
{
    world->plays++;
    for (size_t line = 0; line < sizeof PLAY / sizeof PLAY[0]; line++) {
        if (lq_chance(&world->dice, 80))
            say_line(world, line);
        world_pump(world);
        for (unsigned i = 0; i < world->count; i++)
            lq_bed_forget(&world->beds[i]);
    }
}
