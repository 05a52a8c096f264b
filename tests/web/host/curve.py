"""A terminal that speaks CURVE over WebSocket, written from RFC 26, RFC 45 and docs/protocol.md with
libsodium's primitives alone; above it stands the client of tests/protocol."""

import os
import select
import sys

from nacl import bindings

from websocket import BINARY, Ended, WebSocket

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "protocol"))
from client import Client  # pylint: disable=wrong-import-position

LAST, MORE, COMMAND = 0, 1, 2
DIGITS = ("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#")


def from_z85(text):
    """The bytes of a key."""
    out = b""
    for at in range(0, len(text), 5):
        number = 0
        for digit in text[at:at + 5]:
            number = number * 85 + DIGITS.index(digit)
        out += number.to_bytes(4, "big")
    return out


def metadata(**properties):
    """Socket-Type and others, as READY and INITIATE have them."""
    return b"".join(bytes([len(name)]) + name.encode() + len(value).to_bytes(4, "big") + value
                    for name, value in properties.items())


class Sealed:
    """The client's half of CURVE, as WebSocket messages of ZWS 2.0."""

    def __init__(self, web, bus_public, public, secret):
        self.web, self.server = web, bus_public
        self.public, self.secret = public, secret
        self.said = 0
        self.shared = None

    def nonce(self):
        self.said += 1
        return self.said.to_bytes(8, "big")

    def say(self, flag, body):
        self.web.send_frame(BINARY, bytes([flag]) + body)

    def hello(self):
        self.transient, self.transient_secret = bindings.crypto_box_keypair()
        short = self.nonce()
        box = bindings.crypto_box(bytes(64), b"CurveZMQHELLO---" + short, self.server,
                                  self.transient_secret)
        self.say(COMMAND, b"\x05HELLO\x01\x00" + bytes(72) + self.transient + short + box)

    def shake_hands(self):
        """Raises Ended where the bus hangs up, and ValueError where it says ERROR."""
        self.hello()
        welcome = self.web.receive()
        assert welcome[:9] == b"\x02\x07WELCOME" and len(welcome) == 169, welcome[:20]
        plain = bindings.crypto_box_open(welcome[25:], b"WELCOME-" + welcome[9:25], self.server,
                                         self.transient_secret)
        theirs, cookie = plain[:32], plain[32:]
        self.shared = bindings.crypto_box_beforenm(theirs, self.transient_secret)
        long_nonce, short = os.urandom(16), self.nonce()
        vouch = bindings.crypto_box(self.transient + self.server, b"VOUCH---" + long_nonce, theirs,
                                    self.secret)
        box = bindings.crypto_box_afternm(
            self.public + long_nonce + vouch + metadata(**{"Socket-Type": b"DEALER"}),
            b"CurveZMQINITIATE" + short, self.shared)
        self.say(COMMAND, b"\x08INITIATE" + cookie + short + box)
        ready = self.web.receive()
        if ready[:7] == b"\x02\x05ERROR":
            raise ValueError(ready[8:].decode())
        assert ready[:7] == b"\x02\x05READY", ready[:20]
        bindings.crypto_box_open_afternm(ready[15:], b"CurveZMQREADY---" + ready[7:15], self.shared)
        return self

    def seal(self, flags, payload):
        short = self.nonce()
        return b"\x07MESSAGE" + short + bindings.crypto_box_afternm(
            bytes([flags]) + payload, b"CurveZMQMESSAGEC" + short, self.shared)

    def send(self, payload):
        self.say(LAST, self.seal(0, payload))

    def ping(self):
        self.say(LAST, self.seal(COMMAND, b"\x04PING\x00\x96"))

    def receive(self):
        """(flags, payload) of the next box."""
        message = self.web.receive()
        assert message[1:9] == b"\x07MESSAGE", message[:20]
        plain = bindings.crypto_box_open_afternm(message[17:], b"CurveZMQMESSAGES" + message[9:17],
                                                 self.shared)
        return plain[0], plain[1:]


def read_keys(path):
    """(public, secret) of a key file, as bytes."""
    with open(path, encoding="ascii") as file:
        lines = dict(line.split(" ", 1) for line in file.read().splitlines() if " " in line)
    return from_z85(lines["public"]), from_z85(lines["secret"])


class Terminal:
    """What the client of tests/protocol asks of a socket, by way of a relay."""

    def __init__(self, address, bus_public, keys, tls=None):
        self.web = WebSocket(address, tls)
        assert self.web.status == 101, (self.web.status, self.web.body)
        self.sealed = Sealed(self.web, bus_public, *keys).shake_hands()

    def poll(self, timeout_ms):
        pending = getattr(self.web.socket, "pending", lambda: 0)()
        if self.web.kept or pending:
            return True
        waiting = select.poll()  # select() ends at 1,024 open files
        waiting.register(self.web.socket, select.POLLIN)
        return bool(waiting.poll(timeout_ms))

    def send(self, payload, _=0):
        self.sealed.send(payload)

    def recv_multipart(self):
        while True:
            flags, payload = self.sealed.receive()
            if flags & COMMAND == 0:
                return [payload]

    def close(self, linger=0):
        del linger
        self.web.close()


class WebClient(Client):
    """The client of tests/protocol, behind a relay at (host, port)."""

    def __init__(self, lq, address, bus_public, keys, tls=None):
        self.tls = tls
        super().__init__(lq, address, bus_public, keys)

    def connect(self):
        if self.socket is not None:
            self.socket.close()
        self.socket = Terminal(self.endpoint, self.bus_public, self.keys, self.tls)


__all__ = ["Ended", "Sealed", "Terminal", "WebClient", "from_z85", "read_keys"]
