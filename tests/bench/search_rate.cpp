// search_rate [ROUNDS [TEXT [DIRECTORY]]]: how long a question over one segment takes, on one processor.
// Prints a line for each question; with TEXT only for those in whose line it stands. The files are in
// memory, or with DIRECTORY there, as file systems differ in how quickly they are read from the page cache.
//
// The segment has 262,144 rows in 64 blocks, as a busy network would fill it: 400 hosts, three quarters
// TCP to a few ports and one quarter DNS. One host is the source of a tenth of the rows, and another one
// of a row in each of four blocks. That one is asked for in 75 segments too: in 300 blocks of 19.7 million
// rows, which are in more memory than a processor's cache has.
//
// Times are those of the processor, as other programs may use the machine too.
#include <fcntl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/spool/format/segment_index.h"
#include "daemon/spool/search/segment_search.h"
#include "tests/support/row_builder.h"

namespace {

using namespace packetsentry;
using namespace packetsentry::spool;

constexpr std::uint32_t kBlocks = 64, kBlockRows = 4096, kHosts = 400, kSegments = 75;
constexpr std::uint8_t kTcp = 6, kUdp = 17;
constexpr const char* kRareHost = "192.0.2.1";
constexpr const char* kBusyHost = "192.0.2.2";

class Rows {
  public:
    wire::Batch block(std::uint32_t block) {
        test::RowBuilder rows;
        for (std::uint32_t row = 0; row < kBlockRows; ++row) add(rows, block % 16 == 7 && row == 1000);
        wire::Batch batch = rows.batch();
        batch.set_first_number(1 + std::uint64_t{block} * kBlockRows);
        batch.clear_cut_bytes();
        batch.clear_interface_index();
        add_headers(batch);
        return batch;
    }

  private:
    // As many bytes as the headers of real packets have.
    void add_headers(wire::Batch& batch) {
        for (std::string* const column : {batch.mutable_hop_limit(), batch.mutable_traffic_class()})
            fill(*column, 1);
        for (std::string* const column :
             {batch.mutable_identification(), batch.mutable_fragment(), batch.mutable_tcp_window(),
              batch.mutable_tcp_payload_bytes(), batch.mutable_udp_length()})
            fill(*column, 2);
        for (std::string* const column : {batch.mutable_tcp_sequence(), batch.mutable_tcp_acknowledgement(),
                                          batch.mutable_tcp_timestamp(), batch.mutable_tcp_timestamp_echo()})
            fill(*column, 4);
    }
    void fill(std::string& column, std::size_t bytes) {
        for (std::size_t i = 0; i < bytes * kBlockRows; ++i) column.push_back(static_cast<char>(below(256)));
    }
    std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(random_() % limit); }
    std::string host() {
        const std::uint32_t number = below(kHosts);
        return "10.0." + std::to_string(number / 256) + '.' + std::to_string(number % 256);
    }
    void add(test::RowBuilder& rows, bool rare) {
        constexpr std::uint16_t kPorts[] = {80, 443, 443, 443, 8080, 22};
        const bool dns = below(4) == 0;
        test::RowValues values{.source = rare             ? kRareHost
                                         : below(10) == 0 ? kBusyHost
                                                          : host(),
                               .destination = host()};
        values.source_port = static_cast<std::uint16_t>(32768 + below(28000));
        values.destination_port = dns ? std::uint16_t{53} : kPorts[below(6)];
        values.ip_protocol = dns ? kUdp : kTcp;
        values.word = dns ? "DNS" : "TCP";
        values.name = dns ? "dns" : "";
        values.time_ns = time_ += below(100'000);
        values.wire_bytes = 60 + below(1440);
        if (!dns) values.tcp_flags = 0x18;
        rows.row(values);
        if (dns)
            rows.text("dns.question.name", "host" + std::to_string(below(5000)) + ".branch.example.com")
                .text("dns.question.type", below(2) == 0 ? "A" : "AAAA");
    }

    std::minstd_rand random_{1};
    std::int64_t time_ = 1'700'000'000'000'000'000;
};

std::string make_rows_file() {
    const FileHeader header{.kind = FileKind::rows, .table = wire::TABLE_PACKETS, .job = 1, .counter = 1};
    std::string file = encode(header);
    Rows rows;
    for (std::uint32_t block = 0; block < kBlocks; ++block) {
        const wire::Batch batch = rows.block(block);
        const auto view = proto::BatchView::check(batch);
        if (!view) throw std::runtime_error(view.error().message);
        if (!append_frame(file, facts_of(*view, block, 1), {}, batch.SerializeAsString(), header.seed()))
            throw std::runtime_error("a frame is beyond a limit");
    }
    return file;
}

// Opened anew for each search, as its files are the search's own.
class BenchFile {
  public:
    // directory: null: the file is in memory.
    BenchFile(const char* directory, const std::string& bytes)
        : fd_(directory == nullptr ? ::memfd_create("bench", MFD_CLOEXEC)
                                   : ::open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)),
          size_(bytes.size()) {
        if (!fd_ || ::write(fd_.get(), bytes.data(), size_) != static_cast<ssize_t>(size_))
            throw std::runtime_error("a file cannot be made");
    }
    [[nodiscard]] SpoolFile open() const { return {base::UniqueFd(::dup(fd_.get())), size_}; }

  private:
    base::UniqueFd fd_;
    std::size_t size_;
};

SearchCounts search(SegmentFiles files, Question& question) {
    auto search = SegmentSearch::open(std::move(files), question, SearchOrder::oldest_first);
    if (!search) throw std::runtime_error(search.error().message);
    while (true) {
        const auto piece = search->next();
        if (!piece) throw std::runtime_error(piece.error().message);
        if (!*piece) return search->counts();
    }
}

// Microseconds of this thread.
double processor_time() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

void measure(const char* what, const wire::Filter& filter, std::span<const BenchFile> segments,
             const BenchFile* index, int rounds) {
    auto question = Question::make(filter, {}, {});
    if (!question) throw std::runtime_error(question.error().message);
    question->leave_packets();
    std::vector<double> times;
    SearchCounts counts;
    for (int round = 0; round < rounds; ++round) {
        counts = {};
        const double begin = processor_time();
        for (const BenchFile& rows : segments) {
            SegmentFiles files{.rows = rows.open()};
            if (index != nullptr) files.index = index->open();
            counts += search(std::move(files), *question);
        }
        times.push_back(processor_time() - begin);
    }
    std::ranges::sort(times);
    const double median = times[times.size() / 2];
    const double rows = static_cast<double>(segments.size()) * kBlocks * kBlockRows;
    std::printf(
        "%9.0f us (least %7.0f) %8.1f us a block of %3llu %8.1f million rows/s %8llu found  %s%s\n", median,
        times.front(), median / static_cast<double>(std::max<std::uint64_t>(1, counts.blocks_read)),
        static_cast<unsigned long long>(counts.blocks_read), rows / median,
        static_cast<unsigned long long>(counts.rows_found), what, index == nullptr ? ", no index" : "");
}

wire::Filter with_address(const char* address) {
    wire::Filter filter;
    filter.set_address(address);
    return filter;
}

wire::Filter with_display(const char* display) {
    wire::Filter filter;
    filter.set_display(display);
    return filter;
}

}  // namespace

int main(int count, char** arguments) try {
    const int rounds = count > 1 ? std::max(1, std::atoi(arguments[1])) : 9;
    const std::string rows_bytes = make_rows_file();
    const std::string index_bytes = index_rows_file(as_bytes(rows_bytes)).value();
    std::printf("%.1f MB of rows, %.2f MB of index\n", static_cast<double>(rows_bytes.size()) / 1e6,
                static_cast<double>(index_bytes.size()) / 1e6);
    const char* const directory = count > 3 ? arguments[3] : nullptr;
    const BenchFile index(directory, index_bytes);
    const auto asked = [count, arguments](std::string_view what) {
        return count < 3 || what.find(arguments[2]) != what.npos;
    };
    std::vector<BenchFile> segments;
    for (std::uint32_t i = 0; i < kSegments; ++i) segments.emplace_back(directory, rows_bytes);
    const std::pair<const char*, wire::Filter> kQuestions[] = {
        {"nothing", with_address("203.0.113.1")},
        {"a rare host", with_address(kRareHost)},
        {"a rare host, by -Y", with_display("ip.addr == 192.0.2.1")},
        {"a host in a tenth of the rows", with_address(kBusyHost)},
        {"a part of a name", with_display("dns.qry.name contains host123.")},
        {"every row", {}},
    };
    const std::pair<const char*, wire::Filter> kOfSegments[] = {
        {"a rare host, in 75 segments", with_address(kRareHost)},
        {"a rare host, in 75 segments, by -Y", with_display("ip.addr == 192.0.2.1")},
    };
    for (const auto& [what, filter] : kQuestions) {
        if (!asked(what)) continue;
        for (const BenchFile* const used : {&index, static_cast<const BenchFile*>(nullptr)})
            measure(what, filter, std::span(segments).first(1), used, rounds);
    }
    for (const auto& [what, filter] : kOfSegments)
        if (asked(what)) measure(what, filter, segments, &index, rounds);
    return 0;
} catch (const std::exception& error) {
    std::fprintf(stderr, "search_rate: %s\n", error.what());
    return 3;
}
