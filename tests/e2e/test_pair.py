#!/usr/bin/python3
"""A device gets a key without anybody typing one, and nobody else does: lq key pair, with a device that
is written from docs/protocol.md alone.

usage: test_pair.py LQ PROTO_DIR
"""

import base64
import datetime
import hashlib
import os
import re
import signal
import subprocess
import sys
import time

try:
    import google.protobuf  # noqa: F401
    import zmq
    from zmq.utils import z85
except ImportError as problem:
    print(f"skipped: {problem}; install python3-zmq and python3-protobuf")
    sys.exit(77)

from force import load
from system import PATIENCE_S, System, check

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "protocol"))
from client import Client, Refused, Silent, load_messages, make_keys, new_id  # pylint: disable=wrong-import-position

PAGE = "https://10.0.0.5:7443"


class Pairing:
    """lq key pair in a process of its own; `link` is what it shows."""

    def __init__(self, system, badge, device, url=PAGE):
        self.process = subprocess.Popen(
            system.command("key", "pair", badge, "--device", device, "--url", url),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, "LC_ALL": "C.UTF-8"})
        self.said = ""
        found = self.wait_for(rf"{re.escape(url)}/pair#([\w-]+)\n")
        self.token = base64.urlsafe_b64decode(found[1] + "=" * (-len(found[1]) % 4))
        secret = z85.encode(self.token[:32])
        self.keys = (zmq.curve_public(secret).decode(), secret.decode())
        self.bus_public = z85.encode(self.token[32:64]).decode()

    def wait_for(self, pattern):
        """Until the standard output so far has it."""
        os.set_blocking(self.process.stdout.fileno(), False)
        until = time.monotonic() + PATIENCE_S
        while True:
            found = re.search(pattern, self.said)
            if found:
                return found
            check(time.monotonic() < until and self.process.poll() is None,
                  f"no {pattern} in: {self.said} {self.process.poll()}")
            self.said += (self.process.stdout.read() or b"").decode("utf-8")
            time.sleep(0.05)

    def say(self, text):
        self.process.stdin.write(text.encode("utf-8"))
        self.process.stdin.flush()

    def end(self):
        """(exit code, what it said on both)"""
        os.set_blocking(self.process.stdout.fileno(), True)
        out, err = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, self.said + out.decode("utf-8") + err.decode("utf-8")


class World:
    def __init__(self, system, messages):
        self.system, self.messages = system, messages
        self.authorized = os.path.join(system.data, "keys", "authorized")
        with open(os.path.join(system.data, "run", "endpoint"), encoding="ascii") as file:
            self.endpoint = file.read().split()[0]

    def connect(self, keys, bus_public):
        return Client(self.messages.lq, self.endpoint, bus_public, keys)

    def list(self):
        with open(self.authorized, encoding="utf-8") as file:
            return file.read()

    def enroll(self, client, public, **waiting):
        """Asks "pair" to register a key of 40 characters."""
        asks = self.messages.pair.Query()
        asks.enroll.public_key = z85.decode(public)
        answer, _ = client.query("pair", asks, self.messages.pair.Answer, **waiting)
        return answer.waiting

    def badge_of(self, keys, bus_public):
        """Whose key the bus says this is."""
        client = self.connect(keys, bus_public)
        asks = self.messages.lq.BusQuery()
        getattr(asks, "self").SetInParent()
        answer, _ = client.query("bus", asks, self.messages.lq.BusAnswer, deadline_ms=5000)
        client.close()
        return getattr(answer, "self").badge

    def opens_nothing(self, keys, bus_public):
        """A key that is in no list: the bus says nothing to it."""
        client = self.connect(keys, bus_public)
        try:
            client.status("bus", deadline_ms=1500, silence_ms=500)
        except Silent:
            return
        finally:
            client.close()
        check(False, "a key that is not in the list was let in")


def number_of(one_time, public):
    """As docs/protocol.md says it."""
    digest = hashlib.sha256(b"lianqin pair" + z85.decode(one_time) + z85.decode(public)).digest()
    digits = f"{int.from_bytes(digest[:8], 'big') % 10**12:012}"
    return f"{digits[:4]} {digits[4:8]} {digits[8:]}"


def refusal(act, *arguments, **options):
    try:
        act(*arguments, **options)
    except Refused as refused:
        return refused.why
    return "none"


# ---------------------------------------------------------------- it is confirmed


def a_device_is_let_in_and_the_link_is_spent(world):
    pairing = Pairing(world.system, "L1", "华为 Mate")
    check(hashlib.sha256(pairing.token[:64]).digest()[:4] == pairing.token[64:], "the link's check")
    check(f"{pairing.keys[0]} L1 newcomer until " in world.list(), world.list())
    listed = [one for one in world.system.json("key", "list") if "one-time" in one["device"]]
    check(len(listed) == 1 and listed[0]["badge"] == "L1", listed)
    device = world.connect(pairing.keys, pairing.bus_public)
    own = make_keys()
    pairing.say("y\n")  # before anybody has seen a number
    pairing.wait_for("No device has asked yet")
    waiting = world.enroll(device, own[0])
    check((waiting.badge, waiting.name, waiting.device) == ("L1", "赵一", "华为 Mate"), waiting)
    check(0 < waiting.left_ms <= 600_000, waiting)
    shown = pairing.wait_for(r"shows:  (\d{4} \d{4} \d{4})")
    check(shown[1] == number_of(pairing.keys[0], own[0]), "the two ends show different numbers")
    world.enroll(device, own[0])  # again, which is the same
    world.opens_nothing(own, pairing.bus_public)  # nothing is confirmed yet
    check(refusal(world.enroll, device, make_keys()[0]) == "NOT_PERMITTED", "a second device")
    pairing.wait_for("Another device has asked")
    pairing.say("是\n")
    code, said = pairing.end()
    check(code == 0 and 'lq key revoke L1 --device "华为 Mate"' in said, said)
    check(f"{own[0]} L1 lead # 华为 Mate\n" in world.list(), world.list())
    check(pairing.keys[0] not in world.list(), "the one-time key is still there")
    check(refusal(world.enroll, device, own[0]) == "KEY_REVOKED", "the one-time key still opens")
    device.close()
    world.opens_nothing(pairing.keys, pairing.bus_public)
    check(world.badge_of(own, pairing.bus_public) == "L1", "the device's key does not open")
    return own, pairing.bus_public


def what_a_newcomer_may_not_do(world):
    pairing = Pairing(world.system, "M1", "小米")
    lq, device = world.messages.lq, world.connect(pairing.keys, pairing.bus_public)
    services = ["bus", "shift", "dispatch", "seizure", "casefile", "ledger", "tips", "oversight",
                "stats", "evidence", "monitor", "fund", "pair", "nobody"]
    for service in services:
        if service != "pair":
            check(refusal(device.status, service) == "NOT_PERMITTED", f"asks {service}")
        check(refusal(device.fetch, service, 0) == "NOT_PERMITTED", f"follows {service}")
        command = lq.Command(id=new_id(), body=b"").SerializeToString()
        check(refusal(device.call, service, "command", command) == "NOT_PERMITTED", f"commands {service}")
        commands = lq.Commands(commands=[command]).SerializeToString()
        check(refusal(device.call, service, "commands", commands) == "NOT_PERMITTED", f"commands {service}")
    asks = lq.BusQuery()
    asks.confirm_clock.SetInParent()
    check(refusal(device.query, "bus", asks, lq.BusAnswer) == "NOT_PERMITTED", "confirms the clock")
    for body in (b"", b"\xff", bytes(31), bytes(33), bytes(32)):  # 32 zero bytes are a weak point
        query = world.messages.pair.Query()
        query.enroll.public_key = body
        check(refusal(device.query, "pair", query, world.messages.pair.Answer) == "MALFORMED", body)
    check(refusal(device.status, "pair") == "MALFORMED", "a status of pair")
    check("shows:" not in pairing.said, "a number for what is no key")
    # nor does anybody else ask pair
    with open(os.path.join(world.system.data, "keys", "clerk.key"), encoding="ascii") as file:
        lines = dict(line.split(" ", 1) for line in file.read().splitlines())
    clerk = world.connect((lines["public"], lines["secret"]), pairing.bus_public)
    check(refusal(world.enroll, clerk, make_keys()[0]) == "NOT_PERMITTED", "a clerk asks pair")
    clerk.close()
    world.opens_nothing(make_keys(), pairing.bus_public)  # a wrong one-time key
    # one at a time
    other = world.system.lq("key", "pair", "M1", "--device", "别的", "--url", PAGE)
    check(other.returncode == 1 and "another lq key pair is running" in other.stderr, other.stderr)
    check(pairing.keys[0] in world.list(), "the second one has ended the first")
    # and it is refused in the end
    own = make_keys()
    world.enroll(device, own[0])
    pairing.wait_for("shows:")
    pairing.say("n\n")
    code, said = pairing.end()
    check(code == 1 and "not confirmed" in said, said)
    check("newcomer" not in world.list() and own[0] not in world.list(), world.list())
    check(refusal(world.enroll, device, own[0]) == "KEY_REVOKED", "a refused key still opens")
    device.close()


# ---------------------------------------------------------------- it ends otherwise


def it_is_broken_off(world):
    for how in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        pairing = Pairing(world.system, "M1", "小米")
        device = world.connect(pairing.keys, pairing.bus_public)
        own = make_keys()
        world.enroll(device, own[0])
        pairing.process.send_signal(how)
        code, said = pairing.end()
        check(code == 1 and "broken off" in said, said)
        check("newcomer" not in world.list() and own[0] not in world.list(), world.list())
        device.close()
    pairing = Pairing(world.system, "M1", "小米")
    pairing.process.stdin.close()
    pairing.process.stdin = None
    code, said = pairing.end()
    check(code == 1 and "newcomer" not in world.list(), said)


def a_killed_one_leaves_nothing_that_opens(world):
    pairing = Pairing(world.system, "M1", "小米")
    device = world.connect(pairing.keys, pairing.bus_public)
    own = make_keys()
    world.enroll(device, own[0])
    pairing.process.kill()
    check(pairing.end()[0] == -signal.SIGKILL, "not killed")
    check(pairing.keys[0] in world.list(), "who has removed it?")
    # nobody answers it, and the next one does away with it
    try:
        world.enroll(device, own[0], deadline_ms=1500)
        check(False, "somebody answers for the dead")
    except Silent:
        pass
    check(refusal(device.status, "shift") == "NOT_PERMITTED", "asks")
    following = Pairing(world.system, "L2", "荣耀")
    check(pairing.keys[0] not in world.list(), "the old one stands beside the new one")
    check(refusal(world.enroll, device, own[0]) == "KEY_REVOKED", "the old one asks the new pairing")
    following.process.send_signal(signal.SIGINT)
    following.end()
    device.close()


def a_link_that_is_over_opens_nothing(world):
    """The list says until when: the bus itself looks, whatever became of lq key pair."""
    pairing = Pairing(world.system, "M1", "小米")
    device = world.connect(pairing.keys, pairing.bus_public)
    own = make_keys()
    world.enroll(device, own[0])
    passed = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    with open(world.authorized + ".new", "w", encoding="utf-8") as file:
        file.write(re.sub(r"(newcomer until )\S+", rf"\g<1>{passed}", world.list()))
    os.chmod(world.authorized + ".new", 0o600)
    os.replace(world.authorized + ".new", world.authorized)
    check(refusal(world.enroll, device, own[0]) == "KEY_REVOKED", "a key whose time is over asks")
    device.close()
    world.opens_nothing(pairing.keys, pairing.bus_public)
    pairing.wait_for("shows:")
    pairing.say("y\n")  # who confirms too late lets nobody in
    code, said = pairing.end()
    check(code == 1 and "does not open any more" in said, said)
    check(own[0] not in world.list() and "newcomer" not in world.list(), world.list())


# ---------------------------------------------------------------- one of several


def let_in(world, badge, device):
    """Registers a device; gives its keys."""
    pairing = Pairing(world.system, badge, device)
    client, own = world.connect(pairing.keys, pairing.bus_public), make_keys()
    world.enroll(client, own[0])
    pairing.wait_for("shows:")
    pairing.say("Y\n")
    check(pairing.end()[0] == 0, "not registered")
    client.close()
    return own


def one_device_is_revoked_alone(world, first, bus_public):
    refused = world.system.lq("key", "pair", "L1", "--device", "华为 Mate", "--url", PAGE)
    check(refused.returncode == 1 and "that name already" in refused.stderr, refused.stderr)
    second = let_in(world, "L1", "平板")
    devices = [one["device"] for one in world.system.json("key", "list") if one["badge"] == "L1"]
    check(devices == ["华为 Mate", "平板"], devices)
    no_such = world.system.lq("key", "revoke", "L1", "--device", "电脑")
    check(no_such.returncode != 0 and "电脑" in no_such.stderr, no_such.stderr)
    lost = world.connect(first, bus_public)
    lost.status("bus")
    done = world.system.lq("key", "revoke", "L1", "--device", "华为 Mate")
    check(done.returncode == 0 and "1 key revoked" in done.stdout, done)
    check(refusal(lost.status, "bus") == "KEY_REVOKED", "a lost device asks on")
    lost.close()
    check(world.badge_of(second, bus_public) == "L1", "the other device is out, too")


def a_computer_beside_a_phone(world, bus_public):
    """lq key issue makes the key of a file, whatever devices have."""
    def issued(*arguments):
        return world.system.lq("key", "issue", *arguments).stdout

    check(" new " in issued("L1"), "no key for the computer of somebody who has a phone")
    check(" unchanged " in issued("L1"), "a second one for nothing")
    check(world.system.lq("order", "list", "--as", "L1").returncode == 0, "the file does not open")
    check("2 keys revoked" in world.system.lq("key", "revoke", "L1").stdout, "not all, or some twice")
    phone = let_in(world, "L1", "新机")
    check("was revoked" not in issued("--all"), "who was shut out is let in again by name only")
    check(world.system.lq("order", "list", "--as", "L1").returncode == 1, "a revoked file opens")
    check("new, was revoked" in issued("L1"), "the file's key stays revoked")
    check(world.system.lq("order", "list", "--as", "L1").returncode == 0, "the new file does not open")
    check(world.badge_of(phone, bus_public) == "L1", "the phone was revoked with it")


def what_is_typed_wrong_is_named(world):
    for line, words in ((("XX", "--device", "a"), "not on the roster"),
                        (("M1",), "--device"),
                        (("M1", "--device", "a\nb"), "in one line"),
                        (("M1", "--device", "七" * 30), "63 bytes"),
                        (("M1", "--device", "a", "--url", "ftp://x"), "--url takes")):
        done = world.system.lq("key", "pair", *line, *(() if "--url" in line else ("--url", PAGE)))
        check(done.returncode in (1, 2) and words in done.stderr, (line, done.stderr))
        check("newcomer" not in world.list(), world.list())


def main():
    with System(sys.argv[1]) as system:
        generated = os.path.join(system.directory, "generated")
        os.mkdir(generated)
        world = World(system, load_messages(sys.argv[2], generated))
        load(system)
        first, bus_public = a_device_is_let_in_and_the_link_is_spent(world)
        what_a_newcomer_may_not_do(world)
        it_is_broken_off(world)
        a_killed_one_leaves_nothing_that_opens(world)
        a_link_that_is_over_opens_nothing(world)
        one_device_is_revoked_alone(world, first, bus_public)
        a_computer_beside_a_phone(world, bus_public)
        what_is_typed_wrong_is_named(world)


if __name__ == "__main__":
    main()
