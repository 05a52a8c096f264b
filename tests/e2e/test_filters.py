#!/usr/bin/python3
"""A list that is asked for something that there is not says so, with what is near or what there is;
an empty list means that there is nothing of what there is."""

import sys

import force
from system import System, check

# What is asked, and what must be said; "" where the empty list is the answer.
ASKED = [
    ("ledger list --township 甲阵", 'did you mean "甲镇"?'),
    ("ledger list --township nowhere", "there are: 甲镇, 乙镇"),
    ("ledger list --township 甲镇 --status closed", ""),
    ("ledger list --status done", "--status takes one of "),
    ("ledger list --text nowhere", ""),
    ("ledger counts --township 甲阵", 'did you mean "甲镇"?'),
    ("order list --team T99", "there is no team T99"),
    ("order list --team 9", "there is no team T09"),
    ("order list --team T02", ""),
    ("seizure list --kind cupol", 'did you mean "cupola"?'),
    ("seizure list --kind transformer", "there are: cupola"),
    ("seizure list --target E0009", "there is no premises E0009"),
    ("seizure list --target E0002", ""),
    ("seizure list --state lost", "--state takes one of"),
    ("case list --offence theft", ""),  # there is no case at all
    ("notice list --premises E0009", "there is no premises E0009"),
    ("notice list --premises E0001", ""),
    ("tips list --premises 9", "there is no premises E0009"),
    ("oversight interviews --kind official", "there are: enterprise"),
    ("oversight issues --owner nobody", ""),
    ("shift people --team T99", "there is no team T99"),
    ("shift people --group C", "there are: A"),
    ("shift people X9", "there is no person X9"),
    ("shift people --role boss", "--role takes one of"),
    ("shift people --role inspector", ""),
    ("stats records sealed --kind cupol", 'did you mean "cupola"?'),
    ("stats records sealed --kind cupola --to 2015-01-01", ""),
    ("stats records ledger --kind gone", 'there is no kind "gone"'),
    ("watch --order O9999", "there is no order O9999"),
    ("watch --team T99", "there is no team T99"),
    ("watch nowhere", 'there is no service "nowhere"'),
    ("verify nowhere", "nowhere"),
    # a question is not passed over: it is of now
    ("order list --at 13:14", "--at says when something happened"),
    ("order show O0001 --at 13:14", "--at says when something happened"),
    ("stats --at 13:14", "--at says when something happened"),
    ("status --at 13:14", "--at says when something happened"),
    ("order list --later", "--later keeps an act"),
    ("order isue", 'did you mean "issue"? There are: issue, list, show'),
    ("order zzz", "there are: issue, list, show"),
]


def main():
    with System(sys.argv[1]) as system:
        force.load(system)
        done = system.lq("ledger", "register", "E0003", "--name", "丙厂", "--township", "乙镇")
        check(done.returncode == 0, done.stderr)
        force.order(system, "O0001")
        done = system.lq("--as", "L1", "seizure", "record", "I0001", "--order", "O0001", "--target",
                         "E0001", "--kind", "cupola", "--action", "sealed", "--seal", "F1",
                         "--officer", "L1", "--officer", "M1")
        check(done.returncode == 0, done.stderr)
        check(system.lq("oversight", "record-interview", "enterprise").returncode == 0, "interview")
        system.tips()  # what is counted is counted
        for line, said in ASKED:
            done = system.lq(*line.split())
            if said:
                check(done.returncode in (1, 2) and said in done.stderr and done.stdout == "",
                      f"lq {line}: {done.returncode} {done.stdout}{done.stderr}")
            else:
                check(done.returncode == 0 and done.stdout == "(none)\n",
                      f"lq {line}: {done.returncode} {done.stdout}{done.stderr}")
        done = system.lq("seizure", "list", "--kind", "transformer", "--json")
        check(done.returncode == 1 and done.stdout == "", f"as JSON: {done.stdout}")
        done = system.lq("--lang", "zh", "seizure", "list", "--kind", "变压器")
        check(done.returncode == 1 and "没有种类“变压器”；现有：冲天炉" in done.stderr, done.stderr)
        done = system.lq("--lang", "zh", "seizure", "list", "--kind", "冲天炉")
        check(done.returncode == 0 and "I0001" in done.stdout, done.stderr)
        done = system.lq("--lang", "zh", "stats", "records", "封存", "--kind", "冲天炉")
        check(done.returncode == 0 and "I0001" in done.stdout and "冲天炉" in done.stdout,
              done.stdout + done.stderr)


if __name__ == "__main__":
    main()
