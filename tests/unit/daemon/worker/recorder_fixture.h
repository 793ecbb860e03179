// A recorder whose source the test stands in for, and what comes of it at the other end of the link.
#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <optional>
#include <vector>

#include "daemon/worker/recorder.h"
#include "proto/link/ledger.h"
#include "proto/rows/batch_view.h"
#include "tests/support/packet_builder.h"
#include "tests/unit/daemon/worker/counting_source.h"

namespace packetsentry::worker {

struct RecorderFixture : testing::Test {
    RecorderFixture() {
        std::array<int, 2> fds{};
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds.data()), 0);
        link.emplace(base::UniqueFd(fds[0]));
        reader.emplace(base::UniqueFd(fds[1]), proto::kBatchFrameLimit, 0);
    }

    // As the worker's loop does it.
    void give(Recorder& recorder, std::int64_t time_ns, std::uint32_t interface = 0) {
        capture::Packet packet;
        packet.time_ns = time_ns;
        packet.interface = interface;
        packet.link_type = 1;
        packet.frame = frame;
        packet.wire_bytes = 60;
        ++source.counted.delivered;
        more = recorder.packet(packet);
        if (recorder.block_full()) {
            ASSERT_TRUE(recorder.ask_display_filter());
        }
        if (recorder.batch_full()) {
            ASSERT_TRUE(recorder.cut());
        }
    }

    // missing: how many bytes of the packet the snapshot length has taken.
    void give_frame(Recorder& recorder, const test::Bytes& bytes, std::uint32_t link_type,
                    std::uint32_t missing = 0) {
        capture::Packet packet;
        packet.link_type = link_type;
        packet.frame = bytes;
        packet.wire_bytes = static_cast<std::uint32_t>(bytes.size()) + missing;
        packet.next_frame = next_frame;
        ++source.counted.delivered;
        more = recorder.packet(packet);
    }

    // What give_away() has sent since the last call, in one message.
    wire::PassedState what_was_passed_on() {
        wire::PassedState passed;
        (void)reader->receive();
        while (const auto bytes = reader->next()) {
            wire::FromWorker message;
            EXPECT_TRUE(message.ParseFromArray(bytes->data(), static_cast<int>(bytes->size())));
            if (message.has_passed()) passed.MergeFrom(message.passed());
        }
        return passed;
    }

    // Rows that came in the batches since the last call, oldest first.
    std::vector<wire::Batch> batches_received() {
        std::vector<wire::Batch> batches;
        (void)reader->receive();
        // A large batch takes several turns.
        while (link->waits_to_send() && link->flush()) (void)reader->receive();
        while (const auto bytes = reader->next()) {
            wire::FromWorker message;
            EXPECT_TRUE(message.ParseFromArray(bytes->data(), static_cast<int>(bytes->size())));
            EXPECT_TRUE(proto::balances(message.rows().ledger()))
                << message.rows().ledger().ShortDebugString();
            EXPECT_TRUE(batches.emplace_back().ParseFromString(message.rows().batch()));
        }
        return batches;
    }

    std::uint64_t rows_received() {
        std::uint64_t rows = 0;
        for (const wire::Batch& batch : batches_received()) {
            EXPECT_TRUE(proto::BatchView::check(batch));
            EXPECT_EQ(batch.first_number(), next_row);
            next_row += batch.rows();
            rows += batch.rows();
        }
        return rows;
    }

    void expect_balanced(Recorder& recorder) {
        const wire::Ledger ledger = recorder.ledger();
        EXPECT_EQ(ledger.delivered(), ledger.recorded() + ledger.shed() + ledger.filtered());
    }

    CountingSource source{{{"eth0", 1, 262144, 2}, {"eth1", 1, 262144, 3}}};
    std::array<std::byte, 60> frame{};
    test::Bytes next_frame;  // of what give_frame() gives
    std::optional<Link> link;
    std::optional<proto::Channel> reader;
    std::uint64_t next_row = 1;
    bool more = true;
};

}  // namespace packetsentry::worker
