#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <mutex>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <utility>

/// What one writes by hand instead of `memo::cached`: a map into a list in the order of use, under a mutex.
template <class Result, class... Params>
class hand_written {
public:
    using function = Result (*)(Params...);

    explicit hand_written(function run, std::size_t bound = 65'536) : run_{run}, bound_{bound} {}

    Result operator()(Params... args) {
        key called{args...};
        {
            std::scoped_lock const lock{mutex_};
            if (auto const found = places_.find(called); found != places_.end()) {
                uses_.splice(uses_.begin(), uses_, found->second);
                return found->second->second;
            }
        }
        Result result = run_(std::forward<Params>(args)...);
        std::scoped_lock const lock{mutex_};
        if (places_.contains(called)) return result;
        if (uses_.size() == bound_) {
            places_.erase(uses_.back().first);
            uses_.pop_back();
        }
        uses_.emplace_front(called, result);
        places_.emplace(std::move(called), uses_.begin());
        return result;
    }

private:
    using key = std::tuple<std::remove_cvref_t<Params>...>;

    struct key_hash {
        std::size_t operator()(key const& called) const {
            std::size_t mixed = 0;
            std::apply([&mixed](auto const&... parts) { (mix(mixed, parts), ...); }, called);
            return mixed;
        }

        template <class T>
        static void mix(std::size_t& mixed, T const& part) {
            mixed ^= std::hash<T>{}(part) + 0x9e3779b97f4a7c15 + (mixed << 6) + (mixed >> 2);
        }
    };

    using use = std::pair<key, Result>;

    function run_;
    std::size_t bound_;
    std::mutex mutex_;
    std::list<use> uses_;  // the latest first
    std::unordered_map<key, typename std::list<use>::iterator, key_hash> places_;
};
