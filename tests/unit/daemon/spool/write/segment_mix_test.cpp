// Packets of all kinds in any order, in segments that end at any of them.
#include <gtest/gtest.h>

#include <random>

#include "tests/unit/daemon/spool/write/written_segments.h"

namespace packetsentry::spool {
namespace {

class PacketMix {
  public:
    explicit PacketMix(std::uint32_t seed) : random_(seed) {}

    bool once_in(std::uint32_t times) { return below(times) == 0; }

    test::SentPacket next() {
        number_ += once_in(20) ? 1 + below(1000) : 1;
        test::SentPacket sent = test::sent_packet(number_, once_in(5) ? 0 : below(300));
        sent.wire_bytes += once_in(4) ? below(2000) : 0;
        sent.time_ns += static_cast<std::int64_t>(below(1'000'000)) - 500'000;
        sent.has_time = !once_in(10);
        sent.interface = once_in(30) ? below(3) : 0;
        if (once_in(8)) sent.stored_limit = below(100);
        return sent;
    }

  private:
    std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }

    std::mt19937 random_;  // makes the same numbers everywhere
    std::uint64_t number_ = 0;
};

// append(): appends the packet to the writing.
template <typename Append>
void expect_all_found(Append append) {
    for (std::uint32_t seed = 1; seed <= 20; ++seed) {
        SCOPED_TRACE(seed);
        PacketMix mix(seed);
        test::SegmentWriting writing({.block_rows = 16, .block_packet_bytes = 3000});
        std::vector<std::vector<test::SentPacket>> sent(1);
        for (int i = 0; i < 1000; ++i) {
            if (mix.once_in(150)) {
                writing.begin();
                sent.emplace_back();
            }
            if (mix.once_in(40)) writing.now += SegmentLimits().block_age;
            sent.back().push_back(mix.next());
            append(writing, sent.back().back(), mix);
        }
        (void)writing.ended();
        ASSERT_EQ(writing.output.segments.size(), sent.size());
        for (std::size_t i = 0; i < sent.size(); ++i) expect_holds(writing.output.segments[i], sent[i]);
        EXPECT_EQ(writing.writer.rows_refused(), 0U);
    }
}

TEST(SegmentMix, EachPacketIsFoundInItsSegment) {
    expect_all_found([](auto& writing, const auto& sent, PacketMix&) { writing.append(sent); });
}

TEST(SegmentMix, EachPacketIsFoundInItsSegmentWhenItsRowIsTakenFromABatch) {
    expect_all_found([](auto& writing, const auto& sent, PacketMix& mix) {
        if (mix.once_in(30)) writing.end_batch();
        writing.append_batched(sent);
    });
}

}  // namespace
}  // namespace packetsentry::spool
