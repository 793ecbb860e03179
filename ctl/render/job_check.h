// What the check of a standing job's file has found.
#pragma once

#include <string>

namespace packetsentry::ctl::render {

struct JobCheck {
    std::string file = {};
    std::string name = {};     // of the job; empty if the file is wrong
    std::string meaning = {};  // what the job does, likewise
    std::string unchecked =
        {};                    // why the libpcap expression was not checked; empty: it was, or there is none
    std::string mistake = {};  // empty: the file is right
};

// For people, of a file that is right: "night.toml is right: captures eth0; …".
[[nodiscard]] std::string job_check_line(const JobCheck& check);
// One object, one line, of any file.
[[nodiscard]] std::string job_check_json(const JobCheck& check);

}  // namespace packetsentry::ctl::render
