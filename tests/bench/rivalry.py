"""The rivals that Debian 12 has, and what they are built with."""

PACKAGES = ["libboost1.81-dev|libboost-dev", "libtbb-dev", "libcuckoo-dev", "robin-map-dev", "librocksdb-dev", "libleveldb-dev"]
OF_JAVA = ["libcaffeine-java", "default-jdk-headless|openjdk-17-jdk-headless"]
LIBRARIES = ["-ltbb", "-lrocksdb", "-lleveldb", "-lxxhash", "-pthread"]

ABSENT = {
    "boost::concurrent_flat_map": "Debian 12 has Boost 1.81, it came with 1.83",
    "gtl::mt_lru_cache, LruClockCache, vimpunk's W-TinyLFU": "no package of Debian 12",
}
