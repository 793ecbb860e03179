// The options that can be used with any command.
#pragma once

#include <string>

#include "ctl/client/usual_socket.h"
#include "ctl/render/packet_time.h"

namespace packetsentry::ctl {

struct Globals {
    std::string socket = kUsualSocket;
    bool json = false;
    bool no_color = false;
    bool no_files = false;   // neither log nor results
    std::string output_dir;  // of log and results; empty: the working directory
    render::TimeFormat time_format = render::TimeFormat::fixed;
};

}  // namespace packetsentry::ctl
