"""The systems that the benchmark measures: each is started on loopback with its data in the
benchmark's folder, takes its turn, and is stopped."""

import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

POSTGRES = pathlib.Path("/usr/lib/postgresql")
RABBITMQ = pathlib.Path("/usr/lib/rabbitmq/bin/rabbitmq-server")


def free_port():
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

    def wait(self):
        """Until it serves; most have waited already."""

    def stop(self, by=signal.SIGINT):
        """Once is enough, twice does no harm."""
        if self.process.poll() is None:
            self.process.send_signal(by)
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
            [bench.bin / "lq", "--data", self.data, "up", "--listen", "tcp://127.0.0.1:*", "--no-web"],
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

    def wait(self):
        pass

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
        tools = sorted(POSTGRES.glob("*/bin"))[-1]
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

        self.where = f"host={self.folder} port={self.port} user=bench dbname=postgres "
        self.where += "options='-c client_min_messages=warning'"

    def turn(self, plan):
        return run(
            [self.bench.bin / "lq-bench-postgres", self.where, f"one={plan.seconds / 4}",
             f"load={plan.seconds}", f"cycle={plan.cycles}"]
        )  # fmt: skip


def accepts(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(condition, what, seconds=30):
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise RuntimeError(f"{what} does not start")
        time.sleep(0.05)


class RabbitMQ(Server):
    """A broker of its own, with its own name service (epmd), as whoever runs the benchmark. It takes
    some seconds to start: wait() says when it is there."""

    name = "RabbitMQ, quorum queue"

    def __init__(self, bench):
        self.bench, self.port, self.folder = bench, free_port(), bench.folder / "rabbitmq"
        self.folder.mkdir()
        (self.folder / "empty").touch()
        names, talk = free_port(), free_port()
        self.names = Server(
            ["epmd", "-port", names, "-address", "127.0.0.1"], self.folder / "epmd.log"
        )
        variables = {
            "HOME": self.folder,  # where the cookie is made
            "ERL_EPMD_PORT": names,
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"bench{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": self.port,
            "RABBITMQ_DIST_PORT": talk,
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
            "RABBITMQ_MNESIA_BASE": self.folder / "data",
            "RABBITMQ_LOG_BASE": self.folder / "log",
            "RABBITMQ_PID_FILE": self.folder / "pid",
            "RABBITMQ_ENABLED_PLUGINS_FILE": self.folder / "plugins",
            "RABBITMQ_CONF_ENV_FILE": self.folder / "empty",
            "RABBITMQ_CONFIG_FILE": self.folder / "none",
        }
        environment = dict(os.environ, **{key: str(value) for key, value in variables.items()})
        super().__init__(
            [RABBITMQ], self.folder / "out", env=environment
        )

    def wait(self):
        wait_until(lambda: accepts(self.port), self.name, 90)

    def turn(self, plan):
        return run(
            [self.bench.bin / "lq-bench-rabbitmq", self.port, f"one={plan.seconds / 4}",
             f"load={plan.seconds}", f"cycle={plan.cycles}"]
        )  # fmt: skip

    def stop(self):
        super().stop(signal.SIGTERM)  # SIGINT is Erlang's own
        self.names.stop()
