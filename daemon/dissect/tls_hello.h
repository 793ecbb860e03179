// The hellos of TLS (RFC 8446 section 4.1, RFC 5246 section 7.4.1, SSL 3: RFC 6101 section 5.6.1), and the
// fields and words that all dissectors of TLS and SSL share.
#pragma once

#include <cstdint>

#include "daemon/dissect/cursor.h"
#include "daemon/dissect/dissection.h"

namespace packetsentry::dissect {

inline constexpr FieldName kTlsMessage{"packetsentry.tls.message"};  // a hello, or the first of the packet
inline constexpr FieldName kTlsFurtherMessages{"packetsentry.tls.further_messages", FieldKind::text, true};
inline constexpr FieldName kTlsServerName{"tls.client.server_name"};
inline constexpr FieldName kTlsVersion{"tls.version"};                   // the server's choice
inline constexpr FieldName kTlsVersionProtocol{"tls.version_protocol"};  // "tls" or "ssl"
inline constexpr FieldName kTlsSupportedVersions{"packetsentry.tls.supported_versions", FieldKind::text,
                                                 true};
inline constexpr FieldName kTlsDraft{"packetsentry.tls.draft"};  // "draft-28", where the server chose that

inline constexpr const FieldName* kTlsDetail[] = {&kTlsMessage, &kTlsServerName, &kTlsSupportedVersions,
                                                  &kTlsVersion, &kTlsDraft,      &kTlsFurtherMessages};
inline constexpr Protocol kTls{"TLS", "tls", true, kTlsDetail};

// Numbers of versions. Those of TLS are above SSL 3; a draft of TLS 1.3 is 0x7F00 and its number.
enum TlsVersionNumber : std::uint16_t { kSsl2 = 0x0002, kSsl3 = 0x0300, kTls13 = 0x0304 };

// Adds one version as a value of kTlsVersion or kTlsSupportedVersions, if it has a word.
void add_tls_version(const FieldName& name, std::uint16_t version, Dissection& out);
// Adds kTlsVersionProtocol.
void add_tls_version_protocol(std::uint16_t version, Dissection& out);

// Read a hello, from its version on, and add what it tells. They return the highest version that the client
// offers or the server has chosen, 0 where the hello ends before it.
[[nodiscard]] std::uint16_t read_client_hello(Cursor hello, Dissection& out);
[[nodiscard]] std::uint16_t read_server_hello(Cursor hello, Dissection& out);

}  // namespace packetsentry::dissect
