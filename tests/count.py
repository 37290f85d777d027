#!/usr/bin/env python3
"""Counts what the runners of one or more build trees reported.

    tests/count.py <build tree>...

First come the names of what failed. A test program or script that says how many of its cases passed and failed counts with its own numbers, any other test as one.
A tree whose tests never ran, and a program that died without naming a failed case, count as one failure. Exits 1 on any failure.
"""
import json
import pathlib
import re
import sys

OWN_COUNTS = [
    re.compile(r"^\[doctest\] test cases:.*?\| *(?P<passed>\d+) passed *\| *(?P<failed>\d+) failed", re.M),
    re.compile(r"^(?P<passed>\d+) passed, (?P<failed>\d+) failed$", re.M),
]


def count(record):
    """(passed, failed) of one line of Meson's log."""
    if record["result"] == "SKIP":
        return 0, 0
    well = record["result"] in ("OK", "EXPECTEDFAIL")
    for pattern in OWN_COUNTS:
        found = pattern.findall(record.get("stdout", ""))
        if found:
            passed, failed = map(int, found[-1])
            return passed, failed if well or failed else 1
    return (1, 0) if well else (0, 1)


def failures(record):
    """Sentences about what failed in one line of Meson's log: its cases, or itself where it names none."""
    if count(record)[1] == 0:
        return []
    told = [part for part in re.split(r"^=+$", record.get("stdout", ""), flags=re.M) if "ERROR:" in part]
    cases = [case for part in told for case in re.findall(r"^ *TEST CASE: +(.+)$", part, re.M)]
    return [f"{record['name']}: {case}" for case in dict.fromkeys(cases)] or [f"{record['name']}: {record['result']}"]


def read_tree(tree):
    log = pathlib.Path(tree) / "meson-logs" / "testlog.json"
    return [json.loads(line) for line in log.read_text().splitlines() if line] if log.exists() else []


def count_tree(records):
    counts = [count(record) for record in records]
    passed, failed = (sum(column) for column in zip(*counts)) if counts else (0, 0)
    return passed, failed if passed else max(failed, 1)


def main(trees):
    logs = [read_tree(tree) for tree in trees]
    for tree, records in zip(trees, logs):
        for sentence in (sentence for record in records for sentence in failures(record)):
            print(f"FAILED {tree}: {sentence}")
    totals = [count_tree(records) for records in logs]
    if len(trees) > 1:
        for tree, (passed, failed) in zip(trees, totals):
            print(f"{tree}: {passed} passed, {failed} failed")
    passed, failed = (sum(column) for column in zip(*totals))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
