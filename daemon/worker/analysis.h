// Decides for each packet whether the client's filter passes it, whether it belongs to this worker, and
// whether it is within the rate limit. Then dissects it, and removes what may not be recorded. Keeps nothing
// of a packet.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "daemon/base/packet_filter.h"
#include "daemon/capture/packet.h"
#include "daemon/dissect/application/quic_connections.h"
#include "daemon/dissect/dissection.h"
#include "daemon/redact/redactor.h"
#include "daemon/worker/capture_mode.h"
#include "daemon/worker/display_filter.h"
#include "daemon/worker/token_bucket.h"

namespace packetsentry::worker {

class Analysis {
  public:
    using Clock = std::chrono::steady_clock;

    enum class Verdict : std::uint8_t {
        recorded,  // must be dissected and recorded
        filtered,  // does not pass the filter, or belongs to another worker
        shed,      // exceeds the rate limit
    };

    // interfaces: how many interfaces the source has at first. redactor: null if packets are recorded whole.
    Analysis(CaptureMode mode, std::size_t interfaces, std::unique_ptr<redact::Redactor> redactor);
    Analysis(const Analysis&) = delete;  // its dissection refers to what is known of QUIC
    Analysis& operator=(const Analysis&) = delete;

    // Filters out packets that these options do not pass. The source has applied them too, but could not
    // always decide (daemon/capture/filter/packet_filter_program.h).
    void take_only(base::PacketFilter options) { options_ = std::move(options); }
    // Filters out all packets of a file but the one at this place, from 1.
    void take_only_packet(std::uint64_t place) { only_place_ = place; }
    // Tells whether no packet behind this place of the file is taken.
    [[nodiscard]] bool is_beyond_all(std::uint64_t place) const {
        return only_place_ != 0 && place >= only_place_;
    }
    // Sheds packets above this rate. Only packets that pass take_only()'s options count, and a packet that is
    // shed is not recorded or saved.
    void limit_rate(std::uint64_t packets_per_second) { rate_.emplace(packets_per_second, Clock::now()); }
    // Packets before from_ns, and packets from until_ns on, belong to another worker (jobs/handover.h).
    void take_from(std::int64_t from_ns) { from_ns_ = from_ns; }
    void take_until(std::int64_t until_ns) { until_ns_ = until_ns; }
    // Call this before packets are read, with the time that the wall clock has. If that is before from_ns,
    // the clock was set back after the handover. Then all packets are taken from now on, whatever their time.
    void look(std::int64_t wall_ns) {
        if (wall_ns < from_ns_) from_ns_ = kNever;
    }

    // Call this for each packet, in their order. Counts those that are not recorded.
    [[nodiscard]] Verdict judge(const capture::Packet& packet);
    // Dissects the packet that was judged last, and returns it without what may not be recorded. dissection()
    // is valid until the next packet is judged.
    [[nodiscard]] capture::Packet dissect(const capture::Packet& packet);
    [[nodiscard]] const dissect::Dissection& dissection() const { return dissection_; }
    // What is known of QUIC from one packet to the next. Null: redacted packets tell nothing of others.
    [[nodiscard]] dissect::QuicConnections* quic() { return dissection_.quic; }
    // Says what the packet that was dissected last is to its TCP connection.
    void note_tcp(std::uint8_t notes) { dissection_.headers.tcp_notes = notes; }
    // The length on the wire that the dissector was told for the packet that dissect() returned last.
    [[nodiscard]] std::size_t dissected_bytes() const { return dissected_bytes_; }
    // Dissects a packet again that dissect() has returned earlier. dissection() is that of this packet then.
    void dissect_again(const DisplayFilter::Waiting& waiting);

    // Tells whether this interface, or every one of them, has delivered a packet of this time or a later one.
    [[nodiscard]] bool reached(std::size_t interface, std::int64_t time_ns) const {
        return last_ns_[interface] >= time_ns;
    }
    [[nodiscard]] bool all_reached(std::int64_t time_ns) const;

    [[nodiscard]] std::uint64_t filtered() const { return filtered_; }
    [[nodiscard]] std::uint64_t shed() const { return shed_; }

  private:
    static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::min();

    [[nodiscard]] bool is_asked_for(const capture::Packet& packet);
    [[nodiscard]] bool source_knew_more(const capture::Packet& packet) const;
    [[nodiscard]] bool goes_back(const capture::Packet& packet);
    [[nodiscard]] bool is_other_workers(const capture::Packet& packet) const;

    CaptureMode mode_;
    base::PacketFilter options_;
    std::optional<TokenBucket> rate_;
    std::unique_ptr<redact::Redactor> redactor_;
    dissect::QuicConnections quic_;
    dissect::Dissection dissection_;
    std::size_t dissected_bytes_ = 0;
    std::uint64_t only_place_ = 0;  // 0: all
    std::int64_t from_ns_ = kNever;
    std::optional<std::int64_t> until_ns_;
    std::vector<std::int64_t> last_ns_;  // for each interface, the time of its last packet
    bool time_back_ = false;  // the packet that was judged last has an earlier time than the one before
    std::uint64_t filtered_ = 0;
    std::uint64_t shed_ = 0;
};

}  // namespace packetsentry::worker
