// The hellos of TLS (RFC 8446 section 4.1, RFC 5246 section 7.4.1, SSL 3: RFC 6101 section 5.6.1), and the
// fields and words that all dissectors of TLS and SSL share.
#pragma once

#include <cstdint>

#include "daemon/dissect/application/ja4.h"
#include "daemon/dissect/cursor.h"
#include "daemon/dissect/dissection.h"

namespace packetsentry::dissect {

inline constexpr const FieldInfo& kTlsMessage = field("packetsentry.tls.message");
inline constexpr const FieldInfo& kTlsFurtherMessages = field("packetsentry.tls.further_messages");
inline constexpr const FieldInfo& kTlsServerName = field("tls.client.server_name");
inline constexpr const FieldInfo& kTlsVersion = field("tls.version");
inline constexpr const FieldInfo& kTlsVersionProtocol = field("tls.version_protocol");
inline constexpr const FieldInfo& kTlsSupportedVersions = field("packetsentry.tls.supported_versions");
inline constexpr const FieldInfo& kTlsDraft = field("packetsentry.tls.draft");
inline constexpr const FieldInfo& kTlsResumption = field("packetsentry.tls.resumption");
inline constexpr const FieldInfo& kTlsRetryRequest = field("packetsentry.tls.hello_retry_request");

inline constexpr const FieldInfo* kTlsDetail[] = {&kTlsMessage, &kTlsServerName, &kTlsSupportedVersions,
                                                  &kTlsVersion, &kTlsDraft,      &kTlsFurtherMessages};
inline constexpr Protocol kTls{"TLS", "tls", true, kTlsDetail};

// Numbers of versions. Those of TLS are above SSL 3; a draft of TLS 1.3 is 0x7F00 and its number.
enum TlsVersionNumber : std::uint16_t { kSsl2 = 0x0002, kSsl3 = 0x0300, kTls13 = 0x0304 };

// Adds one version as a value of kTlsVersion or kTlsSupportedVersions, if it has a word.
void add_tls_version(const FieldInfo& name, std::uint16_t version, Dissection& out);
// Adds kTlsVersionProtocol.
void add_tls_version_protocol(std::uint16_t version, Dissection& out);

// Read a hello, from its version on, and add what it tells. They return the highest version that the client
// offers or the server has chosen, 0 where the hello ends before it. carrier: of the client's hello, for its
// fingerprint, which only a hello has that is there as a whole.
[[nodiscard]] std::uint16_t read_client_hello(Cursor hello, Ja4::Carrier carrier, Dissection& out);
[[nodiscard]] std::uint16_t read_server_hello(Cursor hello, Dissection& out);

// Tells whether the hello of a server asks for another one of the client (RFC 8446 section 4.1.4).
[[nodiscard]] bool is_hello_retry_request(Cursor hello);

}  // namespace packetsentry::dissect
