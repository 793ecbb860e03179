#include "ctl/options/bare_form.h"

#include <gtest/gtest.h>

namespace packetsentry::ctl {
namespace {

using Arguments = std::vector<std::string>;

TEST(BareForm, Table) {
    struct Case {
        Arguments given;
        const char* command;  // what is put in front; "": nothing
    };
    const Case cases[] = {
        {{"-i", "eth0"}, "start"},
        {{"-ieth0", "-f", "dns"}, "start"},
        {{"-f", "dns", "-i", "eth0"}, "start"},
        {{"--json", "--interface=eth0"}, "start"},
        {{"--socket", "list", "-i", "eth0"}, "start"},
        {{"-qc5", "-i", "eth0"}, "start"},
        {{"-i", "eth0", "--help"}, "start"},
        {{"-d", "--bpf", "tcp"}, "start"},
        {{"-r", "file.pcap"}, "read"},
        {{"-rfile.pcap"}, "read"},
        {{"-f", "dns", "-qr", "file.pcap"}, "read"},
        {{"--no-files", "-r", "-"}, "read"},
        {{"-r", "f.pcap", "-T", "fields", "-e", "ip.src"}, "read"},
        {{"-T", "fields", "-e", "ip.src", "-E", "header=y", "-r", "f.pcap"}, "read"},
        {{"--format", "csv", "-Y", "dns", "-i", "eth0"}, "start"},
        {{"--read=x.pcap"}, "read"},
        {{"-o", "-r", "-i", "eth0"}, "start"},  // a file called -r
        {{"-D"}, "interfaces"},
        {{"--json", "-D"}, "interfaces"},
        {{"list"}, ""},
        {{"--json", "list"}, ""},
        {{"--socket", "/tmp/s", "show", "-r"}, ""},
        {{"start", "-i", "eth0"}, ""},
        {{"read", "-r", "x"}, ""},
        {{"--help"}, ""},
        {{"-h"}, ""},
        {{"--version"}, ""},
        {{}, ""},
        {{"file.pcap"}, ""},
    };
    for (const Case& one : cases) {
        Arguments expected = one.given;
        if (*one.command != '\0') expected.insert(expected.begin(), one.command);
        EXPECT_EQ(with_command(one.given), expected);
    }
}

}  // namespace
}  // namespace packetsentry::ctl
