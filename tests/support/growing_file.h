// A file without a name that is written as a segment of the spool is: at its end alone.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "daemon/base/unique_fd.h"

namespace packetsentry::test {

class GrowingFile {
  public:
    GrowingFile() : file_(::memfd_create("segment", MFD_CLOEXEC)) {}

    // Another descriptor of the file, with O_WRONLY and O_APPEND.
    [[nodiscard]] base::UniqueFd end() const {
        const std::string path = "/proc/self/fd/" + std::to_string(file_.get());
        base::UniqueFd end(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
        EXPECT_TRUE(end);
        return end;
    }
    [[nodiscard]] std::string content() const {
        std::string bytes(static_cast<std::size_t>(::lseek(file_.get(), 0, SEEK_END)), '\0');
        EXPECT_EQ(::pread(file_.get(), bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
        return bytes;
    }

  private:
    base::UniqueFd file_;
};

}  // namespace packetsentry::test
