// The options mean of rows what they mean of packets.
#include "daemon/spool/search/row_options.h"

#include <gtest/gtest.h>

#include <memory>

#include "daemon/dissect/dissect.h"
#include "daemon/record/batch_builder.h"
#include "daemon/worker/own_options.h"
#include "proto/words/filter.h"
#include "tests/support/sample_packets.h"

namespace packetsentry::worker {
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

TEST(OwnOptions, MeanOfRowsWhatTheyMeanOfPackets) {
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
            spool::RowOptions(wanted).keep(*view, std::span(&mask, 1));
            ASSERT_EQ(mask != 0, passes(wanted, *packet))
                << sample.name << ": " << proto::options_text(wanted);
            passed += mask;
        }
    }
    EXPECT_GT(passed, 1000U);
}

}  // namespace
}  // namespace packetsentry::worker
