#include <memo/memo.hpp>
#include <memo/open.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>

using namespace std::chrono_literals;

namespace {

std::string greet(std::string const& name) {
    return "hello " + name + ", from process " + std::to_string(getpid());
}

/// A Redis server, if one answers where they usually do; else a file.
memo::shared_store common_store(std::string const& folder) {
    try {
        auto server = memo::open("redis://localhost:6379/0?prefix=memo-example:");
        server->ping();
        return server;
    } catch (memo::connection_error const&) {
        return memo::open("sqlite:" + folder + "/greetings.db");
    }
}

}  // namespace

int main() {
    auto folder = (std::filesystem::temp_directory_path() / "memo-XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr)
        return 1;
    auto store = common_store(folder);
    auto greeting = memo::cached(greet, memo::name("greeting"), memo::key<"greeting:{0}">, memo::ttl(5min), memo::store(store),
                                 memo::near(memo::max_size(1'000), memo::ttl(1s)));
    greeting.clear();
    auto const here = greeting("Ada");  // runs, and is stored for both

    auto const child = fork();
    if (child == 0) {
        bool const found = greeting("Ada") == here;  // from the store, and near from now on
        greeting.evict("Ada");                       // gone for both: the parent runs when its copy is a second old
        std::_Exit(found ? 0 : 1);
    }
    int status = 0;
    waitpid(child, &status, 0);
    std::cout << greeting.explain("Ada") << '\n';
    bool const forgotten = greeting.evict("Ada").confirmed() && !greeting.contains("Ada");
    std::filesystem::remove_all(folder);
    return status == 0 && forgotten ? 0 : 1;
}
