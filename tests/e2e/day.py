"""A day of the force, in under a minute: what the desk, the leads and the liaison do from the morning's
first raid to a correction a week later, under a clock that leaps from one to the next. What it comes to is
counted here as it is told, and compared at the end with what the system says: figures, terms, and each
foundry's file. `scripts/run --day` shows it; test_day holds it."""

import datetime
import os

from driven import Driven
from system import check

XIAN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "configs", "xian")
DAY = "2015-07-16"
CHIEF, NIGHT_CHIEF, COMMANDER, HEAD, LIAISON = "P1007", "P1004", "P1001", "P1002", "P1009"
LEADS = {"T14": "P1119", "T15": "P1127", "T16": "P1135", "T17": "P1143", "T18": "P1151", "T19": "P1159",
         "T20": "P1167"}
DEPUTY = "P1120"  # of T14
FIGURES = {"operations": "行动", "person_times": "出动人次", "vehicle_times": "车辆次", "sealed": "封存",
           "notices": "整改通知单", "cases_filed": "立案", "cases_solved": "破案"}


class Count:
    """What happened, counted by the story and not by the system."""

    def __init__(self):
        self.figures = dict.fromkeys(FIGURES, 0)
        self.files = {}  # premises -> numbers that its file must name
        self.terms = {}  # (kind, number, rule) -> (status, last day or None)

    def add(self, figure, number=1):
        self.figures[figure] += number

    def about(self, premises, number):
        self.files.setdefault(premises, set()).add(number)

    def term(self, kind, number, rule, status, last_day=None):
        self.terms[(kind, number, rule)] = (status, last_day)


class Day(Driven):
    """`watched`: tells what happens, in the language of LQ_LANG, and shows the desk's screens."""

    def __init__(self, lq, watched=False):
        super().__init__(lq, f"{DAY} 08:00")
        self.watched = watched
        self.chinese = os.environ.get("LQ_LANG", "zh") == "zh"
        self.now = f"{DAY} 08:00"
        self.count = Count()
        self.seconds = datetime.datetime.now()

    # ------------------------------------------------------------ telling

    def at(self, county):
        self.now = county
        super().at(county)

    def tell(self, chinese, english):
        if self.watched:
            print(f"{self.now[5:]}  {chinese if self.chinese else english}", flush=True)

    def show(self, *arguments, by=CHIEF):
        """What the person would see."""
        if self.watched:
            told = self.do(*arguments, "--lang", "zh" if self.chinese else "en", by=by)
            print("\n".join("    " + line for line in told.rstrip().split("\n")), flush=True)

    # ------------------------------------------------------------ the desk and the teams

    def raid(self, number, premises, team, priority, vehicles):
        self.do("order", "issue", "--number", number, "--kind", "raid", "--target", premises, "--team", team,
                "--priority", priority, "--vehicles", str(vehicles), by=CHIEF)
        self.count.add("operations")
        self.count.add("vehicle_times", vehicles)
        self.count.about(premises, number)

    def step(self, verb, number, team, *more, by=None, code=0):
        return self.do("order", verb, number, team, *more, by=by or LEADS[team], code=code)

    def crew(self, number, team, *people):
        words = [word for badge in people for word in ("--people", badge)]
        self.step("crew", number, team, *words, "--vehicles", "冀J0A123")
        self.count.add("person_times", len(people))

    def rung(self, kind, number, rule):
        """The marks that have rung: how long after the end of the term, and whom they name."""
        marks = self.terms("--all")[(kind, number, rule)]["marks"]
        return [(mark["offset_ms"] // 1000, mark["badges"]) for mark in marks if mark["rung"]]


def set_up(day):
    day.tell("导入 2015 年 3 月至 7 月的台账，续排值班表", "the ledgers of March to July are imported, the rota goes on")
    day.do("import", XIAN)
    day.tips()
    day.do("shift", "plan", "--to", "2015-08-31", by="admin")
    amend = ("shift", "amend")
    day.do(*amend, HEAD, "--also", "head", by="admin")
    day.do(*amend, CHIEF, "--role", "desk", "--group", "B", "--rank", "desk_chief", by="admin")
    day.do(*amend, NIGHT_CHIEF, "--role", "desk", "--group", "A", "--rank", "desk_chief", by="admin")
    day.do(*amend, DEPUTY, "--rank", "deputy_lead", by="admin")
    for badge in (CHIEF, NIGHT_CHIEF, COMMANDER, HEAD, LIAISON, DEPUTY, "P1120", "P1121", *LEADS.values()):
        day.do("key", "issue", badge)
    day.tips()


# ---------------------------------------------------------------- the morning: six raids

def a_lead_is_silent(day):
    """Deputy, desk chief on duty, commander: each told at his second."""
    day.at(f"{DAY} 09:00")
    day.raid("O9101", "E0046", "T14", "flash", 2)
    day.tell("特急：T14 赴 E0046，组长 P1119 无回音", "flash: T14 to E0046; its lead P1119 is silent")
    told = [(0, [DEPUTY]), (60, [CHIEF]), (240, [])]
    for count, second in ((1, "09:01:02"), (2, "09:02:02"), (3, "09:05:02")):
        day.at(f"{DAY} {second}")
        day.eventually(f"mark {count} of O9101",
                       lambda wanted=count: len(day.rung("order", "O9101", "OP-ACK")) == wanted)
    rung = day.rung("order", "O9101", "OP-ACK")
    check(rung == told, f"told were {rung}")
    check(len(day.json("alerts", "--as", COMMANDER)) == 1, "the commander sees no alert")
    day.tell("60 秒副组长 P1120、120 秒值班长 P1007、300 秒指挥长均已收到提醒",
             "after 60 s the deputy P1120, after 120 s the chief P1007, after 300 s the commander were told")
    day.show("order", "board")
    day.step("ack", "O9101", "T14", by=DEPUTY)
    day.count.term("order", "O9101", "OP-ACK", "late")
    day.tell("副组长代为签收，记为逾期签收", "the deputy acknowledges: late for ever")
    for verb in ("depart", "arrive"):
        day.step(verb, "O9101", "T14", by=DEPUTY)
    day.count.term("assignment", "O9101/T14", "OP-DEPART", "met")


def one_by_phone(day):
    day.at(f"{DAY} 09:10")
    day.raid("O9102", "E0047", "T15", "urgent", 1)
    day.at(f"{DAY} 09:11")
    day.step("ack", "O9102", "T15", "--for", LEADS["T15"], "--reason", "电话", "--channel", "telephone", "--said",
             "收到，十分钟到", by=CHIEF)
    day.count.term("order", "O9102", "OP-ACK", "met")
    told = day.do("log", "order", "O9102")
    check("P1127" in told and CHIEF in told and "收到，十分钟到" in told, told)
    day.tell("紧急：T15 电话签收，由值班长代录，原话留存", "urgent: T15 answers by phone, the desk enters it with his words")
    for verb in ("depart", "arrive", "finish"):
        day.step(verb, "O9102", "T15", "--for", LEADS["T15"], "--reason", "电话", by=CHIEF)
    day.count.term("assignment", "O9102/T15", "OP-DEPART", "met")


def one_declines(day):
    day.at(f"{DAY} 09:20")
    day.raid("O9103", "E0048", "T16", "urgent", 1)
    day.at(f"{DAY} 09:21")
    day.step("decline", "O9103", "T16", "--why", "车辆故障")
    board = day.do("order", "board", by=CHIEF)
    check("NOBODY" in board or "无人" in board, board)
    day.tell("T16 报不能出动，指令无人执行，看板醒目提示", "T16 declines: nobody has the order, and the board says so")
    day.do("order", "add", "O9103", "T17", by=CHIEF)
    day.at(f"{DAY} 09:22")
    for verb in ("ack", "depart", "arrive", "finish"):
        day.step(verb, "O9103", "T17")
    day.count.term("order", "O9103", "OP-ACK", "met")
    day.crew("O9103", "T17", LEADS["T17"], "P1144")
    day.tell("改派 T17，已完成，出动 2 人", "T17 is sent in its place and finishes: two people")


def one_without_a_signal(day):
    day.at(f"{DAY} 09:30")
    day.raid("O9104", "E0061", "T18", "routine", 1)
    day.at(f"{DAY} 09:33")
    day.step("ack", "O9104", "T18", "--later")
    day.at(f"{DAY} 09:34")
    day.step("depart", "O9104", "T18", "--later")
    day.tell("T18 山区无信号，签收和出发先存入发件箱", "T18 has no signal: its answer and departure wait in the outbox")
    day.at(f"{DAY} 10:05")
    day.do("outbox", "send", by=LEADS["T18"])
    shown = day.json("order", "show", "O9104")["order"]["assignments"][0]
    check(shown["acknowledged_at_ms"].startswith(f"{DAY}T09:33"), f"{shown}")
    day.count.term("order", "O9104", "OP-ACK", "met")
    day.count.term("assignment", "O9104/T18", "OP-DEPART", "met")
    day.tell("恢复信号后发出：仍按 09:33 签收，未逾期", "sent when the signal is back: answered at 09:33, in time")


def two_more(day):
    day.at(f"{DAY} 10:10")
    day.raid("O9105", "E0062", "T19", "routine", 2)
    day.raid("O9106", "E0063", "T20", "flash", 1)
    for number, team in (("O9105", "T19"), ("O9106", "T20")):
        for verb in ("ack", "depart", "arrive"):
            day.step(verb, number, team)
        day.count.term("order", number, "OP-ACK", "met")
        day.count.term("assignment", f"{number}/{team}", "OP-DEPART", "met")
    day.crew("O9105", "T19", LEADS["T19"], "P1160", "P1161")
    day.step("finish", "O9105", "T19")
    day.tell("T19、T20 到场，T19 完成", "T19 and T20 are on scene; T19 finishes")


# ---------------------------------------------------------------- noon: what is sealed, served, found

def sealed_in_an_emergency(day):
    day.at(f"{DAY} 11:00")
    for number, seal, kind in (("I9101", "F9101", "cupola"), ("I9102", "F9102", "transformer")):
        day.do("seizure", "record", number, "--order", "O9101", "--target", "E0046", "--kind", kind, "--action",
               "sealed", "--seal", seal, "--officer", LEADS["T14"], "--officer", DEPUTY, "--emergency", by=DEPUTY)
        day.count.add("sealed")
        day.count.about("E0046", number)
    check(day.terms()[("item", "I9101", "SZ3")]["due_ms"].startswith("2015-07-17T11:00"), "24 hours")
    day.at(f"{DAY} 15:00")
    for number in ("I9101", "I9102"):
        day.do("item", "ratify", number, by=HEAD)
        day.count.term("item", number, "SZ3", "met")
    day.tell("紧急查封 2 件，局负责人 4 小时内补批", "two items are sealed in an emergency; the head ratifies within 4 hours")


def a_notice(day):
    day.at(f"{DAY} 15:30")
    number = day.do("notice", "issue", "--quiet", "E0063", "--due", "2015-07-31", "--finding", "无组织排放",
                    by=LEADS["T20"]).strip()
    day.count.add("notices")
    day.count.about("E0063", number)
    day.step("finish", "O9106", "T20")
    day.tell(f"整改通知 {number}：7 月 31 日前改正", f"notice {number}: to be put right by 31 July")
    return number


def a_case(day):
    day.at(f"{DAY} 16:00")
    day.do("case", "report", "C9101", "--order", "O9101", "--target", "E0046", "--offence", "污染环境罪", "--officer",
           DEPUTY, "--officer", LEADS["T14"], by=DEPUTY)
    day.count.about("E0046", "C9101")
    day.at(f"{DAY} 16:30")
    day.do("case", "approve-transfer", "C9101", by=HEAD)
    day.do("case", "hand-over", "C9101", "--paper", "献环移〔2015〕3号", by=DEPUTY)
    day.count.term("case", "C9101", "CR1", "met")
    day.count.term("case", "C9101", "CR2", "met")
    day.tell("涉嫌污染环境罪：报告、批准移送、移送公安", "a suspected crime is reported, approved and handed to the police")


# ---------------------------------------------------------------- the evening: handing over

def handed_over(day):
    day.at(f"{DAY} 19:55")
    day.do("shift", "handover", "freeze", "--notes", "E0061 山区无信号，请电台联系", by=CHIEF)
    day.tell("交班值班长锁定清单", "the outgoing chief freezes the list")
    day.at(f"{DAY} 19:58")
    day.step("arrive", "O9104", "T18")
    day.at(f"{DAY} 20:00:30")
    told = day.do("shift", "handover", "sign", by=NIGHT_CHIEF, code=1)
    check("LIST_STALE" in told and "O9104" in told, told)
    day.tell("签字前 T18 到场，清单过时，不能签：先重新锁定", "T18 arrives meanwhile: the list is out of date and is frozen anew")
    day.do("shift", "handover", "freeze", DAY + "-day", by=CHIEF)
    day.show("shift", "handover", "show", by=NIGHT_CHIEF)
    day.do("shift", "handover", "sign", by=NIGHT_CHIEF)
    day.count.term("handover", f"{DAY}-day", "OP-HANDOVER", "met")
    check(day.json("handover", "show")["in_charge"] == NIGHT_CHIEF, "the desk is not hers")
    day.tell("接班值班长 P1004 签字", "the incoming chief P1004 signs")
    day.at(f"{DAY} 20:20")
    day.step("finish", "O9104", "T18")
    day.step("finish", "O9101", "T14", by=DEPUTY)


def a_broken_seal(day):
    day.at("2015-07-17 03:10")
    day.do("item", "breach", "I9101", "--said", "夜查发现封条被撕", by=DEPUTY)
    day.eventually("a call is on the board", lambda: len(day.json("call", "list", "--open")) == 1)
    call = day.json("call", "list", "--open")[0]["number"]
    check(call in day.do("order", "board", by=NIGHT_CHIEF), "the board does not show the call")
    day.tell("夜查：I9101 封条被撕，看板出现特急呼叫", "a night inspection: the seal of I9101 is broken, a flash call is on the board")
    day.show("order", "board", by=NIGHT_CHIEF)
    day.do("call", "dismiss", call, "--note", "现场已有人", by=NIGHT_CHIEF)
    day.count.term("call", call, "OP-CALL", "met")
    day.do("item", "ask-police", "I9101", by=DEPUTY)
    day.do("item", "reseal", "I9101", "--seal", "F9103", by=DEPUTY)
    day.count.term("item", "I9101", "OP-BREACH", "met")


# ---------------------------------------------------------------- the days after

def filed(day):
    day.at("2015-07-17 10:00")
    day.do("case", "file", "C9101", by=LIAISON)
    day.count.add("cases_filed")
    day.count.term("case", "C9101", "CR4", "met")
    day.tell("公安立案", "the police file the case")


def paused_and_extended(day, notice):
    day.at("2015-07-20 09:00")
    day.do("pause", "item", "I9102", "SZ6", "--from", "2015-07-21", "--to", "2015-07-24", "--paper", "检测告知1号",
           by=DEPUTY)
    day.count.term("item", "I9102", "SZ6", "running", "2015-08-19")
    day.tell("I9102 送检 4 日，期限顺延至 8 月 19 日", "four days of testing: the term of I9102 ends on 19 August")
    corrected_a_week_later(day)
    day.at("2015-07-24 15:00")
    day.do("case", "solve", "C9101", by=LIAISON)
    day.count.add("cases_solved")
    day.tell("公安破案", "the police solve the case")
    day.at("2015-07-28 10:00")
    day.do("notice", "recheck-complied", notice, by=LEADS["T20"])
    day.count.term("notice", notice, "OP-NOTICE", "met", "2015-07-31")
    day.tell("复查：已改正", "the recheck finds the notice complied with")
    day.at("2015-08-10 09:00")
    day.do("item", "extend", "I9101", "--paper", "献环延〔2015〕1号", by=HEAD)
    day.count.term("item", "I9101", "SZ6", "running", "2015-09-14")
    day.tell("I9101 延长 30 日，至 9 月 14 日", "I9101 is extended by 30 days, to 14 September")


def vehicles(day, *when):
    return figures(day, "--from", DAY, "--to", DAY, *when)["vehicle_times"]


def corrected_a_week_later(day):
    day.at("2015-07-23 09:00")
    day.tips()
    before = vehicles(day)
    check(before == day.count.figures["vehicle_times"], f"{before} vehicles before the correction")
    day.do("correct", "order", "O9105", "vehicles=3", "--was", "2", "--reason", "漏记一辆", by=CHIEF)
    day.count.add("vehicle_times", 1)
    day.tips()
    now, then = vehicles(day), vehicles(day, "--as-of", "2015-07-22")
    check((then, now) == (before, before + 1), f"then {then}, now {now}")
    day.tell(f"一周后更正车辆数：当时所知 {then} 辆次，现在 {now} 辆次",
             f"a week later a vehicle count is corrected: {then} as it was known then, {now} now")


# ---------------------------------------------------------------- what it came to

def compare_figures(day, before):
    day.tips()
    after = figures(day)
    for figure, wanted in day.count.figures.items():
        got = after.get(figure, 0) - before.get(figure, 0)
        check(got == wanted, f"{figure}: {got}, and the story has {wanted}")
    day.tell("统计数字与独立清点一致：" + "，".join(f"{FIGURES[name]} +{value}" for name, value in day.count.figures.items()),
             "figures as counted: " + ", ".join(f"{name} +{value}" for name, value in day.count.figures.items()))


def compare_terms(day):
    told = day.terms("--all", "--limit", "5000")
    for (kind, number, rule), (status, last_day) in day.count.terms.items():
        row = told.get((kind, number, rule))
        check(row is not None, f"{kind} {number} has no term {rule}")
        check(row["status"] == status and (last_day is None or row["last_day"] == last_day),
              f"{rule} of {number}: {row['status']} {row['last_day']}, and the story has {status} {last_day}")
    day.tell(f"{len(day.count.terms)} 项期限逐项相符", f"{len(day.count.terms)} terms are as the story has them")


def compare_files(day):
    for premises, numbers in day.count.files.items():
        told = day.do("file", premises)
        for number in numbers:
            check(number in told, f"the file of {premises} does not name {number}:\n{told}")
    day.tell(f"{len(day.count.files)} 家企业的档案齐全", f"the files of {len(day.count.files)} foundries are complete")


def figures(day, *when):
    """Those that the story counts; of one that is told by kind, the sum."""
    told = day.json("stats", *when)
    told.update({f"cases_{what}": number for what, number in told.get("cases", {}).items()})
    counted = {figure: told.get(figure, 0) for figure in FIGURES}
    return {figure: sum(value.values()) if isinstance(value, dict) else value for figure, value in counted.items()}


def play(day):
    set_up(day)
    before = figures(day)
    a_lead_is_silent(day)
    one_by_phone(day)
    one_declines(day)
    one_without_a_signal(day)
    two_more(day)
    sealed_in_an_emergency(day)
    notice = a_notice(day)
    a_case(day)
    handed_over(day)
    a_broken_seal(day)
    filed(day)
    paused_and_extended(day, notice)
    compare_figures(day, before)
    compare_terms(day)
    compare_files(day)
    day.show("stats", "--from", DAY, "--to", DAY)
