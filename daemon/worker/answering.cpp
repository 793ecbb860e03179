#include "daemon/worker/answering.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "daemon/base/syscall.h"
#include "daemon/spool/search/job_search.h"
#include "daemon/spool/search/question.h"
#include "daemon/spool/search/surroundings.h"
#include "daemon/spool/search/time_merge.h"
#include "daemon/worker/compression.h"
#include "daemon/worker/held_numbers.h"
#include "daemon/worker/privileges.h"
#include "daemon/worker/segment_requests.h"
#include "daemon/worker/shown_rows.h"
#include "daemon/worker/tidying.h"
#include "proto/link/peer_error.h"

namespace packetsentry::worker {
namespace {

using base::ErrorCode;
using base::Result;
using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kStreamLimit = 64;
constexpr std::size_t kLastRowsBytes = 256U << 20;  // --last keeps its rows in memory
constexpr std::uint64_t kNotesLimit = 100;          // that are told
constexpr std::uint64_t kContextLimit = 86'400'000'000'000;
constexpr std::chrono::milliseconds kProgressEvery{200};

spool::SearchOrder order_of(const wire::Question& question) {
    const bool newest_first = question.last() != 0 || question.order() == wire::SEARCH_NEWEST_FIRST;
    return newest_first ? spool::SearchOrder::newest_first : spool::SearchOrder::oldest_first;
}

// 0: everything.
std::int64_t end_of(const wire::Question& question) {
    return question.until_ns() == 0 ? spool::TimeRange::kNoEnd : question.until_ns();
}

// Sends what is found to the client, and asks the link for segments.
class Answering : public spool::SearchNotes, public SegmentRequests::Listener {
  public:
    Answering(const wire::Ask& ask, Link& link, Unlisted unlisted)
        : ask_(ask), link_(link), sandbox_{.unlisted = unlisted} {}

    Result<void> open();
    Result<void> run();
    Result<void> send_end(const Result<void>& outcome);
    void take_rest() { requests_.take_rest(); }
    [[nodiscard]] std::optional<SegmentRequests::Damaged> take_damaged() { return requests_.take_damaged(); }
    [[nodiscard]] bool client_gone() const { return pipe_.closed(); }

    Result<void> before_segment() override;
    void cannot_open(const wire::SegmentToRead& segment, const std::string& why) override;
    void cannot_read(const spool::FileHeader& segment, const spool::Unreadable& bytes) override;
    void cannot_search(const base::Error& error) override;

  private:
    Result<void> take_descriptors();
    Result<void> enter();
    Result<void> empty_output();
    void begin_merge(std::uint64_t limit);
    [[nodiscard]] std::uint64_t asked_for() const;
    Result<void> find_surroundings();
    Result<void> give_answer();
    Result<void> give_last();
    Result<void> give(const spool::FoundRows& found);
    Result<void> give_all(spool::TimeMerge& merge);
    Result<void> give_newest_first(const spool::FoundRows& found);
    void tell(wire::SearchNote note);
    [[nodiscard]] spool::SearchCounts searched() const;
    [[nodiscard]] wire::SearchCounts counts() const;

    const wire::Ask& ask_;
    Link& link_;
    Sandbox sandbox_;
    AnswerPipe pipe_;
    ShownRows rows_{ask_.question(), pipe_};
    HeldNumbers held_;
    FoundPackets packets_{nullptr};
    std::optional<spool::Question> question_;
    SegmentRequests requests_{link_, *this, ask_.streams() == 1};
    std::vector<std::unique_ptr<spool::SegmentSupply>> supplies_;
    std::vector<spool::JobSearch*> searches_;  // the merge has them
    std::optional<spool::TimeMerge> merge_;
    std::optional<spool::Surroundings> around_;
    std::optional<spool::SearchCounts> first_pass_;  // what was searched to find the surroundings
    std::uint64_t notes_ = 0;
    std::set<std::string> told_;         // of the notes
    std::vector<std::string> comments_;  // of the output, about what is in the notes
    Clock::time_point progress_due_ = Clock::now() + kProgressEvery;
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
    if (asked.table() != wire::TABLE_UNKNOWN) question_->ask_table(static_cast<std::uint32_t>(asked.table()));
    if (sandbox_.output < 0 && !asked.with_bytes()) question_->leave_packets();
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
    if (descriptors.size() != (saves ? 2U : 1U) || ask_.streams() > kStreamLimit ||
        ask_.question().context_ns() > kContextLimit)
        return base::fail(ErrorCode::usage, "the question did not come with what it needs");
    pipe_ = AnswerPipe(std::move(descriptors.front()));
    sandbox_.last_writable = std::max(pipe_.fd(), link_.fd());
    if (!saves) return {};
    sandbox_.output = descriptors.back().get();
    sandbox_.last_writable = std::max(sandbox_.last_writable, sandbox_.output);
    packets_ = FoundPackets(capture::CaptureWriter::make(
        std::move(descriptors.back()), capture::FileFormat::pcapng, compression_of(ask_.save()), false));
    packets_.put_comments({ask_.comment().begin(), ask_.comment().end()});
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

Result<void> Answering::before_segment() {
    if (Clock::now() < progress_due_) return {};
    progress_due_ = Clock::now() + kProgressEvery;
    wire::Answer answer;
    wire::SearchProgress& progress = *answer.mutable_progress();
    progress.set_segments(requests_.counts().segments);
    progress.set_bytes(requests_.counts().bytes);
    progress.set_found(rows_.matching());
    return pipe_.send(answer);
}

// 0 would be no limit.
std::uint64_t Answering::asked_for() const {
    const wire::Question& question = ask_.question();
    const std::uint64_t asked = question.last() != 0 ? question.last() : question.count();
    return asked == 0 ? spool::TimeMerge::kNoLimit : asked;
}

void Answering::begin_merge(std::uint64_t limit) {
    const spool::SearchOrder order = order_of(ask_.question());
    merge_.reset();
    searches_.clear();
    supplies_.clear();
    std::vector<std::unique_ptr<spool::RowStream>> streams;
    for (std::uint32_t stream = 0; stream < ask_.streams(); ++stream) {
        supplies_.push_back(requests_.supply(stream));
        auto search = std::make_unique<spool::JobSearch>(*supplies_.back(), *this, *question_, order);
        searches_.push_back(search.get());
        streams.push_back(std::move(search));
    }
    merge_.emplace(std::move(streams), order, limit);
}

Result<void> Answering::run() {
    begin_merge(asked_for());
    if (ask_.question().context_ns() != 0) {
        if (auto found = find_surroundings(); !found) return found;
    }
    if (auto given = give_answer(); !given) return given;
    return packets_.finish(std::move(comments_));
}

// The rows that it finds are found again by the second search, in the same order, with those around them.
Result<void> Answering::find_surroundings() {
    around_.emplace(static_cast<std::int64_t>(ask_.question().context_ns()));
    for (;;) {
        auto found = merge_->next();
        if (!found) return std::unexpected(found.error());
        if (!*found) break;
        if (auto added = around_->add(**found); !added) return added;
    }
    first_pass_ = searched();
    rows_.limit(0, asked_for());
    question_->look_around(*around_);
    requests_.start_again();
    begin_merge(spool::TimeMerge::kNoLimit);
    return {};
}

Result<void> Answering::give_answer() {
    return ask_.question().last() == 0 ? give_all(*merge_) : give_last();
}

Result<void> Answering::give_last() {
    auto runs = spool::oldest_first(*merge_, kLastRowsBytes);
    if (!runs) return std::unexpected(runs.error());
    std::uint64_t matching = 0;
    for (const spool::FoundRows& found : *runs)
        matching += static_cast<std::uint64_t>(std::ranges::count(found.matching, std::uint8_t{1}));
    if (first_pass_) rows_.limit(matching - std::min(matching, asked_for()), asked_for());
    for (const spool::FoundRows& found : *runs)
        if (auto given = give(found); !given) return given;
    return pipe_.flush();
}

Result<void> Answering::give_all(spool::TimeMerge& merge) {
    const bool newest_first = order_of(ask_.question()) == spool::SearchOrder::newest_first;
    for (;;) {
        auto found = merge.next();
        if (!found) return std::unexpected(found.error());
        if (!*found) return {};
        auto given = newest_first ? give_newest_first(**found) : give(**found);
        if (given) given = pipe_.flush();
        if (!given) return given;
    }
}

// The rows of a run are in their own order, so each is a message of its own. They are written together.
Result<void> Answering::give_newest_first(const spool::FoundRows& found) {
    const auto view = proto::BatchView::check(found.batch);
    if (!view) return std::unexpected(view.error());
    for (std::uint32_t row = view->rows(); row-- > 0;)
        if (auto given = give(spool::part_of(found, *view, row, row + 1)); !given) return given;
    return {};
}

// Saves first, so that whoever sees a row finds its packet.
Result<void> Answering::give(const spool::FoundRows& found) {
    if (auto saved = packets_.save(found); !saved) return saved;
    return rows_.show(found);
}

// The second search meets again what the first could not read.
void Answering::tell(wire::SearchNote note) {
    if (first_pass_ && (notes_ >= kNotesLimit || told_.contains(note.SerializeAsString()))) return;
    if (++notes_ > kNotesLimit) return;
    told_.insert(note.SerializeAsString());
    comments_.push_back("cannot read " +
                        (note.job() == 0 ? std::string("a part of the spool")
                                         : "a part of what job " + std::to_string(note.job()) + " recorded") +
                        ": " + note.text());
    wire::Answer answer;
    *answer.mutable_note() = std::move(note);
    (void)pipe_.send(answer);
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
        requests_.damaged({segment.job, segment.counter});
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

spool::SearchCounts Answering::searched() const {
    if (first_pass_) return *first_pass_;
    spool::SearchCounts sum;
    for (const spool::JobSearch* search : searches_) sum += search->counts();
    return sum;
}

wire::SearchCounts Answering::counts() const {
    const spool::SearchCounts sum = searched();
    wire::SearchCounts counts;
    counts.set_segments(requests_.counts().segments);
    counts.set_blocks(sum.blocks);
    counts.set_blocks_read(sum.blocks_read);
    counts.set_rows_read(sum.rows_read);
    counts.set_rows_found(rows_.matching());
    counts.set_unreadable(notes_);
    counts.set_index_used(requests_.counts().with_index);
    counts.set_rows_context(rows_.context());
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
    return pipe_.send(answer);
}

Result<void> send_ended(Link& link, const Result<void>& outcome,
                        const std::optional<SegmentRequests::Damaged>& damaged = {}) {
    wire::FromWorker message;
    if (damaged) {
        message.mutable_ended()->set_damaged_job(damaged->job);
        message.mutable_ended()->set_damaged_segment(damaged->counter);
    }
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
    answering.take_rest();
    return send_ended(link, {}, answering.take_damaged()) ? 0 : 1;
}

}  // namespace packetsentry::worker
