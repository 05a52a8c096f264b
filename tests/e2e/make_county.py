#!/usr/bin/python3
"""Makes the ledgers of a county that does not exist, and says what must come of importing them.

    make_county.py DIR [--seed N] [--size N] [--wrong]

The county has other names, numbers, kinds and dates than the one in configs/, its columns stand in
another order, and some of its files have more columns, CRLF or a byte order mark. --wrong puts wrong
rows of every class among the good ones. DIR/expected.json then has the lines that must be refused,
each with what is wrong, and the figures of several ranges of days, counted here from the good rows
alone. Nothing of the product is used.
"""

import argparse
import datetime
import json
import os
import random

from county_figures import COUNTY, expected

FIRST = datetime.date(2016, 2, 29)
LAST = datetime.date(2016, 5, 31)

COLUMNS = {
    "people.csv": "phone badge group name unit role team",
    "rota.csv": "ends_at starts_at group shift date",
    "enterprises.csv": "township enterprise kind name lon lat owner measures deadline"
    " responsible_2 responsible_1",
    "sites.csv": "kind site lat lon township",
    "supervision.csv": "unit name enterprise",
    "enterprise_events.csv": "at event enterprise",
    "operations.csv": "target operation teams issued_at kind desk machines vehicles priority",
    "participants.csv": "badge operation team",
    "progress.csv": "status at by team operation",
    "seizures.csv": "officer_1 officer_2 seal item specification at operation action kind target",
    "seal_events.csv": "by at event item",
    "shutdowns.csv": "at by operation site",
    "notices.csv": "finding due_on issued_at by enterprise notice",
    "cases.csv": "by filed_at offence target operation case",
    "suspects.csv": "name case suspect",
    "case_events.csv": "at event case",
    "suspect_events.csv": "event at case suspect",
    "tips.csv": "content tip channel received_at enterprise reward_yuan verified",
    "volunteers.csv": "village name volunteer",
    "meetings.csv": "issues_resolved issues_raised held_at meeting",
    "interviews.csv": "at kind",
}
EXTRA = {"people.csv", "operations.csv", "seizures.csv", "notices.csv"}  # a column of the county's own
CRLF = {"people.csv", "progress.csv", "seizures.csv", "cases.csv"}
MARK = {"people.csv", "operations.csv", "enterprises.csv", "suspect_events.csv"}  # UTF-8 BOM

TOWNSHIPS = ["青石镇", "柳河乡", "大营镇", "白沙回族乡", "南关镇", "双井乡", "石桥镇"]
UNITS = ["环保局", "公安局", "供电公司", "国土局, 二科"]
PATH = ["suspended", "inspected", "rectification_started", "rectification_completed", "accepted"]


class Row:
    """One line of a file: fields by column, or bytes where the line is no proper row."""

    def __init__(self, fields=None, raw=None, wrong=None):
        self.fields, self.raw, self.wrong = fields, raw, wrong


class County:
    def __init__(self, seed, size):
        self.random = random.Random(seed)
        self.size = size
        self.rows = {name: [] for name in COLUMNS}
        self.stamps = 0

    # ------------------------------------------------------------ making

    def add(self, file, **fields):
        row = Row({key: str(value) for key, value in fields.items()})
        self.rows[file].append(row)
        return row

    def good(self, file):
        return [row.fields for row in self.rows[file] if row.wrong is None]

    def stamp(self, at):
        """An instant as text; some stand in UTC, as a camera or a gauge would write them."""
        self.stamps += 1
        if self.stamps % 7 == 0:
            return at.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        return at.isoformat()

    def moment(self, first=FIRST, last=LAST):
        days = (last - first).days
        day = first + datetime.timedelta(days=self.random.randrange(days))
        return datetime.datetime(
            day.year, day.month, day.day, self.random.randrange(24), self.random.randrange(60),
            self.random.randrange(60), tzinfo=COUNTY
        )

    def later(self, at, least=1, most=90):
        return at + datetime.timedelta(seconds=60 * self.random.randint(least, most))

    def make(self):
        self.make_people()
        self.make_rota()
        self.make_premises()
        self.make_operations()
        self.make_seizures()
        self.make_cases()
        self.make_the_rest()

    def make_people(self):
        self.teams, self.members, badge = {}, {}, 0

        def person(role, team="", group=""):
            nonlocal badge
            badge += 1
            number = f"QH{badge:03}"
            self.add("people.csv", badge=number, name="赵" + "一二三四五六七八九"[badge % 9] * 2,
                     unit=self.random.choice(UNITS), role=role, team=team, group=group,
                     phone=f"1380000{badge:04}")
            return number

        self.commanders = [person("commander") for _ in range(2)]
        self.desks = [person("desk", group="AB"[i % 2]) for i in range(4)]
        self.liaison = person("liaison")
        person("clerk"), person("inspector"), person("admin")
        for i in range(10):
            team, group = f"队{i + 1}", "AB"[i % 2]
            self.teams[team] = group
            self.members[team] = [person("lead", team, group)]
            self.members[team] += [person("officer", team, group) for _ in range(5)]

    def group_at(self, at):
        """Who is on duty: groups swap on Mondays at 08:00, day and night begin at 08 and 20."""
        start = at - datetime.timedelta(hours=8)
        weeks = (start.date() - FIRST).days // 7
        night = start.hour >= 12
        return "AB"[(weeks + night) % 2]

    def make_rota(self):
        day = FIRST
        while day <= LAST:
            for shift, hour in (("day", 8), ("night", 20)):
                starts = datetime.datetime(day.year, day.month, day.day, hour, tzinfo=COUNTY)
                ends = starts + datetime.timedelta(hours=12)
                self.add("rota.csv", date=day, shift=shift, group=self.group_at(starts),
                         starts_at=starts.isoformat(), ends_at=ends.isoformat())
            day += datetime.timedelta(days=1)

    def make_premises(self):
        self.township, self.enterprises, self.sites = {}, [], []
        for i in range(self.size):
            number = f"QY-{i + 1:04}"
            self.enterprises.append(number)
            self.township[number] = self.random.choice(TOWNSHIPS)
            self.add("enterprises.csv", enterprise=number, name=f"青河“{i + 1}”号\"铸造\"厂, 一分厂",
                     township=self.township[number], owner="钱某", lat=f"37.{i:05}",
                     lon=f"115.{i:05}", kind="foundry", responsible_1="孙某", responsible_2="李某",
                     measures="加装布袋除尘, 改用电炉", deadline=LAST)
            for name in ("孙某", "李某"):
                self.add("supervision.csv", enterprise=number, name=name, unit="环保局")
            self.make_steps(number)
        for i in range(self.size // 4):
            number = f"W{i + 1:03}"
            self.sites.append(number)
            self.township[number] = self.random.choice(TOWNSHIPS)
            self.add("sites.csv", site=number, township=self.township[number],
                     kind=self.random.choice(["brick_kiln", "smelter", "tannery"]),
                     lat="37.5", lon="115.5")

    def make_steps(self, number):
        steps = PATH[: self.random.randint(0, len(PATH))]
        if len(steps) >= 2 and self.random.random() < 0.3:
            steps.append("closed")
        at = self.moment(last=FIRST + datetime.timedelta(days=20))
        for step in steps:
            self.add("enterprise_events.csv", enterprise=number, event=step, at=self.stamp(at))
            at = self.later(at, 60, 60 * 24 * 25)

    def make_operations(self):
        self.orders = []
        for i in range(self.size):
            at = self.moment(FIRST + datetime.timedelta(days=1))
            group = self.group_at(at)
            on_duty = [team for team, of in self.teams.items() if of == group]
            teams = self.random.sample(on_duty, self.random.randint(1, 4))
            target = self.random.choice(self.enterprises + self.sites)
            order = {"number": f"令{i + 1:03}", "at": at, "teams": teams, "target": target}
            self.orders.append(order)
            self.add("operations.csv", operation=order["number"], issued_at=self.stamp(at),
                     desk=self.random.choice(self.desks), kind=self.random.choice(["raid", "check"]),
                     target=target, priority=self.random.choice(["flash", "urgent", "routine"]),
                     vehicles=self.random.randint(0, 6), machines=self.random.randint(0, 2),
                     teams=" ".join(teams))
            for team in teams:
                self.make_progress(order, team)

    def make_progress(self, order, team):
        at = order["at"]
        steps = ["acknowledged", "departed", "on_scene", "finished"]
        for status in steps[: self.random.choice([1, 3, 4, 4, 4, 4])]:
            at = self.later(at, 0, 60)
            self.add("progress.csv", operation=order["number"], team=team,
                     by=self.members[team][0], status=status, at=self.stamp(at))
        for badge in self.random.sample(self.members[team], self.random.randint(1, 6)):
            self.add("participants.csv", operation=order["number"], team=team, badge=badge)

    def make_seizures(self):
        item = 0
        for order in self.orders:
            crew = self.members[order["teams"][0]]
            for _ in range(self.random.choice([0, 0, 1, 2])):
                item += 1
                self.make_item(f"件{item:03}", order, crew)
        closed = set()
        for order in self.orders:
            site = order["target"]
            if site in self.sites and site not in closed and self.random.random() < 0.7:
                closed.add(site)
                self.add("shutdowns.csv", site=site, operation=order["number"],
                         by=self.members[order["teams"][0]][0],
                         at=self.stamp(self.later(order["at"])))

    def make_item(self, number, order, crew):
        sealed = self.random.random() < 0.5
        at = self.later(order["at"])
        officers = self.random.sample(crew, 2)
        self.add("seizures.csv", item=number, operation=order["number"], target=order["target"],
                 kind=self.random.choice(["furnace", "kiln", "fan_motor"]),
                 action="sealed" if sealed else "dismantled",
                 seal=f"青封{number}" if sealed else "", officer_1=officers[0],
                 officer_2=officers[1], at=self.stamp(at), specification="1,5t")
        if not sealed or self.random.random() < 0.4:
            return
        decided = at
        if self.random.random() < 0.5:
            decided = at + datetime.timedelta(days=self.random.randint(5, 25))
            self.add("seal_events.csv", item=number, event="extended", by=self.commanders[0],
                     at=self.stamp(decided))
        released = decided + datetime.timedelta(days=self.random.randint(1, 40))
        self.add("seal_events.csv", item=number, event="released", by=self.commanders[1],
                 at=self.stamp(released))

    def make_cases(self):
        self.suspects = {}
        paths = [
            ["listed_wanted", "captured", "detained", "arrest_requested", "arrest_approved"],
            ["detained", "arrest_requested", "arrest_approved"],
            ["detained", "arrest_requested", "arrest_refused", "discharged"],
            ["detained"], ["listed_wanted", "captured"], ["listed_wanted"], [],
        ]
        for i, order in enumerate(self.random.sample(self.orders, self.size // 4)):
            case, at = f"案{i + 1:02}", self.later(order["at"], 60, 4000)
            self.add("cases.csv", case=case, operation=order["number"], target=order["target"],
                     offence="污染环境", filed_at=self.stamp(at), by=self.liaison)
            filed = self.later(at, 0, 600)
            self.add("case_events.csv", case=case, event="filed", at=self.stamp(filed))
            if self.random.random() < 0.6:
                self.add("case_events.csv", case=case, event="solved",
                         at=self.stamp(self.later(filed, 60, 30000)))
            for j in range(self.random.randint(0, 2)):
                suspect, path = f"嫌{i + 1:02}-{j}", paths[(i + j) % len(paths)]
                self.add("suspects.csv", suspect=suspect, case=case, name="周某")
                self.suspects[suspect] = (case, path, self.make_suspect(suspect, case, path, filed))

    def make_suspect(self, suspect, case, path, at):
        for step in path:
            at = self.later(at, 1, 3000)
            self.add("suspect_events.csv", suspect=suspect, case=case, event=step,
                     at=self.stamp(at))
        return at

    def make_the_rest(self):
        for i in range(self.size * 2):
            at, team = self.moment(), self.random.choice(list(self.teams))
            self.add("notices.csv", notice=f"改{i + 1:04}", enterprise=self.random.choice(self.enterprises),
                     by=self.random.choice(self.members[team]), issued_at=self.stamp(at),
                     due_on=at.date() + datetime.timedelta(days=self.random.randint(1, 30)),
                     finding="未建\"台账\", 责令改正")
        for i in range(10):
            self.add("tips.csv", tip=f"线{i + 1}", received_at=self.stamp(self.moment()),
                     channel="letter", enterprise=self.random.choice(self.enterprises),
                     content="夜间冒烟", verified="yes" if i % 2 else "no", reward_yuan=100 * (i % 2))
            self.add("volunteers.csv", volunteer=f"义{i + 1}", name="吴某", village=f"{i + 1}村")
            self.add("interviews.csv", kind="township", at=self.stamp(self.moment()))
        for i in range(3):
            self.add("meetings.csv", meeting=f"会{i + 1}", held_at=self.stamp(self.moment()),
                     issues_raised=5, issues_resolved=4)

    # ------------------------------------------------------------ wrong rows

    def spoil(self, file, why, after=None, raw=None, **changes):
        """Adds a row like one of the good ones but for what is wrong; behind `after`, if given."""
        rows = self.rows[file]
        model = after or self.random.choice([row for row in rows if row.wrong is None])
        row = Row({**model.fields, **changes}, wrong=why)
        if raw is not None:
            row.raw = raw
        first = rows.index(after) + 1 if after else 0
        rows.insert(self.random.randint(first, len(rows)), row)
        return row

    def other_group(self, order):
        group = self.teams[order["teams"][0]]
        return next(team for team, of in self.teams.items() if of != group)

    def row_of(self, file, **fields):
        return next(row for row in self.rows[file] if row.wrong is None
                    and all(row.fields[key] == value for key, value in fields.items()))

    def spoil_all(self):
        self.spoil_orders()
        self.spoil_progress()
        self.spoil_seizures()
        self.spoil_cases()
        self.spoil_form()

    def spoil_orders(self):
        order = self.orders[3]
        issued = self.row_of("operations.csv", operation=order["number"])
        self.off_duty = self.spoil("operations.csv", "team off duty", after=issued,
                                   operation="令错1", teams=self.other_group(order))
        self.spoil("operations.csv", "unknown team", after=issued, operation="令错2", teams="队99")
        self.spoil("operations.csv", "unknown target", after=issued, operation="令错3", target="无此")
        self.spoil("operations.csv", "not a desk", after=issued, operation="令错4",
                   desk=self.members["队1"][1])
        self.spoil("operations.csv", "nobody", after=issued, operation="令错5", desk="QH999")
        self.spoil("operations.csv", "in the future", after=issued, operation="令错6",
                   issued_at="2099-01-01T00:00:00+08:00")
        self.spoil("operations.csv", "duplicate row", after=issued)
        self.spoil("operations.csv", "no number", after=issued, operation="令错7", vehicles="几辆")
        self.spoil("operations.csv", "unknown priority", after=issued, operation="令错8",
                   priority="soon")

    def spoil_progress(self):
        done = self.row_of("progress.csv", status="finished")
        one = self.row_of("progress.csv", status="acknowledged")
        team = next(team for team in self.teams if team != one.fields["team"])
        self.spoil("progress.csv", "somebody else's lead", after=one, by=self.members[team][0])
        self.spoil("progress.csv", "not a lead", after=one, by=self.members[one.fields["team"]][1])
        self.spoil("progress.csv", "out of order", after=done, status="departed")
        self.spoil("progress.csv", "before its order", after=one, at="2016-02-20T08:00:00+08:00")
        self.spoil("progress.csv", "in the future", after=done, at="2099-01-01T00:00:00+08:00")
        self.spoil("progress.csv", "unknown operation", after=done, operation="令无")
        self.spoil("progress.csv", "team not addressed", after=done, team="队99")
        self.spoil("progress.csv", "duplicate row", after=done)
        took = self.random.choice(self.rows["participants.csv"])
        self.spoil("participants.csv", "duplicate row", after=took)
        self.spoil("participants.csv", "nobody", after=took, badge="QH999")
        self.spoil("participants.csv", "another team's", after=took, badge=self.members[next(
            team for team in self.teams if team != took.fields["team"])][2])
        self.spoil("participants.csv", "unknown operation", after=took, operation="令无")

    def spoil_seizures(self):
        taken = self.row_of("seizures.csv", action="sealed")
        gone = self.row_of("seizures.csv", action="dismantled")
        late = "2016-06-01T08:00:00+08:00"
        self.spoil("seizures.csv", "one officer", after=gone, item="件错1", officer_2="")
        self.spoil("seizures.csv", "no officer", after=gone, item="件错2", officer_1="",
                   officer_2="")
        self.spoil("seizures.csv", "the same officer twice", after=gone, item="件错3",
                   officer_2=gone.fields["officer_1"])
        self.spoil("seizures.csv", "seal in use", after=taken, item="件错4", at=late)
        self.spoil("seizures.csv", "item sealed twice", after=taken, seal="青封另", at=late)
        self.spoil("seizures.csv", "sealed without a seal", after=taken, item="件错5", seal="")
        self.spoil("seizures.csv", "before its order", after=taken, item="件错6", seal="青封错6",
                   at="2016-02-20T08:00:00+08:00")
        self.spoil("seizures.csv", "unknown operation", after=gone, item="件错7", operation="令无")
        self.spoil("seizures.csv", "duplicate row", after=gone)
        if self.rows["seal_events.csv"]:
            event = self.random.choice(self.rows["seal_events.csv"])
            self.spoil("seal_events.csv", "before the sealing", after=event,
                       at="2016-02-20T08:00:00+08:00")
            self.spoil("seal_events.csv", "not a commander", after=event, by=self.members["队1"][1])
            self.spoil("seal_events.csv", "nothing was sealed", after=event,
                       item=gone.fields["item"])
        closure = self.random.choice(self.rows["shutdowns.csv"])
        self.spoil("shutdowns.csv", "closed already", after=closure, at=late)
        self.spoil("shutdowns.csv", "unknown operation", after=closure, operation="令无")

    def spoil_cases(self):
        case = self.random.choice(self.rows["cases.csv"])
        late = "2016-07-31T08:00:00+08:00"
        self.spoil("cases.csv", "another target", after=case, case="案错1", target=next(
            site for site in self.sites if site != case.fields["target"]))
        self.spoil("cases.csv", "before its order", after=case, case="案错2",
                   filed_at="2016-02-20T08:00:00+08:00")
        filed = self.random.choice(self.rows["case_events.csv"])
        self.spoil("case_events.csv", "before its case", after=filed, event="solved",
                   at="2016-02-20T08:00:00+08:00")
        self.spoil("case_events.csv", "unknown case", after=filed, case="案无")
        for suspect, (case, path, at) in self.suspects.items():
            if path == ["detained"]:
                self.rows["suspect_events.csv"].append(Row(
                    {"suspect": suspect, "case": case, "event": "arrest_approved", "at": late},
                    wrong="arrest not requested"))
            if path == ["listed_wanted"]:
                self.rows["suspect_events.csv"].append(Row(
                    {"suspect": suspect, "case": case, "event": "detained", "at": late},
                    wrong="step out of order"))
        self.spoil("notices.csv", "due before its issue", notice="改错1", due_on="2016-01-01")
        self.spoil("notices.csv", "unknown enterprise", notice="改错2", enterprise="QY-9999")
        self.spoil("notices.csv", "in the future", notice="改错3", due_on="2100-01-01",
                   issued_at="2099-01-01T00:00:00+08:00")
        step = self.row_of("enterprise_events.csv", event="suspended")
        self.spoil("enterprise_events.csv", "step out of order", after=step, event="accepted",
                   at="2016-02-20T08:00:00+08:00")
        self.spoil("enterprise_events.csv", "not a step", after=step, event="burnt_down")

    def spoil_form(self):
        self.spoil("notices.csv", "malformed time", notice="改错4", issued_at="05/03/2016 10:00")
        self.spoil("notices.csv", "no such day", notice="改错5",
                   issued_at="2016-02-30T10:00:00+08:00")
        self.spoil("notices.csv", "missing field", notice="改错6", finding="")
        self.spoil("notices.csv", "invalid UTF-8", raw="违规,".encode("gbk") + b"x,y,z,a,b,c")
        self.spoil("meetings.csv", "too few fields", raw=b"4,5")
        self.spoil("meetings.csv", "too many fields", raw=b"4,5,2016-03-01T10:00:00+08:00,A,B,C")
        self.spoil("people.csv", "missing field", badge="QH901", name="", role="officer", team="",
                   group="")
        self.spoil("people.csv", "unknown role", badge="QH902", role="emperor", team="", group="")
        shift = self.random.choice(self.rows["rota.csv"])
        self.spoil("rota.csv", "duplicate row", after=shift)

    # ------------------------------------------------------------ files

    def write(self, directory):
        os.makedirs(directory, exist_ok=True)
        refused = []
        for file, names in COLUMNS.items():
            end = b"\r\n" if file in CRLF else b"\n"
            columns = names.split()
            header = ",".join(columns + ["remark"] * (file in EXTRA)).encode()
            lines = [(b"\xef\xbb\xbf" if file in MARK else b"") + header]
            for row in self.rows[file]:
                lines.append(row.raw if row.raw is not None else self.line(file, columns, row))
                if row.wrong is not None:
                    refused.append({"file": file, "line": len(lines), "why": row.wrong})
            with open(os.path.join(directory, file), "wb") as out:
                out.write(end.join(lines) + end)
        return refused

    def line(self, file, columns, row):
        fields = [self.quote(row.fields[column]) for column in columns]
        return ",".join(fields + ["\"县里自己的, 备注\""] * (file in EXTRA)).encode()

    @staticmethod
    def quote(text):
        return "\"" + text.replace("\"", "\"\"") + "\"" if set(text) & set(",\"\n") else text


def make(directory, seed=1, size=60, wrong=False):
    """Makes the folder; gives the county and what is expected of it."""
    county = County(seed, size)
    county.make()
    if wrong:
        county.spoil_all()
    told = expected(county, county.write(directory))
    with open(os.path.join(directory, "expected.json"), "w", encoding="utf-8") as out:
        json.dump(told, out, ensure_ascii=False, indent=1)
    return county, told


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("directory")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--size", type=int, default=60, help="enterprises, and orders")
    parser.add_argument("--wrong", action="store_true", help="with wrong rows among the good")
    given = parser.parse_args()
    _, told = make(given.directory, given.seed, given.size, given.wrong)
    print(f"{told['rows']} rows, {len(told['refused'])} of them wrong")


if __name__ == "__main__":
    main()
