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
    row = system.json("order", "show", "O9013")["order"]["assignments"][0]
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
    for badge in ("P1015", "P1119"):
        system.eventually(f"{badge} is told", lambda who=badge: (swap, "OP-SWAP") in told(system, who))
    system.do("swap", "acknowledge", swap, by="P1015")
    system.do("swap", "acknowledge", swap, by="P1119")
    check((swap, "OP-SWAP") not in told(system, "P1119"), "it is told on")
    said = system.do("log", "swap", swap)
    check("P1015" in said and "P1119" in said and "2015-07-18-night" in said, said)


def who_moved_teams(system):
    check(len(on_duty(system, "2015-04-01 10:00")) == 107, "not 107 were on duty on 1 April")
    system.do("shift", "amend", "P1016", "--team", "T14", "--group", "B", by="admin")
    check(len(on_duty(system, "2015-04-01 10:00")) == 107, "a change of today changed 1 April")
    check(system.json("shift", "on-duty", "--on", "2015-04-01 10:00")["people"] == 107, "not 107 are counted")


def rung(system, number, rule):
    row = system.terms("--all")[("rota" if rule == "OP-ROTA" else "shift", number, rule)]
    return [mark["offset_ms"] // 3600000 for mark in row["marks"] if mark["rung"]]


def told(system, badge):
    return [(row["number"], row["rule"]) for row in system.json("alerts", "--as", badge)]


def gaps(system):
    return system.json("shift", "gaps", "--from", "2015-08-05", "--to", "2015-08-05")


def below_the_minimum(system):
    check([row for row in gaps(system) if row["shift"] == "2015-08-05-day"] == [], "there is a gap before")
    number = number_of(system.do("absence", "ask", "--from", "2015-08-05 10:00", "--to", "2015-08-05 12:00",
                                 "--why", "事假", by=system.officer))
    check(("shift", "2015-08-05-day", "OP-COVER") not in system.terms(), "it is told before it is approved")
    system.do("absence", "approve", number, by="P1004")
    row = system.terms()[("shift", "2015-08-05-day", "OP-COVER")]
    check(row["due_ms"].startswith("2015-08-05T08:00:00"), f"{row}")
    gap = [row for row in gaps(system) if row["shift"] == "2015-08-05-day"][0]
    check((gap["shift"], gap["of"], gap["short_by"]) == ("2015-08-05-day", "公安局", 1) and
          gap["from_ms"].startswith("2015-08-05T10:00"), f"{gap}")
    said = system.do("shift", "gaps", "--from", "2015-08-05", "--to", "2015-08-05")
    check("2015-08-05 10:00" in said and "公安局" in said, said)
    system.at("2015-07-29 08:00:05")
    system.eventually("seven days before", lambda: rung(system, "2015-08-05-day", "OP-COVER") == [-168])
    check(("2015-08-05-day", "OP-COVER") in told(system, "P1004"), "the desk chief is not told")
    system.do("absence", "withdraw", number, by=system.officer)
    check(("shift", "2015-08-05-day", "OP-COVER") not in system.terms(), "it runs on")


def planned_behind_the_last_day(system):
    """Of the last day one shift is moved and one is cancelled: neither is planned again, also not if it is asked for
    the one that was moved."""
    system.do("shift", "move", "2015-09-10-day", "--from", "2015-09-10 09:00", "--to", "2015-09-10 20:00", by="P1007")
    system.do("shift", "cancel", "2015-09-10-night", by="P1007")
    said = system.do("shift", "preview", "--to", "2015-09-10", by="P1004")
    check("2015-09-10 already" in said and "2015-09-09" not in said, said)
    system.do("shift", "plan", "--to", "2015-09-11", by="P1004")
    rota = [row["number"] for row in system.json("shift", "rota", "--from", "2015-09-10", "--to", "2015-09-12")]
    check(rota == ["2015-09-09-night", "2015-09-10-day", "2015-09-11-day", "2015-09-11-night"], f"{rota}")
    system.do("shift", "plan", "--from", "2015-09-10", "--to", "2015-09-11", by="P1004")
    rota = [row["number"] for row in system.json("shift", "rota", "--from", "2015-09-10", "--to", "2015-09-10")]
    check(rota[1] == "2015-09-10-day" and len(rota) == 3, f"{rota}")


def the_end_of_the_rota(system):
    row = system.terms()[("rota", "force", "OP-ROTA")]
    check(row["due_ms"].startswith("2015-09-01T08:00:00"), f"{row}")
    for when, hours in (("2015-08-25 08:00", [-168]), ("2015-08-29 08:00", [-168, -72])):
        system.at(f"{when}:05")
        system.eventually(f"the rota's end is told at {when}",
                          lambda wanted=hours: rung(system, "force", "OP-ROTA") == wanted)
    for badge in ("P1007", "P1004", "P1001"):  # both desk chiefs, and the commander by his role
        check(("force", "OP-ROTA") in told(system, badge), f"{badge} is not told")
    system.at("2015-08-30 09:00")
    for kind, until in (("rota", "2015-08-30 11:00"), ("值班表", "2015-08-30 12:00")):  # as lq due calls it
        system.do("take", kind, "force", "OP-ROTA", "--until", until, by="P1004")
        row = system.terms()[("rota", "force", "OP-ROTA")]
        check((row["taken_by"], row["taken_until_ms"][:16]) == ("P1004", until.replace(" ", "T")), f"{row}")
    said = system.do("shift", "preview", "--to", "2015-09-10", by="P1004")
    check("2015-09-01" in said and "has no rest between two shifts" in said, said)
    system.do("shift", "plan", "--to", "2015-09-10", by="P1004")
    check(rung(system, "force", "OP-ROTA") == [], "planned on, it still has rung")
    check(("force", "OP-ROTA") not in told(system, "P1004"), "planned on, it is still told")
    planned_behind_the_last_day(system)
    system.at("2015-09-01 08:00:05")
    system.eventually("the shift begins", lambda: "2015-09-01-day" in
                      [row["number"] for row in system.json("due")])
    check(rung(system, "force", "OP-ROTA") == [], "planned on, a mark rings")


def the_roll_is_called(system):
    row = system.terms()[("shift", "2015-09-01-day", "OP-ROLLCALL")]
    check(row["due_ms"].startswith("2015-09-01T08:15:00"), f"{row}")
    lead = [row for row in system.json("shift", "on-duty")["leads"]][0]
    system.do("key", "issue", lead["badge"])
    system.do("shift", "roll-call", "2015-09-01-day", lead["team"], "--equipped", by=lead["badge"])
    roll = system.json("roll", "list", "2015-09-01-day")[0]
    check(roll["team"] == lead["team"] and lead["badge"] in roll["present"] and roll["equipped"], f"{roll}")
    system.do("roll", "sign", f"2015-09-01-day/{lead['team']}", by=lead["badge"])
    check(system.json("roll", "list", "2015-09-01-day")[0]["state"] == "signed", "it is not signed")
    system.at("2015-09-01 08:15:05")
    system.eventually("those who have not signed are told",
                      lambda: rung(system, "2015-09-01-day", "OP-ROLLCALL") == [0])
    check(("2015-09-01-day", "OP-ROLLCALL") not in told(system, lead["badge"]), "who has signed is told")


def configure_minimum(system):
    """As many of the 公安局 as are on duty on 5 August by day; one of them will ask to be away."""
    rows = system.json("shift", "people", "--on-duty", "--on", "2015-08-05 10:00")
    police = [row for row in rows if row["unit"] == "公安局"]
    system.officer = [row["badge"] for row in police if row["team"] and row["role"] == "officer"][-1]
    with open(os.path.join(system.data, "config", "policy.yaml"), "w", encoding="utf-8") as file:
        file.write(f"revision: test-1\nminimum: {{公安局: {len(police)}}}\n")
    system.at("2015-07-16 08:10")  # the clock of a new process begins with what was set last
    system.restart()
    system.do("key", "issue", system.officer)


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
        configure_minimum(system)
        swap = the_swap_that_moves(system)
        the_calendar(system)
        the_deputy_is_addressed(system)
        a_cancelled_shift_voids_it(system, swap)
        below_the_minimum(system)
        the_end_of_the_rota(system)
        the_roll_is_called(system)


if __name__ == "__main__":
    main()
