// Classic BPF, written with names for the places that it jumps to.
//
// A conditional jump of BPF reaches 255 instructions, an unconditional one any number. Whoever writes a
// program here need not know: a jump that is too far gets an unconditional one beside it.
#pragma once

#include <pcap/pcap.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace packetsentry::capture {

class BpfAssembler {
  public:
    enum class Label : std::size_t {};
    using Code = unsigned short;  // BPF_LD | BPF_H | BPF_IND

    // A place that is to be given with place(), once, behind each jump to it: BPF has no way back.
    [[nodiscard]] Label label();
    void place(Label label);

    void emit(Code code, std::uint32_t k = 0);
    void jump(Label to);
    // To yes where the comparison (BPF_JEQ, BPF_JGE, BPF_JSET) of the accumulator with k holds, otherwise on.
    void jump_if(Code comparison, std::uint32_t k, Label yes);
    // To no where it does not hold, otherwise on.
    void jump_unless(Code comparison, std::uint32_t k, Label no);

    // The program, without what nothing leads to.
    [[nodiscard]] std::vector<bpf_insn> finish();

  private:
    enum class Kind : std::uint8_t { plain, jump, jump_if, jump_unless };
    struct Item {
        bpf_insn instruction;
        Kind kind = Kind::plain;
        Label to{};
    };
    void leave_out_unreachable();
    [[nodiscard]] std::size_t item_at(Label label) const { return places_[static_cast<std::size_t>(label)]; }
    [[nodiscard]] std::vector<std::size_t> positions(const std::vector<bool>& far) const;
    [[nodiscard]] std::size_t target(const Item& item, const std::vector<std::size_t>& positions) const;

    std::vector<Item> items_;
    std::vector<std::size_t> places_;  // the item that stands at each label
};

}  // namespace packetsentry::capture
