#include "daemon/control/search_requests.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include "daemon/base/clock.h"
#include "daemon/base/local_file.h"
#include "daemon/control/kept_scope.h"
#include "daemon/jobs/start_order.h"
#include "daemon/log/log.h"
#include "daemon/loop/sleeper.h"
#include "daemon/loop/spawn.h"
#include "daemon/workers/question_worker.h"
#include "proto/words/filter.h"

namespace packetsentry::control {

namespace asio = boost::asio;
using base::ErrorCode;
using base::Result;

namespace {

constexpr std::uint32_t kQuestionsOfUser = 4;  // at once
constexpr int kNamesOfQuestion = 64;
constexpr std::chrono::seconds kLookEvery{1};
constexpr std::uint64_t kSegmentsHeld = 256;
constexpr std::uint32_t kDamagedOfQuestion = 16;  // segments that it has repaired

bool is_pipe(int fd) {
    struct statx status {};
    return ::statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE, &status) == 0 &&
           S_ISFIFO(status.stx_mode);
}

Result<void> check_search(const wire::Search& search, const std::vector<base::UniqueFd>& descriptors) {
    const bool saves = search.save().format() != wire::SAVE_NONE;
    if (saves && (search.save().format() != wire::SAVE_PCAPNG || search.save().continued()))
        return base::fail(ErrorCode::usage, "packets of the past are saved as pcapng");
    if (descriptors.size() != (saves ? 2U : 1U) || !is_pipe(descriptors.front().get()))
        return base::fail(ErrorCode::usage, "a question needs a pipe for its answer");
    for (const base::UniqueFd& descriptor : descriptors)
        if (auto checked = jobs::check_output(descriptor.get()); !checked) return checked;
    // It would be charged to the daemon, and nothing limits how much is found.
    if (saves && base::memory_of(descriptors.back().get()) != base::Memory::none)
        return base::fail(ErrorCode::file,
                          "the output is in memory (tmpfs), or on a file system that is not "
                          "mounted here; save to a file on a disk");
    if (search.job_size() > kNamesOfQuestion)
        return base::fail(ErrorCode::usage, "a question names at most " + std::to_string(kNamesOfQuestion) +
                                                " jobs; a pattern such as 'lab*' names many");
    if (!search.question().filter().bpf().empty())
        return base::fail(ErrorCode::filter,
                          "a libpcap expression cannot be asked of what is kept; use a display filter (-Y)");
    auto text = proto::filter_text(search.question().filter());
    if (!text) return std::unexpected(text.error());
    return {};
}

spool::TimeRange range_of(const wire::Question& question) {
    spool::TimeRange range;
    if (question.since_ns() != 0) range.since_ns = question.since_ns();
    if (question.until_ns() != 0) range.until_ns = question.until_ns() - 1;
    return range;
}

asio::awaitable<Result<std::vector<KeptSegments>>> find_kept(spool::Housekeeping& spool,
                                                             spool::TimeRange range) {
    const std::function<Result<std::vector<KeptSegments>>(spool::Spool&)> call =
        [range](spool::Spool& all) -> Result<std::vector<KeptSegments>> {
        std::vector<KeptSegments> kept;
        for (const std::uint64_t job : all.jobs()) {
            KeptSegments& one = kept.emplace_back();
            one.job = job;
            one.segments = all.list(job, range, wire::TABLE_PACKETS);
            for (const spool::TableUsage& usage : all.usage(job, 0)) {
                if (usage.table != wire::TABLE_PACKETS) continue;
                one.rows_since_ns = usage.rows_since_ns.value_or(0);
                one.packets_since_ns = usage.packets_since_ns.value_or(0);
            }
        }
        for (const auto& [job, why] : all.unusable()) {
            KeptSegments& one = kept.emplace_back();
            one.job = job;
            one.trouble = why;
        }
        return kept;
    };
    co_return co_await spool.ask<std::vector<KeptSegments>>(call);
}

bool newest_first(const wire::Question& question) {
    return question.last() != 0 || question.order() == wire::SEARCH_NEWEST_FIRST;
}

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

// Tells whether the policy still allows what it has allowed.
using Recheck = std::function<bool()>;

// A question that is being answered.
class Asked {
  public:
    // with_packets: the user asks for them, and may have them.
    Asked(std::shared_ptr<Session> session, std::shared_ptr<spool::Housekeeping> spool, KeptScope scope,
          std::unique_ptr<workers::QuestionWorker> worker, bool reversed, bool with_packets, Recheck recheck,
          std::uint64_t policy_changes)
        : session_(std::move(session)),
          spool_(std::move(spool)),
          streams_(std::move(scope.streams)),
          worker_(std::move(worker)),
          with_packets_(with_packets),
          recheck_(std::move(recheck)),
          policy_changes_(policy_changes) {
        if (!reversed) return;
        for (auto& stream : streams_) std::ranges::reverse(stream);
    }

    // Hands over segments until the worker has ended.
    asio::awaitable<void> serve() {
        for (;;) {
            auto wish = co_await worker_->next();
            if (!wish || std::holds_alternative<workers::QuestionWorker::Done>(*wish)) break;
            last_wish_ = base::SteadyClock::now();
            tell_damaged();
            co_await hand_over(std::get<std::uint32_t>(*wish));
        }
        over_ = true;
    }
    // Ends the worker when its client is gone, or reads nothing for too long, and when the policy no longer
    // allows all that the question was allowed.
    asio::awaitable<void> watch() {
        loop::Sleeper sleeper(session_->executor(), session_->changed());
        while (!over_ && may_go_on()) co_await sleeper.sleep_until(base::SteadyClock::now() + kLookEvery);
        if (!over_) worker_->kill();
    }

  private:
    [[nodiscard]] bool may_go_on() {
        const Shared& shared = session_->shared();
        if (!session_->client_is_there() ||
            base::SteadyClock::now() - last_wish_ >= shared.config.reader_patience)
            return false;
        if (std::exchange(policy_changes_, shared.policy_changes) == shared.policy_changes) return true;
        session_->complete_peer();
        return recheck_();
    }

    asio::awaitable<void> hand_over(std::uint32_t stream) {
        const auto& places = streams_[stream];
        if (next_[stream] == places.size()) {
            wire::SegmentToRead none;
            none.set_none(true);
            worker_->send(none, {});
            co_return;
        }
        const SegmentPlace place = places[next_[stream]++];
        if (!place.trouble.empty()) co_return send_trouble(place, place.trouble);
        const std::function<Result<spool::ReadableSegment>(spool::Spool&)> call =
            [place](spool::Spool& spool) { return spool.open_to_read(place.job, place.counter); };
        auto opened = co_await spool_->ask<spool::ReadableSegment>(call);
        if (opened && !with_packets_) opened->packets.reset();
        if (opened && opened->rows)
            send(place, *opened);
        else
            send_trouble(place, opened ? std::string("its rows are not there") : opened.error().message);
    }
    // Has rows made again that could not be read. An attacker who has taken the worker over gains nothing but
    // a little work at the lowest priority.
    void tell_damaged() {
        const auto damaged = worker_->take_damaged();
        if (!damaged || damaged_left_ == 0 || !was_sent(damaged->first, damaged->second)) return;
        --damaged_left_;
        spool_->tell(
            [damaged = *damaged](spool::Spool& spool) { spool.miss_rows(damaged.first, damaged.second); });
    }
    [[nodiscard]] bool was_sent(std::uint64_t job, std::uint64_t counter) const {
        for (std::size_t stream = 0; stream < streams_.size(); ++stream)
            for (std::size_t i = 0; i < next_[stream]; ++i)
                if (streams_[stream][i].job == job && streams_[stream][i].counter == counter) return true;
        return false;
    }
    void send(const SegmentPlace& place, const spool::ReadableSegment& opened) {
        std::array<int, 3> files{};
        std::size_t count = 0;
        for (const base::UniqueFd* const file : {&opened.rows, &opened.packets, &opened.index})
            if (*file) files[count++] = file->get();
        worker_->send(message_of(place, opened, with_packets_), std::span(files).first(count));
    }
    void send_trouble(const SegmentPlace& place, const std::string& why) {
        wire::SegmentToRead message = message_about(place);
        message.set_trouble(why);
        worker_->send(message, {});
    }

    std::shared_ptr<Session> session_;
    std::shared_ptr<spool::Housekeeping> spool_;
    std::vector<std::vector<SegmentPlace>> streams_;
    std::array<std::size_t, kStreamsOfQuestion> next_{};
    std::unique_ptr<workers::QuestionWorker> worker_;
    bool with_packets_;
    Recheck recheck_;
    std::uint64_t policy_changes_;  // when it was asked last
    std::chrono::steady_clock::time_point last_wish_ = base::SteadyClock::now();
    std::uint32_t damaged_left_ = kDamagedOfQuestion;
    bool over_ = false;
};

// Returns what counts the question as long as it lives. Error (usage): the user asks too many at once.
Result<std::shared_ptr<const void>> place_for_question(Call& call) {
    const uid_t payer = call.shared().payer(call.uid());
    const auto questions = call.shared().questions;
    if (payer != 0 && (*questions)[payer] >= kQuestionsOfUser)
        return base::fail(ErrorCode::usage, "you ask " + std::to_string(kQuestionsOfUser) +
                                                " questions already, which is the limit; try again when one "
                                                "is answered");
    ++(*questions)[payer];
    return std::shared_ptr<const void>(nullptr, [questions, payer](const void*) {
        if (--(*questions)[payer] == 0) questions->erase(payer);
    });
}

// Those segments whose packets are shown at the end are open until then.
Result<std::uint32_t> segments_held(const wire::Question& question, const wire::SearchScope& told,
                                    bool with_packets) {
    if (question.last() == 0 || !with_packets) return 0;
    if (told.segments() <= kSegmentsHeld) return static_cast<std::uint32_t>(told.segments());
    return base::fail(ErrorCode::usage, "the last packets could be in " + std::to_string(told.segments()) +
                                            " segments, and at most " + std::to_string(kSegmentsHeld) +
                                            " can be open at once; give --since a later time");
}

void log_question(const Call& call, const wire::SearchScope& told) {
    log::tell(log::Event::job_read, {log::uid_field(call.uid()), {log::kAction, "search"}},
              "uid {} searches {} segments of {} jobs", call.uid(), told.segments(), told.job_size());
}

}  // namespace

asio::awaitable<Outcome> search_past(Call& call) {
    const wire::Search& search = call.request.search();
    if (auto checked = check_search(search, call.descriptors); !checked)
        co_return std::unexpected(checked.error());
    auto place = place_for_question(call);
    if (!place) co_return std::unexpected(place.error());
    const auto spool = call.shared().supervisor.spool();
    if (!spool)
        co_return base::fail(ErrorCode::file,
                             "nothing is kept, because the spool cannot be used; 'packetsentryctl status' "
                             "says why");
    co_await call.shared().supervisor.write_what_waits();
    const auto kept = co_await find_kept(*spool, range_of(search.question()));
    if (!kept) co_return std::unexpected(kept.error());
    const bool saves = search.save().format() != wire::SAVE_NONE;
    const std::vector<std::string> names(search.job().begin(), search.job().end());
    const bool with_packets = saves || search.question().with_bytes();
    const std::uint64_t policy_changes = call.shared().policy_changes;
    auto scope = scope_of(*kept, names, with_packets, call.session.peer(), call.shared().rules);
    if (!scope) co_return std::unexpected(scope.error());
    const auto held = segments_held(search.question(), scope->told, with_packets);
    if (!held) co_return std::unexpected(held.error());
    wire::Ask ask;
    *ask.mutable_question() = search.question();
    *ask.mutable_save() = search.save();
    ask.set_streams(static_cast<std::uint32_t>(scope->streams.size()));
    ask.set_segments_held(*held);
    auto worker = workers::QuestionWorker::start(
        call.session.executor(), call.shared().supervisor.worker_path(), ask, call.descriptors.front().get(),
        saves ? call.descriptors.back().get() : -1, std::move(*place));
    if (!worker) co_return std::unexpected(worker.error());
    call.descriptors.clear();
    const auto ready = co_await (*worker)->ready();
    if (!ready) co_return std::unexpected(ready.error());
    log_question(call, scope->told);
    Answer answer = call.answer();
    *answer.reply.mutable_scope() = scope->told;
    const auto session = call.session.shared_from_this();
    Recheck recheck = [kept = *kept, names, with_packets, session = session.get(), told = scope->told] {
        const auto now = scope_of(kept, names, with_packets, session->peer(), session->shared().rules);
        return now && now->told.segments() >= told.segments();
    };
    auto asked = std::make_shared<Asked>(session, spool, std::move(*scope), std::move(*worker),
                                         newest_first(search.question()), with_packets, std::move(recheck),
                                         policy_changes);
    answer.afterwards = [asked, session] {
        loop::spawn(session->executor(), asked->watch(), [asked] {});
        loop::spawn(session->executor(), asked->serve(), [asked] {});
    };
    co_return answer;
}

}  // namespace packetsentry::control
