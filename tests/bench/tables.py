"""What the benchmark prints: the machine, the systems side by side, the goals, and the rest."""

import os
import platform
import shutil
import subprocess


# ------------------------------------------------------------------------------ the machine


def first_line(path, default=""):
    try:
        with open(path) as file:
            return file.readline().strip()
    except OSError:
        return default


def said_by(*command):
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False
    )
    return done.stdout.strip()


def disk(folder):
    """The file system that the folder is on, and what is known of the disk beneath."""
    device, kind, options = (
        said_by("findmnt", "--noheadings", "--output", column, "--target", folder)
        for column in ("SOURCE", "FSTYPE", "OPTIONS")
    )
    name = os.path.basename(os.path.realpath(device))
    block = f"/sys/class/block/{name}"
    if not os.path.exists(f"{block}/queue"):  # a partition: the disk is the folder around it
        block = os.path.dirname(os.path.realpath(block))
    model = first_line(f"{block}/device/model") or os.path.basename(block)
    turning = {"0": "no spindle", "1": "says it turns"}.get(first_line(f"{block}/queue/rotational"))
    cache = first_line(f"{block}/queue/write_cache")
    facts = [f"{kind} ({options})", f"on {model}", turning, cache and f"cache {cache}"]
    return ", ".join(fact for fact in facts if fact)


def versions():
    found = []
    for program in ("redis-server", "psql"):
        if shutil.which(program):
            found.append(said_by(program, "--version").split("sha=")[0].strip())
    for package in ("rabbitmq-server", "libsqlite3-0", "libzmq5", "liblmdb0"):
        version = said_by("dpkg-query", "-W", "-f=${Version}", package)
        if version:
            found.append(f"{package} {version}")
    return "; ".join(found)


def machine(folder):
    cpu = next(
        (line.split(":")[1].strip() for line in open("/proc/cpuinfo") if "model name" in line),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"- {os.cpu_count()} × {cpu}, {memory:.0f} GiB, Linux {platform.release()}\n"
        f"- data on {disk(folder)}\n"
        f"- {versions()}"
    )


# ------------------------------------------------------------------------------ side by side


def per_second(value):
    return f"{value:,.0f}" if value else "–"


def ms(value_us):
    return f"{value_us / 1000:.2f}" if value_us else "–"


def show_peers(figures, systems):
    ours = figures[("Lianqin", "load.rate")]
    print("| 200 clients, one request each under way, answered when flushed | a second | Lianqin is "
          "| p50 ms | generator CPU | one client, p50 ms | cycle, p50 ms | p99 ms |")  # fmt: skip
    print("|---|--:|--:|--:|--:|--:|--:|--:|")

    def row(title, system, load, one, cycle="cycle"):
        rate = figures.get((system, f"{load}.rate"), 0)
        ratio = f"{ours / rate:.2f} ×" if rate else "–"
        print(f"| {title} | {per_second(rate)} | {ratio} "
              f"| {ms(figures.get((system, load + '.p50_us'), 0))} "
              f"| {figures.get((system, (load or cycle) + '.generator_cpu'), 0):.2f} "
              f"| {ms(figures.get((system, one + '.p50_us'), 0))} "
              f"| {ms(figures.get((system, cycle + '.p50_us'), 0))} "
              f"| {ms(figures.get((system, cycle + '.p99_us'), 0))} |")  # fmt: skip

    row("libzmq's ROUTER, plain, echo, nothing stored", "raw", "echo_plain", "")
    row("libzmq's ROUTER, CURVE, echo, nothing stored", "raw", "echo_curve", "echo_curve_one")
    row("the bus's listener, CURVE, echo, nothing stored", "raw", "echo_door", "echo_door_one")
    row("**Lianqin**: CURVE, roles, rules, dedupe, chain", "Lianqin", "load", "one.command")
    row("the same, terminals also follow everybody's answers", "Lianqin", "", "", "cycle_watching")
    for system in systems:
        if system.name not in ("raw", "Lianqin"):
            row(system.name, system.name, "load", "one")
    print(flush=True)


def show_years(years):
    print(f"| statistics by township over three years, {years['years.entries']:,.0f} entries "
          "| p50 ms | p99 ms |")  # fmt: skip
    print("|---|--:|--:|")
    for title, name in (("**Lianqin**, within the service", "figures.inside"),
                        ("**Lianqin**, through the bus", "years.figures"),
                        ("Status of the same service, through the bus", "years.status"),
                        ("SQLite, covering index", "figures.sqlite"),
                        ("PostgreSQL, covering index, local socket", "figures.postgres")):  # fmt: skip
        if f"{name}.p50_us" in years:
            print(f"| {title} | {ms(years[name + '.p50_us'])} | {ms(years[name + '.p99_us'])} |")
    print()


def show_log(log):
    ways = {"lmdb": "LMDB commit", "growing": "log, growing", "reserved": "log, space reserved",
            "written": "log, space written before", "log_first": "that log, then LMDB unflushed"}  # fmt: skip
    sizes = (1, 16, 64, 200)
    print("| records of 200 bytes made durable, p50 ms | " + " | ".join(map(str, sizes)) + " |")
    print("|---|" + "--:|" * len(sizes))
    for way, title in ways.items():
        cells = [ms(log[f"log.{way}.{size}.p50_us"]) for size in sizes]
        print(f"| {title} | " + " | ".join(cells) + " |")
    print()


# ------------------------------------------------------------------------------ the goals


def goal(title, value, limit, at_least, unit="×"):
    if value is None:
        return f"| {title} | – | | not measured |"
    met = value >= limit if at_least else value <= limit
    sign = "≥" if at_least else "≤"
    return f"| {title} | {value:,.2f} {unit} | {sign} {limit:,} | {'met' if met else 'not met'} |"


def speed_goals(figures, systems):
    ours = lambda name: figures[("Lianqin", name)]
    tls = [system.name for system in systems if system.name.startswith("Redis TLS")]

    def best(figure, choose):
        return choose(values) if (values := [figures[(name, figure)] for name in tls]) else None

    rate, p50, p99 = best("load.rate", max), best("cycle.p50_us", min), best("cycle.p99_us", min)
    commits = 1.3 * ours("one.lmdb_commit.p50_us")
    echo = figures[("raw", "echo_curve.rate")]
    yield goal("200 terminals: rate against Redis TLS", rate and ours("load.rate") / rate, 1.3, True)
    yield goal("the same against a ROUTER that echoes with CURVE", ours("load.rate") / echo, 0.5, True)
    listener = figures[("raw", "echo_door.rate")]
    yield goal("the same against our own listener that echoes", ours("load.rate") / listener, 0.5, True)
    yield goal("dispatch cycle p50 against Redis TLS", p50 and ours("cycle.p50_us") / p50, 0.8, False)
    yield goal("dispatch cycle p99 against Redis TLS", p99 and ours("cycle.p99_us") / p99, 1.0, False)
    for what, trip in (("to the bus", "one.bus"), ("through bus and service", "one.service")):
        yield goal(f"one client alone, p50: of a round trip {what} + 1.3 commits",
                   ours("one.command.p50_us") / (ours(f"{trip}.p50_us") + commits), 1.0, False)  # fmt: skip


def size_goals(sizes, years):
    first, last = sizes[0], sizes[-1]
    against = f"with {last['cost.records']:,.0f} records, against {first['cost.records']:,.0f}"
    for title, figure in (("cost of a command", "cost.command.p50_us"),
                          ("cost of a Fetch of one of the last 1,000 records", "cost.fetch.p50_us"),
                          ("cost of a Fetch of any record", "cost.fetch_old.p50_us"),
                          ("cost of figures", "figures.inside.p50_us")):  # fmt: skip
        value = last[figure] / first[figure] if figure in last else None
        yield goal(f"{title} {against}", value, 1.3, False)
    inside = years.get("figures.inside.p50_us")
    yield goal("statistics by township over three years, within the service",
               inside and inside / 1000, 1.0, False, "ms")  # fmt: skip
    yield goal(f"start-up {against}", last["restart.p50_us"] / first["restart.p50_us"], 1.5, False)


def show_goals(result, systems):
    figures, last = result["figures"], result["sizes"][-1]
    print("| goal | here | wanted | |")
    print("|---|--:|--:|---|")
    for line in speed_goals(figures, systems):
        print(line)
    for line in size_goals(result["sizes"], result["years"]):
        print(line)
    if "park" in last:
        park = last["park"]
        print(goal(f"p99 of 200 among {park['park.terminals']:,.0f} parked terminals, against alone",
                   park["park.among.p99_us"] / park["park.alone.p99_us"], 1.5, False))  # fmt: skip
    print(goal(f"lq import ({result['rows']:,} rows) against the rate of 200 terminals",
               result["import"] / figures[("Lianqin", "load.rate")], 0.5, True))  # fmt: skip
    print(goal("lq verify, records a second", last["verify_rate"], 300000, True, "/s"))
    print(f"| tables made again when a service starts, records a second | "
          f"{last['rebuild.rate']:,.0f} /s | | stated |")  # fmt: skip
    simulated = result["simulated"]
    print(f"| simulator: simulated seconds a second | {per_second(simulated)} | | stated |")
    print()


# ------------------------------------------------------------------------------ the rest


def show_rest(figures, sizes, years):
    ours = lambda name: figures[("Lianqin", name)]
    last = sizes[-1]
    print(f"- One client alone: command {ms(ours('one.command.p50_us'))} ms, Status through bus "
          f"and service {ms(ours('one.service.p50_us'))} ms, Status of the bus "
          f"{ms(ours('one.bus.p50_us'))} ms, one LMDB commit "
          f"{ms(ours('one.lmdb_commit.p50_us'))} ms, one fdatasync "
          f"{ms(ours('one.fdatasync.p50_us'))} ms (p50, taken in turns).")
    print(f"- Under load the bus used {ours('load.bus_cpu'):.2f} and the service "
          f"{ours('load.service_cpu'):.2f} of a core.")
    print(f"- Disk: {last['disk'] / last['cost.records']:.0f} bytes a record with "
          f"{last['cost.records']:,.0f} records; {ours('load.written_per_record'):.0f} bytes written "
          f"to the disk for each under load (pages of the tree, not bytes of the record).")
    for at in sizes:
        inside = f"figures within the service {ms(at.get('figures.inside.p50_us', 0))} ms, "
        print(f"- {at['cost.records']:,.0f} records: filled in {at['fill.seconds']:.0f} s "
              f"({at['fill.rate']:,.0f} a second, 800 under way); command "
              f"{ms(at['cost.command.p50_us'])} ms ({at['cost.command.cpu_us']:.0f} µs of CPU in the "
              f"service), Fetch {ms(at['cost.fetch.p50_us'])} ms ({at['cost.fetch.cpu_us']:.0f} µs), of any "
              f"record {ms(at['cost.fetch_old.p50_us'])} ms ({at['cost.fetch_old.cpu_us']:.0f} µs), "
              f"{inside}"
              f"from kill to first answer {ms(at['restart.p50_us'])} ms.")
    print(f"- Three years of records: {years['years.commands']:,.0f} commands over one connection in "
          f"{years['years.seconds']:.0f} s, until stats had booked the last.")


def show_park(park):
    print(f"- {park['park.terminals']:,.0f} parked CURVE terminals: connected in "
          f"{park['park.connect_s']:.1f} s, 256 handshakes at a time; "
          f"{park['park.bus_bytes_each']:,.0f} bytes each in the bus, "
          f"{park['park.service_bytes_each']:,.0f} in the service. The working 200: alone "
          f"{per_second(park['park.alone.rate'])} a second, p99 {ms(park['park.alone.p99_us'])} ms; "
          f"among them {per_second(park['park.among.rate'])}, p99 "
          f"{ms(park['park.among.p99_us'])} ms. After the bus was killed all were connected in "
          f"{park['park.reconnect_s']:.1f} s, and {park['park.served']:,.0f} served "
          f"{park['park.serve_all_s']:.1f} s after the kill.")  # fmt: skip


def show(result, systems):
    show_years(result["years"])
    show_goals(result, systems)
    show_log(result["log"])
    show_rest(result["figures"], result["sizes"], result["years"])
    if "park" in result["sizes"][-1]:
        show_park(result["sizes"][-1]["park"])
