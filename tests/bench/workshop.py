"""What the programs of this folder share: packages, an optimized library, the flags to build against it."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TREE = ROOT / "build" / "bench"
# beside the headers that Meson makes in TREE, a program called `numbers` would be found for <numbers>
PROGRAMS = TREE / "programs"
COMPILER = os.environ.get("CXX", "g++").split()


def prepare(*packages):
    """Installs what is missing and builds the library; ends the program when that fails."""
    run("bash", "-c", 'source tests/packages.sh && need "${to_build[@]}" "$@"', "bench", *packages)
    if not (TREE / "build.ninja").exists():
        run("meson", "setup", TREE, "--buildtype=release", "-Dtests=disabled", "-Dexamples=disabled")
    run("ninja", "-C", TREE, "--quiet")
    PROGRAMS.mkdir(exist_ok=True)


def flags(*which):
    """What pkg-config says of the library that `prepare` built: `--cflags`, `--libs`."""
    described = dict(os.environ, PKG_CONFIG_PATH=str(TREE / "meson-uninstalled"))
    return subprocess.run(["pkg-config", *which, "memo"], check=True, capture_output=True, text=True,
                          env=described).stdout.split()


def run(*command):
    try:
        subprocess.run([str(word) for word in command], check=True, cwd=ROOT)
    except subprocess.CalledProcessError as failed:
        raise SystemExit(f"bench: {' '.join(failed.cmd[:4])} failed with {failed.returncode}; see above")


def table(rows):
    """Prints rows of text, the first a heading, in columns that are as wide as needed."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print(row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:])), sep="   ")
