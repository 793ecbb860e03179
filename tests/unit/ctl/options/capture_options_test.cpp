// Every number that an option takes, at the edges of what it may be.
#include "ctl/options/capture_options.h"

#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <limits>
#include <utility>

#include "proto/words/filter.h"

namespace packetsentry::ctl {
namespace {

using base::ErrorCode;

constexpr std::uint64_t kMost63 = std::numeric_limits<std::int64_t>::max();
constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kOne = 1;
constexpr std::uint64_t kExbibyte = kOne << 60;

base::Result<wire::CaptureSpec> capture_of(std::vector<std::string> arguments) {
    CLI::App app;
    CaptureOptions options;
    add_capture_options(app, options);
    std::ranges::reverse(arguments);
    try {
        app.parse(std::move(arguments));
    } catch (const CLI::Error& error) {
        return base::fail(ErrorCode::internal, error.what());
    }
    return make_capture(options);
}

// A number with a unit. The highest is what the option takes with that unit; one more is refused.
struct Number {
    std::vector<std::string> before;  // arguments
    const char* prefix;
    const char* unit;
    std::uint64_t lowest;
    std::uint64_t highest;
    std::uint64_t factor;  // of the unit
    std::uint64_t (*get)(const wire::CaptureSpec& capture);
    ErrorCode code = ErrorCode::usage;
};

std::uint64_t packets(const wire::CaptureSpec& capture) {
    return capture.until().packets();
}
std::uint64_t duration(const wire::CaptureSpec& capture) {
    return capture.until().duration_ns();
}
std::uint64_t file_bytes(const wire::CaptureSpec& capture) {
    return capture.until().file_bytes();
}
std::uint64_t snapshot_length(const wire::CaptureSpec& capture) {
    return capture.snapshot_length();
}
std::uint64_t port(const wire::CaptureSpec& capture) {
    return capture.filter().port();
}
std::uint64_t payload(const wire::CaptureSpec& capture) {
    return capture.redaction().payload_bytes();
}

const std::vector<std::string> kUntil = {"-o", "x.pcap", "-a"};

const Number kNumbers[] = {
    {{"-c"}, "", "", 0, kMost63, 1, packets},
    {{"--count"}, "", "", 0, kMost63, 1, packets},
    {{"-s"}, "", "", 0, 262144, 1, snapshot_length},
    {{"--filter-port"}, "", "", 1, 65535, 1, port, ErrorCode::filter},
    {{"--redact"}, "payload=", "", 0, 4'294'967'295, 1, payload},
    {kUntil, "packets:", "", 1, kMost63, 1, packets},
    {kUntil, "duration:", "", 1, 9'223'372'036, kSecond, duration},
    {kUntil, "duration:", "ms", 1, 9'223'372'036'000, kSecond / 1000, duration},
    {kUntil, "duration:", "s", 1, 9'223'372'036, kSecond, duration},
    {kUntil, "duration:", "m", 1, 153'722'867, 60 * kSecond, duration},
    {kUntil, "duration:", "h", 1, 2'562'047, 3600 * kSecond, duration},
    {kUntil, "duration:", "d", 1, 106'751, 86'400 * kSecond, duration},
    {kUntil, "filesize:", "B", 1, kExbibyte, 1, file_bytes},
    {kUntil, "filesize:", "kB", 1, kExbibyte / 1000, 1000, file_bytes},
    {kUntil, "filesize:", "MB", 1, kExbibyte / 1'000'000, 1'000'000, file_bytes},
    {kUntil, "filesize:", "GB", 1, kExbibyte / 1'000'000'000, 1'000'000'000, file_bytes},
    {kUntil, "filesize:", "KiB", 1, kExbibyte >> 10, 1ULL << 10, file_bytes},
    {kUntil, "filesize:", "MiB", 1, kExbibyte >> 20, 1ULL << 20, file_bytes},
    {kUntil, "filesize:", "GiB", 1, kExbibyte >> 30, 1ULL << 30, file_bytes},
};

base::Result<wire::CaptureSpec> give(const Number& option, const std::string& text) {
    std::vector<std::string> arguments = option.before;
    arguments.push_back(option.prefix + text + option.unit);
    return capture_of(std::move(arguments));
}

TEST(CaptureOptions, NumbersInRangeMeanWhatTheySay) {
    for (const Number& option : kNumbers) {
        for (const std::uint64_t number : {option.lowest, option.lowest + 1, std::uint64_t{5}, kOne << 31,
                                           kOne << 32, option.highest - 1, option.highest}) {
            if (number < option.lowest || number > option.highest) continue;
            const auto capture = give(option, std::to_string(number));
            ASSERT_TRUE(capture) << capture.error().message;
            EXPECT_EQ(option.get(*capture), number * option.factor)
                << option.before.back() << " " << option.prefix << number << option.unit;
        }
    }
}

TEST(CaptureOptions, NumbersOutOfRangeAreRefusedInOneLine) {
    for (const Number& option : kNumbers) {
        std::vector<std::string> texts = {
            "2147483648",           "4294967296",           "9223372036854775807",    "9223372036854775808",
            "18446744073709551615", "18446744073709551616", "99999999999999999999999"};
        std::erase_if(texts, [&](const std::string& text) {
            return text.size() < 20 && std::stoull(text) <= option.highest;
        });
        texts.push_back(std::to_string(option.highest + 1));
        if (option.lowest > 0) texts.emplace_back("0");
        for (const std::string& text : texts) {
            const auto capture = give(option, text);
            ASSERT_FALSE(capture) << option.before.back() << " " << option.prefix << text << option.unit;
            EXPECT_EQ(capture.error().code, option.code);
            EXPECT_NE(capture.error().message.find(": write "), std::string::npos) << capture.error().message;
            EXPECT_NE(capture.error().message.find(" to "), std::string::npos) << capture.error().message;
            EXPECT_EQ(capture.error().message.find('\n'), std::string::npos);
        }
    }
}

TEST(CaptureOptions, WhatIsNoPlainNumberIsRefusedInOneLine) {
    for (const Number& option : kNumbers) {
        for (const char* text : {"", "-1", "-9223372036854775808", "+5", "1e3", " 5", "5 ", "0x10", "0b1",
                                 "5.0", "5,000", "1_000", "\u0663", "five", "5\n"}) {
            const auto capture = give(option, text);
            ASSERT_FALSE(capture) << option.before.back() << " " << option.prefix << text << option.unit;
            EXPECT_EQ(capture.error().code, option.code) << capture.error().message;
            EXPECT_NE(capture.error().message.find(": write "), std::string::npos) << capture.error().message;
        }
    }
}

TEST(CaptureOptions, NumbersAreRefusedWithAnExample) {
    const std::pair<std::vector<std::string>, const char*> kCases[] = {
        {{"-c", "many"},
         "'many' is not a number of packets for -c: write a number from 0 to "
         "9223372036854775807, as in -c 100"},
        {{"-s", "64k"},
         "'64k' is not a number of bytes for -s: write a number from 0 to 262144, as in -s 128"},
        {{"--filter-port", "http"},
         "'http' is not a port: write a number from 1 to 65535, as in --filter-port 443"},
        {{"-a", "packets:many"},
         "'many' is not a number of packets: write a number from 1 to "
         "9223372036854775807, as in packets:100"},
        {{"-a", "duration:soon"},
         "'soon' is not a duration: write numbers with d, h, m, s or ms, as in 60s or "
         "1h30m, from 1ms to 9223372036s"},
        {{"-a", "60"}, "cannot end at '60': write -a duration:60s, -a filesize:10MiB or -a packets:100"},
    };
    for (const auto& [arguments, message] : kCases) {
        const auto capture = capture_of(arguments);
        ASSERT_FALSE(capture);
        EXPECT_EQ(capture.error().message, message);
    }
}

TEST(CaptureOptions, ProtocolsAddUpInAnyCase) {
    const std::pair<std::vector<std::string>, const char*> kCases[] = {
        {{"-f", "dns"}, "udp port 53 or tcp port 53"},
        {{"-f", "DNS"}, "udp port 53 or tcp port 53"},
        {{"-f", "SsH", "-f", "Arp"}, "tcp port 22 or arp"},
        {{"-f", "ssh", "-f", "arp", "--filter-ip", "192.0.2.7"}, "(tcp port 22 or arp) and (host 192.0.2.7)"},
    };
    for (const auto& [arguments, text] : kCases) {
        const auto capture = capture_of(arguments);
        ASSERT_TRUE(capture) << capture.error().message;
        EXPECT_EQ(proto::filter_text(capture->filter()).value_or("refused"), text);
    }
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"-f", ""}, {"-f", "dns", "-f", ""}, {"-f", "dns", "-f", "Nonsense"}})
        EXPECT_FALSE(capture_of(arguments));
    EXPECT_NE(capture_of({"-f", "Nonsense"}).error().message.find("'Nonsense'"), std::string::npos);
}

TEST(CaptureOptions, PortsThatAWordStandsForAreTold) {
    constexpr auto kElsewhere = "; for packets on other ports use --filter-port or --bpf instead";
    EXPECT_EQ(no_match_hint(capture_of({"-f", "http"})->filter(), false),
              std::string("-f http means 'tcp port 80 or tcp port 443'") + kElsewhere);
    EXPECT_EQ(no_match_hint(capture_of({"-f", "ssh", "-f", "ntp", "-f", "arp"})->filter(), false),
              std::string("-f ntp means 'udp port 123', -f ssh means 'tcp port 22'") + kElsewhere);
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{}, {"-f", "tcp"}, {"--bpf", "port 80"}})
        EXPECT_EQ(no_match_hint(capture_of(arguments)->filter(), false), "");
}

constexpr const char* kId = "1:LQU9qZlK+B5F3KDmev6m5PMibrg=";

TEST(CaptureOptions, AConversationIsAPartOfTheDisplayFilter) {
    const std::string asked = std::string("network.community_id == \"") + kId + '"';
    EXPECT_EQ(capture_of({"--flow", kId})->filter().display(), asked);
    EXPECT_EQ(capture_of({"--flow", kId, "-Y", "dns or icmp"})->filter().display(),
              "(dns or icmp) and " + asked);
    EXPECT_EQ(no_match_hint(capture_of({"--flow", kId})->filter(), true),
              "no packet passed --flow; 'packetsentryctl read FILE --table flows --json' shows the Community "
              "ID of each conversation");
}

TEST(CaptureOptions, AConversationHasACommunityId) {
    for (const char* text : {"", "1", "1:", "2:LQU9qZlK+B5F3KDmev6m5PMibrg=", "LQU9qZlK+B5F3KDmev6m5PMibrg=",
                             "1:LQU9qZlK+B5F3KDmev6m5PMibrh=", "1:LQU9qZlK+B5F3KDmev6m5PMibrg"}) {
        const auto capture = capture_of({"--flow", text});
        ASSERT_FALSE(capture) << text;
        EXPECT_EQ(capture.error().code, ErrorCode::filter);
        EXPECT_EQ(capture.error().message,
                  std::string("'") + text +
                      "' is no Community ID; --flow takes one, such as 1:LQU9qZlK+B5F3KDmev6m5PMibrg=, and "
                      "'packetsentryctl read FILE --table flows --json' shows that of each conversation");
    }
    // A mistake in -Y is shown in what was typed.
    EXPECT_EQ(capture_of({"--flow", kId, "-Y", "dns.nam"}).error().message,
              capture_of({"-Y", "dns.nam"}).error().message);
}

TEST(CaptureOptions, AZeroInFrontIsNoOctalNumber) {
    for (const Number& option : kNumbers) {
        const auto capture = give(option, "010");
        ASSERT_TRUE(capture) << capture.error().message;
        EXPECT_EQ(option.get(*capture), 10 * option.factor);
    }
}

TEST(CaptureOptions, UnitsOfOthersAreRefused) {
    for (const char* condition : {"duration:1w", "duration:1us", "duration:1S", "filesize:1", "filesize:1TiB",
                                  "filesize:1M", "filesize:1mib", "packets:1k"})
        EXPECT_FALSE(capture_of({"-o", "x.pcap", "-a", condition})) << condition;
}

}  // namespace
}  // namespace packetsentry::ctl
