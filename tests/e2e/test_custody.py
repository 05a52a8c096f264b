#!/usr/bin/python3
"""Seals, the night shift and orders of a county at the turn of 2020, played by those who are tired: over the year's
turn, the Spring Festival, a Sunday that works and the leap day. Each instant is counted here by hand."""

import datetime
import os
import sys

from system import check, write
from test_county import County

CALENDAR = """revision: fc-2020
years:
  - year: 2019
    holidays: [2019-10-01]
    working_weekends: [2019-10-12]
  - year: 2020
    holidays: [2020-01-01, 2020-01-24, 2020-01-25, 2020-01-26, 2020-01-27, 2020-01-28, 2020-01-29, 2020-01-30,
      2020-01-31, 2020-02-01, 2020-02-02, 2020-04-04, 2020-04-05, 2020-04-06]
    working_weekends: [2020-01-19, 2020-04-26]
"""
POLICY = """revision: fc-1
limits: {shift_days: 150}
county: {north: 38.2, south: 37.6, east: 116.6, west: 115.9}
"""
PEOPLE = """编号,姓名,单位,角色,组,班组,电话
HJ001,石县长,县政府,指挥长,,,
HJ002,梁局,环境保护局,局负责人,,,
HJ003,方甲班,环境保护局,调度台,,甲,
HJ004,袁乙班,环境保护局,调度台,,乙,
HJ005,小苗,环境保护局,调度台,,甲,
HJ006,唐内勤,环境保护局,内勤,,,
HJ101,葛组长,环境保护局,组长,东片组,甲,
HJ102,贺副,环境保护局,组员,东片组,甲,
HJ103,白三,公安局,组员,东片组,甲,
HJ201,姜组长,环境保护局,组长,西片组,乙,
HJ202,范五,环境保护局,组员,西片组,乙,
HJ203,毛六,公安局,组员,西片组,乙,
HJ301,米组长,安监局,组长,南片组,甲,
HJ302,冷七,环境保护局,组员,南片组,甲,
"""
PREMISES = """企业编号,企业名称,乡镇,负责人,纬度,经度,类型,责任人1,责任人2,整改措施,整改期限
K001,鼎盛铸造厂,柳河镇,常老板,37.9,116.2,malleable_iron_foundry,吴一,吴二,停产,2020-06-30
"""
TWO = ("--officer", "HJ201", "--officer", "HJ202")


class Custody(County):
    def term(self, number, rule, kind="item"):
        row = self.terms("--all", "--rule", rule).get((kind, number, rule))
        check(row is not None, f"{kind} {number} has no term {rule}")
        return row

    def last_day(self, number, rule, day, status="running"):
        row = self.term(number, rule)
        check((row["last_day"], row["status"]) == (day, status), f"{number} {rule}: {row['last_day']} {row['status']}")

    def seal(self, what, seal_number, at, *more, code=0):
        return self.do("seizure", "record", "--order", "1", "--target", "K001", "--kind", "变压器", "--specification", what,
                       "--action", "查封", "--seal", seal_number, *TWO, "--at", at, *more, by="HJ201", code=code)

    def rung(self, number, rule, kind="item"):
        return [mark["offset_ms"] // 3600000 for mark in self.term(number, rule, kind)["marks"] if mark["rung"]]

    def killed(self, part):
        """Whatever was acknowledged is there again."""
        self.eventually(f"{part} runs", lambda: self.kill(part))
        self.wait_until_up()


def set_up(county):
    folder = os.path.join(county.directory, "台账")
    write(folder, "企业.csv", PREMISES)
    write(folder, "人员.csv", PEOPLE)
    county.do("import", folder)
    for badge, rank in (("HJ003", "desk_chief"), ("HJ004", "值班长"), ("HJ102", "副组长")):
        county.do("shift", "amend", badge, "--rank", rank, by="admin")
    for line in PEOPLE.splitlines()[1:]:
        county.do("key", "issue", line.split(",", 1)[0])
    county.do("shift", "plan", "--to", "2020-05-01", "--first", "甲", "--from", "2019-12-31", by="admin")
    county.do("order", "issue", "--kind", "突击检查", "--target", "K001", "--team", "西片组", "--at", "2019-12-31 22:50",
              by="HJ004")


def an_emergency_at_the_years_turn(county):
    """Twenty-four hours, through a night and a holiday; in time, a minute late, and not at all."""
    for number in (1, 2, 3):
        county.seal(f"S9-{number}00", f"封000{number}", "2019-12-31 23:30", "--emergency")
    check(county.term("I0001", "SZ3")["due_ms"].startswith("2020-01-01T23:30:00"), "SZ3")
    county.last_day("I0001", "SZ6", "2020-01-30")
    county.refused("item", "publish-decision", "1", by="HJ201", words="当前为“查封中”；现在可办：")
    county.at("2020-01-01 23:29")
    county.said("item", "批准补办", "1", by="HJ002")
    county.killed("seizure")
    county.refused("item", "ratify", "1", by="HJ002", words="不能办理“批准补办”")
    county.at("2020-01-01 23:31")
    county.said("item", "ratify", "2", by="HJ002")
    county.refused("item", "refuse-ratification", "3", by="HJ002", words=("缺少：备注", "--note 文字"))
    text = county.said("item", "refuse-ratification", "3", "--why", "不属紧急", by="HJ002")
    check("期限：SZ11 至 2020-01-06、SZ17b 至 2020-02-05" in text, text)  # 19 January works; the festival until 2 February
    check([county.term(number, "SZ3")["status"] for number in ("I0001", "I0002", "I0003")] == ["met", "late", "late"],
          "ratified, ratified late, refused late")
    county.eventually("three marks", lambda: county.rung("I0002", "SZ3") == [-6, -1, 0])
    check(county.do("log", "item", "2", "--lang", "zh").count("依据 SZ3") == 3, "a mark has rung twice")


def pauses_and_an_extension_over_the_leap_day(county):
    """Sealed on 1 January: the 30th day is the 31st; 19 January is the 18th."""
    county.seal("S9-400", "封0004", "2020-01-01 00:30")
    county.seal("S9-500", "封0005", "2020-01-01 00:31", "--days", "5")
    county.refused("seizure", "record", "--order", "1", "--target", "K001", "--kind", "风机", "--action", "查封", "--seal",
                   "封0009", *TWO, "--days", "0", by="HJ201", code=2, words="--days 应填不小于 1 的整数，不能是“0”")
    pause = ("pause", "设备", "4", "SZ6", "--paper", "检1", "--from")
    county.at("2020-01-17 10:00")
    county.said(*pause, "2020-01-20", "--to", "2020-02-05", by="HJ201")  # 17 days
    county.last_day("I0004", "SZ6", "2020-02-17")
    county.said(*pause, "2020-01-20", "--to", "2020-02-01", by="HJ201")  # done earlier: 13 days
    county.last_day("I0004", "SZ6", "2020-02-13")
    text = county.said(*pause, "2020-02-08", "--to", "2020-02-14", by="HJ201")  # once more: 7 days
    check("事由 检测鉴定期间已告知" in text and "期限：SZ6 至 2020-02-20" in text, text)
    county.at("2020-02-10 09:00")
    check(county.json("item", "show", "I0004")["state"] == "paused", "it is being tested")
    extend = ("item", "extend", "4", "--days")
    county.refused(*extend, "0", by="HJ002", code=2, words="不小于 1")
    county.refused(*extend, "-3", by="HJ002", code=2, words="不小于 1")
    county.refused(*extend, "31", by="HJ002", words="最多延长 30 日")
    text = county.said(*extend, "30", by="HJ002")  # 9 days until the leap day, 21 in March
    check("期限：SZ7 至 2020-03-21、SZ17 至 2020-03-09" in text, text)
    county.refused(*extend, "5", by="HJ002", words="期限只能延长一次")


def what_comes_too_late(county):
    """Five days from 1 January ended on the 6th; what is dated in time is in time, whenever it comes in."""
    county.refused("item", "extend", "5", by="HJ002", words=("2020-01-07 00:00:00", "现只能解除查封"))
    pause = ("pause", "设备", "5", "SZ6", "--from", "2020-01-03", "--to", "2020-01-10", "--paper", "检5")
    county.refused(*pause, by="HJ201", words=("已于 2020-01-07 00:00:00 届满", "用 --at 填写送达时间"))
    late = ("item", "extend", "5", "--days", "40", "--for", "HJ002", "--reason", "补录", "--at")
    county.refused(*late, "2020-01-07 00:00", by="HJ006", words="2020-01-07 00:00:00")
    county.refused(*late, "2020-01-06 23:59", by="HJ006", words="最多延长 30 日")
    county.do(*late[:4], "10", *late[5:], "2020-01-06 23:59", by="HJ006")
    check(county.term("I0005", "SZ6")["last_day"] == "2020-01-16", "ten days more")


def a_seal_breaks_and_the_thing_moves(county):
    county.at("2020-02-28 16:00")
    county.said("item", "breach", "4", "--said", "封条被撕", by="HJ101")
    due = county.term("I0004", "OP-BREACH")["due_ms"]
    check(due.startswith("2020-02-29T16:00"), due)
    county.refused("item", "reseal", "4", "--seal", "封0004", by="HJ201", words="一个编号的封条只用一次")
    county.said("item", "reseal", "4", "--seal", "封0104", by="HJ201")
    check("未报请公安" in county.do("--lang", "zh", "item", "show", "4"), "that it was broken is still to be told")
    custody = ("item", "pass-custody", "4", "--giver")
    county.said(*custody, "HJ202", "--taker", "仓库老王", "--place", "柳河仓库", by="HJ202")
    county.said(*custody, "仓库老王", "--taker", "仓库老王", "--place", "县局仓库", by="HJ202")  # to another store
    county.refused(*custody, "仓库老王", "--taker", "仓库老王", "--place", "县局仓库", by="HJ202", words="已在“县局仓库”")
    county.refused(*custody, "HJ202", "--taker", "HJ203", "--place", "县局", by="HJ202", words="现由 仓库老王 保管")
    county.at("2020-02-29 15:59")
    county.said("item", "ask-police", "4", by="HJ201")
    check(county.term("I0004", "OP-BREACH")["status"] == "met", "the police were asked a minute before its end")
    county.refused("item", "ask-police", "4", by="HJ201", words="不能办理“报请公安处理”")


def released_and_published(county):
    """Decided on Saturday, the leap day. The extension and the release are each published in a term of their own."""
    text = county.said("item", "decide-release", "4", "--ground", "5", by="HJ002")
    check("期限：SZ11 至 2020-03-04、SZ17b 至 2020-03-27" in text, text)
    county.last_day("I0004", "SZ17", "2020-03-09")
    county.killed("seizure")
    county.at("2020-03-10 09:00")
    county.said("item", "publish-decision", "4", by="HJ201")
    county.last_day("I0004", "SZ17", "2020-03-09", "late")
    county.last_day("I0004", "SZ17b", "2020-03-27", "met")
    county.refused(*("item", "pass-custody", "3", "--giver", "HJ201", "--taker", "老王", "--place", "县局"), by="HJ001",
                   words="不由 HJ001 办理")
    county.said("item", "serve-release", "3", *TWO, by="HJ201")
    county.refused("item", "pass-custody", "3", "--giver", "HJ201", "--taker", "老王", "--place", "县局", by="HJ201",
                   words="当前为“已解除”")
    county.do("item", "publish", "4", "--paper", "公告1", "--at", "2020-03-01 00:00", by="HJ201")
    county.last_day("I0004", "SZ12", "2020-04-30")
    county.at("2020-04-30 23:59")
    county.refused("item", "dispose", "4", "--paper", "拍卖1", by="HJ002", words="在 2020-05-01 00:00:00 之前仍可认领")


def nobody_came(county):
    """Weeks without a handover: only that of the shift before is open, and an older one takes nobody's desk."""
    overdue = [row["number"] for row in county.json("due", "--overdue", "--rule", "OP-HANDOVER")]
    check(overdue == ["2020-01-14-night"], f"{overdue}")
    county.refused("handover", "freeze", "2020-01-06-day", by="HJ001", words=("不再交接", "2020-01-06-night 已于 2020-01-07 08:00"))
    county.refused("handover", "sign", by="HJ003", words="没有待签字的清单")
    county.do("handover", "freeze", "2020-01-14-night", by="HJ004")
    county.refused("handover", "sign", by="HJ005", words="不是班次 2020-01-15-day（班组 甲）的值班长")
    county.refused("handover", "refuse", by="HJ003", code=2, words="为何拒签？")
    county.do("handover", "refuse", "--why", "缺呼叫", by="HJ003")
    county.do("handover", "freeze", "2020-01-14-night", by="HJ004")
    county.do("order", "issue", "--kind", "突击检查", "--target", "K001", "--team", "南片组", by="HJ003")
    county.do("handover", "sign", by="HJ003", code=1)
    county.do("handover", "freeze", "2020-01-14-night", by="HJ004")
    county.said("handover", "sign", by="HJ003")
    county.killed("dispatch")
    check("值班长：HJ003" in county.said("order", "board", by="HJ003"), "the desk is his")
    county.refused("handover", "freeze", "2020-01-13-night", by="HJ001", words="HJ003 已对其后的班次 2020-01-14-night 签字接班")
    county.do("order", "cancel", "2", "--why", "误发", by="HJ003")


def who_stands_in_is_called(county):
    """15 January is a Wednesday, and 甲 is on by day."""
    ask = ("absence", "ask", "--why", "家事", "--shift")
    county.said(*ask, "2020-01-17-白班", by="HJ102")
    county.refused("absence", "refuse", "1", by="HJ101", words=("缺少：备注", "--note 文字"))
    check("当日突击" in county.said("absence", "refuse", "1", "--why", "当日突击", by="HJ101"), "why")
    county.do("swap", "ask", "--shift", "2020-01-16-白班", "--partner", "HJ203", by="HJ103")
    county.do("swap", "accept", "1", by="HJ203")
    county.do("swap", "approve", "1", "--reason", "人手不足", by="HJ001")
    county.at("2020-01-16 08:05")
    text = county.said("shift", "roll-call", "2020-01-16-白班", "东片组", "--late", "HJ102", by="HJ101")
    check("到岗 HJ101, HJ203" in text and "迟到 HJ102" in text, text)
    county.said("shift", "roll-call", "2020-01-16-白班", "东片组", "--late", "HJ203", by="HJ101")
    county.refused("shift", "roll-call", "2020-01-16-白班", "东片组", "--late", "HJ302", by="HJ101", words="HJ302 不在组 东片组")


def a_flash_order(county):
    """In the last seconds, and after them; then the team declines, and another takes its place."""
    issue = ("order", "issue", "--kind", "突击检查", "--target", "K001", "--priority", "特急", "--team")
    for team, lead, late in (("南片组", "HJ301", False), ("东片组", "HJ101", True)):
        number = county.do(*issue, team, by="HJ003").split()[1]
        due = datetime.datetime.fromisoformat(county.term(number, "OP-ACK", "order")["due_ms"])
        county.at((due + datetime.timedelta(seconds=2 if late else -10)).strftime("%Y-%m-%d %H:%M:%S"))
        county.do("order", "ack", number, by=lead)
        status = county.term(number, "OP-ACK", "order")["status"]
        check(status == ("late" if late else "met"), f"{number}: {status}")
    county.do("order", "decline", number, "--why", "车坏", by="HJ101")
    check("无人承办" in county.said("order", "board", by="HJ003"), "nobody has it")
    county.refused("order", "relieve", number, "东片组", "--with", "南片组", "--why", "车坏", by="HJ003", words="不能出动")
    county.refused("order", "换组", number, "东片组", "--with", "西片组", by="HJ003", code=2, words="换组须有 --with")
    first = f"O{int(number[1:]) - 1:04}"
    county.do("order", "换组", first, "南片组", "--with", "东片组", "--why", "就近", by="HJ003")
    check("东片组 ?" in county.said("order", "board", by="HJ003"), "the other has it")


def main():
    county = Custody(sys.argv[1], "2019-12-31 23:30:30")
    write(os.path.join(county.data, "config"), "calendar.yaml", CALENDAR)
    write(os.path.join(county.data, "config"), "policy.yaml", POLICY)
    with county:
        set_up(county)
        an_emergency_at_the_years_turn(county)
        county.at("2020-01-15 09:00")
        county.eventually("the shifts have begun", lambda: "2020-01-15-day" in
                          [row["number"] for row in county.json("due")])
        nobody_came(county)
        who_stands_in_is_called(county)
        a_flash_order(county)
        pauses_and_an_extension_over_the_leap_day(county)
        what_comes_too_late(county)
        a_seal_breaks_and_the_thing_moves(county)
        released_and_published(county)


if __name__ == "__main__":
    main()
