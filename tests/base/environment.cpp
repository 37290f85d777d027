#include <memo/base/environment.hpp>

#include <doctest/doctest.h>

#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

using memo::detail::environment_names;
using memo::detail::read_environment;

/// An environment variable, for as long as this lives.
struct variable {
    std::string name;

    variable(std::string called, std::string const& value) : name{std::move(called)} { ::setenv(name.c_str(), value.c_str(), 1); }
    ~variable() { ::unsetenv(name.c_str()); }
};

}  // namespace

TEST_CASE("read_environment: what is set, and nothing for what is not or is empty") {
    variable const set{"MEMO_TEST_SET", "value"};
    variable const empty{"MEMO_TEST_EMPTY", ""};
    CHECK(read_environment("MEMO_TEST_SET") == "value");
    CHECK(read_environment("MEMO_TEST_EMPTY") == std::nullopt);
    CHECK(read_environment("MEMO_TEST_MISSING") == std::nullopt);
}

TEST_CASE("environment_names: those that begin so, sorted") {
    variable const later{"MEMO_TEST_B", "1"};
    variable const sooner{"MEMO_TEST_A", "1"};
    variable const empty{"MEMO_TEST_C", ""};
    variable const other{"MEMOTEST_D", "1"};
    CHECK(environment_names("MEMO_TEST_") == std::vector<std::string>{"MEMO_TEST_A", "MEMO_TEST_B"});
    CHECK(environment_names("MEMO_TEST_Z").empty());
}

TEST_CASE("F60 read_environment: a program with more rights than its user has reads nothing") {
    auto const folder = std::filesystem::temp_directory_path() / ("memo-environment-" + std::to_string(::getpid()));
    std::filesystem::create_directory(folder);
    struct ::statvfs mounted {};
    ::statvfs(folder.c_str(), &mounted);
    auto const program = folder / "program";
    std::filesystem::copy_file("/proc/self/exe", program);
    if (::chown(program.c_str(), 65'534, 65'534) != 0 || (mounted.f_flag & ST_NOSUID) != 0) {
        MESSAGE("not tested: only root can make such a program, and only where setuid counts");
        std::filesystem::remove_all(folder);
        return;
    }
    ::chmod(folder.c_str(), 0755);
    variable const set{"MEMO_TEST_SET", "value"};
    auto const passes = [&](::mode_t mode, std::string const& name) {
        ::chmod(program.c_str(), mode);
        auto const child = ::fork();
        if (child == 0) {
            if (std::freopen("/dev/null", "w", stdout) != nullptr)
                ::execl(program.c_str(), "program", "--no-skip", ("--test-case=child of F60: " + name).c_str(), nullptr);
            ::_exit(2);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        return status == 0;
    };
    CHECK(passes(0755, "it is read"));
    CHECK_FALSE(passes(0755, "nothing is read"));
    CHECK(passes(04755, "nothing is read"));
    std::filesystem::remove_all(folder);
}

// The children leave at once: sanitizers have no last look at a program with more rights.
TEST_CASE("child of F60: it is read" * doctest::skip()) {
    std::_Exit(read_environment("MEMO_TEST_SET") == "value" && environment_names("MEMO_TEST_").size() == 1 ? 0 : 1);
}

TEST_CASE("child of F60: nothing is read" * doctest::skip()) {
    std::_Exit(read_environment("MEMO_TEST_SET") == std::nullopt && environment_names("MEMO_TEST_").empty() ? 0 : 1);
}
