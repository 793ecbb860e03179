#include "ctl/presentation.h"

#include <chrono>

#include "ctl/render/json_presenter.h"
#include "ctl/render/text_presenter.h"

namespace packetsentry::ctl {

std::int64_t now_ns() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
}

base::Result<std::unique_ptr<render::Presenter>> make_presenter(const Globals& globals,
                                                                const Presentation& how) {
    using Use = render::Screen::Use;
    const Use screen = how.quiet || how.stdout_taken ? Use::silent : Use::shown;
    if (globals.json && how.stdout_taken)
        return base::fail(base::ErrorCode::usage,
                          "--json and '-o -' would both write standard output: name a file");
    const auto wait = how.live ? Terminal::Wait::never : Terminal::Wait::for_room;
    if (globals.json) return std::make_unique<render::JsonPresenter>(screen, wait, how.job);
    return render::TextPresenter::open({.screen = screen,
                                        .wait = wait,
                                        .colour = !globals.no_color,
                                        .time_format = globals.time_format,
                                        .files = how.files && !globals.no_files,
                                        .files_needed = how.quiet,
                                        .keep_counts = how.quiet,
                                        .narrated = how.narrated,
                                        .directory = globals.output_dir},
                                       now_ns);
}

}  // namespace packetsentry::ctl
