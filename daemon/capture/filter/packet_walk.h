// What the steps of a packet filter program have in common: the code written so far, how far the walk through
// the packet has come, and the places that steps jump to.
//
// The index register holds how far the walk has come, counted from the end of the link header: in a cooked
// capture the kernel has no link header, and an offset from its end is one that kernel_filter() can
// translate.
#pragma once

#include <cstdint>

#include "daemon/capture/filter/bpf_assembler.h"

namespace packetsentry::capture {

// Each file of steps writes its part of the program here. A step is entered by a jump to its label, with the
// walk at the first byte of what the step reads. BPF has no way back, so the steps are written in the order
// in which packets have their layers.
class PacketWalk {
  public:
    using Label = BpfAssembler::Label;
    using Code = BpfAssembler::Code;

    // Words of the scratch memory.
    static constexpr std::uint32_t kProtocol = 0;  // what the network layer carries
    static constexpr std::uint32_t kOffset = 1;    // of a fragment; 0: it has the transport's header
    static constexpr std::uint32_t kKept = 2;      // advance_keeping_accumulator() needs it for a moment

    // The walk begins behind a link header of so many bytes. To be called once, before anything is loaded.
    void start_behind(std::uint32_t link_header_bytes);

    // They load from the packet into the accumulator; at is counted from the walk's place.
    void load_byte(std::uint32_t at) { load(BPF_B, at); }
    void load_half(std::uint32_t at) { load(BPF_H, at); }
    void load_word(std::uint32_t at) { load(BPF_W, at); }

    // They lose what the accumulator holds, except the last.
    void advance_by_accumulator();
    void advance(std::uint32_t bytes);
    void advance_keeping_accumulator(std::uint32_t bytes);

    // Jumps to ipv4 or ipv6, as the first four bits say, or rejects.
    void jump_by_ip_version();

    BpfAssembler code;

    // At these two the accumulator has the type of what the walk has come to.
    Label tags = code.label(), ethertype = code.label();
    Label llc = code.label(), pppoe = code.label(), ppp = code.label(), labels = code.label();
    Label carried = code.label();  // only the dissector can read what is carried; leads to undecided
    Label arp = code.label(), ipv4 = code.label(), ipv6 = code.label();
    // The program's results.
    Label accept = code.label(), undecided = code.label(), reject = code.label();

  private:
    void load(Code size, std::uint32_t at);

    std::uint32_t link_header_bytes_ = 0;
};

}  // namespace packetsentry::capture
