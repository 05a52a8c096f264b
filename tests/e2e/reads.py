"""Every command of lq that reads, as somebody at a terminal of 80 columns reads it, in both languages: no line is
wider, and what is Chinese has no word of our own code in it. The verbs come from `lq help --list`; one that writes
stands in WRITES, so that a new one is either walked or named here."""

import json
import re
from concurrent.futures import ThreadPoolExecutor

from system import check
from terminal import COLUMNS, ESCAPE, run_on_terminal, width

# Verbs that write, by noun and verb; those of steps are known by their options.
WRITES = {tuple(line.split()) for line in """
up|web cert|web hash|import|order issue|order ack|order depart|order arrive|order finish|order decline|order cancel
order add|order relieve|order withdraw|order reopen|order amend|order help|order crew|order join|call open|shift plan
shift move|shift roll-call|shift register|shift ask-absence|shift ask-swap|shift leave|shift amend|absence ask|swap ask
roll call|seizure propose|seizure extend|seizure release|seizure close|item propose|item extend
item release|power record|case open|case file|case solve|case identify|case suspect
|penalty record|detention decide|notice issue|ledger register|ledger assign|ledger replace
ledger stand-in|ledger arrive|ledger leave|ledger measure|ledger track|ledger ask-acceptance|ledger step|limit decide
video register|video retire|video alive|tips record|tips verify|tips volunteer|tip record|oversight record-meeting
oversight record-interview|oversight record-issue|budget set|grant propose|meeting record|plan record|task assign
bulletin publish|backup|restore|key issue|key pair|key revoke|take|pause|outbox send|outbox edit|outbox drop|sign-on
again|correct|void|clock confirm|diverged accept|handover freeze|handover sign|handover refuse|paper issue
paper print|paper serve|attach|evidence get|evidence upload|evidence drop-upload|dispatch mark-seen
""".replace("\n", "|").split("|") if line}
PROGRAMS = {("metrics",), ("completion",)}  # whose output programs read
ALONE = {"shift mine": ["P1119"], "shift preview": ["--to", "2015-09-10"], "bulletin": [], "stats records": ["行动"], "watch": ["--from-start", "--count", "40"]}


def verbs_of(system):
    """Those that read: (noun, verb) and what a position of it takes."""
    found = {}
    for line in system.lq("help", "--list").stdout.splitlines():
        words = line.split()
        cut = 2 if len(words) > 1 and re.match(r"[a-z]", words[1]) else 1
        if words[0] != "*" and not any(word.startswith("--officer=") for word in words):
            found[tuple(words[:cut])] = [word for word in words[cut:] if not word.startswith("--")]
    missing = (WRITES | PROGRAMS) - set(found)
    check(not missing, f"no such verbs, or they take steps: {missing}")
    return {verb: takes for verb, takes in found.items() if verb not in WRITES | PROGRAMS}


def rows(system, *arguments):
    """A list as JSON, or nothing."""
    done = system.lq(*arguments, "--json")
    told = json.loads(done.stdout) if done.returncode == 0 and done.stdout else []
    return told if isinstance(told, list) else []


def samples(found):
    """Numbers of a list: the first one's, and of those that say most."""
    numbers = [str(row.get("number") or row.get("badge") or "") for row in
               found[:1] + sorted(found, key=lambda row: -len(json.dumps(row)))[:2]]
    return [one for one in dict.fromkeys(numbers) if one]


def lines_of(system):
    """What is typed: each verb that reads, about something that is there."""
    verbs = verbs_of(system)
    numbers = {verb[0]: samples(rows(system, *verb)) for verb in verbs if verb[1:] == ("list",)}
    numbers["shift"] = samples(rows(system, "shift", "people"))
    numbers["people"] = samples(rows(system, "shift", "people"))
    numbers["suspect"] = [row["suspects"][0]["number"] for row in rows(system, "case", "list") if row.get("suspects")][:1]
    numbers["acceptance"] = samples(rows(system, "ledger", "acceptances"))
    numbers["seizure"], numbers["file"] = numbers["item"], numbers["ledger"]
    for verb, takes in verbs.items():
        line = " ".join(verb)
        if line in ALONE:
            yield [*verb, *ALONE[line]]
        elif verb == ("shift", "next"):
            pass  # of a shift, which lists know by its day
        elif not takes or verb[-1] in ("list", "people", "uptime", "rota", "verify", "status"):
            yield [*verb]
        else:
            for number in numbers.get(verb[0], []):
                yield [*verb, number]
    for by in "township", "month", "team", "department", "week", "day", "kind":
        yield ["stats", "--by", by]
    yield from (["order", "list", "--all"], ["due", "--all"], ["stats", "--compare", "last", "--from", "2015-07-13", "--to", "2015-07-19"], ["status"],
                *(["help", noun] for noun in {verb[0] for verb in verbs}), ["help"], ["oversight", "interviews", "--kind", "企业"])
    for kind, noun in (("指令", "order"), ("设备", "item"), ("刑事案件", "case"), ("人员", "people"), ("场所", "ledger"),
                       ("整改通知单", "notice"), ("督办任务", "task")):
        for number in numbers[noun]:
            yield ["log", kind, number]
            yield ["audit", "--of", kind, number]
    for service in system.json("status"):
        if service.get("tip", {}).get("seq"):
            yield ["record", f"{service['service']}#{service['tip']['seq']}"]
            yield ["record", f"{service['service']}#1"]


# What stands in a Chinese line as it is: what is typed, records, files and addresses, rules of the law, keys and
# hashes, numbers of things and of editions; units; the two keys that every system has; programs.
AS_IT_IS = [re.compile(pattern) for pattern in (
    r"\S{40}$", r"（纸质台账（.*", r"--[a-z-]+(?: [A-Z]+\b)?", r"\blq(?: [a-z][a-z-]*\b){0,3}", r"\b[a-z]+#\d+",
    r"\b[a-z]+\.(?:csv|yaml|xlsx|json|key|html)\b", r"\b(?:tcp|ipc|rtsp|https?)://\S*", r"/\S+", r"\bOP-[A-Z-]+",
    r"\blaw-[\d-]+\+cal-[\d-]+", r"\bforms-\d+", r"\b(?=\w*\d)[A-Za-z0-9_/+-]+\b",
    r"\b(?:KiB|MiB|GiB|clerk|admin|lianqin\w*|PID|CSV|JSON)\b",
)]
LATIN = re.compile(r"[A-Za-z_]{2,}")


def latin(line, text):
    """A word of our own code in a line of Chinese, if there is one. (Help names what is typed.)"""
    if line[0] == "help":
        return None
    if line[0] in ("status", "verify"):  # where the services have both names
        text = re.sub(r"^([\u4e00-\u9fff]+) [a-z]+\b", r"\1", text)
    for pattern in AS_IT_IS:
        text = pattern.sub(" ", text)
    return next(iter(LATIN.findall(text)), None)


def walk(system):
    """Runs them all, in both languages; gives what is wrong."""
    wrong = []

    def one(line, language):
        code, told = run_on_terminal(system, *line, "--lang", language, errors=True)
        if code not in (0, 1, 3):
            wrong.append(f"lq {' '.join(line)}: {code}: {told}")
        for text in ESCAPE.sub("", told).split("\n"):
            text = text.split("\r")[-1]  # of a line that shows how far it is, the last
            why = f"{width(text)} columns" if width(text) > COLUMNS else language == "zh" and latin(line, text)
            if why:  # a width, or a word
                wrong.append(f"lq {' '.join(line)}: {why}:\n    {text}")

    with ThreadPoolExecutor(max_workers=2) as pool:
        list(pool.map(lambda pair: one(*pair),
                      [(line, language) for line in lines_of(system) for language in ("en", "zh")]))
    return wrong


def read_all(system):
    wrong = walk(system)
    check(not wrong, f"{len(wrong)} lines that no official should read:\n" + "\n".join(wrong))
