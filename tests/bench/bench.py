"""Runs the benchmark and prints one Markdown table. scripts/bench builds what this needs.

Systems take turns, round after round, and each figure is the median of its rounds: what else the
machine does then falls on all of them. A peer whose server or driver is missing is left out.
"""

import argparse
import json
import os
import pathlib
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
CAMPAIGN = ROOT / "configs" / "xian"


def say(text):
    print(f"  {text}", file=sys.stderr, flush=True)


def free_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(command, **options):
    """Runs a driver and reads its lines "name value"."""
    done = subprocess.run(
        [str(part) for part in command], stdout=subprocess.PIPE, text=True, **options
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}")
    return {name: float(value) for name, value in map(str.split, done.stdout.splitlines())}


class Server:
    """A process that is ended with the benchmark."""

    def __init__(self, command, log, **options):
        self.log = open(log, "ab")
        self.process = subprocess.Popen(
            [str(part) for part in command],
            stdout=self.log,
            stderr=self.log,
            stdin=subprocess.DEVNULL,
            **options,
        )

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()


class Lianqin(Server):
    name = "Lianqin"

    def __init__(self, bench, folder):
        self.bench, self.data = bench, bench.folder / folder
        self.data.mkdir()
        super().__init__(
            [bench.bin / "lq", "--data", self.data, "up", "--listen", "tcp://127.0.0.1:*"],
            self.data / "up.log",
        )
        wait_until(lambda: self.lq("status").returncode == 0, "lq up")

    def lq(self, *words):
        return subprocess.run(
            [self.bench.bin / "lq", "--data", self.data, *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def stage(self, *stages):
        return run([self.bench.bin / "lq-bench", self.data, *stages])

    def turn(self, plan):
        return self.stage(
            f"one={plan.rounds_alone}", f"load={plan.seconds}", f"cycle={plan.cycles}",
            f"watching={plan.cycles // 2}",
        )


class Raw:
    name = "raw"

    def __init__(self, bench):
        self.bench = bench

    def turn(self, plan):
        return run([self.bench.bin / "lq-bench-raw", self.bench.folder, plan.seconds])

    def stop(self):
        pass


class Redis(Server):
    def __init__(self, bench, tls, threads):
        self.bench, self.tls, self.port = bench, tls, free_port()
        self.name = f"Redis {'TLS' if tls else 'plain'}, {threads} I/O thread{'s'[: threads > 1]}"
        folder = bench.folder / f"redis-{'tls' if tls else 'plain'}-{threads}"
        folder.mkdir()
        doors = ["--port", self.port]
        if tls:
            certificate, key = bench.certificate()
            doors = ["--port", 0, "--tls-port", self.port, "--tls-cert-file", certificate]
            doors += ["--tls-key-file", key, "--tls-auth-clients", "no"]
        super().__init__(
            ["redis-server", *doors, "--bind", "127.0.0.1", "--dir", folder, "--save", "",
             "--appendonly", "yes", "--appendfsync", "always", "--auto-aof-rewrite-percentage", 0,
             "--io-threads", threads, "--io-threads-do-reads", "yes" if threads > 1 else "no"],
            folder / "log",
        )  # fmt: skip
        wait_until(lambda: accepts(self.port), self.name)

    def turn(self, plan):
        return run(
            [self.bench.bin / "lq-bench-redis", self.port, "tls" if self.tls else "plain",
             f"one={plan.seconds / 4}", f"load={plan.seconds}", f"cycle={plan.cycles}"]
        )  # fmt: skip


class Postgres(Server):
    name = "PostgreSQL"

    def __init__(self, bench):
        self.bench, self.port, self.folder = bench, free_port(), bench.folder / "postgres"
        self.folder.mkdir()
        tools = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        become = {}
        if os.getuid() == 0:  # the server refuses to run as root
            shutil.chown(self.folder, "postgres")
            become = {"user": "postgres", "group": "postgres", "extra_groups": []}
        os.chmod(bench.folder, 0o711)
        with open(self.folder / "initdb.log", "wb") as log:
            subprocess.run(
                [tools / "initdb", "-D", self.folder / "data", "-A", "trust", "-U", "bench"],
                stdout=log, stderr=log, check=True, **become,
            )  # fmt: skip
        super().__init__(
            [tools / "postgres", "-D", self.folder / "data", "-p", self.port, "-k", self.folder,
             "-h", "", "-N", 250, "-c", "shared_buffers=256MB"],
            self.folder / "log",
            **become,
        )  # fmt: skip
        wait_until(lambda: (self.folder / f".s.PGSQL.{self.port}").exists(), self.name)

    def turn(self, plan):
        where = f"host={self.folder} port={self.port} user=bench dbname=postgres "
        where += "options='-c client_min_messages=warning'"
        return run(
            [self.bench.bin / "lq-bench-postgres", where, f"one={plan.seconds / 4}",
             f"load={plan.seconds}", f"cycle={plan.cycles}"]
        )  # fmt: skip


def accepts(port):
    import socket

    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(condition, what):
    until = time.monotonic() + 30
    while not condition():
        if time.monotonic() > until:
            raise RuntimeError(f"{what} does not start")
        time.sleep(0.05)


class Bench:
    def __init__(self, bin, folder):
        self.bin, self.folder = pathlib.Path(bin), pathlib.Path(folder)
        self.systems = []

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
        self.lianqin = Lianqin(self, "lianqin")
        self.systems = [Raw(self), self.lianqin]
        if shutil.which("redis-server") and shutil.which("openssl"):
            self.systems += [Redis(self, tls, n) for tls in (True, False) for n in (1, 3)]
        if (self.bin / "lq-bench-postgres").exists() and os.path.exists("/usr/lib/postgresql"):
            self.systems.append(Postgres(self))

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


def growth(bench, plan):
    """Costs and start-up at each size of the journal: a system a size, taken in turns."""
    systems, taken = [], {}
    try:
        for records in plan.sizes:
            say(f"growth: {records} records")
            systems.append(Lianqin(bench, f"growth-{records}"))
            systems[-1].stage(f"fill={records}")
        for number in range(plan.rounds):
            say(f"growth: round {number + 1} of {plan.rounds}")
            for system in systems:
                figures = system.stage(f"cost={plan.cost_rounds}", f"restart={plan.restarts}")
                for figure, value in figures.items():
                    taken.setdefault((system, figure), []).append(value)
        sizes = [
            {figure: statistics.median(values) for (of, figure), values in taken.items() if of is system}
            for system in systems
        ]
        last = systems[-1]
        sizes[-1]["disk"] = os.stat(last.data / "journal/oversight/data.mdb").st_blocks * 512
        say("verify")
        began = time.monotonic()
        if last.lq("verify", "oversight").returncode != 0:
            raise RuntimeError("lq verify does not say ok")
        sizes[-1]["verify_rate"] = sizes[-1]["cost.records"] / (time.monotonic() - began)
        if plan.parked:
            say(f"{plan.parked} parked terminals")
            sizes[-1]["park"] = last.stage(f"park={plan.parked},{plan.seconds}")
        return sizes
    finally:
        for system in systems:
            system.stop()


def import_rate(bench):
    say("import of the campaign")
    system = Lianqin(bench, "import")
    rows = sum(
        max(0, len(path.read_text().splitlines()) - 1) for path in CAMPAIGN.glob("*.csv")
    )
    try:
        began = time.monotonic()
        if system.lq("import", str(CAMPAIGN)).returncode != 0:
            raise RuntimeError("lq import does not succeed")
        return rows, rows / (time.monotonic() - began)
    finally:
        system.stop()


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


# ------------------------------------------------------------------------------ the table


def facts():
    cpu = next(
        (line.split(":")[1].strip() for line in open("/proc/cpuinfo") if "model name" in line),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = []
    for program in ("redis-server", "psql"):
        if shutil.which(program):
            said = subprocess.run([program, "--version"], stdout=subprocess.PIPE, text=True).stdout
            versions.append(said.split("sha=")[0].strip())
    return [
        f"{os.cpu_count()} × {cpu}, {memory:.0f} GiB, Linux {platform.release()}",
        "; ".join(versions) or "no peers",
    ]


def per_second(value):
    return f"{value:,.0f}" if value else "–"


def ms(value_us):
    return f"{value_us / 1000:.2f}" if value_us else "–"


def print_peers(figures, systems):
    lianqin = lambda name: figures[("Lianqin", name)]
    print("| 200 clients, one request each under way, answered when flushed | a second | Lianqin is "
          "| p50 ms | generator CPU | one client, p50 ms | cycle, p50 ms | p99 ms |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")

    def row(title, system, load, one, cycle="cycle"):
        rate = figures.get((system, f"{load}.rate"), 0)
        ratio = f"{lianqin('load.rate') / rate:.2f} ×" if rate else "–"
        print(f"| {title} | {per_second(rate)} | {ratio} "
              f"| {ms(figures.get((system, load + '.p50_us'), 0))} "
              f"| {figures.get((system, (load or cycle) + '.generator_cpu'), 0):.2f} "
              f"| {ms(figures.get((system, one + '.p50_us'), 0))} "
              f"| {ms(figures.get((system, cycle + '.p50_us'), 0))} "
              f"| {ms(figures.get((system, cycle + '.p99_us'), 0))} |")  # fmt: skip

    row("ROUTER echo, plain, nothing stored", "raw", "echo_plain", "")
    row("ROUTER echo, CURVE, nothing stored", "raw", "echo_curve", "echo_curve_one")
    row("**Lianqin**: CURVE, roles, rules, dedupe, chain", "Lianqin", "load", "one.command")
    row("the same, terminals also follow everybody's answers", "Lianqin", "", "", "cycle_watching")
    for system in systems:
        if system.name not in ("raw", "Lianqin"):
            row(system.name, system.name, "load", "one")
    print()


def best(figures, names, figure, choose):
    values = [figures[(name, figure)] for name in names if (name, figure) in figures]
    return choose(values) if values else None


def goal(title, value, limit, at_least, unit="×"):
    if value is None:
        return f"| {title} | – | | not measured |"
    met = value >= limit if at_least else value <= limit
    sign = "≥" if at_least else "≤"
    return f"| {title} | {value:,.2f} {unit} | {sign} {limit:,} | {'met' if met else 'not met'} |"


def print_goals(figures, systems, sizes, rows, rate_import):
    lianqin = lambda name: figures[("Lianqin", name)]
    tls = [s.name for s in systems if s.name.startswith("Redis TLS")]
    rate = best(figures, tls, "load.rate", max)
    p50 = best(figures, tls, "cycle.p50_us", min)
    p99 = best(figures, tls, "cycle.p99_us", min)
    alone = lianqin("one.bus.p50_us") + 1.3 * lianqin("one.lmdb_commit.p50_us")
    first, last = sizes[0], sizes[-1]
    park = last.get("park", {})
    size = f"{last['cost.records']:,.0f} records"
    print("| goal | here | wanted | |")
    print("|---|--:|--:|---|")
    print(goal("200 terminals: rate against Redis TLS", rate and lianqin("load.rate") / rate, 1.3, True))
    print(goal("the same against our own CURVE echo",
               lianqin("load.rate") / figures[("raw", "echo_curve.rate")], 0.5, True))
    print(goal("dispatch cycle p50 against Redis TLS", p50 and lianqin("cycle.p50_us") / p50, 0.8, False))
    print(goal("dispatch cycle p99 against Redis TLS", p99 and lianqin("cycle.p99_us") / p99, 1.0, False))
    print(goal("one client alone, p50: of round trip + 1.3 commits",
               lianqin("one.command.p50_us") / alone, 1.0, False))
    for what in ("command", "fetch", "figures"):
        print(goal(f"cost of {what} with {size}, against {first['cost.records']:,.0f}",
                   last[f"cost.{what}.p50_us"] / first[f"cost.{what}.p50_us"], 1.3, False))
    print(goal("statistics by township, in ms, round trip", last["cost.figures.p50_us"] / 1000, 1.0,
               False, "ms"))
    print(goal(f"start-up with {size}, against {first['restart.records']:,.0f}",
               last["restart.p50_us"] / first["restart.p50_us"], 1.5, False))
    if park:
        print(goal("p99 of 200 with parked terminals beside them, against alone",
                   park["load.p99_us"] / lianqin("load.p99_us"), 1.5, False))
    print(goal(f"lq import ({rows:,} rows) against the rate of 200 terminals",
               rate_import / lianqin("load.rate"), 0.5, True))
    print(goal("lq verify, records a second", last["verify_rate"], 300000, True, "/s"))
    print()


def print_rest(figures, sizes, simulated):
    lianqin = lambda name: figures[("Lianqin", name)]
    last = sizes[-1]
    print(f"- One client alone: command {ms(lianqin('one.command.p50_us'))} ms, Status through bus "
          f"and service {ms(lianqin('one.service.p50_us'))} ms, Status of the bus "
          f"{ms(lianqin('one.bus.p50_us'))} ms, one LMDB commit "
          f"{ms(lianqin('one.lmdb_commit.p50_us'))} ms, one fdatasync "
          f"{ms(lianqin('one.fdatasync.p50_us'))} ms (p50, taken in turns).")
    print(f"- Under load the bus used {lianqin('load.bus_cpu'):.2f} and the service "
          f"{lianqin('load.service_cpu'):.2f} of a core.")
    print(f"- Disk: {last['disk'] / last['cost.records']:.0f} bytes a record with "
          f"{last['cost.records']:,.0f} records; {lianqin('load.written_per_record'):.0f} bytes written "
          f"to the disk for each under load (pages of the tree, not bytes of the record).")
    for at in sizes:
        print(f"- {at['cost.records']:,.0f} records: command {ms(at['cost.command.p50_us'])} ms, Fetch "
              f"{ms(at['cost.fetch.p50_us'])} ms, figures {ms(at['cost.figures.p50_us'])} ms, from "
              f"kill to first answer {ms(at['restart.p50_us'])} ms.")
    if simulated:
        print(f"- The simulator, whole system with faults and auditor: {simulated:,.0f} simulated "
              f"seconds in a second.")
    park = last.get("park")
    if park:
        print(f"- {park['park.terminals']:,.0f} parked CURVE terminals: {park['park.bus_bytes_each']:,.0f}"
              f" bytes each in the bus, {park['park.service_bytes_each']:,.0f} in the service; after the "
              f"bus was killed all were connected in {park['park.reconnect_s']:.1f} s and "
              f"{park['park.served']:,.0f} served in another {park['park.serve_all_s']:.1f} s.")


class Quick:
    rounds, seconds, cycles, rounds_alone = 3, 1.2, 12, 60
    sizes, cost_rounds, restarts, parked, seeds = (10_000, 100_000), 60, 1, 0, 2


class Full:
    rounds, seconds, cycles, rounds_alone = 7, 5, 100, 400
    sizes, cost_rounds, restarts, parked = (10_000, 1_000_000, 10_000_000), 400, 5, 10_000
    seeds = 20


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--bin", required=True)
    options.add_argument("--quick", action="store_true")
    options.add_argument("--records", type=int, help="the largest journal")
    options.add_argument("--directory", default=None, help="where the data goes, on the disk meant")
    options.add_argument("--json", help="also writes all figures there")
    chosen = options.parse_args()
    plan = Quick if chosen.quick else Full
    if chosen.records:
        plan.sizes = tuple(n for n in plan.sizes if n < chosen.records) + (chosen.records,)
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="lq-bench-", dir=chosen.directory) as folder:
        bench = Bench(chosen.bin, folder)
        try:
            bench.start()
            figures = bench.rounds(plan)
        finally:
            bench.stop()
        sizes = growth(bench, plan)
        rows, rate_import = import_rate(bench)
        simulated = simulator(bench, plan)
    print(f"{' · '.join(facts())}")
    print(f"load average before the start {before:.1f}; {plan.rounds} rounds in turns, medians\n")
    print_peers(figures, bench.systems)
    print_goals(figures, bench.systems, sizes, rows, rate_import)
    print_rest(figures, sizes, simulated)
    if chosen.json:
        named = {f"{system}: {name}": value for (system, name), value in figures.items()}
        with open(chosen.json, "w") as out:
            json.dump({"figures": named, "sizes": sizes, "import": rate_import}, out, indent=1)


main()
