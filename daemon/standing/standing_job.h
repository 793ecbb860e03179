// A standing job: a capture that an administrator describes in a file, and that runs whenever the daemon
// runs. packetsentry-job.toml(5) describes the file.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proto/messages/capture.pb.h"

namespace packetsentry::standing {

// How much of one table is kept. 0: no limit of its own; the limits of the whole spool hold in any case.
struct Keep {
    std::uint64_t bytes = 0;
    std::chrono::seconds age{0};

    [[nodiscard]] bool operator==(const Keep&) const = default;
};

// Who besides root may read what the job has recorded: names as the file has them, and numbers as their
// digits. Nobody has looked up whether there are such groups and users.
struct Readers {
    std::vector<std::string> groups = {};
    std::vector<std::string> users = {};

    [[nodiscard]] bool operator==(const Readers&) const = default;
};

struct StandingJob {
    std::string name = {};                     // of the file, without ".toml"
    std::string path = {};                     // of the file
    std::vector<std::string> interfaces = {};  // names and globs, at least one
    // Its words, addresses, port and lengths have been checked. The expressions in bpf and display have
    // not been parsed; only whoever may use libpcap and the display filter's language can do that.
    wire::Filter filter = {};
    std::uint32_t bpf_line = 0;  // in the file, for errors; 0: there is no such expression
    std::uint32_t display_line = 0;
    std::uint32_t snapshot_length = 0;  // 0: the whole packet
    Readers readers = {};
    std::optional<Keep> packets = {};  // none: they are not kept
    std::optional<Keep> rows = {};     // likewise, the rows of packets
    std::optional<Keep> flows = {};    // likewise, conversations
    std::optional<Keep> dns = {};      // likewise, questions of DNS
    std::optional<Keep> http = {};     // likewise, requests of HTTP
    std::optional<Keep> tls = {};      // likewise, handshakes of TLS
};

// What a job can keep: a table [keep.NAME] of its file.
struct KeptPart {
    std::string_view name;
    std::optional<Keep> StandingJob::*keep;
};
inline constexpr std::array kKeptParts = {
    KeptPart{"packets", &StandingJob::packets}, KeptPart{"rows", &StandingJob::rows},
    KeptPart{"flows", &StandingJob::flows},     KeptPart{"dns", &StandingJob::dns},
    KeptPart{"http", &StandingJob::http},       KeptPart{"tls", &StandingJob::tls},
};

// Tells whether the job captures on an interface of this name. "any", which stands for all interfaces,
// must be named as such; no pattern means it.
[[nodiscard]] bool captures_on(const StandingJob& job, const std::string& interface);

// Returns what the job does, for people, without its name: "captures eth0, lab* (filter: not port 22);
// keeps packets for 14d, at most 200GiB; rows for 60d; for root alone".
[[nodiscard]] std::string describe(const StandingJob& job);

}  // namespace packetsentry::standing
