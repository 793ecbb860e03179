// The settings of the daemon. Defaults are replaced by the file, and the file by the command line.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace packetsentry::config {

// This file need not exist; a policy file of another name must exist.
inline constexpr const char* kUsualPolicyFile = "/etc/packetsentry/policy.toml";

struct Config {
    std::string socket = "/run/packetsentry/control.sock";
    std::string group = "packetsentry";  // who may use the socket
    std::string user = "packetsentry";   // who the daemon becomes when started as root
    std::string state_dir = "/var/lib/packetsentry";
    std::string policy = kUsualPolicyFile;
    std::string log_level = "info";  // debug, info, warning or error

    std::uint32_t max_jobs = 64;  // live jobs
    std::uint32_t max_jobs_per_user = 16;
    std::uint32_t finished_jobs = 1024;  // kept for results
    std::chrono::minutes finished_for{24 * 60};

    std::uint32_t max_clients = 256;  // connections
    std::uint32_t max_clients_per_user = 64;
    std::uint32_t max_streams_per_user = 64;
    std::uint32_t requests_per_second = 100;    // of one user
    std::uint64_t waiting_bytes = 16ULL << 20;  // that wait until one user's clients read them
    std::chrono::seconds reader_patience{300};  // then a client that reads nothing is disconnected

    // Limits of the resources that captures use (quota/capture_resources.h).
    std::uint32_t sockets_per_interface = 8;  // packet sockets of one user on one interface
    std::uint32_t sockets_per_user = 64;
    std::uint32_t filter_instructions = 2048;                // of one socket
    std::uint32_t filter_instructions_per_interface = 4096;  // of one user's sockets on one interface
    std::uint32_t compilers_per_user = 2;                    // filters being compiled at once

    std::uint64_t window_bytes = 64ULL << 20;       // recent rows of one job
    std::uint64_t kept_bytes = 512ULL << 20;        // recent rows of all jobs
    std::uint32_t ring_bytes = 64U << 20;           // kernel rings of one job, shared by its interfaces
    std::uint64_t rings_per_user = 1ULL << 30;      // kernel rings of one user
    std::uint64_t rings = 4ULL << 30;               // kernel rings of all users
    std::uint64_t outputs_per_user = 256ULL << 20;  // files in memory that one user's captures write
};

}  // namespace packetsentry::config
