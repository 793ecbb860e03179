#include "ctl/options/completion.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "ctl/commands/commands.h"
#include "ctl/options/bare_form.h"
#include "ctl/options/description.h"
#include "ctl/options/typed_words.h"

namespace packetsentry::ctl {
namespace {

using Words = std::vector<std::string>;

wire::Job& add_job(wire::Reply& reply, std::uint64_t id, const char* name, wire::JobState state) {
    wire::Job& job = *reply.mutable_jobs()->add_job();
    job.set_id(id);
    job.set_name(name);
    job.set_state(state);
    job.mutable_capture()->add_interface("eth0");
    return job;
}

wire::Reply sample_jobs() {
    wire::Reply reply;
    add_job(reply, 1, "old", wire::JOB_FINISHED);
    add_job(reply, 3, "night", wire::JOB_RUNNING).set_filter_text("udp port 53\x1b[2J");
    add_job(reply, 12, "", wire::JOB_DEGRADED);
    add_job(reply, 14, "new", wire::JOB_RUNNING);
    add_job(reply, 15, "a b", wire::JOB_RUNNING);
    add_job(reply, 16, "$(reboot)", wire::JOB_RUNNING);
    add_job(reply, 17, "-rf", wire::JOB_RUNNING);
    add_job(reply, 18, "clear\x1b[2J", wire::JOB_RUNNING);
    return reply;
}

wire::Reply sample_interfaces() {
    wire::Reply reply;
    for (const char* name : {"lo", "eth0", "eth1", "eth;0", "any"}) {
        wire::InterfaceInfo& interface = *reply.mutable_interfaces()->add_interface();
        interface.set_name(name);
        interface.set_up(true);
        interface.set_link("Ethernet");
    }
    return reply;
}

class CompletionTest : public testing::Test {
  protected:
    Completion completed(Words words) {
        return complete(app_, std::move(words), [this](const std::string& socket, wire::Request request) {
            socket_ = socket;
            return answer(request);
        });
    }
    // The candidates with a space between, without their descriptions.
    std::string candidates(Words words) {
        std::string all;
        for (const Candidate& one : completed(std::move(words)).candidates)
            all += (all.empty() ? "" : " ") + one.text;
        return all;
    }

    bool daemon_runs_ = true;
    std::string socket_;
    CLI::App app_;
    Parsed parsed_;
    Runs runs_ = describe(app_, parsed_, commands::table());

  private:
    base::Result<wire::Reply> answer(const wire::Request& request) const {
        if (!daemon_runs_) return base::fail(base::ErrorCode::unreachable, "nobody there");
        return request.has_list() ? sample_jobs() : sample_interfaces();
    }
};

TEST_F(CompletionTest, LinesAndCandidates) {
    struct Case {
        Words words;
        const char* candidates;
    };
    const Case cases[] = {
        // commands
        {{"st"}, "start stop status"},
        {{"--json", "st"}, "start stop status"},
        {{"--socket", "list", "inter"}, "interfaces"},
        {{"nonsense", ""}, ""},
        {{"list", "st"}, ""},
        // interfaces, also again, and with the value in the word
        {{"start", "-i", ""}, "lo eth0 eth1 any"},
        {{"start", "-i", "eth"}, "eth0 eth1"},
        {{"start", "-i", "eth0", "-i", "eth"}, "eth1"},
        {{"-i", "eth"}, "eth0 eth1"},
        // a value that may be left out
        {{"start", "--keep", ""}, "packets rows flows dns http tls"},
        {{"start", "--keep=r"}, "--keep=rows"},
        {{"start", "--keep", "--det"}, "--detach"},
        {{"start", "--keep", "-i", "eth"}, "eth0 eth1"},
        {{"-ieth"}, "-ieth0 -ieth1"},
        {{"-qpieth"}, "-qpieth0 -qpieth1"},
        {{"--interface=eth"}, "--interface=eth0 --interface=eth1"},
        {{"--interface", "eth0", "--interface=e"}, "--interface=eth1"},
        {{"--no-color", "-f", "dns", "-i", "l"}, "lo"},
        // words of our own
        {{"-f", "dn"}, "dns"},
        {{"filter", "night", "-f", "dhc"}, "dhcp dhcp6"},
        {{"start", "-fdn"}, "-fdns"},
        {{"-f", "dhcp", "-f", "dhc"}, "dhcp6"},
        {{"help", "st"}, "start stop status"},
        {{"--time-format", "u"}, "u ud udoy"},
        {{"list", "--time-format=ud"}, "--time-format=ud --time-format=udoy"},
        {{"-i", "eth0", "-a", ""}, "duration: filesize: packets:"},
        {{"-i", "eth0", "-a", "duration:1s", "-a", "f"}, "filesize:"},
        {{"-i", "eth0", "-a", "duration:"}, "duration:"},
        {{"-i", "eth0", "-b", ""}, "duration: files: filesize: packets:"},
        {{"-r", "night.pcap", "--redact", ""}, "headers payload= addresses"},
        {{"read", "night.pcap", "--redact=a"}, "--redact=addresses"},
        {{"-r", "night.pcap", "-T", ""}, "text blocks json fields csv zeek"},
        {{"results", "night", "-T", "c"}, "csv"},
        {{"-r", "night.pcap", "-T", "fields", "-e", "dns.qry.n"}, "dns.qry.name"},
        {{"-r", "night.pcap", "-T", "csv", "-e", "packetsentry.summ"}, "packetsentry.summary"},
        {{"-r", "night.pcap", "-T", "csv", "-e", "_ws.col.P"}, "_ws.col.Protocol"},
        {{"-r", "night.pcap", "-T", "fields", "-E", "head"}, "header=y header=n"},
        {{"search", "--since", ""}, "10m 1h 1d today yesterday now"},
        {{"search", "--until=y"}, "--until=yesterday"},
        {{"search", "--job", "n"}, "new night"},
        {{"search", "--job", "new", "--job", "n"}, "night"},
        {{"search", "--bp"}, ""},
        {{"search", "--re"}, "--reverse"},
        // jobs, the newest first
        {{"show", ""}, "new 12 night old"},
        {{"show", "n"}, "new night"},
        {{"results", "1"}, "18 17 16 15 14 12 1"},
        {{"stop", ""}, "new 12 night"},
        {{"stop", "night", ""}, "new 12"},
        {{"follow", "o"}, ""},
        {{"show", "--json", "n"}, "new night"},
        {{"show", "--", "n"}, "new night"},
        {{"show", "night", "n"}, ""},
        {{"renew", ""}, "new 12 night"},
        {{"policy", ""}, "check"},
        {{"policy", "check", "re"}, "results renew"},
        {{"policy", "check", "start", "-i", "eth"}, "eth0 eth1"},
        {{"policy", "check", "stop", "n"}, "new night"},
        {{"job", ""}, "check"},
        // options
        {{"--rea"}, "--read"},
        {{"start", "--rea"}, ""},
        {{"-f", "dns", "--re"}, "--redact --read"},
        {{"-i", "eth0", "--re"}, "--redact"},
        {{"-i", "eth0", "-D"}, ""},
        {{"-D"}, "-D"},
        {{"-f", "dns", "-D"}, ""},
        {{"stop", "--a"}, "--all"},
        {{"--al"}, ""},
        {{"-D", "--no-"}, "--no-legend --no-color --no-files"},
        {{"-r", "x.pcap", "--no-"}, "--no-clobber --no-color --no-files"},
        {{"start", "--no-"}, "--no-clobber --no-promiscuous --no-wait --no-color --no-files"},
        {{"start", "--js"}, "--json"},
        {{"--json", "start", "--js"}, ""},
        {{"-i", "eth0", "--int"}, "--interface"},
        {{"-c", "5", "--coun"}, ""},
        {{"follow", "--table", ""}, "packets flows dns http tls"},
        {{"status", "--", "--js"}, ""},
        {{"status", ""}, "--help --socket --json --time-format --no-color --no-files --output-dir --version"},
        // what nobody can know
        {{"-c", ""}, ""},
        {{"--bpf", "t"}, ""},
        {{"--filter-ip", ""}, ""},
        {{"--name", ""}, ""},
        {{"--json="}, ""},
        {{"--nonsense="}, ""},
        {{"-ZZ"}, ""},
    };
    for (const Case& one : cases)
        EXPECT_EQ(candidates(one.words), one.candidates) << testing::PrintToString(one.words);
}

TEST_F(CompletionTest, EmptyLineTellsTheCommands) {
    std::string expected;
    for (const Command& command : commands::table())
        expected += std::string(expected.empty() ? "" : " ") + command.name;
    EXPECT_EQ(candidates({}), expected);
    EXPECT_EQ(candidates({""}), expected);
}

TEST_F(CompletionTest, DashTellsWhatBareFormsBeginWith) {
    const std::string all = " " + candidates({"-"}) + " ";
    for (const char* name : {"-i", "--interface", "-r", "--read", "-D", "--json", "-h", "-V"})
        EXPECT_NE(all.find(" " + std::string(name) + " "), std::string::npos) << name;
    for (const char* name : {"--all", "--from-start", "--lines", "--none", "--no-legend"})
        EXPECT_EQ(all.find(" " + std::string(name) + " "), std::string::npos) << name;
}

TEST_F(CompletionTest, Paths) {
    struct Case {
        Words words;
        PathKind paths;
        const char* before;
    };
    const Case cases[] = {
        {{"read", ""}, PathKind::files, ""},
        {{"read", "x.pcap", "y"}, PathKind::none, ""},
        {{"job", "check", ""}, PathKind::files, ""},
        {{"job", "check", "a.toml", "b"}, PathKind::files, ""},
        {{"read", "-r", "x.pcap", "y"}, PathKind::none, ""},
        {{"-r", "night"}, PathKind::files, ""},
        {{"-rnight"}, PathKind::files, "-r"},
        {{"-i", "eth0", "-qo", "x"}, PathKind::files, ""},
        {{"-i", "eth0", "-qox"}, PathKind::files, "-qo"},
        {{"--write=x"}, PathKind::files, "--write="},
        {{"--socket", "/run/"}, PathKind::files, ""},
        {{"list", "--output-dir=/tmp/"}, PathKind::directories, "--output-dir="},
        {{"list", "x"}, PathKind::none, ""},
    };
    for (const Case& one : cases) {
        const Completion completion = completed(one.words);
        EXPECT_EQ(completion.paths, one.paths) << testing::PrintToString(one.words);
        EXPECT_EQ(completion.before, one.before);
        EXPECT_TRUE(completion.candidates.empty());
    }
}

TEST_F(CompletionTest, WithoutADaemonItsNamesAreMissing) {
    daemon_runs_ = false;
    EXPECT_EQ(candidates({"-i", ""}), "");
    EXPECT_EQ(candidates({"stop", ""}), "");
    EXPECT_EQ(candidates({"-f", "dn"}), "dns");
}

TEST_F(CompletionTest, AsksTheDaemonThatTheLineNames) {
    ::setenv("PACKETSENTRY_SOCKET", "/from/environment", 1);
    candidates({"show", ""});
    EXPECT_EQ(socket_, "/from/environment");
    candidates({"--socket", "/a", "show", ""});
    EXPECT_EQ(socket_, "/a");
    candidates({"show", "--socket=/b", ""});
    EXPECT_EQ(socket_, "/b");
    ::unsetenv("PACKETSENTRY_SOCKET");
    candidates({"show", ""});
    EXPECT_EQ(socket_, kUsualSocket);
}

TEST_F(CompletionTest, TextIsALineACandidateEscaped) {
    EXPECT_EQ(completion_text(completed({"show", "ni"})), "night\trunning, eth0, udp port 53\\x1B[2J\n");
    EXPECT_EQ(completion_text(completed({"--write=x"})), ":files\t--write=\n");
    EXPECT_EQ(completion_text(completed({"--output-dir", ""})), ":directories\t\n");
    EXPECT_EQ(completion_text(completed({"-i", "lo"})), "lo\tno carrier, Ethernet\n");
}

// What keeps completion from going stale: an option whose kind of value it has not heard of.
TEST_F(CompletionTest, KnowsTheValuesOfEveryOption) {
    auto apps = app_.get_subcommands([](CLI::App*) { return true; });
    apps.push_back(&app_);
    for (const CLI::App* app : apps)
        for (const CLI::Option* option : app->get_options()) {
            if (!takes_value(*option)) continue;
            const std::string type = option->get_type_name();
            EXPECT_TRUE(find_value_kind(type.substr(0, type.find(':')))) << option->get_name() << " " << type;
        }
}

// The bare forms have a table of their own of what takes a value.
TEST_F(CompletionTest, BareFormsKnowTheSameOptionsWithValues) {
    for (const char* command : {"start", "read"})
        for (const CLI::Option* option : app_.get_subcommand(command)->get_options()) {
            if (!takes_value(*option)) continue;
            for (const std::string& name : option->get_lnames()) {
                const Words line = with_command({"--" + name, "list", "-i", "eth0"});
                EXPECT_NE(line.front(), "--" + name) << name;
            }
        }
}

}  // namespace
}  // namespace packetsentry::ctl
