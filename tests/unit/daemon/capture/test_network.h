// A network namespace with a veth pair (left, right), entered by this thread while it lives.
#pragma once

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "daemon/base/unique_fd.h"

namespace packetsentry::capture {

class TestNetwork {
  public:
    TestNetwork() : home_(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)) {
        made_ = ::unshare(CLONE_NEWNET) == 0 && ip("link set lo up") &&
                ip("link add left type veth peer name right") && ip("link set left up") &&
                ip("link set right up");
    }
    TestNetwork(const TestNetwork&) = delete;
    TestNetwork& operator=(const TestNetwork&) = delete;
    ~TestNetwork() { (void)::setns(home_.get(), CLONE_NEWNET); }

    [[nodiscard]] bool made() const { return made_; }
    static bool ip(const std::string& arguments) { return std::system(("ip " + arguments).c_str()) == 0; }

  private:
    base::UniqueFd home_;
    bool made_ = false;
};

}  // namespace packetsentry::capture
