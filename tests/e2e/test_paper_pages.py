#!/usr/bin/python3
"""The pages of all kinds of papers in a real browser, as GB/T 9704 has them: A4, the margins, 28 characters a
line, 22 lines a page, the page's number. Skipped where chromium is not installed."""

import importlib.machinery
import importlib.util
import os
import shutil
import sys
import tempfile

import test_papers
from system import check

SCRIPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "scripts", "print-papers")
SKIPPED = 77


def load_script():
    loader = importlib.machinery.SourceFileLoader("print_papers", SCRIPT)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("print_papers", loader))
    loader.exec_module(module)
    return module


def check_full_page(script, pdf):
    """The second page of a long record is nothing but text."""
    lines = script.lines_of(script.pages(pdf)[1][1])
    check(len(lines) == 22, f"{len(lines)} lines on a full page, not 22")
    for top, left, right, text, _ in lines:
        check(len(text) == 28, f"{len(text)} characters in a line, not 28: {text}")
        check(abs(left - 28) < 1 and abs(right - 184) < 1, f"the line stands from {left:.1f} to {right:.1f} mm")
    check(32 < lines[0][0] < 40, f"the first line begins at {lines[0][0]:.1f} mm")


def check_seal_has_company(script, page, keep):
    """However long the text is: the agency, the seal and the day do not stand on a page of their own."""
    with open(page, encoding="utf-8") as file:
        before, after = file.read().split('<div class="seal">')
    for lines in range(0, 22, 4):  # the seal takes more than four
        path = os.path.join(keep, f"seal_after_{lines}")
        with open(path + ".htm", "w", encoding="utf-8") as file:
            file.write(before + lines * ('<p class="t">' + 20 * "字" + "</p>") + '<div class="seal">' + after)
        script.render(path + ".htm", path + ".pdf")
        faults = script.wrong_with(path + ".pdf")
        check(not faults, f"{lines} lines more: {faults}")


def main():
    script = load_script()
    if script.browser() is None or shutil.which("pdftotext") is None:
        print("chromium or pdftotext is not installed: the pages of papers are not rendered (apt-get install "
              "chromium poppler-utils fonts-noto-cjk)")
        sys.exit(SKIPPED)
    keep = os.environ.get("LQ_KEEP_PAPERS") or tempfile.mkdtemp(prefix="lianqin-papers-")
    os.makedirs(keep, exist_ok=True)
    test_papers.run(sys.argv[1], keep)
    for name in sorted(os.listdir(keep)):
        if not name.endswith(".html"):
            continue
        pdf = os.path.join(keep, name[:-5] + ".pdf")
        script.render(os.path.join(keep, name), pdf)
        faults = script.wrong_with(pdf)
        check(not faults, f"{name}: {faults}")
    check_full_page(script, os.path.join(keep, "scene_record.pdf"))
    check_seal_has_company(script, os.path.join(keep, "extension_notice.html"), keep)
    if "LQ_KEEP_PAPERS" not in os.environ:
        shutil.rmtree(keep)


if __name__ == "__main__":
    main()
