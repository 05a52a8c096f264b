#!/usr/bin/python3
"""Ledgers as offices have them: books of Excel, GB18030, Chinese names and headings, and everything
that a spreadsheet does to a table. What is meant alike is one thing, however it is spelled, and
nothing is passed over in silence."""

import csv
import datetime
import hashlib
import os
import shutil
import sys
import tempfile

import make_county
import openpyxl
from openpyxl.styles import numbers
from system import System, check, check_figures, write

COUNTY = datetime.timezone(datetime.timedelta(hours=8))
TIMES = {"issued_at", "at", "starts_at", "ends_at", "filed_at", "received_at", "held_at"}
DAYS = {"date", "due_on", "deadline"}
NUMBERS = {"lat", "lon", "vehicles", "machines", "issues_raised", "issues_resolved", "reward_yuan"}
CHINESE = {"people.csv": "人员", "tips.csv": "举报", "enterprises.csv": "企业台账",
           "operations.csv": "指令", "interviews.csv": "约谈"}
HEADINGS = {"people.csv": {"badge": "证号", "name": "姓名", "unit": "单位", "role": "角色",
                           "team": "组", "group": "班组", "phone": "电话"},
            "tips.csv": {"tip": "举报编号", "received_at": "接报时间", "channel": "渠道",
                         "enterprise": "企业编号", "content": "内容", "verified": "是否属实",
                         "reward_yuan": "奖励（元）"}}
WORDS = {"letter": "来信", "desk": "调度台", "lead": "组长", "officer": "组员", "yes": "是", "no": "否"}


def fresh(folder):
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    return folder


# ---------------------------------------------------------------- the same county as books


def value_of(column, text):
    """The value of a cell as a person who types it into Excel gets it."""
    if text == "":
        return None
    if column in TIMES:
        return datetime.datetime.fromisoformat(text).astimezone(COUNTY).replace(tzinfo=None)
    if column in DAYS:
        return datetime.date.fromisoformat(text)
    if column in NUMBERS:
        return float(text) if "." in text else int(text)
    return text


def write_book(path, headings, rows, words):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(list(headings.values()))
    for row in rows:
        sheet.append([value_of(column, words.get(row[column], row[column])) for column in headings])
    for cells in sheet.iter_rows(min_row=2):
        for cell, column in zip(cells, headings):
            if column in TIMES:
                cell.number_format = "yyyy/m/d h:mm"
            elif column in DAYS:
                cell.number_format = numbers.FORMAT_DATE_XLSX14
    book.save(path)


def write_books(county, folder):
    for file, columns in make_county.COLUMNS.items():
        headings = HEADINGS.get(file, {name: name for name in columns.split()})
        name = CHINESE.get(file, file[:-4]) + ".xlsx"
        write_book(os.path.join(folder, name), headings, county.good(file),
                   WORDS if file in HEADINGS else {})


def write_gb18030(county, folder):
    """As Excel saves it in China, with its own spelling of days and times."""
    for file, columns in make_county.COLUMNS.items():
        names = columns.split()
        with open(os.path.join(folder, file), "w", encoding="gb18030", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(names)
            for row in county.good(file):
                writer.writerow([spelled(name, value_of(name, row[name])) for name in names])
                writer.writerow([""] * len(names))


def spelled(column, value):
    if isinstance(value, datetime.datetime):
        return f"{value.year}年{value.month}月{value.day}日 {value.hour}:{value:%M:%S}"
    if isinstance(value, datetime.date):
        return f"{value.year}/{value.month}/{value.day}"
    if column == "reward_yuan" and value is not None:
        return f"{value:,}"
    return "" if value is None else value


def test_one_county_in_three_spellings(lq, folder):
    county, told = make_county.make(os.path.join(folder, "csv"), seed=11, size=20)
    write_books(county, fresh(os.path.join(folder, "books")))
    write_gb18030(county, fresh(os.path.join(folder, "gb")))
    os.remove(os.path.join(folder, "csv", "expected.json"))
    with System(lq) as system:
        for kind in ("books", "csv", "gb"):
            code, refused, said = system.import_folder(os.path.join(folder, kind))
            check(code == 0 and not refused, f"{kind}: {code}\n{said}")
            check((kind == "gb") == ("was read as GB18030" in said), f"{kind}: {said}")
            check_figures(system, told)
            if kind == "books":
                before = system.tips()
            check(system.tips() == before, f"{kind}: records were added")


# ---------------------------------------------------------------- what an earlier version recorded


def id_of_before(file, fields, at_ms, attempt=0):
    """The id that a row had when it was made of its cells as they stood."""
    content = b"".join(text.encode() + b"\0" for text in (file, *fields))
    content += (0).to_bytes(4, "little") + attempt.to_bytes(4, "little")
    id = bytearray(hashlib.blake2b(content, digest_size=16).digest())
    id[:6] = at_ms.to_bytes(6, "big")
    id[6], id[8] = 0x70 | id[6] & 0x0F, 0x80 | id[8] & 0x3F
    text = id.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def test_rows_of_an_earlier_version_stay(lq, folder):
    spelled_then, today = "2015-07-14T02:00:00Z", "2015-07-14T10:00:00+08:00"
    at_ms = int(datetime.datetime.fromisoformat(today).timestamp() * 1000)
    write(fresh(folder), "interviews.csv", f"kind,at\nenterprise,{spelled_then}\n")
    with System(lq) as system:
        done = system.lq("oversight", "record-interview", "enterprise", "--at", today, "--id",
                         id_of_before("interviews.csv", ("enterprise", spelled_then), at_ms))
        check(done.returncode == 0, done.stderr)
        before = system.tips()
        done = system.lq("import", folder, "--json")
        check('"known": 1' in done.stdout and done.returncode == 0, done.stdout + done.stderr)
        check(system.tips() == before, "what an earlier version recorded was recorded again")
        # today's spelling is another row to an earlier version, and is asked after as such
        write(folder, "interviews.csv", f"kind,at\nofficial,{spelled_then}\n")
        for _ in range(2):
            check(system.lq("import", folder).returncode == 0, "a new row is not taken")
        write(folder, "interviews.csv", "kind,at\nofficial,2015年7月14日 10:00\n")
        check(system.lq("import", folder).returncode == 0, "the same row is not taken")
        check(len(system.json("oversight", "interviews")) == 2, "recorded twice")


# ---------------------------------------------------------------- everything wrong at once


PREMISES = ("企业编号,企业名称,乡镇,负责人,纬度,经度,类型,责任人1,责任人2,整改措施,整改期限\n"
            "E1,甲厂,郭庄镇,张三,38.2,116.4,foundry,李一,李二,停产,2015年5月1日\n"
            "Ｅ２,乙厂,　郭庄镇　,张三,38.20,116.40°,foundry,李一,李二,停产,2015/5/1\n"
            "E3,丙厂,郭庄镇,张三,116.4,38.2,foundry,李一,李二,停产,2015-05-01\n"  # swapped
            "E4,丁厂,郭庄镇,张三,0,0,foundry,李一,李二,停产,2015-05-01\n"  # at sea
            "e1,戊厂,郭庄镇,张三,38.2,116.4,foundry,李一,李二,停产,2015-05-01\n"
            "E6\u200b,己厂,郭庄镇,张三,38.2,116.4,foundry,李一,李二,停产,2015-05-01\n"
            "E7,庚厂,郭庄镇,张三,38.2,116.4,foundry,李一,李二,停产,1900-01-00\n")


def write_tips(folder):
    book = openpyxl.Workbook()
    book.active.title = "说明"
    sheet = book.create_sheet("举报")
    sheet.append(["献县举报台账"])
    sheet.merge_cells("A1:G1")
    sheet.append(["举报编号", "接报时间", "渠道", "企业编号", "内容", "是否属实", "奖励"])
    at = datetime.datetime(2015, 6, 5, 20, 8)
    sheet.append(["Q1", at, "letter", "E1", "夜间偷偷生产，\n冲天炉冒黑烟" * 25, "否"])
    sheet.append(["Q2", "2015/6/5 20:08", "letter", "E1", "=1+1", "是", "１,５００"])
    sheet["E4"].data_type = "s"  # typed as a text
    sheet.append(["Q3", at.date(), "letter", "E1", "无时间", "否"])
    sheet.append(["Q4", at, "letter", "E1", "=HYPERLINK(A1)", "否"])
    sheet.append(["Q5", at, "letter", "E1", "合并", "否"])
    sheet.append(["Q6", at, "letter", "E1", None, "否"])
    sheet.merge_cells("E7:E8")
    sheet.append(["Q7", at, "letter", "E1", "隐藏", "否"])
    sheet.row_dimensions[9].hidden = True
    sheet.append([None] * 7)
    sheet.append([10**20, at, "letter", "E1", "太长", "否"])
    book.save(os.path.join(folder, "举报.xlsx"))


WRONG = {
    ("企业.csv", 4): "lat (E4) is \"116.4\": latitude and longitude are swapped",
    ("企业.csv", 5): "not in China",
    ("企业.csv", 6): "differs from E1 (line 2) in nothing but capital letters",
    ("企业.csv", 7): "enterprise (A7) is \"E6",
    ("企业.csv", 8): "a day is written",
    ("people.csv", 2): "phone (G2) is \"1.39E+10\": a spreadsheet has rounded this number",
    ("举报.xlsx", 5): "the time of day is missing",
    ("举报.xlsx", 6): "E6 is a formula whose value was not saved",
    ("举报.xlsx", 8): "E8 belongs to the merged cells E7:E8",
    ("举报.xlsx", 11): "A11 has more digits than a spreadsheet keeps",
}


def write_all_wrong(folder):
    write(fresh(folder), "企业.csv", PREMISES)
    write(folder, "people.csv", "badge,name,unit,role,team,group,phone\n"
          "P1,赵甲,环境保护局,officer,T01,A,1.39E+10\n,,,,,,\n")
    write_tips(folder)
    for name in ("Tips.csv", "tips (1).csv", "volunteer.csv", "people.xls", "~$举报.xlsx",
                 "说明.docx", "tips.csv.bak"):
        write(folder, name, "x\n")
    write(folder, "sites.csv", "点位编号,乡镇,类型,纬度,经度\n")
    write(folder, "sites.xlsx", "")
    os.mkdir(os.path.join(folder, "old"))


def said_of(done):
    """What was said of each line of a file."""
    said = {}
    for line in done.stderr.splitlines():
        file, _, rest = line.partition(":")
        number, _, why = rest.partition(": ")
        if number.isdigit():
            said[file, int(number)] = why
    return said


def check_said(done):
    said = said_of(done)
    for place, why in WRONG.items():
        check(why in said.pop(place, ""), f"{place} does not say \"{why}\":\n{done.stderr}")
    check(not said, f"more was refused: {said}")
    for line in ("not imported: Tips.csv (did you mean tips.csv?)",
                 "not imported: tips (1).csv (did you mean tips.csv?)",
                 "not imported: volunteer.csv (did you mean volunteers.csv?)",
                 "not imported: people.xls (tables are read from .csv and .xlsx",
                 "not imported: ~$举报.xlsx (a spreadsheet has this book open",
                 "not imported: 说明.docx (it is no table)",
                 "not imported: sites.xlsx (sites.csv is the same ledger",
                 "not imported: old (it is a folder)",
                 "举报.xlsx: of 2 sheets only \"举报\" was read",
                 "举报.xlsx: the header is row 2; what stands above it was passed over",
                 "举报.xlsx: 1 hidden rows were read, too; the first is row 9"):
        check(line in done.stderr, f"nobody says: {line}\n{done.stderr}")


def mend(folder):
    """What a person does with the file of the refused rows."""
    path = os.path.join(folder, "enterprises.csv")
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    check(len(rows) == 5 and rows[0]["why"].startswith("企业.csv:4: lat (E4)"), rows)
    for row in rows:
        if row["enterprise"] == "E3":
            row["lat"], row["lon"] = row["lon"], row["lat"]
        row["enterprise"] = row["enterprise"].replace("\u200b", "").replace("e1", "E5")
        row["deadline"] = row["deadline"].replace("1900-01-00", "2015.5.1")
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def test_everything_wrong(lq, folder):
    ledgers, refused = os.path.join(folder, "台账"), os.path.join(folder, "被拒")
    write_all_wrong(ledgers)
    with System(lq) as system:
        done = system.lq("import", ledgers, "--dry-run")
        check(done.returncode == 1, f"a dry run ended with {done.returncode}")
        check_said(done)
        check(sum(system.tips().values()) == 0, "a dry run recorded something")
        same = system.lq("import", ledgers, "--refused", ledgers + "/.")
        check(same.returncode == 2 and "another folder" in same.stderr, same.stderr)
        done = system.lq("import", ledgers, "--refused", refused)
        check(done.returncode == 1, f"the import ended with {done.returncode}")
        check_said(done)
        check(len(system.json("ledger", "list")) == 2, "not two premises were kept")
        check(len(system.json("tips", "list")) == 4, "not four tips were kept")
        check_export(system, os.path.join(folder, "export"))
        mend(refused)
        for left in ("people.csv", "tips.csv"):
            os.remove(os.path.join(refused, left))
        done = system.lq("import", refused)
        check(list(said_of(done)) == [("enterprises.csv", 3)], done.stderr)  # still at sea
        check(len(system.json("ledger", "list")) == 6, "mended rows were not taken")


def check_export(system, folder):
    """An export begins no cell with a formula, and what it guards is read as it was."""
    done = system.lq("tips", "list", "--csv")
    rows = {row["number"]: row for row in csv.DictReader(done.stdout.splitlines(keepends=True))}
    check(rows["Q2"]["content"] == "'=1+1", rows)
    write(fresh(folder), "tips.csv", "tip,received_at,channel,enterprise,content,verified,reward_yuan\n"
          f"Q2,2015-06-05 20:08,letter,E1,{rows['Q2']['content']},yes,1500\n")
    done = system.lq("import", folder, "--json")
    check('"known": 1' in done.stdout, f"what was exported is another row: {done.stdout}")


def test_a_corrected_row(lq, folder):
    row = "E1,甲厂,郭庄镇,张三,38.2,116.4,foundry,李一,李二,停产,"
    with System(lq) as system:
        for deadline in ("2015-05-01", "2015-06-01"):
            write(fresh(folder), "enterprises.csv", PREMISES.splitlines()[0] + f"\n{row}{deadline}\n")
            done = system.lq("import", folder)
        check(done.returncode == 1, f"a corrected row ended with {done.returncode}")
        check('deadline is "2015-05-01" in the record, "2015-06-01" here' in done.stderr, done.stderr)
        check("owner is" not in done.stderr, f"what is the same is told: {done.stderr}")


def test_a_full_journal(lq, folder):
    """Whoever imports hears at once that a journal is full, and how much was not sent."""
    with System(lq) as system:
        config = os.path.join(system.data, "config")
        write(config, "lianqin.yaml", "journal:\n  map_gib: 1\n")
        write(config, "policy.yaml", "revision: t1\njournal_refuse_percent: 1\n")
        check(system.lq("status").returncode == 0, "the system is not up")
        system.restart()
        start = datetime.datetime(2015, 3, 2, tzinfo=COUNTY)
        rows = [(start + datetime.timedelta(seconds=100 * i)).isoformat() for i in range(60000)]
        write(fresh(folder), "interviews.csv",
              "kind,at\n" + "".join(f"enterprise,{at}\n" for at in rows))
        done = system.lq("import", folder, "--csv")
        check(done.returncode == 1, f"the import ended with {done.returncode}: {done.stderr}")
        check("the journal of oversight is" in done.stderr and "map_gib" in done.stderr, done.stderr)
        (told,) = csv.DictReader(done.stdout.splitlines())
        unsent = int(told["unsent"])
        check(unsent > 0 and int(told["new"]) + unsent == 60000, told)
        check(f"{unsent} rows were not sent" in done.stderr, done.stderr)


def main():
    lq = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        test_one_county_in_three_spellings(lq, os.path.join(folder, "county"))
        test_rows_of_an_earlier_version_stay(lq, os.path.join(folder, "before"))
        test_everything_wrong(lq, os.path.join(folder, "wrong"))
        test_a_corrected_row(lq, os.path.join(folder, "corrected"))
        test_a_full_journal(lq, os.path.join(folder, "full"))


if __name__ == "__main__":
    main()
