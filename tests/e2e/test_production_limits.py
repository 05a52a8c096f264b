#!/usr/bin/python3
"""Decisions on production under a set clock: a limit that is served on a make-up Saturday, extended, complied with and looked at
again, each a minute before its term ends; a stop that is served and planned a minute too late, defied, and ended by the
government, which closes the enterprise."""

import os
import sys

from driven import Driven
from system import check

XIAN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "configs", "xian")
HEAD, HANDLER, OTHER, COMMANDER = "P4002", "P1015", "P1016", "P1001"


def set_up(system):
    system.do("import", XIAN)
    system.do("shift", "register", HEAD, "--name", "周强", "--unit", "环境保护局", "--role", "head", by="admin")
    for badge in (HEAD, HANDLER, OTHER, COMMANDER):
        system.do("key", "issue", badge)


def term(system, number, rule):
    row = system.terms("--all")[("limit", number, rule)]
    return row["last_day"], row["status"]


def expect(system, number, **rules):
    for rule, expected in rules.items():
        told = term(system, number, rule)
        check(told == expected, f"{rule} of {number} is {told}, not {expected}")


def rung(system, number, rule):
    row = system.terms("--all")[("limit", number, rule)]
    return [(mark["offset_ms"] // 3600000, mark["badges"]) for mark in row["marks"] if mark["rung"]]


def decided(system):
    said = system.do("limit", "decide", "E0046", "--kind", "limited", "--ground", "超标排放", by=COMMANDER, code=1)
    check("may not decide_limit: " in said and "head" in said.split("decide_limit: ")[1], said)
    said = system.do("limit", "decide", "E0046", "--kind", "限制生产", "--ground", "超标排放", "--months", "4", "--lang", "zh",
                     by=HEAD, code=1)
    check("最长3个月" in said, said)
    said = system.do("limit", "decide", "E0046", "--kind", "限制生产", "--ground", "超标排放", "--paper", "献环限〔2015〕1号",
                     "--handler", HANDLER, by=HEAD)
    check("XC0001" in said, said)
    system.do("limit", "decide", "E0047", "--kind", "stopped", "--ground", "暗管排放", "--handler", HANDLER, "--for", HEAD,
              "--reason", "局长电话", by="clerk")
    expect(system, "XC0001", LP1=("2015-10-10", "running"), LP2=("2015-12-24", "running"))
    expect(system, "XC0002", LP1=("2015-10-10", "running"))
    check(("limit", "XC0002", "LP2") not in system.terms("--all"), "a stop has a term of its own")
    check("serve" in system.do("limit", "next", "XC0001", by=HANDLER), "the handler cannot serve it")
    rows = system.json("limit", "list", "--open")
    check([(row["number"], row["premises"], row["state"]) for row in rows] ==
          [("XC0001", "E0046", "to_be_served"), ("XC0002", "E0047", "to_be_served")], f"{rows}")


def served_on_saturday(system):
    system.at("2015-10-10 00:00:02")
    system.eventually("two marks have rung", lambda: rung(system, "XC0001", "LP1") ==
                      [(-72, [HANDLER]), (-24, [HANDLER])])
    system.at("2015-10-10 23:59")
    system.do("limit", "serve", "XC0001", by=HANDLER)
    system.at("2015-10-11 00:00:05")
    system.eventually("the end has rung", lambda: len(rung(system, "XC0002", "LP1")) == 3)
    system.do("limit", "serve", "XC0002", by=HANDLER)
    expect(system, "XC0001", LP1=("2015-10-10", "met"), LP4=("2015-10-30", "running"))
    expect(system, "XC0002", LP1=("2015-10-10", "late"), LP4=("2015-10-30", "running"))


def planned(system):
    system.at("2015-10-30 23:59")
    system.do("limit", "file-plan", "XC0001", "--note", "加装布袋除尘", by=HANDLER)
    system.at("2015-10-31 00:00:05")
    check(("limit", "XC0002", "LP4") in system.terms("--overdue"), "the plan of XC0002 is not overdue")
    system.do("limit", "file-plan", "XC0002", by=HANDLER)
    expect(system, "XC0001", LP4=("2015-10-30", "met"))
    expect(system, "XC0002", LP4=("2015-10-30", "late"))


def extended(system):
    system.at("2015-12-24 23:59")
    said = system.do("limit", "extend", "XC0001", "--note", "设备未到", "--months", "2", by=COMMANDER, code=1)
    check("STEP_NOT_YOURS" in said, said)
    system.do("limit", "extend", "XC0001", "--note", "设备未到", "--months", "2", by=HEAD)
    expect(system, "XC0001", LP2=("2016-02-24", "running"))
    said = system.do("limit", "extend", "XC0001", "--note", "再延", "--months", "1", by=HEAD, code=1)
    check("EXTENDED_ALREADY" in said, said)


def lifted(system):
    system.at("2016-02-01 09:00")
    said = system.do("limit", "file-completion", "XC0001", by=HANDLER, code=1)
    check("CONDITION_MISSING" in said, said)
    system.do("limit", "complete", "XC0001", by=HANDLER)
    expect(system, "XC0001", LP4b=("2016-02-25", "running"))  # 02-06 and 02-14 work, 02-07 to 02-13 are off
    system.at("2016-02-24 23:59")
    system.do("limit", "file-completion", "XC0001", by=HANDLER)
    expect(system, "XC0001", LP2=("2016-02-24", "met"), LP4b=("2016-02-25", "met"), LP5=("2016-03-25", "running"))
    system.at("2016-03-25 23:59")
    system.do("limit", "revisit", "XC0001", "--officer", HANDLER, "--officer", OTHER, "--ground", "未再违法", by=HANDLER)
    expect(system, "XC0001", LP5=("2016-03-25", "met"))
    told = system.do("limit", "show", "XC0001", "--lang", "zh", by=HANDLER)
    for word in ("限制生产", "已解除", "整改方案备案", "整改完成备案", "跟踪检查", "献环限〔2015〕1号"):
        check(word in told, f"lq limit show does not say {word}: {told}")


def closed(system):
    system.do("limit", "defy", "XC0002", "--said", "夜间开炉", by=HANDLER)
    system.do("limit", "decide", "E0047", "--kind", "关停", "--ground", "拒不停产", "--handler", HANDLER, by=HEAD)
    said = system.do("limit", "serve", "XC0003", by=HANDLER, code=1)
    check("STEP_NOT_POSSIBLE" in said, said)
    system.do("limit", "order-closure", "XC0003", "--authority", "献县人民政府", "--paper", "献政决〔2016〕3号", by=COMMANDER)
    row, = (row for row in system.json("limit", "list", "--premises", "E0047") if row["number"] == "XC0002")
    check((row["state"], bool(row["defied_at_ms"])) == ("terminated", True), f"{row}")
    check(not any(key[1] == "XC0002" for key in system.terms()), "a term of XC0002 runs on")
    system.do("limit", "serve", "XC0003", by=HANDLER)
    system.do("ledger", "step", "E0047", "closed", by="clerk")
    shown = system.do("ledger", "show", "E0047", "--lang", "zh", by=HANDLER)
    for word in ("XC0002", "XC0003", "责令停业关闭", "献政决〔2016〕3号"):
        check(word in shown, f"lq ledger show does not say {word}: {shown}")
    for number in ("XC0002", "XC0003"):
        check(number in system.do("file", "E0047", by=HANDLER), f"the file of E0047 does not name {number}")
    check("代" in system.do("log", "limit", "XC0002", "--lang", "zh", by=HANDLER), "the log does not say for whom it was decided")


def main():
    system = Driven(sys.argv[1], "2015-09-24 10:00")
    with system:
        set_up(system)
        decided(system)
        served_on_saturday(system)
        planned(system)
        extended(system)
        lifted(system)
        closed(system)


if __name__ == "__main__":
    main()
