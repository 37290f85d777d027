#!/usr/bin/env python3
"""Is every file where its name says, as short as it should be, and kept company by its test?

    tests/tree.py [--root <project>]

Prints one line per fault (where, what, what to do) and exits 1.
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import textwrap

TOP_LEVEL = {
    "include", "src", "tests", "examples", "subprojects", "meson.build", "meson_options.txt", "README.md", "CHANGELOG.md",
    "DESIGN.md", ".ci", ".clang-format", ".clang-tidy", ".gitignore",
}
UMBRELLAS = {"fwd.hpp", "memo.hpp", "testing.hpp"}  # they promise nothing but to compile alone: tests/headers.py
ROOMS = ["base", "call", "codec", "key", "policy", "store", "testing", "transport"]
LONGEST = {"include": 400, "src": 350, "tests": 400, "examples": 60, "examples/tour": 350}
README_BLOCK = re.compile(r"^```cpp[^\n]*\n(.*?)^```", re.M | re.S)
SLEEP = re.compile(r"\b(sleep_for|sleep_until|sleep|usleep|nanosleep) *\(")


def project_files(root):
    """What git lists, also when new; without git all but what .gitignore leaves out."""
    if shutil.which("git"):
        listed = subprocess.run(["git", "-C", root, "ls-files", "--cached", "--others", "--exclude-standard"], text=True,
                                capture_output=True)
        if listed.returncode == 0:
            return sorted(set(listed.stdout.splitlines()))
    names = sorted(p.relative_to(root).as_posix() for p in root.rglob("*") if not p.is_dir())
    return [n for n in names if not re.match(r"(build[^/]*|\.git|\.cache|subprojects/(?!packagefiles)[^/]*)/", n)]


class tree:
    def __init__(self, root):
        self.root = root
        self.names = [n for n in project_files(root) if (root / n).is_file()]
        self.wrong = []

    def read(self, name):
        path = self.root / name
        return path.read_text() if path.is_file() else ""

    def below(self, folder, *suffixes):
        return [n for n in self.names if n.startswith(folder) and n.endswith(suffixes)]

    def blame(self, where, what, remedy):
        self.wrong.append(f"{where}: {what}; {remedy}")

    def check(self):
        self.check_top_level()
        self.check_twins()
        self.check_lists()
        self.check_lengths()
        self.check_guards()
        self.check_sleeps()
        self.check_readme()
        return self.wrong

    def check_top_level(self):
        for entry in sorted({n.split("/")[0] for n in self.names} - TOP_LEVEL):
            self.blame(entry, "does not belong at the top of the project", f"the top holds {', '.join(sorted(TOP_LEVEL))}")

    def check_twins(self):
        headers = {n.removeprefix("include/memo/") for n in self.below("include/memo/", ".hpp")}
        names = set(self.names)
        for header in sorted(headers - UMBRELLAS):
            test = "tests/" + header.removesuffix(".hpp") + ".cpp"
            if test not in names:
                self.blame(f"include/memo/{header}", "has no twin among the tests", f"write {test}")
        for source in self.below("src/", ".cpp"):
            place = source.removeprefix("src/").removesuffix(".cpp")
            known = headers | {n.removeprefix("src/") for n in names if n.startswith("src/") and n.endswith(".hpp")}
            mirrored = any(place + ".hpp" == h or place.startswith(h.removesuffix(".hpp") + "_") for h in known)
            if not mirrored and not source.startswith("src/cli/"):
                self.blame(source, "mirrors no header", f"name it after one, or after one and a part: {place}.hpp does not exist")
        for test in self.below("tests/cli/", ".cpp"):
            if "src" + test.removeprefix("tests").removesuffix(".cpp") + ".hpp" not in names:
                self.blame(test, "tests no part of the command of its name", "name it after a header in src/cli")
        for room in ROOMS:
            for test in self.below(f"tests/{room}/", ".cpp"):
                header = test.removeprefix("tests/").removesuffix(".cpp") + ".hpp"
                if header not in headers:
                    self.blame(test, "tests no header of its name", f"include/memo/{header} does not exist, mend the name")

    def check_lists(self):
        """What no meson.build names is never built, so it cannot fail."""
        tests = self.below("tests/", ".cpp")
        rooms = [t for t in tests if t.count("/") == 1 or t.split("/")[1] in [*ROOMS, "cli"]]
        for folder, files in (("src", [s for s in self.below("src/", ".cpp") if not s.startswith("src/cli/")]),
                              ("src/cli", self.below("src/cli/", ".cpp")), ("tests", rooms), ("examples", self.below("examples/", ".cpp"))):
            text = self.read(f"{folder}/meson.build")
            for name in files:
                inside = name.removeprefix(folder + "/")
                if f"'{inside}'" not in text and f"'{inside.removesuffix('.cpp')}'" not in text:
                    self.blame(name, f"is not in {folder}/meson.build", "add its line there")

    def check_lengths(self):
        for name in self.below("", ".hpp", ".cpp"):
            folder = max((f for f in LONGEST if name.startswith(f + "/")), key=len, default=None)
            lines = self.read(name).count("\n")
            if folder and lines > LONGEST[folder]:
                self.blame(name, f"has {lines} lines", f"{folder}/ allows {LONGEST[folder]}, split it by idea")

    def check_guards(self):
        for name in self.below("", ".hpp"):
            if not self.read(name).startswith("#pragma once\n"):
                self.blame(name, "may be included twice", "begin it with #pragma once")

    def check_sleeps(self):
        for name in self.below("tests/", ".cpp", ".hpp"):
            for found in SLEEP.finditer(self.read(name)):
                line = self.read(name).count("\n", 0, found.start()) + 1
                self.blame(f"{name}:{line}", "sleeps", "move a manual_clock, or wait on a latch, barrier or condition")

    def check_readme(self):
        """Every ```cpp block is a run of lines of one example, but for how far it is indented."""
        readme = self.read("README.md")
        examples = {name: self.read(name).splitlines() for name in self.below("examples/", ".cpp", ".hpp")}
        for block in README_BLOCK.finditer(readme):
            wanted = block.group(1).rstrip("\n").splitlines()
            if not any(holds_run(lines, wanted) for lines in examples.values()):
                line = readme.count("\n", 0, block.start()) + 1
                first = next((w.strip() for w in wanted if w.strip()), "")
                self.blame(f"README.md:{line}", f"the block that begins `{first}` stands in no example",
                           "copy it, line by line, from a file under examples/")


def holds_run(lines, wanted):
    """Whether `wanted` stands in `lines` without a gap, modulo the indentation that all its lines share."""
    wanted = dedented(wanted)
    return any(lines[i].strip() == wanted[0].strip() and dedented(lines[i:i + len(wanted)]) == wanted
               for i in range(len(lines) - len(wanted) + 1)) if wanted else False


def dedented(lines):
    return textwrap.dedent("\n".join(line.rstrip() for line in lines)).split("\n")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    project = tree(arguments.parse_args().root)
    wrong = project.check()
    print("\n".join(wrong) or f"tree: {len(project.names)} files are where they belong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
