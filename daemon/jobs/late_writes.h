// Writes files of a state directory in a thread, for whoever does not wait for the disk.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "daemon/base/result.h"
#include "daemon/base/state_directory.h"

namespace packetsentry::jobs {

// Used by one thread. What still waits when this object goes is not written. A thread that hangs in a write
// is left to itself.
class LateWrites {
  public:
    explicit LateWrites(base::StateDirectory directory);
    ~LateWrites();
    LateWrites(const LateWrites&) = delete;
    LateWrites& operator=(const LateWrites&) = delete;

    // Has the file replaced, or its time set to now. For each file, what was asked last waits.
    void replace(const std::string& name, std::string bytes);
    void touch(const std::string& name);
    // Returns the last failure, once.
    [[nodiscard]] std::optional<base::Error> take_error();

    // Makes the call, which writes or removes the file, at once. What waits for this file is forgotten, and
    // what the thread is writing is waited for, so that nothing older comes afterwards.
    template <typename Call>
    auto at_once(const std::string& name, Call call) {
        const auto writing = forget(name);
        return call();
    }

  private:
    struct State;

    void wait_for_thread(const std::string& name, std::optional<std::string> bytes);
    [[nodiscard]] std::unique_lock<std::mutex> forget(const std::string& name);

    std::shared_ptr<State> state_;  // lives as long as the thread
};

}  // namespace packetsentry::jobs
