// One interface that is captured on: its libpcap handle, its counters, and whether it is still there.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "daemon/base/result.h"
#include "daemon/capture/filter_program.h"
#include "daemon/capture/interface_state.h"
#include "daemon/capture/kernel_filter.h"
#include "daemon/capture/live_source.h"
#include "daemon/capture/packet_source.h"
#include "daemon/capture/pcap_handle.h"

namespace packetsentry::capture {

class LiveInterface {
  public:
    using Clock = std::chrono::steady_clock;
    static constexpr std::chrono::milliseconds kBlockLatency{60};

    // number: the index its packets get. Errors: interface, not_permitted. Until install()
    // the kernel passes nothing.
    [[nodiscard]] static base::Result<LiveInterface> open(const std::string& name, std::uint32_t number,
                                                          const LiveOptions& options);

    // Each part by itself, as LiveSource::set_filter(). Error: filter.
    [[nodiscard]] base::Result<KernelFilter> compile(const std::string& required,
                                                     const CaptureFilter& wanted);
    // Throws away what the ring has from before the filter, and counts from here. until: kBlockLatency
    // from now, because a block that is not full shows only after its timeout.
    void discard_early_packets(Clock::time_point until);
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
