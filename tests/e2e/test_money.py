#!/usr/bin/python3
"""From the camera to the money (acceptance story 18): an enterprise is accepted only while its camera has answered
without a break, its subsidy is granted once, by two different people, and finance pays it. And: what a lead's
terminal has shown him the desk sees."""

import os
import sys

from driven import Driven
from system import check

XIAN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "configs", "xian")
DAY = "2015-07-20"


def set_up(system):
    system.do("import", XIAN)
    system.tips()
    people = (("V0001", "gateway"), ("P3001", "acceptor"), ("P3002", "acceptor"), ("P3009", "expert"), ("P4001", "finance"),
              ("P4002", "head"))
    for badge, role in people:
        system.do("shift", "register", badge, "--name", badge, "--unit", "环境保护局", "--role", role, by="admin")
    for badge in [badge for badge, _ in people] + ["P1001", "P1015", "P1007"]:
        system.do("key", "issue", badge)


def report(system, first, last):
    for minute in range(first, last + 1):
        time = f"{DAY} {8 + minute // 60:02}:{minute % 60:02}:00"
        system.at(time)
        system.do("video", "alive", "SP0001", "--at", time, by="V0001")


def accepted_while_seen(system):
    system.do("video", "register", "E0046", "--place", "熔炼车间", "--address", "tcp://10.1.2.46:554", by="clerk")
    number = system.do("ledger", "ask-acceptance", "E0046", by="P1015").split()[1]
    for badge in ("P3001", "P3002", "P3009"):
        system.do("acceptance", "sign", number, by=badge)
    report(system, 1, 60)
    said = system.do("acceptance", "pass", number, by="P1015", code=1)
    check("unbroken live video" in said and "signatures 3 of 3" in said, said)
    report(system, 61, 62)
    system.do("acceptance", "pass", number, by="P1015")
    check(system.json("ledger", "show", "E0046")["entry"]["status"] == "accepted", "it is not accepted")


def paid_once(system):
    said = system.do("grant", "propose", "--line", "视频补贴", "--premises", "E0046", by="clerk", code=1)
    check("BUDGET_UNKNOWN" in said, said)
    system.do("budget", "set", "--line", "视频补贴", "--ceiling", "2000", "--paper", "献政发〔2015〕8号", by="P1001")
    said = system.do("grant", "propose", "--line", "camera", "--premises", "E0047", by="clerk", code=1)
    check("NOT_ELIGIBLE" in said, said)
    number = system.do("grant", "propose", "--line", "camera", "--premises", "E0046", by="clerk").split()[1]
    row, = system.json("grant", "list", "--as", "clerk")
    check((row["number"], row["amount_yuan"], row["state"]) == (number, 1500, "proposed"), f"{row}")
    said = system.do("grant", "propose", "--line", "camera", "--premises", "E0046", "--lang", "zh", by="clerk", code=1)
    check("GRANTED_ALREADY" in said and "不得重复" in said, said)
    check("STEP_NOT_POSSIBLE" in system.do("grant", "pay-out", number, by="P4001", code=1), "paid unapproved")
    system.do("grant", "approve", number, by="P1001")
    check("SAME_APPROVER" in system.do("grant", "approve", number, by="P1001", code=1), "approved twice by one")
    system.do("grant", "approve", number, by="P4002")
    check("STEP_NOT_YOURS" in system.do("grant", "pay-out", number, by="P1001", code=1), "the commander paid")
    system.do("grant", "pay-out", number, by="P4001")
    check("pay" not in system.do("grant", "next", number, by="P4001"), "it can be paid again")
    row, = system.json("budget", "list", "--as", "P1001")
    check((row["granted_yuan"], row["paid_yuan"], row["left_yuan"]) == (1500, 1500, 500), f"{row}")
    check(system.lq("grant", "list", "--as", "P1015").returncode == 1, "a lead reads who gets money")
    file = system.do("file", "E0046", "--as", "P1001")
    for what in ("SP0001", "YS0001", number):
        check(what in file, f"the file of E0046 does not name {what}")
    check(number not in system.do("file", "E0046", by="P1015"), "the file tells a lead of the money")


def seen_by_the_lead(system):
    system.do("shift", "amend", "P1007", "--role", "desk", "--group", "B", "--rank", "desk_chief", by="admin")
    system.do("key", "issue", "P1119")
    number = system.do("order", "issue", "--kind", "raid", "--target", "E0213", "--priority", "urgent", "--team",
                       "T14", "--override", "--reason", "试验", by="P1001").split()[1]

    def part():
        return system.json("order", "show", number)["order"]["assignments"][0]
    check(not part().get("delivered_at_ms"), "it is delivered to nobody's terminal")
    # From the start: so it does not matter whether the order or the watch comes first.
    system.do("watch", "dispatch", "--order", number, "--from-start", "--count", "1", by="P1119")
    check(part().get("delivered_at_ms"), "it is not delivered")
    check(not part().get("read_at_ms"), "it is read already")
    system.do("order", "show", number, by="P1119")
    check(part().get("read_at_ms"), "that he opened it is not known")
    check("已读" in system.do("order", "board", "--lang", "zh", by="P1007"), "the board does not say so")


def main():
    system = Driven(sys.argv[1], f"{DAY} 08:00")
    with system:
        with open(os.path.join(system.data, "config", "policy.yaml"), "w", encoding="utf-8") as file:
            file.write("revision: money\nacceptance: {signatures: 3, experts: 1, video_hours: 1}\n")
        system.restart()
        set_up(system)
        accepted_while_seen(system)
        paid_once(system)
        seen_by_the_lead(system)


if __name__ == "__main__":
    main()
