#!/usr/bin/python3
"""Figures by every part, as people and programs read them: tables that fit 80 columns in both
languages, cells that their records add up to, figures as they were known before something was
entered, and words for whoever asks for what there is not.

    test_stats.py LQ
"""

import collections
import csv
import datetime
import io
import sys
import tempfile
import time

import make_county
from system import System, check
from terminal import width

PARTS = "day week month shift township team department kind".split()
CELLS = "shift".split()  # each cell is asked for; of the others some (test_as_of asks for all)
SOME = 8
COMMANDER, TARGET = "QH001", "QY-0003"


def shown(system, *arguments, language="en"):
    done = system.lq("--lang", language, *arguments)
    check(done.returncode == 0, f"lq {' '.join(arguments)}: {done.returncode} {done.stderr}")
    return done.stdout


def rows(system, *arguments):
    return list(csv.DictReader(io.StringIO(shown(system, *arguments, "--csv"))))


# ---------------------------------------------------------------- tables


def check_tables(system):
    for part in PARTS:
        for language in ("en", "zh"):
            text = shown(system, "stats", "--by", part, language=language)
            for line in text.splitlines():
                check(width(line) <= 80 or "  " not in line, f"--by {part}: {width(line)} columns: {line}")
            check(("TOTAL" if language == "en" else "合计") in text, f"--by {part}: no totals")
            check("…" not in text, f"--by {part}: something is cut\n{text}")
    check("SHIFT" not in shown(system, "stats", "--by", "shift"), "two shifts need pages")
    check("DAY: 1 to" in shown(system, "stats", "--by", "day"), "days stand on no pages")
    text = shown(system, "stats", "--by", "team")
    check("overlap" in text and "\ndismantled" not in text and "Not counted by team: vehicle times" in text, f"--by team:\n{text}")
    check("白班" in shown(system, "stats", "--by", "班次", language="zh"), "shifts have no Chinese")
    check_whole(system)
    check("do not add up" in shown(system, "stats", "--by", "month"), "nothing is said of the ledger")


# By department nothing is left out, and nothing counts twice.
def check_whole(system):
    whole = {(one["figure"], one["kind"]): int(one["count"]) for one in rows(system, "stats")}
    parts = collections.Counter()
    for one in rows(system, "stats", "--by", "department"):
        parts[one["figure"], one["kind"]] += int(one["count"])
    check(parts == {line: count for line, count in whole.items() if count}, f"{parts} of {whole}")
    text = shown(system, "stats", "--by", "部门", language="zh")
    check("公安局" in text and "合计" in text and "只计入合计" not in text, text)


# ---------------------------------------------------------------- cells


def check_cells(system):
    asked = 0
    for part in PARTS:
        if part == "kind":
            continue
        cells = rows(system, "stats", "--by", part)
        check(cells and all(cell[part] for cell in cells), f"--by {part}: a row without a part")
        step = 1 if part in CELLS else max(1, len(cells) // SOME)
        for cell in cells[::step]:
            filters = [f"--{part}", cell[part]]
            filters += ["--kind", cell["kind"]] if cell["kind"] else []
            records = system.json("stats", "records", cell["figure"], *filters)
            found = sum(one["amount"] for one in records)
            check(found == int(cell["count"]),
                  f"records {cell['figure']} {filters} add up to {found}, not {cell['count']}")
            check(all(one["stream"] and one["seq"] for one in records), "an entry without a record")
            asked += 1
    for cell in rows(system, "stats", "--by", "kind"):
        records = system.json("stats", "records", cell["figure"], "--kind", cell["kind"])
        check(sum(one["amount"] for one in records) == int(cell["count"]), f"{cell}")
    persons = {one["person"] for one in system.json("stats", "records", "person_times")}
    check(len(persons) > 5 and "" not in persons, "person-times name nobody")
    return asked


# ---------------------------------------------------------------- as it was known


def now():
    return datetime.datetime.now(make_county.COUNTY).strftime("%Y-%m-%d %H:%M:%S")


def check_as_of(system):
    before = shown(system, "stats", "--by", "township", "--json")
    counts = shown(system, "ledger", "counts", "--as-of", "today", "--json")
    time.sleep(1.1)  # what is typed has seconds
    known = now()
    time.sleep(1.1)
    done = system.lq("order", "issue", "--as", COMMANDER, "--kind", "raid", "--target", TARGET,
                     "--team", "队1", "--vehicles", "3", "--number", "晚1", "--override", "--reason", "补")
    check(done.returncode == 0, done.stderr)
    done = system.lq("ledger", "step", "QY-0004", "inspected")
    system.tips()
    after = shown(system, "stats", "--by", "township", "--json")
    check(after != before, "the order does not count")
    then = shown(system, "stats", "--by", "township", "--as-of", known, "--json")
    check(then == before, f"as of {known}:\n{then}\nbefore:\n{before}")
    check(shown(system, "stats", "--as-of", "today", "--by", "township", "--json") == after,
          "a day is not meant to its end")
    check(shown(system, "stats", "--as-of", "2016-06-30") != shown(system, "stats"), "was all known?")
    check(not system.json("stats", "records", "operations", "--as-of", "2016-06-30"),
          "an import of today was known in 2016")
    check(system.json("stats", "records", "operations", "--on", "2016-06-30"), "--on finds nothing")
    late = system.json("stats", "records", "operations", "--township", "青石镇")
    check(counts == shown(system, "ledger", "counts", "--as-of", known, "--json"), "ledger counts")
    done = system.lq("order", "cancel", "--as", COMMANDER, "晚1", "--why", "误报")
    check(done.returncode == 0, done.stderr)
    system.tips()
    gone = system.json("stats", "records", "operations", "--township", "青石镇")
    check(not late or len(gone) >= len(late), "a counter-entry took a record away")


def check_ledger(system):
    told = {row["kind"]: int(row["count"]) for row in rows(system, "stats") if row["figure"] == "ledger"}
    for options in ([], ["--as-of", "today"], ["--on", "today"]):
        counted = {row["status"]: int(row["premises"])
                   for row in rows(system, "ledger", "counts", *options)}
        same = {kind: counted.get(kind) for kind in told}
        check(same == told, f"lq ledger counts {options} has {counted}, lq stats {told}")


# ---------------------------------------------------------------- what there is not


def check_words(system):
    for line, said in (
            ("stats --by quarter", "--by takes day, week, month, shift, township, team, department or kind"),
            ("stats records notices --township 无此镇", "青石镇"),
            ("stats records operations --team 无此组", "队1"),
            ("stats records operations --shift noon", "day, night"),
            ("stats records dismantled --kind toaster", "kiln"),
            ("stats records dismantled --team 队1", "is not counted by team"),
            ("stats records ledger --shift day", "in no shift"),
            ("stats records notices --kind kiln", "has no kinds"),
            ("stats records notices --week 2015-W60", "a week of a year"),
            ("stats records notices --week 2016-W53", "a week of a year"),
            ("stats records notices --month 2015-13", "a month of a year"),
            ("stats --on 2016-05-01 --to 2016-05-02", "one of them"),
            ("stats --on noon", "--on takes a day"),
            ("ledger list --on 2016-05-01", "lq ledger counts"),
            ("ledger list --as-of 2016-05-01", "lq ledger counts"),
            ("seizure list --on 2016-05-01", "lq stats records sealed"),
            ("order list --as-of 2016-05-01", "lq stats records operations"),
            ("case list --as-of 2016-05-01", "lq stats records cases_filed")):
        done = system.lq("--lang", "en", *line.split())
        check(done.returncode == 2 and said in done.stderr,
              f"lq {line}: {done.returncode} {done.stdout}{done.stderr}")


def main():
    with tempfile.TemporaryDirectory() as folder, System(sys.argv[1]) as system:
        make_county.make(folder, seed=3, size=24)
        code, _, said = system.import_folder(folder)
        check(code == 0, said)
        system.tips()
        check_tables(system)
        print(check_cells(system), "cells")
        check_ledger(system)
        check_as_of(system)
        check_words(system)


if __name__ == "__main__":
    main()
