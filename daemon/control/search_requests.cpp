#include "daemon/control/search_requests.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <functional>
#include <limits>
#include <utility>
#include <vector>

#include "daemon/base/local_file.h"
#include "daemon/control/answer_comments.h"
#include "daemon/control/kept_scope.h"
#include "daemon/control/past_question.h"
#include "daemon/jobs/start_order.h"
#include "daemon/log/log.h"
#include "daemon/loop/spawn.h"
#include "daemon/workers/question_worker.h"
#include "proto/words/filter.h"
#include "proto/words/table_names.h"

namespace packetsentry::control {

namespace asio = boost::asio;
using base::ErrorCode;
using base::Result;

namespace {

constexpr std::uint32_t kQuestionsOfUser = 4;  // at once
constexpr int kNamesOfQuestion = 64;
constexpr std::uint64_t kSegmentsHeld = 256;
constexpr std::uint64_t kContextLimit = 86'400'000'000'000;

bool is_pipe(int fd) {
    struct statx status {};
    return ::statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE, &status) == 0 &&
           S_ISFIFO(status.stx_mode);
}

wire::Table table_of(const wire::Question& question) {
    return question.table() == wire::TABLE_UNKNOWN ? wire::TABLE_PACKETS : question.table();
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
    const wire::Table table = table_of(search.question());
    if (!wire::Table_IsValid(table))
        return base::fail(ErrorCode::usage, "the question is about a table that there is not");
    if (table != wire::TABLE_PACKETS && (saves || search.question().with_bytes()))
        return base::fail(ErrorCode::usage, "only rows of packets have packets that can be shown or saved");
    if (search.question().context_ns() > kContextLimit)
        return base::fail(ErrorCode::usage, "at most a day around the packets that are found can be shown");
    if (search.one_job() && search.job_size() != 1)
        return base::fail(ErrorCode::usage, "a question about one job has to name one");
    if (!search.question().filter().bpf().empty())
        return base::fail(ErrorCode::filter,
                          "a libpcap expression cannot be asked of what is kept; use a display filter (-Y)");
    auto text = proto::filter_text(search.question().filter());
    if (!text) return std::unexpected(text.error());
    return {};
}

std::int64_t time_before(std::int64_t time_ns, std::int64_t by_ns) {
    constexpr auto kEarliest = std::numeric_limits<std::int64_t>::min();
    return time_ns < kEarliest + by_ns ? kEarliest : time_ns - by_ns;
}

std::int64_t time_after(std::int64_t time_ns, std::int64_t by_ns) {
    constexpr auto kLatest = std::numeric_limits<std::int64_t>::max();
    return time_ns > kLatest - by_ns ? kLatest : time_ns + by_ns;
}

// What is around the packets that are found may be outside of the time that they are in.
spool::TimeRange range_of(const wire::Question& question) {
    const auto around_ns = static_cast<std::int64_t>(question.context_ns());
    spool::TimeRange range;
    if (question.since_ns() != 0) range.since_ns = time_before(question.since_ns(), around_ns);
    if (question.until_ns() != 0) range.until_ns = time_after(question.until_ns() - 1, around_ns);
    return range;
}

Result<std::vector<std::string>> names_in(const wire::Search& search, const std::vector<KeptSegments>& kept,
                                          const Call& call) {
    if (!search.one_job()) return std::vector<std::string>(search.job().begin(), search.job().end());
    const auto job = job_named(kept, search.job(0), call.session.peer(), call.shared().rules);
    if (job) return std::vector{std::to_string(*job)};
    return base::fail(ErrorCode::no_such_job,
                      "no " + std::string(proto::many_of_table(table_of(search.question()))) +
                          " are kept of a job '" + search.job(0).substr(0, 64) + "'");
}

// A worker is given the files of its next segment before it needs them.
bool is_still_empty(const spool::Segment& segment) {
    return segment.state == spool::SegmentState::open && segment.progress.rows == 0;
}

asio::awaitable<Result<std::vector<KeptSegments>>> find_kept(spool::Housekeeping& spool, std::uint32_t table,
                                                             spool::TimeRange range) {
    const std::function<Result<std::vector<KeptSegments>>(spool::Spool&)> call =
        [table, range](spool::Spool& all) -> Result<std::vector<KeptSegments>> {
        std::vector<KeptSegments> kept;
        for (const std::uint64_t job : all.jobs()) {
            auto segments = all.list(job, range, table);
            if (segments.empty()) continue;
            std::erase_if(segments, is_still_empty);
            const spool::KeptSince since = all.kept_since(job, table);
            kept.push_back({.job = job,
                            .segments = std::move(segments),
                            .rows_since_ns = since.rows_ns.value_or(0),
                            .packets_since_ns = since.packets_ns.value_or(0)});
        }
        for (const auto& [job, why] : all.unusable()) kept.push_back({.job = job, .trouble = why});
        return kept;
    };
    co_return co_await spool.ask<std::vector<KeptSegments>>(call);
}

bool newest_first(const wire::Question& question) {
    return question.last() != 0 || question.order() == wire::SEARCH_NEWEST_FIRST;
}

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
    const auto kept = co_await find_kept(*spool, static_cast<std::uint32_t>(table_of(search.question())),
                                         range_of(search.question()));
    if (!kept) co_return std::unexpected(kept.error());
    const bool saves = search.save().format() != wire::SAVE_NONE;
    const auto names = names_in(search, *kept, call);
    if (!names) co_return std::unexpected(names.error());
    const bool with_packets = saves || search.question().with_bytes();
    const std::uint64_t policy_changes = call.shared().policy_changes;
    const std::string_view rows = proto::name_of_table(table_of(search.question()));
    auto scope = scope_of(*kept, *names, with_packets, call.session.peer(), call.shared().rules, rows);
    if (!scope) co_return std::unexpected(scope.error());
    const auto held = segments_held(search.question(), scope->told, with_packets);
    if (!held) co_return std::unexpected(held.error());
    wire::Ask ask;
    *ask.mutable_question() = search.question();
    *ask.mutable_save() = search.save();
    ask.set_streams(static_cast<std::uint32_t>(scope->streams.size()));
    ask.set_segments_held(*held);
    if (saves)
        for (std::string& comment : comments_on(call.shared(), scope->told, range_of(search.question())))
            ask.add_comment(std::move(comment));
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
    PastQuestion::Recheck recheck = [kept = *kept, names = *names, with_packets, session = session.get(),
                                     told = scope->told] {
        const auto now = scope_of(kept, names, with_packets, session->peer(), session->shared().rules);
        return now && now->told.segments() >= told.segments();
    };
    const PastQuestion::Asked how{.reversed = newest_first(search.question()),
                                  .with_packets = with_packets,
                                  .holds_all = *held != 0,
                                  .twice = search.question().context_ns() != 0};
    auto asked = std::make_shared<PastQuestion>(session, spool, std::move(*scope), std::move(*worker), how,
                                                std::move(recheck), policy_changes);
    answer.afterwards = [asked, session] {
        loop::spawn(session->executor(), asked->watch(), [asked] {});
        loop::spawn(session->executor(), asked->serve(), [asked] {});
    };
    co_return answer;
}

}  // namespace packetsentry::control
