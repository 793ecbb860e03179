// A filter expression compiled for one link type.
#pragma once

#include <pcap/pcap.h>

#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "daemon/base/result.h"
#include "daemon/capture/capture_filter.h"
#include "daemon/capture/packet.h"

namespace packetsentry::capture {

// Moves, never copies. libpcap's compiler is not re-entrant: one thread at a time.
class FilterProgram {
  public:
    // To be run by passes(). Error: filter, with libpcap's message and the place in the text; also for
    // what only a live interface can tell ("inbound"), for names of hosts, and over 5 KiB.
    [[nodiscard]] static base::Result<FilterProgram> compile(const std::string& expression,
                                                             std::uint32_t link_type,
                                                             std::uint32_t snapshot_length);
    // Options that do not pass everything, to be run by passes(). Passes what packet_filter_program.h does
    // not decide on, so everything of a link type without a program: whoever dissects a packet decides then.
    [[nodiscard]] static FilterProgram of_options(const base::PacketFilter& options, std::uint32_t link_type,
                                                  std::uint32_t snapshot_length);
    // Whether there is a link type for which a live interface may take it, which is all that can be said
    // without one. Error: filter, as for Ethernet.
    [[nodiscard]] static base::Result<void> check(const std::string& expression);
    // For the kernel behind an activated handle.
    [[nodiscard]] static base::Result<FilterProgram> compile_for(pcap_t* handle,
                                                                 const std::string& expression);
    // The options of the filter, as of_options() has them, for the kernel.
    [[nodiscard]] static FilterProgram of_options_for(pcap_t* handle, const CaptureFilter& filter);

    FilterProgram(FilterProgram&& other) noexcept : program_(std::exchange(other.program_, {})) {}
    FilterProgram& operator=(FilterProgram&& other) noexcept {
        std::swap(program_, other.program_);
        return *this;
    }
    FilterProgram(const FilterProgram&) = delete;
    FilterProgram& operator=(const FilterProgram&) = delete;
    ~FilterProgram() { pcap_freecode(&program_); }

    // packet: of the link type compiled for.
    [[nodiscard]] bool passes(const Packet& packet) const;
    [[nodiscard]] bpf_program* get() { return &program_; }

  private:
    FilterProgram() = default;
    explicit FilterProgram(std::span<const bpf_insn> instructions);

    bpf_program program_{};
};

}  // namespace packetsentry::capture
