#!/usr/bin/python3
"""What waits for somebody's answer in a county of 2019, at the Spring Festival and its two days that are worked: leave
and swaps, an order that nobody has, a handover on paper, a keeper who is not known. Each instant is counted by hand."""

import os
import sys

from system import check, write
from test_county import County

CALENDAR = """revision: fc-2019
years:
  - year: 2019
    holidays: [2019-01-01, 2019-02-04, 2019-02-05, 2019-02-06, 2019-02-07, 2019-02-08, 2019-02-09, 2019-02-10,
      2019-04-05]
    working_weekends: [2019-02-02, 2019-02-03]
"""
POLICY = """revision: fc-1
limits: {shift_days: 60}
county: {north: 38.2, south: 37.6, east: 116.6, west: 115.9}
"""
PEOPLE = """编号,姓名,单位,角色,组,班组,电话
ZF001,石县长,县政府,指挥长,,,
ZF002,梁局,环境保护局,局负责人,,,
ZF003,方红班,环境保护局,调度台,,红,
ZF004,袁蓝班,环境保护局,调度台,,蓝,
ZF006,唐内勤,环境保护局,内勤,,,
ZF101,葛组长,环境保护局,组长,东组,红,
ZF102,贺副,环境保护局,组员,东组,红,
ZF103,白三,公安局,组员,东组,红,
ZF201,姜组长,环境保护局,组长,西组,蓝,
ZF202,范五,环境保护局,组员,西组,蓝,
ZF301,米组长,安监局,组长,南组,红,
"""
PREMISES = """企业编号,企业名称,乡镇,负责人,纬度,经度,类型,责任人1,责任人2,整改措施,整改期限
N001,鼎盛铸造厂,柳河镇,常老板,37.9,116.2,malleable_iron_foundry,吴一,吴二,停产,2019-06-30
"""
COMMANDER, HEAD, RED, BLUE, CLERK = "ZF001", "ZF002", "ZF003", "ZF004", "ZF006"
LEAD, DEPUTY, OFFICER = "ZF101", "ZF102", "ZF103"


class Waiting(County):
    def alerts(self, badge):
        return {(row["kind"], row["number"], row["rule"]) for row in self.json("alerts", "--as", badge)}

    def rings(self, what, thing, *badges, but=()):
        self.eventually(what, lambda: all(thing in self.alerts(badge) for badge in badges))
        for badge in but:
            check(thing not in self.alerts(badge), f"{what}: {badge} is told")

    def due(self, kind, number, rule, due, status="running"):
        row = max((row for row in self.json("due", "--all", "--rule", rule) if (row["kind"], row["number"]) == (kind, number)),
                  key=lambda row: row["start"])
        check(row["due_ms"].startswith(due) and row["status"] == status, f"{number}: {row['due_ms']} {row['status']}")


def set_up(county):
    folder = os.path.join(county.directory, "台账")
    write(folder, "企业.csv", PREMISES)
    write(folder, "人员.csv", PEOPLE)
    county.do("import", folder)
    for badge, rank in ((RED, "desk_chief"), (BLUE, "值班长"), (DEPUTY, "副组长")):
        county.do("shift", "amend", badge, "--rank", rank, by="admin")
    for line in PEOPLE.splitlines()[1:]:
        county.do("key", "issue", line.split(",", 1)[0])
    county.do("shift", "plan", "--to", "2019-02-20", "--first", "红", "--from", "2019-01-28", by="admin")


def leave_that_nobody_answers(county):
    """Red is on by day until Sunday 3 February; a day before the shift of the 2nd is Friday, 8 o'clock."""
    county.said("absence", "ask", "--shift", "2019-02-02-day", "--why", "家事", by=OFFICER)
    county.due("absence", "A0001", "OP-ANSWER", "2019-02-01T08:00:00")
    asked = ("absence", "A0001", "OP-ANSWER")
    county.at("2019-02-01 07:59:50")
    check(asked not in county.alerts(LEAD), "told before its time")
    county.eventually("shift is killed", lambda: county.kill("shift"))
    county.at("2019-02-01 08:00:10")
    county.wait_until_up()
    county.rings("a day before", asked, LEAD, RED, BLUE, but=(COMMANDER, OFFICER, DEPUTY))
    county.at("2019-02-01 12:00:05")
    county.rings("and four hours later", asked, COMMANDER)
    check(county.do("log", "absence", "1", "--lang", "zh").count("依据 OP-ANSWER") == 2, "rang twice, or not")
    county.said("absence", "approve", "1", by=RED)
    check(not any(asked in county.alerts(badge) for badge in (LEAD, RED, COMMANDER)), "answered, and told of still")
    county.due("absence", "A0001", "OP-ANSWER", "2019-02-01T08:00:00", "late")


def who_falls_ill_in_the_evening(county):
    """Later than a day before: at once; the lead's own to his deputy; a chief's own to the others and a commander."""
    county.at("2019-02-01 21:00")
    county.said("absence", "ask", "--shift", "2019-02-02-day", "--why", "发热", by=LEAD)
    county.rings("at once", ("absence", "A0002", "OP-ANSWER"), DEPUTY, BLUE, but=(LEAD, COMMANDER))
    county.said("absence", "ask", "--shift", "2019-02-02-day", "--why", "发热", by=RED)
    county.rings("the chief's own", ("absence", "A0003", "OP-ANSWER"), BLUE, but=(RED,))
    county.said("absence", "refuse", "2", "--why", "无人可替", by=DEPUTY)
    county.said("absence", "withdraw", "3", by=RED)
    check(not county.alerts(BLUE) & {("absence", f"A000{i}", "OP-ANSWER") for i in (2, 3)}, "answered both")


def a_swap_that_moves_unanswered(county):
    """Bound to its shifts: what is moved to an hour earlier waits an hour less; begun, it waits for nobody."""
    county.said("swap", "ask", "--shift", "2019-02-03-白班", "--partner", "ZF202", "--why", "返乡", by=OFFICER)
    county.due("swap", "W0001", "OP-ANSWER", "2019-02-02T08:00:00")
    county.said("swap", "accept", "1", by="ZF202")
    county.said("shift", "move", "2019-02-03-白班", "--from", "2019-02-03 07:00", "--to", "2019-02-03 19:00", by=RED)
    county.due("swap", "W0001", "OP-ANSWER", "2019-02-02T07:00:00")
    county.at("2019-02-02 07:00:02")
    county.rings("the chiefs", ("swap", "W0001", "OP-ANSWER"), RED, BLUE, but=("ZF202", OFFICER))
    county.at("2019-02-03 07:00:02")
    county.eventually("the shift has begun", lambda: not county.alerts(RED) & {("swap", "W0001", "OP-ANSWER")})
    county.due("swap", "W0001", "OP-ANSWER", "2019-02-02T07:00:00", "late")
    county.refused("swap", "approve", "1", "--reason", "补", by=COMMANDER, words="已于 2019-02-03 07:00:00 开始")
    county.said("swap", "withdraw", "1", by=OFFICER)


def an_order_that_nobody_has(county):
    county.at("2019-02-03 10:00")
    county.do("order", "issue", "--kind", "突击检查", "--target", "N001", "--priority", "特急", "--team", "东组", by=RED)
    county.said("order", "decline", "1", "--why", "车坏", by=LEAD)
    nobody = ("order", "O0001", "OP-RESEND")
    county.rings("the desk, at once", nobody, RED)
    check(nobody not in county.alerts(COMMANDER), "the commander is told at once")
    county.eventually("dispatch is killed", lambda: county.kill("dispatch"))
    county.at("2019-02-03 10:04:30")
    county.wait_until_up()
    county.rings("four minutes later", nobody, RED, COMMANDER)
    check(county.do("log", "order", "1", "--lang", "zh").count("依据 OP-RESEND") == 3, "rang twice, or not")
    county.said("order", "add", "1", "南组", by=RED)
    check(nobody not in county.alerts(RED) | county.alerts(COMMANDER), "another team has it")
    county.said("order", "ack", "1", by="ZF301")


def signed_on_paper(county):
    """The day shift of 3 February ends at 19:00; the night shift, which should have signed here, on the 4th at 8:00."""
    county.at("2019-02-04 08:00:05")
    shift = "2019-02-03-day"
    county.eventually("given up", lambda: county.json("handover", "show", shift)["handover"]["state"] == "handover_missed")
    paper = ("handover", "sign", shift, "--reason", "补录纸质交接", "--at", "2019-02-03 20:10", "--for")
    county.refused("handover", "sign", shift, by=BLUE, words="由内勤补录")
    county.refused(*paper, BLUE, by=CLERK, words=("由谁交班？", "--outgoing"))
    county.refused(*paper, RED, "--outgoing", BLUE, by=CLERK, words="不是班次")
    county.refused(*paper[:6], "2019-02-04 08:00", "--for", BLUE, "--outgoing", RED, by=CLERK,
                   words="所填时间为 2019-02-04 08:00:00，而班次 2019-02-03-day 只能在")
    text = county.said(*paper, BLUE, "--outgoing", RED, by=CLERK)
    check("已接班" in text, text)
    text = county.do("--lang", "zh", "handover", "show", shift, by=RED)
    check("纸质交接：当时的未办事项未录入本系统" in text, text)
    check(county.json("handover", "show", shift)["handover"]["signed_by"] == BLUE, "who signed")
    overdue = {row["number"] for row in county.json("due", "--overdue", "--rule", "OP-HANDOVER")}
    check(shift not in overdue, f"{overdue}")


def who_keeps_it(county):
    county.at("2019-02-04 11:00")
    county.do("order", "depart", "1", "--at", "2019-02-03 10:10", by="ZF301")
    county.do("seizure", "record", "--order", "1", "--target", "N001", "--kind", "变压器", "--specification", "S9-100",
              "--action", "查封", "--seal", "封0001", "--officer", LEAD, "--officer", DEPUTY, by=LEAD)
    custody = ("item", "pass-custody", "1", "--giver", LEAD, "--place", "柳河仓库", "--taker")
    for wrong in ("ZF999", "ＺＦ９９９", "9"):
        county.refused(*custody, wrong, by=LEAD, words=("不在", "外单位保管人请写明单位和姓名"))
    county.said(*custody, "柳河粮库 老王", by=LEAD)
    county.refused(*custody, "县物流公司", by=LEAD, words="现由 柳河粮库 老王 保管")


def main():
    county = Waiting(sys.argv[1], "2019-01-28 09:00")
    write(os.path.join(county.data, "config"), "calendar.yaml", CALENDAR)
    write(os.path.join(county.data, "config"), "policy.yaml", POLICY)
    with county:
        set_up(county)
        leave_that_nobody_answers(county)
        who_falls_ill_in_the_evening(county)
        a_swap_that_moves_unanswered(county)
        an_order_that_nobody_has(county)
        signed_on_paper(county)
        who_keeps_it(county)


if __name__ == "__main__":
    main()
