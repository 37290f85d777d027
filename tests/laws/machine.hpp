#pragma once

#include "axes.hpp"
#include "laws/model.hpp"

#include <memo/base/clock.hpp>
#include <memo/base/stats.hpp>
#include <memo/call/explanation.hpp>
#include <memo/manager.hpp>

#include <cstddef>
#include <memory>
#include <optional>

namespace laws {

/// A cache of any kind, for programs that are compiled once; keys and tags as in `keys.hpp`, `7:` in front of a method's keys.
class subject {
public:
    virtual ~subject() = default;
    virtual long call(int key) = 0;
    virtual std::optional<long> peek(int key) = 0;
    virtual bool contains(int key) = 0;
    virtual std::optional<memo::duration> ttl(int key) = 0;
    virtual memo::explanation explain(int key) = 0;
    virtual void set(long value, int key) = 0;
    virtual long refresh(int key) = 0;
    virtual long uncached(int key) = 0;
    virtual std::size_t evict(int key) = 0;
    virtual std::size_t clear() = 0;
    virtual bool touch(memo::duration ttl, int key) = 0;
    virtual memo::stats stats() = 0;
    virtual std::size_t size() = 0;
    virtual bool validate() = 0;
};

using subject_maker = std::unique_ptr<subject> (*)(model&, memo::manager&, std::size_t capacity);

/// Whether a cache of this configuration keeps to the model through random programs. The shortest that it does not is printed.
bool obeys(axes::configuration how, subject_maker make);

}  // namespace laws
