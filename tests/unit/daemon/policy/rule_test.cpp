#include "daemon/policy/rule.h"

#include <gtest/gtest.h>

#include <array>

namespace packetsentry::policy {
namespace {

struct Match {
    const char* glob;
    const char* name;
    bool allowed;
};

constexpr std::array kMatches = {
    Match{"eth0", "eth0", true},  Match{"eth0", "eth01", false}, Match{"eth*", "eth0.5", true},
    Match{"eth?", "eth0", true},  Match{"*", "wlan0", true},     Match{"*", "any", true},
    Match{"any", "any", true},    Match{"any", "eth0", false},   Match{"a*", "any", false},
    Match{"???", "any", false},   Match{"[a]ny", "any", false},  Match{"**", "any", false},
    Match{"[!l]*", "any", false}, Match{"[!l]*", "eth0", true},
};

TEST(Rule, InterfacesByGlobAndAnyOnlyWhereItIsMeant) {
    for (const Match& match : kMatches)
        EXPECT_EQ(allows_interface({.interfaces = {"none", match.glob}}, match.name), match.allowed)
            << match.glob << " " << match.name;
}

// However a pattern is made, a name of the client's cannot keep it busy.
TEST(Rule, ALongNameIsNoInterfaces) {
    const std::string name(60'000, 'a');
    EXPECT_FALSE(allows_interface({.interfaces = {"*a*a*a*a*a*a*a*b", "*"}}, name));
}

TEST(Rule, IsForUsersAndGroups) {
    const Rule rule{.users = {7}, .groups = {70, 71}};
    EXPECT_TRUE(is_for(rule, {7, 1, {}}));
    EXPECT_TRUE(is_for(rule, {8, 70, {}}));
    EXPECT_TRUE(is_for(rule, {8, 1, {5, 71}}));
    EXPECT_FALSE(is_for(rule, {8, 7, {5}}));
}

struct Comparison {
    Terms terms;
    Terms than;
    bool no_more;
};

TEST(Terms, ShowNoMoreThanOthers) {
    const std::array comparisons = {
        Comparison{{}, {}, true},
        Comparison{{.filter = "udp"}, {}, true},
        Comparison{{}, {.filter = "udp"}, false},
        Comparison{{.filter = "tcp"}, {.filter = "udp"}, false},
        Comparison{{.snapshot_length = 64}, {.snapshot_length = 64}, true},
        Comparison{{.snapshot_length = 65}, {.snapshot_length = 64}, false},
        Comparison{{}, {.snapshot_length = 64}, false},
        Comparison{{.redaction = {.headers_only = true}}, {.redaction = {.payload_bytes = 4}}, true},
        Comparison{{.redaction = {.payload_bytes = 4}}, {.redaction = {.headers_only = true}}, false},
        Comparison{{.redaction = {.payload_bytes = 4}}, {.redaction = {.payload_bytes = 4}}, true},
        Comparison{{}, {.redaction = {.payload_bytes = 4}}, false},
        Comparison{{}, {.redaction = {.mask_addresses = true}}, false},
        Comparison{{.redaction = {.mask_addresses = true}}, {}, true},
        // Masked packets are headers.
        Comparison{{.redaction = {.mask_addresses = true}}, {.redaction = {.headers_only = true}}, true},
        // What only limits how much there is, shows nothing more of a packet.
        Comparison{{}, {.packets_per_second = 1, .saved_bytes = 1, .jobs = 1}, true},
    };
    for (std::size_t i = 0; i < comparisons.size(); ++i)
        EXPECT_EQ(show_no_more(comparisons[i].terms, comparisons[i].than), comparisons[i].no_more) << i;
}

TEST(Terms, AreDescribedForPeople) {
    EXPECT_EQ(describe({}), "");
    EXPECT_EQ(
        describe({.filter = "net 10.0.0.0/8",
                  .snapshot_length = 96,
                  .packets_per_second = 1000,
                  .saved_bytes = 5,
                  .lifetime = std::chrono::hours(1),
                  .redaction = {.headers_only = true, .payload_bytes = 8, .mask_addresses = true}}),
        "only what passes 'net 10.0.0.0/8'; at most 96 bytes of a packet; headers only; at most 8 bytes of "
        "payload; addresses masked; at most 1000 packets a second; at most 5 bytes saved; ends after 3600 "
        "s unless renewed");
}

}  // namespace
}  // namespace packetsentry::policy
