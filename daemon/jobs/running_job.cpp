#include "daemon/jobs/running_job.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "daemon/base/clock.h"
#include "daemon/jobs/job_fields.h"
#include "daemon/jobs/job_state.h"
#include "daemon/jobs/terms.h"
#include "daemon/log/log.h"
#include "daemon/loop/sleeper.h"
#include "daemon/loop/spawn.h"
#include "proto/link/peer_error.h"
#include "proto/words/filter.h"

namespace packetsentry::jobs {

namespace asio = boost::asio;
using base::ErrorCode;

namespace {

constexpr std::chrono::seconds kToEnd{2};
constexpr std::chrono::seconds kToEndWithFile{5};
constexpr std::chrono::seconds kToPassOn{1};
constexpr std::chrono::minutes kMalformedEvery{1};
constexpr std::uint64_t kToTellPauseNs = 1'000'000;
constexpr std::chrono::milliseconds kToLookAgain{1000};
constexpr std::chrono::milliseconds kToLookOnceMore{100};
// Where the user's limits are reached: to know more, the filter has to be compiled again.
constexpr std::chrono::milliseconds kToCompileAgain{5000};

base::Error error_of(const base::Result<wire::Ended>& ended) {
    return ended ? proto::from_wire(ended->error()) : ended.error();
}

// Where trying again is of no use: what was ordered is wrong, and stays so.
bool is_final(const base::Error& error) {
    return error.code == ErrorCode::usage || error.code == ErrorCode::filter;
}

// What a user holds elsewhere keeps a job that ran before waiting, and does not end it.
base::Error for_later(base::Error error) {
    error.code = ErrorCode::unreachable;
    return error;
}

std::string one_decimal(std::chrono::milliseconds time) {
    const auto tenths = (time.count() + 50) / 100;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

}  // namespace

RunningJob::RunningJob(const asio::any_io_executor& executor, std::shared_ptr<Job> job,
                       std::string worker_path, MaskKey& mask_key, quota::CaptureResources& resources,
                       base::UniqueFd output, std::shared_ptr<FreshSegments> segments, Hooks hooks)
    : executor_(executor),
      job_(std::move(job)),
      hooks_(std::move(hooks)),
      output_(std::move(output)),
      segments_(std::move(segments)),
      launcher_(executor_, job_, std::move(worker_path), output_, mask_key, resources,
                segments_ ? [kept = segments_](wire::Begin& begin) { kept->describe(begin); }
                          : Launcher::DescribeKeeping()),
      handover_(executor_, job_, launcher_, segments_),
      output_watch_(job_, output_),
      output_change_(job_),
      malformed_told_(job_->ledger().malformed()) {
    output_.cut_at(job_->output_cut());
    output_.written_before(job_->ledger().saved_bytes());
    output_.named_as(job_->order().output_name);
}

// Without a turn the job was stopped before it had one.
asio::awaitable<base::Result<void>> RunningJob::start_worker(TurnPtr turn) {
    if (!turn) co_return base::fail(ErrorCode::usage, "the job was stopped before it ran");
    const bool first = !job_->resumed() && !begun_;
    const bool starting = first && job_->state() == wire::JOB_STARTING;
    if (first) job_->look_at_interfaces(read_interface_counts());
    const wire::CaptureSpec capture = first ? job_->capture() : spec_of_next();
    auto worker = launcher_.start(capture, job_->terms(), nullptr);
    if (!worker) co_return std::unexpected(starting ? worker.error() : for_later(worker.error()));
    starting_ = *worker;
    const auto ready = co_await (*worker)->ready(kToBeReady);
    turn.reset();
    starting_.reset();
    present_ = *worker;
    if (stop_ns_ != 0) co_return base::fail(ErrorCode::usage, "the job was stopped before it ran");
    if (!ready) co_return std::unexpected(ready.error());
    if (auto counted = launcher_.count_filters(**worker, *ready); !counted)
        co_return std::unexpected(starting ? counted.error() : for_later(counted.error()));
    if (segments_) co_await segments_->send_first(present_, job_->terms());
    if (stop_ns_ != 0) {
        if (segments_) segments_->close_all(present_);
        co_return base::fail(ErrorCode::usage, "the job was stopped before it ran");
    }
    job_->set_filter_text(ready->filter());
    job_->forget_interfaces();
    job_->count_interfaces(read_interface_counts());
    send_go(0, first ? job_->until() : job_->remaining(now()));
    begun_ = true;
    co_return base::Result<void>{};
}

asio::awaitable<base::Result<void>> RunningJob::start(TurnPtr turn) {
    auto started = co_await start_worker(std::move(turn));
    if (started) look_after_workers();
    co_return started;
}

// An output that has a content from before is to be replaced, by whichever worker comes first.
void RunningJob::wait_to_start(const base::Error& why) {
    job_->enter(wire::JOB_WAITING);
    if (const auto text = proto::filter_text(job_->capture().filter()))
        job_->set_filter_text(proto::whole_filter_text(job_->terms().required_filter(), *text));
    if (output_.open() && workers::file_size(output_.fd())) {
        output_.cut_at(0);
        job_->cut_output_at(0);
    }
    spawn(start_once_possible(why));
}

asio::awaitable<void> RunningJob::start_once_possible(base::Error why) {
    const auto started = co_await wait_for_worker(std::move(why));
    if (!started) co_return;
    job_->begin_at(now());
    log::tell(log::Event::job_resumed, own_fields(*job_), "job {} (id {}) begins to capture", job_->label(),
              job_->id());
    look_after_workers();
    job_->note("the capture begins", now());
}

asio::awaitable<base::Result<void>> RunningJob::resume() {
    auto turn = co_await hooks_.turn();
    auto started = co_await start_worker(std::move(turn));
    if (!started) {
        const base::Error why = started.error();
        started = co_await wait_for_worker(why);
    }
    if (started) look_after_workers();
    co_return started;
}

void RunningJob::look_after_workers() {
    job_->enter_running();
    spawn(read_workers());
}

void RunningJob::spawn(asio::awaitable<void> task) {
    loop::spawn(executor_, std::move(task), [self = shared_from_this()] {});
}

asio::awaitable<void> RunningJob::read_workers() {
    for (;;) {
        const auto ended = co_await read_worker();
        if (!ended) note_death();
        if (segments_) segments_->close_all(present_);
        job_->fold_ledger(now());
        if (continue_with_successor(ended)) continue;
        if (!is_to_restart(ended)) co_return conclude(ended);
        const bool restarted = co_await restart(ended);
        if (!restarted) co_return;
    }
}

void RunningJob::note_death() {
    hooks_.worker_failed();
    output_.worker_died(bytes_of_file());
    if (!output_.to_cut()) return;
    job_->cut_output_at(output_.to_cut());
    hooks_.output_changed();
}

std::uint64_t RunningJob::bytes_of_file() const {
    const wire::Ledger& ledger = present_->ledger();
    return ledger.saved_bytes() - ledger.ended_bytes();
}

void RunningJob::follow_output() {
    auto begun = output_change_.take_begun(present_->ledger());
    if (!begun || !saves()) return;
    output_ = workers::Output(std::move(begun->file));
    // The worker has emptied it.
    output_.cut_at(0);
    (void)output_.worker_begins();
    job_->rename_output(std::move(begun->name));
    output_changed_ = true;
}

void RunningJob::send_go(std::int64_t from_ns, wire::Until until) {
    job_->begin_run();
    wire::Go go;
    go.set_from_ns(from_ns);
    *go.mutable_until() = std::move(until);
    if (const auto cut = begin_output()) go.set_output_bytes(static_cast<std::uint64_t>(*cut));
    // It may have been given the output before that failed.
    go.set_saving_ended(job_->saving_ended());
    go.set_run(job_->run());
    output_change_.worker_begins(present_);
    // It was started when the job still wrote another file.
    if (std::exchange(output_changed_, false) && saves()) present_->send_output(output_.fd());
    present_->go(go);
}

// Returns the size to which the worker must truncate the output, if any, and removes that from what is
// stored. If it were still stored when the worker has written more, a restart would truncate that too.
std::optional<off_t> RunningJob::begin_output() {
    const auto cut = output_.worker_begins();
    if (!cut) return cut;
    job_->cut_output_at(std::nullopt);
    hooks_.output_changed();
    return cut;
}

// Tells whether the job goes on with another worker: its worker died, or its interface is gone and the job
// waits for that.
bool RunningJob::is_to_restart(const base::Result<wire::Ended>& ended) const {
    if (stop_ns_ != 0) return false;
    if (!ended) return true;
    return ended->reason() == wire::END_FAILED && job_->order().wait &&
           proto::from_wire(ended->error()).code == ErrorCode::interface;
}

asio::awaitable<bool> RunningJob::restart(const base::Result<wire::Ended>& ended) {
    handover_.give_up("the previous worker ended first");
    const auto cause = ended ? wire::Loss::INTERFACE_GONE : wire::Loss::WORKER_DIED;
    job_->begin_loss(cause, now(), !ended);
    if (!ended) job_->count_restart();
    base::Error why = error_of(ended);
    const auto started = co_await wait_for_worker(std::move(why));
    if (!started) co_return false;
    job_->end_loss(cause, now());
    job_->enter_running();
    const std::string text = "the capture goes on";
    log::tell(log::Event::job_resumed, own_fields(*job_), "job {} (id {}) goes on", job_->label(),
              job_->id());
    job_->note(text, now());
    co_return true;
}

asio::awaitable<base::Result<void>> RunningJob::wait_for_worker(base::Error why) {
    job_->enter(wire::JOB_WAITING);
    look_at_interfaces(read_interface_counts());
    loop::Sleeper sleeper(executor_, job_->changed());
    const auto stopped = [this] { return stop_ns_ != 0; };
    for (bool told = false; stop_ns_ == 0; told = true) {
        const auto pause = pause_after(why);
        if (!told || why.code == ErrorCode::internal) tell_waiting(why, pause);
        const auto due = base::SteadyClock::now() + pause;
        co_await sleeper.until(stopped, due);
        if (stop_ns_ != 0) break;
        auto turn = co_await hooks_.turn();
        if (stop_ns_ != 0) break;
        const auto verdict = co_await hooks_.permit();
        if (stop_ns_ != 0) break;
        if (!verdict) {
            conclude(std::unexpected(verdict.error()));
            co_return std::unexpected(verdict.error());
        }
        job_->take(*verdict, now());
        const auto started = co_await start_worker(std::move(turn));
        if (started) co_return started;
        why = started.error();
        if (why.code == ErrorCode::internal) hooks_.worker_failed();
        if (!is_final(why) || stop_ns_ != 0) continue;
        conclude(std::unexpected(why));
        co_return started;
    }
    wire::Ended asked;
    asked.set_reason(wire::END_ASKED);
    conclude(asked);
    co_return base::fail(ErrorCode::usage, "the job was stopped while it waited");
}

void RunningJob::tell_waiting(const base::Error& why, std::chrono::milliseconds pause) {
    const bool died = why.code == ErrorCode::internal;
    std::string text = why.message;
    text += died ? "; it is started again in " + one_decimal(pause) + " s"
                 : "; the capture waits for " + names_waited_for();
    log::tell(log::Event::job_waits, own_fields(*job_), "job {} (id {}) waits: {}", job_->label(), job_->id(),
              text);
    job_->note(text, now());
}

std::string RunningJob::names_waited_for() const {
    std::string names;
    for (const std::string& name : job_->interfaces_missing())
        names += (names.empty() ? "'" : ", '") + name + "'";
    return names.empty() ? "it" : names;
}

std::chrono::milliseconds RunningJob::pause_after(const base::Error& error) {
    if (error.code == ErrorCode::internal) return backoff_.next(base::SteadyClock::now());
    return error.code == ErrorCode::unreachable ? kToCompileAgain : kToLookAgain;
}

// A worker cannot add an interface. When a lost one returns, the present worker hands over to a new one that
// captures all of them.
void RunningJob::look_at_interfaces(const InterfaceTable& table) {
    looked_ = base::SteadyClock::now();
    // Whether it may begin was asked for the names that were ordered.
    if (job_->state() == wire::JOB_STARTING && !job_->resumed()) return;
    if (job_->look_at_interfaces(table)) hooks_.renamed();
    job_->count_interfaces(table);
    const bool back = std::ranges::any_of(job_->interfaces_gone(), [&](int number) {
        return table.contains(job_->capture().interface(number));
    });
    if (back && job_->order().wait && job_->state() == wire::JOB_DEGRADED) spawn(take_interfaces_up());
}

asio::awaitable<bool> RunningJob::replace_worker() {
    auto turn = co_await hooks_.turn();
    if (!turn) co_return false;
    const auto verdict = co_await hooks_.permit();
    if (!verdict) co_return false;  // whoever changed the policy ends the job
    const auto changed = co_await change_filter(job_->capture().filter(), *verdict, std::move(turn));
    co_return changed.has_value();
}

asio::awaitable<void> RunningJob::take_interfaces_up() {
    const auto self = shared_from_this();
    const bool replaced = co_await replace_worker();
    if (replaced) job_->end_loss(wire::Loss::INTERFACE_GONE, now());
}

void RunningJob::look_at_output() {
    const auto state = job_->state();
    const bool captures = state == wire::JOB_RUNNING || state == wire::JOB_DEGRADED;
    if (!captures && state != wire::JOB_WAITING) return;
    const bool saving_ended = check_output();
    if (saving_ended && captures) spawn(leave_output());
}

// What a job in the background saves is looked at around the last words of each of its workers too, so that
// whoever stops it right after the file was removed, truncated or moved is told so.
void RunningJob::look_at_output_once_more() {
    if (!job_->order().foreground) (void)check_output();
}

bool RunningJob::check_output() {
    const std::string name = job_->order().output_name;
    const auto notice = output_watch_.look();
    if (!notice) return false;
    if (job_->order().output_name != name) hooks_.renamed();
    tell(*notice);
    return notice->kind() == wire::Notice::SAVE_FAILED;
}

// The worker that has the file would fill the disk with what nobody can read.
asio::awaitable<void> RunningJob::leave_output() {
    const auto self = shared_from_this();
    co_await replace_worker();
}

asio::awaitable<base::Result<wire::Ended>> RunningJob::read_worker() {
    for (;;) {
        auto event = co_await present_->next();
        if (!event) co_return std::unexpected(event.error());
        if (!std::holds_alternative<proto::NewRows>(*event)) job_->report(present_->ledger(), now());
        tell_malformed(false);
        follow_output();
        if (auto* ended = std::get_if<wire::Ended>(&*event)) {
            output_.worker_ended(bytes_of_file());
            take_segments(ended->segment());
            look_at_output_once_more();
            co_return std::move(*ended);
        }
        if (const auto* passed = std::get_if<wire::PassedState>(&*event)) co_await handover_.pass_on(*passed);
        handle(*event);
        // Others have their turn even while it has much to say.
        co_await asio::post(executor_, asio::use_awaitable);
    }
}

void RunningJob::handle(proto::WorkerEvent& event) {
    if (const auto* notice = std::get_if<wire::Notice>(&event)) return tell(*notice);
    if (const auto* rows = std::get_if<proto::NewRows>(&event)) {
        job_->append(*rows, present_->take_batch(), present_->ledger(), now());
        hooks_.after_rows();
    }
    if (const auto* report = std::get_if<wire::Report>(&event)) {
        take_segments(report->segment());
        tell_pause(report->longest_pause_ns());
    }
    if (std::holds_alternative<wire::WantOutput>(event)) output_change_.worker_wants();
    output_.worker_reported(bytes_of_file());
    // The next packet makes the file as long as it was, with a hole where it was truncated.
    if (!job_->order().foreground) look_at_output();
}

void RunningJob::take_segments(const FreshSegments::Reports& reports) {
    if (!segments_ && reports.empty()) return;
    const auto taken =
        segments_ ? segments_->take(present_, reports)
                  : base::Result<void>(base::fail(ErrorCode::internal,
                                                  "the worker broke its protocol: it reported a segment"));
    if (!taken) present_->kill(taken.error().message);
}

// Takes a notice to the log and to the job. An output that failed once is not given to a further worker:
// nobody knows what stands behind its last whole block, and a later success would not mean that the earlier
// write was one.
void RunningJob::tell(wire::Notice notice) {
    // Not as often as a worker may like to say so.
    const bool renamed = notice.kind() == wire::Notice::INTERFACE_RENAMED;
    if (renamed && base::SteadyClock::now() - looked_ >= kToLookOnceMore)
        look_at_interfaces(read_interface_counts());
    notice.set_interface(present_name(notice.interface()));
    log::tell(log::Event::job_notice, own_fields(*job_), "job {}: {}", job_->label(), notice.text());
    if (notice.kind() == wire::Notice::SAVE_FAILED && saves()) {
        output_.close();
        job_->end_saving(notice.text(), now().wall_ns);
        hooks_.saving_ended();
    }
    job_->note(notice, now());
}

// "": it is none of the job's.
std::string RunningJob::present_name(const std::string& workers_name) const {
    if (!present_) return "";  // no worker could be started yet
    const auto& given = present_->interfaces();
    const auto number = static_cast<int>(std::ranges::find(given, workers_name) - given.begin());
    return number < job_->capture().interface_size() ? job_->capture().interface(number) : "";
}

// A flood of them is a line a minute.
void RunningJob::tell_malformed(bool at_once) {
    const std::uint64_t malformed = job_->ledger().malformed();
    const auto time = base::SteadyClock::now();
    if (malformed == malformed_told_ || (!at_once && time < malformed_due_)) return;
    log::tell(log::Event::malformed, own_fields(*job_), "job {}: {} malformed packets, {} in all",
              job_->label(), malformed - malformed_told_, malformed);
    malformed_told_ = malformed;
    malformed_due_ = time + kMalformedEvery;
}

// While a pause lasts, packets wait in the ring. It is told when it is clearly longer than any before.
void RunningJob::tell_pause(std::uint64_t pause_ns) {
    if (pause_ns < longest_pause_ns_ || pause_ns - longest_pause_ns_ < kToTellPauseNs) return;
    longest_pause_ns_ = pause_ns;
    log::tell(log::Event::detail, own_fields(*job_), "job {}: its longest pause between two reads was {} us",
              job_->label(), pause_ns / 1000);
}

void RunningJob::conclude(const base::Result<wire::Ended>& ended) {
    handover_.give_up("the job ended first");
    output_.close();
    tell_malformed(true);
    if (ended && ended->reason() != wire::END_FAILED) return job_->finish(ended->reason(), now());
    const base::Error error = error_of(ended);
    if (ended && error.code == ErrorCode::internal) hooks_.worker_failed();
    job_->fail(error, now());
}

void RunningJob::finish_present(std::int64_t until_ns, Reader reader) {
    const bool has_output = saves();
    const bool waits = reader == Reader::is_waited_for && has_output;
    look_at_output_once_more();
    const bool passes_on = handover_.takes_over_state();
    const auto time = has_output || segments_ ? kToEndWithFile : kToEnd;
    present_->finish({.until_ns = until_ns,
                      .within = passes_on ? time + kToPassOn : time,
                      .wait_for_reader = waits,
                      .pass_on = passes_on});
}

void RunningJob::stop(Reader reader) {
    if (is_over(job_->state())) return;
    if (stop_ns_ != 0) {
        stop_reader_ = Reader::is_left;
        if (present_) present_->hurry();
        return;
    }
    stop_ns_ = now().wall_ns;
    stop_reader_ = reader;
    job_->enter(wire::JOB_STOPPING);
    if (starting_) starting_->kill("the job was stopped");
    handover_.stop();
    // In a handover the successor owns the packets since T; it is told once it has taken over.
    if (present_ && !handover_.has_successor()) finish_present(stop_ns_, stop_reader_);
}

asio::awaitable<void> RunningJob::over(std::chrono::steady_clock::time_point deadline) {
    loop::Sleeper sleeper(executor_, job_->changed());
    const auto over = [this] { return is_over(job_->state()); };
    co_await sleeper.until(over, deadline);
}

asio::awaitable<void> RunningJob::write_what_waits() {
    const auto self = shared_from_this();
    if (segments_ && present_) co_await segments_->write_what_waits(present_);
}

asio::awaitable<void> RunningJob::gone(std::chrono::steady_clock::time_point deadline) {
    if (const WorkerPtr last = present_) co_await last->gone(deadline);
}

// With what is left of the job's limits, behind what was saved.
wire::CaptureSpec RunningJob::spec_of_next() const {
    wire::CaptureSpec capture = job_->capture();
    *capture.mutable_until() = job_->remaining(now());
    if (job_->ledger().saved_bytes() != 0) capture.mutable_save()->set_continued(saves());
    return capture;
}

asio::awaitable<base::Result<void>> RunningJob::change_filter(wire::Filter filter, policy::Verdict verdict,
                                                              TurnPtr turn) {
    if (auto text = proto::filter_text(filter); !text) co_return std::unexpected(text.error());
    wire::CaptureSpec capture = spec_of_next();
    *capture.mutable_filter() = std::move(filter);
    capture.mutable_save()->set_continued(saves());
    auto preparing = handover_.prepare(std::move(capture), std::move(verdict), present_, std::move(turn));
    auto prepared = co_await std::move(preparing);
    if (!prepared) co_return prepared;
    finish_present(handover_.name_instant(), Reader::is_left);
    co_return co_await handover_.completed();
}

// A worker that died is followed by its successor all the same: its last packets are lost, but none of the
// successor's.
bool RunningJob::continue_with_successor(const base::Result<wire::Ended>& ended) {
    if (ended && ended->reason() != wire::END_ASKED) return false;
    const auto successor = handover_.take_successor();
    if (!successor) return false;
    if (!ended) {
        job_->begin_loss(wire::Loss::WORKER_DIED, now(), true);
        job_->count_restart();
        job_->end_loss(wire::Loss::WORKER_DIED, now());
    }
    present_ = successor->worker;
    job_->take(successor->verdict, now());
    job_->forget_interfaces();
    send_go(successor->from_ns, job_->remaining(now()));
    job_->change_filter(successor->filter);
    job_->set_filter_text(successor->filter_text);
    job_->enter_running();
    if (stop_ns_ != 0) finish_present(stop_ns_, stop_reader_);
    return true;
}

}  // namespace packetsentry::jobs
