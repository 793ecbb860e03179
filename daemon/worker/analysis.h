// What is decided about each packet: whether it is asked for, whether it is this worker's, whether it is
// above the rate; then it is dissected, and what may not be recorded is taken out of it. Nothing is kept of a
// packet here.
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
#include "daemon/dissect/dissection.h"
#include "daemon/redact/redactor.h"
#include "daemon/worker/capture_mode.h"
#include "daemon/worker/token_bucket.h"

namespace packetsentry::worker {

class Analysis {
  public:
    using Clock = std::chrono::steady_clock;

    enum class Verdict : std::uint8_t {
        recorded,  // is to be dissected and recorded
        filtered,  // nobody asks for it, or it is another worker's
        shed,      // is above the rate
    };

    // interfaces: how many the source has at first. redactor may be null: all of each packet is recorded.
    Analysis(CaptureMode mode, std::size_t interfaces, std::unique_ptr<redact::Redactor> redactor);

    // Packets that these do not ask for are filtered, like those that the source filters out. The source need
    // not have decided on all of them (daemon/capture/filter/packet_filter_program.h).
    void take_only(base::PacketFilter options) { options_ = std::move(options); }
    // Packets above it are shed before anything is made of them, apart from asking take_only()'s options.
    void limit_rate(std::uint64_t packets_per_second) { rate_.emplace(packets_per_second, Clock::now()); }
    // Packets outside [from, until) are another worker's.
    void take_from(std::int64_t from_ns) { from_ns_ = from_ns; }
    void take_until(std::int64_t until_ns) { until_ns_ = until_ns; }
    // What comes from now on came after the handover, whatever its time: the clock may be set back.
    void take_all() { from_ns_ = kNever; }

    // To be asked of each packet, in their order. Counts those that are not recorded.
    [[nodiscard]] Verdict judge(const capture::Packet& packet);
    // Dissects the packet that was judged last, and returns what of it may be recorded. dissection() tells of
    // it until the next packet is judged.
    [[nodiscard]] capture::Packet dissect(const capture::Packet& packet);
    [[nodiscard]] const dissect::Dissection& dissection() const { return dissection_; }

    // Every interface has delivered a packet as late as this.
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
    dissect::Dissection dissection_;
    std::int64_t from_ns_ = kNever;
    std::optional<std::int64_t> until_ns_;
    std::vector<std::int64_t> last_ns_;  // an interface each: when its last packet came
    bool time_back_ = false;             // of the packet that was judged last
    std::uint64_t filtered_ = 0;
    std::uint64_t shed_ = 0;
};

}  // namespace packetsentry::worker
