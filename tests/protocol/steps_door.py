"""Who is let in with which key, and what is refused before anybody has read it."""

import os
import time

from client import Client, REQUEST_LIMIT, make_keys, new_id
from world import refusal_of, is_silent


def keys_open_the_door(w):
    for badge, roles in [
        ("clerk1", "clerk,admin"),
        ("desk1", "desk"),
        ("cmd1", "commander"),
        ("lead1", "lead"),
        ("off1", "officer"),
        ("off2", "officer"),
        ("insp1", "inspector"),
    ]:
        w.daemon.issue_key(badge, roles)
    assert os.stat(w.daemon.path("keys/clerk1.key")).st_mode & 0o777 == 0o600
    status = w.person("clerk1").status("bus")
    assert status.service == "bus" and status.pid == w.daemon.process.pid


def every_service_tells_its_status(w):
    clerk = w.person("clerk1")
    until = time.monotonic() + 20
    expected = {"shift", "ledger", "dispatch", "seizure", "casefile", "stats"}
    while not expected <= {p.stream for p in clerk.status("bus").follows}:
        assert time.monotonic() < until
        time.sleep(0.05)
    for name in expected:
        status = clerk.status(name)
        assert status.service == name and status.tip.stream == name and status.tip.seq == 0
        assert status.tip_hash == bytes(32)  # of an empty stream


def a_stranger_hears_nothing(w):
    keys = make_keys()
    stranger = w.connect(keys=keys)
    assert is_silent(stranger)
    # Let in later, the socket that was turned away stays mute; a new one is heard.
    w.daemon.edit_keys(lambda text: text + f"{keys[0]} late1 officer\n")
    assert is_silent(stranger)
    stranger.connect()
    assert stranger.status("bus").service == "bus"
    stranger.close()


def a_wrong_bus_key_hears_nothing(w):
    impostor = Client(
        w.messages.lq, w.daemon.endpoint, make_keys()[0], w.daemon.keys["desk1"]
    )
    assert is_silent(impostor)
    impostor.close()


def a_bad_list_of_keys_is_not_taken(w):
    desk = w.person("desk1")
    w.daemon.edit_keys(lambda text: text + "a line that means nothing\n")
    assert desk.status("bus").service == "bus"
    w.daemon.edit_keys(lambda text: text.replace("a line that means nothing\n", ""))
    assert desk.status("bus").service == "bus"


def a_routing_id_of_ones_own_is_not_looked_at(w):
    same = [w.connect(who, routing_id=b"terminal-7") for who in ("desk1", "desk1")]
    for client in same:
        assert client.status("bus").service == "bus"
    for client in same:
        client.close()


def several_frames_are_not_served(w):
    client = w.connect("desk1")
    request = client.request("bus", "query", b"").SerializeToString()
    client.socket.send_multipart([b"", request])
    reply = client.receive(5000)
    assert reply.correlation == 0 and reply.refusal.why == w.messages.lq.Refusal.MALFORMED
    assert client.status("bus").service == "bus"  # the connection goes on
    client.close()


def the_largest_request_is_served(w):
    client = w.connect("desk1")
    request = client.request("bus", "query", b"", seen={})
    room = REQUEST_LIMIT - request.ByteSize()
    request.after = bytes(room - 4)
    assert request.ByteSize() == REQUEST_LIMIT
    client.send(request)
    assert client.wait(request, once=True).answer.as_of.stream == "bus"
    request.after += b"x"
    client.send(request.SerializeToString())
    assert client.receive(5000).refusal.why == w.messages.lq.Refusal.MALFORMED
    client.send(bytes(80000))  # far too large: the connection ends
    assert client.receive(700) is None
    assert client.status("bus").service == "bus"  # and made again
    client.close()


# ---------------------------------------------------------------- what is no request


def what_is_malformed_is_refused(w):
    lq, desk = w.messages.lq, w.connect("desk1")

    def why(data):
        desk.send(data)
        reply = desk.receive(5000)
        assert reply.WhichOneof("kind") == "refusal", reply
        return lq.Refusal.Why.Name(reply.refusal.why), reply.correlation

    def request(**fields):
        return lq.Request(correlation=7, service="dispatch", **fields).SerializeToString()

    def command(**fields):
        return request(command=lq.Command(**fields).SerializeToString())

    assert why(b"\xff") == ("MALFORMED", 0)
    assert why(b"") == ("MALFORMED", 0)
    assert why(request()) == ("MALFORMED", 7)  # of no kind
    assert why(lq.Request(correlation=7, query=b"").SerializeToString()) == ("MALFORMED", 7)
    assert why(request(query=b"") + b"\x32\x00") == ("MALFORMED", 7)  # two kinds
    assert why(request(query=b"") + b"\x98\x06\x01") == ("MALFORMED", 7)  # field 99
    assert why(request(query=lq.Query(body=b"\x98\x06\x01").SerializeToString()))[0] == "MALFORMED"
    assert why(command(id=bytes(16), body=b"\x0a\x00"))[0] == "MALFORMED"  # no UUIDv7
    assert why(command(id=new_id()))[0] == "MALFORMED"  # no body
    order = w.messages.dispatch.IssueOrder
    for at_ms in (-1, 253402300799001):
        data = w.messages.dispatch.Command(issue_order=order(kind="k")).SerializeToString()
        assert why(command(id=new_id(), body=data, occurred_at_ms=at_ms))[0] == "MALFORMED"
    for body in (order(kind="a\x07b"), order(kind="\x85"), order(kind="字" * 4097)):
        data = w.messages.dispatch.Command(issue_order=body).SerializeToString()
        assert why(command(id=new_id(), body=data))[0] == "MALFORMED"
    data = w.messages.dispatch.Command(issue_order=order(kind="k")).SerializeToString()
    assert why(command(id=new_id(), body=data.replace(b"\x12\x01k", b"\x12\x01\xff")))[0] == (
        "MALFORMED"
    )
    data = w.messages.dispatch.Command(issue_order=order(priority=99)).SerializeToString()
    assert why(command(id=new_id(), body=data))[0] == "MALFORMED"
    desk.close()


def an_unknown_service_is_refused(w):
    refused = refusal_of(w.person("desk1").status, "kitchen")
    assert refused.why == "NO_SUCH_SERVICE" and not refused.retry and "dispatch" in refused.text


def the_bus_answers_nothing_else(w):
    desk = w.person("desk1")
    assert refusal_of(desk.fetch, "bus", 0).why == "MALFORMED"
    assert refusal_of(desk.commands, "bus", [b""]).why == "MALFORMED"


STEPS = [
    keys_open_the_door,
    every_service_tells_its_status,
    a_stranger_hears_nothing,
    a_wrong_bus_key_hears_nothing,
    a_bad_list_of_keys_is_not_taken,
    a_routing_id_of_ones_own_is_not_looked_at,
    several_frames_are_not_served,
    the_largest_request_is_served,
    what_is_malformed_is_refused,
    an_unknown_service_is_refused,
    the_bus_answers_nothing_else,
]
