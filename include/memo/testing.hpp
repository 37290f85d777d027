#pragma once

/// For tests of code that uses memo: a clock that is moved by hand, a scope in which nothing is cached, and the laws that a
/// policy or a store of your own must keep.

#include <memo/testing/disable.hpp>
#include <memo/testing/manual_clock.hpp>
#include <memo/testing/policy_laws.hpp>
