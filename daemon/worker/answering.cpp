#include "daemon/worker/answering.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "daemon/base/syscall.h"
#include "daemon/spool/search/job_search.h"
#include "daemon/spool/search/question.h"
#include "daemon/spool/search/time_merge.h"
#include "daemon/worker/held_numbers.h"
#include "daemon/worker/privileges.h"
#include "daemon/worker/tidying.h"
#include "proto/link/peer_error.h"

namespace packetsentry::worker {
namespace {

using base::ErrorCode;
using base::Result;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kStreamLimit = 64;
constexpr std::size_t kFilesOfSegmentToRead = 3;
constexpr std::size_t kBytesTogether = 1U << 20;    // of packets, in one message
constexpr std::size_t kLastRowsBytes = 256U << 20;  // --last keeps its rows in memory
constexpr std::uint64_t kNotesLimit = 100;          // that are told
constexpr std::chrono::milliseconds kProgressEvery{200};

spool::SearchOrder order_of(const wire::Question& question) {
    const bool newest_first = question.last() != 0 || question.order() == wire::SEARCH_NEWEST_FIRST;
    return newest_first ? spool::SearchOrder::newest_first : spool::SearchOrder::oldest_first;
}

// 0: everything.
std::int64_t end_of(const wire::Question& question) {
    return question.until_ns() == 0 ? spool::TimeRange::kNoEnd : question.until_ns();
}

// Puts the bytes of packets one behind the other.
class CollectingSink : public spool::PacketSink {
  public:
    Result<void> take(const spool::StoredPacket& packet) override {
        bytes_ += spool::as_text(packet.frame);
        return {};
    }
    [[nodiscard]] std::string& bytes() { return bytes_; }

  private:
    std::string bytes_;
};

// Adds the bytes of the packets, if all are there: a batch has those of each row or none.
void add_bytes(const spool::FoundRows& found, wire::Batch& batch) {
    const auto view = proto::BatchView::check(found.batch);
    if (!view) return;
    std::size_t expected = 0;
    for (std::uint32_t row = 0; row < view->rows(); ++row) expected += view->captured_bytes(row);
    CollectingSink sink;
    const auto counts = spool::read_packets(found, sink);
    if (counts && counts->read == view->rows() && sink.bytes().size() == expected)
        batch.set_captured(std::move(sink.bytes()));
}

// Sends what is found to the client, and asks the link for segments.
class Answering : public spool::SearchNotes {
  public:
    Answering(const wire::Ask& ask, Link& link, Unlisted unlisted)
        : ask_(ask), link_(link), sandbox_{.unlisted = unlisted} {}

    Result<void> open();
    Result<void> run();
    Result<void> send_end(const Result<void>& outcome);
    [[nodiscard]] bool client_gone() const { return client_gone_; }

    // A segment has been looked at.
    Result<void> segment_done();
    Result<std::optional<spool::SegmentFiles>> next_segment(std::uint32_t stream);

    void cannot_read(const spool::FileHeader& segment, const spool::Unreadable& bytes) override;
    void cannot_search(const base::Error& error) override;

  private:
    class Supply : public spool::SegmentSupply {
      public:
        Supply(Answering& answering, std::uint32_t stream) : answering_(answering), stream_(stream) {}
        Result<std::optional<spool::SegmentFiles>> next() override {
            return answering_.next_segment(stream_);
        }

      private:
        Answering& answering_;
        std::uint32_t stream_;
    };

    Result<std::optional<spool::SegmentFiles>> take_segment(const wire::SegmentToRead& segment,
                                                            std::vector<base::UniqueFd> files);
    void cannot_open(const wire::SegmentToRead& segment, const std::string& why);
    Result<void> take_descriptors();
    Result<void> enter();
    Result<void> empty_output();
    Result<void> give(const spool::FoundRows& found);
    Result<void> give_all(spool::TimeMerge& merge);
    Result<void> give_newest_first(const spool::FoundRows& found);
    Result<void> show(const spool::FoundRows& found);
    Result<void> send(const wire::Answer& answer);
    void tell(wire::SearchNote note);
    [[nodiscard]] wire::SearchCounts counts() const;

    const wire::Ask& ask_;
    Link& link_;
    Sandbox sandbox_;
    AnswerPipe pipe_;
    HeldNumbers held_;
    FoundPackets packets_{nullptr};
    std::optional<spool::Question> question_;
    std::vector<std::unique_ptr<Supply>> supplies_;
    std::vector<spool::JobSearch*> searches_;  // the merge has them
    std::optional<spool::TimeMerge> merge_;
    std::uint64_t segments_ = 0;
    std::uint64_t bytes_ = 0;  // of their rows files
    std::uint64_t with_index_ = 0;
    std::uint64_t found_ = 0;
    std::uint64_t notes_ = 0;
    std::optional<std::pair<std::uint64_t, std::uint64_t>> damaged_;  // the last job and segment, to be told
    Clock::time_point progress_due_ = Clock::now() + kProgressEvery;
    bool client_gone_ = false;
};

Result<void> Answering::open() {
    if (auto taken = take_descriptors(); !taken) return taken;
    work_at_lowest_priority();
    if (auto dropped = drop_privileges(); !dropped) return dropped;
    if (auto entered = enter(); !entered) return entered;
    const wire::Question& asked = ask_.question();
    auto question = spool::Question::make(asked.filter(), asked.name_pattern(),
                                          {.since_ns = asked.since_ns(), .until_ns = end_of(asked)});
    if (!question) return std::unexpected(question.error());
    question_.emplace(std::move(*question));
    if (auto sealed = seal_sandbox(sandbox_); !sealed) return sealed;
    return empty_output();
}

// Last, so that an existing file is not lost if the question has a mistake.
Result<void> Answering::empty_output() {
    constexpr int kNoFile = EINVAL;  // a pipe
    if (sandbox_.output < 0 || !ask_.save().replace()) return {};
    if (::ftruncate(sandbox_.output, 0) == 0 || errno == kNoFile) return {};
    return base::syscall_failed("empty the output file", ErrorCode::file);
}

Result<void> Answering::take_descriptors() {
    auto descriptors = link_.take_descriptors();
    const bool saves = ask_.save().format() != wire::SAVE_NONE;
    if (descriptors.size() != (saves ? 2U : 1U) || ask_.streams() > kStreamLimit)
        return base::fail(ErrorCode::usage, "the question did not come with what it needs");
    pipe_ = AnswerPipe(std::move(descriptors.front()));
    sandbox_.last_writable = std::max(pipe_.fd(), link_.fd());
    if (!saves) return {};
    sandbox_.output = descriptors.back().get();
    sandbox_.last_writable = std::max(sandbox_.last_writable, sandbox_.output);
    const auto compression = ask_.save().compression() == wire::COMPRESSION_GZIP ? capture::Compression::gzip
                                                                                 : capture::Compression::none;
    packets_ = FoundPackets(capture::CaptureWriter::make(std::move(descriptors.back()),
                                                         capture::FileFormat::pcapng, compression, false));
    return {};
}

// The numbers are above those that may be written.
Result<void> Answering::enter() {
    const std::size_t segments = std::size_t{ask_.streams()} + 1 + ask_.segments_held();
    if (auto held = held_.hold(kFilesOfSegmentToRead * segments); !held) return held;
    if (auto entered = enter_sandbox(sandbox_); !entered) return entered;
    held_.free();
    return {};
}

// A segment that cannot be read is told, and passed over.
Result<std::optional<spool::SegmentFiles>> Answering::next_segment(std::uint32_t stream) {
    for (;;) {
        if (auto told = segment_done(); !told) return std::unexpected(told.error());
        wire::FromWorker want;
        want.mutable_want()->set_stream(stream);
        if (damaged_) {
            want.mutable_want()->set_damaged_job(damaged_->first);
            want.mutable_want()->set_damaged_segment(damaged_->second);
            damaged_.reset();
        }
        if (auto sent = link_.send(want); !sent) return std::unexpected(sent.error());
        auto message = link_.wait();
        if (!message) return std::unexpected(message.error());
        auto files = link_.take_descriptors();
        const wire::SegmentToRead& segment = message->segment();
        if (!message->has_segment() || segment.none()) return std::nullopt;
        if (!segment.trouble().empty()) cannot_open(segment, segment.trouble());
        if (!segment.trouble().empty() && !segment.has_rows()) continue;
        auto opened = take_segment(segment, std::move(files));
        if (!opened || *opened) return opened;
    }
}

// As far as it is there.
std::string head_of(const base::UniqueFd& rows) {
    std::string head(spool::kFileHeaderBytes, '\0');
    const ssize_t size = ::pread(rows.get(), head.data(), head.size(), 0);
    head.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    return head;
}

// A capture's worker has written the file, and could have written somebody else's name into it. Or somebody
// has put a file of another spool there.
Result<void> check_header(spool::Bytes head, const wire::SegmentToRead& segment) {
    const auto found = spool::read_file_header(head, spool::FileKind::rows);
    if (!found) return std::unexpected(found.error());
    const auto wanted = spool::read_file_header(spool::as_bytes(segment.header()), spool::FileKind::rows);
    if (wanted && *found == *wanted) return {};
    return base::fail(ErrorCode::file, "is that of another segment");
}

// Nothing: it is not the segment that it should be, which is told.
Result<std::optional<spool::SegmentFiles>> Answering::take_segment(const wire::SegmentToRead& segment,
                                                                   std::vector<base::UniqueFd> files) {
    const std::size_t expected = std::size_t{segment.has_rows()} + std::size_t{segment.has_packets()} +
                                 std::size_t{segment.has_index()};
    if (!segment.has_rows() || files.size() != expected)
        return base::fail(ErrorCode::usage, "a segment did not come with its files");
    const std::string head = head_of(files.front());
    if (auto checked = check_header(spool::as_bytes(head), segment); !checked) {
        cannot_open(segment, "its rows file " + checked.error().message);
        if (!spool::header_version(spool::as_bytes(head), spool::FileKind::rows))
            damaged_.emplace(segment.job(), segment.counter());
        return std::nullopt;
    }
    ++segments_;
    bytes_ += segment.rows_bytes();
    with_index_ += segment.has_index() ? 1 : 0;
    std::size_t at = 0;
    spool::SegmentFiles opened;
    opened.rows = {std::move(files[at++]), segment.rows_bytes()};
    if (segment.has_packets()) opened.packets = {std::move(files[at++]), segment.packets_bytes()};
    opened.packets_removed = segment.packets_bytes() == 0;
    if (segment.has_index()) opened.index = {std::move(files[at++]), segment.index_bytes()};
    return opened;
}

Result<void> Answering::segment_done() {
    if (Clock::now() < progress_due_) return {};
    progress_due_ = Clock::now() + kProgressEvery;
    wire::Answer answer;
    wire::SearchProgress& progress = *answer.mutable_progress();
    progress.set_segments(segments_);
    progress.set_bytes(bytes_);
    progress.set_found(found_);
    return send(answer);
}

Result<void> Answering::run() {
    const spool::SearchOrder order = order_of(ask_.question());
    std::vector<std::unique_ptr<spool::RowStream>> streams;
    for (std::uint32_t stream = 0; stream < ask_.streams(); ++stream) {
        supplies_.push_back(std::make_unique<Supply>(*this, stream));
        auto search = std::make_unique<spool::JobSearch>(*supplies_.back(), *this, *question_, order);
        searches_.push_back(search.get());
        streams.push_back(std::move(search));
    }
    const std::uint64_t last = ask_.question().last();
    const std::uint64_t asked = last != 0 ? last : ask_.question().count();
    merge_.emplace(std::move(streams), order, asked == 0 ? spool::TimeMerge::kNoLimit : asked);
    if (last == 0) {
        if (auto given = give_all(*merge_); !given) return given;
        return packets_.finish();
    }
    auto runs = spool::oldest_first(*merge_, kLastRowsBytes);
    if (!runs) return std::unexpected(runs.error());
    for (const spool::FoundRows& found : *runs)
        if (auto given = give(found); !given) return given;
    return packets_.finish();
}

Result<void> Answering::give_all(spool::TimeMerge& merge) {
    const bool newest_first = order_of(ask_.question()) == spool::SearchOrder::newest_first;
    for (;;) {
        auto found = merge.next();
        if (!found) return std::unexpected(found.error());
        if (!*found) return {};
        auto given = newest_first ? give_newest_first(**found) : give(**found);
        if (!given) return given;
    }
}

// The rows of a run are in their own order, so each is sent by itself.
Result<void> Answering::give_newest_first(const spool::FoundRows& found) {
    const auto view = proto::BatchView::check(found.batch);
    if (!view) return std::unexpected(view.error());
    for (std::uint32_t row = view->rows(); row-- > 0;)
        if (auto given = give(spool::part_of(found, *view, row, row + 1)); !given) return given;
    return {};
}

// Saves first, so that whoever sees a row finds its packet. With the bytes of packets, rows are shown in
// parts that a client takes.
Result<void> Answering::give(const spool::FoundRows& found) {
    if (auto saved = packets_.save(found); !saved) return saved;
    if (!ask_.question().with_bytes()) return show(found);
    const auto view = proto::BatchView::check(found.batch);
    if (!view) return std::unexpected(view.error());
    for (std::uint32_t first = 0; first < view->rows();) {
        std::uint32_t last = first;
        for (std::size_t bytes = 0; last < view->rows() && (last == first || bytes < kBytesTogether); ++last)
            bytes += view->captured_bytes(last);
        if (auto shown = show(spool::part_of(found, *view, first, last)); !shown) return shown;
        first = last;
    }
    return {};
}

Result<void> Answering::show(const spool::FoundRows& found) {
    wire::Answer answer;
    wire::FoundRows& rows = *answer.mutable_rows();
    rows.set_job(found.job);
    rows.set_run(found.run);
    wire::Batch batch = found.batch;
    if (ask_.question().with_bytes()) add_bytes(found, batch);
    rows.set_batch(batch.SerializeAsString());
    found_ += found.batch.rows();
    return send(answer);
}

Result<void> Answering::send(const wire::Answer& answer) {
    auto sent = pipe_.send(answer);
    client_gone_ = client_gone_ || !sent;
    return sent;
}

void Answering::tell(wire::SearchNote note) {
    if (++notes_ > kNotesLimit) return;
    wire::Answer answer;
    *answer.mutable_note() = std::move(note);
    (void)send(answer);
}

const char* what_is_wrong(spool::FrameProblem problem) {
    switch (problem) {
        case spool::FrameProblem::partial:
            return "are missing at its end";
        case spool::FrameProblem::unknown_encoding:
            return "were written by a newer version";
        case spool::FrameProblem::header_damaged:
        case spool::FrameProblem::body_damaged:
            break;
    }
    return "are damaged";
}

void Answering::cannot_read(const spool::FileHeader& segment, const spool::Unreadable& bytes) {
    wire::SearchNote note;
    note.set_job(segment.job);
    note.set_segment(segment.counter);
    if (bytes.problem != spool::FrameProblem::unknown_encoding)
        damaged_.emplace(segment.job, segment.counter);
    note.set_text(std::to_string(bytes.bytes) + " bytes at " + std::to_string(bytes.offset) +
                  " of its rows " + what_is_wrong(bytes.problem));
    if (bytes.facts) {
        note.set_first_number(bytes.facts->first_number);
        note.set_rows(bytes.facts->rows);
        note.set_from_ns(bytes.facts->first_time_ns);
        note.set_to_ns(bytes.facts->last_time_ns);
    }
    tell(std::move(note));
}

void Answering::cannot_open(const wire::SegmentToRead& segment, const std::string& why) {
    wire::SearchNote note;
    note.set_job(segment.job());
    note.set_segment(segment.counter());
    note.set_text(why);
    tell(std::move(note));
}

void Answering::cannot_search(const base::Error& error) {
    wire::SearchNote note;
    note.set_text(error.message);
    tell(std::move(note));
}

wire::SearchCounts Answering::counts() const {
    spool::SearchCounts sum;
    for (const spool::JobSearch* search : searches_) sum += search->counts();
    wire::SearchCounts counts;
    counts.set_segments(segments_);
    counts.set_blocks(sum.blocks);
    counts.set_blocks_read(sum.blocks_read);
    counts.set_rows_read(sum.rows_read);
    counts.set_rows_found(found_);
    counts.set_unreadable(notes_);
    counts.set_index_used(with_index_);
    packets_.count(counts);
    return counts;
}

Result<void> Answering::send_end(const Result<void>& outcome) {
    wire::Answer answer;
    wire::SearchEnd& end = *answer.mutable_end();
    *end.mutable_counts() = counts();
    if (!outcome) {
        end.set_error(static_cast<std::uint32_t>(outcome.error().code));
        end.set_message(outcome.error().message);
    }
    return send(answer);
}

Result<void> send_ended(Link& link, const Result<void>& outcome) {
    wire::FromWorker message;
    message.mutable_ended()->set_reason(outcome ? wire::END_ASKED : wire::END_FAILED);
    if (!outcome) *message.mutable_ended()->mutable_error() = proto::to_wire(outcome.error());
    if (auto sent = link.send(message); !sent) return sent;
    return link.drain();
}

}  // namespace

int answer(const wire::Ask& ask, Link& link, Unlisted unlisted) {
    Answering answering(ask, link, unlisted);
    if (auto opened = answering.open(); !opened) return send_ended(link, opened) ? 0 : 1;
    wire::FromWorker ready;
    ready.mutable_ready();
    if (auto sent = link.send(ready); !sent) return 1;
    const auto outcome = answering.run();
    if (!answering.client_gone()) (void)answering.send_end(outcome);
    return send_ended(link, {}) ? 0 : 1;
}

}  // namespace packetsentry::worker
