#!/usr/bin/python3
"""Whose language is Chinese reads nothing in English: every verb that `lq help --list` names is run
in every way in which it can go wrong, and on a small force with everything that it prints. A line
that has an English word which is neither typed, nor a name or number, fails."""

import os
import re
import shutil
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import force
from system import System, check

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
PROTO, TERMINALS = os.path.join(ROOT, "proto"), os.path.join(ROOT, "terminals", "lq")

# Words that stay as they are in a Chinese sentence.
NAMES = set("""
lianqin lianqind lianqin-probe lianqin-web chmod
yaml json csv tar xlsx excel zip office jpeg png heic tiff pdf mov kib mib gib tib utf rfc ctrl iso bom sha
lmdb curve tcp rtsp host port bus config bash zsh source tab prometheus http
table auto always never language
https pem web true
lq_as lq_bus lq_data lc_all lang no_color
clerk admin
""".split())  # programs; forms of files and numbers; parts, protocols, shells; what --format and --color take, a
# setting by its name; variables of the environment; the two keys that every system has
COMMANDS = re.compile(r"\blq(?: [a-z][a-z-]*\b){0,2}")  # "lq outbox send", within any sentence
ENGLISH = re.compile(r"[A-Za-z][A-Za-z_-]*[A-Za-z]{2}")
# what stands for itself: options, paths and addresses, records, files, settings by their name, the
# codes of rejections, numbers with letters in them
THINGS = [re.compile(pattern) for pattern in (
    r"^(?:# |lianqin_).*",  # for programs: lq metrics
    r"[!-~]{40}$",  # a public key
    r"\b\w+ \([A-Z]\d\)", r'"\w+"', r"'\w+'",  # a ledger's columns; what a file has
    r"--[a-z][a-z-]*", r"(?:tcp|ipc|rtsp)://\S*", r"[\w.*-]*/[^\s，。；：（）()“”]*", r"\b[a-z]+#\d+", r"\b\d{4}-\d\d-\d\d-\w+",
    r"\b[\w*-]+\.(?:yaml|csv|xlsx|jpg|png|pdf|key|tar|gz|request|unreadable|lock|bundle|positions|log|mdb)\b",
    r"[(（][A-Z][A-Z_]+[)）]", r"\bOP-[A-Z]*", r"\blaw-[\d-]+\+cal-[\d-]+", r"\b(?=\w*\d)[A-Za-z0-9_]+\b",
)]


def words_of_settings():
    """The keys of lianqin.yaml and policy.yaml, of a file that sets up a terminal and of published figures."""
    keys = set()
    for name in ("lianqin.yaml", "policy.yaml"):
        with open(os.path.join(ROOT, "configs", name), encoding="utf-8") as file:
            keys |= set(re.findall(r"^ *(\w+):", file.read(), re.M))
    return keys | {"badge", "address", "bus", "public", "secret"}


def words_of_proto():
    """The words that can be typed for a value: people read them where they are told what to type."""
    words = set()
    for name in os.listdir(PROTO):
        if name.endswith(".proto"):
            with open(os.path.join(PROTO, name), encoding="utf-8") as file:
                words |= {word.lower() for word in
                          re.findall(r"^\s*([A-Z][A-Z0-9_]*) = \d+;", file.read(), re.M)}
    with open(os.path.join(TERMINALS, "show", "kinds.c"), encoding="utf-8") as file:
        return words | set(re.findall(r'LQ_TR_LATER\("(\w+)"\)', file.read()))


class Scan:
    def __init__(self, lq, data):
        self.lq, self.data, self.wrong = os.path.abspath(lq), data, []
        self.folder = os.path.dirname(data)  # where lq backup nichts makes a file of that name
        listed = self.run_plain("help", "--list").stdout.splitlines()
        self.verbs = {}  # "order ack" -> its arguments
        for line in listed:
            words = line.split()
            cut = 2 if len(words) > 1 and re.match(r"[a-z]", words[1]) else 1
            self.verbs[tuple(words[:cut])] = words[cut:]
        self.globals = self.verbs.pop(("*",))
        self.typed = {word for verb in self.verbs for word in verb} | {"help"}
        with_data = self.run_plain("status", "--json").stdout
        self.services = set(re.findall(r'"service": "(\w+)"', with_data))
        self.values = words_of_settings() | words_of_proto() | {"township", "month", "team", "last"}

    def run_plain(self, *arguments):
        return subprocess.run([self.lq, "--data", self.data, *arguments], stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=600, check=False, encoding="utf-8",
                              env={**os.environ, "LC_ALL": "C.UTF-8"})

    def lq_chinese(self, *arguments, data=None, patience=60):
        """Runs it and scans what it says; every second time --lang is what asks for Chinese."""
        line = [self.lq, "--data", data or self.data, *arguments]
        locale = "zh_CN.UTF-8"
        if sum(map(len, line)) % 2 == 0:
            line, locale = line + ["--lang", "zh"], "C"
        environment = {key: value for key, value in os.environ.items()
                       if key not in ("LANGUAGE", "LANG", "LC_MESSAGES")}
        with subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, encoding="utf-8", errors="replace",
                              cwd=self.folder, env={**environment, "LC_ALL": locale}) as process:
            try:
                out, err = process.communicate(timeout=patience)
            except subprocess.TimeoutExpired:
                process.terminate()
                out, err = process.communicate()
        told_what_to_type = not arguments or "--help" in arguments or "help" in arguments
        for text in out, err:
            for one in text.splitlines():
                self.look(one, arguments, told_what_to_type or text is err)
        check(process.returncode >= 0, f"{arguments} was killed: {err}")
        return process.returncode, out, err

    def look(self, line, arguments, told_what_to_type):
        rest = line.replace(os.path.dirname(self.data), "/")
        for pattern in [COMMANDS, *THINGS]:
            rest = pattern.sub(" ", rest)
        for typed in sorted((one for one in arguments if len(one) > 2), key=len, reverse=True):
            rest = re.sub(rf"\b{re.escape(typed.split('=')[-1])}\b", " ", rest)
        next_steps = "下一步" in line
        for word in ENGLISH.findall(rest):
            known = word.lower() in NAMES or word in self.services
            if told_what_to_type:
                known = known or word.lower() in self.values
            if told_what_to_type or next_steps:
                known = known or word in self.typed
            if not known:
                self.wrong.append(f"lq {' '.join(arguments)}\n    {word}: {line}")
                return

    def all(self, lines):
        with ThreadPoolExecutor(max_workers=3) as pool:
            list(pool.map(lambda line: self.lq_chinese(*line), lines))


WAITS = {("up",), ("watch",)}  # until they are ended


def wrong_lines(scan):
    """Every verb in every way in which a line can be wrong."""
    yield from ([], ["help"], ["--help"], ["help", "nichts"], ["nichts"], ["--nichts"])
    for option in scan.globals:
        name, _, takes = option.partition("=")
        if takes:
            yield ["status", name]
            yield ["status", f"{name}=§", f"{name}=§"]
            yield ["status", f"{name}=§"]
    for noun in {verb[0] for verb in scan.verbs}:
        yield ["help", noun]
        yield [noun, "nichts"]
        yield [noun, "lisst"]
    for verb, arguments in scan.verbs.items():
        positions = [one for one in arguments if not one.startswith("--")]
        options = [one.partition("=") for one in arguments if one.startswith("--")]
        given = [*verb, *(["X999"] * len(positions))]
        yield [*verb, "--help"]
        yield [*verb, "--nichts"]
        yield [*given, "§§", "§§"]
        if verb not in WAITS:
            yield [*verb]
            yield given
        for at, (name, equals, _) in enumerate(options):
            if at == 0:
                yield [*given, name] if equals else [*given, f"{name}=§"]
            if equals and (verb not in WAITS or name in ("--after", "--count", "--listen")):
                yield [*given, f"{name}=§"]


# ---------------------------------------------------------------- what goes well, and what the rules refuse

# Every kind of command once, as people type it in Chinese; then what they can read of it.
ACCEPTED = """
--as D1 order issue --kind 突击检查 --target e1 --priority 特急 --team t1,t2 --number O0001 --vehicles 2 --at 今天\u00a000:00
--as L1 order ack 1 --at 今天\u00a000:00
--as L1 order depart 1 --at 今天\u00a000:00
--as L1 order arrive 1
--as D1 --for L2 --reason 电话报告 order decline 1 T02 --why 车辆故障
--as L1 order join 1 T01 M1
--as L1 seizure record I0001 --order 1 --target E0001 --kind 冲天炉 --action 查封 --seal F001 --officer L1 --officer M1
--as L1 seizure record I0002 --order 1 --target E0001 --kind 变压器 --action 拆除 --officer L1 --officer M1
--as H1 seizure extend I0001
--as H1 seizure release I0001
shift register G1 --name 钱联 --role 公安联络员
shift register V1 --name 视频网关 --role 视频网关
--as G1 case open A001 --order 1 --target 1 --offence 污染环境罪
--as G1 case file A001
--as G1 case identify A001 R1 张三
--as G1 case suspect A001 R1 上网追逃
--as G1 case suspect A001 R1 抓获
--as G1 case solve A001
--as L1 notice issue N001 1 --due 明天 --finding 未安装除尘设备
ledger step 1 停产
ledger step 1 排查
ledger assign 1 李四 --unit 环保局
ledger replace 1 王五 --unit 公安局 --replaces 李四
ledger register S001 --township 甲镇 --kind 冲天炉 --standing 无证场所
video register 1 --address rtsp://10.1.2.3/1
--as V1 video alive SP0001
tips record Q001 --channel 来信 --premises 1 --content 夜间开工
tips verify Q001 --reward 100
tips volunteer V1 赵六 --village 东村
oversight record-meeting M001 --raised 3 --resolved 1
oversight record-interview 企业
oversight record-issue --number WT1 --meeting M001 --subject 资金 --owner 环保局 --due 明天 --verdict 未解决
shift register X1 --name 周七 --role 组员 --team T02 --group A
shift amend X1 --role 内勤 --team= --group=
shift leave X1
shift plan --from 明天 --to 明天 --first A
--as L1 order finish 1
""".strip().splitlines()

# What the rules say no to, once more for each service, and what has no such thing.
REJECTED = """
--as D1 order issue --kind 突击检查 --target E0001 --team T01 --number O0001
--as D1 order issue --kind 突击检查 --target E0009 --team T01
--as D1 order issue --kind 突击检查 --target E0001 --team T09
--as L1 order issue --kind 突击检查 --target E0001 --team T01
--as L1 order ack 1
--as L1 order depart 1 T02
--as L2 order arrive 1
--as D1 --for L2 order ack 1 T02
--as D1 --for Y9 --reason 电话 order ack 1 T02
--as L1 order finish 1 --at 2099-01-01\u00a000:00
--as D1 order cancel 1 --why 天气
--as L1 order join 1 T01 Y9
--as L1 seizure record I0001 --order 1 --target E0001 --kind 冲天炉 --action 查封 --seal F001 --officer L1 --officer M1
--as H1 seizure extend I0001
--as H1 seizure release I0002
seizure close S009 --order 1
seizure show I0009
--as G1 case open A001 --order 1 --target 1 --offence 污染环境罪
--as G1 case suspect A001 R1 批准逮捕
--as G1 case suspect A001 R1 抓获 --at 2015-01-01\u00a000:00
--as G1 case suspect A001 R9 抓获
--as G1 case solve A001
case show A009
--as L1 notice issue N001 1 --due 明天 --finding 无
--as L1 notice issue N002 1 --due 2015-01-01 --finding 无
ledger step 1 恢复试生产
ledger step 1 排查 --at 2015-01-01\u00a000:00
video register 1 --address http://10.1.2.3
video register 1 --address tcp://10.1.2.3
video register 9 --address tcp://10.1.2.3:554
video alive SP0001
--as V1 video alive SP0009
--as V1 video alive SP0001 --at 2015-01-01 00:00
video retire SP0001 --why 拆除 --at 2015-01-01 00:00
video retire SP0009 --why 拆除
video show SP0009
ledger assign 9 李四 --unit 环保局
ledger replace 1 王五 --unit 公安局 --replaces 钱七
ledger show 9
tips record Q001 --channel 来信 --premises 1 --content 夜间开工
tips verify Q009
tips volunteer V1 赵六 --village 东村
oversight record-meeting M001 --raised 3 --resolved 1
oversight record-meeting M002 --raised 1 --resolved 3
oversight record-issue --number WT2 --meeting M009 --subject 资金 --owner 环保局 --due 明天
oversight record-issue --number WT2
shift register D1 --name 王台 --role 调度台
shift register X2 --name 王二 --role 组长 --team T01 --group A
shift leave X9
shift amend X9 --name 无
record dispatch#999
record nichts#1
log 指令 O0009
--as L1 attach 指令 1 /nonexistent/照片.jpg
--as L1 attach 指令 1 /etc/passwd
--as L1 attach 指令 1 /etc/passwd --later
evidence get 指令 1 --to /nonexistent/here
evidence get abcdef012 --to /nonexistent/here
evidence drop-upload --sha256 1
log 船 1
file E0009
again
outbox drop 7
outbox edit 7 --reason 无
key issue X9
key issue --all --as D1
verify nichts
backup /nonexistent/here.backup
restore /nonexistent/here.backup
sign-on /nonexistent/here.bundle
import /nonexistent
status --key /nonexistent/here.key
status --bus tcp://127.0.0.1:1
status --as Y9
stats --compare /nonexistent.yaml
""".strip().splitlines()

READ = """
status
order list
order list --all
order show 1
shift now
shift rota
shift people
seizure list
seizure show 1
seizure closures
case list
case show A001
notice list
ledger list
ledger show 1
ledger counts
video list
video show 1
video state
video dark
video uptime
log 视频通道 1
tips list
tips volunteers
oversight meetings
oversight interviews
oversight issues
evidence list
stats
stats --by township
stats --by month
stats --by team
stats --by department
ledger pairs --on 2015-05-01
ledger unmanned
stats records 行动
stats records 封存
watch --from-start --count 20
watch dispatch --from-start --count 1
watch --after dispatch=0 --count 1
log 指令 1
log 设备 1
log 嫌疑人 R1
file 1
record dispatch#1
key list
key issue D1
key issue L1 --bundle
outbox
verify
help
""".strip().splitlines()


def words_of(line):
    return [word.replace("\u00a0", " ") for word in line.split(" ")]


def work(scan):
    for line in ACCEPTED:
        code, _, err = scan.lq_chinese(*words_of(line))
        check(code == 0, f"lq {line}: {code} {err}")
    for line in REJECTED:
        code, _, _ = scan.lq_chinese(*words_of(line))
        check(code != 0, f"lq {line}: it went well")
    for line in READ:
        code, _, err = scan.lq_chinese(*words_of(line))
        check(code == 0, f"lq {line}: {code} {err}")


def keep_and_send(scan):
    for line in ("--as L1 order ack 1 --later", "oversight record-meeting M1 --raised 1 --resolved 3 --later",
                 "oversight record-meeting M2 --raised 1 --resolved 1 --later"):
        scan.lq_chinese(*words_of(line))
    scan.lq_chinese("outbox")
    scan.lq_chinese("--as", "L1", "outbox")
    scan.lq_chinese("outbox", "send")
    _, listed, _ = scan.lq_chinese("outbox")
    check("M1" in listed, f"what was rejected is not listed: {listed}")
    scan.lq_chinese("outbox", "edit", "1", "--raised", "x")
    scan.lq_chinese("outbox", "edit", "1", "--raised", "5")
    scan.lq_chinese("outbox", "drop", "1")


# ---------------------------------------------------------------- what the machine refuses

SETTINGS = ["bus:\n  listen: nowhere\n", "bos: 1\n", "bus: [1\n", "a: b: c\n", "journal:\n  map_gib: x\n",
            "journal:\n  map_gib:\n", "language: de\n", "\tbus: 1\n", "bus: {listen\n", "- 1\n",
            "bus: 1\n", "bus: {}\nbus: {}\n", "&a b: 1\n", "language: !x zh\n", "bus: \"\n", "\xff\n",
            "web:\n  listen: nowhere\n", "web:\n  listen: http://0.0.0.0:1\n", "web:\n  tls_listen: h\n",
            "web:\n  tls_listen: https://h:1\n", "web:\n  names: [a b]\n"]


def faults(scan, directory):
    bad = os.path.join(directory, "坏")
    os.makedirs(os.path.join(bad, "config"))
    for text in SETTINGS:
        with open(os.path.join(bad, "config", "lianqin.yaml"), "w", encoding="latin-1") as file:
            file.write(text)
        code, _, _ = scan.lq_chinese("up", data=bad)
        check(code != 0, f"{text!r} is taken")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        scan.lq_chinese("up", "--listen", f"tcp://127.0.0.1:{other.getsockname()[1]}",
                        data=os.path.join(directory, "占"))
    scan.lq_chinese("up")  # it is up already
    empty = os.path.join(directory, "空")
    os.makedirs(empty)
    for line in ("status", "verify", "order list", "key list", "outbox", "backup x.backup"):
        check(scan.lq_chinese(*line.split(), data=empty)[0] != 0 or line == "outbox", line)
    file = os.path.join(directory, "文件")
    with open(file, "wb") as one:
        one.write(b"no store, no backup, no ledger")
    for line in ("restore", "sign-on"):
        scan.lq_chinese(line, file, data=empty)
    scan.lq_chinese("status", data=file)
    scan.lq_chinese("up", data=file)
    scan.lq_chinese("import", file)
    scan.lq_chinese("stats", "--compare", file)


def with_stores(scan, directory):
    """Backup and restore, and stores that are damaged."""
    backup = os.path.join(directory, "all.backup")
    for line in ("backup", backup), ("backup", backup):  # the second time it is there
        scan.lq_chinese(*line)
    other = os.path.join(directory, "另")
    scan.lq_chinese("restore", backup, data=other)
    scan.lq_chinese("restore", backup, data=other)
    scan.lq_chinese("verify", data=other)
    with open(backup, "r+b") as file:
        file.truncate(os.path.getsize(backup) // 2)
    scan.lq_chinese("restore", backup, data=os.path.join(directory, "半"))
    store = os.path.join(other, "journal", "tips")
    check(os.path.isdir(store), os.listdir(other))
    with open(os.path.join(store, "data.mdb"), "r+b") as file:
        file.write(b"\xff" * 8192)
    scan.lq_chinese("verify", data=other)
    shutil.rmtree(store)
    scan.lq_chinese("verify", data=other)
    ledgers = os.path.join(directory, "账")
    os.makedirs(ledgers)
    for name, text in (("people", "badge,name\nX1,周\n"), ("tips", "编号,渠道\n1,2,3\n"),
                       ("meetings", "meeting,held_at,issues_raised,issues_resolved\nM9,x,1,1\nM8,2015-03-06,a,1\n"),
                       ("rota", force.rota())):
        with open(os.path.join(ledgers, name + ".csv"), "w", encoding="utf-8") as file:
            file.write(text)
        scan.lq_chinese("import", ledgers, "--dry-run")
    os.remove(os.path.join(ledgers, "people.csv"))
    os.remove(os.path.join(ledgers, "tips.csv"))
    scan.lq_chinese("import", ledgers)
    scan.lq_chinese("import", ledgers)


def scripts():
    """What scripts/run says: each sentence of it is there in both languages."""
    for name in "run", "lib.sh":
        with open(os.path.join(ROOT, "scripts", name), encoding="utf-8") as file:
            for line in file:
                if re.match(r"[^(]*\b(?:say|die|echo) ", line) and "{" not in line:
                    check("in_words" in line or "needs_directory" in line, f"scripts/{name}: {line}")
    for arguments in ("--lang", "zh", "--help"), ("--lang=zh", "--data="):
        done = subprocess.run([os.path.join(ROOT, "scripts", "run"), *arguments], check=False,
                              stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8",
                              env={**os.environ, "LC_ALL": "C.UTF-8"})
        said = done.stdout + done.stderr
        check(re.search("[\u4e00-\u9fff]", said) and "needs" not in said, f"{arguments}: {said}")


def main():
    scripts()
    with System(sys.argv[1]) as system:
        force.load(system)
        scan = Scan(sys.argv[1], system.data)
        check(len(scan.verbs) > 60 and len(scan.services) > 6, "what is there to scan?")
        work(scan)
        keep_and_send(scan)
        faults(scan, system.directory)
        with_stores(scan, system.directory)
        scan.all(wrong_lines(scan))
        shown = list(dict.fromkeys(scan.wrong))
        check(not shown, f"{len(shown)} lines have English in them:\n" + "\n".join(shown))


if __name__ == "__main__":
    main()
