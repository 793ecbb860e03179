#include "daemon/dissect/application/quic_initial.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/quic_packets.h"

namespace packetsentry::dissect {
namespace {

using test::Bytes;

constexpr std::size_t kNumberOffset = 18;
constexpr std::size_t kFramesBytes = 1162;

const Bytes kFirstId = test::hex("8394c8f03e515708");

Bytes opened(QuicVersion version, const Bytes& packet, const Bytes& id = kFirstId,
             std::size_t number_offset = kNumberOffset, QuicSide sender = QuicSide::client) {
    QuicFrames room;
    const auto frames = open_quic_initial({version, sender, id, packet, number_offset}, room);
    return {frames.begin(), frames.end()};
}

Bytes opened_answer(QuicVersion version, const Bytes& packet) {
    return opened(version, packet, kFirstId, kNumberOffset, QuicSide::server);
}

TEST(QuicInitial, OpensTheExamplesOfTheRfcs) {
    Bytes expected = test::quic_crypto_frame();
    expected.resize(kFramesBytes);
    EXPECT_EQ(opened(QuicVersion::version_1, test::quic_initial_of_version_1()), expected);
    EXPECT_EQ(opened(QuicVersion::version_2, test::quic_initial_of_version_2()), expected);
}

TEST(QuicInitial, OpensTheAnswersOfTheRfcs) {
    EXPECT_EQ(opened_answer(QuicVersion::version_1, test::quic_answer_of_version_1()),
              test::quic_answer_frames());
    EXPECT_EQ(opened_answer(QuicVersion::version_2, test::quic_answer_of_version_2()),
              test::quic_answer_frames());
}

// What the other tests seal is what the RFC seals.
TEST(QuicInitial, OpensWhatIsSealedHere) {
    EXPECT_EQ(test::quic_initial({.from_server = true,
                                  .frames = test::quic_answer_frames(),
                                  .destination_id = {},
                                  .source_id = test::hex("f067a5502a4262b5"),
                                  .number = 1}),
              test::quic_answer_of_version_1());
}

TEST(QuicInitial, OpensNothingOfTheOtherSide) {
    EXPECT_TRUE(opened(QuicVersion::version_1, test::quic_answer_of_version_1()).empty());
    EXPECT_TRUE(opened_answer(QuicVersion::version_1, test::quic_initial_of_version_1()).empty());
}

TEST(QuicInitial, OpensNothingThatIsNotAuthentic) {
    const Bytes whole = test::quic_initial_of_version_1();
    for (std::size_t i = 0; i < whole.size(); i += 7) {
        Bytes changed = whole;
        changed[i] ^= std::byte{0x01};
        EXPECT_TRUE(opened(QuicVersion::version_1, changed).empty()) << i;
    }
    EXPECT_TRUE(opened(QuicVersion::version_2, whole).empty());
    EXPECT_TRUE(opened(QuicVersion::version_1, whole, test::hex("8394c8f03e515709")).empty());
    EXPECT_TRUE(opened(QuicVersion::version_1, whole, {}).empty());
    EXPECT_TRUE(opened(QuicVersion::version_1, test::cut(whole, whole.size() - 1)).empty());
}

TEST(QuicInitial, LeavesAloneWhatIsTooShortOrTooLong) {
    for (const std::size_t size : {0U, 18U, 22U, 37U})
        EXPECT_TRUE(opened(QuicVersion::version_1, Bytes(size)).empty()) << size;
    EXPECT_TRUE(opened(QuicVersion::version_1, Bytes(38)).empty());
    EXPECT_TRUE(opened(QuicVersion::version_1, Bytes(kQuicInitialLimit)).empty());
    EXPECT_TRUE(opened(QuicVersion::version_1, Bytes(kQuicInitialLimit + 1)).empty());
    EXPECT_TRUE(opened(QuicVersion::version_1, Bytes(1200), {}, 1190).empty()) << "no room for a sample";
}

}  // namespace
}  // namespace packetsentry::dissect
