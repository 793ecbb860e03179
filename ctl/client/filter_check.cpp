#include "ctl/client/filter_check.h"

#include <signal.h>
#include <sys/wait.h>

#include <chrono>
#include <utility>

#include "proto/link/peer_error.h"
#include "proto/link/start_worker.h"
#include "proto/link/worker_reader.h"

namespace packetsentry::ctl {
namespace {

using base::ErrorCode;
using Clock = std::chrono::steady_clock;

// Longer than a worker may compile.
constexpr std::chrono::seconds kWithin{10};

// Owns the process until it is reaped.
class CheckingWorker {
  public:
    explicit CheckingWorker(proto::WorkerProcess process)
        : channel_(std::move(process.link), proto::kBatchFrameLimit, 0), pid_(process.pid) {}
    ~CheckingWorker() {
        if (pid_ > 0) (void)end();
    }
    CheckingWorker(const CheckingWorker&) = delete;
    CheckingWorker& operator=(const CheckingWorker&) = delete;

    base::Result<void> check(const std::string& expression) {
        wire::ToWorker message;
        message.mutable_begin()->set_only_filters(true);
        message.mutable_begin()->mutable_terms()->set_required_filter(expression);
        // If the worker has died meanwhile, reading from it says so.
        if (auto sent = channel_.send(message); !sent && sent.error().code != ErrorCode::unreachable)
            return std::unexpected(sent.error());
        return await_answer(Clock::now() + kWithin);
    }

  private:
    base::Result<void> await_answer(Clock::time_point deadline) {
        for (;;) {
            if (const auto frame = channel_.next()) return meaning_of(*frame);
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
            if (left.count() <= 0) return base::fail(ErrorCode::internal, "the worker does not answer");
            const auto readable = channel_.wait_readable(static_cast<int>(left.count()));
            if (!readable) return std::unexpected(readable.error());
            if (!*readable) continue;
            const auto open = channel_.receive();
            if (!open) return std::unexpected(open.error());
            if (!*open) return death();
        }
    }

    base::Result<void> meaning_of(std::string_view frame) {
        const auto event = reader_.read(frame, Clock::now());
        if (!event) return std::unexpected(event.error());
        if (const auto* ended = std::get_if<wire::Ended>(&*event); ended != nullptr && ended->has_error())
            return std::unexpected(proto::from_wire(ended->error()));
        if (std::holds_alternative<wire::Ready>(*event)) return {};
        return base::fail(ErrorCode::internal, "the worker ended before it looked at the expression");
    }

    base::Result<void> death() {
        const int status = end();
        if (WIFSIGNALED(status))
            if (auto told = proto::told_by_signal(WTERMSIG(status))) return std::unexpected(*told);
        return base::fail(ErrorCode::internal, "the worker that checks the expression died");
    }

    // The process has nothing to finish, so nobody waits for it. A signal does not replace one by which
    // it has ended already.
    int end() {
        int status = 0;
        ::kill(pid_, SIGKILL);
        ::waitpid(std::exchange(pid_, -1), &status, 0);
        return status;
    }

    proto::Channel channel_;
    pid_t pid_;
    proto::WorkerReader reader_;
};

}  // namespace

base::Result<void> check_expression(const std::string& expression) {
    const auto path = proto::find_worker();
    if (!path) return std::unexpected(path.error());
    auto process = proto::start_worker(*path);
    if (!process) return std::unexpected(process.error());
    return CheckingWorker(std::move(*process)).check(expression);
}

}  // namespace packetsentry::ctl
