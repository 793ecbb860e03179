#include "daemon/standing/standing_job.h"

#include <gtest/gtest.h>

#include "daemon/standing/job_file.h"

namespace packetsentry::standing {
namespace {

TEST(StandingJob, CapturesOnWhatItNames) {
    const StandingJob job{.interfaces = {"eth0", "lab*", "a-long-alternative-name"}};
    for (const char* name : {"eth0", "lab", "lab12", "a-long-alternative-name"})
        EXPECT_TRUE(captures_on(job, name)) << name;
    for (const char* name : {"eth1", "eth01", "any", ""}) EXPECT_FALSE(captures_on(job, name)) << name;
    EXPECT_TRUE(captures_on({.interfaces = {"*"}}, "lo"));
    EXPECT_FALSE(captures_on({.interfaces = {"*"}}, "any"));
    EXPECT_TRUE(captures_on({.interfaces = {"any"}}, "any"));
    EXPECT_FALSE(captures_on({.interfaces = {"any"}}, "lo"));
}

TEST(StandingJob, IsDescribedInOneLine) {
    struct Case {
        const char* text;
        const char* description;
    };
    const Case cases[] = {
        {"interface = ['eth0', 'lab*']\nfilter = { bpf = 'not port 22' }\nreaders.groups = ['packetsentry']\n"
         "[keep.packets]\nbytes = '200GiB'\nage = '14d'\n[keep.rows]\nage = '60d'\n",
         "captures eth0, lab* (filter: not port 22); keeps packets for 14d, at most 200GiB; rows for 60d; "
         "for "
         "root, group packetsentry"},
        {"interface = ['any']\n[keep.rows]\nbytes = '1536MiB'\n",
         "captures any; keeps rows up to 1536MiB; for root alone"},
        {"interface = ['any']\nsnaplen = 96\nfilter = { port = 53, display = 'dns' }\n"
         "readers = { groups = [7], users = ['bob'] }\n[keep.packets]\n",
         "captures any (filter: port 53; display filter: dns), at most 96 bytes of a packet; keeps packets "
         "as "
         "long as the spool has room; for root, group 7, user bob"},
        {"interface = ['any']\nfilter.display = 'dns'\n[keep.packets]\nage = '90m'\n",
         "captures any (display filter: dns); keeps packets for 90m; for root alone"},
    };
    for (const Case& one : cases) {
        const auto job = read_job_text(one.text, "a.toml");
        ASSERT_TRUE(job) << job.error().message;
        EXPECT_EQ(describe(*job), one.description);
    }
}

}  // namespace
}  // namespace packetsentry::standing
