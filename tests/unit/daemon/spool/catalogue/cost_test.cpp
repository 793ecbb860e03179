// What ten thousand segments cost the control process. It prints both numbers.
#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <iostream>

#include "tests/support/in_child.h"
#include "tests/unit/daemon/spool/catalogue/spool_in_directory.h"

namespace packetsentry::spool {
namespace {

constexpr std::uint64_t kSegments = 10'000;

// A catalogue as a job has it after its segments were opened, closed and indexed, and their files.
struct LargeSpool : test::SpoolTest {
    LargeSpool() {
        record();
        const FileHeader header = catalogue_header();
        std::string bytes = encode(header);
        const std::string terms(200, 't');
        for (std::uint64_t counter = 1; counter <= kSegments; ++counter)
            for (int change = 0; change < 3; ++change)
                append(bytes, counter, change, terms + std::to_string(counter % 10), header.seed());
        spool.reset();
        test::make_file(in_job("catalogue"), bytes);
    }

    [[nodiscard]] FileHeader catalogue_header() const {
        return *read_file_header(as_bytes(test::bytes_of(in_job("catalogue"))), FileKind::catalogue);
    }

    void append(std::string& bytes, std::uint64_t counter, int change, const std::string& terms,
                std::uint64_t seed) const {
        const CatalogueRecord record{.state = change == 0 ? SegmentState::open : SegmentState::closed,
                                     .packets = PacketsState::kept,
                                     .table = test::kPackets,
                                     .run = 1,
                                     .owner_uid = 1000,
                                     .counter = counter,
                                     .created_ns = test::kStart,
                                     .closed_ns = change == 0 ? 0 : test::kStart + 1,
                                     .first_time_ns = test::kStart,
                                     .last_time_ns = test::kStart,
                                     .first_number = 1,
                                     .last_number = 1,
                                     .rows = 1,
                                     .blocks = 1,
                                     .rows_bytes = 1000,
                                     .packets_bytes = 1000,
                                     .index_bytes = change == 2 ? 1000U : 0U,
                                     .terms = terms};
        EXPECT_TRUE(append_record(bytes, record, seed));
        if (change != 0) return;
        for (const SegmentFile file : {SegmentFile::rows, SegmentFile::packets, SegmentFile::index})
            test::make_file(file_of(counter, file), "");
    }
};

TEST_F(LargeSpool, CostsLittleMemoryAndTime) {
    std::size_t memory = 0;
    auto fastest = std::chrono::steady_clock::duration::max();
    for (int i = 0; i < 5; ++i) {
        spool.reset();
        const std::size_t before = ::mallinfo2().uordblks;
        const auto begin = std::chrono::steady_clock::now();
        open(test::kStart + test::kHour);
        fastest = std::min(fastest, std::chrono::steady_clock::now() - begin);
        memory = ::mallinfo2().uordblks - before;
    }
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(fastest).count();
    std::cout << kSegments << " segments: " << memory / 1024 << " KiB, loaded in " << milliseconds << " ms\n";
    const auto segments = all();
    EXPECT_EQ(segments.size(), kSegments);
    EXPECT_TRUE(std::ranges::all_of(segments, [](const Segment& one) {
        return one.state == SegmentState::closed && one.index_bytes == 1000;
    }));
    if (test::has_sanitizers()) return;  // they have an allocator of their own, and take their time
    EXPECT_LE(memory, 16U << 20);
    EXPECT_LE(milliseconds, 200);
}

}  // namespace
}  // namespace packetsentry::spool
