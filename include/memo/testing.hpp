#pragma once

/// For tests of code that uses memo: a clock that is moved by hand, an executor that does not wait, a scope in which nothing
/// is cached, stores that record, fail or keep nothing, and the laws that a policy or a store of your own must keep.

#include <memo/testing/byte_store_laws.hpp>
#include <memo/testing/decorated.hpp>
#include <memo/testing/disable.hpp>
#include <memo/testing/faulty.hpp>
#include <memo/testing/faulty_store.hpp>
#include <memo/testing/inline_executor.hpp>
#include <memo/testing/law_broken.hpp>
#include <memo/testing/manual_clock.hpp>
#include <memo/testing/null.hpp>
#include <memo/testing/null_store.hpp>
#include <memo/testing/policy_laws.hpp>
#include <memo/testing/recording.hpp>
#include <memo/testing/recording_store.hpp>
#include <memo/testing/store_laws.hpp>
