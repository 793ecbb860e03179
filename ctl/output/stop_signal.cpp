#include "ctl/output/stop_signal.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>

namespace packetsentry::ctl {
namespace {

std::atomic<int> signals{0};
std::atomic<bool> interrupt{false};
std::atomic<int> wake_fd{-1};

void on_signal(int number) {
    const int saved = errno;
    if (number == SIGINT) interrupt.store(true);
    signals.fetch_add(1);
    const char byte = 0;
    (void)!::write(wake_fd.load(), &byte, 1);
    errno = saved;
}

// nohup(1) starts a program with SIGHUP ignored, so that it outlives its terminal.
bool stays_ignored(int signal, const struct sigaction& action) {
    return signal == SIGHUP && action.sa_handler == SIG_IGN;
}

void handle(int signal, void (*handler)(int)) {
    struct sigaction action {};
    if (::sigaction(signal, nullptr, &action) == 0 && stays_ignored(signal, action)) return;
    action = {};
    action.sa_handler = handler;
    ::sigaction(signal, &action, nullptr);
}

}  // namespace

StopSignal::StopSignal() {
    std::array<int, 2> ends{-1, -1};
    // Without a pipe the count still stands; only the poll wakes later.
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) == 0) {
        read_end_.reset(ends[0]);
        write_end_.reset(ends[1]);
    }
    wake_fd.store(write_end_.get());
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) handle(signal, on_signal);
    handle(SIGPIPE, SIG_IGN);
}

StopSignal::~StopSignal() {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) handle(signal, SIG_DFL);
    wake_fd.store(-1);
}

void StopSignal::acknowledge() {
    std::array<char, 64> bytes{};
    while (::read(read_end_.get(), bytes.data(), bytes.size()) > 0) {
    }
}

int StopSignal::count() {
    return signals.load();
}

bool StopSignal::interrupted() {
    return interrupt.load();
}

}  // namespace packetsentry::ctl
