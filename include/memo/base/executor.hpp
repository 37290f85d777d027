#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace memo::detail {

/// Anything with `execute(std::function<void()>)`, which runs it, now or later, in any thread, or throws.
template <class T>
concept work_taker =
    requires(std::remove_reference_t<T>& executor, std::function<void()> work) { executor.execute(std::move(work)); };

/// An option that carries an executor: `memo::executor(e)`.
template <class T>
concept carries_executor = requires(T& option) {
    option.value;
    requires work_taker<decltype(option.value)>;
};

/// Who does the background work of a wrapper: the pool of the process, or an executor that was handed in.
///
/// Threads: as its executor; the pool from any.
/// Cost:    one indirect call beside the executor's own.
class worker {
public:
    /// The pool of the process, whose threads start at the first `execute`.
    worker() noexcept;

    /// Keeps a temporary by value and an lvalue by reference.
    template <work_taker Executor>
        requires(!std::same_as<std::remove_cvref_t<Executor>, worker>)
    worker(Executor&& executor)
        : execute_{[](void* kept, std::function<void()>&& work) {
              static_cast<std::remove_reference_t<Executor>*>(kept)->execute(std::move(work));
          }} {
        using kept = std::remove_const_t<std::remove_reference_t<Executor>>;
        if constexpr (std::is_lvalue_reference_v<Executor>)
            executor_ = std::shared_ptr<void>{std::shared_ptr<void>{}, const_cast<kept*>(std::addressof(executor))};
        else
            executor_ = std::make_shared<kept>(std::forward<Executor>(executor));
    }

    template <carries_executor Option>
    worker(Option option) : worker{static_cast<decltype(option.value)&&>(option.value)} {}

    /// Throws: what the executor throws: then it has refused, and `work` neither runs nor will.
    void execute(std::function<void()> work) const { execute_(executor_.get(), std::move(work)); }

private:
    std::shared_ptr<void> executor_;
    void (*execute_)(void*, std::function<void()>&&);
};

}  // namespace memo::detail
