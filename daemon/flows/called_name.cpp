#include "daemon/flows/called_name.h"

#include <algorithm>

namespace packetsentry::flows {
namespace {

constexpr const dissect::FieldInfo& kServerName = dissect::field("tls.client.server_name");
constexpr const dissect::FieldInfo& kHost = dissect::field("url.domain");

std::string_view text_of(const dissect::Dissection& dissection, const dissect::FieldInfo& info) {
    for (const dissect::Field& field : dissection.fields())
        if (field.info == &info) return field.text;
    return {};
}

// A host in a request may be an address, which is no name: "192.0.2.1", "[2001:db8::1]". Most names end with
// a letter and have no colon, so that they need not be read as an address.
bool is_address(std::string_view text) {
    const bool digit = !text.empty() && text.back() >= '0' && text.back() <= '9';
    if (!digit && text.find(':') == text.npos) return false;
    if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
    return base::parse_ip(text).has_value();
}

}  // namespace

char small_letter(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

CalledName called_name(const dissect::Dissection& dissection) {
    const std::string_view protocol = dissection.protocol->name;
    if (protocol == "tls" || protocol == "quic")
        return {.source = NameSource::tls, .text = text_of(dissection, kServerName)};
    if (protocol == "http") return {.source = NameSource::http, .text = text_of(dissection, kHost)};
    return {};
}

std::string_view plain_name(std::string_view name, NameRoom& room) {
    while (name.ends_with('.')) name.remove_suffix(1);
    if (name.size() > room.size() || is_address(name)) return {};
    std::ranges::transform(name, room.begin(), small_letter);
    return {room.data(), name.size()};
}

bool is_same_name(std::string_view one, std::string_view other) {
    return std::ranges::equal(one, other, {}, small_letter, small_letter);
}

}  // namespace packetsentry::flows
