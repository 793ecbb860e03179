// One interface that is captured on: its libpcap handle, its counters, and whether it is still there.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "daemon/base/result.h"
#include "daemon/capture/filter/filter_program.h"
#include "daemon/capture/live/interface_state.h"
#include "daemon/capture/live/kernel_filter.h"
#include "daemon/capture/live/live_source.h"
#include "daemon/capture/live/pcap_handle.h"
#include "daemon/capture/packet_source.h"

namespace packetsentry::capture {

class LiveInterface {
  public:
    using Clock = std::chrono::steady_clock;
    // A block of the ring that is not full is handed over once the kernel has looked at it twice, which it
    // does every 4 to 20 ms, depending on the ring's size.
    static constexpr std::chrono::milliseconds kBlockLatency{60};

    // Interface number of the options, which is the index that its packets get. Errors: interface,
    // not_permitted. Until install() the kernel passes nothing. Several threads may open at a time.
    [[nodiscard]] static base::Result<LiveInterface> open(std::uint32_t number, const LiveOptions& options);

    // Each part by itself, as LiveSource::set_filter(). Error: filter.
    [[nodiscard]] base::Result<KernelFilter> compile(const std::string& required,
                                                     const CaptureFilter& wanted);
    // Throws away what the ring has from before the filter, and counts from here. At least kBlockLatency
    // after open(), because a block that is not full shows only then.
    void discard_early_packets();
    [[nodiscard]] base::Result<void> install(KernelFilter& filter);

    struct Dispatched {
        std::size_t packets = 0;
        bool stopped = false;  // by the sink
    };
    // At most limit (not 0) packets from the ring.
    [[nodiscard]] base::Result<Dispatched> dispatch(PacketSink& sink, std::size_t limit);
    // Looks after the interface, a few times a second however often it is called.
    void watch(Clock::time_point now);
    // The last thing it saw, once.
    [[nodiscard]] std::optional<SourceEvent> take_event() { return std::exchange(event_, std::nullopt); }
    // To what it is about, what the kernel counted since the last time.
    void count();

    [[nodiscard]] bool gone() const { return gone_; }
    [[nodiscard]] int wait_fd() const { return pcap_get_selectable_fd(handle_.get()); }
    [[nodiscard]] const SourceInterface& about() const { return about_; }

  private:
    LiveInterface(PcapHandle handle, SourceInterface about, std::uint32_t number);
    [[nodiscard]] base::Result<KernelFilter> for_kernel(base::Result<FilterProgram> program);
    void finish(Clock::time_point now);
    [[nodiscard]] SourceEvent event(SourceEvent::Kind kind, const std::string& what) const;
    void watch_name();
    // libpcap looks for the interface by its old name, does not find it, and says that it disappeared.
    [[nodiscard]] bool renamed();

    PcapHandle handle_;
    SourceInterface about_;
    std::uint32_t number_;
    std::uint32_t loopback_index_;
    InterfaceState state_ = InterfaceState::up;
    std::string present_name_;
    Clock::time_point next_look_{};
    Clock::time_point gone_at_{};
    bool gone_ = false;
    std::optional<SourceEvent> event_;
};

}  // namespace packetsentry::capture
