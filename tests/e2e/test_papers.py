#!/usr/bin/python3
"""Papers under a clock that the test sets: issued with all that the law asks for, served, printed.
(test_paper_pages renders and measures the pages.)"""

import hashlib
import os
import re
import sys

from driven import Driven
from system import check

SEIZURE = ("licence=91130929000000001X", "code=10000000-1", "地址=献县甲镇工业区1号", "法定代表人=张三",
           "reasons=未经批准擅自使用燃煤冲天炉熔化铁水，大气污染物未经处理直接排放，造成严重污染")
PEOPLE = (("C1", "李总", "commander"), ("H1", "周局", "head"), ("L1", "赵一", "lead", "--team", "T01", "--group", "A"),
          ("M1", "钱二", "officer", "--team", "T01", "--group", "A"), ("K1", "吴文", "clerk"),
          ("L2", "孙三", "lead", "--team", "T02", "--group", "A"),
          ("D1", "陈勇", "desk", "--rank", "desk_chief", "--group", "A"),
          ("D2", "刘芳", "desk", "--rank", "desk_chief", "--group", "B"))
OFFICERS = ("--by", "L1", "--by", "M1")


def issue(system, *arguments, by="L1", code=0):
    return system.do("paper", "issue", *arguments, *(["--quiet"] if code == 0 else []), by=by, code=code).strip()


def seized(system):
    system.do("seizure", "record", "I0001", "--order", "O0001", "--target", "E0001", "--kind", "cupola",
              "--specification", "2t", "--action", "sealed", "--seal", "F0001", "--officer", "L1", "--officer", "M1",
              by="L1")
    told = issue(system, "seizure_decision", "item", "I0001", code=1)
    for word in ("PAPER_INCOMPLETE", "营业执照", "组织机构代码", "地址", "法定代表人", "理由"):
        check(word in told, f"{word} is not named: {told}")
    check("存放地点" not in told, f"what the records know is missing: {told}")
    draft = system.do("paper", "issue", "查封（扣押）决定书", "设备", "I0001", "--draft")
    check("【缺：法定代表人】" in draft and "献县甲玛钢铸造厂" in draft and "冲天炉" in draft, draft[-1500:])
    check(system.json("paper", "list") == [], "a draft is a paper")
    told = issue(system, "seizure_decision", "item", "I0001", *SEIZURE, "颜色=红", code=1)
    check("VALUE_UNFIT" in told and "颜色" in told, told)
    number = issue(system, "seizure_decision", "item", "I0001", *SEIZURE)
    check(number == "献环查〔2015〕1号", number)
    told = system.do("paper", "show", "献环查[2015]1号")
    check("献县甲玛钢铸造厂" in told and "L1" in told and "not yet" in told, told)
    return number


def issue_with_all(system, kind, thing, number, by="L1"):
    """What is missing is named, all at once, so that it can be said."""
    told = issue(system, kind, thing, number, by=by, code=1)
    check("PAPER_INCOMPLETE" in told, told)
    words = re.findall(r"[、 ]([^（、 ]+)（[^（）]*(?:（[^）]*）)?[^（）]*）", told.split("lacks:")[1])
    check(words, told)
    said = [f"{word}=经现场检查和询问核实，{word}属实" for word in words]
    return issue(system, kind, thing, number, *said, by=by)


def printed(system, number, name):
    path = os.path.join(system.directory, name + ".html")
    if "拘" in number: # it names somebody
        told = system.do("paper", "print", number, "--to", path, code=1)
        check("is not for you" in told and not os.path.exists(path), told)
        check("(withheld)" in system.do("paper", "show", number), "the clerk is not told that it is withheld")
    system.do("paper", "print", number, "--to", path, by="C1")
    with open(path, "rb") as file:
        page = file.read()
    check(hashlib.sha256(page).hexdigest() == system.json("paper", "show", number)["hash"], "it is another page")
    check(len(page) <= 100 * 1024 and b"<script" not in page, f"{len(page)} bytes")
    return page


def served(system, number):
    system.at("2015-07-16 09:30")
    told = system.do("paper", "serve", number, by="L1", code=1)
    check("CONDITION_MISSING" in told, told)
    told = system.do("paper", "serve", number, "--how", "left", *OFFICERS, by="L1", code=1)
    check("CONDITION_MISSING" in told and "witness" in told, told)
    told = system.do("paper", "serve", number, "--how", "in_person", *OFFICERS, "--at", "2015-07-16 08:00", by="L1",
                     code=1)
    check("BEFORE_PREVIOUS_STEP" in told, told)
    system.do("paper", "serve", number, "--how", "直接送达", *OFFICERS, by="L1")
    told = system.do("paper", "serve", number, "--how", "in_person", *OFFICERS, by="L1", code=1)
    check("PAPER_SERVED" in told, told)
    check("2015-07-16 09:30" in system.do("paper", "show", number), "it is not shown when it was served")


def all_of_an_item(system):
    """A paper of each kind about an item; one takes the step that it serves."""
    defence = "当事人表示已知晓，无异议"
    process = 40 * "执法人员到达现场时该厂冲天炉正在熔化铁水炉顶无除尘设施黑烟直接排放周边居民反映强烈"
    issue(system, "inventory", "item", "I0001", "condition=完好，已断电")
    issue(system, "scene_record", "item", "I0001", "to=2015年7月16日9时50分", "certificate_1=冀J001", "certificate_2=冀J002",
          "process=" + process, "defence=" + defence)
    system.at("2015-08-10 09:00")
    testing = issue(system, "testing_notice", "item", "I0001", "purpose=排放烟气检测", "from=2015年8月11日",
                    "to=2015年8月14日")
    pause = ("pause", "item", "I0001", "SZ6", "--cause", "testing_term_notified", "--from", "2015-08-11", "--to",
             "2015-08-14", "--paper")
    told = system.do(*pause, testing, by="L1", code=1)
    check("PAPER_NOT_SERVED" in told, told)
    system.do("paper", "serve", testing, "--how", "posted", "--receipt", "EMS1234567", by="L1")
    system.do(*pause, testing, by="L1")
    extension = issue(system, "extension_notice", "item", "I0001", "reasons=检测结果尚未出具", "days=20", by="H1")
    system.do("item", "decide-release", "I0001", "--ground", "3", by="H1")
    release = issue(system, "release_decision", "item", "I0001", by="H1")
    told = system.do("item", "serve-release", "I0001", "--officer", "L1", "--officer", "M1", by="L1", code=1)
    check("PAPER_NOT_SERVED" in told and release in told, told)
    check(system.json("item", "show", "I0001")["state"] == "release_decided", "it is released")
    system.at("2015-08-11 10:00")
    system.do("paper", "serve", release, "--how", "in_person", *OFFICERS, by="L1")
    item = system.json("item", "show", "I0001")
    check(item["state"] == "released" and item["released_at_ms"].startswith("2015-08-11T10:00"), f"{item}")
    told = system.do("void", "paper", release, "--reason", "写错", by="H1", code=1)
    check("STILL_NEEDED" in told, told)
    receipt = issue(system, "service_receipt", "paper", release, "recipient=献县甲玛钢铸造厂", "place=该厂办公室")
    papers = {row["number"]: row for row in system.json("paper", "list", "--of", "item", "I0001")}
    check(len(papers) == 6, f"{list(papers)}")
    return {"inventory": "献环查清〔2015〕1号", "scene_record": "献环查录〔2015〕1号", "testing_notice": testing,
            "extension_notice": extension, "release_decision": release, "service_receipt": receipt}


def superseded_and_void(system, first):
    second = issue(system, "seizure_decision", "item", "I0001", *SEIZURE, "--supersedes", first)
    check(second == "献环查〔2015〕2号", second)
    check("superseded by" in system.do("paper", "show", first), "the first does not say so")
    system.do("void", "paper", second, "--reason", "重复", by="L1")
    told = system.do("paper", "show", second, code=1)
    check("重复" in told, told)
    third = issue(system, "seizure_decision", "item", "I0001", *SEIZURE)
    check(third == "献环查〔2015〕3号", f"a number is used again: {third}")


def one_service_one_fact(system):
    """A statutory notice that has its order here is served by serving the order."""
    system.do("notice", "issue", "N0001", "E0001", "--due", "2015-09-01", "--finding", "使用燃煤冲天炉",
              "--form", "statutory", by="L1")
    order = issue(system, "责令改正违法行为决定书", "notice", "N0001", "evidence=现场检查（勘察）笔录、照片",
                  "provisions=《中华人民共和国大气污染防治法》第三十三条", "correction=停止使用燃煤冲天炉，于9月1日前拆除")
    told = system.do("notice", "serve", "N0001", by="L1", code=1)
    check("PAPER_NOT_SERVED" in told and order in told, told)
    system.at("2015-08-12 10:00")
    system.do("paper", "serve", order, "--how", "in_person", "--receipt", "张三签收", by="L1")
    notice = system.json("notice", "show", "N0001")
    check(notice["state"] == "served" and notice["served_at_ms"].startswith("2015-08-12T10:00"), f"{notice}")
    check(("notice", "N0001", "DF2") in system.terms("--all"), "the term does not run from the service")
    return order


def all_of_a_case(system):
    """Papers of penalty cases, transfers for detention and police cases."""
    numbers = {}
    system.do("penalty", "open", "X0001", "E0001", "--violation", "未批先建，擅自投入生产", "--officer", "L1", "--officer",
              "M1", by="L1")
    for kind in ("filing_approval", "prior_notice", "penalty_decision", "daily_penalty", "limit_production", "demand"):
        numbers[kind] = issue_with_all(system, kind, "penalty", "X0001")
    system.do("penalty", "record", "X0002", "E0001", "--violation", "逃避监管排放", "--paper", "献环罚〔2015〕99号",
              by="H1")
    system.do("detention", "decide", "D0001", "E0001", "--person", "张三", "--ground", "逃避监管方式排放污染物", "--penalty", "X0002",
              by="H1")
    for kind in ("transfer_detention_approval", "transfer_detention_letter", "transfer_detention_list"):
        numbers[kind] = issue_with_all(system, kind, "detention", "D0001")
    system.do("case", "report", "C0001", "--order", "O0001", "--target", "E0001", "--offence", "污染环境罪", "--officer",
              "L1", "--officer", "M1", by="L1")
    numbers["transfer_crime"] = issue_with_all(system, "transfer_crime", "case", "C0001")
    return numbers


def responsibility_letter(system):
    """Of the two whom the premises have: who is missing, and which telephones, is named at once."""
    told = issue(system, "驻厂监管责任状", "场所", "E0001", by="K1", code=1)
    check("PAPER_INCOMPLETE" in told and "监管员一" in told and "监管员二电话" in told, told)
    system.do("ledger", "assign", "E0001", "郑彬桂", "--unit", "临河乡", by="K1")
    system.do("ledger", "assign", "E0001", "唐平", "--unit", "韩村镇", by="K1")
    for words in ("拆除燃煤冲天炉，改用中频电炉", "安装布袋除尘设施并通过监测"):
        system.do("ledger", "measure", "E0001", words, by="K1")
    phones = ("监管员一电话=13800000001", "phone_2=13800000002")
    told = issue(system, "驻厂监管责任状", "场所", "E0001", *phones, by="L1", code=1)
    check("STEP_NOT_YOURS" in told and "commander or clerk" in told, told)
    number = issue(system, "驻厂监管责任状", "场所", "E0001", *phones, by="K1")
    check(number == "献环责〔2015〕1号", number)
    system.do("paper", "serve", number, "--how", "in_person", "--receipt", "郑彬桂、唐平签字", by="K1")
    return number


def handover_sheet(system):
    """Of the list as it was frozen; another once it is signed for."""
    system.do("shift", "plan", "--from", "2015-08-13", "--to", "2015-08-16", "--first", "A", by="admin")
    for step in ("ack", "depart"):
        system.do("order", step, "O0001", "T01", by="L1")
    system.do("order", "crew", "O0001", "T01", "--people", "M1", by="L1")
    system.do("order", "issue", "--number", "O0002", "--kind", "patrol", "--target", "E0001", "--team", "T02",
              "--priority", "urgent", "--override", "--reason", "试验", by="C1")
    system.at("2015-08-13 19:50")
    told = issue(system, "指挥调度交接单", "交接班", "2015-08-13-day", by="D1", code=1)
    check("交班人" in told and "锁定时间" in told, told)
    system.do("handover", "freeze", "2015-08-13-day", "--notes", "E0001 夜间重点巡查", by="D1")
    first = issue(system, "指挥调度交接单", "交接班", "2015-08-13-day", by="D1")
    said = {row["id"]: row["value"] for row in system.json("paper", "show", first)["fields"]}
    check(said["out"] == "O0001|献县甲玛钢铸造厂|T01|出发|钱二", said["out"])
    check(said["unanswered"] == "O0002|T02|紧急|献县甲玛钢铸造厂", said["unanswered"])
    check("signed_by" not in said and said["frozen_by"] == "陈勇", f"{said}")
    told = system.do("--lang", "zh", "handover", "show", "2015-08-13-day", by="D2")
    check("在外人员：" in told and "M1" in told.split("在外人员：")[1], told)
    system.at("2015-08-13 20:01")
    system.do("handover", "sign", "2015-08-13-day", by="D2")
    number = issue(system, "指挥调度交接单", "交接班", "2015-08-13-day", "--supersedes", first, by="D2")
    said = {row["id"]: row["value"] for row in system.json("paper", "show", number)["fields"]}
    check(said["signed_by"] == "刘芳" and said["state"] == "已交接", f"{said}")
    return number


def weekly_report(system):
    """Of a bulletin that is signed: what was frozen, and what is counted of that week now."""
    system.tips()
    system.do("bulletin", "publish", "--week", "2015-W29", by="K1")
    told = issue(system, "环境整治工作周报", "bulletin", "2015-W29", by="K1", code=1)
    check("签发人" in told, told)
    system.do("bulletin", "sign", "2015-W29", by="C1")
    number = issue(system, "环境整治工作周报", "bulletin", "2015-W29", "情况说明=本周查封冲天炉一台。", by="K1")
    said = {row["id"]: row["value"] for row in system.json("paper", "show", number)["fields"]}
    check("封存|冲天炉|1|0|1" in said["figures"] and said["published_by"] == "吴文", f"{said}")
    check("查封扣押第" in said["counted"], said["counted"])
    return number


def run(lq, keep=None):
    """All of it; the pages are left in the directory `keep`, by kind of paper."""
    system = Driven(lq, "2015-07-16 09:00")
    system.issues_papers_of_xian()
    with system:
        for badge, name, role, *more in PEOPLE:
            system.do("shift", "register", badge, "--name", name, "--role", role, *more, by="admin")
            system.do("key", "issue", badge)
        system.do("ledger", "register", "E0001", "--name", "献县甲玛钢铸造厂", "--township", "甲镇", "--kind",
                  "malleable_iron_foundry")
        system.do("order", "issue", "--number", "O0001", "--kind", "raid", "--target", "E0001", "--team", "T01",
                  "--override", "--reason", "试验", by="C1")
        number = seized(system)
        served(system, number)
        kinds = {"seizure_decision": number, **all_of_an_item(system), "correction_order": one_service_one_fact(system),
                 **all_of_a_case(system), "responsibility_letter": responsibility_letter(system),
                 "handover_sheet": handover_sheet(system), "weekly_report": weekly_report(system)}
        for name, one in kinds.items():
            page = printed(system, one, name)
            if keep is not None:
                with open(os.path.join(keep, name + ".html"), "wb") as file:
                    file.write(page)
        check(len(kinds) == 21, f"not all kinds of paper: {list(kinds)}")
        superseded_and_void(system, number)
        system.restart()
        system.do("verify")
        check(len(system.json("paper", "list")) == 23, "papers are lost")


if __name__ == "__main__":
    run(sys.argv[1])
