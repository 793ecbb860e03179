// One rule of the policy file (packetsentry-policy.toml(5)): for whom it is, what they may, under which
// terms.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/policy/action.h"
#include "daemon/policy/peer.h"

namespace packetsentry::policy {

// Tells which part of each packet is left.
struct Redaction {
    bool headers_only = false;
    std::optional<std::uint32_t> payload_bytes = {};  // none: all of them
    bool mask_addresses = false;

    [[nodiscard]] bool operator==(const Redaction&) const = default;
};

// How a job captures, whatever its user asks for. 0 and empty: no limit.
struct Terms {
    std::string filter = {};  // a libpcap expression; and-ed with the user's
    std::uint32_t snapshot_length = 0;
    std::uint64_t packets_per_second = 0;
    std::uint64_t saved_bytes = 0;
    std::uint32_t jobs = 0;            // running ones of the user; 0: as the configuration says
    std::chrono::seconds lifetime{0};  // without renewal
    Redaction redaction = {};

    [[nodiscard]] bool operator==(const Terms&) const = default;
};

// A name in a rule that nobody has, as it was when the file was read.
struct UnknownName {
    std::uint32_t line = 0;
    std::string noun;  // "user", "group"
    std::string name;

    [[nodiscard]] bool operator==(const UnknownName&) const = default;
};

// A name that nobody has adds nobody to the rule: a rule with no other name applies to nobody at all.
struct Rule {
    std::uint32_t line = 0;
    std::vector<std::string> named = {};  // "user alice", "group ops (unknown)": as the file names them
    std::vector<UnknownName> unknown = {};
    std::vector<uid_t> users = {};
    std::vector<gid_t> groups = {};
    Permissions permissions = {};
    std::vector<std::string> interfaces = {"*"};  // globs
    bool all_jobs = false;                        // others' too
    Terms terms = {};

    [[nodiscard]] bool operator==(const Rule&) const = default;
};

struct Policy {
    std::string path;
    std::vector<Rule> rules;  // as they stand there: the first that is for a peer decides

    [[nodiscard]] bool operator==(const Policy&) const = default;
};

// "path:line: …", of each name that nobody has: what that means.
[[nodiscard]] std::vector<std::string> warnings_of(const Policy& policy);

// A rule names a user itself, or a group of one whom the user database knows.
[[nodiscard]] bool is_for(const Rule& rule, const Peer& peer);
[[nodiscard]] bool names(const Rule& rule, uid_t user);

// "any", which is every interface, is matched by "any" and "*" alone.
[[nodiscard]] bool allows_interface(const Rule& rule, const std::string& name);

// Packets captured under these terms show no more than the others allow.
[[nodiscard]] bool show_no_more(const Terms& terms, const Terms& than);

// "; "-separated, for people; "" where there are none.
[[nodiscard]] std::string describe(const Terms& terms);

}  // namespace packetsentry::policy
