#include "tests/growth/hostile_flows.h"

#include <netinet/in.h>

#include <array>
#include <cstdint>
#include <deque>
#include <string>

#include "daemon/dissect/dissect.h"
#include "daemon/flows/flow_table.h"
#include "daemon/transactions/dns_questions.h"
#include "daemon/transactions/http_exchanges.h"
#include "daemon/transactions/tls_handshakes.h"
#include "tests/growth/hostile_input.h"
#include "tests/growth/measured.h"
#include "tests/support/certificates.h"
#include "tests/support/dns_answer.h"
#include "tests/support/dns_message.h"
#include "tests/support/http_segment.h"
#include "tests/support/tls_messages.h"

namespace packetsentry::growth {
namespace {

using flows::FlowPacket;

constexpr std::int64_t kSecond = 1'000'000'000;

base::Address address(std::size_t number) {
    const std::array bytes{std::byte{10}, static_cast<std::byte>(number >> 16),
                           static_cast<std::byte>(number >> 8), static_cast<std::byte>(number)};
    return base::Address::from(bytes);
}

FlowPacket packet(std::size_t host, std::uint8_t ip_protocol, std::int64_t time_ns) {
    return {.tuple = {.source = {address(host), 4000},
                      .destination = {address(0), 80},
                      .ip_protocol = ip_protocol},
            .time_ns = time_ns,
            .ip_bytes = 100,
            .payload_bytes = 60};
}

FlowPacket segment(std::size_t host, std::uint32_t sequence, std::uint16_t flags, std::uint32_t payload,
                   std::int64_t time_ns) {
    FlowPacket made = packet(host, IPPROTO_TCP, time_ns);
    made.tcp = {
        .sequence = sequence, .flags = flags, .window = 1000, .payload_bytes = payload, .time_ns = time_ns};
    return made;
}

// Each from another host, and far more than there is room for.
std::vector<FlowPacket> syn_flood(std::size_t packets) {
    std::vector<FlowPacket> made;
    for (std::size_t i = 0; i < packets; ++i)
        made.push_back(segment(i + 1, 1000, flows::tcp_flag::syn, 0, static_cast<std::int64_t>(i)));
    return made;
}

// One connection, with a hole before each segment that nobody fills. Then the other side acknowledges it all.
std::vector<FlowPacket> holes(std::size_t packets) {
    std::vector<FlowPacket> made;
    for (std::uint32_t i = 0; i + 1 < packets; ++i)
        made.push_back(segment(1, 1000 + 3 * i, flows::tcp_flag::ack, 1, i));
    FlowPacket last = segment(1, 1, flows::tcp_flag::ack, 0, static_cast<std::int64_t>(packets));
    std::swap(last.tuple.source, last.tuple.destination);
    last.tcp->acknowledgement = 1000 + 3 * static_cast<std::uint32_t>(packets);
    made.push_back(last);
    return made;
}

// One connection from its end to its beginning, with holes between.
std::vector<FlowPacket> backwards(std::size_t packets) {
    std::vector<FlowPacket> made{segment(1, 1000, flows::tcp_flag::syn, 0, 0)};
    for (std::size_t i = packets; i > 1; --i)
        made.push_back(segment(1, 1000 + 3 * static_cast<std::uint32_t>(i), flows::tcp_flag::ack, 1,
                               static_cast<std::int64_t>(packets - i)));
    return made;
}

// Each ends those that began a minute before it, and stays until it is shown several times.
std::vector<FlowPacket> time_outs(std::size_t packets) {
    std::vector<FlowPacket> made;
    for (std::size_t i = 0; i < packets; ++i)
        made.push_back(packet(i + 1, IPPROTO_UDP, static_cast<std::int64_t>(i) * kSecond / 4));
    return made;
}

// Each lasts longer than it takes to show it, and all are shown again and again.
std::vector<FlowPacket> long_lasting(std::size_t packets) {
    std::vector<FlowPacket> made;
    for (std::size_t i = 0; i < packets; ++i)
        made.push_back(packet(1 + i % 50, IPPROTO_UDP, static_cast<std::int64_t>(i) * kSecond));
    return made;
}

// Each calls its server by a name of its own.
std::vector<FlowPacket> names(std::size_t packets) {
    static std::deque<std::string> texts;
    std::vector<FlowPacket> made;
    for (std::size_t i = 0; i < packets; ++i) {
        made.push_back(packet(i + 1, IPPROTO_UDP, static_cast<std::int64_t>(i)));
        made.back().called = {flows::NameSource::http, texts.emplace_back(std::to_string(i) + ".example")};
    }
    return made;
}

// One conversation that calls its server by another name each time.
std::vector<FlowPacket> renaming(std::size_t packets) {
    std::vector<FlowPacket> made = names(packets);
    for (FlowPacket& one : made) one.tuple = made.front().tuple;
    return made;
}

class Counted : public flows::FlowSink {
  public:
    void flow(const flows::Flow& flow, flows::FlowReason reason) override {
        if (reason != flows::FlowReason::lasts)
            packets += flow.counts(true).packets + flow.counts(false).packets;
    }
    std::uint64_t packets = 0;
};

constexpr std::array kFlowCases{
    FlowCase{"flows-syn-flood", syn_flood, 100},       FlowCase{"flows-holes", holes, 100},
    FlowCase{"flows-backwards", backwards, 100},       FlowCase{"flows-time-outs", time_outs, 10'000},
    FlowCase{"flows-long-lasting", long_lasting, 100}, FlowCase{"flows-names", names, 100},
    FlowCase{"flows-renaming", renaming, 100},
};

}  // namespace

std::span<const FlowCase> flow_cases() {
    return kFlowCases;
}

bool run_flows(const FlowCase& of, std::size_t packets) {
    const std::vector<FlowPacket> made = of.make(packets);
    Counted counted;
    flows::FlowTable table({.bytes = flows::FlowTable::bytes_of(of.room)}, {}, 7, counted);
    measured([&] {
        for (const FlowPacket& packet : made) (void)table.take(packet, packet.time_ns);
        table.finish();
    });
    return counted.packets == made.size();
}

// Each names two addresses that no other one names, and there is room for a few of them.
bool run_answers(std::size_t answers) {
    std::vector<test::Bytes> frames;
    for (std::size_t i = 0; i < answers; ++i) {
        const std::string name = std::to_string(100'000 + i) + ".example";
        frames.push_back(test::DnsAnswer(name)
                             .record(name, test::kDnsA, test::big_endian(2 * i, 4))
                             .record(name, test::kDnsA, test::big_endian(2 * i + 1, 4))
                             .frame());
    }
    Counted counted;
    flows::FlowTable table({.bytes = flows::FlowTable::bytes_of(10), .name_bytes = 64 * 1024}, {}, 7,
                           counted);
    const auto dissection = std::make_unique<dissect::Dissection>();
    measured([&] {
        for (const test::Bytes& frame : frames) {
            dissect::dissect(frame, frame.size(), kEthernet, *dissection);
            table.learn_names(*dissection);
        }
    });
    FlowPacket last = packet(0, IPPROTO_UDP, 0);
    last.tuple.destination.address = base::Address::from(test::big_endian(2 * answers - 1, 4));
    const flows::FlowNames* const names = table.take(last, 0).flow->names();
    return names != nullptr && names->size() == 1;
}

struct CountedTransactions : transactions::TransactionSink {
    void transaction(const transactions::Transaction& /*transaction*/) override { ++count; }
    std::size_t count = 0;
};

// Questions that nobody answers, from one client whose identifiers come again, and answers nobody asked for.
bool run_questions(std::size_t questions) {
    constexpr std::size_t kRoom = 50;
    std::vector<test::Bytes> frames;
    for (std::size_t i = 0; i < questions; ++i) {
        const std::string name = std::to_string(100'000 + i) + ".example";
        const auto id = static_cast<std::uint16_t>(i % (2 * kRoom));
        frames.push_back(test::dns_frame({.id = id, .name = name}));
        frames.push_back(test::dns_frame({.id = id, .name = "other.example", .answer = true}));
    }
    CountedTransactions sink;
    transactions::DnsQuestions known(7, sink, kRoom);
    flows::FlowPacketReader reader;
    const auto dissection = std::make_unique<dissect::Dissection>();
    measured([&] {
        for (const test::Bytes& frame : frames) {
            dissect::dissect(frame, frame.size(), kEthernet, *dissection);
            const auto levels = reader.read_levels(*dissection, 0, 1);
            known.take(*dissection, {.tuple = levels.back().tuple, .time_ns = 0}, 0);
        }
        while (!known.finish(0, 1)) continue;
    });
    return sink.count == frames.size();
}

// As many as may wait on each of the connections, all of which are sent again before others take their
// places.
bool run_requests(std::size_t requests) {
    constexpr std::size_t kRoom = 128, kConnections = 4;
    std::vector<test::Bytes> frames;
    for (std::size_t i = 0; i < requests; ++i)
        for (int again = 0; again < 2; ++again)
            frames.push_back(
                test::http_frame({.sequence = static_cast<std::uint32_t>(1000 + 50 * (i / kConnections)),
                                  .client_port = static_cast<std::uint16_t>(40'000 + i % kConnections)}));
    CountedTransactions sink;
    transactions::HttpExchanges known(7, sink, kRoom);
    flows::FlowPacketReader reader;
    const auto dissection = std::make_unique<dissect::Dissection>();
    measured([&] {
        for (const test::Bytes& frame : frames) {
            dissect::dissect(frame, frame.size(), kEthernet, *dissection);
            const flows::FlowPacket& level = reader.read_levels(*dissection, 0, 1).back();
            known.take(*dissection, {.tuple = level.tuple, .time_ns = 0, .segment = *level.tcp}, 0);
        }
        while (!known.finish(0, 1)) continue;
    });
    return sink.count == requests;
}

// Hellos of clients in pieces, the last first, each of which begins another handshake that ends when there is
// no room for it. Servers answer half of them with a certificate that goes on.
bool run_handshakes(std::size_t handshakes) {
    constexpr std::size_t kRoom = 128, kPieces = 4;
    const test::Bytes hello = test::tls_client_hello({.more = test::tls_extension(51, test::Bytes(1216))});
    const test::Bytes flight =
        test::tls_record(test::kTlsHandshake,
                         test::join({test::tls_server_hello_of_12(),
                                     test::cut(test::tls_certificate({test::plain_certificate()}), 200)}));
    std::vector<test::Bytes> frames;
    const auto add = [&](bool back, std::size_t port, std::size_t sequence, const test::Bytes& payload) {
        frames.push_back(test::tls_frame({.payload = payload,
                                          .sequence = static_cast<std::uint32_t>(1000 + sequence),
                                          .from_server = back,
                                          .client_port = static_cast<std::uint16_t>(port)}));
    };
    for (std::size_t i = 0; i < handshakes; ++i) {
        const std::size_t port = 1024 + i % 60'000, size = hello.size() / kPieces;
        add(false, port, 0, test::cut(hello, size));
        for (std::size_t piece = kPieces - 1; piece != 0; --piece) {
            const auto from = hello.begin() + static_cast<std::ptrdiff_t>(piece * size);
            add(false, port, piece * size,
                test::Bytes(from,
                            piece + 1 == kPieces ? hello.end() : from + static_cast<std::ptrdiff_t>(size)));
        }
        if (i % 2 == 0) add(true, port, 0, flight);
    }
    CountedTransactions sink;
    transactions::TlsHandshakes known(7, sink, kRoom);
    flows::FlowPacketReader reader;
    const auto dissection = std::make_unique<dissect::Dissection>();
    measured([&] {
        for (const test::Bytes& frame : frames) {
            dissect::dissect(frame, frame.size(), kEthernet, *dissection);
            const flows::FlowPacket& level = reader.read_levels(*dissection, 0, 1).back();
            if (!known.may_be(*dissection)) continue;
            known.take(*dissection,
                       {.tuple = level.tuple,
                        .time_ns = 0,
                        .segment = level.tcp,
                        .payload = dissection->tcp_payload},
                       0);
        }
        while (!known.finish(0, 1)) continue;
    });
    return sink.count == handshakes;
}

}  // namespace packetsentry::growth
