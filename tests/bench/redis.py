"""What tests/bench/redis.cpp measures, for tests/bench/stores."""

from workshop import ROOT

PACKAGES = ["redis-server", "libhiredis-dev"]
LIBRARIES = [f"-I{ROOT}/tests", f"-I{ROOT}/src", "-lhiredis"]

COMPARED = [
    ("get", "GET"),
    ("set", "its script"),
    ("set", "SET"),
    ("get of 100 at once", "100 GET in a pipeline"),
    ("set of 100 at once", "100 SET in a pipeline"),
    ("get of 100 at once", "100 single gets"),
]
ALL = [(f"{way}, {what}", beside) for way in ("unix socket", "loopback") for what, beside in COMPARED] + [
    ("away, get", "a throw"), ("away, call", "a miss in memory")]
ROWS = [(what, beside, f"{what} beside {beside}", f"{what} beside {beside}, bare") for what, beside in ALL]


def others():
    return {}
