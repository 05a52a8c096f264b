#!/usr/bin/env python3
"""lianqin-web with a certificate: the page and the bus over TLS 1.2 or newer, one name in the
certificate; what is wrong with a certificate is said before anything is opened."""

import os
import socket
import ssl
import subprocess
import sys
import tempfile

from curve import Terminal, from_z85, read_keys
from host import Host, System, check
from websocket import Ended, WebSocket, open_socket


def certify(folder, name="server"):
    """A CA and a certificate of 127.0.0.1 by it; both keys lie beside."""
    def openssl(*words):
        done = subprocess.run(["openssl", *words], cwd=folder, capture_output=True, encoding="utf-8", check=False)
        check(done.returncode == 0, done.stderr)
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl("req", "-x509", *curve, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Test CA",
            "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign")
    openssl("req", *curve, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", "/CN=127.0.0.1")
    with open(os.path.join(folder, "ext"), "w", encoding="ascii") as file:
        file.write("subjectAltName=IP:127.0.0.1,DNS:lianqin.example\n")
    openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
            "-out", f"{name}.pem", "-extfile", "ext")
    return os.path.join(folder, "ca.pem")


def settings(folder, certificate="server.pem", key="server.key"):
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    return (f"web:\n  tls_listen: https://127.0.0.1:{port}\n  certificate: {folder}/{certificate}\n"
            f"  key: {folder}/{key}\n  names: [lianqin.example]\n")


def get(address, ca, host):
    with open_socket(address, ca) as one:
        one.sendall(f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        answer = b""
        while some := one.recv(65536):
            answer += some
        return answer.decode(), one.version(), one.selected_alpn_protocol()


def everything_over_tls(host, ca, data):
    answer, version, _ = get(host.tls_address, ca, "127.0.0.1")
    check(answer.startswith("HTTP/1.1 200 ") and version == "TLSv1.3", f"{version} {answer[:100]}")
    check("connect-src 'self' wss://lianqin.example;" in answer, "without the name for old browsers")
    check(get(host.tls_address, ca, "lianqin.example")[0].startswith("HTTP/1.1 200 "), "its name is refused")
    check(get(host.tls_address, ca, "evil.example")[0].startswith("HTTP/1.1 421 "), "another name is taken")
    with open(os.path.join(data, "keys", "bus.pub"), encoding="ascii") as file:
        bus = from_z85(file.read().strip())
    for _ in range(3):
        terminal = Terminal(host.tls_address, bus, read_keys(os.path.join(data, "keys", "clerk.key")), ca)
        terminal.sealed.ping()
        check(terminal.sealed.receive()[1].startswith(b"\x04PONG"), "no PONG over TLS")
        terminal.send(bytes(65536))  # more than a record of TLS
        check(len(terminal.recv_multipart()[0]) > 0, "no refusal over TLS")
        terminal.close()
    web = WebSocket(host.tls_address, ca, Origin="https://evil.example")
    check(web.status == 403, f"another origin: {web.status}")
    web.close()


def old_versions_are_refused(host):
    for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_2):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = version
        try:
            with socket.create_connection(host.tls_address, 10) as plain, context.wrap_socket(plain) as one:
                spoken = one.version()
        except (ssl.SSLError, ConnectionResetError):
            spoken = None
        check(spoken == ("TLSv1.2" if version is ssl.TLSVersion.TLSv1_2 else None), f"{version}: {spoken}")
    check("no more are taken" not in host.log(), f"who was never let in still counts, or counts as less than nobody: {host.log()}")


def http_2_is_not_offered(host, ca):
    context = ssl.create_default_context(cafile=ca)
    context.set_alpn_protocols(["h2", "http/1.1"])
    with socket.create_connection(host.tls_address, 10) as plain, \
            context.wrap_socket(plain, server_hostname="127.0.0.1") as one:
        check(one.selected_alpn_protocol() == "http/1.1", f"{one.selected_alpn_protocol()} is chosen")


def plain_words_are_not_answered(host):
    with socket.create_connection(host.tls_address, 20) as one:
        one.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        try:
            answer = one.recv(65536)
        except ConnectionResetError:
            answer = b""
        check(b"<" not in answer and b"200" not in answer, f"plain http is answered: {answer}")


def bad_certificates(lq, data, folder):
    with open(os.path.join(folder, "rubbish.pem"), "w", encoding="ascii") as file:
        file.write("-----BEGIN CERTIFICATE-----\nrubbish\n-----END CERTIFICATE-----\n")
    for certificate, key in (("none.pem", "server.key"), ("server.pem", "none.key"), ("rubbish.pem", "server.key"),
                             ("server.pem", "ca.key")):
        try:
            with Host(lq, data, settings=settings(folder, certificate, key)) as host:
                check(False, f"{certificate} with {key} is taken: {host.log()}")
        except AssertionError as told:
            check("web.certificate" in str(told) and certificate in str(told) and key in str(told), f"{told}")


def main():
    lq = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder, System(lq) as system:
        ca = certify(folder)
        with Host(lq, system.data, settings=settings(folder)) as host:
            everything_over_tls(host, ca, system.data)
            old_versions_are_refused(host)
            http_2_is_not_offered(host, ca)
            plain_words_are_not_answered(host)
            everything_over_tls(host, ca, system.data)
        bad_certificates(lq, system.data, folder)


if __name__ == "__main__":
    try:
        main()
    except Ended as end:
        raise SystemExit(f"a connection ended: {end.args}") from end
