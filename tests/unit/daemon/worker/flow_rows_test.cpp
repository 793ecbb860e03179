#include "daemon/worker/flow_rows.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "proto/rows/fields.h"
#include "tests/support/dns_answer.h"
#include "tests/support/quic_packets.h"
#include "tests/unit/daemon/worker/recorder_fixture.h"

namespace packetsentry::worker {
namespace {

struct FlowRowsTest : RecorderFixture {
    void give_udp(Recorder& recorder, std::uint16_t port) {
        give_frame(recorder,
                   test::PacketBuilder()
                       .ethernet()
                       .ipv4("192.0.2.1", "192.0.2.2")
                       .udp(port, 7777)
                       .payload(test::text("hello"))
                       .build(),
                   1);
        if (!recorder.batch_full()) return;
        ASSERT_TRUE(recorder.cut());
    }
    // The rows of each table that came since the last call.
    void take_rows() {
        for (const wire::Batch& batch : batches_received()) {
            EXPECT_TRUE(proto::BatchView::check(batch));
            (batch.table() == wire::TABLE_FLOWS ? flows : packets) += batch.rows();
        }
    }

    // The values of a column of all rows of flows that came since the last call, separated by blanks.
    std::string values_of(std::string_view path) {
        std::string text;
        for (const wire::Batch& batch : batches_received()) {
            const auto view = proto::BatchView::check(batch);
            if (!view || view->table() != wire::TABLE_FLOWS) continue;
            for (const proto::ColumnView& column : view->columns())
                for (std::size_t i = 0; column.name() == path && i < column.values(); ++i) {
                    if (!text.empty()) text += ' ';
                    text += column.kind() == wire::Column::TEXT ? std::string(column.text(i))
                                                                : std::to_string(column.number(i));
                }
        }
        return text;
    }
    // What the batches that came since the last call say of names, those of one table in one line:
    // "1 192.0.2.2=www.example/1" for packets.
    std::string names_of_addresses() {
        std::string text;
        for (const wire::Batch& batch : batches_received()) {
            const auto view = proto::BatchView::check(batch);
            EXPECT_TRUE(view);
            if (view) rows_seen += view->rows();
            if (!view || !view->has_names()) continue;
            text += (text.empty() ? "" : "\n") + std::to_string(view->table());
            for (std::uint32_t slot = 1; slot <= view->address_slots(); ++slot) {
                const proto::AddressName name = view->name_of(slot);
                if (!name.text.empty())
                    text += " " + base::to_string(view->address(slot)) + "=" + std::string(name.text) + "/" +
                            std::to_string(name.source);
            }
        }
        return text;
    }
    void give_request(Recorder& recorder, std::string_view host) {
        const std::string request = "GET / HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n";
        give_frame(recorder,
                   test::PacketBuilder()
                       .ethernet()
                       .ipv4("192.0.2.1", "192.0.2.2")
                       .tcp(client_port++, 80)
                       .payload(test::text(request))
                       .build(),
                   1);
        if (!recorder.batch_full()) return;
        ASSERT_TRUE(recorder.cut());
    }
    void give_answer(Recorder& recorder) {
        give_frame(
            recorder,
            test::DnsAnswer("www.example").record("www.example", test::kDnsA, test::hex("C0000202")).frame(),
            1);
    }

    std::uint64_t flows = 0, packets = 0;
    std::uint16_t client_port = 1000;
    std::uint64_t rows_seen = 0;
};

TEST_F(FlowRowsTest, ComeBesideThoseOfPackets) {
    Recorder recorder(CaptureMode::file, source, nullptr, *link);
    recorder.make_flows(FlowRows::Wanted::rows, false);
    for (int i = 0; i < 5; ++i) give_udp(recorder, 1000);
    give_udp(recorder, 1001);
    ASSERT_TRUE(recorder.cut());
    take_rows();
    EXPECT_EQ(packets, 6U);
    EXPECT_EQ(flows, 0U) << "they have not ended";
    ASSERT_TRUE(recorder.end_derived());
    take_rows();
    EXPECT_EQ(packets, 6U);
    EXPECT_EQ(flows, 2U);
    EXPECT_EQ(recorder.ledger().flows().rows(), 2U);
    expect_balanced(recorder);
}

// What is said of the next frame may be wrong, and only speed depends on it.
TEST_F(FlowRowsTest, DoNotDependOnWhatIsSaidOfTheNextFrame) {
    const auto other = test::PacketBuilder().ethernet().ipv4("192.0.2.9", "192.0.2.8").udp(9, 9).build();
    const auto same = test::PacketBuilder().ethernet().ipv4("192.0.2.1", "192.0.2.2").udp(1000, 7777).build();
    for (const test::Bytes& said : {test::Bytes{}, same, other, test::Bytes(40, std::byte{0x45})}) {
        Recorder recorder(CaptureMode::file, source, nullptr, *link);
        recorder.make_flows(FlowRows::Wanted::rows, false);
        source.counted = {};
        next_frame = said;
        for (const std::uint16_t port : std::to_array<std::uint16_t>({1000, 1001, 1000, 1002, 1001}))
            give_udp(recorder, port);
        ASSERT_TRUE(recorder.end_derived());
        EXPECT_EQ(values_of("source.packets"), "2 2 1");
    }
}

TEST_F(FlowRowsTest, ComeWithoutPacketsWhichAreCounted) {
    Recorder recorder(CaptureMode::file, source, nullptr, *link);
    recorder.make_flows(FlowRows::Wanted::rows, false);
    recorder.leave_packets_out();
    for (int i = 0; i < 5; ++i) give_udp(recorder, 1000);
    ASSERT_TRUE(recorder.cut());
    ASSERT_TRUE(recorder.end_derived());
    take_rows();
    EXPECT_EQ(packets, 0U);
    EXPECT_EQ(flows, 1U);
    EXPECT_EQ(recorder.ledger().recorded(), 5U);
    expect_balanced(recorder);
}

// As many as a table may end at once, and more.
TEST_F(FlowRowsTest, AreAllSentAtTheEnd) {
    Recorder recorder(CaptureMode::file, source, nullptr, *link);
    recorder.make_flows(FlowRows::Wanted::rows, false);
    recorder.leave_packets_out();
    for (std::uint16_t port = 1; port <= 10000; ++port) give_udp(recorder, port);
    const auto end = [&recorder] { EXPECT_TRUE(recorder.end_derived()); };
    end();
    take_rows();
    EXPECT_EQ(flows, 10000U);
    EXPECT_EQ(recorder.ledger().flows().rows(), 10000U);
    EXPECT_EQ(recorder.ledger().flows().shed(), 0U);
}

TEST_F(FlowRowsTest, EndWhileNothingIsCaptured) {
    Recorder recorder(CaptureMode::live, source, nullptr, *link);
    recorder.make_flows(FlowRows::Wanted::rows, false);
    give_udp(recorder, 1000);
    ASSERT_TRUE(recorder.cut());
    const auto now = Recorder::Clock::now();
    recorder.look(now + std::chrono::seconds(50));
    take_rows();
    EXPECT_EQ(flows, 0U);
    recorder.look(now + std::chrono::seconds(70));
    EXPECT_TRUE(recorder.cut_due()) << "its row waits to be sent";
    ASSERT_TRUE(recorder.cut());
    take_rows();
    EXPECT_EQ(flows, 1U);
}

TEST_F(FlowRowsTest, HaveTheNamesOfServers) {
    Recorder recorder(CaptureMode::file, source, nullptr, *link);
    recorder.make_flows(FlowRows::Wanted::rows, false);
    give_answer(recorder);
    give_request(recorder, "shop.example");
    ASSERT_TRUE(recorder.end_derived());
    EXPECT_EQ(values_of("destination.domain"), "shop.example www.example");
}

// What a conversation has said before the handover is known of it behind that.
TEST_F(FlowRowsTest, AreGivenAwayWithWhatIsKnownOfServers) {
    const auto datagram = [](bool of_client, const test::Bytes& payload) {
        return test::PacketBuilder()
            .ethernet()
            .ipv4(of_client ? "192.0.2.9" : "192.0.2.8", of_client ? "192.0.2.8" : "192.0.2.9")
            .udp(of_client ? 50'000 : 443, of_client ? 443 : 50'000)
            .payload(payload)
            .build();
    };
    const test::Bytes with_short_header = test::hex("4083cd15a2f0091e77");
    wire::PassedState passed;
    {
        Recorder first(CaptureMode::live, source, nullptr, *link);
        first.make_flows(FlowRows::Wanted::rows, false);
        give_answer(first);
        give_frame(first, datagram(true, test::quic_initial_of_version_1()), 1);
        give_frame(first, datagram(false, with_short_header), 1);
        ASSERT_TRUE(first.give_away());
        EXPECT_EQ(first.ledger().flows().rows(), 0U);
    }
    passed = what_was_passed_on();
    EXPECT_FALSE(passed.flows().empty());
    for (const bool adopts : {true, false}) {
        Recorder second(CaptureMode::live, source, nullptr, *link);
        second.make_flows(FlowRows::Wanted::rows, false);
        source.counted = {};
        if (adopts) {
            passed.clear_interface();
            second.adopt(passed);
            EXPECT_FALSE(second.take_passed_news());
        }
        second.settle();
        give_frame(second, datagram(false, with_short_header), 1);
        EXPECT_EQ(second.analysis().dissection().protocol->name == "quic", adopts);
        give_frame(second,
                   test::PacketBuilder().ethernet().ipv4("192.0.2.1", "192.0.2.2").udp(1000, 7777).build(),
                   1);
        ASSERT_TRUE(second.end_derived());
        EXPECT_EQ(values_of("destination.domain"), adopts ? "example.com www.example" : "");
    }
}

// They take several messages, none of which says anything twice.
TEST_F(FlowRowsTest, GiveAwayAllNamesHoweverMany) {
    constexpr std::uint32_t kNames = 4000;
    Recorder recorder(CaptureMode::live, source, nullptr, *link);
    recorder.make_flows(FlowRows::Wanted::rows, false);
    for (std::uint32_t i = 0; i < kNames; ++i) {
        const std::string name = std::to_string(i) + ".a-name-of-some-length.example";
        give_frame(recorder, test::DnsAnswer(name).record(name, test::kDnsA, test::big_endian(i, 4)).frame(),
                   1);
        if (recorder.batch_full()) {
            ASSERT_TRUE(recorder.cut());
            (void)batches_received();
        }
    }
    ASSERT_TRUE(recorder.cut());
    (void)batches_received();
    ASSERT_TRUE(recorder.give_away());
    std::size_t messages = 0;
    std::string names;
    const auto take = [&] {
        while (const auto bytes = reader->next()) {
            wire::FromWorker message;
            ASSERT_TRUE(message.ParseFromArray(bytes->data(), static_cast<int>(bytes->size())));
            messages += message.passed().names().empty() ? 0 : 1;
            names += message.passed().names();
        }
    };
    while (link->waits_to_send() && link->flush()) {
        (void)reader->receive();
        take();
    }
    (void)reader->receive();
    take();
    EXPECT_GT(messages, 2U);
    for (std::uint32_t i = 0; i < kNames; i += 100) {
        const std::string name = std::to_string(i) + ".a-name-of-some-length.example";
        EXPECT_NE(names.find(name), std::string::npos) << name;
    }
    EXPECT_EQ(names.find(std::string(1, 31) + "0.a-name"), names.rfind(std::string(1, 31) + "0.a-name"));
    EXPECT_LT(names.size(), kNames * 60U);
}

// They are made of what is left of a packet.
TEST_F(FlowRowsTest, HaveNoNamesThatTheirPacketsMayNotHave) {
    constexpr std::array<std::byte, redact::AddressMask::kKeySize> kKey{};
    for (const redact::Redaction& redaction :
         {redact::Redaction{.mask_addresses = true}, redact::Redaction{.payload_bytes = 0}}) {
        Recorder recorder(CaptureMode::file, source, nullptr, *link,
                          std::make_unique<redact::Redactor>(redaction, kKey));
        recorder.make_flows(FlowRows::Wanted::rows, redaction.mask_addresses);
        source.counted = {};
        give_answer(recorder);
        give_request(recorder, "shop.example");
        ASSERT_TRUE(recorder.end_derived());
        EXPECT_EQ(values_of("destination.domain"), "");
    }
}

TEST_F(FlowRowsTest, GiveNamesToTheAddressesOfEachTable) {
    Recorder recorder(CaptureMode::file, source, nullptr, *link);
    recorder.make_transactions(wire::TABLE_HTTP);
    recorder.make_flows(FlowRows::Wanted::rows, false);
    recorder.make_transactions(wire::TABLE_DNS);
    give_request(recorder, "shop.example");
    ASSERT_TRUE(recorder.cut());
    EXPECT_EQ(names_of_addresses(), "1 192.0.2.2=shop.example/3");
    give_answer(recorder);
    give_request(recorder, "shop.example");
    ASSERT_TRUE(recorder.end_derived());
    EXPECT_EQ(names_of_addresses(),
              "1 192.0.2.2=www.example/1\n3 192.0.2.2=www.example/1\n4 192.0.2.2=www.example/1\n"
              "2 192.0.2.2=www.example/1")
        << "what DNS says comes before what clients say";
}

TEST_F(FlowRowsTest, GiveNamesWithoutRows) {
    for (const auto wanted : {FlowRows::Wanted::only_notes, FlowRows::Wanted::notes_and_names}) {
        Recorder recorder(CaptureMode::file, source, nullptr, *link);
        recorder.make_flows(wanted, false);
        source.counted = {};
        give_answer(recorder);
        give_request(recorder, "shop.example");
        ASSERT_TRUE(recorder.end_derived());
        EXPECT_EQ(recorder.ledger().flows().rows(), 0U);
        EXPECT_EQ(names_of_addresses(),
                  wanted == FlowRows::Wanted::only_notes ? "" : "1 192.0.2.2=www.example/1");
    }
}

// The rows of the worker that follows have them too.
TEST_F(FlowRowsTest, PassTheNamesOfAddressesOn) {
    wire::PassedState passed;
    {
        Recorder first(CaptureMode::live, source, nullptr, *link);
        first.make_flows(FlowRows::Wanted::rows, false);
        give_request(first, "shop.example");
        ASSERT_TRUE(first.give_away());
        passed = what_was_passed_on();
        passed.clear_interface();
    }
    Recorder second(CaptureMode::live, source, nullptr, *link);
    second.make_flows(FlowRows::Wanted::rows, false);
    source.counted = {};
    second.adopt(passed);
    EXPECT_FALSE(second.take_passed_news());
    second.settle();
    give_frame(second,
               test::PacketBuilder().ethernet().ipv4("192.0.2.9", "192.0.2.2").udp(1000, 7777).build(), 1);
    ASSERT_TRUE(second.cut());
    EXPECT_EQ(names_of_addresses(), "1 192.0.2.2=shop.example/3");
}

// As rows are, they are made of what is left of a packet: nobody learns a name from a masked one.
TEST_F(FlowRowsTest, GiveNoNamesThatPacketsMayNotHave) {
    constexpr std::array<std::byte, redact::AddressMask::kKeySize> kKey{};
    for (const redact::Redaction& redaction :
         {redact::Redaction{.mask_addresses = true}, redact::Redaction{.payload_bytes = 0}}) {
        Recorder recorder(CaptureMode::file, source, nullptr, *link,
                          std::make_unique<redact::Redactor>(redaction, kKey));
        recorder.make_flows(FlowRows::Wanted::rows, redaction.mask_addresses);
        source.counted = {};
        rows_seen = 0;
        give_answer(recorder);
        give_request(recorder, "shop.example");
        ASSERT_TRUE(recorder.end_derived());
        EXPECT_EQ(names_of_addresses(), "");
        EXPECT_GT(rows_seen, 0U);
    }
}

// No batch is larger than its reader takes, whatever names strangers use.
TEST_F(FlowRowsTest, FitIntoBatchesWithTheLongestNames) {
    Recorder recorder(CaptureMode::file, source, nullptr, *link);
    recorder.make_flows(FlowRows::Wanted::rows, false);
    recorder.leave_packets_out();
    for (int i = 0; i < 6000; ++i) {
        const std::string number = std::to_string(10'000 + i);
        const std::uint16_t same = client_port;
        for (const char letter : {'a', 'b', 'c', 'd'}) {
            client_port = same;
            give_request(recorder, number + std::string(250, letter));
        }
    }
    const auto end = [&recorder] { EXPECT_TRUE(recorder.end_derived()); };
    end();
    take_rows();
    EXPECT_EQ(flows, 6000U);
}

TEST_F(FlowRowsTest, SayHowMuchWasLostWhileTheyLasted) {
    Recorder recorder(CaptureMode::live, source, nullptr, *link);
    recorder.make_flows(FlowRows::Wanted::rows, false);
    const auto now = Recorder::Clock::now();
    source.counted.dropped_by_kernel = 3;
    recorder.look(now);
    // It came before these three were lost, as far as is known, and the next one behind them.
    give_udp(recorder, 1000);
    const test::Bytes later = test::PacketBuilder().ethernet().ipv4().udp(1001, 7777).build();
    std::ranges::copy(later, frame.begin());
    give(recorder, INT64_MAX);
    ASSERT_TRUE(recorder.cut());
    source.counted.dropped_by_kernel = 8;
    recorder.look(now + std::chrono::seconds(1));
    source.counted.dropped_by_kernel = 9;
    ASSERT_TRUE(recorder.end_derived());
    EXPECT_EQ(values_of("packetsentry.flow.own_losses"), "9 6");
}

// Who wants no rows of conversations has what packets are to them all the same, also behind a display filter.
TEST_F(FlowRowsTest, PacketsAreNotedWithoutThem) {
    const auto segment = test::PacketBuilder()
                             .ethernet()
                             .ipv4("192.0.2.1", "192.0.2.2")
                             .tcp(1000, 7777, {.sequence = 100})
                             .payload(test::text("hello"))
                             .build();
    for (const bool filtered : {false, true}) {
        Recorder recorder(CaptureMode::file, source, nullptr, *link);
        recorder.make_flows(FlowRows::Wanted::only_notes, false);
        if (filtered) recorder.take_only(DisplayFilter::compile("tcp.analysis.retransmission").value());
        source.counted = {};
        give_frame(recorder, segment, 1);
        give_frame(recorder, segment, 1);
        ASSERT_TRUE(recorder.cut());
        ASSERT_TRUE(recorder.end_derived());
        std::string notes;
        for (const wire::Batch& batch : batches_received()) {
            EXPECT_EQ(batch.table(), wire::TABLE_PACKETS);
            notes += batch.tcp_notes();
        }
        ASSERT_EQ(notes.size(), filtered ? 1U : 2U);
        EXPECT_EQ(notes.back() & wire::TCP_NOTE_RETRANSMISSION, wire::TCP_NOTE_RETRANSMISSION);
        EXPECT_EQ(recorder.ledger().flows().rows(), 0U);
    }
}

}  // namespace
}  // namespace packetsentry::worker
