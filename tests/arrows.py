#!/usr/bin/env python3
"""Who may include whom: reads the #include lines of include/ and src/ and holds them against the table of the rooms.

    tests/arrows.py [--root <project>]

Prints one line per wrong arrow (where, what, what to do) and exits 1.
"""
import argparse
import pathlib
import re
import sys

FRONT = "front page"

# room: rooms, or single headers, that it may include beside its own
MAY_INCLUDE = {
    FRONT: {"call", "key", "store/byte_store.hpp", "store/concept.hpp", "store/memory.hpp", "policy", "base"},
    # call knows that there are stores of bytes, and that a manager's prefix stands in front of them
    "call": {"key", "store/concept.hpp", "store/byte_store.hpp", "store/prefixed.hpp", "base"},
    "key": {"base"},
    "store": {"policy", "codec", "transport", "base"},
    "policy": {"base"},
    "codec": {"base"},
    "transport": {"base"},
    "base": set(),
    "cli": {"policy", "base"},
    "testing": {FRONT, "call", "key", "store", "policy", "codec", "transport", "base"},
}
EVERYBODY_MAY_INCLUDE = {"fwd.hpp"}

# single headers whose job is to reach further than their room
MAY_ALSO_INCLUDE = {
    "cache_entries.cpp": {"codec", "store"},  # caches keep records
    "cache_entries_file.cpp": {"codec", "store"},
    "cache_entries_runs.cpp": {"codec", "store"},
    "cache_entries_writes.cpp": {"codec", "store"},
    "cache_terms.hpp": {"store"},
    "cache_values.hpp": {"codec"},
    "call/space.cpp": {"store/prefixed.hpp"},  # a manager's prefix stands in front of what is stored
    "configuration.cpp": {"store"},
    "configuration.hpp": {"store"},
    "open.cpp": {"store"},
    "open.hpp": {"store"},
    "testing.hpp": {"testing"},
}

# third party: where in include/ and in src/ it may stand
THIRD_PARTIES = [
    (re.compile(r"boost/hana(/|\.hpp)"), "Boost.Hana", {FRONT, "base/fields.hpp", "key", "testing"}, {FRONT, "key"}),
    (re.compile(r"xxh(ash|3)\.h"), "xxHash", set(), {"base"}),
    (re.compile(r"nlohmann/"), "nlohmann/json", set(), {"configuration.cpp", "document.hpp"}),
    (re.compile(r"cereal/"), "cereal", {"codec/cereal.hpp", "codec/json.hpp"}, set()),
    (re.compile(r"(hiredis|sys|netinet|arpa)/|(sqlite3|libmemcached.*|netdb|unistd|fcntl|link|linux/membarrier|poll|pthread|signal)\.h"), "a client or the system",
     set(), {"store", "transport", "base", "cli"}),
    (re.compile(r"(zlib|zstd)\.h"), "what unpacks traces", set(), {"cli"}),
]

# what a room must never know, as includes or in its words
NEVER = {
    "base": [(re.compile(r"#include <(filesystem|fstream|future|iostream|random|ranges|regex)>"),
              "the headers of base speak the cheap part of std only")],
    "key": [(re.compile(r"\bstd::hash\b"), "keys hash their canonical bytes, std::hash differs between platforms"),
            (re.compile(r"\b(system|steady)_clock::now\b"), "keys know no time")],
    "policy": [(re.compile(r"#include <(atomic|chrono|condition_variable|mutex|shared_mutex|thread)>"),
                "a policy knows neither locks nor clocks")],
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)


def room_of(path):
    """The room of a path below include/memo or src."""
    parts = pathlib.PurePosixPath(path).parts
    if str(path) == "testing.hpp":
        return "testing"
    return parts[0] if len(parts) > 1 else FRONT


class house:
    def __init__(self, root):
        self.files = {}  # place -> (path below include/memo or src, is a header, text)
        for base, header in (("include/memo", True), ("src", False)):
            for path in sorted((root / base).rglob("*")):
                if path.suffix in (".hpp", ".cpp"):
                    place = path.relative_to(root).as_posix()
                    self.files[place] = (path.relative_to(root / base).as_posix(), header, path.read_text())
        self.wrong = []

    def blame(self, place, position, what, remedy):
        line = self.files[place][2].count("\n", 0, position) + 1
        self.wrong.append(f"{place}:{line}: {what}; {remedy}")

    def check(self):
        for place, (path, header, text) in self.files.items():
            room = room_of(path)
            if room not in MAY_INCLUDE:
                self.blame(place, 0, f"{room} is no room of the house", "move the file, or add the room to ARCHITECTURE and tests/arrows.py")
                continue
            for pattern, reason in NEVER.get(room, []) if header or room != "base" else []:
                for found in pattern.finditer(text):
                    self.blame(place, found.start(), f"{room} uses `{found.group().strip()}`", reason)
            for found in INCLUDE.finditer(text):
                self.check_include(place, path, header, room, found)
        self.check_cycles()
        return self.wrong

    def check_include(self, place, path, header, room, found):
        quote, name = found.groups()
        if quote == '"':
            if header or (pathlib.PurePosixPath(place).parent / name).as_posix() not in self.files:
                self.blame(place, found.start(), f'includes "{name}"', "write it as <memo/...>, or put it beside its user in src/")
        elif name.startswith("memo/"):
            self.check_arrow(place, path, room, found, name.removeprefix("memo/"))
        elif "." in name or "/" in name:
            self.check_third_party(place, path, header, room, found, name)

    def check_arrow(self, place, path, room, found, target):
        if f"include/memo/{target}" not in self.files:
            self.blame(place, found.start(), f"includes <memo/{target}>, which does not exist", "mend the name")
            return
        allowed = MAY_INCLUDE[room] | MAY_ALSO_INCLUDE.get(path, set()) | {room} | EVERYBODY_MAY_INCLUDE
        if room_of(target) not in allowed and target not in allowed:
            self.blame(place, found.start(), f"{room} includes <memo/{target}>",
                       f"it may include only {', '.join(sorted(allowed))}; move what is needed to where both may see it")

    def check_third_party(self, place, path, header, room, found, name):
        for pattern, party, headers, sources in THIRD_PARTIES:
            if pattern.match(name):
                allowed = headers if header else sources
                if room not in allowed and path not in allowed:
                    self.blame(place, found.start(), f"{room} includes {party} (<{name}>)",
                               f"only {', '.join(sorted(allowed)) or 'src/'} may; go through the room that wraps it")
                return
        self.blame(place, found.start(), f"includes <{name}>, of a third party that is not on the list",
                   "take a std or memo header, or add the party to tests/arrows.py")

    def check_cycles(self):
        """No header may reach itself, and no room another one that reaches it back."""
        headers, rooms = {}, {}
        for place, (path, header, text) in self.files.items():
            targets = {name.removeprefix("memo/") for _, name in INCLUDE.findall(text) if name.startswith("memo/")}
            if header:
                headers[path] = targets
            rooms.setdefault(room_of(path), set()).update(room_of(t) for t in targets - EVERYBODY_MAY_INCLUDE)
        for room in rooms:
            rooms[room].discard(room)
        for what, graph in (("header", headers), ("room", rooms)):
            ring = find_ring(graph)
            if ring:
                self.wrong.append(f"include/memo: {what}s include each other in a ring, {' -> '.join(ring)}; "
                                  "move what both need to a third place")


def find_ring(graph):
    """One ring of the graph as a list that ends where it began, or None."""
    done = set()

    def walk(node, trail):
        if node in trail:
            return trail[trail.index(node):] + [node]
        if node in done:
            return None
        for target in sorted(graph.get(node, ())):
            ring = walk(target, trail + [node])
            if ring:
                return ring
        done.add(node)
        return None

    for node in sorted(graph):
        ring = walk(node, [])
        if ring:
            return ring
    return None


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    inside = house(arguments.parse_args().root)
    wrong = inside.check()
    print("\n".join(wrong) or f"arrows: {len(inside.files)} files include only what their rooms may")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
