#include "ctl/render/job_check.h"

#include <gtest/gtest.h>

namespace packetsentry::ctl::render {
namespace {

TEST(JobCheckText, OneLineWithNothingThatATerminalObeys) {
    EXPECT_EQ(job_check_line({.file = "n.toml", .name = "n", .meaning = "captures eth\x1b[2J; keeps rows"}),
              "n.toml is right: captures eth\\x1B[2J; keeps rows\n");
    EXPECT_EQ(
        job_check_line(
            {.file = "n.toml", .name = "n", .meaning = "captures lo", .unchecked = "there is no worker"}),
        "n.toml is right: captures lo; the libpcap expression was not checked: there is no worker\n");
}

TEST(JobCheckText, AnObjectOfAFileThatIsRightAndOfOneThatIsNot) {
    EXPECT_EQ(job_check_json({.file = "n.toml", .name = "n", .meaning = "captures lo", .unchecked = "no"}),
              R"({"file":"n.toml","right":true,"name":"n","meaning":"captures lo","unchecked":"no"})"
              "\n");
    EXPECT_EQ(job_check_json({.file = "n.toml", .mistake = "n.toml:2: unknown key 'cutoff'"}),
              R"({"file":"n.toml","right":false,"mistake":"n.toml:2: unknown key 'cutoff'"})"
              "\n");
}

}  // namespace
}  // namespace packetsentry::ctl::render
