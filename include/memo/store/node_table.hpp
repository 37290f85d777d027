#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

namespace memo::detail {

/// A `place_table` for who changes it under a lock, and need not know what stands beside its nodes.
template <class Node>
class node_table {
public:
    virtual ~node_table() = default;

    /// Throws: bad_alloc, and then changes nothing. Without memory to grow it lives with longer buckets.
    virtual void insert(Node& node) = 0;
    /// Requires: the node is in the table.
    virtual void remove(Node& node) noexcept = 0;
    /// Puts `fresh` where `old` is, which has the same place or is the same.
    virtual void replace(Node& old, Node& fresh) noexcept = 0;

    /// Returns: a node for which `matches` holds, else null. It is asked of all nodes at this place and a few others.
    template <class Pred>
    Node* locate(std::uint64_t place, Pred const& matches) const {
        return found(place, std::cref(matches));
    }
    /// Calls `fn` with every node at this place, which `fn` may remove; it changes nothing else.
    template <class Fn>
    void each_at(std::uint64_t place, Fn const& fn) {
        show_at(place, std::cref(fn));
    }
    /// The same of every node of one bucket.
    template <class Fn>
    void each_in_bucket(std::size_t bucket, Fn const& fn) {
        show_bucket(bucket, std::cref(fn));
    }
    /// The same of every node.
    template <class Fn>
    void each(Fn const& fn) {
        for (std::size_t bucket = 0; bucket != buckets(); ++bucket)
            each_in_bucket(bucket, fn);
    }
    /// Takes all nodes out; `fn`, which may end them, is called with each.
    template <class Fn>
    void clear(Fn const& fn) {
        show_out(std::cref(fn));
    }

    /// A node at this place will be removed: its bucket may come to the processor meanwhile.
    virtual void fetch(std::uint64_t place) const noexcept = 0;

    virtual std::size_t size() const noexcept = 0;
    virtual std::size_t buckets() const noexcept = 0;

protected:
    using matcher = std::function<bool(Node const&)>;  // refers to what is called, and so takes no memory
    using visitor = std::function<void(Node&)>;

private:
    virtual Node* found(std::uint64_t place, matcher const& matches) const = 0;
    virtual void show_at(std::uint64_t place, visitor const& fn) = 0;
    virtual void show_bucket(std::size_t bucket, visitor const& fn) = 0;
    virtual void show_out(visitor const& fn) = 0;
};

}  // namespace memo::detail
