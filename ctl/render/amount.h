// Amounts for people.
#pragma once

#include <cstdint>
#include <string>

namespace packetsentry::ctl::render {

[[nodiscard]] std::string bytes_text(std::uint64_t bytes);                 // "512 B", "1.5 MiB"
[[nodiscard]] std::string duration_text(std::int64_t duration_ns);         // "0 d 01:02:03"
[[nodiscard]] std::string short_duration_text(std::uint64_t duration_ns);  // "5.213 s", "0.042 ms"

}  // namespace packetsentry::ctl::render
