#include "ctl/output/screen.h"

#include <unistd.h>

#include <cstdlib>

#include "ctl/output/text_output.h"

namespace packetsentry::ctl {
namespace {

bool no_color_set() {
    const char* value = std::getenv("NO_COLOR");
    return value != nullptr && *value != '\0';
}

}  // namespace

Screen::Screen(Use use, bool colour, Terminal::Wait wait)
    : use_(use),
      terminal_(use == Use::shown && is_terminal(STDOUT_FILENO)),
      coloured_(terminal_ && colour && !no_color_set()),
      wait_(wait) {}

base::Result<void> Screen::write(std::string_view text, std::uint64_t rows) {
    if (!shown() || closed()) return {};
    if (terminal_) {
        if (rows == 0)
            Terminal::tell(STDOUT_FILENO, text);
        else if (!Terminal::put(STDOUT_FILENO, text, rows, wait_))
            not_shown_ += rows;
        return {};
    }
    const auto written = write_text(STDOUT_FILENO, text, "standard output");
    if (!written) return std::unexpected(written.error());
    closed_ = !*written;
    return {};
}

void Screen::finish() {
    if (terminal_) not_shown_ += Terminal::drain();
}

}  // namespace packetsentry::ctl
