#!/usr/bin/python3
"""The liaison's case, played by hand to its end in another county: the Spring Festival of 2016 with its two days that
are worked, a leap February, a year that the calendar lacks. What is told is Chinese and names what would be accepted;
every day was counted by hand from the law."""

import os
import sys

from driven import Driven
from system import check, write

CALENDAR_2017 = """  - year: 2017
    holidays: [2017-01-01, 2017-01-02, 2017-01-27, 2017-01-28, 2017-01-29, 2017-01-30, 2017-01-31,
      2017-02-01, 2017-02-02, 2017-04-02, 2017-04-03, 2017-04-04, 2017-04-29, 2017-04-30, 2017-05-01,
      2017-05-28, 2017-05-29, 2017-05-30, 2017-10-01, 2017-10-02, 2017-10-03, 2017-10-04, 2017-10-05,
      2017-10-06, 2017-10-07, 2017-10-08]
    working_weekends: [2017-01-22, 2017-02-04, 2017-04-01, 2017-05-27, 2017-09-30]
"""
CONFIGS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "configs")
PEOPLE = """编号,姓名,单位,角色,组,班组,电话
GC001,齐县长,县政府,指挥长,,,
GC002,温局,环境保护局,局负责人,,,
GC003,卢值班,环境保护局,调度台,,甲,
GC004,岳法制,环境保护局,案审,,,
GC005,裴所长,公安局,公安联络员,,,
GC006,梁录入,环境保护局,内勤,,,
GC007,严督查,监察局,督察,,,
GC101,葛中队,环境保护局,组长,一中队,甲,
GC102,贺副,环境保护局,组员,一中队,甲,
"""
PREMISES = """企业编号,企业名称,乡镇,负责人,纬度,经度,类型,责任人1,责任人2,整改措施,整改期限
Q001,鼎盛铸造厂,崔庙镇,常老板,37.9,116.2,malleable_iron_foundry,吴一,吴二,停产,2016-06-30
Q002,宏达铸件厂,段庄乡,石老板,37.91,116.21,malleable_iron_foundry,吴三,吴四,停产,2016-06-30
"""
HEAD, REVIEWER, LIAISON, CLERK, LEAD = "GC002", "GC004", "GC005", "GC006", "GC101"
OFFICERS = ("--officer", "GC101", "--officer", "GC102")


class County(Driven):
    def term(self, kind, number, rule):
        row = self.terms("--all").get((kind, number, rule))
        check(row is not None, f"{kind} {number} has no term {rule}")
        return row

    def ends(self, kind, number, rule, last_day, status=None):
        row = self.term(kind, number, rule)
        check(row["last_day"] == last_day and status in (None, row["status"]), f"{rule}, not {last_day} {status}: {row}")

    def next_of(self, kind, number, by=HEAD):
        return self.said(kind, "next", number, by=by)


def set_up(county):
    folder = os.path.join(county.directory, "台账")
    write(folder, "人员.csv", PEOPLE)
    write(folder, "企业.csv", PREMISES)
    county.do("import", folder)
    for badge in ("GC001", "GC002", "GC003", "GC004", "GC005", "GC006", "GC007", "GC101", "GC102"):
        county.do("key", "issue", badge)
    county.do("shift", "amend", "GC003", "--rank", "desk_chief", by="admin")


# ---------------------------------------------------------------- words of refusals


def what_is_missing_has_an_option(county):
    county.said("penalty", "open", "Q001", "--violation", "未批先建", *OFFICERS, by=LEAD)
    county.ends("penalty", "A001", "AD1", "2016-02-14")  # seven working days: 6 and 14 February are worked
    county.refused("penalty", "not-file", "1", by=HEAD, words="缺少：备注（--note）（CONDITION_MISSING）")
    county.refused("penalty", "refer", "1", by=HEAD, words="接收人（--taker）")
    text = county.do("--lang", "en", "penalty", "not-file", "1", by=HEAD, code=1)
    check("what is missing: note (--note) (CONDITION_MISSING)" in text, text)
    county.refused("plan", "record", by="GC001", words=("名称（--title）", "责任部门（--department）"))


def no_such_rule(county):
    county.refused("due", "--rule", "XX1", by=LEAD, words=("没有期限规定“XX1”；现有：SZ3、SZ6、", "CR12b", "OP-ACK"))
    county.refused("due", "--rule", "OX-", by=LEAD, words="没有期限规定“OX-”")
    for rule in ("SZ6", "sz6", "OP-", "OP-ACK", "CR12b"):
        check(county.said("due", "--rule", rule, by=LEAD) == "（无）\n", f"of {rule} there is no term yet")
    county.refused("audit", "--who", "GC999", by="GC007", words="没有人员 GC999")
    county.refused("paper", "list", "--kind", "无此文书", by=LEAD, words=("没有文书种类“无此文书”", "查封（扣押）决定书"))


# ---------------------------------------------------------------- the penalty case


def evidence_is_decided_once(county):
    county.said("penalty", "file", "1", by=HEAD)
    county.ends("penalty", "A001", "AD8", "2016-04-29")
    check("处理登记保存的证据" not in county.next_of("penalty", "1"), "there is nothing to decide on")
    county.refused("penalty", "decide-evidence", "1", "--note", "发还", by=HEAD, words="不能办理“处理登记保存的证据”")
    county.said("penalty", "register-evidence", "1", by=HEAD)
    county.ends("penalty", "A001", "AD3", "2016-02-14")
    county.ends("penalty", "A001", "AD3b", "2016-02-05")
    county.refused("penalty", "submit", "1", by=LEAD, words="须先办理“处理登记保存的证据”（局负责人）")
    county.said("penalty", "decide-evidence", "1", "--note", "发还", by=HEAD)
    check("处理登记保存的证据" not in county.next_of("penalty", "1"), "it is decided")


def told_and_asked_too_late(county):
    """Notified on Friday 26 February: three days end on the 29th, a Monday."""
    county.at("2016-02-26 16:30")
    county.said("penalty", "submit", "1", by=LEAD)
    county.said("penalty", "pass", "1", by=REVIEWER)
    county.refused("penalty", "notify", "1", by=LEAD, words="文号（--paper）")
    county.said("penalty", "notify", "1", "--paper", "沧环告〔2016〕1号", by=LEAD)
    county.ends("penalty", "A001", "AD6", "2016-02-29")
    county.refused("penalty", "conclude", "1", by=LEAD, words="可在 2016-03-01 00:00:00 前申请听证")
    county.at("2016-03-01 00:01")
    county.said("penalty", "ask-hearing", "1", by=LEAD)
    county.ends("penalty", "A001", "AD6", "2016-02-29", "late")
    county.ends("penalty", "A001", "AD7", "2016-03-08")


def heard_seven_days_after_it_was_told(county):
    notify = ("penalty", "notify-hearing", "1", "--from-day")
    county.refused("penalty", "report-hearing", "1", "--paper", "听1", by=REVIEWER, words="尚未通知听证")
    county.refused(*notify, "2016-02-20", by=REVIEWER, words="最早为 2016-03-08")
    county.refused(*notify, "2016-03-07", by=REVIEWER, words=("应当在听证的 7 日前通知", "《行政处罚法》第四十二条"))
    county.said(*notify, "2016-03-08", by=REVIEWER)
    county.ends("penalty", "A001", "AD7", "2016-03-08", "met")
    county.at("2016-03-07 10:00")
    county.refused("penalty", "report-hearing", "1", "--paper", "听1", by=REVIEWER, words="听证于 2016-03-08 举行")
    county.said(*notify, "2016-03-09", by=REVIEWER)  # put off by a day
    county.at("2016-03-09 16:00")
    county.said("penalty", "report-hearing", "1", "--paper", "听1", by=REVIEWER)
    county.ends("penalty", "A001", "AD8", "2016-05-09")  # nine days longer: 8 May, a Sunday


def another_waives_it(county):
    county.said("penalty", "open", "Q002", "--violation", "无组织排放", *OFFICERS, by=LEAD)
    county.said("penalty", "file", "2", by=HEAD)
    county.said("penalty", "submit", "2", by=LEAD)
    county.said("penalty", "pass", "2", by=REVIEWER)
    county.said("penalty", "notify", "2", "--paper", "沧环告〔2016〕2号", by=LEAD)
    county.said("penalty", "ask-hearing", "2", by=LEAD)
    county.refused("penalty", "waive-hearing", "2", "--note", "书面放弃", by=LEAD, words="可在 2016-03-15 00:00:00 前申请听证")
    county.at("2016-03-15 00:00")
    county.refused("penalty", "refuse-hearing", "2", "--note", "逾期", by=LEAD, words="有权办理的是：案审")
    text = county.said("penalty", "waive-hearing", "2", "--note", "书面放弃", by=LEAD)
    check("放弃听证" in text and "待决定" in text, text)


def the_court_waits(county):
    county.at("2016-04-05 09:00")
    county.said("penalty", "penalise", "1", "--paper", "沧环罚〔2016〕1号", "--amount-fen", "10000000", by=HEAD)
    county.ends("penalty", "A001", "AD9", "2016-04-12")
    county.at("2016-04-10 10:00")
    county.said("penalty", "serve", "1", by=LEAD)
    county.ends("penalty", "A001", "AD10", "2016-04-25")
    shown = county.json("penalty", "show", "1")  # sixty days end on the festival of 9 to 11 June, and roll
    check((shown["reconsideration_last_day"], shown["suit_last_day"]) == ("2016-06-12", "2016-10-10"), f"{shown}")
    county.at("2016-04-26 00:00")
    county.said("penalty", "demand", "1", "--paper", "沧环催〔2016〕1号", by=LEAD)
    county.ends("penalty", "A001", "AD12", "2016-05-11")  # 30 April to 2 May are off
    county.refused("penalty", "apply-court", "1", by=HEAD, words="可在 2016-10-11 00:00:00 前提起行政诉讼")


def contested(county):
    """Sixty days after the service the party asks for reconsideration; the warning's ten days are over by then."""
    county.at("2016-05-20 10:00")
    ask = ("penalty", "ask-reconsideration", "1")
    county.refused(*ask, by=LEAD, words=("申请人（--party）", "决定机关（--authority）"))
    county.said(*ask, "--party", "鼎盛铸造厂", "--authority", "沧州市环境保护局", by=LEAD)
    text = county.said("due", "--rule", "AD12", by=LEAD)
    check("已届满" in text and "逾期" not in text and county.said("due", "--overdue", "--rule", "AD12", by=LEAD) == "（无）\n", text)
    county.refused("penalty", "apply-court", "1", by=HEAD, words="自 2016-05-20 10:00:00 起由沧州市环境保护局复议")
    county.said("penalty", "admit", "1", "--paper", "沧环复受〔2016〕1号", by=REVIEWER)
    text = county.said("penalty", "show", "1", by=LEAD)
    check(all(word in text for word in ("行政复议", "审理中", "鼎盛铸造厂", "沧环复受〔2016〕1号", "维持原决定")), text)
    check("A001" in county.said("penalty", "list", "--contested", by=LEAD), "it is contested")


def stayed(county):
    """A fine that was late before the stay stays late; nothing is asked of the court."""
    county.said("penalty", "stay-execution", "1", "--authority", "沧州市环境保护局", "--paper", "停1", by=REVIEWER)
    county.ends("penalty", "A001", "AD10", "2016-04-25", "overdue")
    county.said("penalty", "lift-stay", "1", by=REVIEWER)


def upheld(county):
    county.at("2016-07-01 10:00")
    county.said("penalty", "uphold-decision", "1", "--paper", "沧环复〔2016〕1号", by=REVIEWER)
    shown = county.json("penalty", "show", "1")
    check((shown["reconsideration_last_day"], shown["suit_last_day"]) == (0, "2016-07-18"), f"{shown}")
    check(shown["remedies"][0]["outcome"] == "decision_upheld", f"{shown}")
    county.refused("penalty", "apply-court", "1", by=HEAD, words="可在 2016-07-19 00:00:00 前提起行政诉讼")
    text = county.said("log", "penalty", "1", by=LEAD)
    check("申请行政复议" in text and "停止执行" in text and "维持原决定" in text, text)


def revoked(county):
    county.at("2016-07-18 10:00")
    county.said("penalty", "bring-suit", "1", "--party", "鼎盛铸造厂", "--authority", "献县人民法院", by=LEAD)
    county.refused("penalty", "apply-court", "1", by=HEAD, words="自 2016-07-18 10:00:00 起由献县人民法院审理")
    county.at("2016-09-01 10:00")
    text = county.said("penalty", "revoke-decision", "1", "--paper", "（2016）冀0929行初9号", by=REVIEWER)
    check("已被撤销" in text, text)
    county.ends("penalty", "A001", "AD10", "2016-04-25", "voided")
    county.refused("penalty", "pay", "1", by=LEAD, words="归档（组长、组员）")
    county.refused("detention", "decide", "Q001", "--penalty", "A001", by=HEAD, words="《环境保护法》第六十三条")


# ---------------------------------------------------------------- the police case


def handed_over(county):
    report = ("case", "report", "--target", "Q001", "--penalty", "A001", "--offence", "污染环境罪", *OFFICERS)
    county.said("penalty", "record", "Q001", "--violation", "私设暗管", "--paper", "沧环罚〔2015〕9号", "--fined", by=LEAD)
    county.said(*report, by=LEAD)
    county.said("case", "approve-transfer", "1", by=HEAD)
    county.refused("case", "hand-over", "1", by=LEAD, words="文号（--paper）")
    county.said("case", "hand-over", "1", "--paper", "沧环移〔2016〕1号", by=LEAD)
    county.refused("case", "drop", "1", "--note", "x", by=LIAISON, words=("当前为“移送”", "立案（公安联络员）"))
    county.refused("case", "file", "1", by=CLERK, words=("不得以本人名义", "--for", "公安联络员"))
    county.refused("case", "file", "1", "--for", LEAD, "--reason", "电话", by=CLERK, words="公安联络员")
    county.said("case", "file", "1", "--for", LIAISON, "--reason", "电话", by=CLERK)
    county.refused("case", "not-file", "1", "--note", "x", by=LIAISON, words=("破案（公安联络员）", "撤销案件（公安联络员）"))
    county.said("case", "identify", "1", "常某", by=LIAISON)
    county.said("case", "identify", "1", "石某", by=LIAISON)


def a_ledger_names_nobody(county):
    folder = os.path.join(county.directory, "补录")
    write(folder, "案件进展.csv", "案件编号,事项,时间\nC404,立案,2016-02-05 15:30\n")
    text = county.do("--lang", "zh", "import", folder, code=1)
    check("案件 C404 既不在 cases.csv 中，也未登记" in text, text)


def detained_in_a_week_without_a_working_day(county):
    county.at("2016-02-07 09:00")
    county.refused("suspect", "summon", "1", "--rule", "CR6c", by=LIAISON, words="可选：CR6、CR6b")
    county.said("suspect", "detain", "1", by=LIAISON)
    row = county.term("suspect", "X001", "CR8")
    check((row["last_day"], row["act_by_day"]) == ("2016-02-10", "2016-02-10"), f"{row}")
    row = county.term("suspect", "X001", "CR7")
    check((row["due_ms"][:16], row["act_by_day"]) == ("2016-02-08T09:00", "2016-02-08"), f"{row}")
    county.at("2016-02-10 00:00:01")
    county.eventually("the liaison is told before it is over",
                      lambda: any(row["rule"] == "CR8" for row in county.json("alerts", "--as", LIAISON)))


def held_longer(county):
    extend = ("suspect", "extend", "1", "--rule")
    county.refused("suspect", "extend", "1", by=LIAISON, words="期限规定（--rule）")
    county.refused(*extend, "CR11b", by=LIAISON, words="可用的有：CR8b、CR8c")
    county.refused(*extend, "CR8b", "--days", "5", by=LIAISON, words=("最多延长 4 日", "不能延长 5 日"))
    county.said(*extend, "CR8b", by=LIAISON)
    county.ends("suspect", "X001", "CR8", "2016-02-14")
    county.refused(*extend, "CR8c", "--days", "24", by=LIAISON, words=("合计最长 30", "尚可延长 23"))
    county.said(*extend, "CR8c", by=LIAISON)  # to thirty days in all, from 7 February of a leap year
    county.ends("suspect", "X001", "CR8", "2016-03-08")
    county.at("2016-02-29 10:00")
    county.said("suspect", "request-arrest", "1", by=LIAISON)
    county.ends("suspect", "X001", "CR9", "2016-03-07")
    county.said("suspect", "approve", "1", by=LIAISON)
    county.said("suspect", "arrest", "1", by=LIAISON)
    county.ends("suspect", "X001", "CR11", "2016-04-29")
    county.refused(*extend, "CR11c", by=LIAISON, words="CR11c 须在 CR11b 期满之后")
    county.refused(*extend, "CR11b", "--days", "30", by=LIAISON, words=("月数（--months）", "天数（--days）"))
    county.said(*extend, "CR11b", "--months", "1", by=LIAISON)
    county.ends("suspect", "X001", "CR11", "2016-05-29")
    county.said(*extend, "CR11c", by=LIAISON)
    county.ends("suspect", "X001", "CR11", "2016-07-29")


def wanted_and_told_once(county):
    county.said("suspect", "list-wanted", "2", by=LIAISON)
    text = county.next_of("suspect", "2", LIAISON)
    check(text.count("抓获") == 1, text)


def corrected_as_it_is_shown(county):
    shown = county.said("case", "show", "1", by=LIAISON)
    filed = [line.split(maxsplit=1)[1] for line in shown.splitlines() if line.startswith("立案时间")][0]
    county.refused("correct", "case", "1", f"立案时间={filed[:10]} 15:30", "--was", filed, "--reason", "笔误", by=LEAD,
                   words="有权办理的是：公安联络员")
    county.said("correct", "case", "1", f"立案时间={filed[:10]} 15:30", "--was", filed, "--reason", "笔误", by=LIAISON)
    county.said("correct", "case", "1", f"立案时间={filed[:10]} 15:31", "--was", f"{filed[:10]} 15:30", "--reason", "笔误",
                by=LIAISON)


def sent_back_twice(county):
    county.refused("case", "prosecute", "1", by=LIAISON, words="破案（公安联络员）")
    county.said("case", "solve", "1", by=LIAISON)
    county.said("case", "prosecute", "1", by=LIAISON)
    county.ends("suspect", "X001", "CR11", "2016-07-29", "met")
    county.ends("case", "C001", "CR12", "2016-03-29")
    county.refused("case", "resubmit", "1", by=LIAISON, words="未被退回补充侦查")
    for _ in range(2):
        county.said("case", "supplement", "1", by=LIAISON)
        county.refused("case", "supplement", "1", by=LIAISON, words="须先办理“补充侦查后再移送”")
        county.said("case", "resubmit", "1", by=LIAISON)
    county.refused("case", "supplement", "1", by=LIAISON, words=("已退回补充侦查 2 次", "第一百七十一条"))
    county.said("case", "conclude", "1", by=LIAISON)


# ---------------------------------------------------------------- a year that the calendar lacks


def nobody_loses_a_right_for_want_of_a_calendar(county):
    county.at("2016-12-29 10:00")
    number = county.do("penalty", "open", "--quiet", "Q002", "--violation", "拒不改正", *OFFICERS, by=LEAD).strip()
    county.said("penalty", "file", number, by=HEAD)
    county.said("penalty", "submit", number, by=LEAD)
    county.said("penalty", "pass", number, by=REVIEWER)
    county.said("penalty", "notify", number, "--paper", "沧环告〔2016〕9号", by=LEAD)
    county.refused("penalty", "conclude", number, by=LEAD,
                   words=(f"行政处罚案件 {number} 的期限 AD6 届满", "calendar.yaml 缺 2017 年", "lq recount"))
    check("缺 2017 年" in county.said("due", "--not-counted", by=LEAD), "it is not told why it is not counted")
    with open(os.path.join(CONFIGS, "calendar.yaml"), encoding="utf-8") as file:
        write(os.path.join(county.data, "config"), "calendar.yaml", file.read().rstrip() + "\n" + CALENDAR_2017)
    county.restart()
    county.do("recount", by="admin")
    county.ends("penalty", number, "AD6", "2017-01-03")  # 1 January, a Sunday: the 3rd is the first that is worked
    county.refused("penalty", "conclude", number, by=LEAD, words="可在 2017-01-04 00:00:00 前申请听证")
    county.at("2017-01-04 00:00")
    county.said("penalty", "conclude", number, by=LEAD)


def main():
    county = County(sys.argv[1], "2016-01-29 15:00")
    with county:
        set_up(county)
        what_is_missing_has_an_option(county)
        no_such_rule(county)
        evidence_is_decided_once(county)
        told_and_asked_too_late(county)
        heard_seven_days_after_it_was_told(county)
        another_waives_it(county)
        the_court_waits(county)
        contested(county)
        stayed(county)
        upheld(county)
        revoked(county)
        nobody_loses_a_right_for_want_of_a_calendar(county)
    county = County(sys.argv[1], "2016-02-05 15:00")
    with county:
        set_up(county)
        handed_over(county)
        a_ledger_names_nobody(county)
        detained_in_a_week_without_a_working_day(county)
        held_longer(county)
        wanted_and_told_once(county)
        corrected_as_it_is_shown(county)
        sent_back_twice(county)


if __name__ == "__main__":
    main()
