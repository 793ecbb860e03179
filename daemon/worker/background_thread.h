// A thread for one piece of work that may take long and must not take others' processor for it.
//
// A process that lowers its priority needs a right to raise it again, which a worker does not have. A thread
// has a priority of its own: it works at the usual one for a moment, which is enough for almost everything,
// then lowers its own, and ends with its work; the rest of the process never notices.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace packetsentry::worker {

class BackgroundThread {
  public:
    // What takes more of the processor's time than this goes on at the lowest priority.
    static constexpr int kPromptMicroseconds = 20'000;

    // Starts the thread, which waits for run(). To be made before the sandbox, in which no thread can be
    // made.
    BackgroundThread();
    ~BackgroundThread();
    BackgroundThread(const BackgroundThread&) = delete;
    BackgroundThread& operator=(const BackgroundThread&) = delete;

    // Does the work in the thread, which ends with it, and waits until then. Once.
    void run(std::function<void()> work);

  private:
    void wait_and_work();

    std::mutex mutex_;
    std::condition_variable changed_;
    bool started_ = false;
    bool told_ = false;
    std::function<void()> work_;  // empty: there is none
    std::thread thread_;
};

}  // namespace packetsentry::worker
