#!/usr/bin/python3
"""Figures and lists as books for spreadsheets, read back with openpyxl: the same rows as CSV has, numbers
as numbers, days and times as such, no text a formula; and figures beside those of an earlier period, each
of whose cells its records add up to.

    test_books.py LQ
"""

import csv
import datetime
import hashlib
import io
import os
import sys

import openpyxl

import force
from system import System, check

COUNTY = datetime.timezone(datetime.timedelta(hours=8))
TODAY = datetime.datetime.now(COUNTY).date()
EARLIER = TODAY - datetime.timedelta(40)


def do(system, *arguments, by=None, code=0, language="en"):
    done = system.lq("--lang", language, *arguments, *(["--as", by] if by else []))
    check(done.returncode == code, f"lq {' '.join(arguments)}: {done.returncode} {done.stdout} {done.stderr}")
    return done.stdout + done.stderr


def record(system):
    for i, (day, premises) in enumerate(((EARLIER, "E0001"), (EARLIER, "E0002"), (TODAY, "E0001"),
                                         (TODAY, "E0001"), (TODAY, "E0002"))):
        at = ["--at", f"{day} 10:00"] if day != TODAY else []
        do(system, "notice", "issue", f"N000{i + 1}", premises, "--due",
           str(day + datetime.timedelta(9)), "--finding", "=粉尘+1" if i == 4 else "粉尘", *at, by="L1")
    system.tips()


def sheets(path):
    book = openpyxl.load_workbook(path)
    return book, list(book.worksheets[0].iter_rows(values_only=True)), {
        row[0]: row[1] for row in book.worksheets[1].iter_rows(values_only=True)}


def text_of(cell):
    """As CSV has it."""
    if cell is None:
        return ""
    if isinstance(cell, datetime.datetime):
        return str(cell.date()) if cell.time() == datetime.time() else str(cell)
    return str(cell)


def check_same(system, path, *arguments, language="en"):
    """The book against the CSV of the same question."""
    do(system, *arguments, "--xlsx", path, language=language)
    plain = system.lq("--lang", language, *arguments, "--csv", "--words", language)
    rows = list(csv.reader(io.StringIO(plain.stdout)))
    _, cells, about = sheets(path)
    check(len(cells) == len(rows), f"{arguments}: {len(cells)} rows, CSV has {len(rows)}")
    for mine, theirs in zip(cells[1:], rows[1:]):
        for cell, text in zip(mine, theirs):
            shown = text_of(cell)
            check(text.lstrip("'").startswith(shown) or shown == text, f"{arguments}: {cell!r} is {text!r} in CSV")
    sums = [value for value in about.values() if isinstance(value, str) and len(value) == 64]
    raw = plain.stdout.replace("\r\n", "\n").replace("\n", "\r\n").encode()
    check(sums == [hashlib.sha256(raw).hexdigest()], f"{arguments}: the checksum {sums}")
    check(len(rows) - 1 in about.values(), f"{arguments}: {about}")
    return cells, about


def check_books(system):
    path = os.path.join(system.directory, "统计 四月.xlsx")
    cells, about = check_same(system, path, "stats", "--from", str(TODAY), language="zh")
    check(cells[0] == ("指标", "种类", "数量"), cells[0])
    check(("整改通知单", None, 3) in cells, cells)
    book, _, _ = sheets(path)
    check(book.sheetnames == ["统计数字", "说明"], book.sheetnames)
    check(any("--from" in str(value) and "xlsx" not in str(value) for value in about.values()), about)
    check(any(str(value).startswith("stats#") for value in about.values()), about)
    check_same(system, path, "stats", "--by", "township")
    cells, _ = check_same(system, path, "notice", "list")
    found = [row for row in cells if "N0005" in row][0]
    check("=粉尘+1" in found, found)
    check(any(isinstance(cell, datetime.datetime) for cell in found), f"no day in {found}")
    cells, _ = check_same(system, path, "stats", "records", "notices", language="zh")
    check(all(isinstance(row[-2], (int, str)) for row in cells), cells)


def check_refused(system):
    path = os.path.join(system.directory, "不该有.xlsx")
    told = do(system, "notice", "issue", "N0009", "E0001", "--due", str(TODAY), "--finding", "x", "--xlsx", path,
              by="L1", code=2)
    check("this is an act" in told, told)
    told = do(system, "stats", "--xlsx", "/nonexistent/x.xlsx", code=1)
    check("/nonexistent/x.xlsx" in told, told)
    do(system, "stats", "--json", "--xlsx", path, code=2)
    check(not os.path.exists(path), "a book was written")


def check_compare(system):
    now, earlier = [str(TODAY), str(TODAY)], [str(EARLIER - datetime.timedelta(1)), str(EARLIER)]
    told = do(system, "stats", "--from", now[0], "--to", now[1], "--compare", "..".join(earlier))
    line = [one for one in told.splitlines() if one.startswith("notices")][0].split()
    check(line[-4:] == ["3", "2", "+1", "+50%"], told)
    line = [one for one in told.splitlines() if one.startswith("operations")][0].split()
    check(line[-4:] == ["0", "0", "0", "—"], told)
    month = f"{EARLIER.year}-{EARLIER.month:02}"
    rows = list(csv.DictReader(io.StringIO(do(
        system, "stats", "--from", now[0], "--to", now[1], "--compare", month, "--csv", "--quiet"))))
    for row in rows:
        for key, days in (("count", ["--from", now[0], "--to", now[1]]), ("earlier", ["--month", month])):
            filters = ["--kind", row["kind"]] if row["kind"] else []
            found = sum(one["amount"] for one in system.json("stats", "records", row["figure"], *days, *filters))
            check(found == int(row[key]), f"{row}: its records add up to {found}")
    told = do(system, "stats", "--from", now[0], "--to", now[1], "--compare", "last", language="zh")
    check("对照期" in told and "—" in told, told)
    check(do(system, "stats", "--from", now[0], "--to", now[1], "--compare", language="zh") == told, "--compare alone is last")
    check(do(system, "stats", "--compare", "--from", now[0], "--to", now[1], language="zh") == told, "wherever it stands")
    do(system, "stats", "--compare", "last", code=2)
    do(system, "stats", "--compare", code=2)
    check_same(system, os.path.join(system.directory, "对照.xlsx"), "stats", "--from", now[0], "--compare", month)


def main():
    with System(sys.argv[1]) as system:
        force.load(system)
        record(system)
        check_books(system)
        check_refused(system)
        check_compare(system)


main()
