"""Counts the instructions of the hot path with callgrind and compares them with instructions.txt.

usage: instructions.py VALGRIND PROGRAM FILE [--write]
Fails where a case takes more than a tenth more than the file says; --write puts the counts there.
"""

import pathlib
import subprocess
import sys
import tempfile

CASES = {"record_interview": "a command: decoded, checked, decided, applied, answered",
         "report_step": "a step on an order to fifty teams",
         "fetch_woken": "a Fetch, parked and woken together with two hundred"}  # fmt: skip
FEW, MANY, TOLERANCE = 400, 1200, 1.10


def instructions(valgrind, program, case, count):
    with tempfile.NamedTemporaryFile() as out:
        subprocess.run(
            [valgrind, "--tool=callgrind", f"--callgrind-out-file={out.name}",
             "--toggle-collect=lq_host_take", "--toggle-collect=lq_host_turn",
             program, case, str(count)],
            check=True, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        for line in pathlib.Path(out.name).read_text().splitlines():
            if line.startswith(("summary:", "totals:")):
                return int(line.split()[1])
    raise RuntimeError("callgrind tells no sum")


def per_request(valgrind, program, case):
    few = instructions(valgrind, program, case, FEW)
    return (instructions(valgrind, program, case, MANY) - few) // (MANY - FEW)


def main():
    valgrind, program, file = sys.argv[1:4]
    known = {}
    for line in pathlib.Path(file).read_text().splitlines():
        if line and not line.startswith("#"):
            name, count = line.split()[:2]
            known[name] = int(count)
    lines, failed = [], False
    for case, what in CASES.items():
        count = per_request(valgrind, program, case)
        worse = case not in known or count > known[case] * TOLERANCE
        failed = failed or worse
        print(f"{case:18} {count:8} (was {known.get(case, 0)}){'  WORSE' if worse else ''}")
        lines.append(f"{case:18} {count:8}   # {what}")
    if "--write" in sys.argv:
        head = ["# Instructions in the service for one request (gcc 12, -O2, callgrind, memory store).",
                "# A change that makes one a tenth worse must change this file:",
                "#   tests/bench/instructions.py valgrind PROGRAM tests/bench/instructions.txt --write"]
        pathlib.Path(file).write_text("\n".join(head + lines) + "\n")
        return 0
    return 1 if failed else 0


sys.exit(main())
