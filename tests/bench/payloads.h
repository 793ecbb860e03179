// Application payloads as real programs send them, for make_capture.
#pragma once

#include <cstdint>
#include <string>

namespace packetsentry::bench {

// Numbers in network byte order, appended.
void put8(std::string& out, unsigned value);
void put16(std::string& out, unsigned value);
void put32(std::string& out, std::uint32_t value);

[[nodiscard]] std::string host_name(std::uint32_t number);

[[nodiscard]] std::string dns_query(std::uint32_t id, const std::string& name);
// The query's answer: one A record.
[[nodiscard]] std::string dns_answer(std::uint32_t id, const std::string& name);
[[nodiscard]] std::string http_request(const std::string& host, std::uint32_t number);
[[nodiscard]] std::string http_answer();
// TLS 1.3 client hello with a server name and padding to about 517 bytes, as browsers send it.
[[nodiscard]] std::string tls_client_hello(const std::string& server);

}  // namespace packetsentry::bench
