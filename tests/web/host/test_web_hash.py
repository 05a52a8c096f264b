#!/usr/bin/python3
"""lq web hash says of each file what a browser gets of it.

usage: test_web_hash.py LQ
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import urllib.request

from host import Host, check

FILES = {"index.html": "<!doctype html>甲", "desk.js": "let a = 1;\n", "deep/told.json": "{}",
         "desk.js.gz": "no file of its own"}


def hashes(lq, page, *options):
    done = subprocess.run([lq, "web", "hash", page, *options], capture_output=True, encoding="utf-8", check=False,
                          env={**os.environ, "LC_ALL": "C.UTF-8"})
    return done.returncode, done.stdout, done.stderr


def main():
    lq = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as directory:
        page, data = os.path.join(directory, "page"), os.path.join(directory, "var")
        code, _, said = hashes(lq, page)
        check(code != 0 and page in said and "scripts/web-page" in said, said)
        for name, text in FILES.items():
            os.makedirs(os.path.dirname(os.path.join(page, name)), exist_ok=True)
            with open(os.path.join(page, name), "w", encoding="utf-8") as file:
                file.write(text)
        code, out, said = hashes(lq, page, "--json")
        check(code == 0, said)
        told = {one["file"]: one["sha256"] for one in json.loads(out)}
        check(sorted(told) == ["/deep/told.json", "/desk.js", "/index.html"], told)
        os.mkdir(data)
        with Host(lq, data, "--bus", "tcp://127.0.0.1:1", page=page) as host:
            for path, wanted in told.items():
                address = f"http://{host.address[0]}:{host.address[1]}{path}"
                with urllib.request.urlopen(address) as answer:
                    check(hashlib.sha256(answer.read()).hexdigest() == wanted, path)
        lines = "".join(f"{told[path]}  {path[1:]}\n" for path in sorted(told))
        check(hashlib.sha256(lines.encode()).hexdigest() in hashes(lq, page)[1], "the hash of all")
        with open(os.path.join(page, "desk.js"), "a", encoding="utf-8") as file:
            file.write("// another page")
        again = {one["file"]: one["sha256"] for one in json.loads(hashes(lq, page, "--json")[1])}
        check([path for path in told if told[path] != again[path]] == ["/desk.js"], again)


if __name__ == "__main__":
    main()
