#!/usr/bin/python3
"""Who suspects are is told to few, with all that lq can type; and each reading is in `lq audit`."""

import re
import sys
import time

from force import load, order
from system import PATIENCE_S, System, check

NAME, OTHER = "刘志玉", "王小二"
WITHHELD = "姓名不公开"


class Chinese(System):
    def do(self, *arguments, by=None, code=0):
        done = self.lq(*arguments, *(["--as", by] if by else []), "--lang", "zh")
        check(done.returncode == code, f"lq {' '.join(arguments)}: {done.returncode} {done.stdout} {done.stderr}")
        return done.stdout + done.stderr


def audited(system, *arguments):
    return system.json("audit", *arguments, "--as", "I1")


def kept_from_the_desk(system):
    """Whatever the desk types, there is no name in it, and a word where it would be."""
    record = system.json("log", "suspect", "X001", "--as", "J1")[0]
    before = len(audited(system))
    for said in (("case", "show", "C001"), ("log", "suspect", "X001"), ("file", "E0001"),
                 ("record", f"casefile#{record['seq']}"), ("watch", "casefile", "--from-start", "--count", "3")):
        for json in (), ("--json",):
            told = system.do(*said, *json, by="D1")
            check(NAME not in told and OTHER not in told, f"{said} tells the desk: {told}")
            if said[0] in ("case", "log", "record"):
                check(("withheld" if json else WITHHELD) in told, f"{said} does not say so: {told}")
    told = system.do("case", "show", "C001", "--csv", by="D1")
    check(NAME not in told, told)
    told = system.do("case", "list", by="D1") + system.do("case", "list", "--json", by="D1")
    check(NAME not in told and "C001" in told, told)
    told = system.do("correct", "suspect", "X001", "name=刘", "--reason", "x", by="D1", code=1)
    check(NAME not in told, told)
    check(len(audited(system)) == before, "the desk has read something")


def told_to_some(system):
    """And for each of their readings there is a record: who, what, whom."""
    for badge, said, what in (("J1", ("case", "show", "C001"), "show"), ("C1", ("log", "suspect", "X001"), "events"),
                              ("K1", ("case", "show", "C001"), "show")):
        seen = len(audited(system, "--who", badge))
        told = system.do(*said, by=badge)
        check(NAME in told, f"{said} does not tell {badge}: {told}")
        check((OTHER in told) == (badge != "K1" and what == "show"), f"{said} tells {badge}: {told}")
        rows = audited(system, "--who", badge)
        check(len(rows) > seen, f"{badge} has read, and no record says so")
        check(any(row["what"] == what and any(one["number"] == "X001" for one in row["of"]) for row in rows[seen:]),
              f"{badge} read {said}; the records say {rows[seen:]}")
    numbers = {one["number"] for row in audited(system, "--who", "K1") for one in row["of"]}
    check(numbers == {"X001"}, f"the clerk who entered X001 has read of {numbers}")


def listed(system):
    told = system.do("audit", by="I1")
    check("查阅时间" in told and "P" not in told.split("\n")[0] and "嫌疑人 X001" in told, told)
    check("案件及嫌疑人" in told and "K1 丁六" in told and "casefile#" in told, told)
    check(NAME not in told and OTHER not in told, f"the audit tells names: {told}")
    wide = [line for line in told.splitlines() if sum(2 if ord(c) > 0x2e7f else 1 for c in line) > 80]
    check(not wide, f"wider than 80 columns: {wide}")
    for which in ("--of", "嫌疑人", "X002"), ("--of", "X002"), ("--of", "suspect", "X002"):
        rows = audited(system, *which)
        check(rows and all(any(one["number"] == "X002" for one in row["of"]) for row in rows), f"{which}: {rows}")
    check(audited(system, "--of", "tip", "X002") == [], "a tip is called X002")
    check(audited(system, "--since", "2099-01-01") == [], "somebody has read in 2099")
    rows = system.do("audit", "--csv", by="I1").splitlines()
    check(rows[0].startswith("what,of,first,last,at,by,record,service"), rows[0])
    for badge in "D1", "C1", "J1", "admin":
        told = system.do("audit", by=badge, code=1)
        check("无权" in told and re.search("[一-龥]", told), f"{badge}: {told}")


def killed(system):
    """Whoever was told stands in the journal, though the service dies at once."""
    seen = len(audited(system, "--who", "J1"))
    told = system.do("case", "show", "C001", by="J1")
    check(system.kill("casefile"), "casefile was not running")
    check(NAME in told, told)
    until = time.monotonic() + PATIENCE_S
    while system.lq("case", "list").returncode != 0:
        check(time.monotonic() < until, "casefile does not come back")
        time.sleep(0.1)
    rows = audited(system, "--who", "J1")
    check([row["what"] for row in rows[seen:]].count("show") == 1, f"after kill -9: {rows[seen:]}")


def main():
    system = Chinese(sys.argv[1])
    with system:
        load(system)
        for badge, name, role in (("J1", "戊七", "liaison"), ("I1", "己八", "inspector"), ("K1", "丁六", "clerk")):
            system.do("shift", "register", badge, "--name", name, "--role", role)
        for badge in "D1", "C1", "H1", "L1", "J1", "I1", "K1":
            system.do("key", "issue", badge)
        order(system, "O0001")
        system.do("case", "open", "C001", "--order", "O0001", "--target", "E0001", "--offence", "污染环境", by="J1")
        system.do("case", "identify", "C001", "X001", NAME, "--for", "J1", "--reason", "纸质移送书", by="K1")
        system.do("case", "identify", "C001", "X002", OTHER, by="J1")
        kept_from_the_desk(system)
        told_to_some(system)
        listed(system)
        killed(system)
        system.do("verify")


if __name__ == "__main__":
    main()
