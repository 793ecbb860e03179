#include "ctl/output/terminal_echo.h"

#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <initializer_list>

namespace packetsentry::ctl {
namespace {

bool shows_controls(int fd) {
    constexpr tcflag_t kShows = ECHO | ECHOCTL;
    termios settings{};
    return ::tcgetattr(fd, &settings) == 0 && (settings.c_lflag & kShows) == kShows;
}

bool takes_now(int fd) {
    pollfd entry{fd, POLLOUT, 0};
    return ::poll(&entry, 1, 0) > 0 && (entry.revents & POLLOUT) != 0;
}

}  // namespace

void leave_echoed_line() {
    for (const int fd : {STDERR_FILENO, STDOUT_FILENO}) {
        if (!shows_controls(fd)) continue;
        if (takes_now(fd)) (void)!::write(fd, "\n", 1);
        return;
    }
}

}  // namespace packetsentry::ctl
