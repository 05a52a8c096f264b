#!/usr/bin/python3
"""Every figure of a small campaign in a county that is not the sample's, counted by hand beside lq: entered late over
midnight, at the end of a month and on the boundary of a shift, cancelled, and corrected a week later, when the bulletin
of its week was signed. Compared by all parts in several ranges of days, before and after the corrections, and as of
before them; and each cell with the records behind it.

    test_figures.py LQ
"""

import csv
import datetime
import io
import os
import sys
from collections import Counter

from driven import Driven
from system import check

CALENDAR = """revision: yx-2018
years:
  - {year: 2018, holidays: [2018-01-01, 2018-06-18], working_weekends: [2018-02-11]}
"""
PEOPLE = """编号,姓名,单位,角色,组,班组,电话
YX01,郑县长,县政府,指挥长,,,
YX02,何局,环境保护局,局负责人,,,
YX03,杜值班,指挥办,调度台,,甲,
YX04,肖值班,指挥办,调度台,,乙,
YX05,文书,指挥办,内勤,,,
YX07,联络员,公安局,公安联络员,,,
YX08,财务,财政局,财务,,,
YX09,网关,指挥办,视频网关,,,
YX11,葛队,环境保护局,组长,东片队,甲,
YX12,贺𠮷,公安局,组员,东片队,甲,
YX13,温工,供电公司,组员,东片队,甲,
YX21,姜队,公安局,组长,西片队,乙,
YX22,崔员,环境保护局,组员,西片队,乙,
"""
PREMISES = """企业编号,企业名称,乡镇,负责人,纬度,经度,类型,责任人1,责任人2,整改措施,整改期限
Q1,鼎盛铸造厂,龙潭镇,常老板,37.9,116.2,foundry,吴一,吴二,停产,2018-12-30
Q2,永兴玛钢厂,马圈回族乡,白老板,37.8,116.1,foundry,吴三,吴四,停产,2018-12-30
Q3,鑫源铸件厂,龙潭镇,沙老板,37.7,116.0,foundry,吴五,吴六,停产,2018-12-30
"""
SITES = "点位编号,类型,乡镇,纬度,经度\nW1,砖瓦窑,龙潭镇,37.9,116.2\nW2,砖瓦窑,马圈回族乡,37.8,116.2\n"
DEPARTMENT = {line.split(",")[0]: line.split(",")[2] for line in PEOPLE.splitlines()[1:]}
TOWNSHIP = {"Q1": "龙潭镇", "Q2": "马圈回族乡", "Q3": "龙潭镇", "W1": "龙潭镇", "W2": "马圈回族乡"}
EAST, WEST = "东片队", "西片队"
MAY, JUNE = "2018-05-", "2018-06-"
RANGES = (("", ""), (MAY + "28", MAY + "28"), (MAY + "31", JUNE + "01"), (MAY + "01", MAY + "31"), (JUNE + "04", JUNE + "04"))


def instant(text):
    return datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S" if text.count(":") == 2 else "%Y-%m-%d %H:%M")


def week(row):
    year, number, _ = row["at"].isocalendar()
    return [f"{year}-W{number:02}"]


PARTS = {  # of an entry
    "day": lambda row: [row["at"].date().isoformat()],
    "week": week,
    "month": lambda row: [row["at"].strftime("%Y-%m")],
    "shift": lambda row: ["day" if 8 <= row["at"].hour < 20 else "night"],
    "township": lambda row: [row["township"]] if row["township"] else [],
    "team": lambda row: row["teams"],
    "department": lambda row: [DEPARTMENT[row["person"]] if row["person"] else "unknown"],
}
NO_LEDGER = ("day", "week", "month", "shift")  # of which a state has no part, or one as of its end


class County(Driven):
    """What is done in it is counted at once."""

    def __init__(self, lq):
        super().__init__(lq, MAY + "28 08:00")
        self.now, self.rows = MAY + "28 08:00", []

    def at(self, county):
        self.now = county
        super().at(county)

    def count(self, figure, number, target="", by="", amount=1, kind="", teams=(), at=""):
        self.rows.append({"figure": figure, "number": number, "township": TOWNSHIP.get(target, ""), "person": by,
                          "amount": amount, "kind": kind, "teams": list(teams), "at": instant(at or self.now),
                          "known": instant(self.now), "stands": True})

    def take_out(self, number, *figures, person=None, **now):
        """By counter-entries; what it is now is counted beside them, if that is said."""
        found = [row for row in self.rows if row["stands"] and row["number"] == number
                 and (not figures or row["figure"] in figures) and person in (None, row["person"])]
        check(found, f"nothing is counted of {number}")
        for row in found:
            row["stands"] = False
            self.rows.append({**row, "amount": -row["amount"], "known": instant(self.now)})
            if now:
                self.rows.append({**row, **now, "known": instant(self.now), "stands": True})

    def counted(self, first, last, as_of, by):
        total = Counter()
        for row in self.rows:
            day = row["at"].date().isoformat()
            before = first and day < first and row["figure"] != "ledger"
            unknown = as_of and row["known"] > instant(as_of)
            if before or unknown or (last and day > last) or (row["figure"] == "ledger" and by in NO_LEDGER):
                continue
            for part in PARTS[by](row) if by else [""]:
                total[row["figure"], row["kind"], part] += row["amount"]
        return {key: count for key, count in total.items() if count}

    def table(self, *arguments):
        return list(csv.DictReader(io.StringIO(self.do(*arguments, "--csv", "--quiet"))))


# ---------------------------------------------------------------- what happens


def set_up(county):
    folder = os.path.join(county.directory, "台账")
    os.makedirs(folder)
    for name, text in (("人员", PEOPLE), ("企业", PREMISES), ("无证点位", SITES)):
        with open(os.path.join(folder, name + ".csv"), "w", encoding="utf-8") as file:
            file.write(text)
    county.do("import", folder)
    for badge in DEPARTMENT:
        county.do("key", "issue", badge)
    county.do("shift", "plan", "--to", JUNE + "30", "--first", "甲", by="admin")


def order(county, when, number, target, team, vehicles, machines, people, at="", cancelled=False, override=False):
    """Given, gone out on and finished by that team; or cancelled by a commander once it has departed."""
    county.at(when)
    desk, lead, teams = ("YX03", "YX11", [EAST]) if team == EAST else ("YX04", "YX21", [WEST])
    desk = "YX01" if override else desk
    county.do("order", "issue", *(["--override", "--reason", "联合"] if override else []), "--number", number, "--kind", "raid", "--target", target, "--team", team, "--vehicles",
              str(vehicles), "--machines", str(machines), *(["--at", at] if at else []), by=desk)
    for figure, amount in (("operations", 1), ("vehicle_times", vehicles), ("machine_times", machines)):
        if amount:
            county.count(figure, number, target, desk, amount, teams=teams if figure == "operations" else (), at=at)
    if not people:
        return
    county.do("order", "crew", number, team, *(one for badge in people for one in ("--people", badge)), by=lead)
    for badge in people:
        county.count("person_times", number, target, badge, teams=teams, at=at)
    for step in ("ack", "depart") if cancelled else ("ack", "depart", "arrive", "finish"):
        county.do("order", step, number, team, by=lead)
    if cancelled:
        county.do("order", "cancel", number, "--why", "停电", by="YX01")


def seize(county, item, number, target, kind, action, officers, *more):
    county.do("seizure", "record", item, "--order", number, "--target", target, "--kind", kind, "--action", action,
              "--officer", officers[0], "--officer", officers[1], *more, by=officers[0])
    county.count(action, item, target, officers[0], kind=kind)


def close(county, site, number, at=""):
    county.do("seizure", "close", site, "--order", number, *(["--at", at] if at else []), by="YX21")
    county.count("shut_down", site, site, "YX21", kind="砖瓦窑", at=at)


def notice(county, number, premises, by, at=""):
    county.do("notice", "issue", number, premises, "--due", JUNE + "20", "--finding", "无台账",
              *(["--at", at] if at else []), by=by)
    county.count("notices", number, premises, by, at=at)


def raids(county):
    order(county, MAY + "28 09:00", "令1", "Q1", EAST, 3, 1, ("YX11", "YX12", "YX13"))
    seize(county, "I1", "令1", "Q1", "cupola", "dismantled", ("YX11", "YX12"))
    seize(county, "I2", "令1", "Q1", "transformer", "sealed", ("YX12", "YX11"), "--seal", "云封1")
    notice(county, "改1", "Q1", "YX11")
    order(county, MAY + "28 20:00:00", "令2", "Q2", EAST, 2, 0, (), at=MAY + "28 19:59:59")  # the last second of the day
    order(county, MAY + "28 20:00:00", "令3", "W2", WEST, 1, 2, ("YX21", "YX22"))  # the first of the night
    close(county, "W2", "令3")
    seize(county, "I3", "令3", "W2", "coal_boiler", "dismantled", ("YX21", "YX22"))
    order(county, MAY + "29 00:30", "令4", "W1", WEST, 4, 0, ("YX21",), at=MAY + "28 23:50")  # late, of the day before
    close(county, "W1", "令4", at=MAY + "28 23:59:59")
    notice(county, "改2", "Q2", "YX21", at=MAY + "28 23:00")
    order(county, JUNE + "01 00:20", "令5", "Q3", WEST, 2, 1, ("YX21", "YX22"), at=MAY + "31 23:59:30")  # of the month before
    order(county, JUNE + "01 03:00", "令6", "Q3", WEST, 1, 0, (), at=JUNE + "01 00:00:00")
    county.at(JUNE + "01 10:30")
    county.do("order", "cancel", "令2", "--why", "线索有误", by="YX03")
    county.take_out("令2")
    order(county, JUNE + "01 10:40", "令7", "Q1", EAST, 5, 1, ("YX12", "YX13"), cancelled=True)  # had departed
    order(county, JUNE + "04 13:20", "令8", "Q2", WEST, 2, 1, ("YX21", "YX22"), override=True)
    seize(county, "I4", "令8", "Q2", "transformer", "sealed", ("YX22", "YX21"), "--seal", "云封2")


def police(county):
    steps = ("listed_wanted", "captured", "detained", "arrest_requested", "arrest_approved")
    for case, suspect, number, target, filed, first, taken in (
            ("刑1", "嫌1", "令1", "Q1", "01 13:00", "02 19:50", steps), ("刑2", "嫌2", "令3", "W2", "02 13:20", "04 08:10", steps),
            ("刑3", "嫌3", "令5", "Q3", "04 13:40", "04 13:41", ("detained",))):
        county.at(JUNE + filed)
        county.do("case", "open", case, "--order", number, "--target", target, "--offence", "污染环境罪", by="YX07")
        county.do("case", "file", case, by="YX07")
        county.count("cases_filed", case, target, "YX07")
        county.do("case", "identify", case, suspect, "周某", by="YX07")
        county.at(JUNE + first)
        for step in taken:
            county.do("case", "suspect", case, suspect, step, by="YX07")
            if step != "arrest_requested":
                county.count(step, suspect, target, "YX07")
        if len(taken) > 1:
            county.do("case", "solve", case, by="YX07")
            county.count("cases_solved", case, target, "YX07")


def meetings(county):
    for when, number, raised, resolved in ((MAY + "29 10:00", "会1", 5, 3), (JUNE + "05 09:00", "会2", 2, 1)):
        county.at(when)
        county.do("meeting", "record", number, "--raised", str(raised), "--resolved", str(resolved), by="YX05")
        for figure, amount in (("meetings", 1), ("issues_raised", raised), ("issues_solved", resolved)):
            county.count(figure, number, by="YX05", amount=amount)
    for number, person in (("YT0001", "乡长"), ("YT0002", "镇长")):
        county.do("oversight", "record-interview", "乡镇长", "--person", person, "--about", "排查不力", by="YX05")
        county.count("interviews", number, by="YX05")


def leads(county):
    for number, when in (("举1", MAY + "31 23:59:59"), ("举2", JUNE + "01 00:00:00")):
        county.at(when)
        county.do("tips", "record", number, "--channel", "letter", "--premises", "Q1", "--content", "夜间冒烟", by="YX05")
        county.count("leads", number, by="YX05")


def ledger(county):
    was = {}
    for premises, step, at in (("Q1", "suspended", MAY + "28 08:30"), ("Q2", "suspended", MAY + "31 23:59:59"),
                               ("Q1", "inspected", JUNE + "01 09:00"), ("Q2", "inspected", JUNE + "04 09:00"),
                               ("Q2", "closed", JUNE + "04 09:30"), ("Q3", "suspended", JUNE + "04 10:00")):
        county.do("ledger", "step", premises, step, "--at", at, by="YX05")
        county.count("ledger", premises, premises, kind=step, at=at)
        if premises in was:
            county.count("ledger", premises, premises, kind=was[premises], amount=-1, at=at)
        was[premises] = step


def cameras_and_grants(county):
    county.at(JUNE + "05 10:00:00")
    for premises in ("Q1", "Q3"):
        county.do("video", "register", premises, "--place", "车间", "--address", "tcp://10.1.2.3:554", by="YX05")
    county.at(JUNE + "05 10:01:00")  # after they are registered
    county.do("video", "alive", "SP0001", "SP0002", "--at", county.now, by="YX09")
    for channel in ("SP0001", "SP0002"):
        county.count("cameras", channel, by="YX09")
    county.do("budget", "set", "--line", "专家费", "--ceiling", "20000", "--paper", "云政发〔2018〕8号", by="YX01")
    for payee in ("牛专家", "马专家"):
        number = county.do("grant", "propose", "--line", "专家费", "--payee", payee, "--amount", "1500", "--purpose", "核查",
                           by="YX05").split()[1]
        for step, by in (("approve", "YX01"), ("approve", "YX02"), ("pay-out", "YX08")):
            county.do("grant", step, number, by=by)
        county.count("grants", number, by="YX08")


def corrections(county):
    """Of a week whose bulletin is signed: a commander's, for each kind of thing that it counts."""
    county.at(JUNE + "08 09:00")

    def do(*arguments):
        county.do(*arguments, "--reason", "核对", by="YX01")
    do("correct", "order", "令1", "vehicles=2", "--was", "3")
    county.take_out("令1", "vehicle_times", amount=2)
    do("void", "参加人员", "令1/YX13")
    county.take_out("令1", "person_times", person="YX13")
    do("correct", "item", "I1", "kind=coal_boiler", "--was", "cupola")
    county.take_out("I1", kind="coal_boiler")
    do("correct", "meeting", "会1", "issues_raised=6", "issues_resolved=2", "--was", "5", "--was", "3")
    county.take_out("会1", "issues_raised", amount=6)
    county.take_out("会1", "issues_solved", amount=2)
    for kind, number in (("item", "I3"), ("notice", "改1"), ("取缔", "W1"), ("tip", "举2"), ("order", "令6")):
        do("void", kind, number)
        county.take_out(number)


# ---------------------------------------------------------------- what is counted


def compare(county, when, as_of=""):
    for first, last in RANGES:
        narrowed = [*(["--from", first] if first else []), *(["--to", last] if last else []),
                    *(["--as-of", as_of] if as_of else [])]
        for by in ("", *PARTS):
            rows = county.table("stats", *(["--by", by] if by else []), *narrowed)
            told = {(row["figure"], row["kind"], row.get(by, "")): int(row["count"]) for row in rows
                    if int(row["count"]) and (row["figure"] != "ledger" or by not in NO_LEDGER)}
            counted = county.counted(first, last, as_of, by)
            check(told == counted, f"{when}, {first}..{last} by {by}: " + str(
                {key: (told.get(key), counted.get(key)) for key in {*told, *counted} if told.get(key) != counted.get(key)}))


def open_cells(county):
    """Those of what was corrected have counter-entries among their records."""
    for by in ("shift", "township"):
        for row in county.table("stats", "--by", by):
            if row["figure"] == "ledger" and by in NO_LEDGER:
                continue
            kind = ["--kind", row["kind"]] if row["kind"] else []
            records = county.table("stats", "records", row["figure"], "--" + by, row[by], *kind)
            told = sum(int(record["amount"]) for record in records)
            check(told == int(row["count"]), f"{row}: its records are {told}")


def read_by_people(county):
    """Nobody has to know the code: what is left out is said, and by whom it was counted."""
    text = county.do("--lang", "zh", "stats", "--by", "township")
    check("不按乡镇统计的：联席会议 2、提出问题 8、解决问题 3、约谈 2、举报线索 1、视频监控 2、资金拨付 2" in text.replace("\n", "").replace("  ", ""),
          text)
    text = county.do("--lang", "zh", "bulletin", "--week", "2018-W22")
    check("计至 案件#" in text and "出动人次 10 0 9 -1" in " ".join(text.split()), text)


def main():
    county = County(sys.argv[1])
    folder = os.path.join(county.data, "config")
    os.makedirs(folder)
    with open(os.path.join(folder, "calendar.yaml"), "w", encoding="utf-8") as file:
        file.write(CALENDAR)
    with county:
        set_up(county)
        raids(county)
        police(county)
        ledger(county)
        meetings(county)
        county.at(JUNE + "05 09:30")
        leads(county)
        cameras_and_grants(county)
        county.tips()
        county.do("bulletin", "publish", "--week", "2018-W22", by="YX05")
        county.do("bulletin", "sign", "2018-W22", by="YX01")
        compare(county, "before the corrections")
        corrections(county)
        county.tips()
        compare(county, "after the corrections")
        compare(county, "as of before the corrections", as_of=JUNE + "08 08:00")
        open_cells(county)
        read_by_people(county)


if __name__ == "__main__":
    main()
