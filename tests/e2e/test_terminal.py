#!/usr/bin/python3
"""On a terminal of 80 columns: colours where it has them and nobody refuses them, never the only
sign; nothing is cut without a sign; what tables show as a time can be typed."""

import re
import sys

import force
from system import System, check
from terminal import ESCAPE, on_terminal, width

RED, BOLD = "\x1b[1;31m", "\x1b[1m"


def colours(system):
    for language in "en", "zh":
        line = ["--lang", language, "order", "list"]
        told = on_terminal(system, *line)
        plain = on_terminal(system, *line, "--color", "never")
        check(ESCAPE.sub("", told) == plain, f"the colours change the text:\n{told}\n{plain}")
        check(language == "en" or max(width(one) for one in plain.splitlines()) <= 80,
              f"wider than 80:\n{plain}")
        rows = {row.split()[0]: row for row in told.splitlines()}
        plainly = {row.split()[0]: row for row in plain.splitlines()}
        check(RED in rows[ESCAPE.sub("", "O0001")] and "?" in plainly["O0001"], told)  # not answered
        check(RED in rows["O0003"] and ("NOBODY" in plainly["O0003"] or "无人" in plainly["O0003"]), told)
        check(ESCAPE.search(rows["O0002"]) is None, f"answered, and still marked: {rows['O0002']!r}")
        check(BOLD in rows["O0003"] and ("flash" in plainly["O0003"] or "特急" in plainly["O0003"]),
              f"no flash: {rows['O0003']!r}")
        for one in told.splitlines():
            check(one.count("\x1b[0m") * 2 == one.count("\x1b["), f"not turned off: {one!r}")
    order_list = ["order", "list"]
    for environment in {"NO_COLOR": "1"}, {"TERM": "dumb"}, {"TERM": ""}:
        told = on_terminal(system, *order_list, **environment)
        check(ESCAPE.search(told) is None, f"{environment}: {told!r}")
    check(ESCAPE.search(on_terminal(system, *order_list, NO_COLOR="")) is not None, "NO_COLOR is empty")
    check(ESCAPE.search(on_terminal(system, *order_list, "--color", "always", NO_COLOR="1")), "always")
    check("\x1b" not in system.lq(*order_list).stdout, "not a terminal, and coloured")
    check("\x1b[" in system.lq(*order_list, "--color=always").stdout, "always")
    for form in "--json", "--csv":
        check("\x1b" not in system.lq(*order_list, form, "--color=always").stdout, form)
        check("\x1b" not in on_terminal(system, *order_list, form), form)
    check(RED in on_terminal(system, "order", "show", "O0001"), "order show")
    check(RED in on_terminal(system, "ledger", "list"), "a deadline that has passed")
    wrong = system.lq("order", "show", "O9999", "--color", "sometimes")
    check(wrong.returncode == 2 and "auto, always or never" in wrong.stderr, wrong.stderr)
    failed = system.lq("order", "nothing", "--color", "always")
    check(failed.stderr.startswith(RED + "lq:\x1b[0m "), repr(failed.stderr))


LISTS = ["order list --all", "order show O0003", "shift now", "shift rota", "shift people",
         "seizure list", "case list", "notice list", "ledger list", "ledger show E0001", "tips list",
         "oversight meetings", "oversight interviews", "status", "stats", "log order O0003",
         "file E0001", "outbox"]


def is_within(part, whole):
    """Are these the characters of the whole, in its order, without some?"""
    rest = iter(whole)
    return all(one in rest for one in part)


def nothing_is_lost(system):
    """What a table of 80 columns leaves out has the sign of it, in both languages: a cell that is cut,
    or the titles, where whole columns are left out."""
    for line in LISTS:
        for language in "en", "zh":
            narrow = on_terminal(system, *line.split(), "--lang", language)
            wide = on_terminal(system, *line.split(), "--lang", language, columns=2000)
            told = False  # by the titles of this table
            for cut, whole in zip(narrow.splitlines(), wide.splitlines()):
                left, full = (re.sub(r"\d", "0", re.sub(r"\s+", "", ESCAPE.sub("", one)))
                              for one in (cut, whole))  # (the time goes on)
                told = left != "" and (told or left.endswith("…"))
                check("…" in left or left == full or (told and is_within(left, full)) or
                      len(narrow.splitlines()) != len(wide.splitlines()),
                      f"lq {line}: cut without a sign:\n{cut}\n{whole}")


def times_can_be_typed(system):
    """Every time that a table shows is one that --at takes."""
    shown = set()
    for line in LISTS:
        told = ESCAPE.sub("", on_terminal(system, *line.split(), columns=2000))
        shown |= set(re.findall(r"(?<![\d-])(?:\d{4}-)?(?:\d\d-\d\d )?\d\d:\d\d(?::\d\d)?(?!\d)", told))
    check(len(shown) > 3, f"no times: {shown}")
    for one in shown:
        done = system.lq("shift", "now", "--at", one)
        check(done.returncode == 0, f"--at {one}: {done.stderr}")


def acts_say_whose_they_are(system):
    """An order shows each act on it: whose it was, who entered it and why, and its record. So does its
    team's row, and each row of a list, within 80 columns."""
    done = system.lq(*"--as D1 --for L2 --reason 电话 order depart O0002".split())
    check(done.returncode == 0, done.stderr)
    for language, by in ("zh", "D1 代 L2（电话）"), ("en", "D1 for L2 (电话)"):
        shown = on_terminal(system, "order", "show", "O0002", "--lang", language, columns=200)
        parts = re.split(r"\r?\n\r?\n", shown.strip())
        rows = [row for row in parts[-1].splitlines() if re.search(r"dispatch#\d+", row)]
        check(len(rows) == 3 and by in rows[2] and "D1" in rows[0] and "L2" in rows[1], shown)
        check([row for row in rows if "O0001" in row] == [], f"of another order: {shown}")
        check(re.search(r"D1 dispatch#\d+$", parts[0].rstrip()), f"who issued it: {parts[0]}")
        team = next(row for row in parts[1].splitlines() if "T02" in row)
        check(by in team and re.search(r"dispatch#\d+", team), f"the team's row: {team}")
        narrow = on_terminal(system, "order", "show", "O0002", "--lang", language)
        team = next(row for row in narrow.splitlines() if row.startswith("T02"))
        check(re.split(r"（| \(", by)[0] in team, f"cut: {team}")
        listed = ESCAPE.sub("", on_terminal(system, "order", "list", "--all", "--lang", language))
        check(all(" D1 " in row for row in listed.splitlines()[1:]), f"who issued them: {listed}")
    told = system.json("order", "show", "O0002")["order"]["assignments"][0]["entered"]
    check((told["actor"], told["on_behalf_of"], told["reason"]) == ("D1", "L2", "电话"), told)


def main():
    with System(sys.argv[1]) as system:
        force.load(system)
        done = system.lq("ledger", "register", "E0003", "--name",
                         "名称很长很长的可锻铸铁有限责任公司第三分厂", "--township", "甲镇", "--owner",
                         "王某", "--deadline", "2015-05-01")
        check(done.returncode == 0, done.stderr)
        for line in ("--as D1 order issue --kind raid --target E0003 --team T01 --priority flash "
                     "--number O0003", "--as L1 order decline O0003 --why 车辆故障"):
            done = system.lq(*line.split())
            check(done.returncode == 0, done.stderr)
        force.order(system, "O0001", "T01")
        force.order(system, "O0002", "T02")
        check(system.lq("--as", "L2", "order", "ack", "O0002").returncode == 0, "ack")
        check(system.lq("oversight", "record-meeting", "M1", "--raised", "1", "--resolved", "1",
                        "--later").returncode == 0, "kept")
        colours(system)
        nothing_is_lost(system)
        times_can_be_typed(system)
        acts_say_whose_they_are(system)


if __name__ == "__main__":
    main()
