// Names in the spool, all of which are made here (FORMAT.md, "Directories and names").
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace packetsentry::spool {

// Ten digits, so that names sort.
inline constexpr std::uint64_t kCounterLimit = 9'999'999'999;

enum class SegmentFile : std::uint8_t { rows, index, packets };

// The counter alone tells segments of a job apart and puts them in order. The time is for people: the
// clock may have been set back between two segments.
struct SegmentName {
    std::uint64_t counter = 0;  // from 1 to kCounterLimit
    std::int64_t second = 0;    // since 1970-01-01 UTC

    auto operator<=>(const SegmentName&) const = default;
};

// Times before 1970 are told as 1970. counter: from 1 to kCounterLimit.
[[nodiscard]] SegmentName segment_name(std::uint64_t counter, std::int64_t created_ns);

// "0000000042-20261130T222328Z.rows"
[[nodiscard]] std::string file_name(const SegmentName& name, SegmentFile file);

struct ParsedName {
    SegmentName name = {};
    SegmentFile file = SegmentFile::rows;

    bool operator==(const ParsedName&) const = default;
};

// Reads what file_name() makes, and returns nothing for any other name.
[[nodiscard]] std::optional<ParsedName> parse_file_name(std::string_view text);

// Reads the name of the directory of a job, which is its number: "12".
[[nodiscard]] std::optional<std::uint64_t> parse_job_directory(std::string_view text);

}  // namespace packetsentry::spool
