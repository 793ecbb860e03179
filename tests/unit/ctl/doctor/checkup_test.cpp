#include "ctl/doctor/checkup.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "ctl/client/usual_socket.h"

namespace packetsentry::ctl::doctor {
namespace {

using base::ErrorCode;

// Everything as it should be; each case spoils something.
Facts healthy() {
    Facts facts;
    facts.client_version = "0.1.0";
    facts.now_ns = 62'000'000'000;
    facts.membership = {.uid = 1001,
                        .user = "alice",
                        .group = SocketGroup{997, "packetsentry"},
                        .in_database = true,
                        .in_effect = true};
    facts.manager = {.running = true, .has_units = true};
    facts.socket_path = kUsualSocket;
    facts.socket = {.is_socket = true,
                    .permissions = 0660,
                    .owner = 0,
                    .owner_name = "root",
                    .group_name = "packetsentry"};
    facts.status->set_version("0.1.0");
    facts.status->set_pid(42);
    facts.status->set_started_ns(1'000'000'000);
    facts.status->set_may_capture(true);
    facts.status->set_spool("/var/lib/packetsentry/spool");
    facts.status->set_spool_bytes(3UL << 29);
    facts.status->set_spool_bytes_limit(20UL << 30);
    facts.status->set_spool_free_disk(100UL << 30);
    facts.status->set_spool_free_disk_limit(10UL << 30);
    facts.status->mutable_spool_condition()->set_permissions(0700);
    facts.status->mutable_spool_condition()->set_file_system("ext4");
    facts.worker = "/usr/libexec/packetsentry/packetsentry-worker";
    facts.directory = DirectoryFacts{.path = "/home/alice", .is_there = true, .free_bytes = 5UL << 30};
    for (const char* name : {"lo", "eth0", "eth1"}) {
        wire::InterfaceInfo& interface = *facts.interfaces->add_interface();
        interface.set_name(name);
        interface.set_index(static_cast<std::uint32_t>(facts.interfaces->interface_size()));
        interface.set_loopback(interface.name() == "lo");
        interface.set_up(interface.name() != "eth1");
    }
    facts.interfaces->add_interface()->set_name("any");
    facts.policy->set_allowed(true);
    facts.policy->set_unrestricted(true);
    facts.policy->set_rule("no policy file");
    return facts;
}

// Under rule 2 of a policy file.
wire::PolicyVerdict& ruled(Facts& facts) {
    facts.status->set_policy_file("/p.toml");
    wire::PolicyVerdict& verdict = *facts.policy;
    verdict.set_unrestricted(false);
    verdict.set_rule("rule 2 (/p.toml:7)");
    verdict.add_interface("eth*");
    verdict.add_interface("lo");
    return verdict;
}

void disconnect(Facts& facts, ErrorCode code) {
    facts.connected = base::fail(code, "cannot connect");
}

void distrust(Facts& facts) {
    facts.trusted = base::fail(ErrorCode::unreachable, "it belongs to mallory");
}

Finding finding(const Facts& facts, std::string_view check) {
    for (const Finding& one : examine(facts))
        if (one.check == check) return one;
    ADD_FAILURE() << "no check " << check;
    return {};
}

TEST(Checkup, HealthyInOrder) {
    const auto findings = examine(healthy());
    const std::pair<const char*, const char*> expected[] = {
        {"group", "you (alice) are in group packetsentry"},
        {"socket", "/run/packetsentry/control.sock (0660, root:packetsentry) accepts connections"},
        {"daemon", "packetsentryd answers: process 42, as root, up 0 d 00:01:01"},
        {"version", "both are 0.1.0"},
        {"capability", "packetsentryd may capture (CAP_NET_RAW)"},
        {"interfaces", "2 of 3 up: lo, eth0"},
        {"policy", "there is no policy file: everyone with access may start, see and stop their own jobs"},
        {"spool",
         "/var/lib/packetsentry/spool (ext4, 0700 root): 1.5 GiB of 20.0 GiB used; 100.0 GiB of its disk are "
         "free, and 10.0 GiB stay so"},
        {"worker", "capture files are read by /usr/libexec/packetsentry/packetsentry-worker"},
        {"disk", "5.0 GiB free in /home/alice"},
    };
    ASSERT_EQ(findings.size(), std::size(expected));
    for (std::size_t i = 0; i < findings.size(); ++i) {
        EXPECT_EQ(findings[i].check, expected[i].first);
        EXPECT_EQ(findings[i].verdict, Verdict::ok);
        EXPECT_EQ(findings[i].message, expected[i].second);
        EXPECT_EQ(findings[i].mend, "");
    }
    EXPECT_TRUE(outcome(findings));
}

struct CheckupCase {
    const char* check;
    Verdict verdict;
    int exit_code;  // of the whole
    const char* message;
    const char* mend;
    void (*spoil)(Facts& facts);
};

const CheckupCase kCases[] = {
    {"group", Verdict::ok, 0, "you are root and may do everything", "",
     [](Facts& facts) { facts.membership = {.uid = 0, .user = "root"}; }},
    {"group", Verdict::ok, 0, "you (alice) own the socket", "",
     [](Facts& facts) {
         facts.socket.owner = 1001;
         facts.membership.in_effect = false;
     }},
    {"group", Verdict::fail, 5, "you (alice) are not in group packetsentry",
     "sudo adduser alice packetsentry, then log in again",
     [](Facts& facts) { facts.membership.in_effect = facts.membership.in_database = false; }},
    {"group", Verdict::fail, 5, "you (alice) are in group packetsentry, but this session began before that",
     "log in again, or run: newgrp packetsentry", [](Facts& facts) { facts.membership.in_effect = false; }},
    {"group", Verdict::ok, 0, "you (alice) are in group packetsentry", "",
     [](Facts& facts) { facts.membership.in_database = false; }},
    {"group", Verdict::fail, 5, "there is no group packetsentry on this machine",
     "sudo groupadd --system packetsentry && sudo adduser alice packetsentry, then log in again",
     [](Facts& facts) {
         facts.membership.in_effect = false;
         facts.membership.group->id.reset();
     }},
    {"group", Verdict::fail, 5, "you (alice) are not in group 61500, which has no name",
     "start packetsentryd with --group NAME, a group that you are in",
     [](Facts& facts) {
         facts.membership.in_effect = facts.membership.in_database = false;
         facts.membership.group = SocketGroup{61500, "61500"};
     }},
    {"group", Verdict::not_checked, 6, "not checked: the group is not known without the socket", "",
     [](Facts& facts) {
         facts.socket_path = "/tmp/ps.sock";
         facts.socket.error = ENOENT;
         facts.membership.in_effect = false;
     }},
    {"group", Verdict::fail, 5, "only root may use /run/packetsentry/control.sock",
     "start packetsentryd with --group NAME, a group that you are in",
     [](Facts& facts) { facts.membership.group.reset(); }},

    {"socket", Verdict::fail, 6, "/run/packetsentry/control.sock is not there: packetsentryd does not run",
     "sudo systemctl start packetsentryd.socket",
     [](Facts& facts) {
         facts.socket.error = ENOENT;
         disconnect(facts, ErrorCode::unreachable);
     }},
    {"socket", Verdict::fail, 6, "/run/packetsentry/control.sock is not there: packetsentryd does not run",
     "sudo packetsentryd",
     [](Facts& facts) {
         facts.socket.error = ENOENT;
         facts.manager.has_units = false;
         disconnect(facts, ErrorCode::unreachable);
     }},
    {"socket", Verdict::fail, 6, "nobody listens on /tmp/ps.sock (0660, root:packetsentry)",
     "sudo packetsentryd --socket /tmp/ps.sock",
     [](Facts& facts) {
         facts.socket_path = "/tmp/ps.sock";
         disconnect(facts, ErrorCode::unreachable);
     }},
    {"socket", Verdict::fail, 5, "you have no permission to examine /run/packetsentry/control.sock",
     "sudo chmod a+x /run/packetsentry",
     [](Facts& facts) {
         facts.socket.error = EACCES;
         disconnect(facts, ErrorCode::not_permitted);
     }},
    {"socket", Verdict::fail, 6, "/run/packetsentry/control.sock is not a socket",
     "choose another path with --socket",
     [](Facts& facts) {
         facts.socket.is_socket = false;
         disconnect(facts, ErrorCode::unreachable);
     }},
    {"socket", Verdict::fail, 5,
     "/run/packetsentry/control.sock (0600, root:packetsentry) does not allow its group to connect",
     "sudo chmod 0660 /run/packetsentry/control.sock",
     [](Facts& facts) {
         facts.socket.permissions = 0600;
         disconnect(facts, ErrorCode::not_permitted);
     }},
    {"socket", Verdict::not_checked, 5, "not checked: only members of its group may connect", "",
     [](Facts& facts) {
         facts.membership.in_effect = facts.membership.in_database = false;
         disconnect(facts, ErrorCode::not_permitted);
     }},
    {"socket", Verdict::fail, 8,
     "/run/packetsentry/control.sock (0660, root:packetsentry) accepted no connection within a few seconds",
     "sudo systemctl restart packetsentryd", [](Facts& facts) { disconnect(facts, ErrorCode::timed_out); }},
    {"socket", Verdict::fail, 6,
     "packetsentryd does not start because of its configuration: /p.toml:5: unknown key 'x'",
     "correct that, then: sudo systemctl restart packetsentryd",
     [](Facts& facts) {
         disconnect(facts, ErrorCode::unreachable);
         facts.configuration = "/p.toml:5: unknown key 'x'";
     }},
    {"socket", Verdict::fail, 6,
     "packetsentryd does not start because of its configuration: /p.toml:5: unknown key 'x'",
     "correct that, then: sudo systemctl restart packetsentryd",
     [](Facts& facts) {
         disconnect(facts, ErrorCode::unreachable);
         facts.socket.error = ENOENT;
         facts.configuration = "/p.toml:5: unknown key 'x'";
     }},
    {"daemon", Verdict::fail, 6,
     "packetsentryd does not start because of its configuration: /p.toml:5: unknown key 'x'",
     "correct that, then: sudo systemctl restart packetsentryd",
     [](Facts& facts) {
         facts.status = base::fail(ErrorCode::unreachable, "packetsentryd closed the connection");
         facts.configuration = "/p.toml:5: unknown key 'x'";
     }},
    {"socket", Verdict::warn, 0,
     "/run/packetsentry/control.sock (0666, root:packetsentry) is open to everybody",
     "sudo chmod 0660 /run/packetsentry/control.sock", [](Facts& facts) { facts.socket.permissions = 0666; }},
    {"socket", Verdict::fail, 6, "it belongs to mallory",
     "choose another path with --socket or PACKETSENTRY_SOCKET", distrust},
    {"socket", Verdict::fail, 6, "it belongs to mallory",
     "choose another path with --socket or PACKETSENTRY_SOCKET",
     [](Facts& facts) {
         distrust(facts);
         disconnect(facts, ErrorCode::unreachable);
     }},
    {"group", Verdict::not_checked, 6, "not checked: the socket belongs to a user who is not trusted", "",
     distrust},
    {"daemon", Verdict::not_checked, 6, "not checked: the socket belongs to a user who is not trusted", "",
     distrust},
    {"policy", Verdict::not_checked, 6, "not checked: the socket belongs to a user who is not trusted", "",
     distrust},

    {"daemon", Verdict::not_checked, 6, "not checked: no connection", "",
     [](Facts& facts) { disconnect(facts, ErrorCode::unreachable); }},
    {"daemon", Verdict::fail, 8, "no answer within 5 seconds", "sudo systemctl restart packetsentryd",
     [](Facts& facts) { facts.status = base::fail(ErrorCode::timed_out, "no answer within 5 seconds"); }},
    {"daemon", Verdict::fail, 5, "you are not in group wheel", "",
     [](Facts& facts) { facts.status = base::fail(ErrorCode::not_permitted, "you are not in group wheel"); }},
    {"version", Verdict::not_checked, 9, "not checked: no answer", "",
     [](Facts& facts) { facts.status = base::fail(ErrorCode::internal, "another protocol"); }},
    {"version", Verdict::warn, 0, "packetsentryd has version 0.2.0, this client has version 0.1.0",
     "sudo systemctl restart packetsentryd; if the versions still differ, install both again",
     [](Facts& facts) { facts.status->set_version("0.2.0"); }},
    {"capability", Verdict::fail, 5, "packetsentryd lacks CAP_NET_RAW: no capture can start",
     "end packetsentryd, then: sudo packetsentryd --socket /tmp/ps.sock",
     [](Facts& facts) {
         facts.socket_path = "/tmp/ps.sock";
         facts.status->set_may_capture(false);
     }},
    {"interfaces", Verdict::warn, 0, "none of 3 interfaces is up, except the loopback interface",
     "sudo ip link set eth0 up", [](Facts& facts) { facts.interfaces->mutable_interface(1)->set_up(false); }},
    {"interfaces", Verdict::fail, 9, "cannot list the interfaces", "",
     [](Facts& facts) { facts.interfaces = base::fail(ErrorCode::internal, "cannot list the interfaces"); }},
    {"interfaces", Verdict::ok, 0, "10 of 11 up: lo, eth0, v, v, v, v and 4 more", "",
     [](Facts& facts) {
         for (int i = 0; i < 8; ++i) {
             wire::InterfaceInfo& interface = *facts.interfaces->add_interface();
             interface.set_name("v");
             interface.set_index(9);
             interface.set_up(true);
         }
     }},
    {"policy", Verdict::ok, 0, "no rule in /p.toml limits root", "",
     [](Facts& facts) {
         facts.status->set_policy_file("/p.toml");
         facts.policy->set_rule("root");
     }},
    {"policy", Verdict::ok, 0,
     "rule 2 (/p.toml:7) applies to you: view, start; on eth*, lo; jobs of your own; required filter icmp; "
     "of each packet at most 96 bytes",
     "",
     [](Facts& facts) {
         wire::PolicyVerdict& verdict = ruled(facts);
         verdict.add_action("view");
         verdict.add_action("start");
         verdict.mutable_terms()->set_required_filter("icmp");
         verdict.mutable_terms()->set_snapshot_length(96);
     }},
    {"policy", Verdict::ok, 0, "rule 2 (/p.toml:7) applies to you: view; on eth*, lo; jobs of others too", "",
     [](Facts& facts) {
         ruled(facts).add_action("view");
         facts.policy->set_all_jobs(true);
     }},
    {"policy", Verdict::fail, 5, "rule 2 (/p.toml:7) applies to you and allows nothing",
     "ask root for a rule in /p.toml; see packetsentry-policy.toml(5)",
     [](Facts& facts) { ruled(facts).set_allowed(false); }},
    {"policy", Verdict::fail, 5, "no rule in /p.toml applies to you",
     "ask root for a rule in /p.toml; see packetsentry-policy.toml(5)",
     [](Facts& facts) {
         facts.status->set_policy_file("/p.toml");
         facts.policy->Clear();
         facts.policy->set_reason("no rule in /p.toml applies to you");
     }},
    {"policy", Verdict::fail, 1, "this request is not known", "",
     [](Facts& facts) { facts.policy = base::fail(ErrorCode::usage, "this request is not known"); }},
    {"policy", Verdict::not_checked, 6, "not checked: no connection", "",
     [](Facts& facts) { disconnect(facts, ErrorCode::unreachable); }},
    {"spool", Verdict::warn, 0, "nothing can be kept: cannot open '/s': Permission denied",
     "see 'directory' of [spool] in packetsentryd.toml(5): it must belong to the user that packetsentryd "
     "runs "
     "as, and systemd must let it write there (ReadWritePaths=)",
     [](Facts& facts) {
         facts.status->clear_spool();
         facts.status->set_spool_trouble("cannot open '/s': Permission denied");
     }},
    {"spool", Verdict::warn, 0, "/var/lib/packetsentry/spool: it belongs to 3999999999, and not to root",
     "sudo chown root /var/lib/packetsentry/spool",
     [](Facts& facts) { facts.status->mutable_spool_condition()->set_owner_uid(3'999'999'999); }},
    {"spool", Verdict::warn, 0,
     "/var/lib/packetsentry/spool: others may enter it (0750); 2 files in it are not closed to others than "
     "root (12/a.rows, 12/b.rows)",
     "sudo chmod 0700 /var/lib/packetsentry/spool; sudo chown -R root /var/lib/packetsentry/spool && sudo "
     "chmod -R go= /var/lib/packetsentry/spool",
     [](Facts& facts) {
         wire::SpoolCondition& condition = *facts.status->mutable_spool_condition();
         condition.set_permissions(0750);
         condition.set_open_to_others(2);
         condition.add_example("12/a.rows");
         condition.add_example("12/b.rows");
     }},
    {"spool", Verdict::warn, 0, "/var/lib/packetsentry/spool: 1 name in it is not the spool's (notes.txt)",
     "move them out of /var/lib/packetsentry/spool: they take its space, and retention does not remove them",
     [](Facts& facts) {
         facts.status->mutable_spool_condition()->set_foreign(1);
         facts.status->mutable_spool_condition()->add_example("notes.txt");
     }},
    {"spool", Verdict::warn, 0,
     "/var/lib/packetsentry/spool: 2 parts of it could not be read when packetsentryd started: the catalogue "
     "of "
     "job 7 is damaged",
     "see the log for each of them (journalctl -u packetsentryd); what cannot be read is not searched, and "
     "the "
     "rest is",
     [](Facts& facts) {
         facts.status->mutable_spool_condition()->add_problem("the catalogue of job 7 is damaged");
         facts.status->mutable_spool_condition()->set_problems(2);
     }},
    {"spool", Verdict::warn, 0, "/var/lib/packetsentry/spool: it is in memory (tmpfs), so a reboot loses it",
     "set 'directory' of [spool] in packetsentryd.toml to one on a disk",
     [](Facts& facts) { facts.status->mutable_spool_condition()->set_file_system("tmpfs"); }},
    {"spool", Verdict::warn, 0, "/var/lib/packetsentry/spool: it is not on a disk of this machine (nfs)",
     "set 'directory' of [spool] in packetsentryd.toml to one on a disk",
     [](Facts& facts) { facts.status->mutable_spool_condition()->set_file_system("nfs"); }},
    {"spool", Verdict::warn, 0,
     "/var/lib/packetsentry/spool: only 1.0 GiB of its disk are free, and 10.0 GiB must be, so what is old "
     "is "
     "removed earlier than it would be",
     "remove other files from that disk, or set a lower 'free_disk' of [spool] in packetsentryd.toml",
     [](Facts& facts) { facts.status->set_spool_free_disk(1UL << 30); }},
    {"spool", Verdict::not_checked, 6, "not checked: no connection", "",
     [](Facts& facts) { disconnect(facts, ErrorCode::unreachable); }},
    {"worker", Verdict::fail, 9, "cannot find packetsentry-worker", "",
     [](Facts& facts) { facts.worker = base::fail(ErrorCode::internal, "cannot find packetsentry-worker"); }},
    {"disk", Verdict::warn, 0, "you may not write in /home/alice: Permission denied",
     "put log and results elsewhere with --output-dir DIR",
     [](Facts& facts) { facts.directory->write_error = EACCES; }},
    {"disk", Verdict::warn, 0, "only 99.0 MiB free in /home/alice",
     "put log and results elsewhere with --output-dir DIR",
     [](Facts& facts) { facts.directory->free_bytes = 99 << 20; }},
    {"disk", Verdict::fail, 3, "/home/alice is not a directory: log and results cannot be written there",
     "mkdir -p /home/alice", [](Facts& facts) { facts.directory->is_there = false; }},
    {"disk", Verdict::not_checked, 0, "not checked: --no-files writes nothing", "",
     [](Facts& facts) { facts.directory.reset(); }},
};

TEST(Checkup, FactsAndFindings) {
    for (const CheckupCase& one : kCases) {
        Facts facts = healthy();
        one.spoil(facts);
        const Finding found = finding(facts, one.check);
        EXPECT_EQ(found.verdict, one.verdict) << one.check << ": " << one.message;
        EXPECT_EQ(found.message, one.message) << one.check;
        EXPECT_EQ(found.mend, one.mend) << one.message;
        const auto ended = outcome(examine(facts));
        EXPECT_EQ(ended ? 0 : static_cast<int>(ended.error().code), one.exit_code) << one.message;
    }
}

TEST(Checkup, TheFirstFailureGivesTheExitCode) {
    Facts facts = healthy();
    facts.directory->is_there = false;
    facts.worker = base::fail(ErrorCode::internal, "none");
    facts.status->set_may_capture(false);
    const auto ended = outcome(examine(facts));
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().code, ErrorCode::not_permitted);
    EXPECT_EQ(ended.error().message, "");
}

}  // namespace
}  // namespace packetsentry::ctl::doctor
