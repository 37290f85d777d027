#include <memo/memo.hpp>

#include <iostream>
#include <map>
#include <string>

namespace {

std::map<int, std::string> names{{1, "Ada"}, {2, "Bob"}};

std::string read_name(int id) { return names.at(id); }
std::string read_badge(int id, std::string const& color) { return names.at(id) + " in " + color; }
int count_people(int) { return static_cast<int>(names.size()); }

void write_name(int id, std::string const& name) { names[id] = name; }
std::string marry(int id, std::string const& surname) { return names[id] += " " + surname; }
void delete_name(int id) { names.erase(id); }

}  // namespace

int main() {
    auto get_name = memo::cached(read_name, memo::key<"name:{0}">);
    auto get_badge = memo::cached(read_badge, memo::key<"badge:{0}:{1}">);
    auto head_count = memo::cached(count_people, memo::tags<"office:{0}">);

    // writes; when that went well, forgets the name and every badge of this id
    auto set_name = memo::cache_evict(write_name, memo::entry(get_name, memo::by<0>), memo::pattern<"badge:{0}:*">);

    // forgets by key and by tag, before it deletes
    auto leave = memo::cache_evict(delete_name, memo::key<"name:{0}">, memo::tags<"office:9">, memo::before);

    // its result becomes get_name's entry
    auto wed = memo::cache_put(marry, memo::entry(get_name, memo::by<0>));

    bool const first = get_name(1) == "Ada" && get_badge(1, "blue") == "Ada in blue" && head_count(9) == 2;
    set_name(1, "Eve");
    bool const written = get_name(1) == "Eve" && get_badge(1, "blue") == "Eve in blue";
    wed(2, "Hope");
    bool const put = get_name.peek(2) == "Bob Hope";
    leave(2);
    bool const gone = !get_name.contains(2) && head_count(9) == 1;

    std::cout << get_badge(1, "blue") << ", " << head_count(9) << " in the office\n";
    return first && written && put && gone ? 0 : 1;
}
