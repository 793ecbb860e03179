#include "daemon/dissect/dissect.h"

#include <gtest/gtest.h>

#include "tests/support/sample_packets.h"
#include "tests/unit/daemon/dissect/packet_reading.h"

namespace packetsentry::dissect {
namespace {

using test::Bytes;
using test::sample_packets;
using test::SamplePacket;

std::string at(const SamplePacket& sample, std::size_t size) {
    return std::string(sample.name) + " cut to " + std::to_string(size) + " of " +
           std::to_string(sample.frame.size());
}

// A part of an answer may be missing, but none may be another.
bool none_or_same(const base::Address& part, const base::Address& whole) {
    return !part || part == whole;
}

TEST(Dissect, EverySampleReadsAsItShould) {
    for (const SamplePacket& sample : sample_packets()) {
        const PacketReading reading = read_packet(sample.frame, sample.link_type);
        EXPECT_EQ(reading.summary, sample.summary) << sample.name;
        EXPECT_FALSE(reading.malformed) << sample.name;
    }
}

// Each cut packet lies in memory of exactly its size, so that a sanitizer sees a read past its end.
TEST(Dissect, CutBySnapshotLengthIsNeverMalformedAndNeverWrong) {
    Dissection whole, out;
    for (const SamplePacket& sample : sample_packets()) {
        dissect(sample.frame, sample.frame.size(), sample.link_type, whole);
        for (std::size_t size = 0; size < sample.frame.size(); ++size) {
            const Bytes frame = test::cut(sample.frame, size);
            dissect(frame, sample.frame.size(), sample.link_type, out);
            ASSERT_NE(out.protocol, nullptr) << at(sample, size);
            EXPECT_FALSE(out.malformed) << at(sample, size);
            EXPECT_TRUE(none_or_same(out.source, whole.source)) << at(sample, size);
            EXPECT_TRUE(none_or_same(out.destination, whole.destination)) << at(sample, size);
            EXPECT_TRUE(none_or_same(out.source_mac, whole.source_mac)) << at(sample, size);
            EXPECT_TRUE(!out.has_ports || out.source_port == whole.source_port) << at(sample, size);
            EXPECT_TRUE(!out.has_ports || out.destination_port == whole.destination_port) << at(sample, size);
        }
    }
}

TEST(Dissect, ReallyShortIsMalformed) {
    Dissection out;
    for (const SamplePacket& sample : sample_packets()) {
        for (std::size_t size = 0; size < sample.frame.size(); ++size) {
            const Bytes frame = test::cut(sample.frame, size);
            dissect(frame, size, sample.link_type, out);
            ASSERT_NE(out.protocol, nullptr) << at(sample, size);
            const bool enough = size >= sample.needed.value_or(sample.frame.size());
            EXPECT_TRUE(out.malformed || enough) << at(sample, size);
        }
    }
}

// No value is right here: what is asked is that every byte of every sample may be anything.
TEST(Dissect, EveryByteMayBeAnything) {
    Dissection out;
    for (const SamplePacket& sample : sample_packets()) {
        for (std::size_t i = 0; i < sample.frame.size(); ++i) {
            for (const unsigned value : {0x00U, 0x01U, 0x7FU, 0x80U, 0xFFU}) {
                Bytes frame = sample.frame;
                frame[i] = static_cast<std::byte>(value);
                dissect(frame, frame.size(), sample.link_type, out);
                ASSERT_NE(out.protocol, nullptr) << at(sample, i);
                ASSERT_FALSE(out.protocol->word.empty()) << at(sample, i);
            }
        }
    }
}

TEST(Dissect, ForgetsThePacketBefore) {
    Dissection out;
    const Bytes first = test::PacketBuilder().linux_sll2(3).ipv4().udp(1, 2).build();
    dissect(first, first.size(), 276, out);
    ASSERT_EQ(out.interface_index, 3U);
    dissect({}, 60, 1, out);
    EXPECT_EQ(out.interface_index, 0U);
    EXPECT_FALSE(out.source);
    EXPECT_FALSE(out.has_ports);
    EXPECT_EQ(out.ip_protocol, 0);
    EXPECT_TRUE(out.fields().empty());
    EXPECT_FALSE(out.malformed);
    EXPECT_EQ(out.protocol->word, "Ethernet");
}

}  // namespace
}  // namespace packetsentry::dissect
