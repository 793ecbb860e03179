#include "daemon/policy/rule_reader.h"

#include <gtest/gtest.h>

#include <string>

namespace packetsentry::policy {
namespace {

const Names kNames{[](const std::string& name) -> std::optional<uid_t> {
                       if (name == "alice") return 1000;
                       return std::nullopt;
                   },
                   [](const std::string& name) -> std::optional<gid_t> {
                       if (name == "bench") return 70;
                       return std::nullopt;
                   }};

base::Result<Policy> read(const std::string& text) {
    return read_rules(text, "p.toml", kNames);
}

TEST(RuleReader, ReadsEveryKey) {
    const auto policy = read(
        "# about\n"
        "[[rule]]\n"
        "user = [\"alice\", 7]\n"
        "group = [\"bench\", 8]\n"
        "actions = [\"view\", \"start\"]\n"
        "interfaces = [\"eth*\", \"any\"]\n"
        "jobs = \"all\"\n"
        "filter = \"net 10.0.0.0/8\"\n"
        "snaplen = 128\n"
        "max_jobs = 2\n"
        "max_rate = 1000\n"
        "max_bytes = \"100MiB\"\n"
        "lifetime = \"24h\"\n"
        "redact = { headers = true, payload = 0, addresses = true }\n"
        "\n"
        "[[rule]]\n"
        "group = [70]\n"
        "actions = []\n"
        "[rule.redact]\n"
        "payload = 16\n");
    ASSERT_TRUE(policy) << policy.error().message;
    EXPECT_EQ(policy->path, "p.toml");
    ASSERT_EQ(policy->rules.size(), 2U);
    const Rule& rule = policy->rules.front();
    EXPECT_EQ(rule.line, 2U);
    EXPECT_EQ(rule.users, (std::vector<uid_t>{1000, 7}));
    EXPECT_EQ(rule.groups, (std::vector<gid_t>{70, 8}));
    EXPECT_EQ(rule.permissions.to_ulong(), 0b11U);
    EXPECT_EQ(rule.interfaces, (std::vector<std::string>{"eth*", "any"}));
    EXPECT_TRUE(rule.all_jobs);
    const Terms terms{.filter = "net 10.0.0.0/8",
                      .snapshot_length = 128,
                      .packets_per_second = 1000,
                      .saved_bytes = 100U << 20,
                      .jobs = 2,
                      .lifetime = std::chrono::hours(24),
                      .redaction = {.headers_only = true, .payload_bytes = 0, .mask_addresses = true}};
    EXPECT_EQ(rule.terms, terms);
    const Rule& second = policy->rules.back();
    EXPECT_EQ(second.line, 16U);
    EXPECT_TRUE(second.permissions.none());
    EXPECT_EQ(second.interfaces, (std::vector<std::string>{"*"}));
    EXPECT_FALSE(second.all_jobs);
    EXPECT_EQ(second.terms.redaction.payload_bytes, 16U);
}

// Users and groups come and go; the daemon must start all the same, and nobody must get a rule by that.
TEST(RuleReader, ANameThatNobodyHasIsAWarningAtItsRule) {
    const auto policy = read(
        "[[rule]]\n"
        "user = [\"mallory\"]\n"
        "actions = [\"view\"]\n"
        "[[rule]]\n"
        "group = [\"bench\",\n"
        "  \"wheel\"]\n"
        "actions = []\n");
    ASSERT_TRUE(policy) << policy.error().message;
    const Rule& first = policy->rules.front();
    EXPECT_TRUE(first.users.empty() && first.groups.empty());
    EXPECT_EQ(first.named, (std::vector<std::string>{"user mallory (unknown)"}));
    for (const uid_t user : {0U, 1000U, 4'294'967'294U})
        EXPECT_FALSE(is_for(first, {user, 70, {0, 70, 100}})) << "it is for nobody";
    EXPECT_EQ(policy->rules.back().groups, (std::vector<gid_t>{70}));
    EXPECT_EQ(
        warnings_of(*policy),
        (std::vector<std::string>{
            "p.toml:2: 'user' names 'mallory', but there is no such user: that name matches nobody, and the "
            "rules below this one decide",
            "p.toml:6: 'group' names 'wheel', but there is no such group: that name matches nobody, and the "
            "rules below this one decide"}));
}

// It says nothing of the name: read so, the policy would be another while the database is away.
TEST(RuleReader, ADatabaseThatCannotBeAskedIsAMistake) {
    const Names away{[](const std::string&) -> base::Result<std::optional<uid_t>> {
                         return base::fail(base::ErrorCode::internal, "it is away");
                     },
                     [](const std::string&) { return std::nullopt; }};
    const auto policy = read_rules("[[rule]]\nuser = [\"alice\"]\nactions = []\n", "p.toml", away);
    ASSERT_FALSE(policy);
    EXPECT_EQ(policy.error().message,
              "p.toml:2: 'user' names 'alice', which cannot be looked up now: it is away");
}

TEST(RuleReader, AnEmptyFileHasNoRule) {
    const auto policy = read("");
    ASSERT_TRUE(policy);
    EXPECT_TRUE(policy->rules.empty());
}

struct Refusal {
    const char* text;     // after "[[rule]]\nuser = [7]\nactions = []\n", unless it begins with "!"
    const char* message;  // begins so
};

class RuleReaderRefusal : public testing::TestWithParam<Refusal> {};

TEST_P(RuleReaderRefusal, TellsFileAndLine) {
    std::string text = GetParam().text;
    text = text.starts_with('!') ? text.substr(1) : "[[rule]]\nuser = [7]\nactions = []\n" + text + "\n";
    const auto policy = read(text);
    ASSERT_FALSE(policy);
    EXPECT_EQ(policy.error().code, base::ErrorCode::usage);
    EXPECT_EQ(policy.error().message.substr(0, std::string(GetParam().message).size()), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    All, RuleReaderRefusal,
    testing::Values(
        Refusal{"!rules = 3\n", "p.toml:1: unknown key 'rules'"},
        Refusal{"!\nrule = 3\n", "p.toml:2: rules are tables: each begins with [[rule]]"},
        Refusal{"![rule]\nuser = [7]\n", "p.toml:1: rules are tables"},
        Refusal{"!rule = [3]\n", "p.toml:1: a rule must be a table"},
        Refusal{"!\n[[rule]]\nactions = []\n", "p.toml:2: the rule must have 'user' or 'group'"},
        Refusal{"!\n[[rule]]\nuser = [7]\n", "p.toml:2: the rule must have 'actions'"},
        Refusal{"group = []",
                "p.toml:4: 'group' must be a list of names and numbers of groups, and not empty"},
        Refusal{"group = 70", "p.toml:4: 'group' must be a list"},
        Refusal{"group = [-1]", "p.toml:4: 'group' must be a list"},
        Refusal{"group = [4294967295]", "p.toml:4: 'group' must be a list"},
        Refusal{"group = [\"\"]", "p.toml:4: 'group' must be a list"},
        Refusal{"!\n[[rule]]\nuser = [7]\nactions = [\"spy\"]\n",
                "p.toml:4: 'actions' must be a list of any of: view, start, stop, filter, save, past, keep"},
        Refusal{"!\n[[rule]]\nuser = [7]\nactions = \"view\"\n", "p.toml:4: 'actions' must be a list"},
        Refusal{"interfaces = []", "p.toml:4: 'interfaces' must be a list of 1 to 64 names"},
        Refusal{"interfaces = [\"\"]", "p.toml:4: 'interfaces' must be a list of 1 to 64 names"},
        Refusal{"interfaces = \"eth0\"", "p.toml:4: 'interfaces' must be a list of 1 to 64 names"},
        Refusal{"jobs = \"some\"", "p.toml:4: 'jobs' must be \"own\" or \"all\""},
        Refusal{"filter = \"\"", "p.toml:4: 'filter' must be a libpcap expression"},
        Refusal{"filter = \"  \"", "p.toml:4: 'filter' must be a libpcap expression"},
        Refusal{"filter = \"udp\\nor tcp\"", "p.toml:4: 'filter' must be a libpcap expression"},
        Refusal{"snaplen = 0", "p.toml:4: 'snaplen' must be a number from 1 to 262144"},
        Refusal{"snaplen = 262145", "p.toml:4: 'snaplen' must be a number from 1 to 262144"},
        Refusal{"max_jobs = 0", "p.toml:4: 'max_jobs' must be a number from 1 to 1024"},
        Refusal{"max_rate = 0", "p.toml:4: 'max_rate' must be a number from 1 to 1000000000"},
        Refusal{"max_bytes = 0", "p.toml:4: 'max_bytes' must be a size"},
        Refusal{"max_bytes = \"many\"", "p.toml:4: 'max_bytes' must be a size"},
        Refusal{"lifetime = 24", "p.toml:4: 'lifetime' must be a time"},
        Refusal{"lifetime = \"0s\"", "p.toml:4: 'lifetime' must be a time"},
        Refusal{"lifetime = \"367d\"", "p.toml:4: 'lifetime' must be a time"},
        Refusal{"redact = true", "p.toml:4: 'redact' must be a table"},
        Refusal{"redact = { names = true }", "p.toml:4: unknown key 'redact.names'"},
        Refusal{"redact = { payload = -1 }", "p.toml:4: 'redact.payload' must be a number from 0 to 262144"},
        Refusal{"redact = { headers = 1 }", "p.toml:4: 'redact.headers' must be true or false"},
        Refusal{"snaplem = 64", "p.toml:4: unknown key 'snaplem'"}, Refusal{"snaplen = ", "p.toml:4: "}));

}  // namespace
}  // namespace packetsentry::policy
