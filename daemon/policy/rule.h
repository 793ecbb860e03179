// One rule of the policy file (packetsentry-policy.toml(5)): to whom it applies, what they may do, and under
// which terms.
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

// Says which part of each packet is kept.
struct Redaction {
    bool headers_only = false;
    std::optional<std::uint32_t> payload_bytes = {};  // none: all of them
    bool mask_addresses = false;

    [[nodiscard]] bool operator==(const Redaction&) const = default;
};

// Limits of a job, whatever its user asks for. 0 and empty mean no limit.
struct Terms {
    std::string filter = {};  // a libpcap expression that packets must pass besides the user's filter
    std::uint32_t snapshot_length = 0;
    std::uint64_t packets_per_second = 0;
    std::uint64_t saved_bytes = 0;
    std::uint32_t jobs = 0;            // running ones of the user; 0: as the configuration says
    std::chrono::seconds lifetime{0};  // without renewal
    Redaction redaction = {};

    [[nodiscard]] bool operator==(const Terms&) const = default;
};

// A name in a rule that no user or group had when the file was read.
struct UnknownName {
    std::uint32_t line = 0;
    std::string noun;  // "user", "group"
    std::string name;

    [[nodiscard]] bool operator==(const UnknownName&) const = default;
};

// A name that no user or group has is ignored. A rule with no other name applies to nobody.
struct Rule {
    std::uint32_t line = 0;
    std::vector<std::string> named = {};  // "user alice", "group ops (unknown)": as the file names them
    std::vector<UnknownName> unknown = {};
    std::vector<uid_t> users = {};
    std::vector<gid_t> groups = {};
    Permissions permissions = {};
    std::vector<std::string> interfaces = {"*"};  // globs
    bool all_jobs = false;                        // applies to the jobs of other users too
    Terms terms = {};

    [[nodiscard]] bool operator==(const Rule&) const = default;
};

struct Policy {
    std::string path;
    std::vector<Rule> rules;  // in the order of the file: the first that applies to a peer decides

    [[nodiscard]] bool operator==(const Policy&) const = default;
};

// Returns a warning "path:line: …" for each name that no user or group has.
[[nodiscard]] std::vector<std::string> warnings_of(const Policy& policy);

// Tells whether a rule applies to a peer: it names the user, or a group of a user whom the database knows.
[[nodiscard]] bool is_for(const Rule& rule, const Peer& peer);
[[nodiscard]] bool names(const Rule& rule, uid_t user);

// Tells whether the rule allows an interface. "any", which stands for every interface, is allowed only by
// "any" and "*".
[[nodiscard]] bool allows_interface(const Rule& rule, const std::string& name);

// Tells whether packets captured under these terms show no more than the other terms allow.
[[nodiscard]] bool show_no_more(const Terms& terms, const Terms& than);

// Returns the terms for people, separated by "; ", or "" if there are none.
[[nodiscard]] std::string describe(const Terms& terms);

}  // namespace packetsentry::policy
