#include "ctl/commands/output.h"

#include <utility>

#include "ctl/options/file_limits.h"
#include "ctl/options/save_format.h"
#include "ctl/output/output_file.h"

namespace packetsentry::ctl {

base::Result<Output> open_output_of(const CaptureOptions& options, int input) {
    const auto several = several_files(options.file_limits, options.output);
    if (!several) return std::unexpected(several.error());
    Output output{.file = {}, .name = options.output};
    if (*several) {
        SplitName name = split_name(options.output);
        output.files.emplace(std::move(name.stem), std::move(name.ending), (*several)->kept, input);
    }
    auto file =
        output.files ? output.files->open_next() : open_output(options.output, input, options.no_clobber);
    if (!file) return std::unexpected(file.error());
    output.file = std::move(*file);
    if (output.files) output.name = output.files->name();
    return output;
}

}  // namespace packetsentry::ctl
