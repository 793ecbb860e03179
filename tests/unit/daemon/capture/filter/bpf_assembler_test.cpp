#include "daemon/capture/filter/bpf_assembler.h"

#include <gtest/gtest.h>

#include <array>

namespace packetsentry::capture {
namespace {

using Label = BpfAssembler::Label;

// Loads the first byte.
void load(BpfAssembler& code) {
    code.emit(BPF_LD | BPF_B | BPF_ABS, 0);
}

u_int run(const std::vector<bpf_insn>& program, u_char first_byte) {
    const std::array<u_char, 1> packet{first_byte};
    EXPECT_TRUE(bpf_validate(program.data(), static_cast<int>(program.size())));
    return bpf_filter(program.data(), packet.data(), 1, 1);
}

// Returns 1 where the first byte is 7, otherwise 2, with padding instructions between the jump and its place.
std::vector<bpf_insn> with_distance(std::size_t padding, bool unless) {
    BpfAssembler code;
    const Label away = code.label();
    load(code);
    unless ? code.jump_unless(BPF_JEQ, 7, away) : code.jump_if(BPF_JEQ, 7, away);
    for (std::size_t i = 0; i < padding; ++i) code.emit(BPF_LD | BPF_IMM, 0);
    code.emit(BPF_RET | BPF_K, unless ? 1 : 2);
    code.place(away);
    code.emit(BPF_RET | BPF_K, unless ? 2 : 1);
    return code.finish();
}

TEST(BpfAssembler, JumpsReachAsFarAsTheyMust) {
    for (const std::size_t padding : {0U, 253U, 254U, 255U, 256U, 1000U}) {
        for (const bool unless : {false, true}) {
            const auto program = with_distance(padding, unless);
            // What is between and the return are jumped over: 255 are in reach.
            EXPECT_EQ(program.size(), padding + 4 + (padding + 1 > 255 ? 1 : 0)) << padding;
            EXPECT_EQ(run(program, 7), 1U) << padding << unless;
            EXPECT_EQ(run(program, 8), 2U) << padding << unless;
        }
    }
}

// The second jump is in reach only as long as the first needs no help.
TEST(BpfAssembler, OneFarJumpMayMakeAnotherFar) {
    BpfAssembler code;
    const Label far = code.label(), edge = code.label();
    load(code);
    code.jump_if(BPF_JEQ, 1, edge);
    code.jump_if(BPF_JEQ, 2, far);
    for (int i = 0; i < 253; ++i) code.emit(BPF_LD | BPF_IMM, 0);
    code.emit(BPF_RET | BPF_K, 30);
    code.place(edge);
    for (int i = 0; i < 10; ++i) code.emit(BPF_LD | BPF_IMM, 0);
    code.emit(BPF_RET | BPF_K, 10);
    code.place(far);
    code.emit(BPF_RET | BPF_K, 20);
    const auto program = code.finish();
    EXPECT_EQ(run(program, 1), 10U);
    EXPECT_EQ(run(program, 2), 20U);
    EXPECT_EQ(run(program, 3), 30U);
}

TEST(BpfAssembler, LeavesOutWhatNothingLeadsTo) {
    BpfAssembler code;
    const Label end = code.label(), nobody = code.label();
    code.jump(end);
    code.place(nobody);
    code.emit(BPF_RET | BPF_K, 1);
    code.place(end);
    code.emit(BPF_RET | BPF_K, 2);
    const auto program = code.finish();
    EXPECT_EQ(program.size(), 2U);
    EXPECT_EQ(run(program, 0), 2U);
}

}  // namespace
}  // namespace packetsentry::capture
