#include <google/protobuf/stubs/logging.h>
#include <signal.h>

#include <string>
#include <vector>

#include "ctl/commands/command_line.h"
#include "ctl/output/complaint.h"
#include "ctl/output/terminal.h"
#include "daemon/base/inherited.h"

int main(int argc, char** argv) {
    packetsentry::base::settle_what_is_inherited();
    // A reader that goes away is told of by write(), and is no error.
    ::signal(SIGPIPE, SIG_IGN);
    // It would print what a peer sent, as it came.
    google::protobuf::SetLogHandler(nullptr);
    const auto done =
        packetsentry::ctl::run_command_line(std::vector<std::string>(argv + (argc > 0), argv + argc));
    if (!done && !done.error().message.empty())
        packetsentry::ctl::complain(done.error().message, done.error().picture);
    packetsentry::ctl::Terminal::drain();
    if (done) return 0;
    return static_cast<int>(done.error().code);
}
