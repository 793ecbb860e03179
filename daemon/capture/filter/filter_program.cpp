#include "daemon/capture/filter/filter_program.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <new>
#include <optional>
#include <span>
#include <utility>

#include "daemon/capture/filter/filter_diagnosis.h"
#include "daemon/capture/filter/filter_name.h"
#include "daemon/capture/filter/packet_filter_program.h"
#include "daemon/capture/link_type.h"
#include "daemon/capture/live/pcap_handle.h"

namespace packetsentry::capture {
namespace {

// libpcap's optimizer takes seconds for some hundred hosts, and the square of that for more.
constexpr std::size_t kExpressionLimit = 5120;

// Loads from here on are Linux's extensions: the interface, the direction, a tag that the card took off.
constexpr std::uint32_t kLinuxExtensions = 0xffe00000;

// Live interfaces have these link types: Ethernet, raw IP, cooked, cooked v2, 802.11, 802.11 with radiotap,
// PPP, 802.15.4.
constexpr std::array<std::uint32_t, 8> kLiveLinkTypes = {1, 101, 113, 276, 105, 127, 9, 195};
constexpr int kCheckedSnapshot = 262144;

// libpcap's message, "" where it compiles.
std::string compile_with(pcap_t* handle, const std::string& expression, int optimize, bpf_program& out) {
    if (pcap_compile(handle, &out, expression.c_str(), optimize, PCAP_NETMASK_UNKNOWN) == 0) return {};
    return pcap_geterr(handle);
}

std::string complaint(pcap_t* handle, const std::string& expression, int optimize) {
    bpf_program program{};
    std::string message = compile_with(handle, expression, optimize, program);
    pcap_freecode(&program);
    return message;
}

bool needs_live_interface(const bpf_program& program) {
    const std::span instructions(program.bf_insns, program.bf_len);
    return std::ranges::any_of(instructions, [](const bpf_insn& instruction) {
        return BPF_CLASS(instruction.code) == BPF_LD && BPF_MODE(instruction.code) == BPF_ABS &&
               instruction.k >= kLinuxExtensions;
    });
}

base::Result<void> refuse_unfit(const std::string& expression) {
    if (expression.contains('\0'))
        return base::fail(base::ErrorCode::filter, "bad filter: it contains a zero byte");
    if (expression.size() > kExpressionLimit)
        return base::fail(base::ErrorCode::filter, "bad filter: it has " + std::to_string(expression.size()) +
                                                       " bytes; at most " + std::to_string(kExpressionLimit) +
                                                       " are allowed");
    return {};
}

base::Result<std::string> with_numbers(pcap_t* handle, const std::string& expression) {
    auto resolved =
        resolve_names(expression, [&](const std::string& text) { return complaint(handle, text, 0); });
    if (resolved) return std::move(*resolved);
    const UnknownName& name = resolved.error();
    return base::fail(base::ErrorCode::filter,
                      "bad filter '" + expression + "': names are not looked up; write " +
                          std::string(name.instead) + " in place of '" + std::string(name.token.text) +
                          "' (character " + std::to_string(name.token.begin + 1) + ")");
}

}  // namespace

base::Result<FilterProgram> FilterProgram::compile_for(pcap_t* handle, const std::string& expression) {
    if (auto fit = refuse_unfit(expression); !fit) return std::unexpected(fit.error());
    const auto numeric = with_numbers(handle, expression);
    if (!numeric) return std::unexpected(numeric.error());
    FilterProgram filter;
    const std::string message = compile_with(handle, *numeric, 1, filter.program_);
    if (message.empty()) return filter;
    // The optimizer alone finds that nothing can pass.
    const int optimize = message.contains("rejects all packets") ? 1 : 0;
    return base::fail(base::ErrorCode::filter,
                      filter_diagnosis(*numeric, message, [&](const std::string& text) {
                          return complaint(handle, text, optimize);
                      }));
}

base::Result<FilterProgram> FilterProgram::compile(const std::string& expression, std::uint32_t link_type,
                                                   std::uint32_t snapshot_length) {
    const PcapHandle handle(pcap_open_dead(dlt_of(link_type), static_cast<int>(snapshot_length)));
    auto filter = compile_for(handle.get(), expression);
    if (filter && needs_live_interface(filter->program_))
        return base::fail(base::ErrorCode::filter,
                          "bad filter '" + expression +
                              "': it uses something that only a live interface has, and a file has not");
    return filter;
}

// pcap_freecode() frees them as if libpcap had allocated them.
FilterProgram::FilterProgram(std::span<const bpf_insn> instructions) {
    program_.bf_insns = static_cast<bpf_insn*>(std::malloc(instructions.size_bytes()));
    if (program_.bf_insns == nullptr) throw std::bad_alloc();
    std::ranges::copy(instructions, program_.bf_insns);
    program_.bf_len = static_cast<u_int>(instructions.size());
}

FilterProgram FilterProgram::of_options(const base::PacketFilter& options, std::uint32_t link_type,
                                        std::uint32_t snapshot_length) {
    if (const auto program = packet_filter_program(options, link_type, snapshot_length, snapshot_length))
        return FilterProgram(*program);
    const std::array pass_all{bpf_insn{BPF_RET | BPF_K, 0, 0, snapshot_length}};
    return FilterProgram(pass_all);
}

FilterProgram FilterProgram::of_options_for(pcap_t* handle, const CaptureFilter& filter) {
    return of_options(filter.options, link_type_of(pcap_datalink(handle)),
                      static_cast<std::uint32_t>(pcap_snapshot(handle)));
}

base::Result<void> FilterProgram::check(const std::string& expression) {
    std::optional<base::Error> first_error;
    for (const std::uint32_t link_type : kLiveLinkTypes) {
        const PcapHandle handle(pcap_open_dead(dlt_of(link_type), kCheckedSnapshot));
        auto filter = compile_for(handle.get(), expression);
        if (filter) return {};
        if (!first_error) first_error = std::move(filter.error());
    }
    return std::unexpected(std::move(*first_error));
}

bool FilterProgram::passes(const Packet& packet) const {
    pcap_pkthdr head{};
    head.caplen = static_cast<bpf_u_int32>(packet.frame.size());
    head.len = packet.wire_bytes;
    return pcap_offline_filter(&program_, &head, reinterpret_cast<const u_char*>(packet.frame.data())) != 0;
}

}  // namespace packetsentry::capture
