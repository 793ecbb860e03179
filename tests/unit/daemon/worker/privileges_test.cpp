#include "daemon/worker/privileges.h"

#include <cap-ng.h>
#include <gtest/gtest.h>
#include <sched.h>
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

// What the child found after dropping everything; "" when nothing is left.
std::string what_is_left() {
    if (const auto dropped = drop_privileges(); !dropped) return dropped.error().message;
    auto status = own_status();
    for (const char* set : {"CapInh", "CapPrm", "CapEff", "CapAmb"})
        if (status[set] != "0000000000000000") return std::string(set) + " is " + status[set];
    if (status["NoNewPrivs"] != "1") return "NoNewPrivs is " + status["NoNewPrivs"];
    if (::prctl(PR_GET_DUMPABLE) != 0) return "still dumpable";
    return "";
}

std::string after_drop() {
    if (std::string left = what_is_left(); !left.empty()) return left;
    if (::geteuid() == 0) return "still root";
    if (std::ifstream("/etc/shadow").good()) return "/etc/shadow opens";
    return "";
}

// A container without root: this user alone is mapped, as root.
bool become_root_of_one_id() {
    const std::string user = "0 " + std::to_string(::geteuid()) + " 1";
    const std::string group = "0 " + std::to_string(::getegid()) + " 1";
    if (::unshare(CLONE_NEWUSER) != 0) return false;
    return (std::ofstream("/proc/self/setgroups") << "deny").flush().good() &&
           (std::ofstream("/proc/self/uid_map") << user).flush().good() &&
           (std::ofstream("/proc/self/gid_map") << group).flush().good();
}

// Dropping is for good, so it happens in a process of its own.
TEST(Privileges, NothingIsLeftAfterDropping) {
    EXPECT_EQ(in_child(after_drop), "");
}

TEST(Privileges, NothingIsLeftWhereThereIsNoOtherUserToBecome) {
    const std::string end = in_child([]() -> std::string {
        if (!become_root_of_one_id()) return "";  // not to be had here: tests/system/701 skips and says so
        if (std::string left = what_is_left(); !left.empty()) return left;
        return ::geteuid() == 0 ? "" : "another user after all";
    });
    EXPECT_EQ(end, "");
}

// A container may have the right to change its user and not the one to change its groups.
TEST(Privileges, RootIsLeftWhereItsGroupsCannotBe) {
    const std::string end = in_child([]() -> std::string {
        capng_get_caps_process();
        capng_update(CAPNG_DROP, static_cast<capng_type_t>(CAPNG_EFFECTIVE | CAPNG_PERMITTED), CAP_SETGID);
        if (capng_apply(CAPNG_SELECT_CAPS) != 0) return "";
        return after_drop();
    });
    EXPECT_EQ(end, "");
}

}  // namespace
}  // namespace packetsentry::worker
