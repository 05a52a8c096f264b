#!/usr/bin/python3
"""A county that is not the campaign's: other numbers, groups with Chinese names, the year 2017 with its own
calendar, and officials who type as tired people do. What they are told is Chinese throughout, and right."""

import os
import re
import sys

from driven import Driven
from system import check, write

CALENDAR = """revision: fc-2017
years:
  - year: 2017
    holidays: [2017-01-01, 2017-01-02, 2017-01-27, 2017-01-28, 2017-01-29, 2017-01-30, 2017-01-31,
      2017-02-01, 2017-02-02, 2017-04-02, 2017-04-03, 2017-04-04, 2017-04-29, 2017-04-30, 2017-05-01]
    working_weekends: [2017-01-22, 2017-02-04, 2017-04-01]
"""
POLICY = """revision: fc-1
limits: {vehicles: 8, shift_days: 90}
county: {north: 38.2, south: 37.6, east: 116.6, west: 115.9}
"""
PEOPLE = """编号,姓名,单位,角色,组,班组,电话
FC001,郑县长,县政府,指挥长,,,
FC002,何局,环境保护局,局负责人,,,
FC003,杜值班,环境保护局,调度台,,甲,
FC007,严督查,监察局,督察,,,
FC101,葛中队,环境保护局,组长,一中队,甲,
FC102,贺副,环境保护局,组员,一中队,甲,
FC201,姜中队,环境保护局,组长,二中队,乙,
"""
PREMISES = """企业编号,企业名称,乡镇,负责人,纬度,经度,类型,责任人1,责任人2,整改措施,整改期限
Q001,鼎盛铸造厂,崔庙镇,常老板,37.9,116.2,malleable_iron_foundry,吴一,吴二,停产,2017-06-30
"""
# What stands in a Chinese sentence in Latin letters and is none of it: codes, numbers, options, rules, files.
ALLOWED = re.compile(r"\([A-Z_]+\)|（[A-Z_]+）|--[a-z-]+|lq( [a-z-]+)*|policy\.yaml|forms\.yaml|limits\.[a-z_]+|"
                     r"\b(SZ|AD|OP)[-A-Z0-9]+b?\b|\b[A-Z]{1,2}\d+\b|\b20\d\d-\d\d-\d\d-(day|night)\b|[a-z]+#\d+|law-[-0-9]+\+|fc-\d+|forms-4")


class County(Driven):
    def said(self, *arguments, by, code=0):
        """What is said in Chinese, with no English word among it."""
        text = self.do("--lang", "zh", *arguments, by=by, code=code)
        for line in text.splitlines():
            if not line.startswith("用法"):
                left = re.findall(r"[A-Za-z]{3,}", ALLOWED.sub("", line))
                check(not left, f"lq {' '.join(arguments)}: {left} in: {line}")
        return text


def set_up(county):
    folder = os.path.join(county.directory, "台账")
    write(folder, "企业.csv", PREMISES)
    write(folder, "人员.csv", PEOPLE.replace("组长", "中队长").replace(",组,", ",分组,"))
    text = county.do("--lang", "zh", "import", folder, code=1)
    check('表头缺少 "组"' in text, text)
    write(folder, "人员.csv", PEOPLE.replace("组长", "中队长"))
    text = county.do("--lang", "zh", "import", folder, code=1)
    check("角色 (D6) 为“中队长”：应为以下之一：指挥长、调度台、" in text and "合计" in text, text)
    write(folder, "人员.csv", PEOPLE)
    county.do("import", folder)
    for badge in ("FC001", "FC002", "FC003", "FC007", "FC101", "FC102", "FC201"):
        county.do("key", "issue", badge)
    county.do("shift", "amend", "FC003", "--rank", "desk_chief", by="admin")


def the_rota_has_the_countys_groups(county):
    county.refused("shift", "plan", "--to", "2017-02-28", by="admin", code=2, words=("--first", "甲、乙"))
    county.refused("shift", "plan", "--to", "2017-02-28", "--first", "丙", by="admin", code=2, words="甲、乙")
    text = county.do("--lang", "zh", "shift", "plan", "--to", "2017年2月28日", "--first", "甲", by="admin")
    check("班组 乙 两班相连，中间没有休息：连续当班 24 小时（2017-02-05 20:00 至 2017-02-06 20:00）" in text, text)
    on = county.json("shift", "people", "--on-duty", "--on", "2017-01-30 10:00")  # the third week: 甲 again by day
    check({row["badge"] for row in on if row["team"]} == {"FC101", "FC102"}, f"{on}")


def leave_and_a_swap(county):
    ask = ("absence", "ask", "--why", "家事", "--shift")
    text = county.said(*ask, "２０１７－０１－３１－白班", by="FC101")
    check("起始时间 2017-01-31 08:00:00、终止时间 2017-01-31 20:00:00" in text, text)
    county.refused(*ask, "2017-01-31-夜班", by="FC101", words="无须请假")
    county.refused("absence", "approve", "１", by="FC101", words="不得审批本人的请假")
    county.said("absence", "approve", "１", by="FC003")
    county.said("swap", "ask", "--shift", "2017-02-08夜班", "--partner", "FC201", "--partner-shift", "2017-02-08白班",
                "--why", "孩子开学", by="FC101")
    county.said("swap", "accept", "1", by="FC201")
    county.refused("swap", "accept", "1", by="FC201",
                   words=("当前为“对方已同意”", "批准（指挥长、调度台）、不批准（指挥长、调度台）、撤回（队伍任何人）"))
    county.refused("swap", "approve", "1", by="FC003", words="不足 8 小时。指挥长可说明事由后批准")
    county.refused("shift", "roll-call", "2017-01-17-白班", "一中队", by="FC101", words="开始前一小时起方可点名")
    county.refused("shift", "roll-call", "2017-01-16-白班", "一中队", "--absent", "FC102", by="FC101",
                   words="FC102 因何缺席")


def an_order_and_help(county):
    county.refused("order", "issue", "--kind", "突击检查", "--target", "Q001", "--team", "一中队", "--vehicles", "９",
                   by="FC003", words="车辆数：9 超出合理范围，最多为 8")
    county.said("order", "issue", "--kind", "突击检查", "--target", "Q001", "--team", "一中队", "--vehicles", "３",
                by="FC003")
    county.said("order", "ack", "ｏ１", by="FC101")
    check("事由 求援、等级 特急、来源种类 任务" in county.said("order", "help", "1", by="FC101"), "help")
    check("求援" in county.said("call", "list", by="FC003"), "the call's reason")
    county.refused("correct", "order", "1", "目标=Q002", "--was", "Q001", "--reason", "笔误", by="FC003", code=2,
                   words="“目标”不是指令可更正的项目；可更正的有：")


def only_officers_seal(county):
    seal = ("seizure", "record", "--order", "1", "--target", "Q001", "--kind", "变压器", "--action", "查封", "--seal",
            "封001", "--officer", "FC101", "--officer")
    county.refused(*seal, "FC007", by="FC101", words=("FC007 的职责是督察", "《行政强制法》第十七条"))
    county.do("shift", "amend", "FC102", "--certificate", "冀J-0102", "--certificate-until", "2017-01-15", by="admin")
    county.refused(*seal, "FC102", by="FC101", words="FC102 的行政执法证 冀J-0102 有效期至 2017-01-15")
    county.do("shift", "amend", "FC102", "--certificate-until", "2018-01-15", by="admin")
    county.said(*seal, "FC102", by="FC101")
    text = county.said("item", "show", "1", by="FC101")
    check(re.search("执法证未登记 +FC101\n", text) and "实施时间" in text and "停电" not in text, text)
    county.refused("item", "execute", "1", by="FC101", words="已查封的不得重复查封（《行政强制法》第二十三条）")


def its_terms(county):
    """Counted by hand: 16 January + 30 days; three working days across the Spring Festival."""
    county.refused("item", "extend", "1", "--days", "３１", by="FC002",
                   words="最多延长 30 日（SZ7，《行政强制法》第二十五条、《查封、扣押办法》第十五条）")
    row = county.terms()[("item", "I0001", "SZ6")]
    check(row["last_day"] == "2017-02-15", f"{row}")
    county.at("2017-01-25 16:00")
    county.refused("item", "decide-release", "1", "--ground", "九", by="FC002", words="填 1 至 5")
    text = county.said("item", "decide-release", "1", "--ground", "5", by="FC002")
    check("情形 其他不再需要的情形" in text, text)
    row = county.terms("--rule", "ｓｚ１１")[("item", "I0001", "SZ11")]
    check(row["last_day"] == "2017-02-04", f"{row}")  # 26 January, 3 February, and the Saturday that is worked
    for form in ("解除决定书", "解除查封扣押决定书"):
        text = county.do("--lang", "zh", "paper", "issue", form, "设备", "1", "--draft", by="FC002")
        check("<h1>解除查封（扣押）决定书</h1>" in text, text[:300])
    county.at("2017-02-04 23:59")
    county.said("item", "serve-release", "1", "--officer", "ＦＣ１０１", "--officer", "FC102", by="FC101")
    check(county.terms("--all")[("item", "I0001", "SZ11")]["status"] == "met", "served a minute before its end")


def main():
    county = County(sys.argv[1], "2017-01-16 08:00")
    write(os.path.join(county.data, "config"), "calendar.yaml", CALENDAR)
    write(os.path.join(county.data, "config"), "policy.yaml", POLICY)
    with county:
        set_up(county)
        the_rota_has_the_countys_groups(county)
        leave_and_a_swap(county)
        an_order_and_help(county)
        only_officers_seal(county)
        its_terms(county)


if __name__ == "__main__":
    main()
