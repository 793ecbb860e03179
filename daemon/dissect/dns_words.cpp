#include "daemon/dissect/dns_words.h"

#include <array>

#include "daemon/dissect/number_word.h"

namespace packetsentry::dissect {
namespace {

constexpr NumberWord kTypeWords[] = {
    {1, "A"},       {2, "NS"},      {5, "CNAME"},   {6, "SOA"},    {12, "PTR"},     {13, "HINFO"},
    {15, "MX"},     {16, "TXT"},    {17, "RP"},     {18, "AFSDB"}, {24, "SIG"},     {25, "KEY"},
    {28, "AAAA"},   {29, "LOC"},    {33, "SRV"},    {35, "NAPTR"}, {36, "KX"},      {37, "CERT"},
    {39, "DNAME"},  {41, "OPT"},    {42, "APL"},    {43, "DS"},    {44, "SSHFP"},   {45, "IPSECKEY"},
    {46, "RRSIG"},  {47, "NSEC"},   {48, "DNSKEY"}, {49, "DHCID"}, {50, "NSEC3"},   {51, "NSEC3PARAM"},
    {52, "TLSA"},   {53, "SMIMEA"}, {55, "HIP"},    {59, "CDS"},   {60, "CDNSKEY"}, {61, "OPENPGPKEY"},
    {62, "CSYNC"},  {63, "ZONEMD"}, {64, "SVCB"},   {65, "HTTPS"}, {99, "SPF"},     {108, "EUI48"},
    {109, "EUI64"}, {249, "TKEY"},  {250, "TSIG"},  {251, "IXFR"}, {252, "AXFR"},   {255, "ANY"},
    {256, "URI"},   {257, "CAA"}};

constexpr std::size_t kTypes = 258;

constexpr std::array<std::string_view, kTypes> kWordByType = [] {
    std::array<std::string_view, kTypes> words{};
    for (const auto& [type, word] : kTypeWords) words[type] = word;
    return words;
}();

constexpr std::array<std::string_view, 16> kResponseWords = {
    "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN",  "NOTIMP",  "REFUSED", "YXDOMAIN", "YXRRSET",
    "NXRRSET", "NOTAUTH", "NOTZONE",  "DSOTYPENI", "RCODE12", "RCODE13", "RCODE14",  "RCODE15"};

}  // namespace

std::string_view dns_type_word(std::uint16_t type, Dissection& out) {
    if (type < kTypes && !kWordByType[type].empty()) return kWordByType[type];
    const std::size_t begin = out.begin_text();
    out.put("TYPE");
    out.put_number(type);
    return out.text_since(begin);
}

std::string_view dns_response_word(std::uint8_t code) {
    return kResponseWords[code & 0x0F];
}

}  // namespace packetsentry::dissect
