// query_rate [SECONDS]: how many rows a second a filter is evaluated over, on one processor, with all that a
// batch needs before its first row. Prints a line for each expression.
//
// The batches are like those of a busy network: 4096 rows, 400 addresses, three quarters TCP to a few ports
// and one quarter DNS.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "proto/query/evaluate/filter.h"
#include "tests/support/row_builder.h"

namespace {

using namespace packetsentry;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kRows = 4096;
constexpr std::uint32_t kHosts = 400;
constexpr std::uint8_t kTcp = 6, kUdp = 17;

wire::Batch make_batch(std::uint32_t seed) {
    std::minstd_rand random(seed + 1);
    const auto below = [&random](std::uint32_t limit) {
        return static_cast<std::uint32_t>(random() % limit);
    };
    const auto host = [&] {
        const std::uint32_t number = below(kHosts);
        return "10.0." + std::to_string(number / 256) + '.' + std::to_string(number % 256);
    };
    constexpr std::uint16_t kPorts[] = {80, 443, 443, 443, 8080, 22};
    test::RowBuilder rows;
    for (std::uint32_t i = 0; i < kRows; ++i) {
        const bool dns = i % 4 == 0;
        test::RowValues values{.source = host(), .destination = host()};
        values.source_port = static_cast<std::uint16_t>(32768 + below(28000));
        values.destination_port = dns ? std::uint16_t{53} : kPorts[below(6)];
        values.ip_protocol = dns ? kUdp : kTcp;
        values.word = dns ? "DNS" : "TCP";
        values.name = dns ? "dns" : "";
        if (!dns) values.tcp_flags = below(8) == 0 ? 0x02 : 0x18;
        rows.row(values);
        if (dns)
            rows.text("dns.question.name", "host" + std::to_string(below(5000)) + ".branch.example.com")
                .text("dns.question.type", below(2) == 0 ? "A" : "AAAA");
    }
    return rows.batch();
}

// The batches are read again and again, until the time is over.
void measure(std::string_view text, const std::vector<proto::BatchView>& views,
             std::chrono::duration<double> time) {
    const auto expression = query::parse(text);
    if (!expression) throw std::runtime_error(expression.error().message);
    auto filter = query::Filter::compile(*expression);
    if (!filter) throw std::runtime_error(filter.error().message);
    std::vector<std::uint8_t> mask(kRows);
    std::uint64_t rows = 0, found = 0;
    const auto begin = Clock::now();
    std::chrono::duration<double> taken{};
    while (taken < time) {
        for (const proto::BatchView& view : views) {
            found += filter->evaluate(view, mask);
            rows += view.rows();
        }
        taken = Clock::now() - begin;
    }
    std::printf("%9.1f million rows/s  %5.1f %% match  %s\n", static_cast<double>(rows) / taken.count() / 1e6,
                100.0 * static_cast<double>(found) / static_cast<double>(rows), std::string(text).c_str());
}

}  // namespace

int main(int count, char** arguments) try {
    const std::chrono::duration<double> time(count > 1 ? std::atof(arguments[1]) : 1.0);
    std::vector<wire::Batch> batches;
    for (std::uint32_t seed = 0; seed < 16; ++seed) batches.push_back(make_batch(seed));
    std::vector<proto::BatchView> views;
    for (const wire::Batch& batch : batches) {
        auto view = proto::BatchView::check(batch);
        if (!view) throw std::runtime_error(view.error().message);
        views.push_back(std::move(*view));
    }
    for (const std::string_view text :
         {"ip.addr == 10.0.0.7", "ip.addr == 192.0.2.1", "ip.addr == 10.0.0.0/24", "ip.addr != 10.0.0.7",
          "tcp.port == 443", "tcp.port in {22, 80, 8000..8100}", "frame.len > 1000", "dns",
          "dns.qry.name contains \"x\"", "dns.qry.name contains \"host12\"",
          "dns.qry.name matches \"^host1.*com$\"", "dns.qry.type == AAAA",
          "tcp.flags.syn == 1 and tcp.dstport in {80, 443}",
          "dns.qry.name contains \"12\" and ip.src == 10.0.0.0/24"})
        measure(text, views, time);
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "query_rate: %s\n", error.what());
    return 3;
}
