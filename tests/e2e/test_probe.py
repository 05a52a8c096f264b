#!/usr/bin/python3
"""lianqin-probe asks cameras by RTSP and by TCP, and reports those that answer: a camera that stops
answering is silent, and is live again when it does; one that hangs holds up nobody; the bus may go and come."""

import os
import socket
import subprocess
import sys
import threading
import time

from system import System, check


class Camera:
    """Answers OPTIONS as RFC 2326 has it, until it is told to hang or to be gone."""

    def __init__(self, words="200 OK"):
        self.words, self.hangs, self.asked = words, False, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.answer, args=(connection,), daemon=True).start()

    def answer(self, connection):
        with connection:
            asked = b""
            while not asked.endswith(b"\r\n\r\n"):
                more = connection.recv(4096)
                if not more:
                    return
                asked += more
            lines = asked.decode().split("\r\n")
            self.asked.append(lines[0])
            if self.hangs:
                time.sleep(30)
                return
            cseq = [line for line in lines if line.lower().startswith("cseq")][0]
            connection.sendall(f"RTSP/1.0 {self.words}\r\n{cseq}\r\nPublic: OPTIONS, DESCRIBE\r\n\r\n".encode())

    def gone(self):
        self.listener.shutdown(socket.SHUT_RDWR)  # or it listens on as long as a thread waits in accept
        self.listener.close()


def probe(system, *more, who="V0001", data=None, code=0):
    """One round; gives what was said, and how long it took."""
    begun = time.monotonic()
    done = subprocess.run([os.path.join(os.path.dirname(system.lq_path), "lianqin-probe"), "--data", data or system.data,
                           "--as", who, "--once", "--verbose", "--timeout", "2", *more],
                          capture_output=True, encoding="utf-8", timeout=120, check=False,
                          env={**os.environ, "LC_ALL": "C.UTF-8"})
    check(done.returncode == code, f"{done.returncode}: {done.stdout} {done.stderr}")
    return done.stdout + done.stderr, time.monotonic() - begun


def states(system):
    return {row["number"]: row["state"] for row in system.json("video", "list")}


def main():
    with System(sys.argv[1]) as system:
        def do(*what, by="clerk"):
            done = system.lq(*what, "--as", by)
            check(done.returncode == 0, f"{what}: {done.stderr}")
        do("ledger", "register", "E0001", "--name", "厂", "--township", "镇")
        do("shift", "register", "V0001", "--name", "视频网关", "--role", "gateway", by="admin")
        plain, locked, nothing = Camera(), Camera("401 Unauthorized"), Camera()
        nothing.hangs = True
        gone = Camera()
        gone.gone()
        for address in (f"rtsp://127.0.0.1:{plain.port}/1", f"rtsp://127.0.0.1:{locked.port}/1",
                        f"tcp://127.0.0.1:{nothing.port}", f"rtsp://127.0.0.1:{nothing.port}/1",
                        f"tcp://127.0.0.1:{gone.port}"):
            do("video", "register", "E0001", "--address", address)
        said, took = probe(system)
        check("3 of 5 channels answer" in said, said)
        check(took < 10, f"{took} s: who hangs holds up the others")
        live = {"SP0001": "live", "SP0002": "live", "SP0003": "live", "SP0004": "registered", "SP0005": "registered"}
        check(states(system) == live, f"{states(system)}")
        check(plain.asked == [f"OPTIONS rtsp://127.0.0.1:{plain.port}/1 RTSP/1.0"], f"{plain.asked}")

        plain.hangs, nothing.hangs = True, False
        probe(system)
        check(states(system) == {**live, "SP0001": "silent", "SP0004": "live"}, f"{states(system)}")
        plain.hangs = False
        do("video", "retire", "SP0002", "--why", "拆除")
        said, _ = probe(system)
        check("3 of 4 channels answer" in said, said)
        check(states(system) == {**live, "SP0002": "retired", "SP0004": "live"}, f"{states(system)}")

        # who may not report, and where nobody is
        said, _ = probe(system, who="clerk", code=3)
        check("does not take the report" in said, said)
        probe(system, who="P9999", code=1)
        probe(system, "--every", "5", code=2)
        probe(system, data="/nonexistent", code=3)

        # it goes on while the service is away, and reports when that is back
        running = subprocess.Popen([os.path.join(os.path.dirname(system.lq_path), "lianqin-probe"), "--data",
                                    system.data, "--as", "V0001", "--every", "10", "--timeout", "2", "--verbose"],
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
                                   env={**os.environ, "LC_ALL": "C.UTF-8"})
        try:
            check("3 of 4 channels answer" in running.stdout.readline(), "it does not report")
            system.stop()
            line = running.stdout.readline()
            check("does not take the report" in line and "Going on" in line, line)
            system.start()
            system.wait_until_up()
            check("the bus answers again" in running.stdout.readline(), "it does not say that the bus is back")
            check("3 of 4 channels answer" in running.stdout.readline(), "it does not go on")
        finally:
            running.terminate()
        check(running.wait(30) == 0, f"it ended with {running.returncode}")


if __name__ == "__main__":
    main()
