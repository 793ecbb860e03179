#include "daemon/capture/live/kernel_filter.h"

#include <linux/if_packet.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <optional>
#include <span>
#include <string>

#include "daemon/base/syscall.h"

namespace packetsentry::capture {
namespace {

using base::ErrorCode;

constexpr std::uint32_t extension(int which) {
    return static_cast<std::uint32_t>(SKF_AD_OFF + which);
}
constexpr std::uint32_t kFirstExtension = extension(0);

struct HeaderField {
    std::uint32_t offset;
    std::uint32_t extension;
};

// https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html and LINKTYPE_LINUX_SLL2.html
struct CookedHeader {
    int dlt;
    std::uint32_t size;
    std::array<HeaderField, 4> fields;
};
constexpr std::array kCookedHeaders{
    CookedHeader{DLT_LINUX_SLL,
                 16,
                 {{{0, extension(SKF_AD_PKTTYPE)},
                   {2, extension(SKF_AD_HATYPE)},
                   {14, extension(SKF_AD_PROTOCOL)},
                   {14, extension(SKF_AD_PROTOCOL)}}}},
    CookedHeader{DLT_LINUX_SLL2,
                 20,
                 {{{0, extension(SKF_AD_PROTOCOL)},
                   {4, extension(SKF_AD_IFINDEX)},
                   {8, extension(SKF_AD_HATYPE)},
                   {10, extension(SKF_AD_PKTTYPE)}}}},
};

const CookedHeader* cooked_header(int dlt) {
    for (const CookedHeader& header : kCookedHeaders)
        if (header.dlt == dlt) return &header;
    return nullptr;
}

bool loads_from_packet(const bpf_insn& instruction) {
    const int type = BPF_CLASS(instruction.code);
    const int mode = BPF_MODE(instruction.code);
    return (type == BPF_LD || type == BPF_LDX) && (mode == BPF_ABS || mode == BPF_IND || mode == BPF_MSH);
}

// Where the kernel finds what stands at this offset; none: nowhere.
std::optional<std::uint32_t> kernel_offset(std::uint32_t offset, const CookedHeader& header) {
    if (offset >= kFirstExtension) return offset;
    if (offset >= header.size) return offset - header.size;
    for (const HeaderField& field : header.fields)
        if (field.offset == offset) return field.extension;
    return std::nullopt;
}

}  // namespace

KernelFilter reject_all() {
    return {{BPF_RET | BPF_K, 0, 0, 0}};
}

base::Result<KernelFilter> kernel_filter(const bpf_program& program, int dlt) {
    const CookedHeader* cooked = cooked_header(dlt);
    KernelFilter filter;
    for (const bpf_insn& instruction : std::span(program.bf_insns, program.bf_len)) {
        std::uint32_t k = instruction.k;
        if (cooked != nullptr && loads_from_packet(instruction)) {
            const auto offset = kernel_offset(k, *cooked);
            if (!offset)
                return base::fail(ErrorCode::filter,
                                  "the filter asks for byte " + std::to_string(k) +
                                      " of a cooked header, which the kernel does not have");
            k = *offset;
        }
        filter.push_back({instruction.code, instruction.jt, instruction.jf, k});
    }
    return filter;
}

base::Result<KernelFilter> both(KernelFilter first, const KernelFilter& second) {
    for (std::size_t i = 0; i < first.size(); ++i) {
        sock_filter& instruction = first[i];
        if (BPF_CLASS(instruction.code) != BPF_RET) continue;
        if (BPF_RVAL(instruction.code) != BPF_K)
            return base::fail(ErrorCode::filter, "the first filter computes how much of a packet it passes");
        if (instruction.k == 0) continue;
        // To where the second begins.
        instruction = {BPF_JMP | BPF_JA, 0, 0, static_cast<std::uint32_t>(first.size() - i - 1)};
    }
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

void leave_out_loopback_copies(KernelFilter& filter, std::uint32_t loopback_index) {
    const std::array<sock_filter, 5> prologue{{
        {BPF_LD | BPF_W | BPF_ABS, 0, 0, extension(SKF_AD_IFINDEX)},
        {BPF_JMP | BPF_JEQ | BPF_K, 0, 3, loopback_index},
        {BPF_LD | BPF_W | BPF_ABS, 0, 0, extension(SKF_AD_PKTTYPE)},
        {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, PACKET_OUTGOING},
        {BPF_RET | BPF_K, 0, 0, 0},
    }};
    filter.insert(filter.begin(), prologue.begin(), prologue.end());
}

base::Result<void> attach(int socket, KernelFilter& filter) {
    const std::string size = std::to_string(filter.size()) + " instructions";
    if (filter.size() > BPF_MAXINSNS)
        return base::fail(ErrorCode::filter, "the filter is too long for the kernel: " + size);
    const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
    if (::setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0) return {};
    // The kernel keeps filters in memory charged to the socket (net.core.optmem_max).
    if (errno == ENOMEM)
        return base::fail(ErrorCode::filter, "the filter is too long for the kernel: " + size);
    return base::fail(ErrorCode::filter, base::syscall_text("give the kernel the filter"));
}

base::Result<void> lock_filter(int socket) {
    const int on = 1;
    if (::setsockopt(socket, SOL_SOCKET, SO_LOCK_FILTER, &on, sizeof on) == 0) return {};
    return base::fail(ErrorCode::internal, base::syscall_text("lock the kernel's filter"));
}

}  // namespace packetsentry::capture
