// A thread for one piece of work that may take long and must not use processor time that others need.
//
// A process that lowers its priority needs a right to raise it again, which a worker does not have. But a
// thread has a priority of its own. It works at the usual priority for a moment, which is enough for almost
// everything. Then it lowers its own priority, and it ends with its work. The other threads keep their
// priority.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace packetsentry::worker {

class BackgroundThread {
  public:
    // Work that needs more processor time than this continues at the lowest priority.
    static constexpr int kPromptMicroseconds = 20'000;
    static constexpr int kLowestPriority = 19;

    // Starts the thread, which waits for run(). This must happen before the sandbox is entered, because no
    // thread can be started in it.
    BackgroundThread();
    ~BackgroundThread();
    BackgroundThread(const BackgroundThread&) = delete;
    BackgroundThread& operator=(const BackgroundThread&) = delete;

    // Does the work in the thread, and returns when it is done and the thread has ended. Can be called once.
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
