// Prints the flows of capture files, one a line, with the fields of Zeek's conn.log that both have, the flow
// that carries each, and what is wrong with the packets of its ends: conn_log FILE…
#include <fcntl.h>
#include <netinet/in.h>
#include <unistd.h>

#include <cstdio>
#include <map>
#include <string>

#include "daemon/capture/file/file_source.h"
#include "daemon/dissect/dissect.h"
#include "daemon/flows/flow_table.h"
#include "tests/conformance/packet_faults.h"

namespace {

using namespace packetsentry;

std::string protocol_of(const flows::Flow& flow) {
    switch (flow.ip_protocol()) {
        case IPPROTO_TCP:
            return "tcp";
        case IPPROTO_UDP:
            return "udp";
        case IPPROTO_ICMP:
        case IPPROTO_ICMPV6:
            return "icmp";
        default:
            return "unknown_transport";
    }
}

using Faults = std::map<flows::CommunityHash, unsigned>;  // of all packets between the same ends

class Printer : public flows::FlowSink {
  public:
    explicit Printer(const Faults& faults) : faults_(faults) {}
    void flow(const flows::Flow& flow, flows::FlowReason reason) override {
        if (reason == flows::FlowReason::lasts) return;
        std::string services;
        for (const auto* service : flow.services())
            services += (services.empty() ? "" : ",") + std::string(service->name);
        const auto missing = flow.tcp() == nullptr ? 0
                                                   : flow.tcp()->originator().missing_bytes +
                                                         flow.tcp()->responder().missing_bytes;
        const std::int64_t duration = flow.end_ns() - flow.begin_ns();
        std::printf(
            "%lld.%06lld\t%s\t%u\t%s\t%u\t%s\t%s\t%.6f\t%llu\t%llu\t%s\t%llu\t%s\t%llu\t%llu\t%llu\t%llu\t%"
            "s\t%u\t%s\t%s\n",
            static_cast<long long>(flow.begin_ns() / 1'000'000'000),
            static_cast<long long>(flow.begin_ns() % 1'000'000'000 / 1000),
            to_string(flow.originator().address).c_str(), flow.originator().port,
            to_string(flow.responder().address).c_str(), flow.responder().port, protocol_of(flow).c_str(),
            services.empty() ? "-" : services.c_str(), static_cast<double>(duration) / 1e9,
            (unsigned long long)flow.data_bytes(true), (unsigned long long)flow.data_bytes(false),
            std::string(to_string(flow.state())).c_str(), (unsigned long long)missing,
            flow.history().text().empty() ? "-" : std::string(flow.history().text()).c_str(),
            (unsigned long long)flow.counts(true).packets, (unsigned long long)flow.counts(true).ip_bytes,
            (unsigned long long)flow.counts(false).packets, (unsigned long long)flow.counts(false).ip_bytes,
            flows::community_id(flow.community()).c_str(), flow.ip_protocol(),
            flow.parent() == nullptr ? "-" : flows::community_id(*flow.parent()).c_str(),
            conformance::to_string(faults_.at(flow.community())).c_str());
    }

  private:
    const Faults& faults_;
};

// Of the innermost level.
bool is_unread(const flows::FlowPacket& packet) {
    const auto protocol = packet.tuple.ip_protocol;
    return protocol == IPPROTO_GRE || (protocol == IPPROTO_UDP && packet.protocol == nullptr);
}

class Reader : public capture::PacketSink {
  public:
    bool packet(const capture::Packet& packet) override {
        dissect::Layout layout;
        dissect::dissect(packet.frame, packet.wire_bytes, packet.link_type, dissection_, &layout);
        std::size_t level = 0;
        const auto levels = reader_.read_levels(dissection_, packet.time_ns, ++number_);
        for (const flows::FlowPacket& taken : levels) {
            unsigned& faults = faults_[flows::community_hash(taken.tuple)];
            faults |= conformance::packet_faults(packet.frame, layout, level++);
            if (dissection_.malformed) faults |= conformance::kMalformed;
            if (&taken == &levels.back() && is_unread(taken)) faults |= conformance::kUnread;
            table_.take(taken, packet.time_ns);
        }
        return true;
    }
    void finish() { table_.finish(); }

  private:
    dissect::Dissection dissection_;
    flows::FlowPacketReader reader_;
    Faults faults_;
    Printer printer_{faults_};
    flows::FlowTable table_{{}, {}, 1, printer_};
    std::uint64_t number_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
    for (int i = 1; i < argc; ++i) {
        auto source =
            capture::FileSource::open(base::UniqueFd(::open(argv[i], O_RDONLY | O_CLOEXEC)), {}, argv[i]);
        if (!source) {
            std::fprintf(stderr, "%s: %s\n", argv[i], source.error().message.c_str());
            return 1;
        }
        auto reader = std::make_unique<Reader>();
        for (;;) {
            const auto state = (*source)->read(*reader, 1000);
            if (!state || *state == capture::SourceState::end) break;
        }
        reader->finish();
    }
}
