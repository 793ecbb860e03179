// answer_rate CAPTURE [ROUNDS=9 [TEXT]]: how many rows a second an answer about the past has, as text.
// Prints two lines for each question (with TEXT only for those in whose line it stands): what the worker
// does, from the files of a segment to the frames of the answer, and what the client does, from these
// frames to lines. Each is the processor time of one thread, in the median round and in the quickest one.
// Where both have a processor, the slower one is what a user waits for.
//
// Reads at most 262,144 packets into one segment in memory. The host that is asked for is 10.255.0.1, to
// which every tenth packet belongs in a capture that make_capture writes with HOSTS.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ctl/client/answer_reader.h"
#include "ctl/render/formats.h"
#include "daemon/dissect/dissect.h"
#include "daemon/spool/format/segment_index.h"
#include "daemon/spool/search/job_search.h"
#include "daemon/spool/search/time_merge.h"
#include "daemon/spool/write/segment_writer.h"
#include "daemon/worker/shown_rows.h"
#include "tests/bench/packets_in_memory.h"

namespace packetsentry::bench {
namespace {

using spool::SegmentWriter;

constexpr std::size_t kSegmentRows = 262'144;
constexpr std::uint64_t kJob = 1;

class WrittenRows : public spool::SegmentOutput {
  public:
    capture::OutputChunk give_packets(capture::OutputChunk chunk) override {
        chunk.clear();
        return chunk;
    }
    capture::OutputChunk give_rows(capture::OutputChunk chunk, const spool::SegmentProgress&) override {
        file.append(spool::as_text(chunk.bytes));
        chunk.clear();
        return chunk;
    }

    std::string file;
};

std::string make_rows_file(const PacketsInMemory& capture) {
    static dissect::Dissection dissection;  // a large one
    WrittenRows written;
    SegmentWriter writer(written, 1);
    writer.begin({.kind = spool::FileKind::rows, .table = wire::TABLE_PACKETS, .job = kJob, .counter = 1},
                 {});
    std::uint64_t number = 0;
    for (const capture::Packet& packet : capture.packets()) {
        dissect::dissect(packet.frame, packet.wire_bytes, packet.link_type, dissection);
        writer.append({++number, packet, dissection, capture.interfaces()}, {});
    }
    writer.end();
    return written.file;
}

base::UniqueFd file_in_memory(std::string_view bytes) {
    base::UniqueFd fd(::memfd_create("bench", MFD_CLOEXEC));
    if (!fd || ::write(fd.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
        throw std::runtime_error("there is no file in memory");
    return fd;
}

// Microseconds of this thread.
double processor_time() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return 1e6 * static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) / 1e3;
}

class OneSegment : public spool::SegmentSupply {
  public:
    explicit OneSegment(spool::SegmentFiles files) : files_(std::move(files)) {}
    base::Result<std::optional<spool::SegmentFiles>> next() override { return std::exchange(files_, {}); }

  private:
    std::optional<spool::SegmentFiles> files_;
};

class NoNotes : public spool::SearchNotes {
  public:
    void cannot_read(const spool::FileHeader&, const spool::Unreadable&) override { fail(); }
    void cannot_search(const base::Error&) override { fail(); }

  private:
    [[noreturn]] static void fail() { throw std::runtime_error("the segment cannot be read"); }
};

// A segment of which one question is asked, again and again.
class Segment {
  public:
    explicit Segment(const std::string& rows)
        : index_bytes_(spool::index_rows_file(spool::as_bytes(rows)).value()),
          rows_(file_in_memory(rows)),
          index_(file_in_memory(index_bytes_)),
          rows_bytes_(rows.size()) {}

    // Writes the answer as the worker writes it to the client's pipe.
    void ask(spool::Question& question, worker::AnswerPipe& pipe) const {
        constexpr auto kOrder = spool::SearchOrder::oldest_first;
        worker::ShownRows shown(asked_, pipe);
        OneSegment supply(files());
        NoNotes notes;
        std::vector<std::unique_ptr<spool::RowStream>> streams;
        streams.push_back(std::make_unique<spool::JobSearch>(supply, notes, question, kOrder));
        spool::TimeMerge merge(std::move(streams), kOrder);
        for (;;) {
            const auto found = merge.next();
            if (!found) throw std::runtime_error(found.error().message);
            if (!*found) return;
            if (!shown.show(**found) || !pipe.flush())
                throw std::runtime_error("the answer cannot be written");
        }
    }

  private:
    [[nodiscard]] spool::SegmentFiles files() const {
        return {.rows = {base::UniqueFd(::dup(rows_.get())), rows_bytes_},
                .index = {base::UniqueFd(::dup(index_.get())), index_bytes_.size()}};
    }

    std::string index_bytes_;
    base::UniqueFd rows_, index_;
    std::size_t rows_bytes_;
    wire::Question asked_;
};

std::string read_back(int fd) {
    std::string bytes(static_cast<std::size_t>(std::max<off_t>(0, ::lseek(fd, 0, SEEK_END))), '\0');
    if (::pread(fd, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
        throw std::runtime_error("the answer cannot be read");
    return bytes;
}

std::vector<std::string_view> frames_of(std::string_view answer) {
    constexpr std::size_t kHeadBytes = 4;
    std::vector<std::string_view> frames;
    while (answer.size() > kHeadBytes) {
        const auto size = proto::number_at<std::uint32_t>(answer, 0);
        frames.push_back(answer.substr(kHeadBytes, size));
        answer.remove_prefix(kHeadBytes + size);
    }
    return frames;
}

struct Shown {
    std::uint64_t rows = 0;
    std::size_t bytes = 0;
};

Shown show(const std::vector<std::string_view>& frames) {
    wire::SearchScope scope;
    scope.add_job()->set_id(kJob);
    ctl::AnswerReader reader({}, scope);
    ctl::render::RowBatch batch;
    const auto lines = ctl::render::make_text_writer({});
    Shown shown;
    for (const std::string_view frame : frames) {
        const auto event = reader.read(frame);
        if (!event) throw std::runtime_error(event.error().message);
        const auto& found = std::get<ctl::FoundBatch>(*event);
        batch.begin({.job = found.job}, *found.view);
        shown.rows += found.view->rows();
        shown.bytes += lines->write(batch).size();
    }
    return shown;
}

void print(const char* what, std::vector<double> times, std::uint64_t rows) {
    std::ranges::sort(times);
    const double median = times[times.size() / 2];
    std::printf("%9.0f us (least %7.0f) %8.2f million rows/s  %s\n", median, times.front(),
                static_cast<double>(rows) / median, what);
}

void measure(const char* what, const wire::Filter& filter, const Segment& segment, int rounds) {
    auto question = spool::Question::make(filter, {}, {});
    if (!question) throw std::runtime_error(question.error().message);
    question->leave_packets();
    std::vector<double> worker_times, client_times;
    Shown shown;
    std::size_t answer_bytes = 0;
    for (int round = 0; round < rounds; ++round) {
        const base::UniqueFd answer(::memfd_create("answer", MFD_CLOEXEC));
        worker::AnswerPipe pipe(base::UniqueFd(::dup(answer.get())));
        const double begin = processor_time();
        segment.ask(*question, pipe);
        worker_times.push_back(processor_time() - begin);
        const std::string bytes = read_back(answer.get());
        answer_bytes = bytes.size();
        const auto frames = frames_of(bytes);
        const double client_begin = processor_time();
        shown = show(frames);
        client_times.push_back(processor_time() - client_begin);
    }
    std::printf("%s: %llu rows, %.1f MB of answer, %.1f MB of text\n", what,
                static_cast<unsigned long long>(shown.rows), static_cast<double>(answer_bytes) / 1e6,
                static_cast<double>(shown.bytes) / 1e6);
    print("worker", std::move(worker_times), shown.rows);
    print("client", std::move(client_times), shown.rows);
}

int run(const char* path, int rounds, std::string_view asked) {
    PacketsInMemory capture;
    if (!capture.read(path, kSegmentRows)) return 1;
    const Segment segment(make_rows_file(capture));
    wire::Filter busy_host;
    busy_host.set_address("10.255.0.1");
    const std::pair<const char*, wire::Filter> kQuestions[] = {{"a host in a tenth of the rows", busy_host},
                                                               {"every row", {}}};
    for (const auto& [what, filter] : kQuestions)
        if (std::string_view(what).find(asked) != std::string_view::npos)
            measure(what, filter, segment, rounds);
    return 0;
}

}  // namespace
}  // namespace packetsentry::bench

int main(int count, char** values) try {
    if (count < 2) {
        std::fputs("answer_rate CAPTURE [ROUNDS [TEXT]]\n", stderr);
        return 1;
    }
    return packetsentry::bench::run(values[1], count > 2 ? std::max(1, std::atoi(values[2])) : 9,
                                    count > 3 ? values[3] : "");
} catch (const std::exception& error) {
    std::fprintf(stderr, "answer_rate: %s\n", error.what());
    return 3;
}
