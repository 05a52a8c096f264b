#!/usr/bin/python3
"""Nobody has to invent a number: what is left out is given by the service and told, at once or when
the outbox is sent. A number from paper may be given."""

import sys

from force import load
from system import System, check

NOTICE = ("--due", "2027-05-01", "--finding", "使用燃煤锅炉")


def told(system, who, *line):
    done = system.lq(*line, "--as", who, "--quiet")
    check(done.returncode == 0, f"{line}: {done.stderr}")
    return done.stdout.strip()


def each_kind_has_its_form(system):
    clerk = told(system, "admin", "shift", "register", "--name", "周内勤", "--role", "clerk")
    check(clerk == "P1001", f"the badge is {clerk}")
    for badge, role in (("K1", "clerk"), ("A1", "liaison")):
        told(system, "admin", "shift", "register", badge, "--name", "吴", "--role", role)
        check(system.lq("key", "issue", badge).returncode == 0, "no key")
    check(system.lq("shift", "amend", "--name", "吴").returncode == 2, "amended nobody")

    order = told(system, "D1", "order", "issue", "--kind", "raid", "--target", "E0001", "--team", "T01")
    item = ["seizure", "record", "--order", order, "--target", "E0001", "--kind", "cupola", "--action",
            "dismantled", "--officer", "L1", "--officer", "M1"]
    open_case = ["case", "open", "--order", order, "--target", "E0001", "--offence", "污染环境"]
    tip = ["tips", "record", "--channel", "letter", "--premises", "E0001", "--content", "复工"]
    given = [
        (order, "O0001"),
        (told(system, "L1", *item), "I0001"),
        (told(system, "L1", *item), "I0002"),
        (told(system, "L1", "notice", "issue", "--premises", "E0001", *NOTICE), "N0001"),
        (told(system, "L1", "notice", "issue", "E0002", *NOTICE), "N0002"),
        (told(system, "L1", "notice", "issue", "献环改1", "E0002", *NOTICE), "献环改1"),
        (told(system, "L1", "notice", "issue", "献环改2", "--premises", "E0002", *NOTICE), "献环改2"),
        (told(system, "L1", "notice", "issue", "E0002", *NOTICE), "N0003"),
        (told(system, "A1", *open_case), "C001"),
        (told(system, "A1", "case", "identify", "C001", "刘志玉"), "X001"),
        (told(system, "A1", "case", "identify", "C001", "甲9", "曾明"), "甲9"),
        (told(system, "K1", *tip), "Q001"),
        (told(system, "K1", "tips", "volunteer", "何文华", "--village", "段村"), "V0001"),
        (told(system, "K1", "oversight", "record-meeting", "--raised", "3"), "M1"),
        (told(system, "K1", "ledger", "register", "--name", "丙厂", "--township", "丙镇"), "E0003"),
        (told(system, "K1", "ledger", "register", "--township", "丙镇", "--kind", "kiln", "--standing",
              "unlicensed_site"), "S001"),
    ]
    check(all(got == wanted for got, wanted in given), given)
    done = system.lq("case", "identify", "C001", "--as", "A1")
    check(done.returncode == 2 and "CASE [SUSPECT] NAME" in done.stderr, done.stderr)
    done = system.lq("notice", "issue", "N9", "E0001", "E0002", *NOTICE, "--as", "L1")
    check(done.returncode == 2 and "E0002" in done.stderr, done.stderr)


def one_that_is_kept_gets_its_number_when_it_is_sent(system):
    done = system.lq("notice", "issue", "E0001", *NOTICE, "--as", "L1", "--later")
    check(done.returncode == 0 and "kept, not sent" in done.stdout, done.stdout + done.stderr)
    told(system, "L1", "notice", "issue", "E0002", *NOTICE)  # N0004 went to another meanwhile
    sent = system.lq("outbox", "send", "--as", "L1")
    check(sent.returncode == 0 and "N0005" in sent.stdout, sent.stdout + sent.stderr)
    notices = {one["number"]: one["premises"] for one in system.json("notice", "list")}
    check(notices["N0004"] == "E0002" and notices["N0005"] == "E0001", notices)


def main():
    with System(sys.argv[1]) as system:
        load(system)
        each_kind_has_its_form(system)
        one_that_is_kept_gets_its_number_when_it_is_sent(system)
    print("every number that is left out is given, in the form of its kind, and told")


if __name__ == "__main__":
    main()
