#!/usr/bin/python3
"""Tab in bash and zsh: nouns, verbs, options and values of the tables of verbs, in the person's
language, and the numbers that there are, quickly or not at all."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import force
from system import System, check

# Types the line into bash's completion, as readline hands it over: words parted at blanks and '='.
DRIVER = r"""
source <("$LQ" completion bash)
COMP_WORDS=("$LQ" "${@:1}")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
COMP_LINE="${COMP_WORDS[*]}"
COMP_POINT=${#COMP_LINE}
_lq "$LQ" "${COMP_WORDS[COMP_CWORD]}" ""
printf '%s\n' "${COMPREPLY[@]}"
"""


class Shell:
    def __init__(self, lq, data):
        self.lq, self.data = os.path.abspath(lq), data

    def complete(self, line, locale="C.UTF-8", cwd=None):
        """What bash offers at the end of the line."""
        words = [part for word in line.split(" ") for part in re.split("(=)", word)
                 if part or "=" not in word]
        if line.endswith("="):
            words.append("")
            words.remove("") if words.count("") > 1 else None
        done = subprocess.run(["bash", "-c", DRIVER, "lq", *words], stdin=subprocess.DEVNULL,
                              capture_output=True, check=True, encoding="utf-8", timeout=600,
                              cwd=cwd or os.path.dirname(self.data),
                              env={**os.environ, "LQ": self.lq, "LQ_DATA": self.data, "LC_ALL": locale,
                                   "LANGUAGE": ""})
        check(done.stderr == "" or "setlocale" in done.stderr, f"{line}: {done.stderr}")
        return [one for one in done.stdout.split("\n") if one]


def check_offered(shell, line, *wanted, locale="C.UTF-8", only=False):
    offered = shell.complete(line, locale)
    missing = [one for one in wanted if one not in offered]
    check(not missing, f"{line!r}: {missing} is not offered, but {offered}")
    check(not only or sorted(offered) == sorted(wanted), f"{line!r}: {offered}, not only {wanted}")


def without_a_system(shell, lq):
    listed = subprocess.run([lq, "help", "--list"], capture_output=True, check=True,
                            encoding="utf-8").stdout.splitlines()
    verbs = [line.split() for line in listed if not line.startswith("*")]
    nouns = {words[0] for words in verbs}
    check_offered(shell, "", "help", *nouns, only=True)
    check_offered(shell, "ord", "order", only=True)
    for noun in nouns:
        named = {words[1] for words in verbs
                 if words[0] == noun and len(words) > 1 and re.fullmatch("[a-z][a-z-]+", words[1])}
        if named:
            check_offered(shell, f"{noun} ", *named)
            check_offered(shell, f"help {noun} ", *named, only=True)
    check_offered(shell, "order issue --", "--kind", "--priority", "--override", "--as", "--lang")
    check_offered(shell, "order issue --pri", "--priority", only=True)
    check_offered(shell, "order issue --priority ", "flash", "urgent", "routine", only=True)
    check_offered(shell, "order issue --priority=", "flash", "urgent", "routine", only=True)
    check_offered(shell, "order issue --priority=u", "urgent", only=True)
    check_offered(shell, "order issue --kind ra", "raid", only=True)
    check_offered(shell, "stats records person", "person_times", only=True)
    check_offered(shell, "shift register X1 --role d", "desk", only=True)
    check_offered(shell, "ledger step E0001 susp", "suspended", only=True)
    check_offered(shell, "log ord", "order", only=True)
    check_offered(shell, "watch disp", "dispatch", only=True)
    check_offered(shell, "order list --from tod", "today", only=True)
    check_offered(shell, "status --lang ", "zh", "en", only=True)
    check_offered(shell, "completion ", "bash", "zsh", only=True)
    check_offered(shell, "order show ", only=True)  # nobody to ask
    check_offered(shell, "nothing of ours ", only=True)
    check_offered(shell, "order nothing ", only=True)
    with open(os.path.join(os.path.dirname(shell.data), "a ledger.csv"), "wb"):
        check_offered(shell, "status --key a", "a ledger.csv")
    for line, wanted in (("order issue --priority ", ["特急", "紧急", "一般"]),
                         ("order issue --priority 特", ["特急"]),
                         ("order issue --priority fl", ["flash"]),
                         ("shift people --role 调", ["调度台"]), ("log 指", ["指令"]),
                         ("watch 调", ["调度"]), ("stats records 封", ["封存"]),
                         ("seizure list --kind 冲", ["冲天炉"])):
        check_offered(shell, line, *wanted, locale="zh_CN.UTF-8", only=True)


def with_a_system(shell, system):
    check_offered(shell, "order ack ", "O0001", only=True)
    check_offered(shell, "order ack O", "O0001", only=True)
    check_offered(shell, "order show o0", "O0001", only=True)
    check_offered(shell, "order ack O0001 ", "T01", "T02", only=True)
    check_offered(shell, "order issue --target ", "E0001", "E0002", only=True)
    check_offered(shell, "ledger show E0002", "E0002", only=True)
    check_offered(shell, "ledger list --township ", "甲镇", "乙镇", only=True)
    check_offered(shell, "order list --as ", "D1", "C1", "H1", "L1", "M1", "L2")
    check_offered(shell, "order ack O0001 --for L", "L1", "L2", only=True)
    check_offered(shell, "log order ", "O0001", only=True)
    check_offered(shell, "file ", "E0001", "E0002", only=True)
    check_offered(shell, "watch --order=", "O0001", only=True)
    system.lq("oversight", "record-interview", "official", "--later")
    check_offered(shell, "outbox drop ", "1", only=True)
    check(not os.path.exists(os.path.join(system.data, "keys", "L2.key")), "it has made keys")

    # What was seen last, when nobody answers; and not longer than a moment.
    check(system.lq("order", "list").returncode == 0, "order list")
    bus = system.pid_of("bus")
    os.kill(bus, signal.SIGSTOP)
    try:
        took = []
        for line in "order ", "ledger show ":
            begun = time.monotonic()
            check_offered(shell, line, only=line != "order ", *(["issue"] if line == "order " else []))
            took.append(time.monotonic() - begun)
        check(took[1] - took[0] < 2, f"it waits for the bus: {took}")
        check_offered(shell, "order ack ", "O0001", only=True)
    finally:
        os.kill(bus, signal.SIGCONT)


def main():
    lq = os.path.abspath(sys.argv[1])
    scripts = {one: subprocess.run([lq, "completion", one], capture_output=True, check=True).stdout
               for one in ("bash", "zsh")}
    check(subprocess.run([lq, "completion", "fish"], capture_output=True).returncode == 2, "fish?")
    for name, script in scripts.items():
        if shutil.which(name) is not None:
            done = subprocess.run([name, "-n"], input=script, capture_output=True, check=False)
            check(done.returncode == 0 and done.stderr == b"", f"{name}: {done.stderr}")
    with tempfile.TemporaryDirectory() as directory:
        without_a_system(Shell(lq, os.path.join(directory, "var")), lq)
    with System(lq) as system:
        force.load(system)
        force.order(system, "O0001")
        with_a_system(Shell(lq, system.data), system)


if __name__ == "__main__":
    main()
