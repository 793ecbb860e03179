#include "daemon/control/past_question.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <variant>

#include "daemon/base/clock.h"
#include "daemon/control/replies.h"
#include "daemon/log/journal_fields.h"
#include "daemon/log/log.h"
#include "daemon/loop/sleeper.h"

namespace packetsentry::control {

namespace asio = boost::asio;
using base::ErrorCode;
using base::Result;

namespace {

constexpr std::chrono::seconds kLookEvery{1};
constexpr std::uint64_t kWholeConnection = 0;  // an answer to no request

constexpr const char* kSlowReader =
    "the search was ended, because the answer was not read for too long; what had been read is complete up "
    "to "
    "there";
constexpr const char* kPolicyChanged =
    "the search was ended, because the policy no longer allows you to see all that was searched; ask again "
    "to "
    "see what it allows";
constexpr const char* kRemoved =
    "the search was ended, because a part of what it read was removed from the spool more than 60 s ago, and "
    "takes space until nobody reads it; ask again, for a shorter time";

wire::SegmentToRead message_about(const SegmentPlace& place) {
    wire::SegmentToRead message;
    message.set_job(place.job);
    message.set_counter(place.counter);
    return message;
}

wire::SegmentToRead message_of(const SegmentPlace& place, const spool::ReadableSegment& segment,
                               bool with_packets) {
    wire::SegmentToRead message = message_about(place);
    message.set_has_rows(true);
    message.set_rows_bytes(segment.rows_bytes);
    message.set_has_packets(static_cast<bool>(segment.packets));
    message.set_packets_bytes(segment.packets_bytes);
    message.set_has_index(static_cast<bool>(segment.index));
    message.set_index_bytes(segment.index_bytes);
    message.set_header(spool::encode(segment.header));
    if (with_packets) message.set_trouble(segment.packets_trouble);
    return message;
}

}  // namespace

PastQuestion::PastQuestion(std::shared_ptr<Session> session, std::shared_ptr<spool::Housekeeping> spool,
                           KeptScope scope, std::unique_ptr<workers::QuestionWorker> worker,
                           const Asked& asked, Recheck recheck, std::uint64_t policy_changes)
    : session_(std::move(session)),
      spool_(std::move(spool)),
      streams_(std::move(scope.streams)),
      worker_(std::move(worker)),
      asked_(asked),
      recheck_(std::move(recheck)),
      policy_changes_(policy_changes),
      last_wish_(base::SteadyClock::now()) {
    if (asked_.twice) worker_->allow_again();
    if (!asked_.reversed) return;
    for (auto& stream : streams_) std::ranges::reverse(stream);
}

asio::awaitable<void> PastQuestion::serve() {
    for (;;) {
        auto wish = co_await worker_->next();
        // It may have been taken over by what it has read, and its client leaves at once when it dies.
        if (!wish && !worker_->was_killed())
            log::tell(log::Event::answer_failed,
                      {log::uid_field(session_->peer().uid), {log::kAction, "search"}},
                      "a question of uid {} has no complete answer: {}", session_->peer().uid,
                      wish.error().message);
        tell_damaged();
        if (!wish || std::holds_alternative<workers::QuestionWorker::Done>(*wish)) break;
        last_wish_ = base::SteadyClock::now();
        co_await hand_over(*wish);
    }
    over_ = true;
    for (auto& held : held_) held.clear();
}

asio::awaitable<void> PastQuestion::watch() {
    loop::Sleeper sleeper(session_->executor(), session_->changed());
    while (!over_ && may_go_on()) co_await sleeper.sleep_until(base::SteadyClock::now() + kLookEvery);
    if (over_) co_return;
    // The reason, if there is one, comes before the end of the pipe.
    const auto told = [session = session_.get()] { return session->at_rest() || !session->open(); };
    co_await sleeper.until(told, base::SteadyClock::now() + kLookEvery);
    worker_->kill();
}

bool PastQuestion::may_go_on() {
    if (!session_->client_is_there()) return false;
    const Shared& shared = session_->shared();
    if (base::SteadyClock::now() - last_wish_ >= shared.config.reader_patience) {
        end(ErrorCode::timed_out, kSlowReader);
        return false;
    }
    if (holds_removed()) {
        end(ErrorCode::timed_out, kRemoved);
        return false;
    }
    if (std::exchange(policy_changes_, shared.policy_changes) == shared.policy_changes) return true;
    session_->complete_peer();
    if (recheck_()) return true;
    end(ErrorCode::not_permitted, kPolicyChanged);
    return false;
}

bool PastQuestion::holds_removed() const {
    const auto now = base::SteadyClock::now();
    const auto for_too_long = [now](const Hold& hold) {
        const auto since = hold->removed_at();
        return since && now - *since >= kRemovedLimit;
    };
    return std::ranges::any_of(held_,
                               [&](const auto& held) { return std::ranges::any_of(held, for_too_long); });
}

// The client learns why the pipe ends before the answer has.
void PastQuestion::end(ErrorCode code, const char* why) {
    log::tell(log::Event::refused, {log::uid_field(session_->peer().uid), {log::kAction, "search"}},
              "uid {}: {}", session_->peer().uid, why);
    session_->send(message_of(error_reply(kWholeConnection, {code, why})));
}

asio::awaitable<void> PastQuestion::hand_over(workers::QuestionWorker::Wish wish) {
    const auto wanted = std::get<workers::QuestionWorker::Segment>(wish);
    const std::uint32_t stream = wanted.stream;
    const auto& places = streams_[stream];
    if (wanted.again) next_[stream] = 0;
    // The next one may be asked for while the one before is read, so what was read before both is closed.
    auto& held = held_[stream];
    if (!asked_.holds_all && held.size() > 1) held.erase(held.begin(), held.end() - 1);
    if (next_[stream] == places.size()) {
        wire::SegmentToRead none;
        none.set_none(true);
        worker_->send(none, {});
        co_return;
    }
    const SegmentPlace place = places[next_[stream]++];
    if (!place.trouble.empty()) co_return send_trouble(place, place.trouble);
    const std::function<Result<spool::ReadableSegment>(spool::Spool&)> call = [place](spool::Spool& spool) {
        return spool.open_to_read(place.job, place.counter);
    };
    auto opened = co_await spool_->ask<spool::ReadableSegment>(call);
    if (opened && !asked_.with_packets) opened->packets.reset();
    if (opened && opened->rows)
        send(place, *opened, stream);
    else
        send_trouble(place, opened ? std::string("its rows are not there") : opened.error().message);
}

// An attacker who has taken the worker over gains nothing but a little work at the lowest priority.
void PastQuestion::tell_damaged() {
    const auto damaged = worker_->take_damaged();
    if (!damaged || damaged_left_ == 0 || !was_sent(damaged->first, damaged->second)) return;
    --damaged_left_;
    spool_->tell(
        [damaged = *damaged](spool::Spool& spool) { spool.miss_rows(damaged.first, damaged.second); });
}

bool PastQuestion::was_sent(std::uint64_t job, std::uint64_t counter) const {
    for (std::size_t stream = 0; stream < streams_.size(); ++stream)
        for (std::size_t i = 0; i < next_[stream]; ++i)
            if (streams_[stream][i].job == job && streams_[stream][i].counter == counter) return true;
    return false;
}

void PastQuestion::send(const SegmentPlace& place, spool::ReadableSegment& opened, std::uint32_t stream) {
    std::array<int, 3> files{};
    std::size_t count = 0;
    for (const base::UniqueFd* const file : {&opened.rows, &opened.packets, &opened.index})
        if (*file) files[count++] = file->get();
    worker_->send(message_of(place, opened, asked_.with_packets), std::span(files).first(count));
    held_[stream].push_back(std::move(opened.hold));
}

void PastQuestion::send_trouble(const SegmentPlace& place, const std::string& why) {
    wire::SegmentToRead message = message_about(place);
    message.set_trouble(why);
    worker_->send(message, {});
}

}  // namespace packetsentry::control
