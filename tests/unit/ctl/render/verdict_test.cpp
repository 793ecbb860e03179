#include "ctl/render/verdict.h"

#include <gtest/gtest.h>

namespace packetsentry::ctl::render {
namespace {

wire::PolicyVerdict sample() {
    wire::PolicyVerdict verdict;
    verdict.set_allowed(true);
    verdict.set_rule("rule 2 (/etc/p.toml:14)");
    verdict.set_reason("it\x1b is so");
    verdict.mutable_terms()->set_required_filter("udp");
    verdict.mutable_terms()->set_packets_per_second(10);
    verdict.mutable_terms()->mutable_redaction()->set_cut_payload(true);
    verdict.set_max_jobs(2);
    verdict.set_lifetime_ns(3'600'000'000'000);
    return verdict;
}

TEST(Verdict, FactsTellWhatThereIsEscaped) {
    EXPECT_EQ(verdict_facts(sample()),
              "Verdict:          allowed\n"
              "Rule:             rule 2 (/etc/p.toml:14)\n"
              "Reason:           it\\x1B is so\n"
              "Required filter:  udp\n"
              "Redacted:         headers only\n"
              "Rate limit:       10 packets/s\n"
              "Running jobs:     at most 2\n"
              "Lifetime:         0 d 01:00:00 without 'packetsentryctl renew'\n");
}

TEST(Verdict, JsonHasTheSame) {
    wire::PolicyVerdict verdict = sample();
    verdict.set_allowed(false);
    verdict.add_interface("eth*");
    const std::string expected =
        R"j({"verdict":"refused","rule":"rule 2 (/etc/p.toml:14)","reason":"it\u001B is so",)j"
        R"("unrestricted":false,"actions":[],"interfaces":["eth*"],"all_jobs":false,)"
        R"("required_filter":"udp","rate_limit":10,"redacted":"headers only",)"
        R"("max_jobs":2,"lifetime_seconds":3600})";
    EXPECT_EQ(verdict_json(verdict), expected + "\n");
}

}  // namespace
}  // namespace packetsentry::ctl::render
