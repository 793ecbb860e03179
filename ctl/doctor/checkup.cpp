#include "ctl/doctor/checkup.h"

#include <algorithm>
#include <array>

#include "ctl/doctor/access_checks.h"
#include "ctl/doctor/client_checks.h"
#include "ctl/doctor/daemon_checks.h"
#include "ctl/doctor/spool_check.h"

namespace packetsentry::ctl::doctor {
namespace {

struct Check {
    const char* name;
    Finding (*find)(const Facts& facts);
};

constexpr std::array kChecks = {
    Check{"group", check_group},            // may you use the socket?
    Check{"socket", check_socket},          // is there one, and does it take you?
    Check{"daemon", check_daemon},          // does it answer?
    Check{"version", check_version},        // is it of this client's version?
    Check{"capability", check_capability},  // may it capture?
    Check{"interfaces", check_interfaces},  // is there something to capture on?
    Check{"policy", check_policy},          // what does it let you do?
    Check{"spool", check_spool},            // can it keep what it records?
    Check{"worker", check_worker},          // can this client read files?
    Check{"disk", check_disk},              // is there room for log and results?
};

}  // namespace

std::vector<Finding> examine(const Facts& facts) {
    std::vector<Finding> findings;
    for (const Check& check : kChecks) {
        findings.push_back(check.find(facts));
        findings.back().check = check.name;
    }
    return findings;
}

base::Result<void> outcome(std::span<const Finding> findings) {
    const auto failure = std::ranges::find(findings, Verdict::fail, &Finding::verdict);
    if (failure == findings.end()) return {};
    return base::fail(failure->kind, "");
}

}  // namespace packetsentry::ctl::doctor
