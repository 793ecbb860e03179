// A packet's time as the user wants to read it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ctl/render/repeated_hour.h"

namespace packetsentry::ctl::render {

enum class TimeFormat : std::uint8_t {
    fixed,      // 2025-05-15 10:30:01, local: lines, log and results
    rfc3339,    // 2025-05-15T10:30:01.123456789Z: JSON
    wireshark,  // May 15, 2025 10:30:01.123456789 CEST, local: frame.time
    a,
    ad,
    adoy,  // local: time; with date; with day of the year
    u,
    ud,
    udoy,  // the same in UTC
    d,
    dd,  // seconds since the packet before (shown)
    e,   // seconds since 1970
    r,   // seconds since the first packet
};

struct TimeFormatName {
    std::string_view name;
    TimeFormat format;
    std::string_view meaning;
};

// The names tshark's -t knows; nothing for others.
[[nodiscard]] std::span<const TimeFormatName> time_formats();
[[nodiscard]] std::optional<TimeFormat> time_format(std::string_view name);
[[nodiscard]] std::string time_format_names();  // "a, ad, …"

// Packets in the order they are shown. A second of packet time is broken down once, so a row costs a
// copy and at most nine digits. A local time that the clocks show twice, when they are put back, has its
// distance from UTC behind it: "2025-10-26 02:30:00+0200".
class PacketTime {
  public:
    explicit PacketTime(TimeFormat format) : format_(format) {}

    // time_ns: since 1970-01-01 UTC. Valid until the next call.
    [[nodiscard]] std::string_view text(std::int64_t time_ns);
    // Where the source gave no time: a shape like the others, a value like none.
    [[nodiscard]] std::string_view missing() const;

  private:
    [[nodiscard]] std::string_view calendar(std::int64_t time_ns);
    [[nodiscard]] std::string_view seconds(std::int64_t difference_ns);
    void break_down(std::int64_t second);
    [[nodiscard]] char* put_offset(char* out) const;

    TimeFormat format_;
    std::optional<std::int64_t> second_;     // what text_ holds
    std::optional<std::int64_t> first_ns_;   // r
    std::optional<std::int64_t> before_ns_;  // d
    std::size_t size_ = 0;                   // of the broken-down part
    std::size_t offset_size_ = 0;            // 0: the second needs none
    std::array<char, 32> offset_{};          // "+0200", " CEST"
    std::array<char, 96> text_{};
    RepeatedHour repeated_hour_;
};

// A moment in the fixed format.
[[nodiscard]] std::string fixed_time(std::int64_t time_ns);
// The moment in that format; "" for 0, which means that there is none.
[[nodiscard]] std::string moment_text(std::int64_t time_ns);

}  // namespace packetsentry::ctl::render
