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
    Share(std::shared_ptr<CaptureResources> of, uid_t user, const CaptureNeeds& needs,
          const SharePtr& predecessor)
        : of_(std::move(of)),
          user_(user),
          needs_(needs),
          instructions_(needs.interfaces.size()),
          predecessor_(predecessor) {
        of_->add(*this);
    }
    ~Share() { of_->remove(*this); }
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;

    [[nodiscard]] uid_t user() const { return user_; }
    [[nodiscard]] const CaptureNeeds& needs() const { return needs_; }
    [[nodiscard]] const std::vector<std::uint32_t>& instructions() const { return instructions_; }
    // Null: there is none any more.
    [[nodiscard]] std::shared_ptr<const Share> predecessor() const { return predecessor_.lock(); }
    [[nodiscard]] std::uint32_t instructions_on(const std::string& interface) const {
        const auto found = std::ranges::find(needs_.interfaces, interface);
        if (found == needs_.interfaces.end()) return 0;
        return instructions_[static_cast<std::size_t>(found - needs_.interfaces.begin())];
    }
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
    std::weak_ptr<const Share> predecessor_;
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
        return full("your captures have " + std::to_string(user.use.sockets) +
                    " packet sockets; the limit is " + std::to_string(limits_.sockets) +
                    " (captures.sockets_per_user); " + kStopOne);
    const std::uint64_t rings = needs.interfaces.size() * needs.ring_bytes;
    if (user.use.ring_bytes + rings > limits_.user_ring_bytes)
        return full("the kernel rings of your captures use " + mebibytes(user.use.ring_bytes) +
                    ", and this capture needs " + mebibytes(rings) + " more; the limit is " +
                    mebibytes(limits_.user_ring_bytes) + " (memory.rings_per_user); " + kStopOne);
    const std::uint64_t outputs = user.use.memory_output_bytes + needs.memory_output_bytes;
    if (needs.memory_output_bytes != 0 && outputs > limits_.memory_output_bytes)
        return full("all files in memory (tmpfs) that your captures write may have at most " +
                    mebibytes(limits_.memory_output_bytes) +
                    " together (memory.outputs_per_user); save to a file on a disk");
    return {};
}

// Tells whether the rings of all users together leave room for these.
base::Result<void> CaptureResources::room_for_rings(const CaptureNeeds& needs) const {
    const std::uint64_t rings = needs.interfaces.size() * needs.ring_bytes;
    const std::uint64_t used = use_of_all().ring_bytes;
    if (used + rings <= limits_.ring_bytes) return {};
    return full("the kernel rings of all captures use " + mebibytes(used) + ", and this capture needs " +
                mebibytes(rings) + " more; the limit of this machine is " + mebibytes(limits_.ring_bytes) +
                " (memory.rings); try again when a capture has ended");
}

// Tells whether two workers run for one of the user's captures, because one takes over from the other.
bool CaptureResources::hands_over(User& user) const {
    std::erase_if(user.successors, [](const std::weak_ptr<const Share>& weak) {
        const auto successor = weak.lock();
        return !successor || !successor->predecessor();
    });
    return !user.successors.empty();
}

base::Result<CaptureResources::SharePtr> CaptureResources::take(uid_t uid, const CaptureNeeds& needs,
                                                                const SharePtr& predecessor) {
    auto room = uid == 0 ? base::Result<void>() : room_for(uid, needs);
    if (room && uid != 0 && !predecessor) room = room_for_rings(needs);
    if (!room && predecessor && hands_over(users_[uid]))
        return base::fail(ErrorCode::unreachable,
                          "another change of one of your captures is under way; try again in a moment");
    if (!room && !predecessor) return std::unexpected(room.error());
    const auto share = std::make_shared<Share>(shared_from_this(), uid, needs, predecessor);
    if (predecessor) users_[uid].successors.push_back(share);
    return share;
}

base::Result<void> CaptureResources::put_filters(const SharePtr& share,
                                                 std::span<const std::uint32_t> instructions) {
    share->set_instructions(instructions);
    if (share->user() == 0) return {};
    const User& user = users_[share->user()];
    const auto predecessor = share->predecessor();
    for (const std::string& interface : share->needs().interfaces) {
        const std::uint64_t leaves = predecessor ? predecessor->instructions_on(interface) : 0;
        const std::uint64_t sum = in_path(user, interface).instructions - leaves;
        if (sum <= limits_.interface_instructions) continue;
        return base::fail(
            ErrorCode::filter,
            "the filters of your captures on '" + interface + "' have " + std::to_string(sum) +
                " instructions together; the limit is " + std::to_string(limits_.interface_instructions) +
                " (captures.filter_instructions_per_interface); write a shorter filter, or stop "
                "another capture");
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
