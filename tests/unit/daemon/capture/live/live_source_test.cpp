#include "daemon/capture/live/live_source.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>

#include <functional>

#include "tests/unit/daemon/capture/capture_bytes.h"
#include "tests/unit/daemon/capture/test_network.h"

namespace packetsentry::capture {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using testing::HasSubstr;

constexpr std::uint16_t kPort = 47113;

void send_datagrams(int count, std::uint16_t port = kPort, const std::string& payload = "payload") {
    const base::UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 0; i < count; ++i)
        (void)::sendto(socket.get(), payload.data(), payload.size(), 0,
                       reinterpret_cast<const sockaddr*>(&to), sizeof to);
}

std::int64_t now_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

class LiveTest : public testing::Test {
  protected:
    void SetUp() override {
        if (::geteuid() != 0) GTEST_SKIP() << "capturing needs root";
        if (!network_.made()) GTEST_SKIP() << "no network namespace can be made here";
    }

    // Reads and polls as the worker does, until done or too late.
    static bool run_until(LiveSource& source, Collector& collector, const std::function<bool()>& done,
                          milliseconds limit = milliseconds(3000)) {
        const auto until = steady_clock::now() + limit;
        while (steady_clock::now() < until) {
            const auto state = source.read(collector, 64);
            EXPECT_TRUE(state) << state.error().message;
            if (done()) return true;
            if (!state || *state == SourceState::end) return false;
            if (*state == SourceState::idle) wait(source);
        }
        return false;
    }
    static void wait(const LiveSource& source) {
        std::vector<pollfd> entries;
        for (const int fd : source.wait_fds()) entries.push_back({fd, POLLIN, 0});
        (void)::poll(entries.data(), entries.size(), static_cast<int>(source.wait_limit()->count()));
    }
    static std::unique_ptr<LiveSource> opened(const std::vector<std::string>& interfaces,
                                              const std::string& filter) {
        auto source = LiveSource::open({.interfaces = interfaces, .ring_bytes = 4U << 20});
        EXPECT_TRUE(source) << source.error().message;
        if (!source) return nullptr;
        const auto set = (*source)->set_filter("", {.expression = filter});
        EXPECT_TRUE(set) << set.error().message;
        return std::move(*source);
    }
    static std::optional<SourceEvent> event_within(LiveSource& source, milliseconds limit) {
        Collector collector;
        std::optional<SourceEvent> event;
        (void)run_until(
            source, collector, [&] { return (event = source.next_event()).has_value(); }, limit);
        return event;
    }

    TestNetwork network_;
};

TEST_F(LiveTest, CapturesDatagramsOnLoopback) {
    const auto source = opened({"lo"}, "udp dst port 47113");
    ASSERT_TRUE(source);
    ASSERT_EQ(source->interfaces().size(), 1U);
    EXPECT_EQ(source->interfaces()[0].name, "lo");
    EXPECT_EQ(source->interfaces()[0].link_type, 1U);
    EXPECT_EQ(source->interfaces()[0].system_index, ::if_nametoindex("lo"));
    const std::int64_t before = now_ns();
    send_datagrams(500);
    send_datagrams(500, kPort + 1);
    Collector collector;
    ASSERT_TRUE(run_until(*source, collector, [&] { return collector.seen.size() >= 500; }));
    EXPECT_EQ(collector.seen.size(), 500U);
    for (const SeenPacket& seen : collector.seen) {
        EXPECT_EQ(seen.wire_bytes, 14U + 20 + 8 + 7);
        EXPECT_TRUE(seen.frame.ends_with("payload"));
        EXPECT_EQ(seen.link_type, 1U);
        EXPECT_GE(seen.time_ns, before - 5'000'000);
        EXPECT_LE(seen.time_ns, now_ns());
    }
    // Not microseconds times a thousand.
    EXPECT_TRUE(
        std::ranges::any_of(collector.seen, [](const SeenPacket& seen) { return seen.time_ns % 1000 != 0; }));
}

// Which worker a packet belongs to is decided by its time.
TEST_F(LiveTest, APacketHasTheSameTimeInEachCapture) {
    const auto one = opened({"lo"}, "udp dst port 47113"), other = opened({"any"}, "udp dst port 47113");
    ASSERT_TRUE(one && other);
    send_datagrams(200);
    Collector by_one, by_other;
    ASSERT_TRUE(run_until(*one, by_one, [&] { return by_one.seen.size() >= 200; }));
    ASSERT_TRUE(run_until(*other, by_other, [&] { return by_other.seen.size() >= 200; }));
    for (std::size_t i = 0; i < 200; ++i) EXPECT_EQ(by_one.seen[i].time_ns, by_other.seen[i].time_ns) << i;
}

// Texts that would undo a filter they were pasted behind.
TEST_F(LiveTest, NoTextReachesIntoTheRequiredFilter) {
    const std::string required = "udp dst port 47113";
    for (const char* text : {"", "udp", "udp or tcp or icmp", "not udp dst port 1", "1 = 1", "udp or vlan"}) {
        auto source = LiveSource::open({.interfaces = {"lo"}, .ring_bytes = 4U << 20});
        ASSERT_TRUE(source);
        const auto set = (*source)->set_filter(required, {.expression = text});
        ASSERT_TRUE(set) << text << ": " << set.error().message;
        send_datagrams(50);
        send_datagrams(50, kPort + 1);
        Collector collector;
        (void)run_until(
            **source, collector, [] { return false; }, milliseconds(200));
        EXPECT_EQ(collector.seen.size(), 50U) << text;
    }
    for (const char* text : {"1 = 1) or (udp", "udp) or (udp", ") or (", "udp #", "udp or", "(udp"}) {
        auto source = LiveSource::open({.interfaces = {"lo"}, .ring_bytes = 4U << 20});
        ASSERT_TRUE(source);
        const auto set = (*source)->set_filter(required, {.expression = text});
        ASSERT_FALSE(set) << text;
        EXPECT_EQ(set.error().code, base::ErrorCode::filter);
    }
    auto source = LiveSource::open({.interfaces = {"lo"}, .ring_bytes = 4U << 20});
    const auto set = (*source)->set_filter("udp or", {.expression = "udp"});
    ASSERT_FALSE(set);
    EXPECT_TRUE(
        set.error().message.starts_with("the policy's own filter cannot be used: bad filter 'udp or'"));
}

TEST_F(LiveTest, LedgerBalances) {
    const auto source = opened({"lo"}, "udp port 47113");
    ASSERT_TRUE(source);
    Collector collector;
    std::size_t delivered = 0;
    for (int i = 0; i < 5; ++i) {
        send_datagrams(2000);
        delivered += 2000;
        (void)run_until(*source, collector, [&] { return collector.seen.size() >= delivered; });
    }
    const SourceCounters counters = source->counters();
    EXPECT_EQ(counters.delivered, collector.seen.size());
    EXPECT_EQ(counters.received, counters.delivered + counters.dropped_by_kernel);
    EXPECT_EQ(counters.received, 10'000U);
    EXPECT_EQ(source->interfaces()[0].received, 10'000U);
    EXPECT_EQ(source->interfaces()[0].delivered, 10'000U);
    EXPECT_EQ(counters.filtered, 0U);
}

TEST_F(LiveTest, LedgerBalancesWhenTheRingOverflows) {
    auto source = LiveSource::open({.interfaces = {"lo"}, .ring_bytes = 1U << 20});
    ASSERT_TRUE(source);
    send_datagrams(100);  // before the filter: not received, not counted
    ASSERT_TRUE((*source)->set_filter("", {.expression = "udp port 47113"}));
    send_datagrams(20'000, kPort, std::string(1000, 'x'));
    Collector collector;
    (void)run_until(
        **source, collector, [] { return false; }, milliseconds(400));
    const SourceCounters counters = (*source)->counters();
    EXPECT_EQ(counters.received, 20'000U);
    EXPECT_GT(counters.dropped_by_kernel, 0U);
    EXPECT_EQ(counters.received, counters.delivered + counters.dropped_by_kernel);
    EXPECT_EQ(counters.delivered, collector.seen.size());
}

TEST_F(LiveTest, SinkStopsAfterAPacketAndNothingIsLost) {
    const auto source = opened({"lo"}, "udp port 47113");
    ASSERT_TRUE(source);
    send_datagrams(100);
    Collector collector;
    for (std::size_t count = 1; count <= 100; ++count) {
        collector.stop_at = count;
        ASSERT_TRUE(run_until(*source, collector, [&] { return collector.seen.size() >= count; }));
        ASSERT_EQ(collector.seen.size(), count);
    }
    EXPECT_EQ(source->counters().delivered, 100U);
}

TEST_F(LiveTest, SnapshotLengthCuts) {
    auto source = LiveSource::open({.interfaces = {"lo"}, .snapshot_length = 40, .ring_bytes = 1U << 20});
    ASSERT_TRUE(source);
    ASSERT_TRUE((*source)->set_filter("", {.expression = "udp port 47113"}));
    EXPECT_EQ((*source)->interfaces()[0].snapshot_length, 40U);
    send_datagrams(1, kPort, std::string(500, 'x'));
    Collector collector;
    ASSERT_TRUE(run_until(**source, collector, [&] { return !collector.seen.empty(); }));
    EXPECT_EQ(collector.seen[0].frame.size(), 40U);
    EXPECT_EQ(collector.seen[0].wire_bytes, 542U);
}

TEST_F(LiveTest, AnyIsCookedAndTellsTheInterface) {
    const auto source = opened({"any"}, "udp port 47113");
    ASSERT_TRUE(source);
    EXPECT_EQ(source->interfaces()[0].link_type, 276U);
    EXPECT_EQ(source->interfaces()[0].system_index, 0U);
    send_datagrams(1);
    Collector collector;
    ASSERT_TRUE(run_until(*source, collector, [&] { return !collector.seen.empty(); }));
    const auto index = static_cast<unsigned char>(collector.seen[0].frame.at(7));
    EXPECT_EQ(index, ::if_nametoindex("lo"));
}

TEST_F(LiveTest, SeveralInterfacesTakeTurns) {
    const auto source = opened({"lo", "left"}, "");
    ASSERT_TRUE(source);
    ASSERT_TRUE(TestNetwork::ip("address add 10.9.0.1/24 dev left"));
    send_datagrams(50);
    Collector collector;
    // Neighbour and router solicitations come by themselves when a link goes up.
    ASSERT_TRUE(TestNetwork::ip("-6 address add fd09::1/64 dev right"));
    const auto seen_on = [&](std::uint32_t interface) {
        return std::ranges::count(collector.seen, interface, &SeenPacket::interface);
    };
    EXPECT_TRUE(run_until(*source, collector, [&] { return seen_on(0) >= 50 && seen_on(1) > 0; }));
    EXPECT_EQ(source->interfaces()[1].name, "left");
    EXPECT_EQ(source->wait_fds().size(), 2U);
}

TEST_F(LiveTest, DownAndUpAreToldAndTheCaptureGoesOn) {
    const auto source = opened({"left"}, "");
    ASSERT_TRUE(source);
    ASSERT_TRUE(TestNetwork::ip("link set left down"));
    auto event = event_within(*source, milliseconds(3000));
    ASSERT_TRUE(event);
    EXPECT_EQ(event->kind, SourceEvent::Kind::interface_down);
    EXPECT_EQ(event->text, "interface 'left' went down");
    ASSERT_TRUE(TestNetwork::ip("link set left up"));
    event = event_within(*source, milliseconds(3000));
    ASSERT_TRUE(event);
    EXPECT_EQ(event->kind, SourceEvent::Kind::interface_up);
    ASSERT_TRUE(TestNetwork::ip("-6 address add fd09::1/64 dev right"));
    Collector collector;
    EXPECT_TRUE(run_until(
        *source, collector, [&] { return !collector.seen.empty(); }, milliseconds(5000)));
}

struct Removal {
    bool down_first;
};
class LiveRemoval : public LiveTest, public testing::WithParamInterface<Removal> {};
INSTANTIATE_TEST_SUITE_P(UpOrDown, LiveRemoval, testing::Values(Removal{false}, Removal{true}));

TEST_P(LiveRemoval, IsToldAndEndsTheSource) {
    const auto source = opened({"left"}, "");
    ASSERT_TRUE(source);
    if (GetParam().down_first) {
        ASSERT_TRUE(TestNetwork::ip("link set left down"));
        ASSERT_TRUE(event_within(*source, milliseconds(3000)));
    }
    ASSERT_TRUE(TestNetwork::ip("link delete left"));
    Collector collector;
    const auto begin = steady_clock::now();
    EXPECT_FALSE(run_until(*source, collector, [] { return false; }));
    EXPECT_LT(steady_clock::now() - begin, milliseconds(2000));
    std::optional<SourceEvent> last;
    while (auto event = source->next_event()) last = event;
    ASSERT_TRUE(last);
    EXPECT_EQ(last->kind, SourceEvent::Kind::interface_gone);
    EXPECT_EQ(last->text, "interface 'left' is gone");
    EXPECT_EQ(source->read(collector, 10).value(), SourceState::end);
    const SourceCounters counters = source->counters();
    EXPECT_EQ(counters.received, counters.delivered + counters.dropped_by_kernel);
}

TEST_F(LiveTest, GoesOnWithTheInterfacesThatAreLeft) {
    const auto source = opened({"left", "lo"}, "udp port 47113");
    ASSERT_TRUE(source);
    ASSERT_TRUE(TestNetwork::ip("link delete left"));
    const auto event = event_within(*source, milliseconds(3000));
    ASSERT_TRUE(event);
    EXPECT_EQ(event->kind, SourceEvent::Kind::interface_gone);
    EXPECT_EQ(source->wait_fds().size(), 1U);
    send_datagrams(5);
    Collector collector;
    EXPECT_TRUE(run_until(*source, collector, [&] { return collector.seen.size() == 5; }));
}

// Interfaces are opened beside one another, and keep the order in which they were asked for.
TEST_F(LiveTest, OpensManyInterfaces) {
    std::vector<std::string> names{"right", "lo", "left"};
    for (int i = 0; i < 20; ++i) {
        names.push_back("many" + std::to_string(i));
        ASSERT_TRUE(
            TestNetwork::ip("link add " + names.back() + " type veth peer name end" + std::to_string(i)));
        ASSERT_TRUE(TestNetwork::ip("link set " + names.back() + " up"));
    }
    const auto source = opened(names, "udp port 47113");
    ASSERT_TRUE(source);
    ASSERT_EQ(source->interfaces().size(), names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
        EXPECT_EQ(source->interfaces()[i].name, names[i]);
        EXPECT_EQ(source->interfaces()[i].system_index, ::if_nametoindex(names[i].c_str()));
    }
    send_datagrams(5);
    Collector collector;
    EXPECT_TRUE(run_until(*source, collector, [&] { return collector.seen.size() == 5; }));
}

TEST_F(LiveTest, OneThatIsMissingIsTold) {
    const auto source = LiveSource::open({.interfaces = {"left", "none", "lo"}, .ring_bytes = 1U << 20});
    ASSERT_FALSE(source);
    EXPECT_THAT(source.error().message, HasSubstr("'none'"));
}

TEST_F(LiveTest, AnotherInterfaceOfTheNameIsNotOpened) {
    LiveOptions options{.interfaces = {"left"}, .ring_bytes = 1U << 20};
    options.indices = {::if_nametoindex("left")};
    EXPECT_TRUE(LiveSource::open(options));
    options.indices = {::if_nametoindex("right")};
    const auto source = LiveSource::open(options);
    ASSERT_FALSE(source);
    EXPECT_EQ(source.error().code, base::ErrorCode::interface);
    EXPECT_THAT(source.error().message, HasSubstr("'left' is the name of another interface"));
}

TEST_F(LiveTest, RenamedInterfaceIsNotGone) {
    const auto source = opened({"left"}, "");
    ASSERT_TRUE(source);
    ASSERT_TRUE(TestNetwork::ip("link set left name renamed"));
    const auto told = event_within(*source, milliseconds(3000));
    ASSERT_TRUE(told);
    EXPECT_EQ(told->kind, SourceEvent::Kind::interface_renamed);
    EXPECT_EQ(told->text, "interface 'left' is called 'renamed' now; it is captured on as before");
    EXPECT_FALSE(event_within(*source, milliseconds(700)));
    ASSERT_TRUE(TestNetwork::ip("link set renamed down"));
    EXPECT_EQ(event_within(*source, milliseconds(3000)).value().kind, SourceEvent::Kind::interface_down);
    ASSERT_TRUE(TestNetwork::ip("link set renamed up"));
    EXPECT_EQ(event_within(*source, milliseconds(3000)).value().kind, SourceEvent::Kind::interface_up);
    Collector collector;
    EXPECT_TRUE(run_until(*source, collector, [&] { return !collector.seen.empty(); }));
}

struct BadName {
    const char* name;
    const char* message;
};
class LiveBadNames : public LiveTest, public testing::WithParamInterface<BadName> {};
INSTANTIATE_TEST_SUITE_P(Table, LiveBadNames,
                         testing::Values(BadName{"eth9", "no interface 'eth9'"},
                                         BadName{"", "no interface ''"},
                                         BadName{"usbmon0", "no interface 'usbmon0'"},
                                         BadName{"nflog", "no interface 'nflog'"},
                                         BadName{"a\nb; rm", "no interface 'a\nb; rm'"},
                                         BadName{"a-name-that-is-longer-than-any",
                                                 "no interface 'a-name-that-is-longer-than-any'"}));

TEST_P(LiveBadNames, AreRefused) {
    const auto source = LiveSource::open({.interfaces = {"lo", GetParam().name}});
    ASSERT_FALSE(source);
    EXPECT_EQ(source.error().code, base::ErrorCode::interface);
    EXPECT_EQ(source.error().message, GetParam().message);
}

TEST_F(LiveTest, InterfaceThatIsDownSaysHowToBringItUp) {
    ASSERT_TRUE(TestNetwork::ip("link set left down"));
    const auto source = LiveSource::open({.interfaces = {"left"}, .ring_bytes = 1U << 20});
    ASSERT_FALSE(source);
    EXPECT_EQ(source.error().code, base::ErrorCode::interface);
    EXPECT_EQ(source.error().message, "'left' is down; 'ip link set left up' brings it up");
}

TEST_F(LiveTest, BadFilterIsRefused) {
    auto source = LiveSource::open({.interfaces = {"lo"}, .ring_bytes = 1U << 20});
    ASSERT_TRUE(source);
    const auto set = (*source)->set_filter("", {.expression = "tcp prot 80"});
    ASSERT_FALSE(set);
    EXPECT_EQ(set.error().code, base::ErrorCode::filter);
    EXPECT_THAT(set.error().message, HasSubstr("at 'prot' (character 5)"));
}

// What libpcap filters a second time in this process passes nothing for these.
TEST_F(LiveTest, KernelsOwnWordsPassFromTheFirstPacketOn) {
    for (const char* interface : {"lo", "any"}) {
        const auto source = opened(
            {interface}, "udp port 47113 and inbound and ifindex " + std::to_string(::if_nametoindex("lo")));
        ASSERT_TRUE(source);
        send_datagrams(10);
        Collector collector;
        EXPECT_TRUE(run_until(*source, collector, [&] { return collector.seen.size() == 10; })) << interface;
        EXPECT_EQ(source->counters().received, 10U) << interface;
    }
}

TEST_F(LiveTest, CookedFiltersKnowTheProtocol) {
    const auto source = opened({"any"}, "udp port 47113 and ip and not arp and ip[8] > 0 and udp[4:2] = 15");
    ASSERT_TRUE(source);
    send_datagrams(3);
    send_datagrams(3, kPort, "another length");
    Collector collector;
    (void)run_until(
        *source, collector, [] { return false; }, milliseconds(300));
    EXPECT_EQ(collector.seen.size(), 3U);
}

TEST(LiveSource, WithoutRightsSaysSo) {
    if (::geteuid() == 0) GTEST_SKIP() << "runs as root, which has the rights";
    const auto source = LiveSource::open({.interfaces = {"lo"}});
    ASSERT_FALSE(source);
    EXPECT_EQ(source.error().code, base::ErrorCode::not_permitted);
    EXPECT_THAT(source.error().message, HasSubstr("CAP_NET_RAW"));
}

}  // namespace
}  // namespace packetsentry::capture
