#include "daemon/jobs/terms.h"

#include <gtest/gtest.h>

namespace packetsentry::jobs {
namespace {

TEST(Terms, AreThoseOfThePolicy) {
    wire::Terms terms;
    apply({.filter = "udp", .snapshot_length = 64, .packets_per_second = 10, .saved_bytes = 1000}, terms);
    EXPECT_EQ(terms.required_filter(), "udp");
    EXPECT_EQ(terms.snapshot_length(), 64U);
    EXPECT_EQ(terms.packets_per_second(), 10U);
    EXPECT_EQ(terms.file_bytes(), 1000U);
    EXPECT_FALSE(terms.has_redaction());
    apply({}, terms);
    EXPECT_EQ(terms.SerializeAsString(), "");
}

TEST(Terms, RedactionOnlyGrows) {
    wire::CaptureSpec capture;
    capture.mutable_redaction()->set_mask_addresses(true);
    capture.mutable_redaction()->set_cut_payload(true);
    capture.mutable_redaction()->set_payload_bytes(16);
    wire::Terms terms = first_terms({.redaction = {.payload_bytes = 64}}, capture);
    EXPECT_TRUE(terms.redaction().mask_addresses()) << "a client may ask for more";
    EXPECT_EQ(terms.redaction().payload_bytes(), 16U);
    apply({.redaction = {.headers_only = true, .payload_bytes = 4}}, terms);
    EXPECT_TRUE(terms.redaction().headers_only());
    EXPECT_EQ(terms.redaction().payload_bytes(), 4U);
    apply({}, terms);
    EXPECT_TRUE(terms.redaction().headers_only());
    EXPECT_EQ(terms.redaction().payload_bytes(), 4U);
    EXPECT_EQ(capture.redaction().payload_bytes(), 16U) << "what was asked for stays as it was asked";
}

// Without cut_payload the number says nothing, not even 0.
TEST(Terms, ABareNumberOfPayloadBytesIsNoRedaction) {
    wire::CaptureSpec capture;
    capture.mutable_redaction()->set_payload_bytes(1);
    const wire::Terms terms = first_terms({.redaction = {.payload_bytes = 64}}, capture);
    EXPECT_TRUE(terms.redaction().cut_payload());
    EXPECT_EQ(terms.redaction().payload_bytes(), 64U);
}

TEST(Terms, AreReadBack) {
    const policy::Terms terms{.filter = "udp",
                              .snapshot_length = 64,
                              .packets_per_second = 10,
                              .saved_bytes = 1000,
                              .redaction = {.payload_bytes = 0, .mask_addresses = true}};
    wire::CaptureSpec capture;
    const wire::Terms in_force = first_terms(terms, capture);
    EXPECT_EQ(terms_of(capture, in_force), terms);
    // What the user asked for counts where it is less.
    capture.set_snapshot_length(32);
    EXPECT_EQ(terms_of(capture, in_force).snapshot_length, 32U);
    capture.set_snapshot_length(128);
    EXPECT_EQ(terms_of(capture, in_force).snapshot_length, 64U);
    wire::Terms other = in_force;
    EXPECT_TRUE(same_terms(in_force, other));
    other.set_required_filter("tcp");
    EXPECT_FALSE(same_terms(in_force, other));
}

}  // namespace
}  // namespace packetsentry::jobs
