"""Counts the instructions of the hot path with callgrind and compares them with instructions.txt.

usage: instructions.py VALGRIND PROGRAM FILE [--write]
Fails where a case takes more than a tenth more than the file says; --write puts the counts there.
The parts of a case are told, not compared: a part that grows shows in the whole.
"""

import pathlib
import re
import subprocess
import sys
import tempfile

CASES = {"record_interview": "a command: decoded, checked, decided, applied, answered",
         "report_step": "a step on an order to fifty teams",
         "fetch_woken": "a Fetch, parked and woken together with two hundred"}  # fmt: skip
FEW, MANY, TOLERANCE = 400, 1200, 1.10

# Each part with all that it calls. They overlap: a request is checked as it is decoded, and decide
# and apply read rows, which checks them, and write them, which encodes them.
PARTS = {"decode": "lq_pb_decode", "check": "lq_pb_check", "decide": r"(oversight|dispatch)_(record|report|issue)_\w+",
         "apply": r"apply_record(\.\w+)?", "encode": "lq_pb_encode"}  # fmt: skip


def inclusive(counts, pattern):
    """A function's count; of several that fit, the one that has the others within it."""
    fitting = [count for name, count in counts if re.fullmatch(pattern, name)]
    return max(fitting, default=0)


def count(valgrind, program, case, number):
    """Instructions in all, and of each part."""
    with tempfile.NamedTemporaryFile() as out:
        subprocess.run(
            [valgrind, "--tool=callgrind", f"--callgrind-out-file={out.name}",
             "--toggle-collect=lq_host_take", "--toggle-collect=lq_host_step",
             program, case, str(number)],
            check=True, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        said = subprocess.run(
            ["callgrind_annotate", "--inclusive=yes", "--auto=no", "--threshold=100", out.name],
            check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        ).stdout  # fmt: skip
    counts = [
        (name, int(number.replace(",", "")))
        for number, name in re.findall(r"^ *([\d,]+) \([ \d.]+%\)  \S+:(\w+) \[", said, re.MULTILINE)
    ]
    total = re.search(r"^ *([\d,]+) .*PROGRAM TOTALS", said, re.MULTILINE)
    if total is None:
        raise RuntimeError("callgrind tells no sum")
    parts = {part: inclusive(counts, pattern) for part, pattern in PARTS.items()}
    return {"total": int(total[1].replace(",", "")), **parts}


def per_request(valgrind, program, case):
    few, many = (count(valgrind, program, case, number) for number in (FEW, MANY))
    return {name: (many[name] - few[name]) // (MANY - FEW) for name in few}


def known_counts(file):
    known = {}
    for line in pathlib.Path(file).read_text().splitlines():
        if line and not line.startswith("#"):
            name, total = line.split()[:2]
            known[name] = int(total)
    return known


def write(file, lines):
    columns = " ".join(f"{name:>8}" for name in ["total", *PARTS])
    head = [
        "# Instructions in the service for one request (gcc 12, -O2, callgrind, memory store).",
        "# A change that makes a total a tenth worse must change this file:",
        "#   scripts/bench --instructions --write",
        "# The parts are inclusive and overlap: a request is checked as it is decoded, and decide and",
        "# apply check rows as they read them and encode those that they write.",
        f"# {'':16} {columns}",
    ]
    pathlib.Path(file).write_text("\n".join(head + lines) + "\n")


def main():
    valgrind, program, file = sys.argv[1:4]
    known = known_counts(file)
    lines, failed = [], False
    for case, what in CASES.items():
        counts = per_request(valgrind, program, case)
        worse = case not in known or counts["total"] > known[case] * TOLERANCE
        failed = failed or worse
        parts = ", ".join(f"{part} {counts[part]}" for part in PARTS)
        print(f"{case:18} {counts['total']:8} (was {known.get(case, 0)}){'  WORSE' if worse else ''}"
              f"  of it: {parts}", flush=True)  # fmt: skip
        numbers = " ".join(f"{number:8}" for number in counts.values())
        lines.append(f"{case:18} {numbers}   # {what}")
    if "--write" in sys.argv:
        write(file, lines)
        return 0
    return 1 if failed else 0


sys.exit(main())
