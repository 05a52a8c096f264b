"""WebSocket and HTTP as bytes, for tests that also say what no browser would."""

import base64
import os
import socket
import ssl
import struct

PATIENCE_S = 20
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


class Ended(Exception):
    """The other side closed the connection."""


def open_socket(address, tls=None):
    """A connection to (host, port); `tls`: the file of the CA that is trusted."""
    plain = socket.create_connection(address, PATIENCE_S)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if tls is None:
        return plain
    return ssl.create_default_context(cafile=tls).wrap_socket(plain, server_hostname=address[0])


def upgrade_lines(address, **other):
    """The request for /bus. `other`: another value for a header, None to leave it out; "request" is
    the first line, an underscore stands for a hyphen."""
    lines = {"request": "GET /bus HTTP/1.1", "Host": f"{address[0]}:{address[1]}",
             "Upgrade": "websocket", "Connection": "Upgrade",
             "Origin": f"http://{address[0]}:{address[1]}", "Sec-WebSocket-Version": "13",
             "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
             "Sec-WebSocket-Protocol": "ZWS2.0-CURVE"}
    lines.update({name.replace("_", "-"): value for name, value in other.items()})
    first = lines.pop("request")
    return "\r\n".join([first, *(f"{name}: {value}" for name, value in lines.items()
                                 if value is not None), "", ""]).encode()


class WebSocket:
    """A client's end. Its methods send anything; whether that is sensible is the caller's matter."""

    def __init__(self, address, tls=None, **headers):
        self.socket = open_socket(address, tls)
        self.kept = b""
        self.socket.sendall(upgrade_lines(address, **headers))
        self.status, self.headers, self.body = self.read_answer()

    def close(self):
        self.socket.close()

    # ------------------------------------------------------------ bytes

    def read_some(self):
        try:
            some = self.socket.recv(65536)
        except ConnectionResetError:
            some = b""
        if not some:
            raise Ended
        self.kept += some

    def read(self, size):
        while len(self.kept) < size:
            self.read_some()
        taken, self.kept = self.kept[:size], self.kept[size:]
        return taken

    def read_answer(self, head_only=False):
        """(status, headers, body) of an HTTP answer; status 0: there was none."""
        try:
            while b"\r\n\r\n" not in self.kept:
                self.read_some()
        except Ended:
            return 0, {}, self.kept
        head, self.kept = self.kept.split(b"\r\n\r\n", 1)
        first, *lines = head.decode().split("\r\n")
        headers = {name.lower(): value.strip()
                   for name, value in (line.split(":", 1) for line in lines)}
        body = b"" if head_only else self.read(int(headers.get("content-length", 0)))
        return int(first.split()[1]), headers, body

    # ------------------------------------------------------------ frames

    def send_frame(self, opcode, payload, fin=True, masked=True, rsv=0, size=None):
        """`size`: what the head says, if that is not the truth."""
        size = len(payload) if size is None else size
        bit = 0x80 if masked else 0
        head = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
        if size < 126:
            head += bytes([bit | size])
        elif size < 65536:
            head += bytes([bit | 126]) + struct.pack(">H", size)
        else:
            head += bytes([bit | 127]) + struct.pack(">Q", size)
        if masked:
            mask = os.urandom(4)
            head += mask
            stream = (mask * (len(payload) // 4 + 1))[:len(payload)]
            payload = (int.from_bytes(payload, "big") ^ int.from_bytes(stream, "big")).to_bytes(
                len(payload), "big")
        self.socket.sendall(head + payload)

    def receive_frame(self):
        """(opcode, payload, fin)."""
        first, second = self.read(2)
        assert second & 0x80 == 0, "a server does not mask"
        size = second & 0x7F
        if size == 126:
            size, = struct.unpack(">H", self.read(2))
        elif size == 127:
            size, = struct.unpack(">Q", self.read(8))
        return first & 0x0F, self.read(size), first & 0x80 != 0

    def receive(self):
        """The next message, put together; a PING is answered on the way. Ended(code, reason) where it
        is CLOSE."""
        whole = b""
        while True:
            opcode, payload, fin = self.receive_frame()
            if opcode == CLOSE:
                raise Ended(int.from_bytes(payload[:2], "big"), payload[2:].decode())
            if opcode == PING:
                self.send_frame(PONG, payload)
            elif opcode != PONG:
                whole += payload
                if fin:
                    return whole
