#!/usr/bin/env python3
"""Compiles headers of include/memo alone, as the given build tree compiles: those that no file of the tree includes first, which the tree
itself would not compile otherwise.

    tests/headers.py --build <build tree> [header...]

Prints the compiler's words for each that fails, then how many passed and failed; exits 1 on any failure.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def compiler_of(build):
    """The command, without files and outputs, by which the tree compiles a user of memo: tests/odr/main.cpp."""
    for entry in json.loads((build / "compile_commands.json").read_text()):
        if entry["file"].endswith("odr/main.cpp"):
            words = shlex.split(entry["command"])
            break
    else:
        sys.exit(f"headers: {build} does not build tests/odr; configure it with -Dtests=enabled")
    kept, skip = [], False
    for word in words:
        if skip or word in ("-MD", "-MMD", "-c", entry["file"]):
            skip = False
        elif word in ("-o", "-MF", "-MQ", "-MT"):
            skip = True
        else:
            kept.append(word)
    return kept, entry["directory"]


def led_with(build):
    """The headers that some file of the tree includes before any other."""
    found = set()
    for entry in json.loads((build / "compile_commands.json").read_text()):
        file = pathlib.Path(entry["directory"], entry["file"])
        first = re.search(r'^#include\s+["<]([^">]+)', file.read_text(), re.MULTILINE) if file.exists() else None
        if first:
            found.add(ROOT / "include" / first[1])
    return found


def compile_alone(header, command, directory):
    """The compiler's complaint, or nothing."""
    name = header.relative_to(ROOT / "include").as_posix()
    program = f"#include <{name}>\nint main() {{}}\n"
    run = subprocess.run([*command, "-fsyntax-only", "-x", "c++", "-"], input=program, cwd=directory, text=True,
                         capture_output=True)
    return f"include/{name}: does not compile alone; include what it uses\n{run.stderr}" if run.returncode else ""


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--build", type=pathlib.Path, required=True)
    arguments.add_argument("headers", nargs="*", type=pathlib.Path)
    chosen = arguments.parse_args()
    headers = [h.resolve() for h in chosen.headers] or \
        sorted(set((ROOT / "include" / "memo").rglob("*.hpp")) - led_with(chosen.build))
    command, directory = compiler_of(chosen.build)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        complaints = [c for c in pool.map(lambda h: compile_alone(h, command, directory), headers) if c]
    print(*complaints, f"{len(headers) - len(complaints)} passed, {len(complaints)} failed", sep="\n")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
