// make_seeds FOLDER [CAPTURE…]: writes what the fuzzers begin with, FOLDER/<target>/<name>, from the sample
// packets, and from the packets of capture files.
#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <span>
#include <string>
#include <utility>

#include "daemon/base/syscall.h"
#include "daemon/flows/flow_table.h"
#include "daemon/spool/format/segment_name.h"
#include "daemon/transactions/dns_questions.h"
#include "daemon/transactions/http_exchanges.h"
#include "proto/messages/control.pb.h"
#include "proto/messages/worker.pb.h"
#include "tests/fuzz/flow_packets.h"
#include "tests/fuzz/link_types.h"
#include "tests/support/certificates.h"
#include "tests/support/dns_message.h"
#include "tests/support/http_segment.h"
#include "tests/support/quic_packets.h"
#include "tests/support/redaction_cases.h"
#include "tests/support/row_builder.h"
#include "tests/support/sample_applications.h"
#include "tests/support/sample_packets.h"
#include "tests/support/test_batch.h"
#include "tests/support/tls_messages.h"
#include "tests/unit/daemon/capture/capture_bytes.h"
#include "tests/unit/daemon/spool/format/sample_segment.h"

namespace {

namespace fs = std::filesystem;
using namespace packetsentry;

void write(const fs::path& folder, std::string name, std::initializer_list<std::size_t> first,
           const test::Bytes& rest) {
    std::ranges::replace(name, ' ', '_');
    std::ranges::replace(name, '/', '_');
    fs::create_directories(folder);
    std::ofstream file(folder / name, std::ios::binary);
    for (const std::size_t byte : first) file.put(static_cast<char>(byte));
    file.write(reinterpret_cast<const char*>(rest.data()), static_cast<std::streamsize>(rest.size()));
    file.close();
    if (!file) throw std::runtime_error("cannot write '" + (folder / name).string() + "'");
}

std::size_t link_number(std::uint32_t link_type) {
    return static_cast<std::size_t>(std::ranges::find(fuzz::kLinkTypes, link_type) -
                                    fuzz::kLinkTypes.begin());
}

void write_packets(const fs::path& folder) {
    for (const test::SamplePacket& sample : test::sample_packets()) {
        const std::size_t number = link_number(sample.link_type);
        write(folder / "link", std::string(sample.name), {number, 0}, sample.frame);
        write(folder / "link", std::string(sample.name) + " cut",
              {number, sample.frame.size() - sample.frame.size() / 2},
              test::cut(sample.frame, sample.frame.size() / 2));
        constexpr std::size_t kRedactionLimit = 4;
        for (std::size_t redaction = 0; redaction < kRedactionLimit; ++redaction)
            write(folder / "redact", std::string(sample.name) + ' ' + std::to_string(redaction),
                  {number, 0, redaction}, sample.frame);
    }
}

// Each case by its number, and its frame as any other.
void write_redaction_cases(const fs::path& folder) {
    constexpr std::size_t kCase = 0x80;
    const test::Bytes payload(32, test::kSmuggled);
    std::size_t number = 0;
    for (const test::RedactionCase& c : test::redaction_cases()) {
        for (const std::size_t redaction : {0U, 2U}) {
            const std::string name = c.name + ' ' + std::to_string(redaction);
            write(folder / "redact", "case " + name, {number, 0, kCase | redaction}, payload);
            write(folder / "redact", name, {link_number(c.link_type), 0, redaction}, c.build(payload));
        }
        write(folder / "link", c.name, {link_number(c.link_type), 0}, c.build(payload));
        ++number;
    }
}

// Each payload for each of its target's dissectors, whichever those are.
void write_applications(const fs::path& folder) {
    constexpr std::size_t kDissectorLimit = 5;
    for (const test::SampleApplication& sample : test::sample_applications())
        for (std::size_t number = 0; number < kDissectorLimit; ++number)
            write(folder / sample.family, std::string(sample.name) + ' ' + std::to_string(number), {number},
                  sample.payload);
    constexpr std::size_t kQuicFrames = 2;  // among the dissectors of fuzz_quic
    write(folder / "quic", "frames", {kQuicFrames}, test::quic_crypto_frame());
}

void write_certificates(const fs::path& folder) {
    std::size_t number = 0;
    for (const test::Bytes& certificate : test::sample_certificates())
        write(folder / "certificate", std::to_string(number++), {}, certificate);
}

// What a table of flows passes on when it has taken the first half of these packets.
test::Bytes passed_flows(const test::Bytes& packets) {
    struct NoRows : flows::FlowSink {
        void flow(const flows::Flow& /*flow*/, flows::FlowReason /*reason*/) override {}
    } no_rows;
    flows::FlowTable table({}, {}, 7, no_rows);
    const auto half = std::make_unique<fuzz::FlowPackets>(std::span(packets).first(packets.size() / 2));
    while (half->next())
        for (const flows::FlowPacket& packet : half->levels()) (void)table.take(packet, half->now_ns());
    std::string passed;
    while (!table.give_away(passed, passed.size() + 1, 0)) continue;
    const auto bytes = std::as_bytes(std::span(passed));
    return {bytes.begin(), bytes.end()};
}

// All packets in one flow after another: a tunnel, a connection, and what the samples have.
void write_flows(const fs::path& folder) {
    const auto add = [](test::Bytes& to, const test::Bytes& frame) {
        to = test::join({to, {std::byte{10}}, test::sized(frame, 2)});
    };
    test::Bytes all;
    for (const test::SamplePacket& sample : test::sample_packets()) {
        if (sample.link_type != 1) continue;
        test::Bytes twice;
        add(twice, sample.frame);
        add(twice, sample.frame);
        write(folder / "flows", std::string(sample.name), {3}, twice);
        if (all.size() < 4000) add(all, sample.frame);
    }
    write(folder / "flows", "many", {15}, all);
    test::Bytes connection;
    const auto segment = [&](bool from_client, std::uint8_t flags, std::uint32_t sequence,
                             std::uint32_t acknowledgement, std::string_view payload = {}) {
        const std::string_view client = "192.0.2.1", server = "192.0.2.2";
        add(connection, test::PacketBuilder()
                            .ethernet()
                            .ipv4(from_client ? client : server, from_client ? server : client)
                            .tcp(from_client ? 4000 : 80, from_client ? 80 : 4000,
                                 {.flags = flags, .sequence = sequence, .acknowledgement = acknowledgement})
                            .payload(payload)
                            .build());
    };
    using Flag = test::TcpHeader;
    segment(true, Flag::kSyn, 100, 0);
    segment(false, Flag::kSyn | Flag::kAck, 500, 101);
    segment(true, Flag::kAck, 101, 501, "hello");
    segment(true, Flag::kAck, 111, 501, "behind a hole");
    segment(false, Flag::kAck | Flag::kFin, 501, 124);
    segment(true, Flag::kReset, 124, 0);
    write(folder / "flows", "connection", {3}, connection);
    // Its first half is passed on, and the packets of the other half come then.
    for (const auto& [name, packets] : {std::pair("connection", connection), std::pair("many", all)})
        write(folder / "passed_state", name, {},
              test::join({test::sized(passed_flows(packets), 2), packets}));
}

test::Bytes passed_questions(const test::Bytes& packets) {
    struct NoRows : transactions::TransactionSink {
        void transaction(const transactions::Transaction& /*transaction*/) override {}
    } no_rows;
    transactions::DnsQuestions questions(7, no_rows);
    const auto half = std::make_unique<fuzz::FlowPackets>(std::span(packets).first(packets.size() / 2));
    while (half->next())
        questions.take(half->dissection(),
                       {.tuple = half->levels().back().tuple, .time_ns = half->now_ns(), .number = 1},
                       half->now_ns());
    std::string passed;
    (void)questions.give_away(passed, passed.max_size());
    const auto bytes = std::as_bytes(std::span(passed));
    return {bytes.begin(), bytes.end()};
}

// A question that is sent again and answered, one that is not, and an answer nobody asked for.
void write_questions(const fs::path& folder) {
    test::Bytes packets;
    const auto add = [&](const test::DnsMessage& message) {
        packets = test::join({packets, {std::byte{10}}, test::sized(test::dns_frame(message), 2)});
    };
    add({.id = 1, .name = "one.example"});
    add({.id = 1, .name = "one.example"});
    add({.id = 2, .name = "two.example"});
    add({.id = 1, .name = "one.example", .answer = true, .address = "C0000207"});
    add({.id = 3, .name = "three.example", .answer = true});
    write(folder / "questions", "messages", {3}, packets);
    write(folder / "passed_state", "messages", {},
          test::join({test::sized(passed_questions(packets), 2), packets}));
}

test::Bytes passed_requests(const test::Bytes& packets) {
    struct NoRows : transactions::TransactionSink {
        void transaction(const transactions::Transaction& /*transaction*/) override {}
    } no_rows;
    transactions::HttpExchanges exchanges(7, no_rows);
    const auto half = std::make_unique<fuzz::FlowPackets>(std::span(packets).first(packets.size() / 2));
    while (half->next()) {
        const flows::FlowPacket& segment = half->levels().back();
        exchanges.take(
            half->dissection(),
            {.tuple = segment.tuple, .time_ns = half->now_ns(), .number = 1, .segment = segment.tcp.value()},
            half->now_ns());
    }
    std::string passed;
    (void)exchanges.give_away(passed, passed.max_size());
    const auto bytes = std::as_bytes(std::span(passed));
    return {bytes.begin(), bytes.end()};
}

// Two requests on a connection and their responses, one that is sent again and only told to go on, and its
// end.
void write_exchanges(const fs::path& folder) {
    test::Bytes packets;
    const auto add = [&](const test::HttpSegment& segment) {
        packets = test::join({packets, {std::byte{10}}, test::sized(test::http_frame(segment), 2)});
    };
    add({.sequence = 1000, .acknowledgement = 5000});
    add({.head = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
         .sequence = 5000,
         .acknowledgement = 1040,
         .from_server = true});
    for (int i = 0; i < 2; ++i)
        add({.head = "POST /b HTTP/1.1\r\nExpect: 100-continue\r\n\r\n",
             .sequence = 1040,
             .acknowledgement = 5040});
    add({.head = "HTTP/1.1 100 Continue\r\n\r\n",
         .sequence = 5040,
         .acknowledgement = 1090,
         .from_server = true});
    add({.head = "", .sequence = 5065, .acknowledgement = 1090, .flags = 0x11, .from_server = true});
    write(folder / "exchanges", "connection", {3}, packets);
    write(folder / "passed_state", "exchanges", {},
          test::join({test::sized(passed_requests(packets), 2), packets}));
}

// A handshake with a certificate in several segments, one whose hello of the client is in two, and one of
// QUIC.
void write_handshakes(const fs::path& folder) {
    test::Bytes packets;
    const auto add = [&](const test::Bytes& frame) {
        packets = test::join({packets, {std::byte{10}}, test::sized(frame, 2)});
    };
    const auto send = [&](bool back, std::uint16_t port, std::uint32_t sequence, const test::Bytes& payload) {
        add(test::tls_frame(
            {.payload = payload, .sequence = sequence, .from_server = back, .client_port = port}));
    };
    const auto half = [](const test::Bytes& bytes, bool second) {
        const auto middle = bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2);
        return second ? test::Bytes(middle, bytes.end()) : test::Bytes(bytes.begin(), middle);
    };
    const test::Bytes finished =
        test::join({test::tls_change(), test::tls_encrypted(test::kTlsHandshake, 40)});
    const test::Bytes flight = test::tls_record(
        test::kTlsHandshake,
        test::join({test::tls_server_hello_of_12(), test::tls_certificate({test::plain_certificate()}),
                    test::tls_key_exchange(), test::tls_hello_done()}));
    const test::Bytes hello = test::tls_client_hello({.offers_13 = false});
    send(false, 40000, 1000, hello);
    send(true, 40000, 5000, half(flight, false));
    send(true, 40000, 5000 + static_cast<std::uint32_t>(flight.size() / 2), half(flight, true));
    send(false, 40000, 1000 + static_cast<std::uint32_t>(hello.size()), finished);
    send(true, 40000, 5000 + static_cast<std::uint32_t>(flight.size()), finished);

    const test::Bytes newer = test::tls_client_hello({.more = test::tls_extension(51, test::Bytes(600))});
    send(false, 40001, 1000, half(newer, false));
    send(false, 40001, 1000 + static_cast<std::uint32_t>(newer.size() / 2), half(newer, true));
    send(true, 40001, 5000, test::tls_hello_retry_request());
    send(false, 40001, 3000, newer);
    send(true, 40001, 6000, test::tls_server_hello_of_13());
    send(false, 40001, 5000, test::tls_encrypted(test::kTlsData, 53));

    const std::uint16_t port = 40002;
    add(test::quic_frame(false, test::quic_initial_of_version_1(), port));
    add(test::quic_frame(true, test::quic_answer_of_version_1(), port));
    add(test::quic_frame(
        true, test::join({test::hex("E0 00000001 00 08 1122334455667788 4016"), test::Bytes(22)}), port));
    add(test::quic_frame(false, test::join({test::hex("40 1122334455667788"), test::Bytes(30)}), port));
    write(folder / "handshakes", "connections", {3}, packets);
}

void write_text(const fs::path& folder, const std::string& name, const std::string& text) {
    const auto bytes = std::as_bytes(std::span(text));
    write(folder, name, {}, test::Bytes(bytes.begin(), bytes.end()));
}

// A short life: ready, counts, end.
template <typename Messages>
std::string worker_frames(const Messages& life) {
    std::string frames;
    for (const auto& message : life) {
        const std::string bytes = message.SerializeAsString();
        frames += static_cast<char>(bytes.size() & 0xff);
        frames += static_cast<char>(bytes.size() >> 8);
        frames += bytes;
    }
    return frames;
}

void write_worker_link(const fs::path& folder) {
    std::array<wire::FromWorker, 4> life;
    life[0].mutable_ready()->set_filter("udp");
    life[1].mutable_report()->mutable_ledger()->set_received(3);
    life[2].mutable_notice()->set_text("interface 'eth0' went down");
    life[3].mutable_ended()->set_reason(wire::END_ASKED);
    life[3].mutable_ended()->mutable_ledger()->set_received(3);
    write_text(folder / "worker_link", "life", worker_frames(life));

    std::array<wire::FromWorker, 5> with_rows;
    with_rows[0].mutable_ready()->add_link_type(1);
    with_rows[1] = test::test_rows(1, 3);
    *with_rows[2].mutable_report()->mutable_ledger() = test::test_ledger(3);
    with_rows[3] = test::test_rows(4, 2, 2000);
    with_rows[4].mutable_ended()->set_reason(wire::END_ASKED);
    *with_rows[4].mutable_ended()->mutable_ledger() = test::test_ledger(5);
    write_text(folder / "worker_link", "rows", worker_frames(with_rows));
}

void write_answers(const fs::path& folder) {
    std::array<wire::Answer, 4> answers;
    answers[0].mutable_rows()->set_job(12);
    answers[0].mutable_rows()->set_batch(test::test_batch_bytes(1, 3));
    answers[1].mutable_progress()->set_bytes(700);
    answers[2].mutable_note()->set_text("a wrong checksum");
    answers[3].mutable_end()->mutable_counts()->set_rows_found(3);
    write_text(folder / "answer", "rows", worker_frames(answers));
}

void write_requests(const fs::path& folder) {
    std::array<wire::Request, 4> requests;
    requests[0].mutable_hello()->set_client("packetsentryctl");
    auto* capture = requests[1].mutable_start()->mutable_capture();
    capture->add_interface("eth0");
    capture->mutable_filter()->add_protocol("dns");
    capture->mutable_filter()->set_address("192.0.2.7");
    capture->mutable_filter()->set_port(53);
    requests[2].mutable_follow()->set_job("watch");
    requests[3].mutable_list();
    std::string frames;
    for (const wire::Request& request : requests) {
        const std::string bytes = request.SerializeAsString();
        frames += capture::Bytes().u32(bytes.size()).text(bytes).str();
    }
    for (const char piece : {'\0', '\1', '\xff'})
        write_text(folder / "channel", std::to_string(static_cast<unsigned char>(piece)), piece + frames);
}

void write_batches(const fs::path& folder) {
    for (const std::uint32_t rows : {0U, 1U, 5U})
        write_text(folder / "batch", std::to_string(rows), test::test_batch_bytes(1, rows));
    wire::Batch named = test::test_batch(1, 2);
    named.set_address("\x0a\x01\x02\x03\x0a\x01\x02\x04");
    named.set_address_size("\x04\x04");
    named.add_named(1);
    named.add_named(2);
    named.set_name("one.examplewww.example");
    named.add_name_size(11);
    named.add_name_size(11);
    named.set_name_source("\x01\x02");
    write_text(folder / "batch", "named", named.SerializeAsString());
}

// Without their headers, which the target makes.
void write_spool(const fs::path& folder) {
    const std::string rows = test::sample_rows();
    const std::string index = spool::index_rows_file(spool::as_bytes(rows)).value();
    const auto write_file = [&folder](spool::FileKind kind, const std::string& name,
                                      const std::string& file) {
        write_text(folder / "spool", name, static_cast<char>(kind) + file.substr(spool::kFileHeaderBytes));
    };
    write_file(spool::FileKind::rows, "rows", rows);
    write_file(spool::FileKind::rows, "rows_twice", rows + rows.substr(spool::kFileHeaderBytes));
    write_file(spool::FileKind::index, "index", index);
    write_file(spool::FileKind::catalogue, "catalogue", test::sample_catalogue());
    write_text(
        folder / "spool", "name",
        '\0' + spool::file_name(spool::segment_name(41, test::kSegmentTime), spool::SegmentFile::rows));
}

void write_filters(const fs::path& folder) {
    constexpr std::array kExpressions = {
        "udp port 53 or tcp portrange 1-1024",      "ether host 0:1:2:3:4:5 and not vlan 7 and mpls",
        "net 10.0.0.0/8 and ip6 host 2001:db8::1",  "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0 and len > 64",
        "icmp6 or arp or (pppoes and ip proto 47)", "greater 100 and ip[8:2] = 0x4011 or ip multicast"};
    for (std::size_t i = 0; i < kExpressions.size(); ++i)
        write_text(folder / "filter", std::to_string(i), '\0' + std::string(kExpressions[i]));
}

// One of each part of the language, each with a batch that has some of the fields.
void write_queries(const fs::path& folder) {
    constexpr std::array kExpressions = {
        "ip.addr == 10.0.0.0/8 and not tcp.port in {80, 443, 8000..8080}",
        "dns.qry.name contains \"x\" or dns.qry.type in {A, 28} xor dns.flags.recdesired == 1",
        "all tcp.flags & 0x12 == 2 && (tcp.flags.syn === 1 || !(frame.len >= 0x40))",
        "url.path matches \"^/[a-z]+\\.html$\" and http.request and url.path > r\"\\a\"",
        "frame.time >= \"2026-11-29 03:00:00\" and eth.src != 00:11:22:33:44:55 and ipv6.dst == 2001:db8::1",
        "tls.record.content_type == 22 or dns.a not in {192.0.2.1..192.0.2.9} or dns.cname ~ \"a|b\"",
        "tcp port 80 and host 10.0.0.1",
        "lower(http.host) == 'x'"};
    test::RowBuilder rows;
    rows.row({.source = "10.0.0.1",
              .destination = "10.0.0.2",
              .source_port = 5000,
              .destination_port = 53,
              .ip_protocol = 17,
              .word = "DNS",
              .name = "dns"})
        .text("dns.question.name", "x.example")
        .text("dns.question.type", "A")
        .text("dns.answers.data", "a")
        .text("dns.answers.type", "CNAME")
        .address("dns.resolved_ip", "192.0.2.1");
    rows.row({.source = "2001:db8::1", .destination = "2001:db8::2", .source_port = 80, .ip_protocol = 6})
        .text("packetsentry.tcp.flags", "SYN,ACK")
        .text("url.path", "/index.html")
        .number("packetsentry.inner.source.port", 80);
    for (std::size_t i = 0; i < kExpressions.size(); ++i)
        write_text(folder / "query", std::to_string(i),
                   kExpressions[i] + std::string(1, '\0') + rows.batch().SerializeAsString());
}

void write_capture_files(const fs::path& folder) {
    using namespace capture;
    for (const Order order : {Order::little, Order::big}) {
        const std::string name = order == Order::little ? "little" : "big";
        const std::string pcap = pcap_head(order, true) + pcap_record(order, 1, 2, "0123456789abcdef", 60) +
                                 pcap_record(order, 3, 4, "fedcba", 6);
        const std::string pcapng = section(order) + interface_block(order, 1, 96, option(order, 2, "eth0")) +
                                   interface_block(order, 113, 0, option(order, 9, "\x09")) +
                                   enhanced(order, 1, 7'000'000'000, "0123456789abcdef", 60) +
                                   simple(order, 6, "fedcba") + obsolete(order, 0, 5, "abc", 3);
        for (const char* more : {"", "\n", "\n\n"}) {  // the length says how it is read
            const std::string number = std::to_string(std::string(more).size());
            write_text(folder / "capture_file", "pcap_" + name + number, pcap + more);
            write_text(folder / "capture_file", "pcapng_" + name + number, pcapng + more);
            write_text(folder / "capture_file", "gzip_" + name + number, gzipped(pcap) + more);
            write_text(folder / "capture_file", "zstd_" + name + number, zstd_compressed(pcapng) + more);
            write_text(folder / "capture_file", "lz4_" + name + number, lz4_compressed(pcap) + more);
            write_text(folder / "capture_file", "xz_" + name + number, xz_compressed(pcapng) + more);
        }
    }
}

// The file, and what a FileSource finds in it.
void write_capture(const fs::path& folder, const fs::path& path) {
    base::UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) throw std::runtime_error(base::syscall_text("open '" + path.string() + "'"));
    const std::string name = path.filename().string();
    fs::create_directories(folder / "capture_file");
    fs::copy_file(path, folder / "capture_file" / name, fs::copy_options::overwrite_existing);
    std::size_t count = 0;
    for (const capture::SeenPacket& packet : capture::read_file(std::move(file)).packets) {
        const auto bytes = std::as_bytes(std::span(packet.frame));
        const test::Bytes frame(bytes.begin(), bytes.end());
        const std::string place = name + ' ' + std::to_string(++count);
        const std::size_t number = link_number(packet.link_type);
        write(folder / "link", place, {number, packet.wire_bytes - frame.size()}, frame);
        write(folder / "redact", place, {number, packet.wire_bytes - frame.size(), count % 4}, frame);
    }
}

void write_settings(const fs::path& folder) {
    write_text(folder / "config", "some",
               "log_level = \"debug\"\n[jobs]\nmax = 3\n[memory]\nring = \"4MiB\"\n");
    write_text(
        folder / "config", "job",
        "interface = [\"eth0\", \"lab*\"]\nfilter = { protocol = \"dns\", ip = \"192.0.2.0/24\", port = 53, "
        "bpf = \"udp\", display = \"dns\" }\nsnaplen = 96\nwhere = \"disk\"\n"
        "readers = { groups = [\"bench\"], users = [1000] }\n"
        "[keep.packets]\nbytes = \"2GiB\"\nage = \"14d\"\n[keep.rows]\n");
    write_text(folder / "policy", "some",
               "[[rule]]\ngroup = [\"bench\"]\nactions = [\"view\", \"start\"]\ninterfaces = [\"eth*\"]\n"
               "filter = \"udp\"\nredact = { headers = true, payload = 3 }\nlifetime = \"8h\"\n");
}

}  // namespace

int main(int count, char** arguments) try {
    const std::span words(arguments, static_cast<std::size_t>(count));
    if (count < 2) {
        std::fprintf(stderr, "usage: make_seeds FOLDER [CAPTURE...]\n");
        return 1;
    }
    const fs::path folder = words[1];
    write_packets(folder);
    write_redaction_cases(folder);
    write_applications(folder);
    write_certificates(folder);
    write_flows(folder);
    write_questions(folder);
    write_exchanges(folder);
    write_handshakes(folder);
    write_worker_link(folder);
    write_answers(folder);
    write_requests(folder);
    write_batches(folder);
    write_spool(folder);
    write_filters(folder);
    write_queries(folder);
    write_capture_files(folder);
    write_settings(folder);
    for (const char* path : words.subspan(2)) write_capture(folder, path);
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "make_seeds: %s\n", error.what());
    return 3;
}
