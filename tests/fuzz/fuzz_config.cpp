// The text of a configuration file, and of a standing job's file.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "daemon/config/config_file.h"
#include "daemon/standing/job_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace packetsentry;
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    config::Config config;
    (void)config::read_config_text(text, "packetsentry.toml", config);
    const auto job = standing::read_job_text(text, "job.toml");
    if (!job) return 0;
    if (job->interfaces.empty() || !(job->packets || job->rows)) std::abort();
    if (standing::describe(*job).find("; keeps ") == std::string::npos) std::abort();
    return 0;
}
