#!/usr/bin/python3
"""Who is on duty, as people change it: a swap that moves with its shift, a lead who is away, the end of
the rota, and too few on duty. (Acceptance stories 13 and 15.)"""

import os
import sys

from driven import Driven
from system import check

XIAN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "configs", "xian")


def on_duty(system, when, badge=None):
    """The badges of who was on duty then; of one person, whether he was."""
    more = [badge] if badge else []
    rows = system.json("shift", "people", *more, "--on-duty", "--on", when)
    return bool(rows) if badge else [row["badge"] for row in rows]


def number_of(text):
    """What the service called it: "accepted A0001"."""
    return text.split()[1]


def leave(system, badge, shift):
    number = number_of(system.do("shift", "ask-absence", "--shift", shift, "--why", "事假", by=badge))
    check(on_duty(system, "2015-07-17 21:00", "P1015"), "an absence that was only asked for counts")
    system.do("absence", "approve", number, by="P1007")
    return number


def the_swap_that_moves(system):
    leave(system, "P1015", "2015-07-17-night")
    check(not on_duty(system, "2015-07-17 21:00", "P1015"), "P1015 is on leave")
    swap = number_of(system.do("swap", "ask", "--shift", "2015-07-18-night", "--partner", "P1119",
                               "--partner-shift", "2015-07-18-day", "--why", "家事", by="P1015"))
    said = system.do("swap", "approve", swap, by="P1007", code=1)
    check("STEP_NOT_POSSIBLE" in said, said)
    said = system.do("swap", "accept", swap, by="P1120", code=1)
    check("STEP_NOT_YOURS" in said, said)
    system.do("swap", "accept", swap, by="P1119")
    said = system.do("swap", "approve", swap, by="P1007", code=1)
    check("TOO_LITTLE_REST" in said and "P1119" in said, said)
    number = number_of(system.do("absence", "ask", "--from", "2015-07-19 08:00", "--to", "2015-07-19 20:00",
                                 "--why", "事假", by="P1119"))
    system.do("absence", "approve", number, by="P1007")
    check(on_duty(system, "2015-07-18 09:00", "P1119"), "a swap that is not approved changes something")
    system.do("swap", "approve", swap, by="P1007")
    check(on_duty(system, "2015-07-18 09:00", "P1015") and not on_duty(system, "2015-07-18 09:00", "P1119"),
          "the swap changes nothing")
    system.do("shift", "move", "2015-07-18-day", "--from", "2015-07-18 06:00", "--to", "2015-07-18 18:00",
              by="P1007")
    for when, badge, there in (("07:00", "P1015", True), ("07:00", "P1119", False), ("18:30", "P1015", False),
                               ("23:00", "P1119", True), ("23:00", "P1015", False), ("17:59", "P1015", True),
                               ("18:00", "P1015", False), ("06:00", "P1015", True)):
        check(on_duty(system, f"2015-07-18 {when}", badge) == there, f"{badge} at {when}: {not there}")
    check(on_duty(system, "2015-07-18 18:30") == [], "somebody is on duty in the gap")
    return swap


def the_calendar(system):
    path = os.path.join(system.directory, "mine.ics")
    system.do("shift", "mine", "--ics", path, by="P1015")
    with open(path, "rb") as file:
        text = file.read()
    lines = text.decode().split("\r\n")
    check(lines[0] == "BEGIN:VCALENDAR" and lines[-2:] == ["END:VCALENDAR", ""], f"{lines[:3]} {lines[-3:]}")
    check("\n" not in text.decode().replace("\r\n", ""), "a line does not end with CR LF")
    check(all(len(line.encode()) <= 75 for line in lines), "a line is too long")
    check("DTSTART:20150717T220000Z" in lines, "the calendar has no start at 06:00")  # in UTC
    check("DTSTART:20150718T120000Z" not in lines, "the calendar has the night that was given away")


def the_deputy_is_addressed(system):
    system.at("2015-07-18 07:00")
    system.do("order", "issue", "--number", "O9013", "--kind", "raid", "--target", "E0046", "--team", "T14",
              "--priority", "flash", by="P1007")
    shown = system.json("order", "show", "O9013")
    row = shown.get("order", shown)["assignments"][0]
    check((row["team"], row["to"]) == ("T14", "P1120"), f"{row}")
    leads = {row["team"]: row["badge"] for row in system.json("shift", "on-duty", "--on", "2015-07-18 07:00")["leads"]}
    check(leads["T14"] == "P1120", f"{leads}")
    system.at("2015-07-18 07:01:05")
    system.eventually("the deputy is told", lambda: "O9013" in
                      [row["number"] for row in system.json("alerts", "--as", "P1120")])
    system.do("order", "ack", "O9013", "T14", by="P1120")


def a_cancelled_shift_voids_it(system, swap):
    system.do("shift", "cancel", "2015-07-18-night", by="P1007")
    row = [row for row in system.json("swap", "list") if row["number"] == swap][0]
    check(row["state"] == "lapsed", f"{row}")
    said = system.do("log", "swap", swap)
    check("P1015" in said and "P1119" in said and "2015-07-18-night" in said, said)


def who_moved_teams(system):
    check(len(on_duty(system, "2015-04-01 10:00")) == 107, "not 107 were on duty on 1 April")
    system.do("shift", "amend", "P1016", "--team", "T14", "--group", "B", by="admin")
    check(len(on_duty(system, "2015-04-01 10:00")) == 107, "a change of today changed 1 April")
    check(system.json("shift", "on-duty", "--on", "2015-04-01 10:00")["people"] == 107, "not 107 are counted")


def set_up(system):
    system.do("import", XIAN)
    system.tips()
    check([row for row in system.json("due") if row["rule"].startswith("OP-")] == [],
          "a rota from paper starts a term")
    system.do("shift", "plan", "--to", "2015-08-31", by="admin")
    for badge, group in (("P1007", "B"), ("P1004", "A")):
        system.do("shift", "amend", badge, "--role", "desk", "--group", group, "--rank", "desk_chief", by="admin")
    system.do("shift", "amend", "P1120", "--rank", "deputy_lead", by="admin")
    for badge in ("P1007", "P1004", "P1120", "P1119", "P1015", "P1001"):
        system.do("key", "issue", badge)


def main():
    system = Driven(sys.argv[1], "2015-07-16 08:00")
    with system:
        set_up(system)
        who_moved_teams(system)
        swap = the_swap_that_moves(system)
        the_calendar(system)
        the_deputy_is_addressed(system)
        a_cancelled_shift_voids_it(system, swap)


if __name__ == "__main__":
    main()
