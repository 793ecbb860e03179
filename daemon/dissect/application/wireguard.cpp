// WireGuard (wireguard.com/papers/wireguard.pdf section 5.4): a type, three zero bytes, and what only its two
// ends can read.
#include "daemon/dissect/application/application_protocols.h"

namespace packetsentry::dissect {
namespace {

constexpr const FieldInfo& kWireguardMessage = field("packetsentry.wireguard.message");
constexpr std::array kWireguardDetail{&kWireguardMessage};
constexpr Protocol kWireguard{
    .word = "WireGuard", .name = "wireguard", .detail = kWireguardDetail, .layers = "wg"};

struct Message {
    std::uint8_t type;
    std::size_t size;  // of transport data the least; the others have exactly this
    std::string_view word;
};
constexpr std::uint8_t kTransportData = 4;
constexpr std::size_t kTransportUnit = 16;
constexpr std::array kMessages{
    Message{1, 148, "Handshake initiation"},
    Message{2, 92, "Handshake response"},
    Message{3, 64, "Cookie reply"},
    Message{kTransportData, 32, "Transport data"},
};

bool has_right_size(const Message& message, std::size_t size) {
    if (message.type != kTransportData) return size == message.size;
    return size >= message.size && size % kTransportUnit == 0;
}

const Message* find(Cursor payload) {
    const std::size_t size = payload.remaining_on_wire();
    const std::uint8_t type = payload.u8();
    if (payload.u24() != 0 || payload.failed()) return nullptr;
    for (const Message& row : kMessages)
        if (row.type == type && has_right_size(row, size)) return &row;
    return nullptr;
}

bool tell(const Message* message, Dissection& out) {
    if (message == nullptr) return false;
    out.protocol = &kWireguard;
    out.add(kWireguardMessage, message->word);
    return true;
}

}  // namespace

bool dissect_wireguard(Cursor payload, Dissection& out) {
    return tell(find(payload), out);
}

// At any port only what nobody else sends by chance.
bool dissect_wireguard_handshake(Cursor payload, Dissection& out) {
    const Message* const message = find(payload);
    return tell(message != nullptr && message->type != kTransportData ? message : nullptr, out);
}

}  // namespace packetsentry::dissect
