// The options mean of rows what they mean of packets.
#include "daemon/spool/search/row_options.h"

#include <gtest/gtest.h>

#include <memory>

#include "daemon/dissect/dissect.h"
#include "daemon/record/batch_builder.h"
#include "daemon/worker/own_options.h"
#include "proto/words/filter.h"
#include "tests/support/row_builder.h"
#include "tests/support/sample_packets.h"

namespace packetsentry::spool {
namespace {

using base::PacketFilter;

void add_kinds(std::vector<PacketFilter>& options) {
    for (const proto::FilterWord& word : proto::filter_words())
        options.push_back({.kinds = {word.kinds.begin(), word.kinds.end()}});
}

void add_those_of(const dissect::Dissection& packet, std::vector<PacketFilter>& options) {
    if (packet.has_ports) options.push_back({.port = packet.destination_port});
    if (!packet.source || packet.source.size == 6) return;
    options.push_back({.address = base::AddressPrefix{packet.source, 8 * packet.source.size}});
    base::AddressPrefix network{packet.source, 12};
    network.address.bytes[1] &= std::byte{0xF0};
    for (std::size_t i = 2; i < network.address.bytes.size(); ++i) network.address.bytes[i] = {};
    options.push_back({.address = network});
}

wire::Batch batch_of(const test::SamplePacket& sample, dissect::Dissection& packet) {
    dissect::dissect(sample.frame, static_cast<std::uint32_t>(sample.frame.size()), sample.link_type, packet);
    record::BatchBuilder builder;
    builder.append({.wire_bytes = static_cast<std::uint32_t>(sample.frame.size()),
                    .link_type = sample.link_type,
                    .frame = sample.frame},
                   packet, {}, "eth0");
    return builder.draft();
}

TEST(RowOptions, MeanWhatTheyMeanOfPackets) {
    const auto packet = std::make_unique<dissect::Dissection>();  // larger than a stack is for
    std::vector<PacketFilter> options;
    add_kinds(options);
    for (const test::SamplePacket& sample : test::sample_packets()) {
        (void)batch_of(sample, *packet);
        add_those_of(*packet, options);
    }
    std::size_t passed = 0;
    for (const test::SamplePacket& sample : test::sample_packets()) {
        const wire::Batch batch = batch_of(sample, *packet);
        const auto view = proto::BatchView::check(batch);
        ASSERT_TRUE(view) << view.error().message;
        for (const PacketFilter& wanted : options) {
            std::uint8_t mask = 1;
            RowOptions(wanted).keep(*view, std::span(&mask, 1));
            ASSERT_EQ(mask != 0, worker::passes(wanted, *packet))
                << sample.name << ": " << proto::options_text(wanted);
            passed += mask;
        }
    }
    EXPECT_GT(passed, 1000U);
}

// Rows are compared many at once, and what remains one by one.
TEST(RowOptions, FindAnAddressAmongManyRows) {
    const auto prefix_of = [](const base::Address& address, int bits) {
        return RowOptions({.address = base::AddressPrefix{address, bits}});
    };
    for (const std::uint32_t count : {1U, 63U, 64U, 65U, 200U}) {
        test::RowBuilder rows;
        for (std::uint32_t row = 0; row < count; ++row) {
            const std::string host = "10.0.0." + std::to_string(row % 7);
            rows.row({.source = row % 2 == 0 ? host : "2001:db8::1",
                      .destination = row % 2 == 0 ? "192.0.2.1" : host});
        }
        const wire::Batch batch = rows.batch();
        const auto view = proto::BatchView::check(batch);
        ASSERT_TRUE(view) << view.error().message;
        const std::uint32_t sought = std::min(3U, count - 1);
        const base::Address address =
            view->address(sought % 2 == 0 ? view->source(sought) : view->destination(sought));
        std::vector<std::uint8_t> one(count, 1), network(count, 1), none(count, 0);
        prefix_of(address, 32).keep(*view, one);
        prefix_of(address, 29).keep(*view, network);
        prefix_of(address, 32).keep(*view, none);
        for (std::uint32_t row = 0; row < count; ++row) {
            EXPECT_EQ(one[row], row % 7 == sought % 7 ? 1 : 0) << row << " of " << count;
            EXPECT_EQ(network[row], 1) << row << " of " << count;
            EXPECT_EQ(none[row], 0) << row << " of " << count;
        }
    }
}

}  // namespace
}  // namespace packetsentry::spool
