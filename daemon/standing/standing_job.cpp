#include "daemon/standing/standing_job.h"

#include <algorithm>

#include "daemon/base/interface_glob.h"
#include "daemon/base/quantity.h"
#include "proto/words/filter.h"

namespace packetsentry::standing {
namespace {

constexpr const char* kAnyInterface = "any";

std::string list_of(const std::vector<std::string>& texts) {
    std::string all;
    for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
    return all;
}

// The filter was checked when the file was read, so it has a text.
std::string filter_of(const StandingJob& job) {
    std::string text = proto::filter_text(job.filter).value_or("");
    if (!text.empty()) text = "filter: " + text;
    if (!job.filter.display().empty())
        text += (text.empty() ? "" : "; ") + std::string("display filter: ") + job.filter.display();
    return text.empty() ? text : " (" + text + ")";
}

// "packets for 14d, at most 200GiB"
std::string keeping(std::string_view table, const Keep& keep) {
    std::string text(table);
    if (keep.age.count() != 0)
        text += " for " +
                base::duration_text(static_cast<std::uint64_t>(std::chrono::nanoseconds(keep.age).count()));
    if (keep.bytes != 0)
        text += (keep.age.count() != 0 ? ", at most " : " up to ") + base::size_text(keep.bytes);
    if (keep == Keep{}) text += " as long as the spool has room";
    return text;
}

std::string tables_of(const StandingJob& job) {
    std::string text;
    for (const KeptPart& part : kKeptParts)
        if (const auto& keep = job.*part.keep) text += (text.empty() ? "" : "; ") + keeping(part.name, *keep);
    return text;
}

std::string readers_of(const Readers& readers) {
    std::vector<std::string> named;
    for (const std::string& group : readers.groups) named.push_back("group " + group);
    for (const std::string& user : readers.users) named.push_back("user " + user);
    return named.empty() ? "root alone" : "root, " + list_of(named);
}

}  // namespace

bool captures_on(const StandingJob& job, const std::string& interface) {
    return std::ranges::any_of(job.interfaces, [&](const std::string& one) {
        return one == interface || (interface != kAnyInterface && base::matches_interface(one, interface));
    });
}

std::string describe(const StandingJob& job) {
    std::string text = "captures " + list_of(job.interfaces) + filter_of(job);
    if (job.snapshot_length != 0)
        text += ", at most " + std::to_string(job.snapshot_length) + " bytes of a packet";
    return text + "; keeps " + tables_of(job) + "; for " + readers_of(job.readers);
}

}  // namespace packetsentry::standing
