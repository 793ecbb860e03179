// Conversations out of packets. The first byte says how many flows there is room for. Then come packets: a
// byte that says how much later they are, two bytes of their length, and an Ethernet frame.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string_view>

#include "daemon/dissect/dissect.h"
#include "daemon/flows/flow_table.h"

using namespace packetsentry;

namespace {

constexpr std::uint32_t kEthernet = 1;
constexpr std::size_t kHeader = 3, kRoomLimit = 16;
constexpr std::size_t kNameRoom = 2000;  // bytes, so that there is soon none left

void promise(bool kept) {
    if (!kept) std::abort();
}

struct Total {
    std::uint64_t packets = 0;
    std::uint64_t ip_bytes = 0;

    void add(const flows::Flow& flow) {
        for (const bool originator : {true, false}) {
            packets += flow.counts(originator).packets;
            ip_bytes += flow.counts(originator).ip_bytes;
        }
    }
    bool operator==(const Total& other) const = default;
};

void check(const flows::Flow& flow) {
    promise(flow.end_ns() >= flow.begin_ns());
    promise(flow.last_packet() >= flow.first_packet());
    promise(!to_string(flow.state()).empty());
    promise(flow.history().text().find_first_not_of("SHADFRTGWIQshadfrtgwiq^") == std::string_view::npos);
    promise(flow.counts(true).packets + flow.counts(false).packets != 0);
    const flows::FlowNames* const names = flow.names();
    promise(names == nullptr || (names->size() != 0 && names->size() <= flows::FlowNames::kLimit));
    for (std::size_t i = 0; names != nullptr && i < names->size(); ++i)
        promise(!names->text(i).empty() && names->text(i).size() <= flows::NamePool::kLongest);
    promise(flow.highest_rate().value_or(0) <= flow.counts(true).ip_bytes + flow.counts(false).ip_bytes);
    const flows::TcpConversation* const tcp = flow.tcp();
    if (tcp == nullptr) return;
    for (const bool originator : {true, false}) {
        const flows::TcpSide& side = tcp->side(originator);
        promise(std::uint64_t{side.retransmissions} + side.out_of_order <= flow.counts(originator).packets);
        promise(side.duplicate_acks <= flow.counts(originator).packets);
    }
    promise(tcp->responder_rtt_ns().value_or(0) >= 0 && tcp->originator_rtt_ns().value_or(0) >= 0);
}

class Ends : public flows::FlowSink {
  public:
    void flow(const flows::Flow& flow, flows::FlowReason reason) override {
        check(flow);
        if (reason != flows::FlowReason::lasts) total.add(flow);
    }
    Total total;
};

std::size_t byte_at(std::span<const std::byte> input, std::size_t at) {
    return std::to_integer<std::size_t>(input[at]);
}

// Seldom the clock is set back, and sometimes everything that waits ends.
std::int64_t later(std::size_t code) {
    constexpr std::int64_t kSecond = 1'000'000'000;
    if (code >= 0xF8) return -static_cast<std::int64_t>(code) * kSecond;
    return code >= 0xE0 ? static_cast<std::int64_t>(code) * 40 * kSecond
                        : static_cast<std::int64_t>(code) * 100'000;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static dissect::Dissection dissection;
    auto input = std::as_bytes(std::span(data, size));
    if (input.empty()) return 0;
    const std::size_t room = 1 + byte_at(input, 0) % kRoomLimit;
    input = input.subspan(1);
    Ends ends;
    flows::FlowTable table({.bytes = flows::FlowTable::bytes_of(room), .name_bytes = kNameRoom}, {}, 7, ends);
    const auto reader = std::make_unique<flows::FlowPacketReader>();
    Total offered;
    std::int64_t now = 0;
    for (std::uint64_t number = 1; input.size() >= kHeader; ++number) {
        now += later(byte_at(input, 0));
        const std::size_t length =
            std::min(byte_at(input, 1) << 8 | byte_at(input, 2), input.size() - kHeader);
        const auto frame = input.subspan(kHeader, length);
        input = input.subspan(kHeader + length);
        dissect::dissect(frame, frame.size(), kEthernet, dissection);
        const auto levels = reader->read_levels(dissection, now, number);
        promise(levels.size() <= flows::FlowPacketReader::kLevels);
        for (const flows::FlowPacket& packet : levels) {
            promise((packet.parent == nullptr) == (&packet == &levels.front()));
            ++offered.packets;
            offered.ip_bytes += packet.ip_bytes;
            check(*table.take(packet, now).flow);
            promise(table.flows() <= room);
        }
        table.learn_names(dissection);
    }
    table.finish();
    promise(table.flows() == 0 && ends.total == offered);
    return 0;
}
