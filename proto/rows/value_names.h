// The names of numbers: for each field that has a text where the protocol has a number, which number is which
// text.
//
// A dissector takes the text of a row from here, and the filter language reads both "dns.qry.type == 28" and
// "dns.qry.type == AAAA", so that a number and its name are written down once. The tables of single protocols
// are in the header because dissectors make their own indexes of them while they are compiled.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace packetsentry::rows {

struct ValueName {
    std::uint32_t number;
    std::string_view name;
};

// The registries of IANA, "Domain Name System (DNS) Parameters".
inline constexpr ValueName kDnsTypeNames[] = {
    {1, "A"},           {2, "NS"},        {3, "MD"},        {4, "MF"},       {5, "CNAME"},
    {6, "SOA"},         {7, "MB"},        {8, "MG"},        {9, "MR"},       {10, "NULL"},
    {11, "WKS"},        {12, "PTR"},      {13, "HINFO"},    {14, "MINFO"},   {15, "MX"},
    {16, "TXT"},        {17, "RP"},       {18, "AFSDB"},    {19, "X25"},     {20, "ISDN"},
    {21, "RT"},         {22, "NSAP"},     {23, "NSAP-PTR"}, {24, "SIG"},     {25, "KEY"},
    {26, "PX"},         {27, "GPOS"},     {28, "AAAA"},     {29, "LOC"},     {30, "NXT"},
    {31, "EID"},        {32, "NIMLOC"},   {33, "SRV"},      {34, "ATMA"},    {35, "NAPTR"},
    {36, "KX"},         {37, "CERT"},     {38, "A6"},       {39, "DNAME"},   {40, "SINK"},
    {41, "OPT"},        {42, "APL"},      {43, "DS"},       {44, "SSHFP"},   {45, "IPSECKEY"},
    {46, "RRSIG"},      {47, "NSEC"},     {48, "DNSKEY"},   {49, "DHCID"},   {50, "NSEC3"},
    {51, "NSEC3PARAM"}, {52, "TLSA"},     {53, "SMIMEA"},   {55, "HIP"},     {56, "NINFO"},
    {57, "RKEY"},       {58, "TALINK"},   {59, "CDS"},      {60, "CDNSKEY"}, {61, "OPENPGPKEY"},
    {62, "CSYNC"},      {63, "ZONEMD"},   {64, "SVCB"},     {65, "HTTPS"},   {66, "DSYNC"},
    {67, "HHIT"},       {68, "BRID"},     {99, "SPF"},      {100, "UINFO"},  {101, "UID"},
    {102, "GID"},       {103, "UNSPEC"},  {104, "NID"},     {105, "L32"},    {106, "L64"},
    {107, "LP"},        {108, "EUI48"},   {109, "EUI64"},   {128, "NXNAME"}, {249, "TKEY"},
    {250, "TSIG"},      {251, "IXFR"},    {252, "AXFR"},    {253, "MAILB"},  {254, "MAILA"},
    {255, "ANY"},       {256, "URI"},     {257, "CAA"},     {258, "AVC"},    {259, "DOA"},
    {260, "AMTRELAY"},  {261, "RESINFO"}, {262, "WALLET"},  {263, "CLA"},    {264, "IPN"},
    {32768, "TA"},      {32769, "DLV"}};

inline constexpr ValueName kDnsClassNames[] = {{1, "IN"}, {3, "CH"}, {4, "HS"}, {254, "NONE"}, {255, "ANY"}};

inline constexpr ValueName kDnsOperationNames[] = {
    {0, "QUERY"},     {1, "IQUERY"},    {2, "STATUS"},    {3, "OPCODE3"},  {4, "NOTIFY"},    {5, "UPDATE"},
    {6, "DSO"},       {7, "OPCODE7"},   {8, "OPCODE8"},   {9, "OPCODE9"},  {10, "OPCODE10"}, {11, "OPCODE11"},
    {12, "OPCODE12"}, {13, "OPCODE13"}, {14, "OPCODE14"}, {15, "OPCODE15"}};

inline constexpr ValueName kDnsResponseNames[] = {
    {0, "NOERROR"},  {1, "FORMERR"},    {2, "SERVFAIL"}, {3, "NXDOMAIN"},  {4, "NOTIMP"},
    {5, "REFUSED"},  {6, "YXDOMAIN"},   {7, "YXRRSET"},  {8, "NXRRSET"},   {9, "NOTAUTH"},
    {10, "NOTZONE"}, {11, "DSOTYPENI"}, {16, "BADVERS"}, {17, "BADKEY"},   {18, "BADTIME"},
    {19, "BADMODE"}, {20, "BADNAME"},   {21, "BADALG"},  {22, "BADTRUNC"}, {23, "BADCOOKIE"}};

// RFC 2132 section 9.6, RFC 3203, RFC 4388.
inline constexpr ValueName kDhcpMessageNames[] = {
    {1, "Discover"},     {2, "Offer"},        {3, "Request"},           {4, "Decline"},
    {5, "ACK"},          {6, "NAK"},          {7, "Release"},           {8, "Inform"},
    {9, "Force Renew"},  {10, "Lease Query"}, {11, "Lease Unassigned"}, {12, "Lease Unknown"},
    {13, "Lease Active"}};

// RFC 8415 section 7.3.
inline constexpr ValueName kDhcpv6MessageNames[] = {{1, "Solicit"},
                                                    {2, "Advertise"},
                                                    {3, "Request"},
                                                    {4, "Confirm"},
                                                    {5, "Renew"},
                                                    {6, "Rebind"},
                                                    {7, "Reply"},
                                                    {8, "Release"},
                                                    {9, "Decline"},
                                                    {10, "Reconfigure"},
                                                    {11, "Information-Request"},
                                                    {12, "Relay-Forward"},
                                                    {13, "Relay-Reply"}};

// RFC 8446 section 4 and RFC 5246 section 7.4: the messages that are sent in the clear. Those of the IANA
// registry that never are stay out.
inline constexpr ValueName kTlsHandshakeNames[] = {
    {0, "Hello Request"},      {1, "Client Hello"},         {2, "Server Hello"},
    {4, "New Session Ticket"}, {6, "Hello Retry Request"},  // of drafts of TLS 1.3
    {11, "Certificate"},       {12, "Server Key Exchange"}, {13, "Certificate Request"},
    {14, "Server Hello Done"}, {15, "Certificate Verify"},  {16, "Client Key Exchange"},
    {22, "Certificate Status"}};

// RFC 8446 section 6 and the IANA registry "TLS Alerts".
inline constexpr ValueName kTlsAlertLevelNames[] = {{1, "warning"}, {2, "fatal"}};

inline constexpr ValueName kTlsAlertNames[] = {{0, "close_notify"},
                                               {10, "unexpected_message"},
                                               {20, "bad_record_mac"},
                                               {21, "decryption_failed"},
                                               {22, "record_overflow"},
                                               {30, "decompression_failure"},
                                               {40, "handshake_failure"},
                                               {41, "no_certificate"},
                                               {42, "bad_certificate"},
                                               {43, "unsupported_certificate"},
                                               {44, "certificate_revoked"},
                                               {45, "certificate_expired"},
                                               {46, "certificate_unknown"},
                                               {47, "illegal_parameter"},
                                               {48, "unknown_ca"},
                                               {49, "access_denied"},
                                               {50, "decode_error"},
                                               {51, "decrypt_error"},
                                               {52, "too_many_cids_requested"},
                                               {60, "export_restriction"},
                                               {70, "protocol_version"},
                                               {71, "insufficient_security"},
                                               {80, "internal_error"},
                                               {86, "inappropriate_fallback"},
                                               {90, "user_canceled"},
                                               {100, "no_renegotiation"},
                                               {109, "missing_extension"},
                                               {110, "unsupported_extension"},
                                               {111, "certificate_unobtainable"},
                                               {112, "unrecognized_name"},
                                               {113, "bad_certificate_status_response"},
                                               {114, "bad_certificate_hash_value"},
                                               {115, "unknown_psk_identity"},
                                               {116, "certificate_required"},
                                               {117, "general_error"},
                                               {120, "no_application_protocol"},
                                               {121, "ech_required"}};

// The word of a number; empty where the table has none.
[[nodiscard]] constexpr std::string_view name_in(std::span<const ValueName> names, std::uint32_t number) {
    for (const auto& [listed, name] : names)
        if (listed == number) return name;
    return {};
}

// How the texts of one field are numbers, or how its numbers are called.
struct NamedNumbers {
    // How a text stands for its number.
    enum class Reading : std::uint8_t {
        whole,  // the text is one name
        bits,   // the names of the bits that are set, with commas between them
    };

    std::string_view path;
    std::span<const ValueName> names;
    std::string_view unnamed =
        {};  // before the number of what has no name: "TYPE"; empty: nothing stands for it
    Reading reading = Reading::whole;
    bool complete = false;  // the field has no other texts than these
    bool only = false;      // other texts of the field are no values of the name that reads it so

    // Names are compared without regard to case. None: no number has this name.
    [[nodiscard]] std::optional<std::uint32_t> number_of(std::string_view text) const;
    // The first name of the number, or what stands for one without a name; empty: nothing does.
    [[nodiscard]] std::string name_of(std::uint32_t number) const;
};

// Null for a field whose values are no numbers by name. A Wireshark name may read a field in its own way
// ("tls.record.content_type"); any other name, and "", have the reading of the path.
[[nodiscard]] const NamedNumbers* named_numbers(std::string_view path, std::string_view wireshark = {});

}  // namespace packetsentry::rows
