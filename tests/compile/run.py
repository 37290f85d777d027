#!/usr/bin/env python3
"""Programs that must not compile, and the sentence they must fail with.

    tests/compile/run.py [--only NAME] COMPILER [FLAG...]

Each .cpp file beside this one is a right program, and with -DMEMO_WRONG=n a wrong one. A right program compiles with all
warnings on and none given. A wrong one fails; its first error is the sentence in the `// error:` line under its number,
followed by what to write instead; and all it prints stays within 40 lines.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
HEADER = "memo/memo.hpp"
LONGEST_OUTPUT = 40
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wsign-conversion", "-Wshadow", "-Werror"]
CASE = re.compile(r"^#(?:el)?if MEMO_WRONG == (\d+)\n\s*// error: (.*)$", re.M)
NUMBER = re.compile(r"MEMO_WRONG == (\d+)")
PROBE = f"#include <{HEADER}>\nint main() {{ return memo::cached([](int n) {{ return n; }})(0); }}\n"
JOBS = 2


class compiler:
    """One compiler with its flags, and memo's header compiled once for all programs."""

    def __init__(self, command, flags, scratch):
        self.command = [*command, "-std=c++20", *flags, f"-I{HERE.parent.parent / 'include'}"]
        self.is_clang = "clang" in subprocess.run([*command, "--version"], text=True, capture_output=True).stdout
        self.header = self.precompile(scratch)

    def precompile(self, scratch):
        """Flags that bring the compiled header in; none where this compiler cannot use it (clang 14 may crash on one)."""
        source, probe = scratch / "all.hpp", scratch / "probe.cpp"
        source.write_text(f"#include <{HEADER}>\n")
        probe.write_text(PROBE)
        compiled = scratch / ("all.pch" if self.is_clang else "all.hpp.gch")
        flags = ["-include-pch", str(compiled)] if self.is_clang else ["-include", str(source)]
        steps = (["-x", "c++-header", str(source), "-o", str(compiled)], [*flags, "-fsyntax-only", str(probe)])
        usable = all(subprocess.run([*self.command, *step], capture_output=True).returncode == 0 for step in steps)
        return flags if usable else []

    def run(self, program, *flags):
        return subprocess.run([*self.command, *self.header, *flags, "-fsyntax-only", str(program)], text=True,
                              capture_output=True, env={**os.environ, "LC_ALL": "C"})


def cases_of(program):
    """(number, sentence) of each wrong program in the file; 0 is the right one."""
    text = program.read_text()
    found = [(int(number), sentence.strip()) for number, sentence in CASE.findall(text)]
    if sorted(int(n) for n in NUMBER.findall(text)) != sorted(number for number, _ in found):
        sys.exit(f"{program.name}: each MEMO_WRONG needs a line `// error: <sentence>` under it")
    return [(0, ""), *found]


def judge(tool, program, number, sentence):
    """What is wrong with the outcome; None when nothing is."""
    if number == 0:
        made = tool.run(program, *WARNINGS)
        return None if made.returncode == 0 else f"the right program does not compile\n{made.stderr}"
    made = tool.run(program, f"-DMEMO_WRONG={number}")
    if made.returncode == 0:
        return f"compiles, though it should fail with: {sentence}"
    lines = made.stderr.splitlines()
    first = next((line for line in lines if re.search(r"\berror: ", line)), "")
    if f"{sentence}; " not in first:
        return f"the first error is not: {sentence}\n{made.stderr}"
    if len(lines) > LONGEST_OUTPUT:
        return f"prints {len(lines)} lines, more than {LONGEST_OUTPUT}\n{made.stderr}"
    return None


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--only", metavar="NAME", help="programs of this file only, such as `key` or `key:7`")
    arguments.add_argument("compiler")
    arguments.add_argument("flags", nargs=argparse.REMAINDER)
    given = arguments.parse_args()
    name, _, chosen = (given.only or "").partition(":")

    programs = [(program, number, sentence) for program in sorted(HERE.glob("*.cpp")) if name in ("", program.stem)
                for number, sentence in cases_of(program) if not chosen or number == int(chosen)]
    failed = 0
    with tempfile.TemporaryDirectory() as scratch, concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        made = compiler(given.compiler.split(), given.flags, pathlib.Path(scratch))
        faults = pool.map(lambda program: judge(made, *program), programs)
        for (program, number, _), fault in zip(programs, faults):
            if fault:
                failed += 1
                print(f"{program.name} MEMO_WRONG={number}: " + "\n".join(fault.splitlines()[:LONGEST_OUTPUT]), flush=True)
    print(f"{len(programs) - failed} passed, {failed} failed")
    return 1 if failed or not programs else 0


if __name__ == "__main__":
    sys.exit(main())
