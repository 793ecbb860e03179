// The output of the commands that capture or read: one file, or several.
#pragma once

#include <optional>
#include <string>

#include "ctl/options/capture_options.h"
#include "ctl/output/file_series.h"
#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"

namespace packetsentry::ctl {

struct Output {
    base::UniqueFd file;  // not open: packets are not saved
    std::string name;
    std::optional<FileSeries> files = std::nullopt;  // none: there is one file
};

// Opens the first file. The options must be those of which make_capture() has made a capture. input: the
// file being read, or -1. Errors: those of open_output().
[[nodiscard]] base::Result<Output> open_output_of(const CaptureOptions& options, int input);

}  // namespace packetsentry::ctl
