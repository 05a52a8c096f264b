#!/usr/bin/python3
"""What an upload takes, and what it takes from the others: evidence.py BIN ROUNDS

A photograph of 5 MiB is attached to premises by lq, as a lead does it, ROUNDS times (another one each time); then
orders go to two hundred terminals and are acknowledged (lq-bench cycle), in turns alone and beside
photographs that come one after the other. Fails if the median upload takes more than a second, or the
p99 of the acknowledgements beside it is twice what it is alone."""

import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))
import force  # noqa: E402
from system import System  # noqa: E402

MIB = 1 << 20
MOST_S, TIMES, CYCLES = 1, 2, 40


def photograph(system, number):
    head = b"\xff\xd8\xff\xe0\x00\x10JFIF\0" + bytes(9) + b"\xff\xda\x00\x02"
    data = random.Random(number).randbytes(5 * MIB - len(head) - 2).replace(b"\xff", b"\xfe")
    path = os.path.join(system.directory, f"{number}.jpg")
    with open(path, "wb") as file:
        file.write(head + data + b"\xff\xd9")
    return path


def attach(system, path):
    began = time.perf_counter()
    done = system.lq("attach", "premises", "E0001", path, "--as", "L1")  # the orders' stream is the bench's
    taken = time.perf_counter() - began
    if done.returncode != 0:
        sys.exit(done.stderr)
    return taken


def flush_of(folder):
    """The disk's own: 4 KiB written and flushed."""
    path, taken = os.path.join(folder, "flush"), []
    with open(path, "wb", buffering=0) as file:
        for _ in range(100):
            began = time.perf_counter()
            file.write(bytes(4096))
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def cycle(bin, system):
    """The median and p99 of an order's way to a terminal and back, in ms."""
    told = subprocess.run([bin / "lq-bench", system.data, f"cycle={CYCLES}"], check=True,
                          stdout=subprocess.PIPE, encoding="utf-8").stdout
    figures = dict(line.split() for line in told.splitlines())
    of = {name.rpartition(".")[2]: float(value) / 1000 for name, value in figures.items() if name.endswith("_us")}
    return of["p50_us"], of["p99_us"]


class Uploads(threading.Thread):
    """Photographs, one after the other, until it is stopped."""

    def __init__(self, system, first):
        super().__init__()
        self.system, self.next, self.going, self.taken = system, first, True, []

    def run(self):
        while self.going:
            path = photograph(self.system, self.next)
            self.next += 1
            self.taken.append(attach(self.system, path))
            os.unlink(path)

    def stop(self):
        self.going = False
        self.join()
        return self.next


def main():
    bin, rounds = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    with System(bin / "lq") as system, tempfile.TemporaryDirectory(dir=system.directory) as folder:
        force.load(system)
        flush = flush_of(folder)
        taken = [attach(system, photograph(system, number)) for number in range(rounds + 1)][1:]
        alone, beside, during = [], [], []
        cycle(bin, system)  # not counted
        number = 1000
        for _ in range(max(3, rounds // 3)):
            alone.append(cycle(bin, system))
            uploads = Uploads(system, number)
            uploads.start()
            beside.append(cycle(bin, system))
            number = uploads.stop()
            during += uploads.taken
    upload = statistics.median(taken)
    print(f"| {rounds} photographs of 5 MiB | median s | most s |\n|---|--:|--:|")
    print(f"| `lq attach`, alone | {upload:.2f} | {max(taken):.2f} |")
    print(f"| beside 200 terminals | {statistics.median(during):.2f} | {max(during):.2f} |\n")
    print("| an order to 200 terminals, acknowledged | p50 ms | p99 ms |\n|---|--:|--:|")
    shown = {}
    for name, figures in (("alone", alone), ("beside uploads", beside)):
        shown[name] = [statistics.median(figure[i] for figure in figures) for i in (0, 1)]
        print(f"| {name} | {shown[name][0]:.1f} | {shown[name][1]:.1f} |")
    print(f"\nA flush of the disk took {flush * 1000:.2f} ms.")
    if upload > MOST_S:
        sys.exit(f"a photograph of 5 MiB takes {upload:.2f} s; at most {MOST_S} is allowed")
    if shown["beside uploads"][1] > TIMES * shown["alone"][1]:
        sys.exit("the p99 of the others is more than twice what it is alone")


main()
