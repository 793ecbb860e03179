#include "daemon/quota/capture_resources.h"

#include <algorithm>
#include <utility>

namespace packetsentry::quota {
namespace {

using base::ErrorCode;

constexpr const char* kAny = "any";
constexpr std::uint64_t kMiB = 1ULL << 20;
constexpr const char* kStopOne = "stop one with 'packetsentryctl stop JOB'";

std::string mebibytes(std::uint64_t bytes) {
    return std::to_string(bytes / kMiB) + " MiB";
}

std::unexpected<base::Error> full(const std::string& what) {
    return base::fail(ErrorCode::usage, what);
}

}  // namespace

class CaptureResources::Share {
  public:
    Share(std::shared_ptr<CaptureResources> of, uid_t user, const CaptureNeeds& needs)
        : of_(std::move(of)), user_(user), needs_(needs), instructions_(needs.interfaces.size()) {
        of_->add(*this);
    }
    ~Share() { of_->remove(*this); }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

    [[nodiscard]] uid_t user() const { return user_; }
    [[nodiscard]] const CaptureNeeds& needs() const { return needs_; }
    [[nodiscard]] const std::vector<std::uint32_t>& instructions() const { return instructions_; }
    void set_instructions(std::span<const std::uint32_t> instructions) {
        of_->remove(*this);
        std::copy_n(instructions.begin(), std::min(instructions.size(), instructions_.size()),
                    instructions_.begin());
        of_->add(*this);
    }

  private:
    std::shared_ptr<CaptureResources> of_;
    uid_t user_;
    CaptureNeeds needs_;
    std::vector<std::uint32_t> instructions_;  // of each interface's socket
};

class CaptureResources::Turn {
  public:
    Turn(std::shared_ptr<CaptureResources> of, uid_t user) : of_(std::move(of)), user_(user) {
        ++of_->users_[user_].compiling;
    }
    ~Turn() {
        --of_->users_[user_].compiling;
        of_->forget_idle(user_);
        of_->turns_changed_.notify();
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

  private:
    std::shared_ptr<CaptureResources> of_;
    uid_t user_;
};

void CaptureResources::add(const Share& share) {
    User& user = users_[share.user()];
    const CaptureNeeds& needs = share.needs();
    for (std::size_t i = 0; i < needs.interfaces.size(); ++i) {
        OnInterface& here = user.interfaces[needs.interfaces[i]];
        ++here.sockets;
        here.instructions += share.instructions()[i];
        user.use.filter_instructions += share.instructions()[i];
    }
    user.use.sockets += static_cast<std::uint32_t>(needs.interfaces.size());
    user.use.ring_bytes += needs.interfaces.size() * needs.ring_bytes;
    user.use.memory_output_bytes += needs.memory_output_bytes;
}

void CaptureResources::remove(const Share& share) {
    User& user = users_[share.user()];
    const CaptureNeeds& needs = share.needs();
    for (std::size_t i = 0; i < needs.interfaces.size(); ++i) {
        const auto here = user.interfaces.find(needs.interfaces[i]);
        here->second.instructions -= share.instructions()[i];
        user.use.filter_instructions -= share.instructions()[i];
        if (--here->second.sockets == 0) user.interfaces.erase(here);
    }
    user.use.sockets -= static_cast<std::uint32_t>(needs.interfaces.size());
    user.use.ring_bytes -= needs.interfaces.size() * needs.ring_bytes;
    user.use.memory_output_bytes -= needs.memory_output_bytes;
    forget_idle(share.user());
}

void CaptureResources::forget_idle(uid_t user) {
    const auto found = users_.find(user);
    const bool idle = found->second.interfaces.empty() && found->second.use.memory_output_bytes == 0 &&
                      found->second.compiling == 0;
    if (idle) users_.erase(found);
}

CaptureResources::OnInterface CaptureResources::in_path(const User& user, const std::string& interface) {
    OnInterface any, most;
    for (const auto& [name, here] : user.interfaces) {
        if (name == kAny) {
            any = here;
        } else if (interface == kAny || name == interface) {
            most.sockets = std::max(most.sockets, here.sockets);
            most.instructions = std::max(most.instructions, here.instructions);
        }
    }
    return {any.sockets + most.sockets, any.instructions + most.instructions};
}

base::Result<void> CaptureResources::room_on(const User& user, const std::string& interface) const {
    if (in_path(user, interface).sockets < limits_.sockets_per_interface) return {};
    return full("your captures have " + std::to_string(limits_.sockets_per_interface) +
                " packet sockets on '" + interface +
                "', which is the limit (captures.sockets_per_interface); " + kStopOne);
}

base::Result<void> CaptureResources::room_for(uid_t uid, const CaptureNeeds& needs) const {
    const auto found = users_.find(uid);
    const User user = found == users_.end() ? User() : found->second;
    for (const std::string& interface : needs.interfaces)
        if (auto room = room_on(user, interface); !room) return room;
    if (user.use.sockets + needs.interfaces.size() > limits_.sockets)
        return full("your captures have " + std::to_string(user.use.sockets) + " packet sockets, and " +
                    std::to_string(limits_.sockets) + " are the limit (captures.sockets_per_user); " +
                    kStopOne);
    const std::uint64_t rings = needs.interfaces.size() * needs.ring_bytes;
    if (user.use.ring_bytes + rings > limits_.user_ring_bytes)
        return full("the kernel rings of your captures have " + mebibytes(user.use.ring_bytes) + ", " +
                    mebibytes(rings) + " more are needed, and " + mebibytes(limits_.user_ring_bytes) +
                    " are the limit (memory.rings_per_user); " + kStopOne);
    if (user.use.memory_output_bytes + needs.memory_output_bytes > limits_.memory_output_bytes)
        return full("files in memory that your captures write may have " +
                    mebibytes(limits_.memory_output_bytes) +
                    " together (memory.outputs_per_user); save to a disk instead");
    return {};
}

// Of all users together.
base::Result<void> CaptureResources::room_for_rings(const CaptureNeeds& needs) const {
    const std::uint64_t rings = needs.interfaces.size() * needs.ring_bytes;
    const std::uint64_t used = use_of_all().ring_bytes;
    if (used + rings <= limits_.ring_bytes) return {};
    return full("the kernel rings of all captures have " + mebibytes(used) + ", " + mebibytes(rings) +
                " more are needed, and " + mebibytes(limits_.ring_bytes) +
                " are the limit of this machine (memory.rings); try again when a capture has ended");
}

bool CaptureResources::within_limits(uid_t uid) const {
    const auto found = users_.find(uid);
    if (found == users_.end()) return true;
    const User& user = found->second;
    return user.use.sockets <= limits_.sockets && user.use.ring_bytes <= limits_.user_ring_bytes &&
           user.use.memory_output_bytes <= limits_.memory_output_bytes &&
           std::ranges::all_of(user.interfaces, [&](const auto& one) {
               return in_path(user, one.first).sockets <= limits_.sockets_per_interface;
           });
}

base::Result<CaptureResources::SharePtr> CaptureResources::take(uid_t user, const CaptureNeeds& needs,
                                                                const SharePtr& predecessor) {
    base::Result<void> room;
    if (user != 0 && predecessor) {
        const bool within = within_limits(user);
        remove(*predecessor);
        room = room_for(user, needs);
        add(*predecessor);
        if (!within && !room_for(user, needs))
            room = full("another change of one of your captures is under way; try again in a moment");
    } else if (user != 0) {
        room = room_for(user, needs);
        if (room) room = room_for_rings(needs);
    }
    if (!room) return std::unexpected(room.error());
    return std::make_shared<Share>(shared_from_this(), user, needs);
}

base::Result<void> CaptureResources::put_filters(const SharePtr& share,
                                                 std::span<const std::uint32_t> instructions) {
    share->set_instructions(instructions);
    if (share->user() == 0) return {};
    const User& user = users_[share->user()];
    for (const std::string& interface : share->needs().interfaces) {
        const std::uint64_t sum = in_path(user, interface).instructions;
        if (sum <= limits_.interface_instructions) continue;
        return base::fail(ErrorCode::filter,
                          "the filters of your captures on '" + interface + "' have " + std::to_string(sum) +
                              " instructions together, and " +
                              std::to_string(limits_.interface_instructions) +
                              " are the limit (captures.filter_instructions_per_interface); write a shorter "
                              "filter, or stop another capture");
    }
    return {};
}

std::uint64_t CaptureResources::memory_output_left(uid_t user) const {
    const std::uint64_t used = use(user).memory_output_bytes;
    return limits_.memory_output_bytes - std::min(used, limits_.memory_output_bytes);
}

CaptureResources::TurnPtr CaptureResources::take_turn(uid_t user) {
    const auto found = users_.find(user);
    const std::uint32_t compiling = found == users_.end() ? 0 : found->second.compiling;
    if (user != 0 && compiling >= limits_.compilers) return nullptr;
    return std::make_shared<Turn>(shared_from_this(), user);
}

CaptureUse CaptureResources::use(uid_t user) const {
    const auto found = users_.find(user);
    return found == users_.end() ? CaptureUse() : found->second.use;
}

CaptureUse CaptureResources::use_of_all() const {
    CaptureUse sum;
    for (const auto& [uid, user] : users_) {
        sum.sockets += user.use.sockets;
        sum.ring_bytes += user.use.ring_bytes;
        sum.filter_instructions += user.use.filter_instructions;
        sum.memory_output_bytes += user.use.memory_output_bytes;
    }
    return sum;
}

}  // namespace packetsentry::quota
