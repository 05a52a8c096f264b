"""Takes out of a coverage report of gcovr (JSON) the branches of a switch that no value takes.

A switch of ours names every value of its enum and has no `default:`. gcc still counts a branch for
all other numbers: it is the last of the switch. What cannot come at all (an unset oneof, the
number that only makes the enum as wide as an int) is named too, and leads by the last group of
labels to a `break;` and from there to LQ_UNREACHABLE(): that is the last branch but one. Nothing
else is taken out.
"""

import json
import re
import sys

SWITCH = re.compile(r"^(\s*)switch \(")


def not_counted(source, at):
    """How many of the last branches of the switch in line `at` no value takes."""
    indent = SWITCH.match(source[at]).group(1)
    end = next(i for i in range(at + 1, len(source)) if source[i].startswith(indent + "}"))
    body = source[at + 1 : end]
    if any(line.strip() == "default:" for line in body):
        return 0
    asserted = source[end + 1].strip().startswith("LQ_UNREACHABLE();")
    impossible = re.search(r"(_IS_INT_SIZE|__NOT_SET):$", body[-2].strip()) is not None
    return 2 if asserted and impossible and body[-1].strip() == "break;" else 1


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        report = json.load(file)
    for covered in report["files"]:
        with open(covered["file"], encoding="utf-8") as file:
            source = file.read().split("\n")
        for line in covered["lines"]:
            at = line["line_number"] - 1
            if line.get("branches") and SWITCH.match(source[at]):
                count = not_counted(source, at)
                line["branches"] = line["branches"][: len(line["branches"]) - count]
    json.dump(report, sys.stdout)


main()
