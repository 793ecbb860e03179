#include "ctl/doctor/findings.h"

#include <gtest/gtest.h>

namespace packetsentry::ctl::doctor {
namespace {

const Finding kFindings[] = {
    {.verdict = Verdict::ok, .message = "you (alice) are in group users", .check = "group"},
    {.verdict = Verdict::warn,
     .message = "none is up\x1b[2J",
     .mend = "sudo ip link set e\n up",
     .check = "interfaces"},
    {.verdict = Verdict::fail, .message = "not there", .mend = "sudo packetsentryd", .check = "socket"},
    {.verdict = Verdict::not_checked, .message = "not checked: no connection", .check = "daemon"},
};

TEST(Findings, Text) {
    EXPECT_EQ(findings_text(kFindings, false),
              "ok   group      you (alice) are in group users\n"
              "warn interfaces none is up\\x1B[2J\n"
              "                sudo ip link set e\\x0A up\n"
              "FAIL socket     not there\n"
              "                sudo packetsentryd\n"
              "-    daemon     not checked: no connection\n");
}

TEST(Findings, ColourIsOnTheVerdictAlone) {
    const std::string text = findings_text(kFindings, true);
    EXPECT_TRUE(text.starts_with("\x1b[32mok   \x1b[0mgroup      you"));
    EXPECT_NE(text.find("\n\x1b[33mwarn \x1b[0minterfaces none"), std::string::npos);
    EXPECT_NE(text.find("\n\x1b[31mFAIL \x1b[0msocket"), std::string::npos);
    EXPECT_NE(text.find("\n-    daemon"), std::string::npos);
}

TEST(Findings, Json) {
    EXPECT_EQ(finding_json(kFindings[0]),
              R"({"check":"group","result":"ok","message":"you (alice) are in group users"})"
              "\n");
    EXPECT_EQ(finding_json(kFindings[1]),
              R"({"check":"interfaces","result":"warn","message":"none is up\u001B[2J",)"
              R"("mend":"sudo ip link set e\u000A up"})"
              "\n");
    EXPECT_NE(finding_json(kFindings[2]).find(R"("result":"fail")"), std::string::npos);
    EXPECT_NE(finding_json(kFindings[3]).find(R"("result":"skipped")"), std::string::npos);
}

}  // namespace
}  // namespace packetsentry::ctl::doctor
