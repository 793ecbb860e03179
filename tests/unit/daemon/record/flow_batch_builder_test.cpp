#include "daemon/record/flow_batch_builder.h"

#include <gtest/gtest.h>

#include "proto/rows/batch_view.h"
#include "proto/rows/column_cursor.h"
#include "tests/unit/daemon/flows/flow_builder.h"

namespace packetsentry::record {
namespace {

using flows::Flow;
using flows::FlowReason;
using flows::kClient;
using flows::kMillisecond;
using flows::kServer;

Flow udp_flow(std::int64_t begin_ns, std::int64_t answer_ns) {
    const auto asked = flows::packet(flows::tuple(IPPROTO_UDP, kClient, kServer), 10, begin_ns);
    Flow flow(asked, false);
    (void)flow.take(asked);
    (void)flow.take(flows::packet(flows::tuple(IPPROTO_UDP, kServer, kClient), 30, answer_ns));
    return flow;
}

wire::Batch sealed(FlowBatchBuilder& builder) {
    wire::Batch batch;
    EXPECT_TRUE(batch.ParseFromString(builder.seal()));
    EXPECT_TRUE(proto::BatchView::check(batch));
    return batch;
}

const proto::ColumnView* column(const proto::BatchView& view, std::string_view path) {
    for (const proto::ColumnView& one : view.columns())
        if (one.name() == path) return &one;
    return nullptr;
}

std::uint64_t number(const proto::BatchView& view, std::string_view path) {
    const auto* const found = column(view, path);
    return found == nullptr || found->values() == 0 ? 999 : found->number(0);
}

std::string_view text(const proto::BatchView& view, std::string_view path) {
    const auto* const found = column(view, path);
    return found == nullptr || found->values() == 0 ? "none" : found->text(0);
}

TEST(FlowBatchBuilder, SaysWhatAConversationWas) {
    FlowBatchBuilder builder(true);
    builder.append(udp_flow(5 * kMillisecond, 8 * kMillisecond), FlowReason::idle, "eth0", 1, 0);
    EXPECT_EQ(builder.rows(), 1U);
    const wire::Batch batch = sealed(builder);
    EXPECT_EQ(builder.rows(), 0U);
    const auto view = proto::BatchView::check(batch).value();
    EXPECT_EQ(view.table(), wire::TABLE_FLOWS);
    EXPECT_EQ(view.time_ns(0), 8 * kMillisecond) << "a row has the time of its end";
    EXPECT_EQ(view.duration_ns(0), 3 * kMillisecond);
    EXPECT_EQ(view.begin_ns(0), 5 * kMillisecond);
    EXPECT_EQ(view.address(view.source(0)), kClient.address);
    EXPECT_EQ(view.address(view.destination(0)), kServer.address);
    EXPECT_EQ(view.source_port(0), kClient.port);
    EXPECT_EQ(view.destination_port(0), kServer.port);
    EXPECT_TRUE(view.flag(0, wire::FLAG_PORTS));
    EXPECT_EQ(view.network(0), wire::NETWORK_IPV4);
    EXPECT_EQ(view.ip_protocol(0), IPPROTO_UDP);
    EXPECT_EQ(view.protocol(0).word(), "UDP");
    EXPECT_EQ(view.interface(0).name(), "eth0");
    EXPECT_EQ(number(view, "source.packets"), 1U);
    EXPECT_EQ(number(view, "source.bytes"), 38U);
    EXPECT_EQ(number(view, "destination.bytes"), 58U);
    EXPECT_EQ(number(view, "packetsentry.flow.source.payload_bytes"), 10U);
    EXPECT_EQ(number(view, "packetsentry.flow.destination.payload_bytes"), 30U);
    EXPECT_EQ(text(view, "packetsentry.flow.state"), "SF");
    EXPECT_EQ(text(view, "packetsentry.flow.history"), "Dd");
    EXPECT_EQ(text(view, "packetsentry.flow.reason"), "idle");
    EXPECT_EQ(text(view, "network.direction"), "external");
    EXPECT_TRUE(text(view, "network.community_id").starts_with("1:"));
    EXPECT_EQ(column(view, "packetsentry.flow.missed_bytes"), nullptr) << "what is 0 needs no column";
    EXPECT_EQ(column(view, "packetsentry.flow.first_packet"), nullptr) << "nobody knows their numbers";
}

TEST(FlowBatchBuilder, NumbersRowsThroughAllBatches) {
    FlowBatchBuilder builder(true);
    builder.append(udp_flow(0, 1), FlowReason::idle, "eth0", 1, 0);
    builder.append(udp_flow(0, 2), FlowReason::idle, "eth1", 1, 0);
    const wire::Batch first = sealed(builder);
    EXPECT_EQ(first.first_number(), 1U);
    EXPECT_EQ(first.interface_size(), 2);
    EXPECT_EQ(first.address_size().size(), 2U) << "each address is there once";
    builder.append(udp_flow(0, 3), FlowReason::idle, "eth0", 1, 0);
    builder.discard();
    builder.append(udp_flow(0, 4), FlowReason::idle, "eth0", 1, 0);
    EXPECT_EQ(sealed(builder).first_number(), 4U);
}

// The masks of two addresses say nothing of where they are.
TEST(FlowBatchBuilder, KnowsNoDirectionOfMaskedAddresses) {
    FlowBatchBuilder builder(false);
    builder.append(udp_flow(0, 1), FlowReason::idle, "eth0", 1, 0);
    const wire::Batch batch = sealed(builder);
    const auto view = proto::BatchView::check(batch).value();
    EXPECT_EQ(column(view, "network.direction"), nullptr);
}

TEST(FlowBatchBuilder, HasNoDurationBelowZero) {
    FlowBatchBuilder builder(true);
    builder.append(udp_flow(10 * kMillisecond, 4 * kMillisecond), FlowReason::idle, "eth0", 1, 0);
    const wire::Batch batch = sealed(builder);
    const auto view = proto::BatchView::check(batch).value();
    EXPECT_EQ(view.duration_ns(0), 0U);
    EXPECT_EQ(view.begin_ns(0), view.time_ns(0));
}

TEST(FlowBatchBuilder, TellsTheHandshakesTimes) {
    const auto segment = [](bool client, std::string_view flags, std::uint32_t sequence, std::uint32_t ack,
                            std::int64_t time) {
        return flows::tcp_packet(client, flows::segment(flags, sequence, ack, 0, time));
    };
    const auto syn = segment(true, "S", 1000, 0, 0);
    Flow flow(syn, false);
    (void)flow.take(syn);
    (void)flow.take(segment(false, "SA", 5000, 1001, 20 * kMillisecond));
    (void)flow.take(segment(true, "A", 1001, 5001, 21 * kMillisecond));
    FlowBatchBuilder builder(true);
    builder.append(flow, FlowReason::lasts, "eth0", 1, 0);
    const wire::Batch batch = sealed(builder);
    const auto view = proto::BatchView::check(batch).value();
    EXPECT_EQ(number(view, "packetsentry.flow.destination.round_trip_time"), 20U * kMillisecond);
    EXPECT_EQ(number(view, "packetsentry.flow.source.round_trip_time"), 1U * kMillisecond);
    EXPECT_EQ(text(view, "packetsentry.flow.state"), "S1");
    EXPECT_EQ(text(view, "packetsentry.flow.reason"), "lasts");
}

TEST(FlowBatchBuilder, TellsNamesWithTheirSources) {
    flows::NamePool pool(10'000, 7);
    Flow flow = udp_flow(0, 1);
    flow.add_name(flows::NameSource::dns, pool.take("www.example"), pool);
    flow.add_name(flows::NameSource::tls, pool.take("shop.example"), pool);
    FlowBatchBuilder builder(true);
    builder.append(udp_flow(0, 1), FlowReason::idle, "eth0", 1, 0);
    builder.append(flow, FlowReason::idle, "eth0", 1, 0);
    EXPECT_GE(builder.text_bytes(), 2 * std::string_view("shop.example").size());
    const wire::Batch batch = sealed(builder);
    EXPECT_EQ(builder.text_bytes(), 0U);
    const auto view = proto::BatchView::check(batch).value();
    const auto* const names = column(view, "destination.domain");
    const auto* const sources = column(view, "packetsentry.flow.domain_sources");
    ASSERT_TRUE(names != nullptr && sources != nullptr && names->values() == 2 && sources->values() == 2);
    EXPECT_TRUE(names->list() && sources->list());
    EXPECT_EQ(names->row(0), 1U) << "the first conversation has none";
    EXPECT_EQ(names->text(0), "shop.example");
    EXPECT_EQ(sources->text(0), "tls");
    EXPECT_EQ(names->text(1), "www.example");
    EXPECT_EQ(sources->text(1), "dns");
    EXPECT_FALSE(view.flag(1, wire::FLAG_INCOMPLETE));
}

TEST(FlowBatchBuilder, MarksARowThatLacksAName) {
    flows::NamePool pool(10, 7);
    Flow flow = udp_flow(0, 1);
    flow.add_name(flows::NameSource::tls, pool.take("shop.example"), pool);
    FlowBatchBuilder builder(true);
    builder.append(flow, FlowReason::idle, "eth0", 1, 0);
    const wire::Batch batch = sealed(builder);
    const auto view = proto::BatchView::check(batch).value();
    EXPECT_TRUE(view.flag(0, wire::FLAG_INCOMPLETE));
    EXPECT_EQ(column(view, "destination.domain"), nullptr);
}

TEST(FlowBatchBuilder, TellsTheHighestRateAndOurLosses) {
    auto asked = flows::packet(flows::tuple(IPPROTO_UDP, kClient, kServer), 10, 0);
    asked.lost_before = 5;
    Flow flow(asked, false);
    (void)flow.take(asked);
    FlowBatchBuilder builder(true);
    builder.append(flow, FlowReason::lasts, "eth0", 1, 5);
    const wire::Batch without = sealed(builder);
    const auto short_one = proto::BatchView::check(without).value();
    EXPECT_EQ(column(short_one, "packetsentry.flow.highest_rate"), nullptr);
    EXPECT_EQ(column(short_one, "packetsentry.flow.own_losses"), nullptr) << "nothing was lost since";
    (void)flow.take(flows::packet(flows::tuple(IPPROTO_UDP, kServer, kClient), 30, 2 * flows::kSecond));
    builder.append(flow, FlowReason::idle, "eth0", 1, 12);
    const wire::Batch batch = sealed(builder);
    const auto view = proto::BatchView::check(batch).value();
    EXPECT_EQ(number(view, "packetsentry.flow.highest_rate"), 58U);
    EXPECT_EQ(number(view, "packetsentry.flow.own_losses"), 7U);
}

TEST(FlowBatchBuilder, HasAWordForEachReason) {
    for (const FlowReason reason : {FlowReason::lasts, FlowReason::ended, FlowReason::idle,
                                    FlowReason::replaced, FlowReason::evicted, FlowReason::stopped})
        EXPECT_NE(reason_word(reason), "unknown");
}

}  // namespace
}  // namespace packetsentry::record
