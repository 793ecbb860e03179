// A directory of a test's own. It is removed, with all that is in it, when the object's life ends.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <system_error>

namespace packetsentry::test {

class TemporaryDirectory {
  public:
    // parent: where the directory is made, with a slash at the end. Throws where that fails.
    explicit TemporaryDirectory(const std::string& parent = testing::TempDir())
        : path_(parent + "packetsentry-XXXXXX") {
        if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error("cannot make " + path_);
    }
    ~TemporaryDirectory() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    // Has no slash at the end.
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_;
};

}  // namespace packetsentry::test
