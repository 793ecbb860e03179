#include "daemon/worker/background_thread.h"

#include <malloc.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/time.h>

#include <utility>

namespace packetsentry::worker {
namespace {

// Lowers the priority of the thread that the signal interrupts: Linux keeps a priority for each thread.
void lower_priority(int) {
    (void)::setpriority(PRIO_PROCESS, 0, BackgroundThread::kLowestPriority);
}

void change_mask(int how) {
    sigset_t alarm;
    ::sigemptyset(&alarm);
    ::sigaddset(&alarm, SIGVTALRM);
    (void)::pthread_sigmask(how, &alarm, nullptr);
}

// The timer counts what the whole process computes, which is this thread's work.
void lower_later() {
    struct sigaction lower {};
    lower.sa_handler = lower_priority;
    lower.sa_flags = SA_RESTART;
    const itimerval prompt{{}, {0, BackgroundThread::kPromptMicroseconds}};
    if (::sigaction(SIGVTALRM, &lower, nullptr) == 0) (void)::setitimer(ITIMER_VIRTUAL, &prompt, nullptr);
    change_mask(SIG_UNBLOCK);
}

void lower_no_more() {
    change_mask(SIG_BLOCK);
    const itimerval off{};
    (void)::setitimer(ITIMER_VIRTUAL, &off, nullptr);
}

}  // namespace

BackgroundThread::BackgroundThread() {
    // A heap of the thread's own would be shrunk, for which glibc opens a file, which the sandbox forbids.
    (void)::mallopt(M_ARENA_MAX, 1);
    change_mask(SIG_BLOCK);  // here too, so that only the thread gets it
    thread_ = std::thread([this] { wait_and_work(); });
    // What the thread needs of the kernel to begin is over by then.
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return started_; });
}

BackgroundThread::~BackgroundThread() {
    if (thread_.joinable()) run({});
}

void BackgroundThread::run(std::function<void()> work) {
    {
        const std::lock_guard lock(mutex_);
        work_ = std::move(work);
        told_ = true;
        changed_.notify_all();
    }
    thread_.join();
}

void BackgroundThread::wait_and_work() {
    {
        std::unique_lock lock(mutex_);
        started_ = true;
        changed_.notify_all();
        changed_.wait(lock, [this] { return told_; });
    }
    if (!work_) return;
    lower_later();
    work_();
    lower_no_more();
}

}  // namespace packetsentry::worker
