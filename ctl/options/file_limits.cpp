#include "ctl/options/file_limits.h"

#include <algorithm>
#include <array>

#include "ctl/options/typed_quantity.h"

namespace packetsentry::ctl {
namespace {

using base::ErrorCode;

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kMostFiles = 1'000'000;

base::Result<std::uint64_t> parse_file_duration(std::string_view text) {
    const auto duration = parse_duration(text);
    if (!duration || *duration >= kSecond) return duration;
    return base::fail(ErrorCode::usage,
                      "'" + std::string(text) + "' is too short for a file: write at least -b duration:1s");
}

base::Result<std::uint64_t> parse_files(std::string_view text) {
    return parse_number(text,
                        {.noun = "a number of files", .low = 2, .high = kMostFiles, .example = "files:10"});
}

struct Limit {
    std::string_view name;
    std::string_view meaning;
    base::Result<std::uint64_t> (*parse)(std::string_view);
    std::uint64_t (*get)(const SeveralFiles&);
    void (*set)(SeveralFiles&, std::uint64_t);
};

constexpr std::array kLimits = {
    Limit{"duration", "another file after this time, as in 1h", parse_file_duration,
          [](const SeveralFiles& files) { return files.each.duration_ns(); },
          [](SeveralFiles& files, std::uint64_t value) { files.each.set_duration_ns(value); }},
    Limit{"files", "keep this number of files, and remove the oldest", parse_files,
          [](const SeveralFiles& files) { return files.kept; },
          [](SeveralFiles& files, std::uint64_t value) { files.kept = value; }},
    Limit{"filesize", "another file when one has this size, as in 100MiB", parse_size,
          [](const SeveralFiles& files) { return files.each.bytes(); },
          [](SeveralFiles& files, std::uint64_t value) { files.each.set_bytes(value); }},
    Limit{"packets", "another file after this number of packets", parse_count,
          [](const SeveralFiles& files) { return files.each.packets(); },
          [](SeveralFiles& files, std::uint64_t value) { files.each.set_packets(value); }},
};

base::Result<void> add(std::string_view text, SeveralFiles& files) {
    const std::size_t colon = text.find(':');
    const auto* limit = std::ranges::find(kLimits, text.substr(0, colon), &Limit::name);
    if (colon == std::string_view::npos || limit == kLimits.end())
        return base::fail(ErrorCode::usage,
                          "cannot begin another file at '" + std::string(text) +
                              "': write -b filesize:100MiB, -b duration:1h or -b packets:1000, and -b "
                              "files:10 to keep only the newest files");
    const auto value = limit->parse(text.substr(colon + 1));
    if (!value) return std::unexpected(value.error());
    const std::uint64_t before = limit->get(files);
    limit->set(files, before == 0 ? *value : std::min(before, *value));
    return {};
}

bool has_limit(const wire::FileLimits& each) {
    return each.bytes() != 0 || each.packets() != 0 || each.duration_ns() != 0;
}

}  // namespace

std::vector<ConditionName> file_limit_names() {
    std::vector<ConditionName> names;
    for (const Limit& limit : kLimits) names.push_back({limit.name, limit.meaning});
    return names;
}

base::Result<std::optional<SeveralFiles>> several_files(std::span<const std::string> words,
                                                        std::string_view output) {
    if (words.empty()) return std::nullopt;
    SeveralFiles files;
    for (const std::string& word : words)
        if (auto added = add(word, files); !added) return std::unexpected(added.error());
    if (!has_limit(files.each))
        return base::fail(ErrorCode::usage,
                          "-b files: keeps the newest files, so it needs to know when a file is full: add -b "
                          "filesize:100MiB, -b duration:1h or -b packets:1000");
    if (output.empty())
        return base::fail(ErrorCode::usage,
                          "-b saves to several files, so it needs their name: add -o FILE.pcapng");
    if (output == "-" || output == "/dev/null")
        return base::fail(ErrorCode::usage, "'-o " + std::string(output) +
                                                "' cannot be several files: with -b, name a file with -o");
    return files;
}

}  // namespace packetsentry::ctl
