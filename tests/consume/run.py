#!/usr/bin/env python3
"""Uses memo from outside as others do: as a Meson subproject, and installed, through pkg-config, through CMake and as a command.

    tests/consume/run.py --build <build tree>

Works in a directory of its own with the compiler of the build tree; prints how many passed and failed, exits 1 on any failure.
"""
import argparse
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


def run(command, folder, **environment):
    command = [str(word) for word in command]
    print("$", shlex.join(command), flush=True)
    subprocess.run(command, cwd=folder, check=True, stdout=sys.stdout, stderr=subprocess.STDOUT,
                   env={**os.environ, **environment})


def install(work, build):
    """What the tree has built, far from the prefix that it was built for, so that nothing may lean on where it is."""
    run(["meson", "install", "-C", build, "--no-rebuild", "--quiet", "--destdir", work / "first"], work)
    options = json.loads((build / "meson-info" / "intro-buildoptions.json").read_text())
    prefix = next(option["value"] for option in options if option["name"] == "prefix")
    return (work / "first" / prefix.lstrip("/")).rename(work / "installed")


def as_subproject(work, installed):
    project = shutil.copytree(HERE / "meson", work / "meson")
    shutil.copy(HERE / "main.cpp", project)
    (project / "subprojects").mkdir()
    (project / "subprojects" / "memo").symlink_to(ROOT, target_is_directory=True)
    run(["meson", "setup", "build", "--force-fallback-for=memo", "-Doptimization=0", "-Ddebug=false"], project)
    run(["ninja", "-C", "build", "consumer"], project)
    run(["build/consumer"], project)


def by_pkg_config(work, installed):
    folder = next(installed.rglob("memo.pc")).parent
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "memo"], text=True, check=True, stdout=subprocess.PIPE,
                           env={**os.environ, "PKG_CONFIG_PATH": str(folder)}).stdout
    run([*shlex.split(os.environ["CXX"]), "-std=c++20", HERE / "main.cpp", "-o", "by_pkg_config", *shlex.split(flags)], work)
    run(["./by_pkg_config"], work)


def by_cmake(work, installed):
    project = shutil.copytree(HERE / "cmake", work / "cmake")
    shutil.copy(HERE / "main.cpp", project)
    launcher, compiler = [None, *shlex.split(os.environ["CXX"])][-2:]
    run(["cmake", "-B", "build", f"-DCMAKE_PREFIX_PATH={installed}", f"-DCMAKE_CXX_COMPILER={compiler}",
         *([f"-DCMAKE_CXX_COMPILER_LAUNCHER={launcher}"] if launcher else [])], project)
    run(["cmake", "--build", "build"], project)
    run(["build/consumer"], project)


def as_command(work, installed):
    run([installed / "bin" / "memo-sim", "--version"], work)


def compiler_of(build):
    """The compiler that the tree uses, with ccache in front where it does so."""
    entry = json.loads((build / "compile_commands.json").read_text())[0]
    words = shlex.split(entry["command"])
    return shlex.join(words[:2] if "ccache" in words[0] else words[:1])


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--build", type=pathlib.Path, required=True)
    build = arguments.parse_args().build.resolve()
    os.environ["CXX"] = compiler_of(build)
    consumers, failed = [as_subproject, by_pkg_config, by_cmake, as_command], 0
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        try:
            installed = install(work, build)
        except subprocess.CalledProcessError as error:
            print(f"consume: memo could not be installed: {error}\n0 passed, {len(consumers)} failed")
            return 1
        for consumer in consumers:
            try:
                consumer(work, installed)
            except (subprocess.CalledProcessError, StopIteration, OSError) as error:
                failed += 1
                print(f"consume: {consumer.__name__}: {error}; the compiler's words stand above", flush=True)
    print(f"{len(consumers) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
