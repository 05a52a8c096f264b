#!/usr/bin/python3
"""A seal's life step by step, and an order that is changed on the way, under a clock that the test sets.
(Acceptance stories 2, 6 and 12.)"""

import os
import sys

from driven import Driven
from system import check

XIAN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "configs", "xian")


def term(system, kind, number, rule):
    row = system.terms("--all", "--limit", "5000").get((kind, number, rule))
    check(row is not None, f"{kind} {number} has no term {rule}")
    return row


def seal(system, number, seal_number, at, *more, code=0, specification="S9-100kVA"):
    return system.do("seizure", "record", number, "--order", "O9001", "--target", "E0046", "--kind", "transformer",
                     "--specification", specification, "--action", "sealed", "--seal", seal_number, "--officer",
                     "P1015", "--officer", "P1016", "--at", at, *more, by="P1015", code=code)


def proposed_and_approved(system):
    system.do("item", "propose", "I9001", "--order", "O9001", "--target", "E0046", "--kind", "cupola", "--ground",
              "违法排放污染物", by="P1015")
    told = system.do("item", "execute", "I9001", "--seal", "F9001", "--officer", "P1015", "--officer", "P1016",
                     by="P1015", code=1)
    check("NOT_APPROVED" in told, told)
    told = system.do("item", "approve", "I9001", by="P1001", code=1)
    check("STEP_NOT_YOURS" in told, told)
    told = system.do("item", "next", "I9001")
    check("approve" in told and "head" in told, told)
    system.do("item", "批准", "I9001", by="P1002")  # the words of the .proto can be typed
    system.do("item", "execute", "I9001", "--seal", "F9001", "--officer", "P1015", "--officer", "P1016", by="P1015")
    check(system.json("item", "show", "I9001")["state"] == "in_force", "it is not sealed")


def the_seal_breaks(system):
    """A flash call within two seconds; the same item under a new seal; never sealed twice."""
    system.at("2015-07-20 03:10")
    system.do("item", "breach", "I9002", "--said", "夜查发现封条被撕", by="P1016")
    system.eventually("a call is on the board", lambda: len(system.json("call", "list", "--open")) == 1)
    call = system.json("call", "list", "--open")[0]
    check((call["priority"], call["source_number"], call["premises"]) == ("flash", "I9002", "E0046"), f"{call}")
    check(term(system, "call", call["number"], "OP-CALL")["due_ms"].startswith("2015-07-20T03:12:0"), "OP-CALL")
    check(system.json("item", "show", "I9002")["state"] == "in_force", "a broken seal is no release")
    system.do("item", "reseal", "I9002", "--seal", "F9102", by="P1015")
    told = seal(system, "I9009", "F9109", "2015-07-20 03:10", code=1)
    check("ITEM_ALREADY_SEALED" in told, told)
    told = seal(system, "I9009", "F9002", "2015-07-20 03:10", specification="S9-200kVA", code=1)
    check("SEAL_IN_USE" in told, told)
    told = system.do("call", "assign", call["number"], by="P1007", code=1)
    check("CONDITION_MISSING" in told, told)
    system.do("call", "assign", call["number"], "--related", "O9001", by="P1007")
    check(system.json("call", "list", "--open") == [], "the call is still open")


def the_police_take_it(system):
    system.at("2015-07-20 10:00")
    told = system.do("item", "hand-over", "I9002", "--officer", "P1015", "--officer", "P1016", "--taker", "县公安局",
                     "--paper", "移送清单1号", by="P1015", code=1)
    check("CONDITION_MISSING" in told, told)
    system.do("case", "open", "C9001", "--order", "O9001", "--target", "E0046", "--offence", "environmental",
              by="P1009")
    system.do("case", "file", "C9001", by="P1009")
    system.eventually("what was sealed is asked for", lambda: ("item", "I9002", "SZ16") in system.terms())
    row = term(system, "item", "I9002", "SZ16")
    check((row["last_day"], row["arguable_last_day"]) == ("2015-07-23", "2015-07-23"), f"{row}")
    custody = ("item", "pass-custody", "I9002", "--place", "县环保局仓库")
    system.do(*custody, "--giver", "P1015", "--taker", "P1016", by="P1015")
    told = system.do("item", "confirm-custody", "I9002", by="P1009", code=1)
    check("CONDITION_MISSING" in told and "P1016" in told, told)
    system.do("item", "confirm-custody", "I9002", by="P1016")
    check(system.json("item", "show", "I9002").get("custody_unconfirmed", []) == [], "both have confirmed")
    system.do(*custody, "--giver", "P1016", "--taker", "仓库管理员", "--paper", "交接清单1号", by="P1016")
    system.do(*custody, "--giver", "仓库管理员", "--taker", "县公安局", by="P1015")
    told = system.do(*custody, "--giver", "P1015", "--taker", "别处", by="P1015", code=1)
    check("GIVER_HAS_IT_NOT" in told, told)


def released_across_the_holiday(system):
    """Three working days: 10 October is a Saturday that is worked."""
    system.at("2015-09-25 10:00")
    system.do("item", "request-release", "I9003", by="P1015")
    check(term(system, "item", "I9003", "SZ9")["last_day"] == "2015-10-09", "SZ9")
    system.at("2015-09-30 16:00")
    for number in ("I9003", "I9004"):
        system.do("item", "decide-release", number, "--ground", "3", by="P1002")
        check(term(system, "item", number, "SZ11")["last_day"] == "2015-10-10", "SZ11")
    served = ("--officer", "P1015", "--officer", "P1016")
    system.at("2015-10-10 20:00")
    system.do("item", "serve-release", "I9003", *served, by="P1015")
    check(term(system, "item", "I9003", "SZ11")["status"] == "met", "it was served in time")
    system.at("2015-10-11 09:00")
    system.do("item", "serve-release", "I9004", *served, by="P1015")
    check(term(system, "item", "I9004", "SZ11")["status"] == "late", "it was served late")
    told = system.do("log", "item", "I9004")
    check("P1002" in told and "P1015" in told, told)


def what_is_no_seizure(system):
    """A boiler is torn down by night, a line is cut: what they rest on is told, and what is missing."""
    told = system.do("seizure", "record", "I9101", "--order", "O9001", "--target", "E0046", "--kind", "coal_boiler",
                     "--action", "dismantled", "--officer", "P1015", "--officer", "P1016", "--mode", "compulsory",
                     "--basis", "行政强制法第四十四条", "--demand-day", "2015-07-10", "--at", "2015-07-16 10:00", by="P1015")
    check("remedy_period_not_recorded" in told, told)
    told = system.do("item", "show", "I9101", "--lang", "zh")
    check("复议诉讼期限未登记" in told and "行政强制执行" in told and "夜间" not in told, told)
    system.do("correct", "item", "I9101", "remedy_until_day=2015-07-15", "--was", "", "--reason", "补录", by="P1015")
    check(system.json("item", "show", "I9101").get("warnings", []) == [], "nothing is missing any more")
    system.do("power", "record", "E0046", "--order", "O9001", "--extent", "全厂", "--at", "2015-07-16 10:30", by="P1015")
    row = system.json("power", "list", "--open")[0]
    check((row["target"], row["warnings"]) == ("E0046", ["basis_not_recorded"]), f"{row}")
    told = system.do("order", "cancel", "O9001", "--reason", "误发", by="P1001", code=1)
    check("ORDER_CARRIED_OUT" in told, told)
    system.do("power", "restore-power", row["number"], by="P1015")
    check(system.json("power", "list", "--open") == [], "it is back")


def an_order_that_is_changed(system):
    system.at("2015-07-16 09:00")
    system.do("order", "issue", "--number", "O9263", "--kind", "raid", "--target", "E0046", "--team", "T14", "--team",
              "T15", by="P1007")
    system.do("order", "ack", "O9263", "T15", "--for", "P1127", "--reason", "电台", "--channel", "radio", "--said",
              "收到, 十分钟到", by="P1007")
    told = system.do("log", "order", "O9263")
    for words in ("P1127", "P1007", "收到, 十分钟到"):
        check(words in told, told)
    told = system.do("order", "withdraw", "O9263", "T15", by="P1007", code=2)
    system.do("order", "add", "O9263", "T16", by="P1007")
    system.do("order", "withdraw", "O9263", "T15", "--why", "另有任务", by="P1007")
    system.do("order", "ack", "O9263", "T14", by="P1120")
    system.do("order", "depart", "O9263", "T14", by="P1120")
    told = system.do("order", "decline", "O9263", "T14", "--why", "车坏", by="P1120", code=1)
    check("STEP_OUT_OF_ORDER" in told, told)
    told = system.do("order", "next", "O9263")
    check("withdraw" in told and "arrive" in told, told)


def main():
    system = Driven(sys.argv[1], "2015-07-16 08:00")
    with system:
        system.do("import", XIAN)
        system.tips()
        system.do("shift", "plan", "--to", "2015-10-31", by="admin")
        amend = ("shift", "amend")
        system.do(*amend, "P1002", "--also", "head", by="admin")
        system.do(*amend, "P1007", "--role", "desk", "--group", "B", "--rank", "desk_chief", by="admin")
        system.do(*amend, "P1120", "--rank", "deputy_lead", by="admin")
        for badge in ("P1001", "P1002", "P1007", "P1009", "P1015", "P1016", "P1120"):
            system.do("key", "issue", badge)
        an_order_that_is_changed(system)
        system.at("2015-07-16 09:30")
        system.do("order", "issue", "--number", "O9001", "--kind", "raid", "--target", "E0046", "--team", "T01",
                  "--override", "--reason", "夜班支援", by="P1001")
        system.at("2015-07-16 11:00")
        proposed_and_approved(system)
        what_is_no_seizure(system)
        seal(system, "I9002", "F9002", "2015-07-16 10:00")
        seal(system, "I9003", "F9003", "2015-07-16 10:00", specification="S9-200kVA")
        seal(system, "I9004", "F9004", "2015-07-16 10:00", specification="S9-315kVA")
        the_seal_breaks(system)
        the_police_take_it(system)
        released_across_the_holiday(system)


if __name__ == "__main__":
    main()
