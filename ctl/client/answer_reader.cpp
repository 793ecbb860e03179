#include "ctl/client/answer_reader.h"

#include <limits>
#include <string>
#include <utility>

namespace packetsentry::ctl {
namespace {

constexpr const char* kWorker = "the worker that searches";
constexpr std::int64_t kNoEnd = std::numeric_limits<std::int64_t>::max();

std::unexpected<base::Error> breach(const std::string& what) {
    return base::fail(base::ErrorCode::internal,
                      std::string(kWorker) + " broke its protocol: it sent " + what);
}

// 0: there is no end.
std::int64_t end_of_time(const wire::Question& question) {
    return question.until_ns() == 0 ? kNoEnd : question.until_ns();
}

// around_ns: not negative.
std::int64_t earlier(std::int64_t time_ns, std::int64_t around_ns) {
    constexpr auto kEarliest = std::numeric_limits<std::int64_t>::min();
    return time_ns < kEarliest + around_ns ? kEarliest : time_ns - around_ns;
}

std::int64_t later(std::int64_t time_ns, std::int64_t around_ns) {
    return time_ns > kNoEnd - around_ns ? kNoEnd : time_ns + around_ns;
}

std::uint64_t most_rows(const wire::Question& question) {
    const std::uint64_t most = question.last() != 0 ? question.last() : question.count();
    return most != 0 ? most : std::numeric_limits<std::uint64_t>::max();
}

}  // namespace

AnswerReader::AnswerReader(const wire::Question& question, const wire::SearchScope& scope)
    : since_ns_(question.since_ns()),
      until_ns_(end_of_time(question)),
      context_ns_(static_cast<std::int64_t>(question.context_ns())),
      most_(most_rows(question)) {
    for (const wire::KeptJobName& job : scope.job()) jobs_.insert(job.id());
}

base::Result<AnswerEvent> AnswerReader::read(std::string_view frame) {
    if (ended_) return breach("a message after its end");
    if (!message_.ParseFromArray(frame.data(), static_cast<int>(frame.size())))
        return breach("a message that cannot be read");
    switch (message_.message_case()) {
        case wire::Answer::kRows:
            return rows(message_.rows());
        case wire::Answer::kProgress:
            return message_.progress();
        case wire::Answer::kNote:
            return note(std::move(*message_.mutable_note()));
        case wire::Answer::kEnd:
            return end(std::move(*message_.mutable_end()));
        case wire::Answer::MESSAGE_NOT_SET:
            break;
    }
    return breach("an empty message");
}

base::Result<AnswerEvent> AnswerReader::rows(const wire::FoundRows& rows) {
    if (!jobs_.contains(rows.job())) return breach("rows of a job that is not searched");
    const auto view = batch_.read(rows.batch(), kWorker);
    if (!view) return std::unexpected(view.error());
    if (rows.context() && context_ns_ == 0) return breach("rows around others that were not asked for");
    if (!was_asked_for(**view, rows.context() ? context_ns_ : 0))
        return breach("a row of a time that was not asked for");
    if (rows.context()) {
        context_ += (*view)->rows();
        return FoundBatch{rows.job(), *view, true};
    }
    if ((*view)->rows() > most_ - found_) return breach("more rows than were asked for");
    found_ += (*view)->rows();
    return FoundBatch{rows.job(), *view, false};
}

bool AnswerReader::was_asked_for(const proto::BatchView& view, std::int64_t around_ns) const {
    const std::int64_t first_ns = earlier(since_ns_, around_ns);
    const std::int64_t end_ns = later(until_ns_, around_ns);
    for (std::uint32_t row = 0; row < view.rows(); ++row) {
        if (view.flag(row, wire::FLAG_NO_TIME)) continue;
        const std::int64_t time_ns = view.time_ns(row);
        if (time_ns < first_ns || (time_ns >= end_ns && end_ns != kNoEnd)) return false;
    }
    return true;
}

base::Result<AnswerEvent> AnswerReader::note(wire::SearchNote&& note) const {
    if (note.text().size() > kTextLimit) return breach("a note that is too long");
    if (note.job() != 0 && !jobs_.contains(note.job())) return breach("a note of a job that is not searched");
    return std::move(note);
}

base::Result<AnswerEvent> AnswerReader::end(wire::SearchEnd&& end) {
    ended_ = true;
    if (end.message().size() > kTextLimit) return breach("an error message that is too long");
    if (end.counts().rows_found() < found_ || end.counts().rows_context() < context_)
        return breach("a count that is below the rows that it sent");
    return std::move(end);
}

}  // namespace packetsentry::ctl
