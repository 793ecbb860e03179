// Opens the files of a capture that is saved to several files, one after the other, and removes the
// oldest.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <deque>
#include <string>
#include <utility>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"

namespace packetsentry::ctl {

class FileSeries {
  public:
    // The names are made of a stem and an ending (file_names.h). kept: there are at most so many files,
    // at least 2; 0: all are kept. input: the file being read, or -1.
    FileSeries(std::string stem, std::string ending, std::uint64_t kept, int input);

    // Makes the next file, which must be new, and removes what are now too many of the files that this
    // object has made, unless somebody has put something else there. Errors: those of open_output().
    [[nodiscard]] base::Result<base::UniqueFd> open_next();
    // The file that was opened last.
    [[nodiscard]] const std::string& name() const { return name_; }
    // How many were opened.
    [[nodiscard]] std::uint64_t number() const { return number_; }
    // Removes the file that was opened last: nothing was saved to it.
    void take_back();
    // "3 files, lab_00001_….pcapng to lab_00003_….pcapng (2 older ones were removed)"
    [[nodiscard]] std::string text() const;

  private:
    struct Made {
        std::string name;
        dev_t device;
        ino_t inode;
    };
    void remove_oldest();
    // Tells whether the name is free now.
    [[nodiscard]] static bool remove(const Made& made);

    std::string stem_;
    std::string ending_;
    std::uint64_t kept_;
    int input_;
    std::uint64_t number_ = 0;
    std::string name_;
    std::deque<Made> made_;  // and not removed
    bool told_ = false;      // that one cannot be removed
};

}  // namespace packetsentry::ctl
