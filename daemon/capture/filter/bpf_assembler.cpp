#include "daemon/capture/filter/bpf_assembler.h"

#include <utility>

namespace packetsentry::capture {
namespace {

constexpr std::size_t kReach = 255;
constexpr std::size_t kNowhere = SIZE_MAX;

}  // namespace

BpfAssembler::Label BpfAssembler::label() {
    places_.push_back(kNowhere);
    return Label{places_.size() - 1};
}

void BpfAssembler::place(Label label) {
    places_[static_cast<std::size_t>(label)] = items_.size();
}

void BpfAssembler::emit(Code code, std::uint32_t k) {
    items_.push_back({.instruction = {code, 0, 0, k}});
}

void BpfAssembler::jump(Label to) {
    items_.push_back({.instruction = {BPF_JMP | BPF_JA, 0, 0, 0}, .kind = Kind::jump, .to = to});
}

void BpfAssembler::jump_if(Code comparison, std::uint32_t k, Label yes) {
    const auto code = static_cast<Code>(BPF_JMP | comparison | BPF_K);
    items_.push_back({.instruction = {code, 0, 0, k}, .kind = Kind::jump_if, .to = yes});
}

void BpfAssembler::jump_unless(Code comparison, std::uint32_t k, Label no) {
    const auto code = static_cast<Code>(BPF_JMP | comparison | BPF_K);
    items_.push_back({.instruction = {code, 0, 0, k}, .kind = Kind::jump_unless, .to = no});
}

// far: the conditional jumps that need an unconditional one beside them.
std::vector<std::size_t> BpfAssembler::positions(const std::vector<bool>& far) const {
    std::vector<std::size_t> positions;
    std::size_t next = 0;
    for (std::size_t i = 0; i < items_.size(); ++i) {
        positions.push_back(next);
        next += far[i] ? 2 : 1;
    }
    positions.push_back(next);
    return positions;
}

std::size_t BpfAssembler::target(const Item& item, const std::vector<std::size_t>& positions) const {
    return positions[item_at(item.to)];
}

// All ways lead forward, so one pass finds what is on one.
void BpfAssembler::leave_out_unreachable() {
    std::vector<bool> reachable(items_.size() + 1, false);
    reachable[0] = true;
    for (std::size_t i = 0; i < items_.size(); ++i) {
        if (!reachable[i]) continue;
        const Item& item = items_[i];
        const bool ends = item.kind == Kind::jump || BPF_CLASS(item.instruction.code) == BPF_RET;
        if (!ends) reachable[i + 1] = true;
        if (item.kind != Kind::plain) reachable[item_at(item.to)] = true;
    }
    std::vector<std::size_t> moved_to;
    std::vector<Item> kept;
    for (std::size_t i = 0; i < items_.size(); ++i) {
        moved_to.push_back(kept.size());
        if (reachable[i]) kept.push_back(items_[i]);
    }
    moved_to.push_back(kept.size());
    for (std::size_t& place : places_)
        if (place != kNowhere) place = moved_to[place];
    items_ = std::move(kept);
}

std::vector<bpf_insn> BpfAssembler::finish() {
    leave_out_unreachable();
    std::vector<bool> far(items_.size(), false);
    std::vector<std::size_t> at = positions(far);
    // A jump that becomes far moves others, so it is looked at all of them again until none changes.
    for (bool changed = true; changed; at = positions(far)) {
        changed = false;
        for (std::size_t i = 0; i < items_.size(); ++i) {
            const bool conditional = items_[i].kind == Kind::jump_if || items_[i].kind == Kind::jump_unless;
            if (!conditional || far[i] || target(items_[i], at) - at[i] - 1 <= kReach) continue;
            far[i] = changed = true;
        }
    }
    std::vector<bpf_insn> program;
    for (std::size_t i = 0; i < items_.size(); ++i) {
        const Item& item = items_[i];
        bpf_insn instruction = item.instruction;
        if (item.kind == Kind::plain) {
            program.push_back(instruction);
            continue;
        }
        const std::size_t distance = target(item, at) - at[i] - 1;
        if (item.kind == Kind::jump) {
            instruction.k = static_cast<std::uint32_t>(distance);
        } else {
            // A near jump goes there by itself, a far one to the instruction behind it, which does.
            const auto taken = static_cast<u_char>(far[i] ? 0 : distance);
            const u_char passed = far[i] ? 1 : 0;
            instruction.jt = item.kind == Kind::jump_if ? taken : passed;
            instruction.jf = item.kind == Kind::jump_if ? passed : taken;
        }
        program.push_back(instruction);
        if (far[i]) program.push_back({BPF_JMP | BPF_JA, 0, 0, static_cast<std::uint32_t>(distance - 1)});
    }
    return program;
}

}  // namespace packetsentry::capture
