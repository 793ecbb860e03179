#include "daemon/dissect/application/dns_service.h"

#include "daemon/dissect/application/encoded_bytes.h"
#include "daemon/dissect/number_word.h"

namespace packetsentry::dissect {
namespace {

// IANA registry "Service Parameter Keys (SvcParamKeys)".
enum Key : std::uint16_t {
    kMandatory = 0,
    kProtocols = 1,
    kNoDefaultProtocol = 2,
    kPort = 3,
    kIpv4Hint = 4,
    kEncryptedHello = 5,
    kIpv6Hint = 6,
    kDohPath = 7,
    kObliviousHttp = 8,
};
constexpr NumberWord kKeyWords[] = {
    {kMandatory, "mandatory"}, {kProtocols, "alpn"},    {kNoDefaultProtocol, "no-default-alpn"},
    {kPort, "port"},           {kIpv4Hint, "ipv4hint"}, {kEncryptedHello, "ech"},
    {kIpv6Hint, "ipv6hint"},   {kDohPath, "dohpath"},   {kObliviousHttp, "ohttp"}};

void put_key(std::uint16_t key, Dissection& out) {
    if (const auto word = word_of(kKeyWords, key); !word.empty()) return out.put(word);
    out.put("key");
    out.put_number(key);
}

// Calls put() for each of the values that the data consists of, with commas between.
template <typename Put>
bool put_each(Cursor& value, Dissection& out, Put put) {
    for (bool first = true; !value.empty(); first = false) {
        if (!first) out.put(',');
        put();
        if (value.failed()) return false;
    }
    return true;
}

bool put_addresses(std::size_t size, Cursor& value, Dissection& out) {
    return put_each(value, out, [&] { out.put_address(base::Address::from(value.take(size))); });
}

bool put_value(std::uint16_t key, Cursor& value, Dissection& out) {
    switch (key) {
        case kMandatory:
            return put_each(value, out, [&] { put_key(value.u16(), out); });
        case kProtocols:
            return put_each(value, out, [&] { out.put(value.sub(value.u8()).left_text()); });
        case kPort:
            out.put_number(value.u16());
            return !value.failed() && value.empty();
        case kIpv4Hint:
            return put_addresses(4, value, out);
        case kIpv6Hint:
            return put_addresses(16, value, out);
        case kEncryptedHello:
            put_base64(value.left(), out);
            return true;
        case kDohPath:
            out.put(value.left_text());
            return true;
        default:
            put_hex_bytes(value.left(), out);
            return true;
    }
}

}  // namespace

// key (2) | length (2) | value
bool put_dns_service_parameters(Cursor& data, Dissection& out) {
    for (bool first = true; !data.empty(); first = false) {
        const std::uint16_t key = data.u16();
        Cursor value = data.sub(data.u16());
        if (data.failed()) return false;
        if (!first) out.put(' ');
        put_key(key, out);
        if (value.empty()) continue;
        out.put('=');
        if (!put_value(key, value, out)) return false;
    }
    return true;
}

}  // namespace packetsentry::dissect
