#include "daemon/standing/job_file.h"

#include <algorithm>
#include <utility>

#include "daemon/base/trusted_path.h"
#include "daemon/config/key_table.h"
#include "daemon/standing/job_keys.h"
#include "proto/words/job_name.h"

namespace packetsentry::standing {
namespace {

using base::ErrorCode;

base::Result<std::string> name_from(const std::string& path) {
    std::string name = path.substr(path.rfind('/') + 1);
    if (!name.ends_with(kJobFileSuffix))
        return base::fail(ErrorCode::usage,
                          path + ": the file of a standing job is called NAME.toml, after the job's name");
    name.resize(name.size() - kJobFileSuffix.size());
    if (auto checked = proto::check_job_name(name); !checked)
        return base::fail(ErrorCode::usage, path + ": " + checked.error().message);
    return name;
}

// A table of [keep] says that something is kept, even if it has no key.
void note_tables(const toml::table& table, StandingJob& job) {
    for (const KeptPart& part : kKeptParts)
        if (table["keep"][part.name].is_table()) (job.*part.keep).emplace();
}

bool keeps_nothing(const StandingJob& job) {
    return std::ranges::none_of(kKeptParts,
                                [&](const KeptPart& part) { return (job.*part.keep).has_value(); });
}

// "[keep.packets], [keep.rows], [keep.flows]"
std::string names_of_tables() {
    std::string names;
    for (const KeptPart& part : kKeptParts)
        names.append(names.empty() ? "[keep." : ", [keep.").append(part.name).append("]");
    return names;
}

base::Result<void> check_complete(const StandingJob& job) {
    if (job.interfaces.empty())
        return base::fail(ErrorCode::usage,
                          job.path + ": the job must have 'interface', as in interface = [\"eth0\"]");
    if (keeps_nothing(job))
        return base::fail(
            ErrorCode::usage,
            job.path + ": the job keeps nothing; it must have one of the tables " + names_of_tables());
    return {};
}

}  // namespace

base::Result<StandingJob> read_job_text(std::string_view text, const std::string& path) {
    auto name = name_from(path);
    if (!name) return std::unexpected(name.error());
    if (text.size() > kJobFileLimit)
        return base::fail(ErrorCode::usage, path + ": the file is longer than 64 KiB");
    const auto table = config::parse_toml(text, path);
    if (!table) return std::unexpected(table.error());
    StandingJob job{.name = std::move(*name), .path = path};
    note_tables(*table, job);
    const auto set = [&job](const JobKey& key, const toml::node& node) { return key.set(job, node); };
    if (auto read = config::read_keys(*table, job_keys(), path, set); !read)
        return std::unexpected(read.error());
    if (auto complete = check_complete(job); !complete) return std::unexpected(complete.error());
    return job;
}

base::Result<StandingJob> read_job_file(const std::string& path, uid_t owner) {
    const auto text = base::read_trusted_file(path, owner);
    if (!text) return base::fail(text.error().code, "the standing job: " + text.error().message);
    if (!*text) return base::fail(ErrorCode::file, "the standing job: there is no file '" + path + "'");
    return read_job_text(**text, path);
}

}  // namespace packetsentry::standing
