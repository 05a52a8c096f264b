#!/usr/bin/python3
"""with_campaign.py LQ COMMAND...: runs a command beside the sample campaign on its last night, under a clock that is set: raids
of three priorities, one of them not answered, a call for help, a paper that is not served. For pictures, which must be the same each time. The command finds in its
environment what with_system.py gives it. Ends as the command does."""
import os
import sys

from with_system import run_beside

from driven import Driven  # with_system knows where it is
from system import check

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..")
DAY = "2015-07-15 "
DESK, LIAISON = "P1003", "P1002"
LEADS = {"T01": "P1015", "T02": "P1023", "T03": "P1031", "T04": "P1039", "T05": "P1047", "T06": "P1055"}


def steps(system, number, team, *verbs):
    for verb in verbs:
        system.do("order", verb, number, by=LEADS[team])


def issue(system, at, number, target, kind, priority, words, *teams):
    system.at(DAY + at)
    parameters = [one for team in teams for one in ("--team", team)]
    system.do("order", "issue", "--number", number, "--kind", kind, "--priority", priority, "--target", target,
              "--instructions", words, *parameters, by=DESK)


def play(system):
    done = system.lq("import", os.path.join(ROOT, "configs", "xian"))
    check(done.returncode == 0, done.stdout + done.stderr)
    issue(system, "21:04:10", "O9001", "E0023", "raid", "urgent", "夜间复燃冲天炉，封熔炼炉，先断电", "T01", "T02")
    system.at(DAY + "21:05:02")
    steps(system, "O9001", "T01", "ack", "depart")
    steps(system, "O9001", "T02", "ack")
    issue(system, "21:12:00", "O9002", "E0110", "patrol", "routine", "沿河巡查，重点看料场覆盖", "T03")
    system.at(DAY + "21:14:20")
    steps(system, "O9002", "T03", "ack", "depart")
    issue(system, "21:20:00", "O9004", "E0200", "night_check", "urgent", "查用电曲线异常", "T06")
    system.at(DAY + "21:21:40")
    steps(system, "O9001", "T01", "arrive")
    steps(system, "O9001", "T02", "depart")
    issue(system, "21:24:00", "O9003", "E0061", "raid", "flash", "举报正在出铁，立即到场固定证据", "T04", "T05")
    system.at(DAY + "21:24:31")
    steps(system, "O9003", "T04", "ack", "depart")
    system.at(DAY + "21:27:30")
    system.do("order", "help", "O9001", "T01", "--said", "有人阻拦，请派民警", by=LEADS["T01"])
    system.do("paper", "issue", "correction_order", "notice", "N0349", "地址=献县淮镇", "证据=现场检查（勘察）笔录、照片",
              "违反的规定=《中华人民共和国大气污染防治法》第三十三条", "改正的内容=立即停止使用并拆除冲天炉", by=LEADS["T05"])
    # From here on nothing rings for a quarter of an hour, and no age gets another digit: a slow machine shows the same.
    system.at(DAY + "21:43:00")


def add_orders(system, count):
    """Open ones, as a ledger on paper has them: a board that is too full."""
    for i in range(count):
        system.do("order", "issue", "--kind", "patrol", "--target", f"E{i % 373 + 1:04}", "--team", f"T{i % 12 + 1:02}",
                  "--at", f"{DAY}20:{i % 30 + 30}", "--for", DESK, "--reason", "纸质记录")


def main():
    lq, *command = sys.argv[1:]
    system = Driven(lq, DAY + "20:30")
    system.issues_papers_of_xian()
    with system:
        play(system)
        add_orders(system, int(os.environ.get("LQ_ORDERS", "0")))
        os.environ.pop("LD_PRELOAD")  # the clock is the system's: a browser has its own
        code = run_beside(system, (DESK, LIAISON, LEADS["T05"]), command,
                          {"LQ_DESK": DESK, "LQ_LIAISON": LIAISON, "LQ_LEAD": LEADS["T05"]})
    sys.exit(code)


main()
