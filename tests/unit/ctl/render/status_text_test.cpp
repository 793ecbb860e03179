#include "ctl/render/status_text.h"

#include <gtest/gtest.h>

#include <utility>

#include "ctl/render/packet_time.h"

namespace packetsentry::ctl::render {
namespace {

TEST(Status, FactsSayWhatIsMissing) {
    wire::Status status;
    status.set_started_ns(1'000'000'000);
    const std::string facts = status_facts(status, 1'000'000'000 + 90'061'000'000'000);
    EXPECT_NE(facts.find("1 d 01:01:01, since "), std::string::npos);
    EXPECT_NE(facts.find("no: it lacks CAP_NET_RAW"), std::string::npos);
}

TEST(Status, TellsHowFarBackTheSpoolReachesAndForHowLongItLasts) {
    wire::Status status;
    status.set_spool("/s");
    EXPECT_EQ(status_facts(status, 0).find("Spool reaches back"), std::string::npos);
    EXPECT_EQ(status_facts(status, 0).find("Spool grows"), std::string::npos);
    status.set_spool_bytes(10ULL << 30);
    status.set_spool_bytes_limit(100ULL << 30);
    status.set_spool_free_disk(35ULL << 30);
    status.set_spool_free_disk_limit(5ULL << 30);
    wire::KeptTable& table = *status.add_spool_table();
    table.set_table(wire::TABLE_PACKETS);
    table.set_rows_since_ns(1'747'278'000'000'000'000);
    table.set_bytes_per_day(10ULL << 30);
    const std::string facts = status_facts(status, 0);
    EXPECT_NE(facts.find("Spool reaches back:  since " + moment_text(1'747'278'000'000'000'000) +
                         ", without packets\n"),
              std::string::npos)
        << facts;
    EXPECT_NE(facts.find("10.0 GiB a day, so that 40.0 GiB last for 4 d\n"), std::string::npos)
        << "the disk is full before the spool is: " << facts;
    const std::string json = status_json(status);
    EXPECT_NE(json.find("\"free_disk_limit\":5368709120,\"tables\":[{\"table\":\"packets\","),
              std::string::npos)
        << json;
    table.set_bytes_per_day(1ULL << 50);
    EXPECT_NE(status_facts(status, 0).find("last for 0 min"), std::string::npos);
    table.set_bytes_per_day(40ULL << 30);
    EXPECT_NE(status_facts(status, 0).find("last for 24 h"), std::string::npos);
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
