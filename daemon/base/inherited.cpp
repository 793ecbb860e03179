#include "daemon/base/inherited.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

namespace packetsentry::base {
namespace {

constexpr mode_t kTakenFromOthers = S_IRWXG | S_IRWXO;

int open_placeholder() {
    const int null = ::open("/dev/null", O_RDWR);
    // Can be opened everywhere, and neither read nor written.
    return null >= 0 ? null : ::open("/", O_PATH);
}

}  // namespace

void hold_standard_streams() {
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream)
        if (::fcntl(stream, F_GETFD) < 0) (void)open_placeholder();  // takes the lowest number, which is this
}

void settle_what_is_inherited() {
    hold_standard_streams();
    ::signal(SIGCHLD, SIG_DFL);
    ::signal(SIGXFSZ, SIG_IGN);
    sigset_t none;
    ::sigemptyset(&none);
    (void)::sigprocmask(SIG_SETMASK, &none, nullptr);
    (void)::umask(kTakenFromOthers);
}

}  // namespace packetsentry::base
