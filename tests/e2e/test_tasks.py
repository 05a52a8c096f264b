#!/usr/bin/python3
"""A task that does not end by itself: it rings, is reported, returned, reported again, and closed by an inspector once every
line is answered; what the meetings raised and solved follows. (The second half of acceptance story 20.)"""

import os
import sys

from driven import Driven
from system import check

XIAN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "configs", "xian")
INSPECTOR, RESPONSIBLE, OTHER = "P1013", "P1015", "P1016"
ANSWERS = [part for line in range(1, 6) for part in ("--answer", f"{line}=已落实")]


def issues(system):
    """What the meetings raised and solved, by lq stats and by the meetings themselves."""
    told = {}

    def same():
        counted = system.json("stats")["oversight"]
        told["stats"] = (counted["issues_raised"], counted["issues_solved"])
        meetings = system.json("meeting", "list")
        told["list"] = (sum(row["raised"] for row in meetings), sum(row["resolved"] for row in meetings))
        return told["stats"] == told["list"]
    system.eventually("stats counts what the meetings tell", same)
    return told["stats"]


def rung(system):
    row = system.terms("--all")[("task", "D0001", "OP-TASK")]
    return [(mark["offset_ms"] // 3600000, mark["badges"]) for mark in row["marks"] if mark["rung"]]


def set_up(system):
    system.do("import", XIAN)
    system.do("shift", "amend", "P1007", "--role", "desk", "--group", "B", "--rank", "desk_chief", by="admin")
    for badge in (INSPECTOR, RESPONSIBLE, OTHER, "P1001", "P1007"):
        system.do("key", "issue", badge)


def given_out(system):
    check(issues(system) == (56, 56), f"the import has {issues(system)}")
    system.do("meeting", "record", "M9", "--raised", "3", "--resolved", "0", by="clerk")
    for subject, owner in (("煤场未封闭", RESPONSIBLE), ("道路扬尘", RESPONSIBLE), ("台账不全", OTHER)):
        system.do("task", "assign", "--parent", "M9", "--subject", subject, "--owner", owner, "--department", "环境保护局",
                  "--due", "2015-07-31", by="clerk")
    tasks = system.json("task", "list", "--parent", "M9")
    check([(row["number"], row["owner"], row["due_day"], row["state"]) for row in tasks] ==
          [("D0001", RESPONSIBLE, "2015-07-31", "assigned"), ("D0002", RESPONSIBLE, "2015-07-31", "assigned"),
           ("D0003", OTHER, "2015-07-31", "assigned")], f"{tasks}")
    check(issues(system) == (59, 56), f"{issues(system)}")
    row = system.terms()[("task", "D0001", "OP-TASK")]
    check((row["last_day"], row["owner"]) == ("2015-07-31", RESPONSIBLE), f"{row}")


def it_rings(system):
    for when, expected in (("2015-07-28 00:00:02", []),  # the last working day is the last: Friday
                           ("2015-07-29 00:00:02", [(-72, [RESPONSIBLE])]),
                           ("2015-08-01 00:00:02", [(-72, [RESPONSIBLE]), (0, [RESPONSIBLE, "P1007"])]),
                           ("2015-08-04 00:00:02", [(-72, [RESPONSIBLE]), (0, [RESPONSIBLE, "P1007"]), (72, [])])):
        system.at(when)
        system.eventually(f"{expected} at {when}", lambda wanted=expected: rung(system) == wanted)
    for badge in (RESPONSIBLE, "P1001"):  # by name; by role
        told = [row["number"] for row in system.json("alerts", "--as", badge)]
        check("D0001" in told, f"{badge} is told of {told}")


def reported_and_returned(system):
    system.at("2015-07-20 09:00")
    check("NOT_HIS_TASK" in system.do("task", "accept", "D0001", by=OTHER, code=1), "another accepts it")
    system.do("task", "accept", "D0001", by=RESPONSIBLE)
    system.at("2015-07-21 09:00")
    system.do("task", "report", "D0001", "--note", "已封闭", by=RESPONSIBLE)
    check("STEP_NOT_YOURS" in system.do("task", "verify", "D0001", *ANSWERS, by=RESPONSIBLE, code=1), "he closes it")
    system.at("2015-07-22 09:00")
    check("CONDITION_MISSING" in system.do("task", "return", "D0001", by=INSPECTOR, code=1), "it is returned without a reason")
    system.do("task", "return", "D0001", "--note", "北侧仍敞开", by=INSPECTOR)
    next_ = system.do("task", "next", "D0001", by=RESPONSIBLE)
    check(next_.startswith("next: report") and "verify" not in next_, next_)
    check(issues(system) == (59, 56), f"{issues(system)}")


def reported_again_and_closed(system):
    """He did it in time, and could not say so until later."""
    system.at("2015-08-05 09:00")
    system.do("task", "report", "D0001", "--note", "全部封闭", "--at", "2015-07-31 18:00", by=RESPONSIBLE)
    refused = system.do("task", "verify", "D0001", *ANSWERS[:4], by=INSPECTOR, code=1)
    check("CONDITION_MISSING" in refused and "3 责任人员未处理不放过; 4 有关人员未受教育不放过; 5 长效机制未建立不放过" in refused and
          "2 整改措施" not in refused, refused)
    check(issues(system) == (59, 56), f"{issues(system)}")
    system.do("task", "verify", "D0001", *ANSWERS, by=INSPECTOR)
    check(issues(system) == (59, 57), f"{issues(system)}")
    row = system.terms("--all")[("task", "D0001", "OP-TASK")]
    check(row["status"] == "met" and row["stop_ms"].startswith("2015-07-31T18:00"), f"{row}")
    check("STEP_NOT_POSSIBLE" in system.do("task", "verify", "D0001", *ANSWERS, by=INSPECTOR, code=1), "closed twice")
    check(issues(system) == (59, 57), f"{issues(system)}")


def traceable(system):
    entries = [row for row in system.json("stats", "records", "issues_solved") if row["number"] == "D0001"]
    check(len(entries) == 1 and entries[0]["beside"] == "M9", f"{entries}")
    record = system.do("record", f"{entries[0]['stream']}#{entries[0]['seq']}")
    check("D0001" in record and "5 长效机制未建立不放过：已落实" in record, record)
    shown = system.do("task", "show", "D0001", "--lang", "zh")
    check("已销号" in shown and "5 长效机制未建立不放过：已落实" in shown, shown)
    log = system.do("log", "task", "D0001")
    check(INSPECTOR in log and RESPONSIBLE in log, log)


def main():
    system = Driven(sys.argv[1], "2015-07-16 08:00")
    with system:
        set_up(system)
        given_out(system)
        reported_and_returned(system)
        it_rings(system)
        reported_again_and_closed(system)
        traceable(system)


if __name__ == "__main__":
    main()
