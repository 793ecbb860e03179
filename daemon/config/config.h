// The settings of the daemon. Defaults are replaced by the file, and the file by the command line.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace packetsentry::config {

// This file need not exist; a policy file of another name must exist.
inline constexpr const char* kUsualPolicyFile = "/etc/packetsentry/policy.toml";

inline constexpr const char* kUsualJobsDirectory = "/etc/packetsentry/jobs.d";

// What is kept on disk (daemon/spool/).
struct Spool {
    std::string directory = {};              // empty: as spool_directory() says
    std::uint64_t bytes = 0;                 // of all jobs; 0: a tenth of the file system
    std::uint64_t free_disk = 0;             // left to others; 0: a tenth of the file system
    std::chrono::seconds sync_interval{10};  // a power cut costs at most what was captured in this time
    std::uint64_t user_bytes = 0;            // of all kept jobs of users; 0: a tenth of what bytes says
};

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
    std::uint64_t flow_bytes = 128ULL << 20;        // conversations of one job
    std::uint64_t rings_per_user = 1ULL << 30;      // kernel rings of one user
    std::uint64_t rings = 4ULL << 30;               // kernel rings of all users
    std::uint64_t outputs_per_user = 256ULL << 20;  // files in memory that one user's captures write

    std::string jobs_directory = kUsualJobsDirectory;  // standing jobs; given on the command line alone
    Spool spool = {};
};

// Returns the directory in which the spool is: beside what else is kept over a restart, unless another
// one is set.
[[nodiscard]] inline std::string spool_directory(const Config& config) {
    return config.spool.directory.empty() ? config.state_dir + "/spool" : config.spool.directory;
}

}  // namespace packetsentry::config
