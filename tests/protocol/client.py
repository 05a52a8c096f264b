"""A client of the bus, written from docs/protocol.md and the .proto files alone.

It shares no code with the C client, and that is its purpose: what the document says must be enough.
"""

import importlib
import os
import secrets
import subprocess
import sys
import time
from types import SimpleNamespace

import zmq

REQUEST_LIMIT = 65536  # bytes of one serialized Request
SILENCE_MS = 2000  # then the same bytes are sent again
RETRY_MS = 100  # after a refusal that says "try again"


def load_messages(proto_dir, out_dir):
    """Generates the messages of all services; gives a namespace: .lq, .shift, .dispatch, ..."""
    names = sorted(name for name in os.listdir(proto_dir) if name.endswith(".proto"))
    subprocess.run(
        ["protoc", f"-I{proto_dir}", f"--python_out={out_dir}", *names], cwd=proto_dir, check=True
    )
    sys.path.insert(0, out_dir)
    modules = {name[:-6]: importlib.import_module(name[:-6] + "_pb2") for name in names}
    modules["lq"] = modules.pop("envelope")
    return SimpleNamespace(**modules)


def make_keys():
    """A new key pair: (public, secret), 40 characters of Z85 each."""
    public, secret = zmq.curve_keypair()
    return public.decode(), secret.decode()


def write_key_file(path, keys):
    """Two lines; the mode is right from the instant that the file exists."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(f"public {keys[0]}\nsecret {keys[1]}\n")


def new_id(at_ms=None):
    """A UUIDv7 (RFC 9562): 48 bits of time, then random bits around version and variant."""
    at_ms = int(time.time() * 1000) if at_ms is None else at_ms
    tail = bytearray(secrets.token_bytes(10))
    tail[0] = 0x70 | tail[0] & 0x0F
    tail[2] = 0x80 | tail[2] & 0x3F
    return at_ms.to_bytes(6, "big") + bytes(tail)


class Refused(Exception):
    """The request was not decided. `why` is the name of a Refusal.Why."""

    def __init__(self, why, text, retry):
        super().__init__(f"{why}: {text}")
        self.why, self.text, self.retry = why, text, retry


class Silent(Exception):
    """Nobody answered in time. A command may have taken effect: ask again with the same bytes."""


class Client:
    """One connection with one key. One thread owns it; several requests may be outstanding."""

    def __init__(self, lq, endpoint, bus_public, keys, context=None, routing_id=None):
        self.lq = lq
        self.endpoint, self.bus_public, self.keys = endpoint, bus_public, keys
        self.context = context or zmq.Context.instance()
        self.routing_id = routing_id  # only to see what comes of it: nothing
        self.correlation = 0
        self.waiting = {}  # correlation -> the bytes of the request
        self.seen = {}  # stream -> seq, from the replies
        self.socket = None
        self.connect()

    def connect(self):
        """A new socket: at the start, and after a long silence (a connection that was turned away
        is never tried again by libzmq itself)."""
        if self.socket is not None:
            self.socket.close(linger=0)
        socket = self.context.socket(zmq.DEALER)
        socket.linger = 0
        socket.curve_serverkey = self.bus_public.encode()
        socket.curve_publickey = self.keys[0].encode()
        socket.curve_secretkey = self.keys[1].encode()
        socket.setsockopt(zmq.HEARTBEAT_IVL, 5000)
        socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, 15000)
        socket.setsockopt(zmq.HANDSHAKE_IVL, 10000)
        socket.setsockopt(zmq.RECONNECT_IVL, 100)
        socket.setsockopt(zmq.RECONNECT_IVL_MAX, 5000)
        socket.setsockopt(zmq.MAXMSGSIZE, 8 << 20)
        if self.routing_id is not None:
            socket.setsockopt(zmq.ROUTING_ID, self.routing_id)
        socket.connect(self.endpoint)
        self.socket = socket

    def close(self):
        self.socket.close(linger=0)

    # ------------------------------------------------------------ requests and replies

    def request(self, service, kind, body, after=b"", seen=None):
        """A Request with the next correlation; `kind` is command, commands, query or fetch."""
        self.correlation += 1
        request = self.lq.Request(correlation=self.correlation, service=service, after=after)
        for stream, seq in sorted((self.seen if seen is None else seen).items()):
            request.seen.add(stream=stream, seq=seq)
        setattr(request, kind, body)
        return request

    def send(self, request):
        """Sends a Request (or raw bytes, to see what the bus makes of them)."""
        if not isinstance(request, bytes):
            correlation, request = request.correlation, request.SerializeToString()
            assert len(request) <= REQUEST_LIMIT
            self.waiting[correlation] = request
        try:
            self.socket.send(request, zmq.DONTWAIT)
        except zmq.Again:  # not connected, or the bus does not read: sent again after a silence
            pass

    def receive(self, timeout_ms):
        """The next Reply, whatever it answers; None after a silence."""
        if not self.socket.poll(timeout_ms):
            return None
        frames = self.socket.recv_multipart()
        assert len(frames) == 1
        reply = self.lq.Reply.FromString(frames[0])
        assert reply.WhichOneof("kind") is not None
        self.waiting.pop(reply.correlation, None)
        self.note(reply)
        return reply

    def note(self, reply):
        """Keeps what this reply lets us see."""
        kind = reply.WhichOneof("kind")
        if kind == "outcome":
            self.note_outcome(reply.outcome)
        elif kind == "outcomes":
            for one in reply.outcomes.outcomes:
                if one.WhichOneof("kind") == "outcome":
                    self.note_outcome(one.outcome)
        elif kind == "answer":
            self.note_position(reply.answer.as_of)

    def note_outcome(self, data):
        outcome = self.lq.Outcome.FromString(data)
        self.note_position(getattr(outcome, outcome.WhichOneof("result")).position)

    def note_position(self, position):
        if position.stream != "bus":
            self.seen[position.stream] = max(position.seq, self.seen.get(position.stream, 0))

    def says_try_again(self, reply):
        """Of a refusal, or of a list of outcomes: there the last one says it."""
        kind = reply.WhichOneof("kind")
        if kind == "outcomes":
            last = reply.outcomes.outcomes[-1]
            return last.WhichOneof("kind") == "refusal" and last.refusal.retry
        return kind == "refusal" and reply.refusal.retry

    def wait(self, request, deadline_ms=15000, silence_ms=SILENCE_MS, once=False):
        """The reply to a request that was sent. Repeats it with the same bytes after a silence and
        after "try again"; raises Refused or, at the deadline, Silent. A list of outcomes is given
        as it is, with `once` even if it ends with "try again"."""
        correlation = request.correlation
        until = time.monotonic() + deadline_ms / 1000
        while True:
            left_ms = int((until - time.monotonic()) * 1000)
            if left_ms <= 0:
                raise Silent(f"no reply from {request.service}")
            reply = self.receive(min(silence_ms, left_ms))
            if reply is None:
                self.send(request)
                continue
            if reply.correlation not in (correlation, 0):
                continue  # a late answer to a repeated request
            if self.says_try_again(reply) and not once:
                time.sleep(RETRY_MS / 1000)
                self.send(request)
                continue
            if reply.WhichOneof("kind") != "refusal":
                return reply
            # correlation 0: the bus could not read what came, so that was it
            refusal = reply.refusal
            why = self.lq.Refusal.Why.Name(refusal.why)
            raise Refused(why, refusal.text, refusal.retry)

    def call(self, service, kind, body, after=b"", seen=None, **waiting):
        request = self.request(service, kind, body, after, seen)
        self.send(request)
        return self.wait(request, **waiting)

    # ------------------------------------------------------------ the four requests

    def command_bytes(self, body, id=None, **fields):
        """A serialized Command. Keep these bytes until the command is answered."""
        command = self.lq.Command(id=id or new_id(), body=body.SerializeToString(), **fields)
        return command.SerializeToString()

    def command(self, service, body, **fields):
        """The Outcome of a command; `body` is a <service>.Command."""
        reply = self.call(service, "command", self.command_bytes(body, **fields))
        return self.lq.Outcome.FromString(reply.outcome)

    def accepted(self, service, body, **fields):
        outcome = self.command(service, body, **fields)
        assert outcome.WhichOneof("result") == "accepted", outcome
        return outcome.accepted

    def rejected(self, service, body, **fields):
        outcome = self.command(service, body, **fields)
        assert outcome.WhichOneof("result") == "rejected", outcome
        return outcome.rejected

    def commands(self, service, commands, **options):
        """A CommandOutcome for each of several serialized Commands, sent in one request; with
        `once` perhaps for the first of them only."""
        data = self.lq.Commands(commands=commands).SerializeToString()
        return list(self.call(service, "commands", data, **options).outcomes.outcomes)

    def query(self, service, body, answer_type, **waiting):
        """The answer to a <service>.Query, and the Position that it is as of."""
        query = self.lq.Query(body=body.SerializeToString()).SerializeToString()
        reply = self.call(service, "query", query, **waiting)
        return answer_type.FromString(reply.answer.body), reply.answer.as_of

    def status(self, service, **waiting):
        """What a service, or "bus", says of itself: a Query with an empty body."""
        reply = self.call(service, "query", b"", **waiting)
        return self.lq.Status.FromString(reply.answer.body)

    def fetch(self, service, after, max=0, wait_ms=0, **waiting):
        """The Events after a position that this key may see."""
        fetch = self.lq.Fetch(after=after, max=max, wait_ms=wait_ms).SerializeToString()
        waiting.setdefault("silence_ms", wait_ms + SILENCE_MS)
        waiting.setdefault("deadline_ms", wait_ms + 15000)
        return self.call(service, "fetch", fetch, **waiting).events

    def fetch_all(self, service, after=0, **options):
        """Every Event from a position to the tip, page by page."""
        events = []
        while True:
            page = self.fetch(service, after, **options)
            events.extend(page.events)
            after = page.next_after
            if after >= page.tip:
                return events
