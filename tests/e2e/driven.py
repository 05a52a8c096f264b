"""A system whose clock is set by the test: libfaketime drives the programs as they are."""

import glob
import os
import subprocess
import time

from system import PATIENCE_S, System, check

COUNTY_S = 8 * 3600


class Driven(System):
    """Its clock stands at what `at` said last and runs on from there: "2015-07-16 08:00" of the county."""

    def __init__(self, lq, start):
        super().__init__(lq)
        library = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
        check(library, "libfaketime is not installed")
        self.file = os.path.join(self.directory, "now.txt")
        os.environ.update(TZ="UTC", FAKETIME_TIMESTAMP_FILE=self.file, FAKETIME_NO_CACHE="1",
                          DONT_FAKE_MONOTONIC="1")
        self.at(start)
        options = os.environ.get("ASAN_OPTIONS", "")
        plain = subprocess.run([lq, "--version"], env={**os.environ, "LD_PRELOAD": library[0]},
                               capture_output=True, check=False)
        if plain.returncode != 0:  # a sanitized program wants to be the first that is loaded
            os.environ["ASAN_OPTIONS"] = options + ":verify_asan_link_order=0"
        os.environ["LD_PRELOAD"] = library[0]

    def at(self, county):
        """Sets the clock; a time without seconds is the full minute."""
        county += ":00" if county.count(":") == 1 else ""
        seconds = time.mktime(time.strptime(county, "%Y-%m-%d %H:%M:%S")) - time.timezone - COUNTY_S
        text = time.strftime("@%Y-%m-%d %H:%M:%S", time.gmtime(seconds))
        with open(self.file + ".new", "w", encoding="utf-8") as file:
            file.write(text + "\n")
        os.rename(self.file + ".new", self.file)

    def do(self, *arguments, by=None, code=0):
        done = self.lq(*arguments, *(["--as", by] if by else []))
        check(done.returncode == code, f"lq {' '.join(arguments)}: {done.returncode} {done.stdout} {done.stderr}")
        return done.stdout + done.stderr

    def eventually(self, what, holds):
        until = time.monotonic() + PATIENCE_S
        while not holds():
            check(time.monotonic() < until, f"not within a minute: {what}")
            time.sleep(0.2)

    def said(self, *arguments, by, code=0):
        """What is said in Chinese."""
        return self.do("--lang", "zh", *arguments, by=by, code=code)

    def refused(self, *arguments, by, words, code=1):
        text = self.said(*arguments, by=by, code=code)
        for one in words if isinstance(words, tuple) else (words,):
            check(one in text, f"lq {' '.join(arguments)}: no {one} in: {text}")

    def terms(self, *arguments):
        """lq due as rows, by thing, rule and which start."""
        if "--limit" not in arguments:
            arguments += ("--limit", "5000")
        return {(row["kind"], row["number"], row["rule"]): row for row in self.json("due", *arguments)}
