#!/usr/bin/python3
"""What becomes of a violation in law, under a clock that the test sets: notices are served, rechecked and
answered, a penalty case goes its way, and a person is transferred for detention over the festival.
(Acceptance stories 8 and 10.)"""

import os
import sys

from driven import Driven
from system import check

XIAN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "configs", "xian")


def term(system, kind, number, rule):
    row = system.terms("--all").get((kind, number, rule))
    check(row is not None, f"{kind} {number} has no term {rule}")
    return row


def notice(system, *words, by="P1015"):
    return system.do("notice", "issue", "--quiet", *words, by=by).strip()


def imported_notices(system):
    """All 568 are of before; what became of them is not recorded, and none alarms."""
    rows = system.json("notice", "list", "--unanswered")
    check(len(rows) == 568, f"{len(rows)} notices are not answered")
    check({row["state"] for row in rows} == {"not_recorded"}, f"{rows[0]}")
    for which in ("--overdue", "--all"):
        due = [row for row in system.json("due", which) if row["kind"] == "notice"]
        check(due == [], f"lq due {which} has notices of the import: {due[:2]}")
    shown = system.do("notice", "list", "--limit", "1")
    check("not_recorded" in shown or "未记录" in shown, shown)


def a_statutory_order(system, premises, with_fine):
    number = notice(system, premises, "--finding", "无组织排放", "--form", "statutory", "--report-day", "2015-07-16")
    row = term(system, "notice", number, "DF1")
    check((row["last_day"], row["owner"]) == ("2015-07-21", "P1015"), f"{row}")
    refused = system.do("notice", "recheck-complied", number, by="P1015", code=1)
    check("STEP_NOT_POSSIBLE" in refused, refused)
    system.do("notice", "serve", number, by="P1015")
    check(term(system, "notice", number, "DF1")["status"] == "met", "it was not served in time")
    check(term(system, "notice", number, "DF2")["last_day"] == "2015-08-15", "DF2")
    if with_fine:
        system.do("penalty", "record", premises, "--violation", "无组织排放", "--paper", "献环罚〔2015〕3号", "--fined",
                  by="P1015")
    return number


def rechecked(system, fined, unfined, county):
    system.at("2015-08-03 10:00")
    system.do("notice", "recheck-complied", county, by="P1016")
    row = term(system, "notice", county, "OP-NOTICE")
    check((row["last_day"], row["status"]) == ("2015-07-31", "late"), f"{row}")
    shown = system.json("notice", "show", county)
    check(shown["state"] == "closed", f"{shown}")
    system.at("2015-08-04 15:00")
    for number in (fined, unfined):
        system.do("notice", "recheck-not-complied", number, by="P1015")
        check(term(system, "notice", number, "DF2")["status"] == "met", f"the recheck of {number} was late")
    shown = system.json("notice", "show", fined)
    check((shown["state"], shown["fine_from_day"], shown["fine_to_day"], shown["fine_days"]) ==
          ("follow_up", "2015-07-17", "2015-08-04", 19), f"{shown}")
    shown = system.json("notice", "show", unfined)
    check(shown["no_original_penalty"] is True and shown["fine_days"] == 0, f"{shown}")
    text = system.do("notice", "show", unfined)
    check("no original penalty" in text or "无原处罚" in text, text)
    check("fine days" not in text and "按日计罚天数" not in text, text)
    check("amount" not in text and "元" not in text, f"an amount is told: {text}")
    check(len(system.json("notice", "list", "--unanswered")) == 568, "what was rechecked is not answered")
    # What was not complied with is followed up by a case.
    case = system.do("penalty", "open", "--quiet", "E0047", "--violation", "拒不改正", by="P1015").strip()
    system.do("notice", "close", unfined, "--related", case, by="P1015")
    check(system.json("notice", "show", unfined)["state"] == "closed", "it is not closed")


def transferred_for_detention(system):
    system.at("2016-02-05 10:00")
    refused = system.do("detention", "decide", "E0050", "--person", "刘志玉", by="P1002", code=1)
    check("PENALTY_MISSING" in refused and ("63" in refused or "六十三" in refused), refused)
    number = system.do("detention", "decide", "--quiet", "E0046", "--person", "刘志玉", by="P1002").strip()
    row = term(system, "detention", number, "PD2")
    check((row["last_day"], row["owner"]) == ("2016-02-15", "P1015"), f"{row}")
    system.do("detention", "send", number, by="P1015")
    check(term(system, "detention", number, "PD2")["status"] == "met", "it was not sent in time")
    system.at("2016-02-06 09:00")
    refused = system.do("detention", "accept", number, by="clerk", code=1)
    check("STEP_NOT_YOURS" in refused and ("liaison" in refused or "公安联络员" in refused), refused)
    system.do("detention", "accept", number, "--for", "P1009", "--reason", "电话", by="clerk")
    check(term(system, "detention", number, "PD3")["last_day"] == "2016-02-16", "PD3")
    check(term(system, "detention", number, "PD3c")["last_day"] == "2016-02-18", "PD3c")
    log = system.do("log", "detention", number)
    check("clerk" in log and "P1009" in log, log)
    check("clerk" in system.do("detention", "show", number), "its records are not shown")
    told = system.do("detention", "next", number)
    check("detain" in told or "拘留" in told, told)
    system.do("detention", "detain", number, by="P1009")
    check(term(system, "detention", number, "PD3")["status"] == "met", "PD3")
    check(system.json("detention", "show", number)["state"] == "detained_admin", "state")


def a_penalty_case(system):
    """From the lead to the archive; who investigates does not review."""
    number = system.do("penalty", "open", "--quiet", "E0051", "--violation", "无组织排放", "--officer", "P1015",
                       "--officer", "P1016", by="P1015").strip()
    check(term(system, "penalty", number, "AD1")["last_day"] == "2015-08-13", "AD1")
    refused = system.do("penalty", "file", number, by="P1001", code=1)
    check("STEP_NOT_YOURS" in refused, refused)
    system.do("penalty", "file", number, by="P1002")
    check(term(system, "penalty", number, "AD8")["last_day"] == "2015-11-04", "AD8")
    system.do("penalty", "submit", number, by="P1015")
    system.do("penalty", "pass", number, by="P1010")
    system.do("penalty", "notify", number, "--paper", "献环告〔2015〕1号", by="P1015")
    refused = system.do("penalty", "conclude", number, by="P1015", code=1)
    check("CONDITION_MISSING" in refused, refused)
    system.at("2015-08-08 09:00")
    system.do("penalty", "conclude", number, by="P1015")
    system.do("penalty", "penalise", number, "--paper", "献环罚〔2015〕9号", "--amount-fen", "5000000", by="P1002")
    system.do("penalty", "serve", number, by="P1015")
    check(term(system, "penalty", number, "AD10")["last_day"] == "2015-08-24", "AD10 rolls to Monday")
    system.at("2015-08-26 09:00")
    check([row["number"] for row in system.json("penalty", "list", "--in-default")] == [number], "in default")


def set_up(system):
    system.do("import", XIAN)
    system.tips()
    amend = ("shift", "amend")
    system.do(*amend, "P1002", "--also", "head", by="admin")
    system.do(*amend, "P1010", "--also", "reviewer", by="admin")
    for badge in ("P1001", "P1002", "P1009", "P1010", "P1015", "P1016"):
        system.do("key", "issue", badge)


def main():
    system = Driven(sys.argv[1], "2015-07-16 08:00")
    with system:
        set_up(system)
        imported_notices(system)
        system.at("2015-07-16 12:00")
        fined = a_statutory_order(system, "E0046", True)
        unfined = a_statutory_order(system, "E0047", False)
        county = notice(system, "E0048", "--finding", "未安装除尘设施", "--due", "2015-07-31")
        rechecked(system, fined, unfined, county)
        a_penalty_case(system)
        transferred_for_detention(system)


if __name__ == "__main__":
    main()
