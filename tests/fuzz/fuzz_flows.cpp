// Conversations out of packets. The first byte says how many flows there is room for. Then come packets
// (flow_packets.h), before some of which another table goes on with the flows.
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "daemon/flows/flow_table.h"
#include "tests/fuzz/flow_packets.h"

using namespace packetsentry;
using fuzz::promise;

namespace {

constexpr std::size_t kRoomLimit = 16;
constexpr std::size_t kPassOn = 0xDF;  // the code of a packet before which the flows are passed on

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

// One table after another.
class Tables {
  public:
    Tables(std::size_t room, flows::FlowSink& sink) : room_(room), sink_(sink) { begin(); }

    flows::FlowTable& table() { return *table_; }
    void pass_on(std::int64_t now_ns) {
        constexpr std::array<std::uint32_t, 1> kInterface{0};
        const std::size_t flows = table_->flows();
        std::string passed;
        while (!table_->give_away(passed, passed.size() + 1, 0)) promise(passed.size() < (1U << 20));
        begin();
        promise(table_->adopt(passed, kInterface, 0, now_ns) && table_->flows() == flows);
        table_->settle();
    }

  private:
    static constexpr std::size_t kNameRoom = 2000;  // bytes, so that there is soon none left

    void begin() {
        table_.emplace(
            flows::FlowTable::Limits{.bytes = flows::FlowTable::bytes_of(room_), .name_bytes = kNameRoom},
            flows::FlowTimes(), 7, sink_);
    }

    std::size_t room_;
    flows::FlowSink& sink_;
    std::optional<flows::FlowTable> table_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = std::as_bytes(std::span(data, size));
    if (input.empty()) return 0;
    const std::size_t room = 1 + fuzz::byte_at(input, 0) % kRoomLimit;
    Ends ends;
    Tables tables(room, ends);
    const auto packets = std::make_unique<fuzz::FlowPackets>(input.subspan(1));
    Total offered;
    while (packets->next()) {
        if (packets->code() == kPassOn) tables.pass_on(packets->now_ns());
        tables.table().expect(packets->next_key());
        tables.table().fetch_expected();
        const auto levels = packets->levels();
        for (const flows::FlowPacket& packet : levels) {
            promise((packet.parent == nullptr) == (&packet == &levels.front()));
            ++offered.packets;
            offered.ip_bytes += packet.ip_bytes;
            check(*tables.table().take(packet, packets->now_ns()).flow);
            promise(tables.table().flows() <= room);
        }
        tables.table().learn_names(packets->dissection());
    }
    tables.table().finish();
    promise(tables.table().flows() == 0 && ends.total == offered);
    return 0;
}
