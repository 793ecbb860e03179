#include "daemon/jobs/stored_v1.h"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include "proto/messages/state_v1.pb.h"

namespace packetsentry::jobs {
namespace {

namespace v1 = wire::v1;

v1::StoredJob night() {
    v1::StoredJob job;
    job.set_version(1);
    job.set_id(12);
    job.set_name("night");
    job.set_owner_uid(1000);
    job.add_owner_group(100);
    v1::CaptureSpec& capture = *job.mutable_capture();
    capture.add_interface("eth0");
    capture.mutable_filter()->set_protocol("dns");
    capture.mutable_filter()->add_protocols("http");
    capture.mutable_filter()->set_port(53);
    capture.set_snapshot_length(128);
    capture.set_not_promiscuous(true);
    capture.mutable_until()->set_packets(100);
    capture.mutable_save()->set_format(v1::SAVE_PCAPNG);
    capture.set_ring_bytes(1 << 20);
    capture.set_required_filter("udp");
    capture.mutable_redaction()->set_headers_only(true);
    capture.set_packets_per_second(10);
    capture.set_snapshot_limit(64);
    capture.set_file_bytes_limit(1000);
    job.set_output_name("/night.pcapng");
    job.set_started_ns(5);
    job.set_alive_ns(77);
    job.mutable_ledger()->set_recorded(40);
    job.mutable_ledger()->set_saved_bytes(4000);
    job.set_wait(true);
    job.add_loss()->set_cause(v1::Loss::RING_FULL);
    job.set_losses(3);
    job.set_interface_dropped(2);
    job.set_counted_ns(70);
    job.set_output_bytes(3900);
    job.set_expires_ns(99);
    job.add_interface_index(7);
    job.mutable_index_scope()->set_booted_ns(1);
    return job;
}

wire::StoredJob converted(const v1::StoredJob& before) {
    const auto job = stored_job_of_version_1(before.SerializeAsString());
    EXPECT_TRUE(job);
    return job.value_or(wire::StoredJob());
}

TEST(StoredV1, BecomesWhatVersion2Says) {
    const wire::StoredJob job = converted(night());
    EXPECT_EQ(job.version(), 2U);
    EXPECT_EQ(job.id(), 12U);
    EXPECT_EQ(job.name(), "night");
    EXPECT_EQ(job.owner_uid(), 1000U);
    EXPECT_EQ(job.owner_group(0), 100U);
    EXPECT_EQ(
        job.capture().ShortDebugString(),
        "interface: \"eth0\" filter { protocol: \"dns\" protocol: \"http\" port: 53 } snapshot_length: 128 "
        "not_promiscuous: true until { packets: 100 } save { format: SAVE_PCAPNG } ring_bytes: 1048576");
    EXPECT_EQ(job.terms().ShortDebugString(),
              "required_filter: \"udp\" snapshot_length: 64 packets_per_second: 10 file_bytes: 1000 "
              "redaction { headers_only: true }");
    EXPECT_EQ(job.output_name(), "/night.pcapng");
    EXPECT_TRUE(job.wait());
    EXPECT_EQ(job.started_ns(), 5);
    EXPECT_EQ(job.alive_ns(), 77);
    EXPECT_EQ(job.expires_ns(), 99);
    EXPECT_EQ(job.run(), 1U);
    ASSERT_EQ(job.rows_size(), 1);
    EXPECT_EQ(job.rows(0).table(), wire::TABLE_PACKETS);
    EXPECT_EQ(job.rows(0).rows(), 40U);
    EXPECT_EQ(job.ledger().recorded(), 40U);
    EXPECT_EQ(job.ledger().saved_bytes(), 4000U);
    EXPECT_EQ(job.counted_ns(), 70);
    EXPECT_EQ(job.loss(0).cause(), wire::Loss::RING_FULL);
    EXPECT_EQ(job.losses(), 3U);
    EXPECT_EQ(job.interface_dropped(), 2U);
    EXPECT_FALSE(job.has_saving_end());
    EXPECT_EQ(job.output_bytes(), 3900U);
    EXPECT_EQ(job.interface_index(0), 7U);
    EXPECT_EQ(job.index_scope().booted_ns(), 1);
}

TEST(StoredV1, TellsThatSavingHasEndedWhereOnlyTheMissingFormatDoes) {
    v1::StoredJob before = night();
    before.mutable_capture()->clear_save();
    before.clear_counted_ns();
    const wire::StoredJob job = converted(before);
    EXPECT_EQ(job.saving_end().at_ns(), 77);
    EXPECT_EQ(job.counted_ns(), 77);
    before.mutable_saving_end()->set_at_ns(60);
    before.mutable_saving_end()->set_reason("No space left on device");
    EXPECT_EQ(converted(before).saving_end().reason(), "No space left on device");
}

// The conversion copies these by their bytes, so a field of today that has another number there would be
// misread.
TEST(StoredV1, FieldsThatAreCopiedByTheirBytesHaveTheirNumbers) {
    const std::vector<std::pair<const google::protobuf::Descriptor*, const google::protobuf::Descriptor*>>
        same = {
            {v1::Until::descriptor(), wire::Until::descriptor()},
            {v1::Save::descriptor(), wire::Save::descriptor()},
            {v1::Redaction::descriptor(), wire::Redaction::descriptor()},
            {v1::Ledger::descriptor(), wire::Ledger::descriptor()},
            {v1::SavingEnd::descriptor(), wire::SavingEnd::descriptor()},
            {v1::Loss::descriptor(), wire::Loss::descriptor()},
            {v1::IndexScope::descriptor(), wire::IndexScope::descriptor()},
        };
    for (const auto& [before, now] : same)
        for (int i = 0; i < before->field_count(); ++i) {
            const auto* field = now->FindFieldByNumber(before->field(i)->number());
            ASSERT_NE(field, nullptr) << before->full_name();
            EXPECT_EQ(field->name(), before->field(i)->name());
            EXPECT_EQ(field->type(), before->field(i)->type());
        }
}

TEST(StoredV1, AnythingElseIsNone) {
    EXPECT_FALSE(stored_job_of_version_1(""));
    EXPECT_FALSE(stored_job_of_version_1("\xff\xff"));
    wire::StoredJob now;
    now.set_version(2);
    EXPECT_FALSE(stored_job_of_version_1(now.SerializeAsString()));
}

}  // namespace
}  // namespace packetsentry::jobs
