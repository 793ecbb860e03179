#include "ctl/render/screen.h"

#include <unistd.h>

#include <cstdlib>

#include "ctl/text_output.h"

namespace packetsentry::ctl::render {
namespace {

bool no_color_set() {
    const char* value = std::getenv("NO_COLOR");
    return value != nullptr && *value != '\0';
}

}  // namespace

Screen::Screen(Use use, bool colour)
    : use_(use), coloured_(use == Use::shown && colour && !no_color_set() && ::isatty(STDOUT_FILENO) != 0) {}

base::Result<void> Screen::write(std::string_view text) {
    if (!shown() || closed_) return {};
    const auto written = write_text(STDOUT_FILENO, text, "standard output");
    if (!written) return std::unexpected(written.error());
    closed_ = !*written;
    return {};
}

}  // namespace packetsentry::ctl::render
