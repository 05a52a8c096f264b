"""The daemon that is asked, who asks it, and what an answer is held against."""

import os
import re
import time

from client import Client, Refused, Silent, load_messages
from daemon import Daemon

HOUR_MS = 3600 * 1000
# of the worked example in the document
EXAMPLE_ID = bytes.fromhex("014bed8beb307a0181c0ffee00c0ffee")


def now_ms():
    return int(time.time() * 1000)


class World:
    """The daemon, the messages and a connection for each person, made when first used."""

    def __init__(self, program, source, directory):
        generated = os.path.join(directory, "generated")
        os.mkdir(generated)
        self.generated = generated
        with open(os.path.join(source, "docs/protocol.md"), encoding="utf-8") as file:
            self.document = file.read()
        self.messages = load_messages(os.path.join(source, "proto"), generated)
        self.daemon = Daemon(program, directory)
        self.clients = {}

    def connect(self, badge=None, keys=None, **options):
        daemon = self.daemon
        keys = keys or daemon.keys[badge]
        return Client(self.messages.lq, daemon.endpoint, daemon.bus_public, keys, **options)

    def person(self, badge):
        if badge not in self.clients:
            self.clients[badge] = self.connect(badge)
        return self.clients[badge]

    def hex_of(self, title):
        """The bytes of the document's code block under `<!-- hex: title -->`."""
        block = re.search(
            rf"<!-- hex: {title} -->\s*```[a-z]*\n(.*?)```", self.document, re.DOTALL
        ).group(1)
        # each line is hex, and perhaps words after two blanks
        return bytes.fromhex("".join(line.split("  ")[0] for line in block.splitlines()))


def refusal_of(function, *arguments, **options):
    try:
        reply = function(*arguments, **options)
    except Refused as refused:
        return refused
    raise AssertionError(f"not refused, but {reply}")


def is_silent(client, deadline_ms=1500):
    try:
        client.status("bus", deadline_ms=deadline_ms, silence_ms=500)
    except Silent:
        return True
    return False
