#include "daemon/jobs/job_store.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <memory>
#include <optional>

#include "daemon/base/state_file.h"
#include "daemon/base/syscall.h"

namespace packetsentry::jobs {
namespace {

constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kFileLimit = 64 * 1024;

// Of "12"; none: another kind of file, such as one being written.
std::optional<std::uint64_t> id_of(std::string_view name) {
    std::uint64_t id = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), id);
    if (error != std::errc{} || end != name.data() + name.size() || id == 0) return std::nullopt;
    return id;
}

std::vector<std::uint64_t> ids_in(const std::string& directory) {
    std::vector<std::uint64_t> ids;
    const std::unique_ptr<DIR, decltype([](DIR* open) { ::closedir(open); })> open(
        ::opendir(directory.c_str()));
    while (const dirent* entry = open ? ::readdir(open.get()) : nullptr)
        if (const auto id = id_of(entry->d_name)) ids.push_back(*id);
    std::ranges::sort(ids);
    return ids;
}

std::int64_t changed_ns(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return 0;
    return status.st_mtim.tv_sec * 1'000'000'000LL + status.st_mtim.tv_nsec;
}

base::Result<wire::StoredJob> read_job(const std::string& path, std::uint64_t id) {
    const auto bytes = base::read_file(path, kFileLimit);
    if (!bytes) return std::unexpected(bytes.error());
    wire::StoredJob job;
    if (!*bytes || !job.ParseFromString(**bytes) || job.version() != kVersion || job.id() != id)
        return base::fail(base::ErrorCode::file, path + " does not hold job " + std::to_string(id));
    job.set_alive_ns(std::max(job.alive_ns(), changed_ns(path)));
    return job;
}

}  // namespace

JobStore::JobStore(const std::string& state_dir, OutputKeeper outputs) : outputs_(std::move(outputs)) {
    if (state_dir.empty()) return;
    const std::string directory = state_dir + "/jobs";
    if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST)
        trouble_ = base::syscall_text("make " + directory);
    else if (::access(directory.c_str(), R_OK | W_OK | X_OK) != 0)
        trouble_ = base::syscall_text("use " + directory);
    else
        directory_ = directory + "/";
}

base::Result<void> JobStore::put(const Job& job, Moment now) {
    if (directory_.empty()) return {};
    const wire::Job described = job.describe(now);
    wire::StoredJob stored;
    stored.set_version(kVersion);
    stored.set_id(job.id());
    stored.set_name(described.name());
    stored.set_owner_uid(described.owner_uid());
    *stored.mutable_capture() = described.capture();
    stored.set_output_name(described.output_name());
    stored.set_started_ns(described.started_ns());
    stored.set_alive_ns(now.wall_ns);
    *stored.mutable_ledger() = described.ledger();
    stored.set_wait(described.wait());
    *stored.mutable_loss() = described.loss();
    stored.set_losses(described.losses());
    stored.set_interface_dropped(described.interface_dropped());
    const auto& groups = job.order().owner_groups;
    stored.mutable_owner_group()->Assign(groups.begin(), groups.end());
    stored.set_expires_ns(job.expires_ns());
    if (const auto bytes = job.output_cut()) stored.set_output_bytes(static_cast<std::uint64_t>(*bytes));
    return base::replace_file(path_of(job.id()), stored.SerializeAsString());
}

// Not synced: the kernel writes it when it likes.
void JobStore::mark_alive(std::uint64_t job) {
    if (!directory_.empty()) (void)::utimensat(AT_FDCWD, path_of(job).c_str(), nullptr, 0);
}

void JobStore::remove(std::uint64_t job) {
    outputs_.forget(job);
    if (!directory_.empty()) ::unlink(path_of(job).c_str());
}

JobStore::Loaded JobStore::load() const {
    Loaded loaded;
    if (directory_.empty()) return loaded;
    for (const std::uint64_t id : ids_in(directory_)) {
        auto job = read_job(path_of(id), id);
        if (job)
            loaded.jobs.push_back(std::move(*job));
        else
            loaded.problems.push_back(job.error().message);
    }
    return loaded;
}

}  // namespace packetsentry::jobs
