"""Runs the benchmark and prints Markdown tables. scripts/bench builds what this needs.

Systems take turns, round after round, and each figure is the median of its rounds: what else the
machine does then falls on all of them. A peer whose server or driver is missing is left out.
systems.py has the systems, tables.py what is printed.
"""

import argparse
import json
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

import systems
import tables

ROOT = pathlib.Path(__file__).resolve().parents[2]
CAMPAIGN = ROOT / "configs" / "xian"


def say(text):
    print(f"  {text}", file=sys.stderr, flush=True)


class Quick:
    rounds, seconds, cycles, rounds_alone = 3, 1.2, 12, 60
    sizes, cost_rounds, restarts, parked, seeds = (10_000, 100_000), 60, 1, 0, 2
    asked, log_rounds, repeats = 60, 60, 1


class Full:
    rounds, seconds, cycles, rounds_alone = 7, 5, 100, 400
    sizes, cost_rounds, restarts, parked = (10_000, 1_000_000, 10_000_000), 400, 5, 10_000
    seeds, asked, log_rounds, repeats = 20, 400, 1000, 3


def medians(taken):
    """From a list of dictionaries of figures to one."""
    return {name: statistics.median(of[name] for of in taken) for name in taken[0]}


class Bench:
    def __init__(self, bin, folder):
        self.bin, self.folder = pathlib.Path(bin), pathlib.Path(folder)
        self.systems, self.postgres = [], None

    def has(self, driver):
        return (self.bin / driver).exists()

    def certificate(self):
        key, certificate = self.folder / "tls.key", self.folder / "tls.crt"
        if not key.exists():
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                 "-nodes", "-subj", "/CN=localhost", "-keyout", key, "-out", certificate],
                stderr=subprocess.DEVNULL, check=True,
            )  # fmt: skip
        return certificate, key

    def start(self):
        """All at once: the slow ones get ready while the others start."""
        peers = self.systems  # what is in it is stopped, whatever happens here
        if self.has("lq-bench-rabbitmq") and shutil.which("epmd") and systems.RABBITMQ.exists():
            peers.append(systems.RabbitMQ(self))
        if self.has("lq-bench-postgres") and systems.POSTGRES.exists():
            self.postgres = systems.Postgres(self)
            peers.insert(0, self.postgres)
        if shutil.which("redis-server") and shutil.which("openssl"):
            for number, (tls, threads) in enumerate([(1, 1), (1, 3), (0, 1), (0, 3)]):
                peers.insert(number, systems.Redis(self, bool(tls), threads))
        peers.insert(0, systems.Lianqin(self, "lianqin"))
        peers.insert(0, systems.Raw(self))
        for system in peers:
            system.wait()

    def stop(self):
        for system in self.systems:
            system.stop()

    def rounds(self, plan):
        """The median of each figure of each system over all rounds."""
        taken = {}
        for number in range(plan.rounds):
            for system in self.systems:
                say(f"round {number + 1} of {plan.rounds}: {system.name}")
                for figure, value in system.turn(plan).items():
                    taken.setdefault((system.name, figure), []).append(value)
        return {key: statistics.median(values) for key, values in taken.items()}


# ------------------------------------------------------------------------------ single figures


def fill(bench, plan, made):
    """A system a size, its journal filled; and of each size a journal of stats, if it can be."""
    for records in plan.sizes:
        say(f"growth: {records:,} records")
        system = systems.Lianqin(bench, f"growth-{records}")
        made.append(system)
        system.filled = system.stage(f"fill={records}")
        system.figures = bench.folder / f"figures-{records}"
        if bench.has("lq-bench-figures"):
            systems.run([bench.bin / "lq-bench-figures", "grow", system.figures, records])


def costs_at(bench, plan, system):
    figures = system.stage(f"cost={plan.cost_rounds}", f"restart={plan.restarts}")
    if bench.has("lq-bench-figures"):
        figures |= systems.run(
            [bench.bin / "lq-bench-figures", "inside", system.figures, plan.cost_rounds]
        )
    return figures


def verify_rate(plan, system, records):
    rates = []
    for number in range(plan.repeats):
        say(f"verify {number + 1} of {plan.repeats}")
        began = time.monotonic()
        if system.lq("verify", "oversight").returncode != 0:
            raise RuntimeError("lq verify does not say ok")
        rates.append(records / (time.monotonic() - began))
    return statistics.median(rates)


def growth(bench, plan):
    """Costs and start-up at each size of the journal: a system a size, taken in turns."""
    made = []
    try:
        fill(bench, plan, made)
        taken = {system: [] for system in made}
        for number in range(plan.rounds):
            say(f"growth: round {number + 1} of {plan.rounds}")
            for system in made:
                taken[system].append(costs_at(bench, plan, system))
        sizes = [medians(taken[system]) | system.filled for system in made]
        last, largest = made[-1], sizes[-1]
        largest["disk"] = os.stat(last.data / "journal/oversight/data.mdb").st_blocks * 512
        largest["verify_rate"] = verify_rate(plan, last, largest["cost.records"])
        if plan.parked:
            say(f"{plan.parked:,} parked terminals")
            largest["park"] = last.stage(f"park={plan.parked},{min(plan.seconds, 3)}")
        last.stop()
        largest |= systems.run([bench.bin / "lq-bench-rebuild", last.data / "journal/oversight",
                                "oversight", plan.repeats])  # fmt: skip
        return sizes
    finally:
        for system in made:
            system.stop()


def three_years(bench, plan):
    """The statistics, through the bus, within the service, and of SQLite and PostgreSQL."""
    say("three years of statistics")
    system = systems.Lianqin(bench, "years")
    try:
        figures = system.stage(f"years={plan.asked}")
    finally:
        system.stop()
    if not bench.has("lq-bench-figures"):
        return figures
    words = [bench.bin / "lq-bench-figures", "compare", system.data / "journal/stats", plan.asked,
             int(figures["years.from_day"]), int(figures["years.to_day"]),
             system.data / "facts.tsv", bench.folder / "facts.sqlite"]  # fmt: skip
    if bench.postgres:
        words.append(bench.postgres.where)
    return figures | systems.run(words)


def import_rate(bench, plan):
    """Rows a second, each time into an empty system."""
    rows = sum(max(0, len(path.read_text().splitlines()) - 1) for path in CAMPAIGN.glob("*.csv"))
    rates = []
    for number in range(plan.repeats):
        say(f"import of the campaign, {number + 1} of {plan.repeats}")
        system = systems.Lianqin(bench, f"import-{number}")
        try:
            began = time.monotonic()
            if system.lq("import", str(CAMPAIGN)).returncode != 0:
                raise RuntimeError("lq import does not succeed")
            rates.append(rows / (time.monotonic() - began))
        finally:
            system.stop()
    return rows, statistics.median(rates)


def simulator(bench, plan):
    """Simulated seconds in a second; 0 if there is no simulator."""
    program = bench.bin / "lq-sim"
    if not program.exists():
        return 0
    say("simulator")
    began = time.monotonic()
    subprocess.run(
        [program, "--seed", "1", "--seeds", str(plan.seeds), "--days", "0.1", "--quiet"],
        stdout=subprocess.DEVNULL, check=True,
    )  # fmt: skip
    return plan.seeds * 8640 / (time.monotonic() - began)


def log_first(bench, plan):
    say("one barrier")
    return systems.run([bench.bin / "lq-bench-raw", "log-first", bench.folder, plan.log_rounds])


# ------------------------------------------------------------------------------ all of it


def raise_open_files(plan):
    """Each parked terminal is a file here and one in the bus."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if most != resource.RLIM_INFINITY and plan.parked > most - 1000:
        plan.parked = max(0, most - 1000)
        say(f"only {most} files may be open (ulimit -Hn): {plan.parked} parked terminals")


def measure(bench, plan):
    result = {}
    try:
        bench.start()
        result["figures"] = bench.rounds(plan)
        tables.show_peers(result["figures"], bench.systems)  # at once: what follows may fail
        result["log"] = log_first(bench, plan)
        for system in bench.systems:
            if system is not bench.postgres:
                system.stop()
        result["years"] = three_years(bench, plan)
    finally:
        bench.stop()
    result["sizes"] = growth(bench, plan)
    result["rows"], result["import"] = import_rate(bench, plan)
    result["simulated"] = simulator(bench, plan)
    return result


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--bin", required=True)
    options.add_argument("--quick", action="store_true")
    options.add_argument("--rounds", type=int, help="how often the systems take turns")
    options.add_argument("--records", type=int, help="the largest journal")
    options.add_argument("--directory", default=None, help="where the data goes, on the disk meant")
    options.add_argument("--json", help="also writes all figures there")
    chosen = options.parse_args()
    plan = Quick if chosen.quick else Full
    plan.rounds = chosen.rounds or plan.rounds
    if chosen.records:
        plan.sizes = tuple(n for n in plan.sizes if n < chosen.records) + (chosen.records,)
    raise_open_files(plan)
    before, began = os.getloadavg()[0], time.monotonic()
    with tempfile.TemporaryDirectory(prefix="lq-bench-", dir=chosen.directory) as folder:
        bench = Bench(chosen.bin, folder)
        print(f"{tables.machine(folder)}\n- load average before the start {before:.1f}; "
              f"{plan.rounds} rounds in turns, medians\n", flush=True)  # fmt: skip
        result = measure(bench, plan)
    tables.show(result, bench.systems)
    print(f"- {(time.monotonic() - began) / 60:.0f} minutes in all.")
    if chosen.json:
        figures = result.pop("figures")
        result["figures"] = {f"{system}: {name}": value for (system, name), value in figures.items()}
        with open(chosen.json, "w") as out:
            json.dump(result, out, indent=1)


main()
