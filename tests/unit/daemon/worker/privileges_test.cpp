#include "daemon/worker/privileges.h"

#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <string>

#include "tests/support/in_child.h"

namespace packetsentry::worker {
namespace {

using test::in_child;

std::map<std::string, std::string> own_status() {
    std::map<std::string, std::string> fields;
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);) {
        const std::size_t colon = line.find(":\t");
        if (colon != std::string::npos) fields[line.substr(0, colon)] = line.substr(colon + 2);
    }
    return fields;
}

// What the child found after dropping everything; "" when all is as promised.
std::string after_drop() {
    if (const auto dropped = drop_privileges(); !dropped) return dropped.error().message;
    auto status = own_status();
    for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapAmb"})
        if (status[set] != "0000000000000000") return std::string(set) + " is " + status[set];
    if (status["NoNewPrivs"] != "1") return "NoNewPrivs is " + status["NoNewPrivs"];
    if (::prctl(PR_GET_DUMPABLE) != 0) return "still dumpable";
    if (::geteuid() == 0) return "still root";
    if (std::ifstream("/etc/shadow").good()) return "/etc/shadow opens";
    return "";
}

// Dropping is for good, so it happens in a process of its own.
TEST(Privileges, NothingIsLeftAfterDropping) {
    EXPECT_EQ(in_child(after_drop), "");
}

}  // namespace
}  // namespace packetsentry::worker
