#include "daemon/capture/live/live_source.h"

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>
#include <utility>

#include "daemon/capture/live/backlog.h"
#include "daemon/capture/live/live_interface.h"

namespace packetsentry::capture {
namespace {

constexpr std::chrono::milliseconds kWaitLimit{250};
constexpr std::size_t kLeastShare = 64;  // packets of one interface before the next one's turn
constexpr std::size_t kOpenedAtOnce = 16;

std::unexpected<base::Error> too_long(std::size_t length, std::uint32_t most) {
    return base::fail(
        base::ErrorCode::filter,
        "the filter is too long: the kernel would run up to " + std::to_string(length) +
            " instructions for each packet; the limit is " + std::to_string(most) +
            " (captures.filter_instructions); write fewer alternatives, or use ranges and networks");
}

class RingSource final : public LiveSource {
  public:
    explicit RingSource(std::vector<LiveInterface> opened);

    base::Result<std::vector<std::uint32_t>> set_filter(const std::string& required,
                                                        const CaptureFilter& wanted,
                                                        std::uint32_t most) override;
    base::Result<SourceState> read(PacketSink& sink, std::size_t limit) override;
    std::span<const SourceInterface> interfaces() const override { return about_; }
    const SourceCounters& counters() override;
    std::vector<int> wait_fds() const override;
    std::optional<std::chrono::milliseconds> wait_limit() const override { return kWaitLimit; }
    std::optional<SourceEvent> next_event() override;

  private:
    [[nodiscard]] base::Result<void> copy_what_is_there();
    [[nodiscard]] bool all_gone() const { return std::ranges::all_of(opened_, &LiveInterface::gone); }

    std::vector<LiveInterface> opened_;
    std::vector<SourceInterface> about_;
    SourceCounters counters_;
    Backlog backlog_;  // before all that lies in the rings
    std::size_t turn_ = 0;
};

RingSource::RingSource(std::vector<LiveInterface> opened) : opened_(std::move(opened)) {
    for (const LiveInterface& interface : opened_) about_.push_back(interface.about());
}

base::Result<std::vector<std::uint32_t>> RingSource::set_filter(const std::string& required,
                                                                const CaptureFilter& wanted,
                                                                std::uint32_t most) {
    std::vector<KernelFilter> filters;
    std::vector<std::uint32_t> lengths;
    for (LiveInterface& interface : opened_) {
        auto filter = interface.compile(required, wanted);
        if (!filter) return std::unexpected(std::move(filter.error()));
        if (most != 0 && filter->size() > most) return too_long(filter->size(), most);
        lengths.push_back(static_cast<std::uint32_t>(filter->size()));
        filters.push_back(std::move(*filter));
    }
    // One wait for all of them: what came before the filter is in sight then.
    std::this_thread::sleep_for(LiveInterface::kBlockLatency);
    for (std::size_t i = 0; i < opened_.size(); ++i) {
        opened_[i].discard_early_packets();
        if (auto installed = opened_[i].install(filters[i]); !installed)
            return std::unexpected(std::move(installed.error()));
    }
    return lengths;
}

base::Result<SourceState> RingSource::read(PacketSink& sink, std::size_t limit) {
    const auto given = backlog_.give(sink, limit);
    counters_.delivered += given.packets;
    std::size_t left = limit - given.packets;
    bool stopped = given.stopped;
    const std::size_t share = std::max(kLeastShare, limit / opened_.size());
    for (std::size_t i = 0; i < opened_.size() && left > 0 && !stopped; ++i) {
        LiveInterface& interface = opened_[turn_++ % opened_.size()];
        if (interface.gone()) continue;
        auto done = interface.dispatch(sink, std::min(share, left));
        if (!done) return std::unexpected(std::move(done.error()));
        counters_.delivered += done->packets;
        left -= std::min(done->packets, left);
        stopped = done->stopped;
    }
    if (left == 0 || stopped) {
        if (auto copied = copy_what_is_there(); !copied) return std::unexpected(std::move(copied.error()));
    }
    const auto now = LiveInterface::Clock::now();
    for (LiveInterface& interface : opened_) interface.watch(now);
    if (all_gone() && backlog_.empty()) return SourceState::end;
    return left < limit ? SourceState::ready : SourceState::idle;
}

// There was more than could be read in one turn.
base::Result<void> RingSource::copy_what_is_there() {
    for (LiveInterface& interface : opened_) {
        if (interface.gone()) continue;
        for (std::size_t copied = 1; copied != 0 && !backlog_.full();) {
            auto done = interface.dispatch(backlog_, Backlog::kPackets);
            if (!done) return std::unexpected(std::move(done.error()));
            copied = done->packets;
        }
    }
    return {};
}

const SourceCounters& RingSource::counters() {
    counters_.received = counters_.dropped_by_kernel = 0;
    for (std::size_t i = 0; i < opened_.size(); ++i) {
        opened_[i].count();
        about_[i] = opened_[i].about();
        counters_.received += about_[i].received;
        counters_.dropped_by_kernel += about_[i].dropped_by_kernel;
    }
    return counters_;
}

std::vector<int> RingSource::wait_fds() const {
    std::vector<int> descriptors;
    for (const LiveInterface& interface : opened_)
        if (!interface.gone()) descriptors.push_back(interface.wait_fd());
    return descriptors;
}

std::optional<SourceEvent> RingSource::next_event() {
    for (LiveInterface& interface : opened_)
        if (auto event = interface.take_event()) return event;
    return std::nullopt;
}

// To make a ring, the kernel has to find and to clear its memory, and to wait until every processor has
// noticed: this is done for several interfaces at a time. Whichever threads there are take the next one.
using Opened = std::vector<std::optional<base::Result<LiveInterface>>>;

Opened open_all(const LiveOptions& options) {
    Opened opened(options.interfaces.size());
    std::atomic<std::size_t> next{0};
    const auto open_next = [&] {
        for (std::size_t i = next++; i < opened.size(); i = next++)
            opened[i] = LiveInterface::open(static_cast<std::uint32_t>(i), options);
    };
    std::vector<std::jthread> threads;
    try {
        while (threads.size() + 1 < std::min(opened.size(), kOpenedAtOnce)) threads.emplace_back(open_next);
    } catch (const std::system_error&) {
        // With fewer threads, or none, it takes longer.
    }
    open_next();
    threads.clear();  // waits for them
    return opened;
}

}  // namespace

base::Result<std::unique_ptr<LiveSource>> LiveSource::open(const LiveOptions& options) {
    if (options.interfaces.empty())
        return base::fail(base::ErrorCode::interface, "no interface to capture on");
    std::vector<LiveInterface> opened;
    for (auto& interface : open_all(options)) {
        if (!*interface) return std::unexpected(std::move(interface->error()));
        opened.push_back(std::move(**interface));
    }
    return std::make_unique<RingSource>(std::move(opened));
}

}  // namespace packetsentry::capture
