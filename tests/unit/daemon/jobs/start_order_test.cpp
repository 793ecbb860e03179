#include "daemon/jobs/start_order.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace packetsentry::jobs {
namespace {

const std::vector<std::string> kKnown = {"lo", "eth0", "any"};

wire::StartJob simple() {
    wire::StartJob start;
    start.mutable_capture()->add_interface("eth0");
    return start;
}

wire::StartJob saving() {
    wire::StartJob start = simple();
    start.mutable_capture()->mutable_save()->set_format(wire::SAVE_PCAP);
    return start;
}

std::vector<base::UniqueFd> one(int fd) {
    std::vector<base::UniqueFd> descriptors;
    descriptors.emplace_back(fd);
    return descriptors;
}

base::UniqueFd scratch(int flags) {
    return base::UniqueFd(::open(testing::TempDir().c_str(), O_TMPFILE | flags, 0600));
}

void expect_error(const wire::StartJob& start, base::ErrorCode code, const std::string& message,
                  std::vector<base::UniqueFd> descriptors = {}) {
    const auto checked = check_start(start, 1000, kKnown, std::move(descriptors));
    ASSERT_FALSE(checked) << message;
    EXPECT_EQ(checked.error().code, code);
    EXPECT_EQ(checked.error().message, message);
}

TEST(StartOrder, TakesOver) {
    wire::StartJob start = simple();
    start.set_name("dns");
    start.set_foreground(true);
    start.set_output_name("x.pcap");
    start.mutable_capture()->mutable_filter()->add_protocol("dns");
    const auto checked = check_start(start, 1234, kKnown, {});
    ASSERT_TRUE(checked);
    EXPECT_EQ(checked->order.name, "dns");
    EXPECT_EQ(checked->order.owner, 1234U);
    EXPECT_TRUE(checked->order.foreground);
    EXPECT_EQ(checked->order.output_name, "x.pcap");
    EXPECT_FALSE(checked->output);
}

TEST(StartOrder, AnOutputIsCalledWhatAPathCanBeCalled) {
    wire::StartJob start = simple();
    start.set_output_name("/home/alice/a\n\x1b[2J\xff.pcap");
    const auto checked = check_start(start, 1000, kKnown, {});
    ASSERT_TRUE(checked) << checked.error().message;
    EXPECT_EQ(checked->order.output_name, start.output_name());
    start.set_output_name(std::string("a\0b", 3));
    expect_error(start, base::ErrorCode::usage,
                 "the output's name contains a zero byte, which no path can contain");
}

TEST(StartOrder, Interfaces) {
    wire::StartJob none;
    expect_error(none, base::ErrorCode::interface, "no interface given; there are: lo, eth0, any");
    wire::StartJob unknown = simple();
    unknown.mutable_capture()->add_interface("eth9");
    expect_error(unknown, base::ErrorCode::interface, "no interface 'eth9'; there are: lo, eth0, any");
    wire::StartJob many;
    for (int i = 0; i < 17; ++i) many.mutable_capture()->add_interface("lo");
    expect_error(many, base::ErrorCode::interface,
                 "at most 16 interfaces can be captured on by one job; 'any' is all of them");
}

TEST(StartOrder, AnAbsentInterfaceMayBeWaitedFor) {
    wire::StartJob absent = simple();
    absent.mutable_capture()->set_interface(0, "eth9");
    absent.set_begin_waiting(true);
    expect_error(absent, base::ErrorCode::interface, "no interface 'eth9'; there are: lo, eth0, any");
    absent.set_wait(true);
    const auto checked = check_start(absent, 1000, kKnown, {});
    ASSERT_TRUE(checked) << checked.error().message;
    EXPECT_TRUE(checked->order.begin_waiting);
    absent.mutable_capture()->set_interface(0, "no/such");
    expect_error(absent, base::ErrorCode::interface, "no interface 'no/such'; there are: lo, eth0, any");
}

TEST(StartOrder, FilterNameAndSizes) {
    wire::StartJob filter = simple();
    filter.mutable_capture()->mutable_filter()->set_port(70000);
    expect_error(filter, base::ErrorCode::filter, "port 70000 is not in 1 to 65535");
    wire::StartJob name = simple();
    name.set_name("42");
    expect_error(name, base::ErrorCode::usage,
                 "a job cannot be called '42': a name of digits only would be read as a job's id");
    wire::StartJob snapshot = simple();
    snapshot.mutable_capture()->set_snapshot_length(262145);
    expect_error(snapshot, base::ErrorCode::usage, "the snapshot length is at most 262144");
    wire::StartJob ring = simple();
    ring.mutable_capture()->set_ring_bytes((1U << 30) + 1);
    expect_error(ring, base::ErrorCode::usage,
                 "the kernel's ring has at most 1073741824 bytes (memory.ring)");
}

TEST(StartOrder, DescriptorsMustBeThoseTheMessageNames) {
    expect_error(saving(), base::ErrorCode::usage, "the request came with 0 descriptors, but needs 1");
    expect_error(simple(), base::ErrorCode::usage, "the request came with 1 descriptors, but needs none",
                 one(scratch(O_WRONLY).release()));
    auto two = one(scratch(O_WRONLY).release());
    two.push_back(scratch(O_WRONLY));
    expect_error(saving(), base::ErrorCode::usage, "the request came with 2 descriptors, but needs 1",
                 std::move(two));
    wire::StartJob continued = saving();
    continued.mutable_capture()->mutable_save()->set_continued(true);
    expect_error(continued, base::ErrorCode::usage, "the format for saving packets is not known",
                 one(scratch(O_WRONLY).release()));
    wire::StartJob format = saving();
    format.mutable_capture()->mutable_save()->set_format(static_cast<wire::SaveFormat>(9));
    expect_error(format, base::ErrorCode::usage, "the format for saving packets is not known",
                 one(scratch(O_WRONLY).release()));
}

TEST(StartOrder, InterfacesShareARing) {
    constexpr std::uint32_t kMiB = 1U << 20;
    struct Case {
        std::uint32_t ring;
        int interfaces;
        std::uint32_t each;
    };
    const Case cases[] = {
        {64 * kMiB, 0, 64 * kMiB}, {64 * kMiB, 1, 64 * kMiB}, {64 * kMiB, 2, 32 * kMiB},
        {64 * kMiB, 16, 4 * kMiB}, {64 * kMiB, 64, 4 * kMiB}, {1 * kMiB, 2, 1 * kMiB},
    };
    for (const Case& c : cases) EXPECT_EQ(ring_of_each(c.ring, c.interfaces), c.each) << c.interfaces;
}

TEST(StartOrder, OutputsThatServe) {
    for (const int flags : {O_WRONLY, O_RDWR, O_WRONLY | O_APPEND}) {
        const auto checked = check_start(saving(), 1, kKnown, one(scratch(flags).release()));
        ASSERT_TRUE(checked) << checked.error().message;
        EXPECT_TRUE(checked->output);
    }
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    const base::UniqueFd reader(pipe[0]);
    EXPECT_TRUE(check_start(saving(), 1, kKnown, one(pipe[1])));
    EXPECT_TRUE(check_start(saving(), 1, kKnown, one(::open("/dev/null", O_WRONLY))));
}

TEST(StartOrder, SeveralOutputsAreFilesOfACaptureInTheForeground) {
    using base::ErrorCode;
    wire::StartJob start = saving();
    wire::FileLimits& limits = *start.mutable_capture()->mutable_save()->mutable_each_file();
    limits.set_packets(5);
    start.set_foreground(true);
    EXPECT_TRUE(check_start(start, 1, kKnown, one(scratch(O_WRONLY).release())));
    expect_error(start, ErrorCode::file, "each of several output files must be an ordinary file",
                 one(::open("/dev/null", O_WRONLY)));
    constexpr auto kForeground = "only a capture in the foreground saves to several files, each with a limit";
    start.set_foreground(false);
    expect_error(start, ErrorCode::usage, kForeground, one(scratch(O_WRONLY).release()));
    start.set_foreground(true);
    limits.clear_packets();
    expect_error(start, ErrorCode::usage, kForeground, one(scratch(O_WRONLY).release()));
}

TEST(StartOrder, OutputsThatDoNot) {
    constexpr auto kKind = "the output must be a regular file, a pipe or /dev/null";
    constexpr auto kMode = "the output is not open for writing";
    using base::ErrorCode;
    expect_error(saving(), ErrorCode::file, kKind, one(::open("/dev/zero", O_WRONLY)));
    expect_error(saving(), ErrorCode::file, kMode, one(::open("/dev/null", O_RDONLY)));
    expect_error(saving(), ErrorCode::file, kKind, one(::open("/", O_RDONLY | O_DIRECTORY)));
    expect_error(saving(), ErrorCode::file, kKind, one(::socket(AF_UNIX, SOCK_STREAM, 0)));
    expect_error(saving(), ErrorCode::file, kMode, one(::open("/proc/self/exe", O_RDONLY)));
    expect_error(saving(), ErrorCode::file, kMode, one(::open("/proc/self/exe", O_PATH)));
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    const base::UniqueFd writer(pipe[1]);
    expect_error(saving(), ErrorCode::file, kMode, one(pipe[0]));
}

}  // namespace
}  // namespace packetsentry::jobs
