#include "daemon/dissect/application/dns_words.h"

#include <array>

#include "daemon/dissect/number_word.h"

namespace packetsentry::dissect {
namespace {

constexpr NumberWord kTypeWords[] = {
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
    {260, "AMTRELAY"},  {261, "RESINFO"}, {262, "WALLET"},  {263, "CLA"},    {264, "IPN"}};

// Beyond the table that is looked up by number.
constexpr NumberWord kHighTypeWords[] = {{32768, "TA"}, {32769, "DLV"}};

constexpr std::size_t kTypes = 265;

constexpr std::array<std::string_view, kTypes> kWordByType = [] {
    std::array<std::string_view, kTypes> words{};
    for (const auto& [type, word] : kTypeWords) words[type] = word;
    return words;
}();

constexpr NumberWord kClassWords[] = {{1, "IN"}, {3, "CH"}, {4, "HS"}, {254, "NONE"}, {255, "ANY"}};

constexpr std::array<std::string_view, 16> kOperationWords = {
    "QUERY",   "IQUERY",  "STATUS",   "OPCODE3",  "NOTIFY",   "UPDATE",   "DSO",      "OPCODE7",
    "OPCODE8", "OPCODE9", "OPCODE10", "OPCODE11", "OPCODE12", "OPCODE13", "OPCODE14", "OPCODE15"};

constexpr NumberWord kResponseWords[] = {
    {0, "NOERROR"},  {1, "FORMERR"},    {2, "SERVFAIL"}, {3, "NXDOMAIN"},  {4, "NOTIMP"},
    {5, "REFUSED"},  {6, "YXDOMAIN"},   {7, "YXRRSET"},  {8, "NXRRSET"},   {9, "NOTAUTH"},
    {10, "NOTZONE"}, {11, "DSOTYPENI"}, {16, "BADVERS"}, {17, "BADKEY"},   {18, "BADTIME"},
    {19, "BADMODE"}, {20, "BADNAME"},   {21, "BADALG"},  {22, "BADTRUNC"}, {23, "BADCOOKIE"}};

std::string_view numbered(std::string_view word, std::uint16_t number, Dissection& out) {
    const std::size_t begin = out.begin_text();
    out.put(word);
    out.put_number(number);
    return out.text_since(begin);
}

}  // namespace

std::string_view dns_type_word(std::uint16_t type, Dissection& out) {
    if (type < kTypes && !kWordByType[type].empty()) return kWordByType[type];
    const auto word = word_of(kHighTypeWords, type);
    return word.empty() ? numbered("TYPE", type, out) : word;
}

std::string_view dns_class_word(std::uint16_t record_class, Dissection& out) {
    const auto word = word_of(kClassWords, record_class);
    return word.empty() ? numbered("CLASS", record_class, out) : word;
}

std::string_view dns_operation_word(std::uint8_t code) {
    return kOperationWords[code & 0x0F];
}

std::string_view dns_response_word(std::uint16_t code, Dissection& out) {
    const auto word = word_of(kResponseWords, code);
    return word.empty() ? numbered("RCODE", code, out) : word;
}

}  // namespace packetsentry::dissect
