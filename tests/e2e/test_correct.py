#!/usr/bin/python3
"""What was recorded is corrected and voided by entries of their own: figures move on the day of what
was corrected, and as of any earlier time they are what was told then. A mended ledger corrects what it
recorded when told so."""

import datetime
import os
import sys
import time

from force import load
from system import PATIENCE_S, System, check

WHY = ("--reason", "核对原件")


def done(system, who, *line):
    ran = system.lq(*line, "--as", who, "--quiet")
    check(ran.returncode == 0, f"{line}: {ran.stdout}{ran.stderr}")
    return ran.stdout.strip()


def refused(system, who, code, said, *line):
    ran = system.lq(*line, "--as", who)
    check(ran.returncode == code and said in ran.stderr, f"{line}: {ran.returncode} {ran.stderr}")


def instant():
    """Some instant behind all that was recorded and before all that will be."""
    time.sleep(0.05)
    now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8)))
    time.sleep(0.05)
    return now.isoformat(timespec="milliseconds")


def until(holds, otherwise):
    ends = time.monotonic() + PATIENCE_S
    while not holds():
        check(time.monotonic() < ends, otherwise)
        time.sleep(0.1)


def figures(system, *options):
    return system.json("stats", *options)


def a_week_of_corrections(system):
    order = done(system, "D1", "order", "issue", "--kind", "raid", "--target", "E0001", "--team", "T01",
                 "--vehicles", "3")
    done(system, "L1", "order", "ack", order)
    done(system, "L1", "order", "depart", order)
    done(system, "L1", "order", "join", order, "T01", "M1")
    item = done(system, "L1", "seizure", "record", "--order", order, "--target", "E0001", "--kind",
                "cupola", "--action", "dismantled", "--officer", "L1", "--officer", "M1")
    notice = done(system, "L1", "notice", "issue", "E0001", "--due", "2027-05-01", "--finding", "煤炉")
    acts = [
        ("D1", "correct", "order", order, "vehicles=5", "--was", "3"),
        ("D1", "correct", "order", order, "machines=2", "--was", "0"),
        ("L1", "correct", "item", item, "kind=coal_boiler", "--was", "cupola"),
        ("L1", "correct", "notice", notice, "premises=2", "--was", "1"),
        ("L1", "void", "participant", f"{order}/M1"),
        ("L1", "correct", "item", item, "种类=冲天炉", "--was", "燃煤锅炉"),
        ("L1", "void", "notice", notice),
        ("L1", "void", "item", item),
        ("D1", "correct", "order", order, "车辆=0", "--was", "5"),
    ]
    until(lambda: figures(system)["notices"] == 1, "the figures have not followed")
    told = [(instant(), figures(system), figures(system, "--by", "township"))]
    for who, *line in acts:
        before = figures(system)
        done(system, who, *line, *WHY)
        until(lambda: figures(system) != before or line[:2] == ["correct", "notice"],
                     f"{line}: the figures stay")
        told.append((instant(), figures(system), figures(system, "--by", "township")))
    check(told[0][1]["vehicle_times"] == 3 and told[1][1]["vehicle_times"] == 5, told[:2])
    check(told[-1][1]["vehicle_times"] == 0 and told[-1][1]["notices"] == 0, told[-1])
    for at, whole, parts in told:
        check(figures(system, "--as-of", at) == whole, f"as of {at}: not what was told then")
        check(figures(system, "--as-of", at, "--by", "township") == parts, f"as of {at}: other parts")
    return order, item, notice


def who_and_why_is_told(system, order, notice):
    rows = system.json("log", "order", order)
    changes = [row["event"]["corrected"]["changes"] for row in rows if "corrected" in row["event"]]
    check([one[0]["now"] for one in changes] == ["5", "2", "0"], changes)
    check(all(row["reason"] == "核对原件" for row in rows if "corrected" in row["event"]), rows)
    check(any("voided" in row["event"] for row in rows), "the participant is not in the log of the order")
    refused(system, "L1", 1, "was voided by L1", "correct", "notice", notice, "finding=x", "--was", "煤炉",
            *WHY)
    refused(system, "L1", 1, "voided", "notice", "issue", notice, "E0001", "--due", "2027-05-01",
            "--finding", "x")


def fields_are_called_as_people_do(system, meeting):
    """A figure is corrected alone, by what the list heads it and what it was recorded with."""
    for field, was in ("提出问题=6", "5"), ("raised=7", "6"), ("提出问题数=5", "7"):
        done(system, "D1", "correct", "meeting", meeting, field, "--was", was, *WHY)
    refused(system, "D1", 2, "is not corrected", "correct", "meeting", meeting, "问题=6", "--was", "5", *WHY)
    refused(system, "D1", 1, "correct them in one command", "correct", "meeting", meeting, "解决问题=6", "--was", "2",
            *WHY)


def what_is_wrong_is_said(system, order):
    refused(system, "D1", 2, 'is now "0"', "correct", "order", order, "vehicles=4")
    refused(system, "D1", 1, "needs a reason", "correct", "order", order, "vehicles=4", "--was", "0")
    refused(system, "D1", 1, "CHANGED_SINCE", "correct", "order", order, "vehicles=4", "--was", "7", *WHY)
    refused(system, "D1", 2, "vehicles", "correct", "order", order, "wheels=4", "--was", "0", *WHY)
    refused(system, "D1", 2, "no kind of thing", "correct", "wheel", order, "vehicles=4", "--was", "0")
    refused(system, "D1", 1, "limits.vehicles", "correct", "order", order, "vehicles=4000", "--was", "0",
            *WHY)
    refused(system, "D1", 1, "STILL_NEEDED", "void", "order", order, *WHY)
    refused(system, "admin", 1, "leads team", "void", "person", "L1", *WHY)


def write(folder, rows):
    with open(os.path.join(folder, "meetings.csv"), "w", encoding="utf-8") as file:
        file.write("meeting,held_at,issues_raised,issues_resolved\n" + "\n".join(rows) + "\n")


def a_mended_ledger_corrects(system):
    folder = os.path.join(system.directory, "台账")
    os.makedirs(folder)
    write(folder, ["M1,2026-03-10 11:45,8,8", "M2,2026-03-27 11:15,4,4"])
    check(system.lq("import", folder).returncode == 0, "the import failed")
    write(folder, ["M1,2026-03-11 11:45,8,6", "M2,2026-03-27 11:15,4,9"])
    ran = system.lq("import", folder)
    check(ran.returncode == 1 and 'issues_resolved is "8" in the record, "6" here' in ran.stderr and
          "--correct" in ran.stderr, ran.stderr)
    refused(system, "clerk", 2, "needs a --reason", "import", folder, "--correct")
    ran = system.lq("import", folder, "--correct", *WHY)
    check(ran.returncode == 1 and "1 records were corrected" in ran.stderr and
          "resolved 9 issues and raised only 4" in ran.stderr, ran.stderr)
    meetings = {one["number"]: one for one in system.json("oversight", "meetings")}
    check(meetings["M1"]["issues_resolved"] == 6 and meetings["M2"]["issues_resolved"] == 4, meetings)
    check(meetings["M1"]["held_at_ms"].startswith("2026-03-11T11:45"), meetings)
    write(folder, ["M1,2026-03-11 11:45,8,6", "M2,2026-03-27 11:15,4,4"])
    ran = system.lq("import", folder, "--correct", *WHY)
    check(ran.returncode == 0 and "corrected" not in ran.stderr, ran.stderr)


def main():
    with System(sys.argv[1]) as system:
        load(system)
        order, _, notice = a_week_of_corrections(system)
        who_and_why_is_told(system, order, notice)
        what_is_wrong_is_said(system, order)
        a_mended_ledger_corrects(system)
        fields_are_called_as_people_do(system, done(system, "D1", "oversight", "record-meeting", "M77", "--raised", "5",
                                                    "--resolved", "2"))


if __name__ == "__main__":
    main()
