// A spool in a directory of a test's own, and segments in it as workers would have written them.
#pragma once

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/spool/catalogue/spool.h"
#include "tests/support/temporary_directory.h"

namespace packetsentry::test {

inline constexpr std::uint32_t kPackets = 1;  // wire::TABLE_PACKETS
inline constexpr std::uint32_t kFlows = 2;
inline constexpr std::int64_t kSecond = 1'000'000'000;
inline constexpr std::int64_t kMinute = 60 * kSecond;
inline constexpr std::int64_t kHour = 60 * kMinute;
inline constexpr std::int64_t kDay = 24 * kHour;
inline constexpr std::int64_t kStart = 1'796'077'408 * kSecond;  // 2026-11-30T22:23:28Z

inline void write_to(const base::UniqueFd& file, std::string_view bytes) {
    EXPECT_EQ(::write(file.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
}

inline void make_file(const std::string& path, std::string_view bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

inline std::string bytes_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline mode_t mode_of(const std::string& path) {
    struct stat status {};
    EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
    return status.st_mode & 07777;
}

// Rows that a worker would report about a minute's traffic.
inline spool::SegmentProgress progress_of(std::int64_t first_time_ns, std::int64_t last_time_ns,
                                          std::uint64_t rows_bytes, std::uint64_t packets_bytes) {
    return {.rows_bytes = rows_bytes,
            .packets_bytes = packets_bytes,
            .blocks = 1,
            .rows = 10,
            .first_number = 1,
            .last_number = 10,
            .first_time_ns = first_time_ns,
            .last_time_ns = last_time_ns};
}

// A segment that a test wants to have been recorded.
struct Recorded {
    std::uint64_t job = 12;
    std::uint32_t table = kPackets;
    std::int64_t begun_ns = kStart;
    std::int64_t closed_ns = kStart + kMinute;
    std::uint64_t rows_bytes = 1000;
    std::uint64_t packets_bytes = 3000;
    std::string terms = "terms";
    std::uint32_t owner_uid = 1000;
    std::uint32_t run = 1;
};

class SpoolTest : public testing::Test {
  protected:
    SpoolTest() { open(); }

    void open(std::int64_t now_ns = kStart) {
        spool.reset();
        auto opened = spool::Spool::open(path, now_ns);
        EXPECT_TRUE(opened) << (opened ? "" : opened.error().message);
        if (opened) spool.emplace(std::move(*opened));
    }
    // What a power cut or a killed daemon leaves: nothing is closed in order.
    void reopen(std::int64_t now_ns = kStart + kHour) { open(now_ns); }

    [[nodiscard]] static std::string refusal(const std::string& directory) {
        const auto opened = spool::Spool::open(directory, kStart);
        EXPECT_FALSE(opened);
        if (opened) return "";
        EXPECT_EQ(opened.error().code, base::ErrorCode::file);
        EXPECT_EQ(opened.error().message.find('\n'), std::string::npos);
        return opened.error().message;
    }

    [[nodiscard]] spool::BegunSegment begin(const Recorded& recorded = {}) {
        auto begun = spool->begin_segment({.job = recorded.job,
                                           .table = recorded.table,
                                           .run = recorded.run,
                                           .owner_uid = recorded.owner_uid,
                                           .terms = recorded.terms,
                                           .with_packets = recorded.packets_bytes != 0},
                                          recorded.begun_ns);
        EXPECT_TRUE(begun) << begun.error().message;
        write_to(begun->outputs.rows, encode(begun->header));
        return std::move(*begun);
    }

    // Fills both files up to the lengths, and closes the segment. Returns its counter.
    std::uint64_t record(const Recorded& recorded = {}) {
        const spool::BegunSegment begun = begin(recorded);
        write_to(begun.outputs.rows, std::string(recorded.rows_bytes - spool::kFileHeaderBytes, 'r'));
        if (recorded.packets_bytes != 0)
            write_to(begun.outputs.packets, std::string(recorded.packets_bytes, 'p'));
        const auto closed = spool->close_segment(
            recorded.job, begun.header.counter,
            progress_of(recorded.begun_ns, recorded.closed_ns, recorded.rows_bytes, recorded.packets_bytes),
            recorded.closed_ns);
        EXPECT_TRUE(closed) << closed.error().message;
        return begun.header.counter;
    }

    [[nodiscard]] std::vector<spool::Segment> all(std::uint64_t job = 12) const {
        return spool->list(job, {});
    }
    [[nodiscard]] std::optional<spool::Segment> segment(std::uint64_t counter, std::uint64_t job = 12) const {
        for (const spool::Segment& one : all(job))
            if (one.counter == counter) return one;
        return std::nullopt;
    }

    [[nodiscard]] std::string in_job(const std::string& name, std::uint64_t job = 12) const {
        return path + "/" + std::to_string(job) + "/" + name;
    }
    [[nodiscard]] std::string file_of(std::uint64_t counter, spool::SegmentFile file,
                                      std::int64_t begun_ns = kStart) const {
        return in_job(spool::file_name(spool::segment_name(counter, begun_ns), file));
    }
    [[nodiscard]] bool has(std::uint64_t counter, spool::SegmentFile file,
                           std::int64_t begun_ns = kStart) const {
        return std::filesystem::exists(file_of(counter, file, begun_ns));
    }

    const TemporaryDirectory temporary;
    const std::string path = temporary.path() + "/spool";
    std::optional<spool::Spool> spool;
};

}  // namespace packetsentry::test
