#!/usr/bin/python3
"""lq web cert: an authority that vouches for the county's names alone, a server's certificate from it
that lianqin-web serves with, and that is made anew before it ends; what does not fit is said.

    test_web_cert.py LQ
"""

import glob
import os
import socket
import ssl
import subprocess
import sys
import tempfile

from host import Host, check

NAMES = "[lianqin.example, 127.0.0.9]"


def lq(data, *arguments, code=0, later=None):
    environment = dict(os.environ)
    if later:
        library = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
        check(library, "libfaketime is not installed")
        environment.update(LD_PRELOAD=library[0], FAKETIME=later, ASAN_OPTIONS="verify_asan_link_order=0")
    done = subprocess.run([sys.argv[1], "--data", data, *arguments], capture_output=True, text=True,
                          env=environment, check=False)
    check(done.returncode == code, f"lq {arguments}: {done.returncode} {done.stdout} {done.stderr}")
    return done.stdout + done.stderr


def settings(data, web):
    os.makedirs(os.path.join(data, "config"), exist_ok=True)
    with open(os.path.join(data, "config", "lianqin.yaml"), "w", encoding="utf-8") as file:
        file.write("web:\n" + "".join(f"  {line}\n" for line in web))


def read(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read()


def greets(address, authority, name):
    """Does a browser that trusts the authority take this server for `name`?"""
    context = ssl.create_default_context(cafile=authority)
    try:
        with socket.create_connection(address, 30) as plain, \
                context.wrap_socket(plain, server_hostname=name):
            return True
    except ssl.SSLCertVerificationError:
        return False


def names_are_kept_to(data):
    told = lq(data, "web", "cert", code=1)
    check("web.names" in told, told)
    settings(data, [f"names: {NAMES}"])
    told = lq(data, "web", "cert")
    check("authority.pem" in told and "SHA-256" in told, told)
    for path, mode in (("keys/web-authority.pem", 0o600), ("web/server.pem", 0o600), ("web/authority.pem", 0o644)):
        check(os.stat(os.path.join(data, path)).st_mode & 0o777 == mode, f"{path} may be read by others")
    check(b"PRIVATE" not in read(data, "web", "authority.pem"), "the terminals get the authority's key")
    authority, server = read(data, "web", "authority.pem"), read(data, "web", "server.pem")
    lq(data, "web", "cert")
    check((authority, server) == (read(data, "web", "authority.pem"), read(data, "web", "server.pem")),
          "what fits is made anew")
    settings(data, ["names: [lianqin.example, other.example]"])
    told = lq(data, "web", "cert", code=1)
    check("other.example" in told and "--new-authority" in told, told)
    check(server == read(data, "web", "server.pem"), "something half-done is left")
    settings(data, ["names: [lianqin.example]"])
    lq(data, "web", "cert")
    check(authority == read(data, "web", "authority.pem"), "the authority is another")
    settings(data, [f"names: {NAMES}"])


def is_made_anew_in_time(data):
    server = read(data, "web", "server.pem")
    lq(data, "web", "cert", later="+300d")
    check(server == read(data, "web", "server.pem"), "it is made anew too soon")
    lq(data, "web", "cert", later="+350d")
    check(server != read(data, "web", "server.pem"), "it runs out")
    with open(os.path.join(data, "web", "server.pem"), "wb") as file:
        file.write(b"torn")
    lq(data, "web", "cert")
    authority = read(data, "keys", "web-authority.pem")
    with open(os.path.join(data, "keys", "web-authority.pem"), "wb") as file:
        file.write(b"torn")
    told = lq(data, "web", "cert", code=1)
    check("web-authority.pem" in told, told)
    with open(os.path.join(data, "keys", "web-authority.pem"), "wb") as file:
        file.write(authority)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def served_with(data):
    lq(data, "web", "cert")
    authority = os.path.join(data, "web", "authority.pem")
    with Host(sys.argv[1], data, settings=f"web:\n  tls_listen: https://127.0.0.1:{free_port()}\n"
              f"  names: {NAMES}\n") as host:
        for name, taken in (("lianqin.example", True), ("localhost", True), ("127.0.0.1", True),
                            ("127.0.0.9", True), ("evil.example", False), ("127.0.0.8", False)):
            check(greets(host.tls_address, authority, name) == taken, f"{name}: taken is not {taken}")


def vouches_for_nothing_else(data):
    """Whoever steals the authority's key can make no certificate for a bank."""
    key = os.path.join(data, "keys", "web-authority.pem")
    with tempfile.TemporaryDirectory() as folder:
        made = os.path.join(folder, "evil.pem")
        with open(os.path.join(folder, "names"), "w", encoding="ascii") as file:
            file.write("subjectAltName=DNS:bank.example\n")
        for line in (["req", "-newkey", "rsa:2048", "-nodes", "-keyout", made, "-out", made + ".csr", "-subj", "/CN=x"],
                     ["x509", "-req", "-in", made + ".csr", "-CA", key, "-CAkey", key, "-out", made, "-extfile",
                      os.path.join(folder, "names")]):
            subprocess.run(["openssl", *line], check=True, capture_output=True)
        done = subprocess.run(["openssl", "verify", "-CAfile", key, made], capture_output=True, text=True, check=False)
        check(done.returncode != 0 and "permitted subtree" in done.stdout + done.stderr, f"{done.stdout}{done.stderr}")


def main():
    with tempfile.TemporaryDirectory(prefix="lianqin-证书 ") as data:
        os.mkdir(os.path.join(data, "keys"), 0o700)
        settings(data, ["connections: 100"])
        names_are_kept_to(data)
        is_made_anew_in_time(data)
        served_with(data)
        vouches_for_nothing_else(data)


if __name__ == "__main__":
    main()
