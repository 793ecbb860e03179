// A state directory of the test's own.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "daemon/base/state_directory.h"

namespace packetsentry::jobs {

inline base::StateDirectory opened(const std::string& directory) {
    return base::StateDirectory::open(directory, ::geteuid(), ::getegid()).value();
}

}  // namespace packetsentry::jobs
