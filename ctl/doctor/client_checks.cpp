#include "ctl/doctor/client_checks.h"

#include "ctl/render/amount.h"
#include "daemon/base/syscall.h"

namespace packetsentry::ctl::doctor {
namespace {

constexpr std::uint64_t kFewBytes = 100U << 20;
constexpr const char* kElsewhere = "put log and results elsewhere with --output-dir DIR";

}  // namespace

Finding check_worker(const Facts& facts) {
    if (!facts.worker) return {Verdict::fail, facts.worker.error().message, "", facts.worker.error().code};
    return {Verdict::ok, "capture files are read by " + *facts.worker};
}

Finding check_disk(const Facts& facts) {
    if (!facts.directory) return {Verdict::not_checked, "not checked: --no-files writes nothing"};
    const DirectoryFacts& directory = *facts.directory;
    if (!directory.is_there)
        return {Verdict::fail,
                directory.path + " is not a directory: log and results cannot be written there",
                "mkdir -p " + directory.path, base::ErrorCode::file};
    if (directory.write_error != 0)
        return {Verdict::warn,
                "you may not write in " + directory.path + ": " + base::errno_text(directory.write_error),
                kElsewhere};
    const std::string free = render::bytes_text(directory.free_bytes) + " free in " + directory.path;
    if (directory.free_bytes < kFewBytes) return {Verdict::warn, "only " + free, kElsewhere};
    return {Verdict::ok, free};
}

}  // namespace packetsentry::ctl::doctor
