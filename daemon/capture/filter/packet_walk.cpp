#include "daemon/capture/filter/packet_walk.h"

namespace packetsentry::capture {

void PacketWalk::start_behind(std::uint32_t link_header_bytes) {
    link_header_bytes_ = link_header_bytes;
    code.emit(BPF_LDX | BPF_IMM, 0);
}

void PacketWalk::load(Code size, std::uint32_t at) {
    code.emit(static_cast<Code>(BPF_LD | BPF_IND | size), link_header_bytes_ + at);
}

void PacketWalk::advance_by_accumulator() {
    code.emit(BPF_ALU | BPF_ADD | BPF_X);
    code.emit(BPF_MISC | BPF_TAX);
}

void PacketWalk::advance(std::uint32_t bytes) {
    code.emit(BPF_LD | BPF_IMM, bytes);
    advance_by_accumulator();
}

void PacketWalk::advance_keeping_accumulator(std::uint32_t bytes) {
    code.emit(BPF_ST, kKept);
    advance(bytes);
    code.emit(BPF_LD | BPF_MEM, kKept);
}

void PacketWalk::jump_by_ip_version() {
    load_byte(0);
    code.emit(BPF_ALU | BPF_RSH | BPF_K, 4);
    code.jump_if(BPF_JEQ, 4, ipv4);
    code.jump_if(BPF_JEQ, 6, ipv6);
    code.jump(reject);
}

}  // namespace packetsentry::capture
