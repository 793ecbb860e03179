#include "ctl/render/status_text.h"

#include <gtest/gtest.h>

#include <utility>

namespace packetsentry::ctl::render {
namespace {

TEST(Status, FactsSayWhatIsMissing) {
    wire::Status status;
    status.set_started_ns(1'000'000'000);
    const std::string facts = status_facts(status, 1'000'000'000 + 90'061'000'000'000);
    EXPECT_NE(facts.find("1 d 01:01:01, since "), std::string::npos);
    EXPECT_NE(facts.find("no: it lacks CAP_NET_RAW"), std::string::npos);
}

TEST(Status, TellsThePolicyInForce) {
    wire::Status status;
    EXPECT_NE(status_facts(status, 0).find("Policy:           -\n"), std::string::npos) << "not told";
    EXPECT_EQ(status_json(status).find("policy"), std::string::npos);
    status.set_policy_since_ns(1'000'000'000);
    EXPECT_NE(status_facts(status, 0).find(
                  "Policy:           none: members of the group have their own jobs, since "),
              std::string::npos);
    EXPECT_NE(status_json(status).find(R"("policy":{"rules":0,"since":"1970-01-01T00:00:01.000000000Z"},)"),
              std::string::npos);
    status.set_policy_file("/p.toml");
    status.set_policy_rules(1);
    EXPECT_NE(status_facts(status, 0).find("/p.toml, 1 rule, since "), std::string::npos);
    EXPECT_NE(status_json(status).find(R"("policy":{"file":"/p.toml","rules":1,)"), std::string::npos);
}

TEST(Status, TellsWhatUsersKeep) {
    wire::Status status;
    EXPECT_NE(status_facts(status, 0).find("Kept by users:    0 B of 0 B; yours 0 B\n"), std::string::npos);
    status.set_spool_user_bytes(3 << 20);
    status.set_spool_user_bytes_limit(4 << 20);
    status.set_your_spool_bytes(1 << 20);
    status.set_your_spool_since_ns(1'000'000'000);
    EXPECT_NE(status_facts(status, 0).find("Kept by users:    3.0 MiB of 4.0 MiB; yours 1.0 MiB, since "),
              std::string::npos);
    EXPECT_NE(
        status_json(status).find(
            R"("user_bytes":3145728,"user_bytes_limit":4194304,"your_bytes":1048576,"your_since":"1970-)"),
        std::string::npos);
}

TEST(Status, TellsRefusalsByKind) {
    wire::Status status;
    status.set_refused(7);
    for (const auto& [kind, count] : {std::pair("message", 3), std::pair("slow_reader", 4)}) {
        status.add_refusals()->set_kind(kind);
        status.mutable_refusals()->rbegin()->set_count(static_cast<std::uint64_t>(count));
    }
    EXPECT_NE(status_facts(status, 0).find("7: message 3, slow reader 4\n"), std::string::npos);
    EXPECT_NE(status_json(status).find(R"("refused":7,"refusals":{"message":3,"slow_reader":4},)"),
              std::string::npos);
    EXPECT_NE(status_json(wire::Status()).find(R"("refusals":{},)"), std::string::npos);
}

}  // namespace
}  // namespace packetsentry::ctl::render
