#!/usr/bin/python3
"""Cameras that fall silent by night, under a clock that the test sets (acceptance story 18, its video):
silent from 02:00:00, at 02:02:00 the two who are responsible for the premises are told, at 02:12:00 there is
a call on the board, at 03:02:00 the desk chief is told: each once and to the second, whatever restarts
meanwhile. Live again at 02:30: no further mark, and thirty minutes dark. Then the gateway falls silent."""

import os
import sys

from driven import Driven
from system import check

XIAN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "configs", "xian")
NIGHT = "2015-07-21"
BACK, DARK, SOUND = "SP0001", "SP0002", "SP0003"  # live again at 02:30; dark for good; never silent


def set_up(system):
    system.do("import", XIAN)
    system.tips()
    system.do("shift", "plan", "--to", "2015-08-31", by="admin")
    for badge, group in (("P1007", "B"), ("P1004", "A")):
        system.do("shift", "amend", badge, "--role", "desk", "--group", group, "--rank", "desk_chief", by="admin")
    system.do("shift", "register", "V0001", "--name", "视频网关", "--role", "gateway", by="admin")
    for badge in ("P1007", "P1004", "P1118", "P1119", "P1015", "V0001"):
        system.do("key", "issue", badge)
    supervised_by(system, "E0046", ("王小丽", "P1118"), ("李强", "P1119"))
    for premises in ("E0046", "E0047", "E0048"):
        system.do("video", "register", premises, "--place", "熔炼车间", "--address",
                  f"rtsp://10.1.2.{premises[-2:]}:554/1", by="clerk")


def supervised_by(system, premises, *people):
    """From now on by just these, who have badges."""
    there = system.json("ledger", "show", premises)["entry"].get("supervisors", [])
    for number, (name, badge) in enumerate(people):
        who = (premises, name, "--unit", "环境保护局", "--badge", badge)
        if number < len(there):
            system.do("ledger", "replace", *who, "--replaces", there[number]["name"], by="clerk")
        else:
            system.do("ledger", "assign", *who, by="clerk")


def report(system, first, last, *channels):
    """The gateway's report of each minute of the night from "02:03" to "02:11", both included."""
    def minute(text):
        return int(text[:2]) * 60 + int(text[3:])
    for at in range(minute(first), minute(last) + 1):
        time = f"{NIGHT} {at // 60:02}:{at % 60:02}:00"
        system.at(time)
        system.do("video", "alive", *channels, "--at", time, by="V0001")


def marks(system, number):
    row = system.terms("--all").get(("channel", number, "OP-VIDEO"), {"marks": []})
    return [(mark["offset_ms"] // 60000, mark.get("badges", [])) for mark in row["marks"] if mark["rung"]]


def rang(system, number):
    """At which second each mark was recorded to have rung."""
    return [row["occurred_at"][11:19] for row in system.json("log", "channel", number)
            if "clock_rang" in row["event"]]


def calls(system):
    return [(call["premises"], call["what"], call["source_number"]) for call in system.json("call", "list")]


def silent_from_two(system):
    report(system, "01:58", "02:00", BACK, DARK, SOUND)
    report(system, "02:01", "02:01", SOUND)
    row = system.terms()[("channel", BACK, "OP-VIDEO")]
    check((row["start_ms"][:19], row["due_ms"][:19]) == (f"{NIGHT}T02:00:00", f"{NIGHT}T02:02:00"), f"{row}")
    system.at(f"{NIGHT} 02:01:57")
    check(marks(system, BACK) == [], "the pair is told before its time")
    system.at(f"{NIGHT} 02:02:00")
    system.eventually("the pair is told", lambda: marks(system, BACK) == [(0, ["P1118", "P1119"])])
    for badge, wanted in (("P1118", [BACK]), ("P1119", [BACK]), ("P1015", [])):
        told = [row["number"] for row in system.json("alerts", "--as", badge) if row["rule"] == "OP-VIDEO"]
        check(told == wanted, f"{badge} is told of {told}")
    report(system, "02:02", "02:11", SOUND)
    check(calls(system) == [], "a team is called for before its time")


def called_once(system):
    """E0047 has supervisors without badges: its first mark went to the desk."""
    system.kill("monitor")
    system.wait_until_up()
    system.at(f"{NIGHT} 02:12:00")
    wanted = [("E0046", "video_silent", BACK), ("E0047", "video_silent", DARK)]
    system.eventually("there are calls", lambda: sorted(calls(system)) == wanted)
    check(rang(system, BACK) == ["02:02:00", "02:12:00"], f"{rang(system, BACK)}")
    told = [row["number"] for row in system.json("alerts", "--as", "P1007") if row["rule"] == "OP-VIDEO"]
    check(DARK in told, f"the desk is told of {told}")
    dark = [(row["channel"], row["since_ms"][11:19]) for row in system.json("video", "dark")]
    check(dark == [(BACK, "02:00:00"), (DARK, "02:00:00")], f"{dark}")


def live_again(system):
    report(system, "02:12", "02:29", SOUND)
    report(system, "02:30", "03:01", BACK, SOUND)
    system.at(f"{NIGHT} 03:01:58")
    check([mark[0] for mark in marks(system, DARK)] == [0, 10], f"{marks(system, DARK)}")
    system.at(f"{NIGHT} 03:02:00")
    system.eventually("the desk chief on duty is told", lambda: [mark[0] for mark in marks(system, DARK)] == [0, 10, 60])
    check(marks(system, DARK)[2][1] == ["P1007"], f"{marks(system, DARK)}")  # whose group has the night
    report(system, "03:02", "03:03", BACK, SOUND)
    check(rang(system, BACK) == ["02:02:00", "02:12:00"], f"{rang(system, BACK)}")
    check(rang(system, DARK) == ["02:02:00", "02:12:00", "03:02:00"], f"{rang(system, DARK)}")
    row = system.terms("--all")[("channel", BACK, "OP-VIDEO")]
    check(row["status"] == "late" and row["stop_ms"][11:19] == "02:30:00", f"{row}")
    row, = system.json("video", "uptime", BACK, "--from", f"{NIGHT} 01:58", "--to", f"{NIGHT} 03:03")
    check((row["dark_ms"], row["live_ms"], row["not_recorded_ms"], row["silences"]) ==
          (30 * 60000, 35 * 60000, 0, 1), f"{row}")
    table = system.do("video", "uptime", BACK, "--from", f"{NIGHT} 02:00", "--to", f"{NIGHT} 03:00")
    check(table.splitlines()[1].split()[-4:] == ["30", "30", "0", "1"], table)
    dark = system.json("video", "dark", "--on", f"{NIGHT} 02:20")
    check([(row["channel"], str(row["until_ms"])[11:19]) for row in dark] == [(BACK, "02:30:00"), (DARK, "")],
          f"{dark}")


def the_gateway_itself(system):
    system.at(f"{NIGHT} 03:04:57")
    check(len(system.json("video", "dark")) == 1, "it is noticed before its time")
    system.at(f"{NIGHT} 03:05:00")
    system.eventually("all are silent", lambda: len(system.json("video", "dark")) == 3)
    row = system.json("video", "dark")[2]
    check(row["channel"] == SOUND and row["since_ms"][11:19] == "03:03:00" and row["unheard"], f"{row}")
    state = system.json("video", "state")
    check(state["required_dark"] == 3 and state["gateway_silent_since_ms"][11:19] == "03:03:00", f"{state}")
    system.eventually("the pair is told again", lambda: rang(system, BACK)[2:] == ["03:05:00"])
    check(len(calls(system)) == 2, f"{calls(system)}")
    system.at(f"{NIGHT} 03:15:00")
    system.eventually("one call is enough", lambda: len(calls(system)) == 3)


def refused(system):
    def alive(*what, by="V0001"):
        return system.do("video", "alive", *what, by=by, code=1)
    check("REPORT_LATE" in alive("--at", f"{NIGHT} 03:10:00"), "a late report is taken")
    check("REPORT_OUT_OF_ORDER" in alive("--at", f"{NIGHT} 03:02:59"), "an old report is taken")
    check("REPORT_REPEATED" in alive("--at", f"{NIGHT} 03:03:00"), "a report is taken twice")
    check("TIME_IN_FUTURE" in alive("--at", f"{NIGHT} 03:40:00"), "a report of what comes is taken")
    alive(by="P1007")
    done = system.lq("tips", "list", "--as", "V0001")
    check(done.returncode == 1, "the gateway's key opens more than it should")
    done = system.lq("video", "uptime", "--as-of", f"{NIGHT} 03:00")
    check(done.returncode == 2 and "--from --to" in done.stderr, done.stderr)


def main():
    system = Driven(sys.argv[1], "2015-07-20 08:00")
    with system:
        set_up(system)
        silent_from_two(system)
        called_once(system)
        live_again(system)
        the_gateway_itself(system)
        refused(system)


if __name__ == "__main__":
    main()
