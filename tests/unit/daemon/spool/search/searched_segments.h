// Segments that a test makes, and their files in memory, as a search gets them.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "daemon/spool/search/segment_search.h"
#include "proto/query/query.h"
#include "tests/support/row_builder.h"
#include "tests/unit/daemon/spool/format/opened_index.h"

namespace packetsentry::spool {

inline SpoolFile memory_file(std::string_view bytes) {
    base::UniqueFd fd(::memfd_create("segment", MFD_CLOEXEC));
    if (!fd || ::write(fd.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
        throw std::runtime_error("there is no file in memory");
    return {std::move(fd), bytes.size()};
}

inline SegmentFiles files_of(std::string_view rows, std::string_view index = {},
                             std::string_view packets = {}) {
    SegmentFiles files{.rows = memory_file(rows)};
    if (!index.empty()) files.index = memory_file(index);
    if (!packets.empty()) files.packets = memory_file(packets);
    return files;
}

// What a user types of a question.
struct Asked {
    std::vector<std::string> words = {};  // -f
    std::string address = {};
    std::uint32_t port = 0;
    std::string display = {};  // -Y
    std::string name = {};
    TimeRange times = {};
};

inline wire::Filter filter_of(const Asked& asked) {
    wire::Filter filter;
    for (const std::string& word : asked.words) filter.add_protocol(word);
    filter.set_address(asked.address);
    filter.set_port(asked.port);
    filter.set_display(asked.display);
    return filter;
}

inline Question question_of(const Asked& asked) {
    auto question = Question::make(filter_of(asked), asked.name, asked.times);
    if (!question) throw std::runtime_error(question.error().message);
    return *std::move(question);
}

// Random rows of a small network, in which each host and each name is rare enough to be missing in a
// block.
class RandomRows {
  public:
    explicit RandomRows(std::uint32_t seed) : random_(seed) {}

    std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }

    test::RowBuilder block(std::uint32_t rows) {
        test::RowBuilder block;
        for (std::uint32_t row = 0; row < rows; ++row) add(block);
        return block;
    }

  private:
    [[nodiscard]] std::string host() {
        const std::uint32_t number = 1 + below(60);
        if (number % 6 == 0) return "2001:db8::" + std::to_string(number);
        return (number % 2 == 0 ? "10.0.0." : "192.0.2.") + std::to_string(number);
    }
    // Both of one family.
    std::pair<std::string, std::string> hosts() {
        const std::string source = host();
        std::string destination = host();
        while (source.contains(':') != destination.contains(':')) destination = host();
        return {source, destination};
    }
    [[nodiscard]] std::string name() {
        constexpr const char* kEnds[] = {"example.org", "Example.COM", "lan"};
        return "host" + std::to_string(below(30)) + '.' + kEnds[below(3)];
    }
    void add(test::RowBuilder& block) {
        constexpr std::uint16_t kPorts[] = {53, 80, 443, 22, 5353, 123, 40000, 50000};
        const auto [source, destination] = hosts();
        const std::uint32_t kind = below(5);
        test::RowValues values{.source = source, .destination = destination, .time_ns = next_time()};
        values.source_mac = std::string("\2\0\0\0\0", 5) + static_cast<char>(below(9));
        if (kind == 0) {
            values.arp = true;
            values.word = "ARP";
            return (void)block.row(values);
        }
        values.source_port = kPorts[below(8)];
        values.destination_port = kPorts[below(8)];
        values.ip_protocol = kind == 1 ? 17 : 6;
        values.word = kind == 1 ? "DNS" : kind == 2 ? "TLS" : "TCP";
        values.name = kind == 1 ? "dns" : kind == 2 ? "tls" : "";
        if (kind != 1) values.tcp_flags = 0x10;
        block.row(values);
        if (kind == 1) add_dns(block);
        if (kind == 2) block.text("tls.client.server_name", name());
        if (below(9) == 0) block.address("packetsentry.inner.source.ip", host());
        if (below(9) == 0) block.number("packetsentry.inner.destination.port", kPorts[below(8)]);
    }
    void add_dns(test::RowBuilder& block) {
        block.text("dns.question.name", name()).text("dns.question.type", below(2) == 0 ? "A" : "PTR");
        if (below(2) == 0) block.address("dns.resolved_ip", host());
        if (below(4) == 0) block.text("dns.answers.name", name());
    }
    // Mostly a little later than the row before, and sometimes earlier.
    std::int64_t next_time() { return time_ += static_cast<std::int64_t>(below(1000)) - 100; }

    std::minstd_rand random_;
    std::int64_t time_ = 1'000'000;
};

// A rows file of random blocks, whose batches are kept.
struct RandomSegment {
    RowsFile file;
    std::vector<wire::Batch> batches;
    std::string index;

    explicit RandomSegment(std::uint32_t seed, std::uint32_t blocks, std::uint32_t most_rows = 12) {
        RandomRows rows(seed);
        std::uint64_t number = 1;
        for (std::uint32_t block = 0; block < blocks; ++block) {
            wire::Batch batch = rows.block(1 + rows.below(most_rows)).batch();
            batch.set_first_number(number);
            number += batch.rows() + rows.below(2);
            file.add(batch);
            batches.push_back(std::move(batch));
        }
        index = file.index();
    }
};

// The questions that tests ask of random segments.
inline const std::vector<Asked> kQuestions = {
    {},
    {.words = {"dns"}},
    {.words = {"arp"}},
    {.words = {"arp", "tls"}},
    {.words = {"tcp"}},
    {.words = {"ip6"}},
    {.words = {"icmp"}},
    {.words = {"http", "ssh"}},
    {.address = "10.0.0.4"},
    {.address = "10.0.0.0/28"},
    {.address = "2001:db8::6"},
    {.address = "2001:db8::/64"},
    {.address = "203.0.113.1"},
    {.port = 22},
    {.port = 9},
    {.words = {"dns"}, .address = "192.0.2.5", .port = 40000},
    {.display = "ip.addr == 10.0.0.2"},
    {.display = "network.community_id == \"1:wCb3OG7yAFWelaUydu0D+125CLM=\""},
    {.display = "network.community_id >= \"1:w\""},
    {.display = "ip.addr == 10.0.0.0/29 && tcp.port == 443"},
    {.display = "ip.addr in {10.0.0.2, 192.0.2.7 .. 192.0.2.9}"},
    {.display = "ip.addr != 10.0.0.2"},
    {.display = "ip.addr === 10.0.0.0/27"},
    {.display = "!(ip.addr == 10.0.0.2)"},
    {.display = "not ip.addr == 10.0.0.2 and ip.src == 10.0.0.4"},
    {.display = "ip.src == 10.0.0.4 xor ip.dst == 10.0.0.4"},
    {.display = "ip.src < 10.0.0.4"},
    {.display = "ip.src >= 192.0.2.50"},
    {.display = "ipv6.addr == 2001:db8::12"},
    {.display = "source.ip == 192.0.2.3 or destination.port == 123"},
    {.display = "eth.src == 02:00:00:00:00:03"},
    {.display = "dns.a == 192.0.2.11"},
    {.display = "dns.aaaa == 2001:db8::18"},
    {.display = "tcp.port in {22, 50000..60000}"},
    {.display = "tcp.port == 53 or udp.port == 53"},
    {.display = "tcp.port > 40000"},
    {.display = "tcp.port >= 50000"},
    {.display = "udp.dstport != 53"},
    {.display = "source.port == 22"},
    {.display = "packetsentry.inner.destination.port == 22"},
    {.display = "dns"},
    {.display = "frame"},
    {.display = "arp || tls"},
    {.display = "!dns && !tls && !arp"},
    {.display = "network.protocol == dns"},
    {.display = "network.protocol == \"DNS\""},
    {.display = "packetsentry.protocol == TLS"},
    {.display = "packetsentry.protocol contains LS"},
    {.display = "dns.qry.name == host7.example.org"},
    {.display = "dns.qry.name == HOST7.EXAMPLE.ORG"},
    {.display = "dns.qry.name contains \"host1\""},
    {.display = "dns.qry.name contains \"*\""},
    {.display = "dns.qry.name matches \"^host1\""},
    {.display = "dns.qry.name in {\"host3.lan\", \"host4.lan\"}"},
    {.display = "dns.qry.name != host7.example.org"},
    {.display = "dns.qry.name"},
    {.display = "tls.handshake.extensions_server_name == host5.lan"},
    {.display = "tls.handshake.extensions_server_name contains Example"},
    {.display = "dns.resp.name == host5.lan"},
    {.display = "frame.len == 60"},
    {.display = "tcp.flags.ack == 1 and ip.addr == 192.0.2.9"},
    {.display = "(dns or tls) and (ip.addr == 10.0.0.8 or ip.addr == 10.0.0.10)"},
    {.name = "*.example.org"},
    {.name = "HOST7.*"},
    {.name = "host?.lan"},
    {.name = "nothing"},
    {.display = "dns", .name = "*.lan"},
    {.times = {.since_ns = 1'010'000}},
    {.times = {.until_ns = 1'010'000}},
    {.address = "10.0.0.4", .times = {.since_ns = 1'005'000, .until_ns = 1'020'000}},
    {.times = {.since_ns = 1'005'000, .until_ns = 1'005'000}},
};

inline std::string told(const Asked& asked) {
    return filter_of(asked).ShortDebugString() + " name " + asked.name + " times " +
           std::to_string(asked.times.since_ns) + ' ' + std::to_string(asked.times.until_ns);
}

// What a search gives, up to its end.
struct Searched {
    std::vector<FoundRows> found = {};
    std::vector<Unreadable> unreadable = {};
    SearchCounts counts = {};

    // In the order in which they came.
    [[nodiscard]] std::vector<std::uint64_t> numbers() const {
        std::vector<std::uint64_t> all;
        for (const FoundRows& rows : found) {
            const auto view = proto::BatchView::check(rows.batch);
            EXPECT_TRUE(view) << view.error().message;
            for (std::uint32_t row = 0; view && row < view->rows(); ++row) all.push_back(view->number(row));
        }
        return all;
    }
};

inline Searched search_all(SegmentFiles files, Question& question,
                           SearchOrder order = SearchOrder::oldest_first) {
    Searched all;
    auto search = SegmentSearch::open(std::move(files), question, order);
    EXPECT_TRUE(search) << search.error().message;
    while (search) {
        auto piece = search->next();
        EXPECT_TRUE(piece);
        if (!piece || !*piece) break;
        if (auto* const found = std::get_if<FoundRows>(&**piece))
            all.found.push_back(std::move(*found));
        else
            all.unreadable.push_back(std::get<Unreadable>(**piece));
    }
    if (search) all.counts = search->counts();
    return all;
}

}  // namespace packetsentry::spool
