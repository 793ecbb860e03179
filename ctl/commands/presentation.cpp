#include "ctl/commands/presentation.h"

#include <chrono>
#include <string>

#include "ctl/output/formatted_output.h"

namespace packetsentry::ctl {

std::int64_t now_ns() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

base::Result<std::unique_ptr<Presenter>> make_presenter(const Globals& globals, const Presentation& how) {
    using Use = Screen::Use;
    if (!how.shown.option.empty() && how.stdout_taken)
        return base::fail(
            base::ErrorCode::usage,
            std::string(how.shown.option) + " and '-o -' would both write standard output: name a file");
    return FormattedOutput::open(
        {.format = how.shown.format,
         .rows = {.time_format = globals.time_format, .fields = how.shown.fields, .job = how.job},
         .screen = how.quiet || how.stdout_taken ? Use::silent : Use::shown,
         .wait = how.live ? Terminal::Wait::never : Terminal::Wait::for_room,
         .colour = !globals.no_color,
         .files = how.files && !globals.no_files,
         .files_needed = how.quiet,
         .keep_counts = how.quiet,
         .narrated = how.narrated,
         .directory = globals.output_dir},
        now_ns);
}

}  // namespace packetsentry::ctl
