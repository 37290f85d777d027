#include <memo/transport/refusal.hpp>

#include <memo/base/error.hpp>

#include <doctest/doctest.h>

#include <string_view>

using memo::detail::refusal_of;
using memo::detail::remedy;

TEST_SUITE("refusal") {
    TEST_CASE("F53 refusal: each error reply has an action") {
        struct expectation {
            std::string_view text;
            remedy action;
        };
        for (auto const& each :
             {expectation{"LOADING Redis is loading the dataset in memory", remedy::rest},
              {"OOM command not allowed when used memory > 'maxmemory'.", remedy::report},
              {"MISCONF Redis is configured to save RDB snapshots", remedy::report},
              {"READONLY You can't write against a read only replica.", remedy::reconnect},
              {"NOAUTH Authentication required.", remedy::rest},
              {"WRONGPASS invalid username-password pair", remedy::rest},
              {"NOPERM this user has no permissions", remedy::report},
              {"WRONGTYPE Operation against a key holding the wrong kind of value", remedy::miss},
              {"NOSCRIPT No matching script.", remedy::send_script},
              {"MASTERDOWN Link with MASTER is down", remedy::rest},
              {"CLUSTERDOWN The cluster is down", remedy::rest},
              {"TRYAGAIN Multiple keys request during rehashing of slot", remedy::try_again},
              {"MOVED 3999 127.0.0.1:6381", remedy::report},
              {"ASK 3999 127.0.0.1:6381", remedy::report},
              {"BUSY Redis is busy running a script.", remedy::rest},
              {"ERR max number of clients reached", remedy::rest},
              {"ERR unknown command", remedy::report},
              {"SOMETHING new", remedy::report},
              {"", remedy::report}}) {
            CAPTURE(each.text);
            CHECK(refusal_of(each.text).action == each.action);
        }
        CHECK(refusal_of("OOM command").code == memo::error_code::full);
    }

    TEST_CASE("F53 refusal: errors inside of scripts, as servers before 7.0 tell them, are the same") {
        CHECK(refusal_of("ERR Error running script (call to f_12ab): @user_script:3: -OOM command not allowed").code ==
              memo::error_code::full);
        CHECK(refusal_of("ERR Error running script (call to f_12ab): @user_script:3: -READONLY You can't").action ==
              remedy::reconnect);
        CHECK(refusal_of("ERR Error running script (call to f_12ab): @user_script: 3: something else - no").word == "ERR");
        CHECK(refusal_of("OOM command not allowed script: 5a, on @user_script:1.").code == memo::error_code::full);
    }

    TEST_CASE("F57 refusal: the words that travel on are the table's, not the server's") {
        std::string_view const text = "canary unknown command 'canary'";
        CHECK(refusal_of(text).word == "ERR");
    }
}
