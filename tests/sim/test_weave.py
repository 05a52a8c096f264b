#!/usr/bin/env python3
"""weave.py: what fits is woven, and what does not fit says so and fails."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

WEAVE = pathlib.Path(__file__).resolve().parent / "bugs" / "weave.py"
SOURCE = "common/sum.c"
PRODUCT = """\
int sum(int a, int b)
{
    if (a == 0)
        return b;
    const int c = a + b;
    return c;
}

int twice(int a)
{
    return sum(a, a);
}
"""


HEAD = f"does something wrong\n\n--- a/{SOURCE}\n+++ b/{SOURCE}\n@@ -1 +1 @@\n"
MINUS = (
    HEAD
    + """\
-    const int c = a + b;
+    const int c = SIM_BUG(MINUS) ? a - b : a + b;
     return c;
"""
)
ZERO = (
    HEAD
    + """\
         return b;
+    if (SIM_BUG(ZERO))
+        a = 0;
     const int c = a + b;
"""
)
AFTER = (
    HEAD
    + """\
     const int c = a + b;
+    if (SIM_BUG(AFTER))
+        return 0;
     return c;
"""
)
TWO_PLACES = HEAD + " {\n+    if (SIM_BUG(TWO_PLACES))\n+        return 0;\n"


class Weave(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name)
        self.out = self.root / "out" / "sum.c"
        (self.root / "common").mkdir()
        (self.root / SOURCE).write_text(PRODUCT)

    def weave(self, **patches):
        paths = []
        for name, text in patches.items():
            paths.append(self.root / f"{name}.patch")
            paths[-1].write_text(text)
        return subprocess.run(
            [sys.executable, "-B", WEAVE, "weave", self.root, SOURCE, self.out, *paths],
            capture_output=True, text=True, check=False,
        )

    def refused(self, *words, **patches):
        done = self.weave(**patches)
        self.assertNotEqual(done.returncode, 0)
        self.assertFalse(self.out.exists())
        for word in words:
            self.assertIn(word, done.stderr)
        self.assertNotIn("Traceback", done.stderr)

    def test_neighbours_are_woven_in_any_order(self):
        wanted = PRODUCT.replace(
            "    const int c = a + b;",
            "    if (SIM_BUG(ZERO))\n        a = 0;\n"
            "    const int c = SIM_BUG(MINUS) ? a - b : a + b;\n"
            "    if (SIM_BUG(AFTER))\n        return 0;\n"
            "    if (SIM_BUG(BEHIND))\n        return 0;",
        )
        patches = {"ZERO": ZERO, "MINUS": MINUS, "AFTER": AFTER}
        patches["BEHIND"] = AFTER.replace("AFTER", "BEHIND")
        for names in (list(patches), list(patches)[::-1]):
            done = self.weave(**{name: patches[name] for name in names})
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertTrue(self.out.read_text().endswith(wanted))

    def test_a_place_that_is_gone(self):
        (self.root / SOURCE).write_text(PRODUCT.replace("a + b", "b + a"))
        self.refused("MINUS.patch does not fit", "no more in common/sum.c", "a + b", MINUS=MINUS)

    def test_a_context_that_is_gone(self):
        (self.root / SOURCE).write_text(PRODUCT.replace("return c;", "return (c);"))
        self.refused("MINUS.patch does not fit", MINUS=MINUS)

    def test_a_place_that_is_not_the_only_one(self):
        self.refused("TWO_PLACES", "2 times in common/sum.c", TWO_PLACES=TWO_PLACES)

    def test_a_source_that_is_gone(self):
        (self.root / SOURCE).unlink()
        self.refused("common/sum.c is no more", "MINUS", MINUS=MINUS)

    def test_two_that_change_the_same_line(self):
        other = MINUS.replace("MINUS", "OTHER")
        self.refused("MINUS", "OTHER", "same line", MINUS=MINUS, OTHER=other)

    def test_one_that_asks_for_another_bug(self):
        self.refused("must ask SIM_BUG(OTHER)", OTHER=MINUS)

    def test_one_that_asks_for_none(self):
        self.refused("must ask SIM_BUG(BUG)", BUG=MINUS.replace("SIM_BUG(MINUS)", "true"))

    def test_one_without_words(self):
        self.refused("says what the bug does", MINUS=MINUS.split("\n", 2)[2])

    def test_one_that_changes_something_else(self):
        self.refused("terminals/sum.c is no source", MINUS=MINUS.replace("common/", "terminals/"))


if __name__ == "__main__":
    unittest.main()
