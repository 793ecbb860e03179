#include "daemon/capture/filter/extension_header_steps.h"

#include <array>
#include <cstdint>

#include "daemon/capture/filter/ip_protocols.h"

namespace packetsentry::capture {
namespace {

using Label = PacketWalk::Label;

constexpr int kExtensionLimit = 4;
constexpr std::array kExtensions{kHopByHop, kRouting, kFragment, kAuthentication, kDestinationOptions};

}  // namespace

// Behind each header, the scratch memory has the number of the next.
void put_extensions(PacketWalk& walk, Label done) {
    for (int i = 0; i < kExtensionLimit; ++i) {
        const Label next = walk.code.label(), by_length = walk.code.label(), fragment = walk.code.label(),
                    authentication = walk.code.label();
        walk.code.emit(BPF_LD | BPF_MEM, PacketWalk::kProtocol);
        walk.code.jump_if(BPF_JEQ, kTcp, done);
        walk.code.jump_if(BPF_JEQ, kUdp, done);
        for (const std::uint8_t number : {kHopByHop, kRouting, kDestinationOptions})
            walk.code.jump_if(BPF_JEQ, number, by_length);
        walk.code.jump_if(BPF_JEQ, kFragment, fragment);
        walk.code.jump_if(BPF_JEQ, kAuthentication, authentication);
        walk.code.jump(done);
        walk.code.place(by_length);
        walk.load_byte(0);
        walk.code.emit(BPF_ST, PacketWalk::kProtocol);
        walk.load_byte(1);
        walk.code.emit(BPF_ALU | BPF_ADD | BPF_K, 1);
        walk.code.emit(BPF_ALU | BPF_LSH | BPF_K, 3);
        walk.advance_by_accumulator();
        walk.code.jump(next);
        walk.code.place(authentication);
        put_authentication(walk, next);
        walk.code.place(fragment);
        walk.load_byte(0);
        walk.code.emit(BPF_ST, PacketWalk::kProtocol);
        walk.load_half(2);
        walk.code.emit(BPF_ALU | BPF_AND | BPF_K, 0xFFF8);
        walk.code.emit(BPF_ST, PacketWalk::kOffset);
        walk.advance(8);
        walk.code.emit(BPF_LD | BPF_MEM, PacketWalk::kOffset);
        walk.code.jump_unless(BPF_JEQ, 0, done);
        walk.code.place(next);
    }
    walk.code.emit(BPF_LD | BPF_MEM, PacketWalk::kProtocol);
    for (const std::uint8_t number : kExtensions) walk.code.jump_if(BPF_JEQ, number, walk.undecided);
}

// The header's length is in words of four bytes, less two.
void put_authentication(PacketWalk& walk, Label next) {
    walk.load_byte(0);
    walk.code.emit(BPF_ST, PacketWalk::kProtocol);
    walk.load_byte(1);
    walk.code.emit(BPF_ALU | BPF_ADD | BPF_K, 2);
    walk.code.emit(BPF_ALU | BPF_LSH | BPF_K, 2);
    walk.advance_by_accumulator();
    walk.code.jump(next);
}

}  // namespace packetsentry::capture
