#include "daemon/jobs/terms.h"

#include <gtest/gtest.h>

namespace packetsentry::jobs {
namespace {

TEST(Terms, AreThoseOfThePolicyWhateverAClientSent) {
    wire::CaptureSpec capture;
    capture.set_required_filter("everything");
    capture.set_packets_per_second(1U << 30);
    capture.set_snapshot_limit(1);
    capture.set_file_bytes_limit(1);
    clear_terms(capture);
    EXPECT_EQ(capture.SerializeAsString(), "");
    apply({.filter = "udp", .snapshot_length = 64, .packets_per_second = 10, .saved_bytes = 1000}, capture);
    EXPECT_EQ(capture.required_filter(), "udp");
    EXPECT_EQ(capture.snapshot_limit(), 64U);
    EXPECT_EQ(capture.packets_per_second(), 10U);
    EXPECT_EQ(capture.file_bytes_limit(), 1000U);
    EXPECT_FALSE(capture.has_redaction());
    apply({}, capture);
    EXPECT_EQ(capture.SerializeAsString(), "");
}

TEST(Terms, RedactionOnlyGrows) {
    wire::CaptureSpec capture;
    capture.mutable_redaction()->set_mask_addresses(true);
    capture.mutable_redaction()->set_cut_payload(true);
    capture.mutable_redaction()->set_payload_bytes(16);
    clear_terms(capture);
    apply({.redaction = {.payload_bytes = 64}}, capture);
    EXPECT_TRUE(capture.redaction().mask_addresses()) << "a client may ask for more";
    EXPECT_EQ(capture.redaction().payload_bytes(), 16U);
    apply({.redaction = {.headers_only = true, .payload_bytes = 4}}, capture);
    EXPECT_TRUE(capture.redaction().headers_only());
    EXPECT_EQ(capture.redaction().payload_bytes(), 4U);
    apply({}, capture);
    EXPECT_TRUE(capture.redaction().headers_only());
    EXPECT_EQ(capture.redaction().payload_bytes(), 4U);
}

// Without cut_payload the number says nothing, not even 0.
TEST(Terms, ABareNumberOfPayloadBytesIsNoRedaction) {
    wire::CaptureSpec capture;
    capture.mutable_redaction()->set_payload_bytes(1);
    apply({.redaction = {.payload_bytes = 64}}, capture);
    EXPECT_TRUE(capture.redaction().cut_payload());
    EXPECT_EQ(capture.redaction().payload_bytes(), 64U);
}

TEST(Terms, AreReadBack) {
    const policy::Terms terms{.filter = "udp",
                              .snapshot_length = 64,
                              .packets_per_second = 10,
                              .saved_bytes = 1000,
                              .redaction = {.payload_bytes = 0, .mask_addresses = true}};
    wire::CaptureSpec capture;
    apply(terms, capture);
    EXPECT_EQ(terms_of(capture), terms);
    // What the user asked for counts where it is less.
    capture.set_snapshot_length(32);
    EXPECT_EQ(terms_of(capture).snapshot_length, 32U);
    capture.set_snapshot_length(128);
    EXPECT_EQ(terms_of(capture).snapshot_length, 64U);
    wire::CaptureSpec other = capture;
    EXPECT_TRUE(same_terms(capture, other));
    other.set_required_filter("tcp");
    EXPECT_FALSE(same_terms(capture, other));
}

}  // namespace
}  // namespace packetsentry::jobs
