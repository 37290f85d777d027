#pragma once

// What most tests read first, for builds that read it once: clang under its sanitizers. Elsewhere each file says what it needs.

#include <boost/hana.hpp>
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <tuple>
#include <unordered_map>
#include <variant>
#include <vector>
