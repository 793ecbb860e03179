#include "ctl/output/complaint.h"

#include <unistd.h>

#include <string>

#include "ctl/output/terminal.h"
#include "ctl/render/escape.h"

namespace packetsentry::ctl {
namespace {

// In one write, so that a line is never torn. There is nobody to tell if it fails.
void write_line(std::string line) {
    line += '\n';
    if (is_terminal(STDERR_FILENO)) return Terminal::tell(STDERR_FILENO, line);
    (void)!::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace

void complain(std::string_view message, std::string_view picture) {
    std::string text = "packetsentryctl: " + render::escaped(message);
    if (!picture.empty() && is_terminal(STDERR_FILENO)) text.append("\n").append(picture);
    write_line(std::move(text));
}

void tell(std::string_view message) {
    write_line(render::escaped(message));
}

}  // namespace packetsentry::ctl
