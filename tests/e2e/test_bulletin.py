#!/usr/bin/python3
"""The bulletin of a week, typed as people do: published by a clerk, signed by a commander, shown in
80 columns in both languages beside what was corrected since; and the records of a signed week are
corrected by a commander alone, in every service that owns some.

    test_bulletin.py LQ
"""

import csv
import datetime
import io
import sys

import force
from system import System, check
from terminal import width

COUNTY = datetime.timezone(datetime.timedelta(hours=8))
TODAY = datetime.datetime.now(COUNTY).date()
WEDNESDAY = TODAY - datetime.timedelta(TODAY.weekday() + 5)
YEAR, NUMBER, _ = WEDNESDAY.isocalendar()
WEEK = f"{YEAR}-W{NUMBER:02}"
BULLETIN = f"周报〔{YEAR}〕1号"


def do(system, *arguments, by=None, code=0, language="en"):
    done = system.lq("--lang", language, *arguments, *(["--as", by] if by else []))
    check(done.returncode == code, f"lq {' '.join(arguments)}: {done.returncode} {done.stdout} {done.stderr}")
    return done.stdout + done.stderr


def refused(system, *arguments, by, en, zh):
    """Said in both languages."""
    for language, words in (("en", en), ("zh", zh)):
        told = do(system, *arguments, by=by, code=1, language=language)
        check(words in told, f"lq {' '.join(arguments)}: {told}")


def record(system):
    """A notice of last week, and what a raid then left behind."""
    at = f"{WEDNESDAY} 10:00"
    do(system, "order", "issue", "--kind", "raid", "--target", "E0001", "--team", "T01", "--number",
       "O0001", "--vehicles", "3", "--override", "--reason", "补录", "--at", at, by="C1")
    do(system, "notice", "issue", "N0001", "E0001", "--due", str(TODAY), "--finding", "粉尘", "--at", at,
       by="L1")
    do(system, "notice", "issue", "N0002", "E0002", "--due", str(TODAY), "--finding", "粉尘", "--at", at,
       by="L1")
    system.tips()


def check_bad_input(system):
    this_year, this_week, _ = TODAY.isocalendar()
    refused(system, "bulletin", "publish", "--week", f"{this_year}-W{this_week:02}", by="C2",
            en="is not over", zh="尚未结束")
    refused(system, "bulletin", "publish", "--week", "2015-W20", by="C2", en="nothing is counted",
            zh="没有任何数字")
    refused(system, "bulletin", "publish", "--week", "2015-W60", by="C2", en="2015-W20", zh="不是周")
    refused(system, "bulletin", "publish", "--week", WEEK, by="L1", en="L1", zh="L1")
    refused(system, "bulletin", "--week", WEEK, by="L1", en="has no bulletin", zh="没有周报")
    do(system, "bulletin", "publish", by="C2", code=2)


def check_shown(system):
    for language, words in (("en", ("THIS WEEK", "WEEK BEFORE")), ("zh", ("本周", "上周", "现计"))):
        text = do(system, "bulletin", "--week", WEEK, language=language)
        check(all(one in text for one in words) and BULLETIN in text, text)
        for line in text.splitlines():
            check(width(line) <= 80, f"{width(line)} columns: {line}")
    check(do(system, "bulletin", "--week", WEEK) == do(system, "bulletin"), "last week is not the default")
    check(do(system, "bulletin", f"周报[{YEAR}]1号") == do(system, "bulletin"), "by its number")


def line_of(system, figure, kind=""):
    rows = csv.DictReader(io.StringIO(do(system, "bulletin", "--week", WEEK, "--csv", "--quiet")))
    found = [row for row in rows if row["figure"] == figure and row["kind"] == kind]
    check(len(found) == 1, f"{figure}: {found}")
    return tuple(int(found[0][key]) for key in ("count", "before", "now", "difference"))


def check_signed(system):
    refused(system, "bulletin", "sign", WEEK, by="L1", en="L1", zh="L1")
    refused(system, "bulletin", "publish", "--week", WEEK, by="C2", en="has its bulletin", zh="已有")
    do(system, "bulletin", "sign", WEEK, by="C1")
    refused(system, "bulletin", "publish", "--week", WEEK, by="C2", en="stands", zh="不再改动")
    told = system.json("bulletin", "list")
    check([(row["number"], row["state"], row["signed_by"]) for row in told]
          == [(BULLETIN, "signed", "C1")], told)
    system.tips()


def check_closed(system):
    """In a week whose bulletin is out."""
    refused(system, "correct", "notice", "N0001", "finding=废气", "--was", "粉尘", "--reason", "看错",
            by="L1", en="only a commander", zh="只有指挥长")
    refused(system, "void", "notice", "N0001", "--reason", "重复", by="L1", en=BULLETIN, zh=BULLETIN)
    refused(system, "correct", "order", "O0001", "vehicles=2", "--was", "3", "--reason", "多记", by="D1",
            en="only a commander", zh="只有指挥长")
    do(system, "void", "notice", "N0001", "--reason", "重复", by="C1")
    do(system, "correct", "order", "O0001", "vehicles=2", "--was", "3", "--reason", "多记", by="C1")
    do(system, "notice", "issue", "N0003", "E0001", "--due", str(TODAY), "--finding", "粉尘", by="L1")
    do(system, "void", "notice", "N0003", "--reason", "重复", by="L1")  # of this week
    system.tips()
    check(line_of(system, "notices") == (2, 0, 1, -1), line_of(system, "notices"))
    check(line_of(system, "vehicle_times") == (3, 0, 2, -1), line_of(system, "vehicle_times"))
    check(line_of(system, "operations") == (1, 0, 1, 0), line_of(system, "operations"))
    check("-1" in do(system, "bulletin", "--week", WEEK), "the difference is not shown")
    check("N0001" in do(system, "stats", "records", "notices", "--week", WEEK), "it leads to no record")


def main():
    with System(sys.argv[1]) as system:
        force.load(system)
        folder = system.directory + "/more"
        import os
        os.mkdir(folder)
        with open(folder + "/people.csv", "w", encoding="utf-8") as file:
            file.write("badge,name,unit,role,team,group,phone\nC2,文员,县政府,clerk,,A,\n")
        check(system.lq("import", folder).returncode == 0, "the clerk")
        record(system)
        check_bad_input(system)
        told = do(system, "bulletin", "publish", "--week", WEEK, by="C2")
        check(BULLETIN in told, told)
        check_shown(system)
        check(line_of(system, "notices") == (2, 0, 2, 0), line_of(system, "notices"))
        check_signed(system)
        check_closed(system)
        check(system.lq("verify").returncode == 0, "lq verify")


main()
