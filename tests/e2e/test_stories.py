#!/usr/bin/python3
"""The campaign under a clock that the test sets: terms end, ring and are extended on the days on which
they must, as a liaison and a desk would read them. (Acceptance stories 1, 4 and 17, and an order that
nobody answers.)"""

import os
import sys

from driven import Driven
from system import check

XIAN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "configs", "xian")


def people(rows):
    return [(row["number"], row["last_day"]) for row in rows]


def the_campaign_itself(system):
    overdue = system.json("due", "--overdue", "--rule", "SZ6", "--on", "2015-07-16")
    check(people(overdue) == [("I0007", "2015-04-11"), ("I0020", "2015-04-20"),
                              ("I0059", "2015-05-29"), ("I0065", "2015-06-04")], f"{people(overdue)}")
    running = [row for row in system.json("due", "--rule", "SZ6") if row["status"] == "running"]
    check([(row["number"], row["last_day"], row["under"]) for row in running] ==
          [("I0126", "2015-08-01", "SZ6"), ("I0128", "2015-08-01", "SZ6"),
           ("I0130", "2015-08-06", "SZ6"), ("I0114", "2015-08-09", "SZ7"),
           ("I0117", "2015-08-11", "SZ7"), ("I0118", "2015-08-17", "SZ7")], f"{running}")
    within = system.json("due", "--within", "21d")
    check([row["number"] for row in within] == ["I0126", "I0128", "I0130"], f"{within}")


def item(system, number, seal, day, *more):
    """A transformer, sealed at the order's premises at ten o'clock of that day."""
    system.do("seizure", "record", number, "--order", "O9001", "--target", "E0046", "--kind",
              "transformer", "--action", "sealed", "--seal", seal, "--officer", "P1015", "--officer",
              "P1016", "--at", f"{day} 10:00", *more, by="P1015")


def thirty_days_and_a_saturday(system):
    item(system, "I9001", "F9001", "2015-07-16")
    row = system.terms("--all")[("item", "I9001", "SZ6")]
    check(row["last_day"] == "2015-08-15" and row["act_by_day"] == "2015-08-14" and
          row["source"].startswith("行政强制法") and row["revision"].startswith("law-"), f"{row}")
    item(system, "I9002", "F9002", "2015-07-16", "--decision-day", "2015-07-15")
    row = system.terms("--all")[("item", "I9002", "SZ6")]
    check((row["last_day"], row["arguable_last_day"]) == ("2015-08-14", "2015-08-15"), f"{row}")


def marks_to_the_second(system):
    def rung():
        return [mark["offset_ms"] // 3600000 for mark in
                system.terms("--all")[("item", "I9001", "SZ6")]["marks"] if mark["rung"]]
    for before, after, hours in (("2015-08-11 23:59:58", "2015-08-12 00:00:02", [-72]),
                                 ("2015-08-13 23:59:58", "2015-08-14 00:00:02", [-72, -24]),
                                 ("2015-08-15 23:59:58", "2015-08-16 00:00:02", [-72, -24, 0])):
        system.at(before)
        check(rung() == hours[:-1], f"at {before}: {rung()}")
        system.at(after)
        system.eventually(f"{hours} at {after}", lambda wanted=hours: rung() == wanted)
    row = system.terms("--overdue")[("item", "I9001", "SZ6")]
    check(row["status"] == "overdue", f"{row}")
    check(system.json("seizure", "show", "I9001")["state"] == "lapsed", "it is told as released")
    told = system.json("alerts", "--as", "P1015")
    check("I9001" in [row["number"] for row in told], f"{told}")
    told = system.json("alerts", "--as", "P1002")  # head of the bureau
    check("I9001" in [row["number"] for row in told], f"{told}")


def once_in_time_by_the_date_of_the_paper(system):
    """I9003 is extended in time, I9004 too late, I9005 in time by a paper that comes in later."""
    def extend(number, code, *more, by="P1002"):
        return system.do("seizure", "extend", number, *more, by=by, code=code)
    row = system.terms("--all")[("item", "I9003", "SZ6")]
    check(row["last_day"] == "2015-09-14", f"{row}")
    check("EXTENDED_ALREADY" in extend("I9003", 1), "it was extended twice")
    check("TERM_EXPIRED" in extend("I9004", 1, "--at", "2015-08-16 00:00"), "it was extended late")
    system.at("2015-08-18 09:00")
    check(("item", "I9005", "SZ6") in system.terms("--overdue"), "its term is not over")
    system.do("seizure", "extend", "I9005", "--at", "2015-08-14 11:00", "--for", "P1002", "--reason",
              "文书后到", by="clerk")
    check(("item", "I9005", "SZ6") not in system.terms("--overdue"), "its term is still over")
    row = system.terms()[("item", "I9005", "SZ6")]
    check(row["last_day"] == "2015-09-14", f"{row}")


def released_late_for_ever(system):
    system.at("2015-09-30 09:00")
    system.do("seizure", "release", "I9001", by="P1002")
    row = system.terms("--all")[("item", "I9001", "SZ6")]
    check(row["status"] == "late", f"{row}")


def an_order_that_nobody_answers(system):
    """Deputy, desk chief and commander, each at his second; a late answer is late."""
    system.at("2015-07-16 09:00")
    system.do("order", "issue", "--number", "O9100", "--kind", "raid", "--target", "E0046", "--team",
              "T14", "--priority", "flash", by="P1007")

    def rung():
        row = system.terms("--all")[("order", "O9100", "OP-ACK")]
        return [(mark["offset_ms"] // 1000, mark["badges"]) for mark in row["marks"] if mark["rung"]]
    due = system.terms()[("order", "O9100", "OP-ACK")]["due_ms"]
    check(due.startswith("2015-07-16T09:01:0"), due)
    check(rung() == [], f"{rung()}")
    system.at("2015-07-16 09:01:05")
    system.eventually("the deputy is told", lambda: rung() == [(0, ["P1120"])])
    system.at("2015-07-16 09:02:05")
    system.eventually("the desk chief on duty is told",
                      lambda: rung() == [(0, ["P1120"]), (60, ["P1007"])])
    check([row["number"] for row in system.json("alerts", "--as", "P1120")] == ["O9100"],
          "the deputy sees no alert")
    system.at("2015-07-16 09:05:05")
    system.eventually("the commander is told", lambda: [mark[0] for mark in rung()] == [0, 60, 240])
    system.do("order", "ack", "O9100", "T14", by="P1120")
    row = system.terms("--all")[("order", "O9100", "OP-ACK")]
    check(row["status"] == "late", f"{row}")
    check(("assignment", "O9100/T14", "OP-DEPART") in system.terms(), "nothing tells it to depart")
    check(system.json("alerts", "--as", "P1120") == [], "an answered order still alarms")


def set_up(system):
    system.do("import", XIAN)
    system.tips()
    system.do("shift", "plan", "--to", "2015-08-31", by="admin")
    amend = ("shift", "amend")
    system.do(*amend, "P1002", "--also", "head", by="admin")
    system.do(*amend, "P1007", "--role", "desk", "--group", "B", "--rank", "desk_chief", by="admin")
    system.do(*amend, "P1120", "--rank", "deputy_lead", by="admin")
    for badge in ("P1002", "P1007", "P1120", "P1015", "P1001"):
        system.do("key", "issue", badge)


def main():
    system = Driven(sys.argv[1], "2015-07-16 08:00")
    with system:
        set_up(system)
        the_campaign_itself(system)
        an_order_that_nobody_answers(system)
        system.at("2015-07-16 09:30")
        system.do("order", "issue", "--number", "O9001", "--kind", "raid", "--target", "E0046",
                  "--team", "T01", "--override", "--reason", "夜班支援", by="P1001")
        system.at("2015-07-16 11:00")
        thirty_days_and_a_saturday(system)
        for number in range(3, 6):
            item(system, f"I900{number}", f"F900{number}", "2015-07-16")
        system.at("2015-08-10 09:00")
        system.do("seizure", "extend", "I9003", by="P1002")
        marks_to_the_second(system)
        once_in_time_by_the_date_of_the_paper(system)
        released_late_for_ever(system)


if __name__ == "__main__":
    main()
