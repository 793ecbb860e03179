#include "daemon/standing/job_directory.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "daemon/config/config.h"
#include "daemon/standing/job_file.h"

namespace packetsentry::standing {
namespace {

namespace fs = std::filesystem;

bool is_job_file(const std::string& name) {
    return name.ends_with(kJobFileSuffix) && !name.starts_with('.');
}

base::Error unreadable(const std::string& directory, const std::error_code& error) {
    return {base::ErrorCode::file,
            "cannot read the directory of standing jobs '" + directory + "': " + error.message()};
}

// Sorted. Where reading fails, those that were found before are returned too.
std::vector<std::string> job_files(const std::string& directory, std::error_code& error) {
    std::vector<std::string> names;
    for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error))
        if (std::string name = at->path().filename().string(); is_job_file(name))
            names.push_back(std::move(name));
    std::ranges::sort(names);
    return names;
}

base::Error too_many(const std::string& directory, const std::string& first_unread) {
    return {base::ErrorCode::file, "'" + directory + "' has more than " + std::to_string(kJobFiles) +
                                       " standing jobs; '" + first_unread +
                                       "' and those after it are not read, so remove some"};
}

}  // namespace

FoundJobs read_job_directory(const std::string& directory, uid_t owner) {
    FoundJobs found;
    std::error_code error;
    std::vector<std::string> names = job_files(directory, error);
    const bool absent = error == std::errc::no_such_file_or_directory;
    if (error && !(absent && directory == config::kUsualJobsDirectory))
        found.errors.push_back(unreadable(directory, error));
    if (names.size() > kJobFiles) {
        found.errors.push_back(too_many(directory, names[kJobFiles]));
        names.resize(kJobFiles);
    }
    for (const std::string& name : names) {
        auto job = read_job_file((fs::path(directory) / name).string(), owner);
        if (job)
            found.jobs.push_back(std::move(*job));
        else
            found.errors.push_back(job.error());
    }
    return found;
}

}  // namespace packetsentry::standing
