"""The SQLite store beside bare prepared statements, and beside what Python programs take: diskcache and joblib."""

import subprocess
import sys

PACKAGES = ["libsqlite3-dev", "python3-diskcache", "python3-joblib"]
LIBRARIES = ["-lsqlite3"]

#       what, of memo, beside, of others
ROWS = [
    ("get, nothing written since", "get_store", "bare statement", "get_bare"),
    ("get, nothing written since", "get_store", "bare, within a transaction", "get_bare_in_a_transaction"),
    ("get, right after a set", "get_after_write_store", "bare statement", "get_after_write_bare"),
    ("set", "set_store", "bare statement", "set_bare"),
    ("set, a new key", "set_new_store", "bare statement", "set_new_bare"),
    ("get of 100, a batch", "get_batch", "100 of the store", "get_singles"),
    ("set of 100, a batch", "set_batch", "100 of the store", "set_singles"),
    ("a miss: ticket and commit", "miss_store", "set of a new key", "set_new_store"),
    ("get", "get_store", "diskcache get", "diskcache_get"),
    ("set", "set_store", "diskcache set", "diskcache_set"),
    ("get", "get_store", "diskcache memoized call", "diskcache_call"),
    ("get", "get_store", "joblib.Memory hit", "joblib_call"),
]

PYTHON = '''
import shutil, tempfile, time
import diskcache, joblib
place = tempfile.mkdtemp()
value, keys = "x" * 1000, 1000
def timed(name, act, many=2000):
    rounds = []
    for _ in range(5):
        begin = time.perf_counter_ns()
        for number in range(many):
            act(number * 389 % keys)
        rounds.append((time.perf_counter_ns() - begin) / many)
    print(name, min(rounds))
cache = diskcache.Cache(place + "/diskcache")
for key in range(keys):
    cache.set(key, value)
timed("diskcache_get", cache.get)
timed("diskcache_set", lambda key: cache.set(key, value))
memoized = cache.memoize(name="f")(lambda number: value)
for key in range(keys):
    memoized(key)
timed("diskcache_call", memoized)
def f(number):
    return value
kept = joblib.Memory(place + "/joblib", verbose=0).cache(f)
for key in range(keys):
    kept(key)
timed("joblib_call", kept, 500)
shutil.rmtree(place)
'''


def others():
    """Nanoseconds by name of what runs outside the program; Debian's own interpreter has the packages."""
    told = subprocess.run(["/usr/bin/python3", "-c", PYTHON], stdout=subprocess.PIPE, stderr=sys.stderr, text=True, check=True).stdout
    return {name: float(nanoseconds) for name, nanoseconds in (line.split() for line in told.splitlines())}
