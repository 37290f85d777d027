#pragma once

#include <memo/store/place_table.hpp>

#include <utility>

/// A table with the directory that its readers look in.
template <class Table>
struct standing : Table::directory, Table {
    template <class... Given>
    explicit standing(Given&&... given) : Table{static_cast<typename Table::directory&>(*this), std::forward<Given>(given)...} {}
    using Table::size;
};
