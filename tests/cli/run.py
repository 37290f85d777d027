#!/usr/bin/env python3
"""Runs memo-sim as a user does: its table, files and errors, and its hits beside those of others.

    tests/cli/run.py <memo-sim> [gzip] [zstd]

The words behind the program say what it can unpack. Rows of the reference traces are compared where shared/traces stands beside the checkout.
Works in a directory of its own; prints how many passed and failed, exits 1 on any failure.
"""
import collections
import csv
import gzip
import os
import pathlib
import pty
import random
import select
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

BRIEF = ["addr_gcc", "lirs_2pools", "lirs_glimpse", "lirs_multi1", "memo_gitcaf", "web_nasa"]  # reference traces that take little time
BOTH = {"fifo": "FIFO", "lru": "LRU", "belady": "BELADY"}  # names here and in the tables of the reference


def traces_beside():
    for folder in pathlib.Path(__file__).resolve().parents:
        if (folder / "shared" / "traces" / "expected.csv").is_file():
            return folder / "shared" / "traces"
    return None


def hits_of(policy, requests, size):
    """FIFO and LRU once more, as the textbook has them."""
    held = collections.OrderedDict()
    hits = 0
    for key in requests:
        if key in held:
            hits += 1
            if policy == "lru":
                held.move_to_end(key)
            continue
        if len(held) == size:
            held.popitem(last=False)
        held[key] = None
    return hits


def extent_of(text):
    """Left, right, top and bottom of a text of a picture, in one of the wider fonts."""
    kind, x, y = text.get("class"), float(text.get("x")), float(text.get("y"))
    size = {"title": 20, "panel": 14, "name": 13}.get(kind, 11)
    width = sum(0.35 if letter in " .,:;'ijl!|()-/rft" else 0.95 if letter in "mMW%" else 0.64 for letter in text.text or "") * size
    left = x - width * {"ratio": 1, "size": 0.5, "axis-name": 0.5}.get(kind, 0)
    return left, left + width, y - 0.8 * size, y + 0.2 * size


class trial:
    def __init__(self, program, unpacks):
        self.program = os.path.abspath(program)
        self.unpacks = unpacks
        self.passed = self.failed = 0
        chance = random.Random(7)
        self.requests = [f"user {min(int(chance.paretovariate(0.7)), 4000)}" for _ in range(20_000)]
        self.keys = list(dict.fromkeys(self.requests))
        self.text = "".join(key + "\n" for key in self.requests).encode()
        self.write("calls.txt", self.text)
        self.write("calls.cost", "".join(f"{17 * at % 1009}\n" for at in range(len(self.keys))).encode())

    def write(self, name, content):
        pathlib.Path(name).write_bytes(content)

    def run(self, *words, stdin=None):
        return subprocess.run([self.program, *map(str, words)], input=stdin, capture_output=True, timeout=120)

    def check(self, what, well, told=""):
        self.passed, self.failed = self.passed + bool(well), self.failed + (not well)
        if not well:
            print(f"ERROR: {what}: {told}", flush=True)

    def rows(self, *words):
        done = self.run("--csv", "rows.csv", *words)
        if done.returncode:
            self.check(f"memo-sim {words} runs", False, done.stderr)
            return []
        with open("rows.csv", newline="") as lines:
            return list(csv.DictReader(lines))

    def refuses(self, words, place, remedy, stdin=None, leaves=()):
        """Ends with 2, names the place and what to do, prints no table and writes no file."""
        done = self.run(*words, stdin=stdin)
        told = done.stderr.decode()
        well = (done.returncode == 2 and told.startswith("memo-sim: ") and told.count("\n") == 1 and place in told and remedy in told
                and not done.stdout and not any(os.path.exists(name) for name in leaves))
        self.check(f"memo-sim {words} names `{place}` and `{remedy}`", well, f"status {done.returncode}, {told!r}")

    def check_results(self):
        sizes = [1, 7, 50, 400]
        rows = self.rows("--policy", "fifo,lru,belady", "--size", ",".join(map(str, sizes)), "calls.txt")
        found = {(row["policy"], int(row["size"])): row for row in rows}
        self.check("a row for each policy and size", len(rows) == len(found) == 3 * len(sizes), rows)
        for (policy, size), row in found.items():
            hits = int(row["hits"])
            if policy == "belady":
                bound = max(int(found[other, size]["hits"]) for other in ("fifo", "lru"))
                self.check(f"belady is beaten by nobody at {size}", hits >= bound, f"{hits} < {bound}")
            else:
                expected = hits_of(policy, self.requests, size)
                self.check(f"{policy} at {size} has the hits of the textbook", hits == expected, f"{hits}, not {expected}")
            self.check(f"{policy} at {size}: its ratio is of its hits", row["hit_ratio"] == f"{hits / len(self.requests):.6f}", row)
            self.check(f"{policy} at {size}: no costs are known", row["cost_saved_ratio"] == "" and row["trace"] == "calls", row)

        everything = self.rows("calls.txt")
        best = {row["size"]: int(row["hits"]) for row in everything if row["policy"] == "belady"}
        self.check("all policies are replayed where none is named", len(everything) == 10 * len(best), len(everything))
        self.check("no policy beats belady", all(int(row["hits"]) <= best[row["size"]] for row in everything), everything)
        self.check("equal runs have equal results", everything == self.rows("calls.txt"))

        whole = self.rows("--policy", "lru", "--size", "100%", "--cost", "calls.cost", "calls.txt")
        saved = 1 - sum(17 * at % 1009 for at in range(len(self.keys))) / sum(17 * self.keys.index(key) % 1009 for key in self.requests)
        self.check("with room for all, all but first runs are saved", [row["cost_saved_ratio"] for row in whole] == [f"{saved:.6f}"], whole)

    def check_output(self):
        done = self.run("--policy", "lru,belady", "--size", "10,100", "--cost", "calls.cost", "--svg", "calls.svg", "calls.txt")
        table = done.stdout.decode()
        self.check("the table names trace, sizes and policies", done.returncode == 0 and not done.stderr and
                   all(word in table for word in (f"calls: 20,000 requests for {len(self.keys):,} keys", " 10 ", " 100", "lru", "belady", "saved")), table)
        self.check_picture("calls.svg", panels=2, policies=["lru", "belady"])
        self.check("nothing is left beside the picture", not [name for name in os.listdir() if ".new" in name], os.listdir())
        self.check("a trace may come by the standard input", self.run("--size", "10", "-", stdin=self.text).stdout.startswith(b"stdin: 20,000"))
        self.check_standard_output()
        for word in ("--help", "--version"):
            done = self.run(word)
            self.check(f"{word} is told on the standard output", done.returncode == 0 and done.stdout.startswith(b"memo-sim") and not done.stderr, done)
        shutil.copy("calls.txt", "twin.log")
        os.mkdir("other")
        shutil.copy("calls.txt", "other/calls.txt")
        names = {row["trace"] for row in self.rows("--policy", "lru", "calls.txt", "twin.log", "other/calls.txt")}
        self.check("traces of one name go by their paths", names == {"calls.txt", "twin", "other/calls.txt"}, names)

    def check_pictures(self):
        """Of any traces and sizes."""
        self.write("one.txt", b"a\n")
        self.write("same.txt", b"a\n" * 1000)
        long = "a trace of a name that is wider than a picture " * 4 + ".txt"
        self.write(long, self.text)
        policies = [row["policy"] for row in self.rows("--size", "1", "calls.txt")]
        for sizes in ("0.1%,1%,10%,100%", "23", "110,115", "1000,1001", "60,70,80,90", "1,18446744073709551615"):
            for traces in (["calls.txt"], ["one.txt", "same.txt"], ["calls.txt", "one.txt", "same.txt", long, "calls.txt"]):
                done = self.run("--size", sizes, "--svg", "any.svg", *traces)
                self.check(f"{sizes} of {traces} are drawn", done.returncode == 0, done.stderr)
                self.check_picture("any.svg", len(traces), policies)

    def check_picture(self, path, panels, policies):
        """Its texts lie inside of it and beside each other, and it shows a curve for each policy over axes with units."""
        picture = xml.etree.ElementTree.parse(path).getroot()
        width, height = map(float, picture.get("viewBox").split()[2:])
        texts = [(text.get("class"), *extent_of(text), text.text) for text in picture.findall(".//{*}text")]
        outside = [text for text in texts if text[1] < 0 or text[2] > width or text[3] < 0 or text[4] > height]
        self.check(f"{path}: texts lie inside", not outside, outside)
        covered = [(one[5], other[5]) for at, one in enumerate(texts) for other in texts[:at]
                   if one[1] < other[2] and other[1] < one[2] and one[3] < other[4] and other[3] < one[4]]
        self.check(f"{path}: no text covers another", not covered, covered[:5])
        names = [text[5] for text in texts if text[0] == "name"]
        self.check(f"{path}: the legend names the policies", names == policies, names)
        groups = picture.findall("{*}g")
        self.check(f"{path}: a panel for each trace, and for its costs", len(groups) == panels, len(groups))
        for group in groups:
            drawn = [one.get("stroke") for one in group.findall("{*}path") if one.get("stroke")]
            self.check(f"{path}: a curve of its own colour for each policy", len(drawn) == len(set(drawn)) == len(policies), drawn)
            told = collections.defaultdict(list)
            for text in group.findall("{*}text"):
                told[text.get("class")].append(text.text)
            self.check(f"{path}: axes in per cent and entries", len(told["ratio"]) > 1 and all(name.endswith(" %") for name in told["ratio"])
                       and len(told["size"]) > 1 and told["axis-name"] == ["entries"], dict(told))

    def check_standard_output(self):
        """By its name, whatever it is: the rows stand behind the table, and the link stays a link."""
        os.symlink("/proc/self/fd/1", "link")
        words = [self.program, "--policy", "lru", "--size", "10", "--csv", "link", "calls.txt"]
        piped = subprocess.run(words, capture_output=True).stdout
        self.check("files may be pipes", piped.startswith(b"calls: 20,000") and b"\ncalls,lru,10,20000," in piped, piped)
        with open("output", "w+b") as output:
            subprocess.run(words, stdout=output, check=True)
            self.check("files may be the standard output", pathlib.Path("output").read_bytes() == piped)
            os.unlink("output")
            output.truncate(0)
            output.seek(0)
            subprocess.run(words, stdout=output, check=True)
            output.seek(0)
            self.check("files may have lost their name", output.read() == piped)
        self.check("a link to a file stays a link", os.path.islink("link"))

    def check_bar(self):
        """On a terminal a bar is drawn, and is gone at the end."""
        ours, its = pty.openpty()
        with subprocess.Popen([self.program, "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=its) as process:
            os.close(its)
            waits = select.select([ours], [], [], 60)[0]  # for what is not sent yet, and says so
            drawn = os.read(ours, 4096) if waits else b""
            process.communicate(self.text)
            while True:
                try:
                    drawn += os.read(ours, 4096)
                except OSError:
                    break
        os.close(ours)
        self.check("a bar is drawn on a terminal", process.returncode == 0 and b"reading  [----" in drawn, drawn)
        self.check("the bar is gone at the end", drawn.endswith(b"\x1b[K"), drawn[-80:])

    def check_packed(self):
        middle = self.text.index(b"\n", len(self.text) // 2) + 1
        zstd = shutil.which("zstd")
        packed = {
            "gzip": gzip.compress(self.text[:middle]) + gzip.compress(self.text[middle:]),
            "zstd": b"".join(subprocess.run([zstd, "-qc"], input=part, capture_output=True, check=True).stdout
                             for part in (self.text[:middle], self.text[middle:])) if zstd else None,
        }
        helped = self.run("--help").stdout.decode()
        for kind, content in packed.items():
            forms = helped.partition("plain")[2].partition("\n")[0].partition(";")[0]
            self.check(f"--help says whether {kind} is unpacked", (kind in forms) == (kind in self.unpacks), forms)
            if content is None:
                print(f"skipped: what {kind} packed, which is not here")
                continue
            self.write("calls.packed", content)
            if kind not in self.unpacks:
                without = f"is packed by {kind}, and this build came without {'zlib' if kind == 'gzip' else 'libzstd'}"
                self.refuses(["--csv", "no.csv", "calls.packed"], f"calls.packed: {without}", "unpack it first", leaves=["no.csv"])
                self.refuses(["--cost", "calls.packed", "calls.txt"], f"calls.packed: {without}", "unpack it first")
                self.refuses(["-"], f"-: {without}", "unpack it first", stdin=content)
                continue
            same = [row["hits"] for row in self.rows("calls.txt")] == [row["hits"] for row in self.rows("calls.packed")]
            self.check(f"{kind} changes nothing", same)
            self.write("cut", content[:-5])
            self.refuses(["--csv", "no.csv", "cut"], "cut:", f"its {kind} stream ends too early; pack the file anew", leaves=["no.csv"])
            self.write("rotten", content[:40] + bytes(200) + content[240:])
            self.refuses(["--csv", "no.csv", "rotten"], "rotten:", "pack the file anew", leaves=["no.csv"])
            self.write("tail", content + b"what is this?")
            self.refuses(["tail"], "tail:", f"its {kind} stream is broken")
            self.write("costs", content)
            self.refuses(["--cost", "costs", "calls.txt"], "costs:1: this is no cost", "write a whole number")

    def check_refusals(self):
        few = "".join(f"{at}\n" for at in range(1, 17)).encode()
        for name, content in {"empty": b"", "gap": few + b"\n17\n", "nul": few + b"a\0b\n", "long": few + b"x" * 70_000 + b"\n",
                              "cost.word": b"5\nfast\n", "cost.less": b"1\n2\n", "cost.sign": b"-1\n"}.items():
            self.write(name, content)
        os.mkdir("folder")
        os.symlink("nowhere/at all", "dangling")
        for words, place, remedy in [
            ([], "no trace was named", "write memo-sim TRACE..."),
            (["--policy", "lru,clock", "calls.txt"], "--policy: `clock` is no policy", "write some of adaptive"),
            (["--size", "10,1O0", "calls.txt"], "--size: `1O0` is no size", "write entries, such as 1000"),
            (["--sise", "10", "calls.txt"], "--sise: is no option", "--help"),
            (["missing.txt"], "missing.txt: cannot be opened: No such file", "name a file that can be read"),
            (["folder"], "folder: cannot be read: Is a directory", "name a file that can be read"),
            (["empty"], "empty: holds no request", "write one key per line"),
            (["calls.txt", "gap"], "gap:17: this line is empty", "write one key per line"),
            (["nul"], "nul:17: this line holds a NUL byte", "write text"),
            (["long"], "long:17: this line is longer than 65,536 bytes", "write a digest"),
            (["--cost", "cost.word", "calls.txt"], "cost.word:2: this is no cost", "write a whole number"),
            (["--cost", "cost.sign", "calls.txt"], "cost.sign:1: this is no cost", "write a whole number"),
            (["--cost", "cost.less", "calls.txt"], "cost.less:3: the costs end here", "write one line for each"),
            (["--cost", "calls.cost", "empty", "calls.txt"], "--cost: 1 given for 2 traces", "one for each trace"),
        ]:
            self.refuses(["--csv", "no.csv", "--svg", "no.svg", *words], place, remedy, leaves=["no.csv", "no.svg"])
        self.refuses(["-"], "-:3: this line is empty", "write one key per line", stdin=b"a\nb\n\n")
        self.refuses_endless_line()
        for option in ("--csv", "--svg"):
            for path, why in (("nowhere/out", "No such file"), ("folder", "Is a directory"), ("dangling", "No such file"), ("calls.txt/out", "Not a directory")):
                self.refuses([option, path, "missing.txt"], f"{option}: ", "name a file that can be")  # before any trace is read
                self.refuses([option, path, "calls.txt"], why, "name a file that can be")
        self.refuses_full_disk()

    def refuses_endless_line(self):
        """Whose end is not waited for."""
        with subprocess.Popen([self.program, "-"], stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            try:
                process.stdin.write(b"x" * 2**20)
            except BrokenPipeError:
                pass
            ends = bool(select.select([process.stderr], [], [], 60)[0])
            if not ends:
                process.kill()
            told = process.stderr.read()
            try:
                process.stdin.close()
            except BrokenPipeError:
                pass
        self.check("a line without an end is refused early", ends and process.returncode == 2 and b"-:1: this line is longer" in told, told)

    def refuses_full_disk(self):
        self.write("kept.csv", b"as before\n")
        if os.path.exists("/dev/full"):
            done = self.run("--size", "10", "--csv", "/dev/full", "calls.txt")
            self.check("a full disk is told", done.returncode == 2 and b"--csv: /dev/full: cannot be written to its end: No space left" in done.stderr, done)
            with open("/dev/full", "wb") as full:
                done = subprocess.run([self.program, "--size", "10", "--csv", "kept.csv", "calls.txt"], stdout=full, stderr=subprocess.PIPE)
            self.check("a table that could not be printed is told", done.returncode == 2 and b"standard output" in done.stderr, done)
        self.run("--csv", "kept.csv", "gap")
        self.check("a file stays as it was when something is wrong", pathlib.Path("kept.csv").read_bytes() == b"as before\n")

    def check_references(self):
        beside = traces_beside()
        if beside is None or "zstd" not in self.unpacks:
            print("skipped: the reference traces are not beside this checkout, or zstd cannot be read")
            return
        expected = collections.defaultdict(dict)
        for table, column in (("expected.csv", "hit_ratio"), ("expected_cost.csv", "cost_saved_ratio")):
            with open(beside / table, newline="") as lines:
                for row in csv.DictReader(lines):
                    if row["source"] == "hitsim":
                        expected[row["trace"]][row["policy"], row["capacity"], column] = row[column]
        for name in BRIEF:
            sizes = sorted({capacity for _, capacity, _ in expected[name]}, key=int)
            cost = beside / f"{name}.cost.txt.zst"
            rows = self.rows("--policy", ",".join(BOTH), "--size", ",".join(sizes), *(["--cost", cost] if cost.exists() else []),
                             beside / f"{name}.txt.zst")
            self.check(f"{name}: every size was replayed", len(rows) == len(BOTH) * len(sizes) > 0)
            for row in rows:
                for column in ("hit_ratio", "cost_saved_ratio"):
                    known = expected[name].get((BOTH[row["policy"]], row["size"], column))
                    if known is not None:
                        self.check(f"{name}, {row['policy']} at {row['size']}: {column} is the reference's to the last digit",
                                   row[column] == known, f"{row[column]}, not {known}")


def main():
    if len(sys.argv) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as work:
        program = os.path.abspath(sys.argv[1])
        os.chdir(work)
        one = trial(program, sys.argv[2:])
        for check in (one.check_results, one.check_output, one.check_pictures, one.check_bar, one.check_packed, one.check_refusals, one.check_references):
            check()
        os.chdir("/")
    print(f"{one.passed} passed, {one.failed} failed")
    return 1 if one.failed else 0


if __name__ == "__main__":
    sys.exit(main())
