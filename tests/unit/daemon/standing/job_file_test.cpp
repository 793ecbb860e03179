#include "daemon/standing/job_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "tests/support/temporary_directory.h"

namespace packetsentry::standing {
namespace {

using testing::ElementsAre;
using namespace std::chrono_literals;

constexpr const char* kPath = "/etc/packetsentry/jobs.d/night.toml";

TEST(JobFile, SaysAllThatAJobIs) {
    const auto job = read_job_text(
        "interface = ['eth0', 'lab*']\n"
        "snaplen = 128\n"
        "where = 'disk'\n"
        "readers = { groups = ['packetsentry', 44], users = ['alice'] }\n"
        "[filter]\n"
        "protocol = ['dns', 'tls']\n"
        "ip = '192.0.2.0/24'\n"
        "port = 53\n"
        "bpf = 'not port 22'\n"
        "display = 'dns.qry.name contains \"x\"'\n"
        "[keep.packets]\n"
        "bytes = '200GiB'\n"
        "age = '14d'\n"
        "[keep.rows]\n"
        "age = '60d'\n"
        "[keep.flows]\n"
        "age = '365d'\n"
        "[keep.dns]\n"
        "bytes = '1GiB'\n",
        kPath);
    ASSERT_TRUE(job) << job.error().message;
    EXPECT_EQ(job->name, "night");
    EXPECT_EQ(job->path, kPath);
    EXPECT_THAT(job->interfaces, ElementsAre("eth0", "lab*"));
    EXPECT_THAT(job->filter.protocol(), ElementsAre("dns", "tls"));
    EXPECT_EQ(job->filter.address(), "192.0.2.0/24");
    EXPECT_EQ(job->filter.port(), 53U);
    EXPECT_EQ(job->filter.bpf(), "not port 22");
    EXPECT_EQ(job->filter.display(), "dns.qry.name contains \"x\"");
    EXPECT_EQ(job->bpf_line, 9U);
    EXPECT_EQ(job->display_line, 10U);
    EXPECT_EQ(job->snapshot_length, 128U);
    EXPECT_THAT(job->readers.groups, ElementsAre("packetsentry", "44"));
    EXPECT_THAT(job->readers.users, ElementsAre("alice"));
    EXPECT_EQ(job->packets, (Keep{200ULL << 30, 14 * 24h}));
    EXPECT_EQ(job->rows, (Keep{0, 60 * 24h}));
    EXPECT_EQ(job->flows, (Keep{0, 365 * 24h}));
    EXPECT_EQ(job->dns, (Keep{1ULL << 30, 0s}));
}

TEST(JobFile, TheLeastThatAJobMayHave) {
    const auto job = read_job_text("interface = ['any']\n[keep.rows]\n", "a.toml");
    ASSERT_TRUE(job) << job.error().message;
    EXPECT_EQ(job->name, "a");
    EXPECT_EQ(job->rows, Keep{});
    EXPECT_FALSE(job->packets);
    EXPECT_EQ(job->readers, Readers{});
    EXPECT_EQ(job->filter.ByteSizeLong(), 0U);
    EXPECT_EQ(job->bpf_line, 0U);
}

TEST(JobFile, AProtocolMayBeOneWord) {
    const auto job = read_job_text("interface = ['any']\nfilter.protocol = 'dns'\n[keep.rows]\n", "a.toml");
    ASSERT_TRUE(job) << job.error().message;
    EXPECT_THAT(job->filter.protocol(), ElementsAre("dns"));
}

struct JobMistake {
    const char* text;
    const char* message;  // after the path
};

class JobFileMistake : public testing::TestWithParam<JobMistake> {};

TEST_P(JobFileMistake, IsToldWithItsLine) {
    const auto job = read_job_text(GetParam().text, kPath);
    ASSERT_FALSE(job);
    EXPECT_EQ(job.error().code, base::ErrorCode::usage);
    EXPECT_EQ(
        job.error().message.substr(0, std::string(kPath).size() + std::string(GetParam().message).size()),
        std::string(kPath) + GetParam().message);
    EXPECT_EQ(job.error().message.find('\n'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    All, JobFileMistake,
    testing::Values(
        JobMistake{"", ": the job must have 'interface', as in interface = [\"eth0\"]"},
        JobMistake{"interface = ['eth0']\n",
                   ": the job keeps nothing; it must have one of the tables [keep.packets], [keep.rows], "
                   "[keep.flows], [keep.dns], [keep.http], [keep.tls]"},
        JobMistake{"interface = ['eth0']\n\ncutoff = '64KiB'\n", ":3: unknown key 'cutoff'"},
        JobMistake{"compress = true\n", ":1: unknown key 'compress'"},
        JobMistake{"[keep.packets]\n[keep.hosts]\nage = '400d'\n", ":2: unknown key 'keep.hosts'"},
        JobMistake{"[keep.rows]\ncount = 3\n", ":2: unknown key 'keep.rows.count'"},
        JobMistake{"[keep]\nrows = '60d'\n", ":2: 'keep.rows' must be a table"},
        JobMistake{"keep = 3\n", ":1: 'keep' must be a table"},
        JobMistake{"filter = 'port 53'\n", ":1: 'filter' must be a table"},
        JobMistake{"interfaces = ['eth0']\n", ":1: unknown key 'interfaces'"},
        JobMistake{"interface = 'eth0'\n",
                   ":1: 'interface' must be a list of 1 to 64 names with * and ?, of at most 64 bytes each"},
        JobMistake{"interface = []\n", ":1: 'interface' must be a list of 1 to 64"},
        JobMistake{"interface = ['eth0', 3]\n", ":1: 'interface' must be a list of 1 to 64"},
        JobMistake{"interface = [\"a\\u0000b\"]\n", ":1: 'interface' must be a list of 1 to 64"},
        JobMistake{"where = 'memory'\n",
                   ":1: 'where' must be \"disk\", because this version keeps jobs on disk only"},
        JobMistake{"filter.protocol = 'dnss'\n",
                   ":1: 'filter.protocol' has the unknown word 'dnss'; the words are: tcp, udp, "},
        JobMistake{"filter.protocol = 3\n", ":1: 'filter.protocol' must be a word, or a list of words, of: "},
        JobMistake{"filter.ip = 'example.org'\n",
                   ":1: 'filter.ip' is refused: 'example.org' is not a numeric address; write 192.0.2.7"},
        JobMistake{"filter.port = 0\n", ":1: 'filter.port' must be a number from 1 to 65535"},
        JobMistake{"filter.port = '53'\n", ":1: 'filter.port' must be a number from 1 to 65535"},
        JobMistake{"filter.bpf = ' '\n", ":1: 'filter.bpf' must be a libpcap expression"},
        JobMistake{"filter.bpf = \"a\\nb\"\n",
                   ":1: 'filter.bpf' is refused: the BPF expression has a control character in it"},
        JobMistake{"filter.display = ''\n", ":1: 'filter.display' must be a display filter"},
        JobMistake{"snaplen = 262145\n", ":1: 'snaplen' must be a number from 0 to 262144, of bytes"},
        JobMistake{"readers.groups = 'packetsentry'\n",
                   ":1: 'readers.groups' must be a list of names and numbers of groups"},
        JobMistake{"readers.users = [-1]\n",
                   ":1: 'readers.users' must be a list of names and numbers of users"},
        JobMistake{"[keep.packets]\nbytes = '1kB'\n",
                   ":2: 'keep.packets.bytes' must be a size such as \"200GiB\", from 1MiB to 1048576GiB"},
        JobMistake{"[keep.packets]\nage = 14\n",
                   ":2: 'keep.packets.age' must be a time such as \"14d\", with s, m, h or d, from 1s to "
                   "36500d"},
        JobMistake{"[keep.rows]\nage = '36501d'\n", ":2: 'keep.rows.age' must be a time"},
        JobMistake{"[keep.rows]\nage = '0s'\n", ":2: 'keep.rows.age' must be a time"},
        JobMistake{"interface = [\n", ":"}));

TEST(JobFile, ANameFollowsTheRuleForNamesOfJobs) {
    constexpr const char* kGood = "interface = ['eth0']\n[keep.rows]\n";
    for (const char* path : {"a.toml", "/x/A-b_c.9.toml", "./7up.toml"})
        EXPECT_TRUE(read_job_text(kGood, path)) << path;
    for (const char* path : {".toml", "12.toml", "a b.toml", "/x.toml/", "d\xc3\xa9s.toml"}) {
        const auto job = read_job_text(kGood, path);
        ASSERT_FALSE(job) << path;
        EXPECT_EQ(job.error().message.find(path), 0U) << job.error().message;
    }
    EXPECT_EQ(read_job_text(kGood, "a.conf").error().message,
              "a.conf: the file of a standing job is called NAME.toml, after the job's name");
}

TEST(JobFile, IsBounded) {
    std::string text = "interface = ['eth0']\n[keep.rows]\n";
    text.resize(kJobFileLimit, '\n');
    EXPECT_TRUE(read_job_text(text, kPath));
    EXPECT_EQ(read_job_text(text + "\n", kPath).error().message,
              std::string(kPath) + ": the file is longer than 64 KiB");
}

TEST(JobFile, MustNotBeWritableByOthers) {
    const test::TemporaryDirectory directory;
    const std::string path = directory.path() + "/a.toml";
    std::ofstream(path) << "interface = ['eth0']\n[keep.rows]\n";
    ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
    EXPECT_TRUE(read_job_file(path, ::geteuid()));
    ASSERT_EQ(::chmod(path.c_str(), 0664), 0);
    const auto job = read_job_file(path, ::geteuid());
    ASSERT_FALSE(job);
    EXPECT_EQ(job.error().code, base::ErrorCode::file);
    EXPECT_EQ(job.error().message, "the standing job: '" + path +
                                       "' can be written by users other than root; 'chmod go-w " + path +
                                       "'");
    EXPECT_EQ(read_job_file(directory.path() + "/b.toml", ::geteuid()).error().message,
              "the standing job: there is no file '" + directory.path() + "/b.toml'");
}

}  // namespace
}  // namespace packetsentry::standing
