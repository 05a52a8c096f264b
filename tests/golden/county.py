"""What a golden store is made of, and what is asked of it: the ledgers of a small county, imported
with wrong rows among the good, a live evening on top of them, and the month after it (SCRIPTS)."""

import json
import os
import re
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "e2e"))

import make_county  # noqa: E402
from play import play, say  # noqa: E402
from system import check  # noqa: E402

SERVICES = "shift monitor ledger dispatch seizure casefile tips fund oversight evidence stats".split()
SEED, SIZE = 12, 24
COMMANDER, DESK, LEAD, OTHER_LEAD, THIRD_LEAD, OFFICER = \
    "QH001", "QH003", "QH011", "QH023", "QH035", "QH012"
INSPECTOR = "QH009"  # to whom everything is told, but the pieces of files
SCRIPTS = "august.txt", "late_august.txt"
STARTS = "2016-08-01 08:30"
POLICY = "revision: golden\nacceptance: {signatures: 3, experts: 1, video_hours: 0}\nminimum: {lead: 5}\n" \
    "papers: {agency: 献县环境保护局, abbreviation: 献环, government: 献县人民政府, superior: 沧州市环境保护局, " \
    "court: 献县人民法院, public_security: 献县公安局}\n"
READINGS = {"casefile", "tips", "evidence"}  # who record what they tell of people
COMMAND_ID = "0190a5c4-1b2d-7e3f-8a4b-5c6d7e8f9a0b"

# What was typed, whose key signed, and the exit code: 0 accepted, 1 rejected.
LIVE = [
    ("clerk", 0, "shift plan --from yesterday --to tomorrow"),
    ("clerk", 0, "shift register QH900 --name 周新 --role officer --team 队1 --group A --unit 环保局"),
    ("clerk", 1, "shift register QH900 --name 周新 --role officer --team 队1 --group A --unit 环保局"),
    ("clerk", 0, "shift amend QH900 --phone 13900000000"),
    ("clerk", 0, "shift register QH901 --name 吕离 --role officer --team 队1 --group A --unit 环保局"),
    ("clerk", 0, "shift leave QH901"),
    ("clerk", 1, "shift leave QH901"),
    ("clerk", 0, "ledger register QY-9000 --name 新厂 --township 青石镇 --owner 钱某 --kind foundry"
                 " --responsible 孙某 --responsible 李某 --measures 加装布袋除尘 --deadline 2016-12-31"),
    ("clerk", 0, "ledger register W900 --name 新窑 --township 柳河乡 --kind brick_kiln"
                 " --standing unlicensed_site"),
    ("clerk", 0, "ledger assign QY-9000 吴某 --unit 环保局"),
    ("clerk", 0, "ledger replace QY-9000 郑新 --unit 公安局 --replaces 吴某"),
    ("clerk", 1, "ledger replace QY-9000 冯新 --unit 公安局 --replaces 吴某"),
    ("clerk", 0, "ledger step QY-9000 suspended"),
    ("clerk", 1, "ledger step QY-9000 accepted"),
    (COMMANDER, 0, "order issue --kind raid --target QY-9000 --priority urgent --vehicles 3"
                   " --machines 1 --team 队1 --team 队3 --team 队5 --instructions 从北门进"
                   " --number 新1 --override --reason 人手不足"),
    (DESK, 1, "order issue --kind raid --target QY-9000 --team 队1"),
    (DESK, 1, "order issue --kind check --target QY-9999 --team 队1"),
    (LEAD, 1, "order arrive 新9"),
    (LEAD, 0, "order ack 新1"),
    (LEAD, 0, "order depart 新1"),
    (LEAD, 0, "order arrive 新1"),
    (DESK, 0, "order ack 新1 --for QH023 --reason 电台"),
    (OTHER_LEAD, 0, "order depart 新1"),
    (THIRD_LEAD, 0, "order decline 新1 --why 车坏了"),
    (THIRD_LEAD, 1, "order ack 新1"),
    ("clerk", 0, "order join 新1 队1 QH011"),
    ("clerk", 0, "order join 新1 队1 QH012"),
    ("clerk", 1, "order join 新1 队1 QH012"),
    (LEAD, 0, "seizure record 新件1 --order 新1 --target QY-9000 --kind kiln --action dismantled"
              " --specification 2t --officer QH011 --officer QH012"),
    (LEAD, 1, "seizure record 新件1 --order 新1 --target QY-9000 --kind kiln --action dismantled"
              " --officer QH011 --officer QH012"),
    (COMMANDER, 1, "seizure extend 新件1"),
    (LEAD, 0, "order finish 新1"),
    (COMMANDER, 0, "order issue --kind demolition --target W900 --team 队2 --number 新2"
                   " --override --reason 人手不足"),
    ("QH017", 0, "order ack 新2"),
    ("QH017", 0, "order depart 新2"),
    ("QH017", 0, "order arrive 新2"),
    ("QH017", 0, "seizure close W900 --order 新2"),
    ("QH017", 1, "seizure close W900 --order 新2"),
    (COMMANDER, 0, "order issue --kind check --target QY-0005 --team 队7 --number 新3"
                   " --override --reason 人手不足"),
    (COMMANDER, 0, "order cancel 新3 --why 误报"),
    ("QH007", 0, "case open 新案1 --order 新1 --target QY-9000 --offence 污染环境"),
    ("QH007", 1, "case open 新案1 --order 新1 --target QY-9000 --offence 污染环境"),
    ("QH007", 0, "case file 新案1"),
    ("QH007", 0, "case identify 新案1 新人1 郑某"),
    ("QH007", 0, "case suspect 新案1 新人1 detained"),
    ("QH007", 0, "case suspect 新案1 新人1 arrest_requested"),
    ("QH007", 0, "case suspect 新案1 新人1 arrest_refused"),
    ("QH007", 1, "case suspect 新案1 新人1 arrest_approved"),
    ("QH007", 0, "case suspect 新案1 新人1 discharged"),
    ("QH007", 0, "case identify 新案1 新人2 冯某"),
    ("QH007", 0, "case suspect 新案1 新人2 listed_wanted"),
    ("QH007", 0, "case suspect 新案1 新人2 captured"),
    ("QH007", 0, "case solve 新案1"),
    (LEAD, 0, "notice issue 新改1 QY-9000 --due tomorrow --finding 无台账"),
    (LEAD, 1, "notice issue 新改1 QY-9000 --due tomorrow --finding 无台账"),
    ("clerk", 0, "tips record 新线1 --channel letter --premises QY-9000 --content 夜间冒烟"
                 " --verified --reward 500"),
    ("clerk", 1, "tips record 新线2 --channel letter --premises QY-9999 --content 夜间冒烟"),
    ("clerk", 0, "tips record 新线3 --channel letter --premises QY-9000 --content 夜间冒烟"),
    ("clerk", 0, "tips verify 新线3 --reward 300"),
    ("clerk", 1, "tips verify 新线3 --reward 300"),
    ("clerk", 0, "tips volunteer 新志1 何某 --village 东村"),
    ("clerk", 0, "oversight record-meeting 900 --raised 3 --resolved 1"),
    ("clerk", 1, "oversight record-meeting 900 --raised 3 --resolved 1"),
    ("clerk", 0, "oversight record-issue --meeting 900 --subject 东村砖窑复燃 --owner QH003 --due 2016-07-01"),
    ("clerk", 0, "oversight record-issue --meeting 900 --subject 台账不全 --owner 环保局 --due 2016-07-15"
                 " --verdict resolved"),
    ("clerk", 1, "oversight record-issue --meeting 901 --subject 台账不全 --owner 环保局 --due 2016-07-15"),
    ("clerk", 0, f"oversight record-interview official --id {COMMAND_ID}"),
    ("clerk", 0, f"oversight record-interview official --id {COMMAND_ID}"),
    ("clerk", 0, "oversight record-interview enterprise --at 2016-06-01T09:30"),
]

# What every later version must show as it was shown then. Nothing that depends on the time of day.
SHOWS = [
    "shift people", "shift rota --from 2016-03-01 --to 2016-03-07", "ledger list", "ledger counts",
    "ledger show QY-0004", "ledger show QY-9000", "order list --all", "order show 新1",
    "order show 新2", "order show 新3", "order show 令016", "seizure list", "seizure show 件004",
    "seizure show 件009", "seizure closures", f"case list --as {COMMANDER}",
    f"case show 新案1 --as {COMMANDER}", f"case show 案02 --as {COMMANDER}",
    "notice list", "tips volunteers", "oversight meetings", "oversight interviews",
    "oversight issues", "oversight issues --owner QH003",
    "stats", "stats --from 2016-03-14 --to 2016-04-15", "stats --by township", "stats --by month",
    "stats --by team", "stats records person_times", "stats records dismantled",
    # The month after.
    "due --overdue --limit 5000", "due --within 30d --limit 5000", f"alerts --as {COMMANDER}", "absence list", "swap list", "roll list", "shift show QH012",
    "shift people --on-duty --on 2016-08-06T09:00",
    "ledger show QY-9010", "ledger show QY-9012", "ledger acceptances", "limit list", "limit show XC0001",
    "ledger coverage --premises QY-9012 --on 2016-08-01", "ledger pairs --on 2016-08-01", "order show 夏1", "call list",
    "handover list", "item show 夏件1", "item show 夏件3", "item show 夏件4", "item show 夏件5", "power list",
    "penalty list", "penalty show 夏罚1", f"detention list --as {COMMANDER}", f"detention show 夏拘1 --as {COMMANDER}",
    f"case show 夏案1 --as {COMMANDER}", f"notice show 夏改1 --as {COMMANDER}", f"paper list --as {COMMANDER}",
    f"paper show 献环查〔2016〕1号 --as {COMMANDER}", f"tips list --as {COMMANDER}", "meeting list", "plan list", "task list",
    "task show 督1", f"budget list --as {COMMANDER}", f"grant list --as {COMMANDER}", "video list", "video show 夏视2",
    "video uptime 夏视2 --from 2016-08-01T15:31 --to 2016-08-01T15:45", f"evidence list --as {COMMANDER}",
    "bulletin list", "bulletin 周报〔2016〕2号", "stats --by department", "stats --by shift",
    "stats --as-of 2016-08-01T10:00", "stats records cases_filed", "log order 夏1", "log channel 夏视2", "log premises QY-9012",
]

# What a file that is kept must give, byte for byte: of what it is, and which file (play.photograph).
FILE = ("person", "QH900", "photo")

# One new command to each service, none of which depends on the clock of the machine; stats books
# what the others did.
AGAIN = [
    ("clerk", 0, "shift amend QH900 --name 周更新"),
    ("clerk", 0, "ledger assign QY-9000 卫某 --unit 公安局"),
    ("clerk", 0, "order join 令016 队9 QH064 --at 2016-03-19T09:00 --for QH059 --reason 补记"),
    ("clerk", 0, "seizure record 再件1 --order 令016 --target QY-0009 --kind kiln --action dismantled"
                 " --officer QH059 --officer QH063 --at 2016-03-19T09:30 --for QH059 --reason 补记"),
    ("clerk", 0, "notice issue 再改1 QY-0009 --due 2016-05-01 --finding 再查 --at 2016-03-20T09:00"
              " --for QH059 --reason 补记"),
    ("clerk", 0, "tips record 再线1 --channel letter --premises QY-0009 --content 再报"
                 " --at 2016-03-20T09:00"),
    ("clerk", 0, "oversight record-interview township_head --at 2016-06-02T09:30"),
    ("clerk", 0, "oversight record-issue --meeting 900 --subject 再议 --owner 环保局 --due 2016-07-30"),
]


# The same of services that the first stores do not have.
AGAIN_NEWER = {
    "monitor": ("clerk", "video register QY-0005 --address tcp://10.1.2.9:554 --number 再视1"),
    "fund": (COMMANDER, "budget set 再预1 --line experts --ceiling 1000"),
    "evidence": ("clerk", "attach person QH900 {letter}"),
}


def configure(living):
    """The county's policy, before its system is started: who is there is too few without all leads, cameras need
    not have answered for a day."""
    folder = os.path.join(living.data, "config")
    os.makedirs(folder, mode=0o700)
    os.chmod(living.data, 0o700)
    with open(os.path.join(folder, "policy.yaml"), "w", encoding="utf-8") as file:
        file.write(POLICY)


def work(living):
    """Everything of which a golden store is made."""
    with tempfile.TemporaryDirectory() as folder:
        make_county.make(folder, SEED, SIZE, wrong=True)
        code, refused, said = living.import_folder(folder)
        check(code == 1 and refused, f"the import ended with {code}: {said}")
    leads = ["QH007"] + [f"QH{11 + 6 * team:03}" for team in range(10)]
    check(living.lq("key", "issue", COMMANDER, DESK, OFFICER, *leads).returncode == 0, "keys")
    for who, code, line in LIVE:
        say(living, who, code, line)
    lines = []
    for script in SCRIPTS:
        with open(os.path.join(HERE, script), encoding="utf-8") as file:
            lines += file
    play(living, lines)


def kind_of(stream, event):
    """A step's kind is that of the thing and its verb, too; a record without an event is a rejection, or
    not told to anybody."""
    name = next((key for key in event if key != "clocks"), "rejected")
    step = event.get("step_taken")
    return f"{stream}.{name}" + (f" {step['kind']} {step['verb']}" if step else "")


def records(living, tips):
    """The first record of each kind of event, and how many there are of each kind, as the inspector is told."""
    first, counts = {}, {}
    for stream in SERVICES:
        for seq in range(1, tips[stream] + 1):
            done = living.lq("record", f"{stream}#{seq}", "--json", "--as", INSPECTOR)
            record = json.loads(done.stdout) if done.returncode == 0 else {"event": {}}
            kind = kind_of(stream, record["event"])
            counts[kind] = counts.get(kind, 0) + 1
            if counts[kind] == 1 and record["event"]:
                first[f"{stream}#{seq}"] = record
    return first, dict(sorted(counts.items()))


def verified(living, *arguments):
    done = living.lq("verify", "--json", *arguments)
    check(done.returncode == 0, f"lq verify ended with {done.returncode}: {done.stderr}")
    return {one["service"]: one for one in json.loads(done.stdout)}


def event_kinds(service):
    """The members of the oneof in message Event, as the proto of this service has them."""
    with open(os.path.join(ROOT, "proto", f"{service}.proto"), encoding="utf-8") as proto:
        event = re.search(r"^message Event \{(.*?)^\}", proto.read(), re.S | re.M).group(1)
    return re.findall(r"^    [\w.]+ (\w+) = \d+;", event, re.M)
