#include "daemon/workers/worker_handle.h"

#include <poll.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <exception>

#include "daemon/base/clock.h"
#include "daemon/base/closing.h"
#include "daemon/loop/sleeper.h"
#include "proto/link/channel.h"
#include "proto/link/peer_error.h"
#include "proto/link/start_worker.h"

namespace packetsentry::workers {

namespace asio = boost::asio;
using base::ErrorCode;

namespace {

constexpr std::chrono::seconds kToDie{2};
constexpr std::size_t kUnsentState =
    1U << 20;  // bytes, so that what one worker passes on needs little memory here
// It reports twice a second.
constexpr std::chrono::seconds kSilence{10};

std::string seconds(std::chrono::milliseconds time) {
    return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time).count()) + " s";
}

}  // namespace

base::Result<std::shared_ptr<WorkerHandle>> WorkerHandle::start(const asio::any_io_executor& executor,
                                                                const std::string& path) {
    auto process = proto::start_worker(path);
    if (!process) return std::unexpected(process.error());
    try {
        return std::make_shared<WorkerHandle>(executor, std::move(process->link), process->pid);
    } catch (const std::exception& error) {
        return base::fail(ErrorCode::internal, error.what());
    }
}

WorkerHandle::WorkerHandle(const asio::any_io_executor& executor, base::UniqueFd link, pid_t pid)
    : link_(std::make_shared<loop::AsyncChannel>(
          executor, proto::Channel(std::move(link), proto::kBatchFrameLimit, 0))),
      child_(executor, pid),
      deadline_(executor) {}

// A link that takes nothing belongs to a dead worker, of which next() tells.
void WorkerHandle::begin(const wire::Begin& begin, int output, const base::Count& of_job,
                         const quota::CaptureResources::SharePtr& share) {
    child_.hold(std::make_shared<base::Counted>(base::count_of(output)));
    child_.hold(std::make_shared<base::Counted>(of_job));
    child_.hold(share);
    share_ = share;
    interfaces_.assign(begin.capture().interface().begin(), begin.capture().interface().end());
    segment_bytes_ = begin.keep().segment_bytes();
    reader_.expect_tables(begin.capture());
    wire::ToWorker message;
    *message.mutable_begin() = begin;
    // A worker that an attacker has taken over could send the output back, so what arrives counts like the
    // output.
    link_->count_arrivals(base::count_of(output));
    const std::array<int, 1> descriptors{output};
    if (link_->send(message, std::span(descriptors).first(output < 0 ? 0 : 1))) return;
    // Otherwise the worker would wait forever for what it was not given.
    if (link_->send_error()->code == ErrorCode::internal) kill(link_->send_error()->message);
}

void WorkerHandle::check_filters(const std::string& filter, const std::string& display) {
    wire::ToWorker message;
    message.mutable_begin()->set_only_filters(true);
    message.mutable_begin()->mutable_capture()->mutable_filter()->set_display(display);
    message.mutable_begin()->mutable_terms()->set_required_filter(filter);
    link_->send(message);
}

void WorkerHandle::send_segment(const std::string& header, int rows, int packets) {
    wire::ToWorker message;
    message.mutable_next_segment()->set_header(header);
    const std::array<int, 2> files{rows, packets};
    if (link_->send(message, std::span(files).first(packets < 0 ? 1 : 2))) return;
    if (link_->send_error()->code == ErrorCode::internal) kill(link_->send_error()->message);
}

void WorkerHandle::send_output(int output) {
    if (!std::exchange(next_output_counted_, true))
        child_.hold(std::make_shared<base::Counted>(base::count_of(output)));
    reader_.expect_want_output();
    wire::ToWorker message;
    message.mutable_next_output();
    const std::array<int, 1> descriptors{output};
    if (link_->send(message, descriptors)) return;
    if (link_->send_error()->code == ErrorCode::internal) kill(link_->send_error()->message);
}

void WorkerHandle::send_no_output(const std::string& failure) {
    reader_.expect_want_output();
    wire::ToWorker message;
    message.mutable_next_output()->set_failure(failure);
    message.mutable_next_output()->set_none(failure.empty());
    link_->send(message);
}

void WorkerHandle::end_block() {
    if (!going_ || finishing_) return;
    wire::ToWorker message;
    message.mutable_end_block();
    link_->send(message);
}

asio::awaitable<bool> WorkerHandle::send_passed(const wire::PassedState& passed,
                                                std::chrono::steady_clock::time_point until) {
    const auto link = link_;
    loop::Sleeper sleeper(deadline_.get_executor(), link->changed());
    const auto has_room = [&] { return link->closed() || link->unsent() < kUnsentState; };
    co_await sleeper.until(has_room, until);
    if (link->closed() || !has_room()) co_return false;
    wire::ToWorker message;
    *message.mutable_passed() = passed;
    co_return link->send(message);
}

void WorkerHandle::go(const wire::Go& go) {
    wire::ToWorker message;
    *message.mutable_go() = go;
    reader_.expect_rows();
    link_->send(message);
    going_ = true;
    expect_word();
}

void WorkerHandle::finish(const Ending& ending) {
    if (std::exchange(finishing_, true)) return;
    ending_ = ending;
    wire::ToWorker message;
    message.mutable_finish()->set_until_ns(ending.until_ns);
    message.mutable_finish()->set_wait_for_reader(ending.wait_for_reader);
    message.mutable_finish()->set_pass_on(ending.pass_on);
    if (ending.pass_on) reader_.expect_passed();
    link_->send(message);
    expect_end();
}

void WorkerHandle::hurry() {
    if (!finishing_ || !std::exchange(ending_.wait_for_reader, false)) return;
    wire::ToWorker message;
    message.mutable_finish();
    link_->send(message);
    expect_end();
}

void WorkerHandle::expect_end() {
    kill_after(ending_.within, "the worker did not end within " + seconds(ending_.within) +
                                   " and was killed; what it had not sent is lost");
}

asio::awaitable<base::Result<proto::WorkerEvent>> WorkerHandle::next() {
    const auto frame = co_await link_->next();
    if (!frame) kill("the worker broke its protocol: " + frame.error().message);
    if (!frame || !*frame) co_return std::unexpected(co_await death());
    auto event = reader_.read((*frame)->bytes, base::SteadyClock::now());
    if (!event) {
        kill(event.error().message);
        co_return std::unexpected(co_await death());
    }
    if (std::holds_alternative<wire::Ended>(*event))
        let_exit();
    else if (finishing_ && ending_.wait_for_reader)
        expect_end();
    else
        expect_word();
    co_return event;
}

// A worker that is stopped, or in an endless loop, closes no link and ends by itself never.
void WorkerHandle::expect_word() {
    if (going_ && !finishing_) kill_after(kSilence, "the worker was silent for " + seconds(kSilence));
}

// Where this process itself was stopped for a while, the deadline is seen before what has come meanwhile.
bool WorkerHandle::has_said_something() const {
    pollfd entry{link_->fd(), POLLIN, 0};
    return ::poll(&entry, 1, 0) > 0;
}

asio::awaitable<base::Result<wire::Ready>> WorkerHandle::ready(std::chrono::milliseconds within) {
    kill_after(within, "the worker was not ready within " + seconds(within));
    auto event = co_await next();
    if (!event) co_return std::unexpected(event.error());
    if (const auto* ended = std::get_if<wire::Ended>(&*event))
        co_return std::unexpected(ended->has_error()
                                      ? proto::from_wire(ended->error())
                                      : base::Error{ErrorCode::internal, "the worker ended at once"});
    disarm();
    co_return std::get<wire::Ready>(std::move(*event));
}

void WorkerHandle::kill(const std::string& failure) {
    if (failure_.empty()) failure_ = failure;
    child_.kill();
    if (!going_) link_->close();  // what it might still say is of no use
}

void WorkerHandle::kill_after(std::chrono::milliseconds time, std::string failure) {
    deadline_.expires_after(time);
    deadline_.async_wait(
        [weak = weak_from_this(), failure = std::move(failure)](const boost::system::error_code&) {
            const auto self = weak.lock();
            // Set anew meanwhile: that wait decides.
            if (!self || self->deadline_.expiry() > base::SteadyClock::now()) return;
            if (self->going_ && !self->finishing_ && self->has_said_something()) return self->expect_word();
            self->kill(failure);
        });
}

// It has said its last word. Its owner need not wait for the process, which must not outlive that for long.
void WorkerHandle::let_exit() {
    kill_after(kToDie, "the worker did not exit");
    asio::co_spawn(
        deadline_.get_executor(),
        [self = shared_from_this()]() -> asio::awaitable<void> { co_await self->child_.ended(); },
        asio::detached);
}

asio::awaitable<void> WorkerHandle::gone(std::chrono::steady_clock::time_point deadline) {
    (void)co_await child_.ended(deadline);
}

// The link is at its end; so is, in a moment, the process. Where it waits for a file system that does not
// answer it has no end, killed or not: one that was never told to go has nothing to write there, and is left.
asio::awaitable<base::Error> WorkerHandle::death() {
    constexpr auto kNever = std::chrono::steady_clock::time_point::max();
    kill_after(kToDie, "the worker closed its link but did not exit");
    const auto ended = co_await child_.ended(going_ ? kNever : base::SteadyClock::now() + 2 * kToDie);
    disarm();
    const Exit exit = ended.value_or(Exit{.how = "does not end"});
    if (!failure_.empty()) co_return base::Error{ErrorCode::internal, failure_};
    if (const auto told = proto::told_by_signal(exit.signal)) co_return *told;
    co_return base::Error{ErrorCode::internal, "the worker " + exit.how + "; what it had not sent is lost"};
}

}  // namespace packetsentry::workers
