#include "daemon/control/answer_comments.h"

#include <array>
#include <ctime>
#include <limits>
#include <map>
#include <memory>
#include <utility>

#include "daemon/jobs/moment.h"
#include "proto/words/loss_words.h"

namespace packetsentry::control {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

// "2026-11-30T22:23:28Z"
std::string utc_text(std::int64_t time_ns) {
    // Rounded down, also before 1970.
    const std::time_t second = time_ns / kSecond - (time_ns % kSecond < 0 ? 1 : 0);
    std::tm parts{};
    std::array<char, 32> text{};
    if (::gmtime_r(&second, &parts) == nullptr) return std::to_string(second) + " s after 1970";
    const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return {text.data(), size};
}

// "from … to …"; without an end where there is none.
std::string span_text(std::int64_t from_ns, std::int64_t to_ns) {
    const bool begins = from_ns != std::numeric_limits<std::int64_t>::min();
    const bool ends = to_ns != std::numeric_limits<std::int64_t>::max();
    if (!begins && !ends) return "at any time";
    if (!begins) return "up to " + utc_text(to_ns);
    return "from " + utc_text(from_ns) + (ends ? " to " + utc_text(to_ns) : " on");
}

std::string shown_name_of(const wire::KeptJobName& job) {
    const std::string number = "job " + std::to_string(job.id());
    return job.name().empty() ? number : number + " (" + job.name() + ")";
}

std::string packets_text(const wire::Loss& loss) {
    if (loss.to_ns() == 0 || loss.uncounted()) return ": it is not known how many packets";
    const std::string count = std::to_string(loss.packets()) + (loss.packets() == 1 ? " packet" : " packets");
    return (loss.at_most() ? ": at most " : ": ") + count;
}

bool is_in(const wire::Loss& loss, const spool::TimeRange& range) {
    return loss.from_ns() <= range.until_ns && (loss.to_ns() == 0 || loss.to_ns() >= range.since_ns);
}

// Packets that the user's own file did not take are in the spool all the same.
bool concerns_spool(const wire::Loss& loss) {
    return loss.cause() != wire::Loss::NOT_SAVED;
}

// Takes comments as long as there is room.
class Comments {
  public:
    void add(std::string text) {
        if (bytes_ + text.size() > kCommentBytes) {
            ++more_;
            return;
        }
        bytes_ += text.size();
        texts_.push_back(std::move(text));
    }
    void add(std::vector<std::string> texts) {
        for (std::string& text : texts) add(std::move(text));
    }
    [[nodiscard]] std::vector<std::string> take() {
        if (more_ != 0) texts_.push_back(std::to_string(more_) + " further comments had no room");
        return std::move(texts_);
    }

  private:
    std::vector<std::string> texts_;
    std::size_t bytes_ = 0;
    std::uint64_t more_ = 0;
};

std::string searched_comment(const wire::KeptJobName& job) {
    std::string text = shown_name_of(job) + " was searched";
    if (job.rows_since_ns() != 0) text += "; it is kept since " + utc_text(job.rows_since_ns());
    if (job.packets_since_ns() == 0) return text + ", without its packets";
    if (job.packets_since_ns() > job.rows_since_ns())
        text += ", with its packets since " + utc_text(job.packets_since_ns());
    return text;
}

std::string removed_comment(const wire::SearchScope& scope, const wire::RemovedTime& removed) {
    std::string name = "job " + std::to_string(removed.job());
    for (const wire::KeptJobName& job : scope.job())
        if (job.id() == removed.job()) name = shown_name_of(job);
    return (removed.packets_alone() ? "the packets that " : "what ") + name + " recorded " +
           span_text(removed.from_ns(), removed.to_ns()) +
           (removed.packets_alone() ? " are no longer kept" : " is no longer kept");
}

}  // namespace

std::vector<std::string> loss_comments(const std::string& name, const wire::Job& job,
                                       const spool::TimeRange& range) {
    std::vector<std::string> comments;
    const auto told = static_cast<std::uint64_t>(job.loss_size());
    if (job.losses() > told)
        comments.push_back(name + " had " + std::to_string(job.losses() - told) +
                           " earlier gaps, which are not listed any more");
    for (const wire::Loss& loss : job.loss()) {
        if (!concerns_spool(loss) || !is_in(loss, range)) continue;
        const std::int64_t to_ns =
            loss.to_ns() == 0 ? std::numeric_limits<std::int64_t>::max() : loss.to_ns();
        comments.push_back(name + " has a gap " + span_text(loss.from_ns(), to_ns) + ", " +
                           std::string(proto::cause_text(loss.cause())) + packets_text(loss));
    }
    return comments;
}

std::vector<std::string> comments_on(Shared& shared, const wire::SearchScope& scope,
                                     const spool::TimeRange& range) {
    std::map<std::uint64_t, std::shared_ptr<jobs::Job>> known;
    for (const auto& job : shared.registry().all([](const jobs::Job&) { return true; }))
        known.emplace(job->id(), job);
    Comments comments;
    for (const wire::KeptJobName& job : scope.job()) {
        comments.add(searched_comment(job));
        const auto found = known.find(job.id());
        if (found == known.end())
            comments.add("the gaps of " + shown_name_of(job) +
                         " are not known any more, because it ended too long ago");
        else
            comments.add(loss_comments(shown_name_of(job), found->second->describe(jobs::now()), range));
    }
    for (const wire::RemovedTime& removed : scope.removed()) comments.add(removed_comment(scope, removed));
    if (scope.withheld() != 0)
        comments.add(std::to_string(scope.withheld()) +
                     " segments were not searched, because the user may not see what was recorded for other "
                     "users, or under looser terms");
    return comments.take();
}

}  // namespace packetsentry::control
