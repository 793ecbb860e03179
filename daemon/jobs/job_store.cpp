#include "daemon/jobs/job_store.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "daemon/jobs/index_scope.h"
#include "daemon/jobs/start_order.h"
#include "daemon/jobs/stored_v1.h"

namespace packetsentry::jobs {
namespace {

constexpr std::uint32_t kVersion = 2;
constexpr std::size_t kFileLimit = 64 * 1024;

// Returns the job's id for a file's name such as "12", and nothing for another kind of file, such as one that
// is being written.
std::optional<std::uint64_t> id_of(std::string_view name) {
    std::uint64_t id = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), id);
    if (error != std::errc{} || end != name.data() + name.size() || id == 0) return std::nullopt;
    return id;
}

std::vector<std::uint64_t> ids_in(const base::StateDirectory& directory) {
    std::vector<std::uint64_t> ids;
    for (const std::string& name : directory.names())
        if (const auto id = id_of(name)) ids.push_back(*id);
    std::ranges::sort(ids);
    return ids;
}

// Every version has its number in the same field, so a file of version 1 tells that it is one.
std::optional<wire::StoredJob> parsed(const std::string& bytes) {
    wire::StoredJob job;
    if (!job.ParseFromString(bytes)) return stored_job_of_version_1(bytes);
    if (job.version() == 1) return stored_job_of_version_1(bytes);
    if (job.version() != kVersion) return std::nullopt;
    job.DiscardUnknownFields();
    return job;
}

base::Result<wire::StoredJob> read_job(const base::StateDirectory& directory, std::uint64_t id) {
    const std::string name = std::to_string(id);
    const auto bytes = directory.read_file(name, kFileLimit);
    if (!bytes) return std::unexpected(bytes.error());
    std::optional<wire::StoredJob> read = *bytes ? parsed(**bytes) : std::nullopt;
    if (!read || read->id() != id)
        return base::fail(base::ErrorCode::file, directory.path_of(name) + " does not hold job " + name);
    wire::StoredJob& job = *read;
    if (auto checked = check_stored(job); !checked)
        return base::fail(base::ErrorCode::file, directory.path_of(name) + ": " + checked.error().message);
    if (!same_scope(job.index_scope(), present_index_scope())) job.clear_interface_index();
    job.set_alive_ns(std::max(job.alive_ns(), directory.changed_ns(name)));
    return std::move(job);
}

std::string stored_bytes(const Job& job, Moment now) {
    const wire::Job described = job.describe(now);
    wire::StoredJob stored;
    stored.set_version(kVersion);
    stored.set_id(job.id());
    stored.set_name(described.name());
    stored.set_owner_uid(described.owner_uid());
    *stored.mutable_capture() = described.capture();
    *stored.mutable_terms() = described.terms();
    stored.set_run(described.run());
    for (const wire::TableRows& rows : described.rows()) {
        wire::StoredRows& kept = *stored.add_rows();
        kept.set_table(rows.table());
        kept.set_rows(rows.kept() + rows.evicted());
    }
    stored.set_output_name(described.output_name());
    stored.set_started_ns(described.started_ns());
    stored.set_alive_ns(now.wall_ns);
    *stored.mutable_ledger() = described.ledger();
    stored.set_counted_ns(now.wall_ns);
    if (described.has_saving_end()) *stored.mutable_saving_end() = described.saving_end();
    stored.set_wait(described.wait());
    *stored.mutable_loss() = described.loss();
    stored.set_losses(described.losses());
    stored.set_interface_dropped(described.interface_dropped());
    const auto& groups = job.order().owner_groups;
    stored.mutable_owner_group()->Assign(groups.begin(), groups.end());
    stored.set_expires_ns(job.expires_ns());
    const auto& indices = job.interface_indices();
    stored.mutable_interface_index()->Assign(indices.begin(), indices.end());
    *stored.mutable_index_scope() = present_index_scope();
    if (job.order().keep) *stored.mutable_keep() = *job.order().keep;
    if (job.order().standing) *stored.mutable_standing() = *job.order().standing;
    if (const auto bytes = job.output_cut()) stored.set_output_bytes(static_cast<std::uint64_t>(*bytes));
    return stored.SerializeAsString();
}

}  // namespace

JobStore::JobStore(const base::StateDirectory& state, OutputKeeper outputs) : outputs_(std::move(outputs)) {
    auto directory = state.subdirectory("jobs");
    if (directory)
        directory_ = std::move(*directory);
    else
        trouble_ = directory.error().message;
    if (directory_) late_ = std::make_unique<LateWrites>(directory_);
}

base::Result<void> JobStore::put(const Job& job, Moment now) {
    if (!late_) return {};
    const std::string name = std::to_string(job.id());
    return late_->at_once(name, [&] { return directory_.replace_file(name, stored_bytes(job, now)); });
}

void JobStore::put_later(const Job& job, Moment now) {
    if (late_) late_->replace(std::to_string(job.id()), stored_bytes(job, now));
}

std::optional<base::Error> JobStore::take_error() {
    return late_ ? late_->take_error() : std::nullopt;
}

void JobStore::mark_alive(std::uint64_t job) {
    if (late_) late_->touch(std::to_string(job));
}

void JobStore::remove(std::uint64_t job) {
    outputs_.forget(job);
    const std::string name = std::to_string(job);
    if (late_) late_->at_once(name, [&] { directory_.remove(name); });
}

JobStore::Loaded JobStore::load() const {
    Loaded loaded;
    for (const std::uint64_t id : ids_in(directory_)) {
        auto job = read_job(directory_, id);
        if (job)
            loaded.jobs.push_back(std::move(*job));
        else
            loaded.problems.push_back(job.error().message);
    }
    return loaded;
}

}  // namespace packetsentry::jobs
