#include "daemon/capture/live/live_interface.h"

#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <climits>
#include <span>
#include <utility>

#include "daemon/capture/link_type.h"

namespace packetsentry::capture {
namespace {

using base::ErrorCode;
using std::chrono::milliseconds;

// How long a packet on a quiet link waits for others in its block of the ring: up to twice the timeout, after
// which the block is handed over however little it holds. So a short one costs room where packets come
// steadily and are not read for a while, as in a handover: a ring of the usual size lasts for a second then,
// and a smaller one for half a second, as far as the longest timeout allows.
constexpr std::uint32_t kBlockBytes = 256U << 10;  // libpcap's, for frames of any size
constexpr int kRingLastsMs = 500;
constexpr int kShortestTimeoutMs = 4;
constexpr int kLongestTimeoutMs = 20;

int block_timeout_ms(std::uint32_t ring_bytes) {
    const std::uint32_t blocks = std::max(ring_bytes / kBlockBytes, 1U);
    return std::clamp(kRingLastsMs / static_cast<int>(blocks), kShortestTimeoutMs, kLongestTimeoutMs);
}

constexpr milliseconds kLookInterval{250};
constexpr std::string_view kAny = "any";

std::unexpected<base::Error> open_error(const std::string& name, int status, const char* detail) {
    if (status == PCAP_ERROR_NO_SUCH_DEVICE)
        return base::fail(ErrorCode::interface, "no interface '" + name + "'");
    if (status == PCAP_ERROR_PERM_DENIED || status == PCAP_ERROR_PROMISC_PERM_DENIED)
        return base::fail(ErrorCode::not_permitted,
                          "not permitted to capture on '" + name + "': needs CAP_NET_RAW");
    if (status == PCAP_ERROR_IFACE_NOT_UP)
        return base::fail(ErrorCode::interface,
                          "'" + name + "' is down; 'ip link set " + name + " up' brings it up");
    const std::string why = *detail != '\0' ? detail : pcap_statustostr(status);
    return base::fail(ErrorCode::interface, "cannot capture on '" + name + "': " + why);
}

void set_options(pcap_t* handle, const LiveOptions& options, bool any) {
    const std::uint32_t snapshot_length = options.snapshot_length == 0 ? 262144 : options.snapshot_length;
    pcap_set_snaplen(handle, static_cast<int>(std::min<std::uint32_t>(snapshot_length, INT_MAX)));
    pcap_set_promisc(handle, options.promiscuous && !any ? 1 : 0);
    pcap_set_timeout(handle, block_timeout_ms(options.ring_bytes));
    pcap_set_buffer_size(handle, static_cast<int>(std::min<std::uint32_t>(options.ring_bytes, INT_MAX)));
    // For this precision, libpcap has the kernel stamp a packet when it comes (SO_TIMESTAMPNS), and not each
    // socket when it gets it. A handover needs that (jobs/handover.h).
    pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO);
}

// The version that tells the interface of each packet, where libpcap has it.
void prefer_cooked_v2(pcap_t* handle) {
    int* offered = nullptr;
    const int count = pcap_list_datalinks(handle, &offered);
    if (count <= 0) return;
    if (std::count(offered, offered + count, DLT_LINUX_SLL2) != 0)
        (void)pcap_set_datalink(handle, DLT_LINUX_SLL2);
    pcap_free_datalinks(offered);
}

base::Result<PcapHandle> activated(const std::string& name, const LiveOptions& options) {
    std::array<char, PCAP_ERRBUF_SIZE> message{};
    PcapHandle handle(pcap_create(name.c_str(), message.data()));
    if (!handle)
        return base::fail(ErrorCode::interface, "cannot capture on '" + name + "': " + message.data());
    set_options(handle.get(), options, name == kAny);
    if (const int status = pcap_activate(handle.get()); status < 0)
        return open_error(name, status, pcap_geterr(handle.get()));
    if (pcap_setnonblock(handle.get(), 1, message.data()) < 0)
        return base::fail(ErrorCode::interface, "cannot capture on '" + name + "': " + message.data());
    if (name == kAny) prefer_cooked_v2(handle.get());
    return handle;
}

struct Delivery {
    PacketSink& sink;
    pcap_t* handle;
    Packet packet;
    std::size_t packets = 0;
    bool stopped = false;
};

void deliver(u_char* user, const pcap_pkthdr* head, const u_char* bytes) {
    constexpr std::int64_t kSecond = 1'000'000'000;
    auto& delivery = *reinterpret_cast<Delivery*>(user);
    // The handle's precision is nanoseconds, whatever the field is called.
    delivery.packet.time_ns = head->ts.tv_sec * kSecond + head->ts.tv_usec;
    delivery.packet.wire_bytes = head->len;
    delivery.packet.frame = std::as_bytes(std::span(bytes, head->caplen));
    ++delivery.packets;
    if (delivery.sink.packet(delivery.packet)) return;
    delivery.stopped = true;
    pcap_breakloop(delivery.handle);
}

void ignore(u_char*, const pcap_pkthdr*, const u_char*) {}

// The interface that the socket listens to; 0: all of them. libpcap has looked for the name by itself.
std::uint32_t bound_index(int socket) {
    sockaddr_ll address{};
    socklen_t size = sizeof address;
    if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
    return static_cast<std::uint32_t>(address.sll_ifindex);
}

}  // namespace

base::Result<LiveInterface> LiveInterface::open(std::uint32_t number, const LiveOptions& options) {
    const std::string& name = options.interfaces[number];
    const std::uint32_t expected = number < options.indices.size() ? options.indices[number] : 0;
    // libpcap would take other names too: of USB buses, of firewall logs.
    if (name != kAny && ::if_nametoindex(name.c_str()) == 0)
        return open_error(name, PCAP_ERROR_NO_SUCH_DEVICE, "");
    auto handle = activated(name, options);
    if (!handle) return std::unexpected(std::move(handle.error()));
    auto nothing = reject_all();
    if (auto attached = attach(pcap_fileno(handle->get()), nothing); !attached)
        return std::unexpected(std::move(attached.error()));
    const std::uint32_t system_index = bound_index(pcap_fileno(handle->get()));
    if (expected != 0 && system_index != expected)
        return base::fail(ErrorCode::interface, "'" + name +
                                                    "' is the name of another interface now than the one "
                                                    "that this capture began on");
    SourceInterface about{.name = name,
                          .link_type = link_type_of(pcap_datalink(handle->get())),
                          .snapshot_length = static_cast<std::uint32_t>(pcap_snapshot(handle->get())),
                          .system_index = system_index};
    return LiveInterface(std::move(*handle), std::move(about), number);
}

LiveInterface::LiveInterface(PcapHandle handle, SourceInterface about, std::uint32_t number)
    : handle_(std::move(handle)),
      about_(std::move(about)),
      number_(number),
      loopback_index_(::if_nametoindex("lo")),
      present_name_(about_.name) {}

base::Result<KernelFilter> LiveInterface::for_kernel(base::Result<FilterProgram> program) {
    if (!program) return std::unexpected(std::move(program.error()));
    return kernel_filter(*program->get(), pcap_datalink(handle_.get()));
}

base::Result<KernelFilter> LiveInterface::compile(const std::string& required, const CaptureFilter& wanted) {
    auto filter = for_kernel(FilterProgram::compile_for(handle_.get(), wanted.expression));
    if (filter && !wanted.options.passes_all()) {
        auto options = for_kernel(FilterProgram::of_options_for(handle_.get(), wanted));
        if (!options) return options;
        filter = both(std::move(*options), *filter);
    }
    if (filter && !required.empty()) {
        auto first = for_kernel(FilterProgram::compile_for(handle_.get(), required));
        if (!first)
            return base::fail(first.error().code,
                              "the policy's own filter cannot be used: " + first.error().message);
        filter = both(std::move(*first), *filter);
    }
    if (filter && (about_.system_index == 0 || about_.system_index == loopback_index_))
        leave_out_loopback_copies(*filter, loopback_index_);
    return filter;
}

void LiveInterface::discard_early_packets() {
    while (pcap_dispatch(handle_.get(), -1, ignore, nullptr) > 0) {
    }
    count();
    about_.received = about_.dropped_by_kernel = about_.delivered = 0;
}

base::Result<void> LiveInterface::install(KernelFilter& filter) {
    const int socket = pcap_fileno(handle_.get());
    if (auto attached = attach(socket, filter); !attached) return attached;
    return lock_filter(socket);
}

base::Result<LiveInterface::Dispatched> LiveInterface::dispatch(PacketSink& sink, std::size_t limit) {
    Delivery delivery{.sink = sink, .handle = handle_.get(), .packet = {}};
    delivery.packet.link_type = about_.link_type;
    delivery.packet.interface = number_;
    const int count = static_cast<int>(std::min<std::size_t>(limit, INT_MAX));
    const int status = pcap_dispatch(handle_.get(), count, deliver, reinterpret_cast<u_char*>(&delivery));
    about_.delivered += delivery.packets;
    // What is wrong with the interface the next look tells; anything else ends the capture.
    if (status < 0 && status != PCAP_ERROR_BREAK && !renamed()) {
        next_look_ = {};
        if (about_.system_index == 0 ||
            interface_state(pcap_fileno(handle_.get()), about_.system_index) == InterfaceState::up)
            return base::fail(ErrorCode::interface, "cannot capture on '" + about_.name +
                                                        "' any more: " + pcap_geterr(handle_.get()));
    }
    return Dispatched{delivery.packets, delivery.stopped};
}

void LiveInterface::watch(Clock::time_point now) {
    if (gone_ || about_.system_index == 0 || now < next_look_) return;
    next_look_ = now + kLookInterval;
    const InterfaceState before = state_;
    if (before != InterfaceState::gone)
        state_ = interface_state(pcap_fileno(handle_.get()), about_.system_index);
    if (state_ == InterfaceState::gone) {
        if (before != InterfaceState::gone) gone_at_ = now;
        finish(now);
    } else if (state_ != before) {
        event_ = state_ == InterfaceState::up ? event(SourceEvent::Kind::interface_up, "is up again")
                                              : event(SourceEvent::Kind::interface_down, "went down");
    } else {
        watch_name();
    }
}

bool LiveInterface::renamed() {
    if (about_.system_index == 0) return false;
    const InterfaceName name = interface_name(pcap_fileno(handle_.get()), about_.system_index);
    return name.front() != '\0' && about_.name != name.data();
}

// The socket is bound to the index, which stays.
void LiveInterface::watch_name() {
    const InterfaceName name = interface_name(pcap_fileno(handle_.get()), about_.system_index);
    if (name.front() == '\0' || present_name_ == name.data()) return;
    event_ = event(SourceEvent::Kind::interface_renamed,
                   "is called '" + std::string(name.data()) + "' now; it is captured on as before");
    present_name_ = name.data();
}

// An interface that is gone is told so once the ring has been read to its end.
void LiveInterface::finish(Clock::time_point now) {
    next_look_ = gone_at_ + kBlockLatency;
    gone_ = now >= next_look_;
    if (gone_) event_ = event(SourceEvent::Kind::interface_gone, "is gone");
}

SourceEvent LiveInterface::event(SourceEvent::Kind kind, const std::string& what) const {
    return {kind, about_.name, "interface '" + present_name_ + "' " + what};
}

void LiveInterface::count() {
    // Not through libpcap, which adds up in 32 bits and opens files for counters of the interface. Asking
    // sets the kernel's to zero; dropped packets are among its tp_packets.
    tpacket_stats_v3 since{};
    socklen_t size = sizeof since;
    if (::getsockopt(pcap_fileno(handle_.get()), SOL_PACKET, PACKET_STATISTICS, &since, &size) != 0) return;
    about_.received += since.tp_packets;
    about_.dropped_by_kernel += since.tp_drops;
}

}  // namespace packetsentry::capture
