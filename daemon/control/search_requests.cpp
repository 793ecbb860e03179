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
        for (const std::uint64_t job : all.jobs())
            kept.push_back({job, all.list(job, range, wire::TABLE_PACKETS)});
        return kept;
    };
    co_return co_await spool.ask<std::vector<KeptSegments>>(call);
}

bool newest_first(const wire::Question& question) {
    return question.last() != 0 || question.order() == wire::SEARCH_NEWEST_FIRST;
}

wire::SegmentToRead message_of(const spool::ReadableSegment& segment) {
    wire::SegmentToRead message;
    message.set_has_rows(true);
    message.set_rows_bytes(segment.rows_bytes);
    message.set_has_packets(static_cast<bool>(segment.packets));
    message.set_packets_bytes(segment.packets_bytes);
    message.set_has_index(static_cast<bool>(segment.index));
    message.set_index_bytes(segment.index_bytes);
    return message;
}

// A question that is being answered.
class Asked {
  public:
    Asked(std::shared_ptr<Session> session, std::shared_ptr<spool::Housekeeping> spool, KeptScope scope,
          std::unique_ptr<workers::QuestionWorker> worker, bool reversed)
        : session_(std::move(session)),
          spool_(std::move(spool)),
          streams_(std::move(scope.streams)),
          worker_(std::move(worker)) {
        if (!reversed) return;
        for (auto& stream : streams_) std::ranges::reverse(stream);
    }

    // Hands over segments until the worker has ended.
    asio::awaitable<void> serve() {
        for (;;) {
            auto wish = co_await worker_->next();
            if (!wish || std::holds_alternative<workers::QuestionWorker::Done>(*wish)) break;
            co_await hand_over(std::get<std::uint32_t>(*wish));
        }
        over_ = true;
    }
    // Ends the worker of a client that is gone.
    asio::awaitable<void> watch() {
        loop::Sleeper sleeper(session_->executor(), session_->changed());
        while (!over_ && session_->client_is_there())
            co_await sleeper.sleep_until(base::SteadyClock::now() + kLookEvery);
        if (!over_) worker_->kill();
    }

  private:
    // A segment that was removed meanwhile is passed over.
    asio::awaitable<void> hand_over(std::uint32_t stream) {
        auto& places = streams_[stream];
        while (next_[stream] < places.size()) {
            const SegmentPlace place = places[next_[stream]++];
            const std::function<Result<spool::ReadableSegment>(spool::Spool&)> call =
                [place](spool::Spool& spool) { return spool.open_to_read(place.job, place.counter); };
            const auto opened = co_await spool_->ask<spool::ReadableSegment>(call);
            if (!opened || !opened->rows) continue;
            std::array<int, 3> files{};
            std::size_t count = 0;
            for (const base::UniqueFd* const file : {&opened->rows, &opened->packets, &opened->index})
                if (*file) files[count++] = file->get();
            worker_->send(message_of(*opened), std::span(files).first(count));
            co_return;
        }
        wire::SegmentToRead none;
        none.set_none(true);
        worker_->send(none, {});
    }

    std::shared_ptr<Session> session_;
    std::shared_ptr<spool::Housekeeping> spool_;
    std::vector<std::vector<SegmentPlace>> streams_;
    std::array<std::size_t, kStreamsOfQuestion> next_{};
    std::unique_ptr<workers::QuestionWorker> worker_;
    bool over_ = false;
};

Result<void> room_for_question(const Call& call) {
    if (call.uid() == 0 || call.shared().questions[call.uid()] < kQuestionsOfUser) return {};
    return base::fail(ErrorCode::usage, "you ask " + std::to_string(kQuestionsOfUser) +
                                            " questions already, which is the limit; try again when one is "
                                            "answered");
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
    if (auto room = room_for_question(call); !room) co_return std::unexpected(room.error());
    const auto spool = call.shared().supervisor.spool();
    if (!spool)
        co_return base::fail(ErrorCode::file,
                             "nothing is kept, because the spool cannot be used; 'packetsentryctl doctor' "
                             "says why");
    const auto kept = co_await find_kept(*spool, range_of(search.question()));
    if (!kept) co_return std::unexpected(kept.error());
    const bool saves = search.save().format() != wire::SAVE_NONE;
    const std::vector<std::string> names(search.job().begin(), search.job().end());
    auto scope = scope_of(*kept, names, saves, call.session.peer(), call.shared().rules);
    if (!scope) co_return std::unexpected(scope.error());
    wire::Ask ask;
    *ask.mutable_question() = search.question();
    *ask.mutable_save() = search.save();
    ask.set_streams(static_cast<std::uint32_t>(scope->streams.size()));
    auto worker = workers::QuestionWorker::start(
        call.session.executor(), call.shared().supervisor.worker_path(), ask, call.descriptors.front().get(),
        saves ? call.descriptors.back().get() : -1);
    if (!worker) co_return std::unexpected(worker.error());
    call.descriptors.clear();
    const auto ready = co_await (*worker)->ready();
    if (!ready) co_return std::unexpected(ready.error());
    log_question(call, scope->told);
    Answer answer = call.answer();
    *answer.reply.mutable_scope() = scope->told;
    const auto session = call.session.shared_from_this();
    auto asked = std::make_shared<Asked>(session, spool, std::move(*scope), std::move(*worker),
                                         newest_first(search.question()));
    answer.afterwards = [asked, session] {
        std::uint32_t& questions = session->shared().questions[session->peer().uid];
        ++questions;
        loop::spawn(session->executor(), asked->watch(), [asked] {});
        loop::spawn(session->executor(), asked->serve(),
                    [asked, session] { --session->shared().questions[session->peer().uid]; });
    };
    co_return answer;
}

}  // namespace packetsentry::control
