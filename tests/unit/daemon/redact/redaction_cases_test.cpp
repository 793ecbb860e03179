// Each tunnel, each pseudowire, and whatever only looks like a header: what redaction keeps of them.
#include "tests/support/redaction_cases.h"

#include <gtest/gtest.h>

#include "daemon/redact/redactor.h"

namespace packetsentry::redact {
namespace {

using test::Bytes;
using test::RedactionCase;

const Bytes kCaseKey = test::hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
const Bytes kPayload(64, test::kSmuggled);

class RedactionCases : public testing::Test {
  protected:
    std::span<const std::byte> headers(const RedactionCase& c, std::span<const std::byte> frame,
                                       std::size_t wire_bytes) {
        return headers_.redact(frame, wire_bytes, c.link_type, row_);
    }
    std::span<const std::byte> masked(const RedactionCase& c, std::span<const std::byte> frame,
                                      std::size_t wire_bytes) {
        return masked_.redact(frame, wire_bytes, c.link_type, row_);
    }

  private:
    dissect::Dissection row_;
    Redactor headers_{{.payload_bytes = 0}, AddressMask::Key(kCaseKey)};
    Redactor masked_{{.mask_addresses = true}, AddressMask::Key(kCaseKey)};
};

TEST_F(RedactionCases, NothingThatIsNoHeaderSurvivesAtAnyLength) {
    for (const RedactionCase& c : test::redaction_cases()) {
        const Bytes frame = c.build(kPayload);
        ASSERT_TRUE(test::holds_smuggled(frame)) << c.name << ": the case proves nothing";
        for (std::size_t size = 0; size <= frame.size(); ++size) {
            const auto cut = std::span(frame).first(size);
            for (const auto left : {headers(c, cut, frame.size()), masked(c, cut, frame.size())}) {
                ASSERT_LE(left.size(), c.headers) << c.name << " cut to " << size;
                ASSERT_FALSE(test::holds_smuggled(left)) << c.name << " cut to " << size;
            }
        }
    }
}

// A length that is right by chance is no header either: one of an IPv6 packet lies where a MAC address ends.
TEST_F(RedactionCases, NothingSurvivesOfAnyLengthOfPayload) {
    for (const RedactionCase& c : test::redaction_cases())
        for (std::size_t size = 0; size < 100; ++size) {
            const Bytes frame = c.build(Bytes(size, test::kSmuggled));
            const auto left = headers(c, frame, frame.size());
            ASSERT_LE(left.size(), c.headers) << c.name << " with " << size << " bytes";
            ASSERT_FALSE(test::holds_smuggled(left)) << c.name << " with " << size << " bytes";
        }
}

// What hides in the headers is taken out of a frame from which nothing is cut as well.
TEST_F(RedactionCases, NothingSurvivesWithoutPayload) {
    for (const RedactionCase& c : test::redaction_cases()) {
        const Bytes frame = c.build({});
        EXPECT_FALSE(test::holds_smuggled(headers(c, frame, frame.size()))) << c.name;
        EXPECT_FALSE(test::holds_smuggled(masked(c, frame, frame.size()))) << c.name;
        EXPECT_FALSE(test::keeps_address(frame, masked(c, frame, frame.size()))) << c.name;
    }
}

TEST_F(RedactionCases, NoAddressSurvivesMaskingAtAnyLength) {
    for (const RedactionCase& c : test::redaction_cases()) {
        const Bytes frame = c.build(kPayload);
        for (std::size_t size = 0; size <= frame.size(); ++size) {
            const auto left = masked(c, std::span(frame).first(size), frame.size());
            ASSERT_FALSE(test::keeps_address(frame, left)) << c.name << " cut to " << size;
        }
    }
}

// Otherwise the tests above prove nothing.
TEST_F(RedactionCases, AnAddressThatIsLeftIsFound) {
    for (const RedactionCase& c : test::redaction_cases()) {
        const Bytes frame = c.build(kPayload);
        Bytes left = frame;
        if (!test::keeps_address(frame, frame)) continue;
        left.resize(c.headers);
        EXPECT_TRUE(test::keeps_address(frame, left)) << c.name;
    }
}

// A length of 512 begins as the MAC addresses of the frames do, and what follows it is taken out.
TEST_F(RedactionCases, WhatIsAnAddressByChanceIsNone) {
    for (const RedactionCase& c : test::redaction_cases())
        for (std::size_t size = 400; size < 500; ++size) {
            const Bytes frame = c.build(Bytes(size, test::kSmuggled));
            ASSERT_FALSE(test::keeps_address(frame, masked(c, frame, frame.size())))
                << c.name << " with " << size << " bytes";
        }
}

TEST_F(RedactionCases, EveryHeaderIsKept) {
    for (const RedactionCase& c : test::redaction_cases()) {
        const Bytes frame = c.build(kPayload);
        EXPECT_EQ(headers(c, frame, frame.size()).size(), c.headers) << c.name;
    }
}

// The rows are made of what is left: masked, it must read as the same layers.
TEST_F(RedactionCases, WhatIsLeftReadsTheSame) {
    for (const RedactionCase& c : test::redaction_cases()) {
        const Bytes frame = c.build(kPayload);
        dissect::Dissection whole, kept;
        const auto shown = headers(c, frame, frame.size());
        dissect::dissect(shown, frame.size(), c.link_type, whole);
        dissect::dissect(masked(c, frame, frame.size()), frame.size(), c.link_type, kept);
        EXPECT_EQ(kept.protocol, whole.protocol) << c.name;
        EXPECT_EQ(kept.network, whole.network) << c.name;
        EXPECT_EQ(kept.has_ports, whole.has_ports) << c.name;
        EXPECT_EQ(kept.fields().size(), whole.fields().size()) << c.name;
    }
}

}  // namespace
}  // namespace packetsentry::redact
