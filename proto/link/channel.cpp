#include "proto/link/channel.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <utility>

#include "daemon/base/closing.h"
#include "daemon/base/syscall.h"

namespace packetsentry::proto {
namespace {

using base::ErrorCode;

constexpr std::size_t kHeadBytes = 4;
constexpr std::size_t kReadBytes = 256 * 1024;
// SCM_MAX_FD. There is room for as many as can come: the kernel closes what finds none right in recvmsg(),
// and may have to wait for it (daemon/base/closing.h).
constexpr std::size_t kDescriptorsOfKernel = 253;

std::uint32_t frame_size(std::string_view head) {
    std::uint32_t size = 0;
    for (std::size_t i = 0; i < kHeadBytes; ++i)
        size |= static_cast<std::uint32_t>(static_cast<unsigned char>(head[i])) << (8 * i);
    return size;
}

void put_frame_size(std::string& bytes, std::size_t size) {
    for (std::size_t i = 0; i < kHeadBytes; ++i) bytes[i] = static_cast<char>(size >> (8 * i) & 0xff);
}

bool would_block() {
    return errno == EAGAIN || errno == EWOULDBLOCK;
}

ssize_t read_into(msghdr& header, int fd, bool is_socket) {
    ssize_t size = 0;
    do
        size = is_socket ? ::recvmsg(fd, &header, MSG_CMSG_CLOEXEC | MSG_DONTWAIT)
                         : ::read(fd, header.msg_iov->iov_base, header.msg_iov->iov_len);
    while (size < 0 && errno == EINTR);
    return size;
}

// Every descriptor of every control message, whatever else is wrong with it: one not taken in hand
// here stays open for ever.
void collect_descriptors(msghdr& header, std::vector<base::UniqueFd>& out) {
    for (cmsghdr* message = CMSG_FIRSTHDR(&header); message != nullptr;
         message = CMSG_NXTHDR(&header, message)) {
        if (message->cmsg_level != SOL_SOCKET || message->cmsg_type != SCM_RIGHTS) continue;
        const std::size_t count = (message->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int fd = -1;
            std::memcpy(&fd, CMSG_DATA(message) + i * sizeof(int), sizeof fd);
            out.emplace_back(fd);
        }
    }
}

base::Result<std::vector<base::UniqueFd>> duplicates_of(std::span<const int> descriptors) {
    std::vector<base::UniqueFd> copies;
    for (const int fd : descriptors) {
        copies.emplace_back(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
        if (!copies.back())
            return base::fail(ErrorCode::internal,
                              base::syscall_text("copy a descriptor that is to be sent"));
        base::count_until_closed(copies.back().get(), base::count_of(fd));
    }
    return copies;
}

}  // namespace

Channel::Channel(base::UniqueFd socket, std::size_t receive_limit, std::size_t send_limit)
    : socket_(std::move(socket)), receive_limit_(receive_limit), send_limit_(send_limit) {
    // A byte out of band, and the descriptors beside it, come like the others: recvmsg() would close them.
    const int on = 1;
    is_socket_ =
        ::setsockopt(socket_.get(), SOL_SOCKET, SO_OOBINLINE, &on, sizeof on) == 0 || errno != ENOTSOCK;
}

Channel::~Channel() {
    if (socket_) base::close_connection(socket_.release());
}

base::Result<bool> Channel::receive() {
    // What next() has given out is done with.
    in_offset_ += in_begin_;
    in_.erase(0, std::exchange(in_begin_, 0));
    const std::size_t before = in_.size();
    const std::size_t most = std::min(kReadBytes, receive_limit_ + kHeadBytes);
    iovec part{nullptr, most};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(kDescriptorsOfKernel * sizeof(int))> control{};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = is_socket_ ? control.size() : 0;

    ssize_t size = 0;
    int error = 0;
    // Straight into the text, whose room is not cleared first.
    in_.resize_and_overwrite(before + most, [&](char* bytes, std::size_t) {
        part.iov_base = bytes + before;
        size = read_into(header, socket_.get(), is_socket_);
        error = errno;
        return before + static_cast<std::size_t>(size > 0 ? size : 0);
    });
    errno = error;
    if (size < 0 && would_block()) return true;
    if (size < 0 && errno == ECONNRESET) return false;
    if (size < 0) return base::fail(ErrorCode::unreachable, base::syscall_text("read from the peer"));

    std::vector<base::UniqueFd> descriptors;
    collect_descriptors(header, descriptors);
    for (base::UniqueFd& fd : descriptors) {
        base::count_until_closed(fd.get(), count_);
        arrived_.push_back({std::move(fd), in_offset_ + in_.size() - 1});
    }
    const bool truncated = (header.msg_flags & MSG_CTRUNC) != 0;
    refused_descriptors_ = truncated || arrived_.size() > kDescriptorLimit;
    if (refused_descriptors_) {
        const bool too_many = arrived_.size() > kDescriptorLimit;
        arrived_.clear();
        if (too_many) return base::fail(ErrorCode::usage, "more descriptors than a message may carry");
        return base::fail(ErrorCode::unreachable, "no descriptor is free for those that came with a message");
    }
    if (size == 0) return false;
    if (in_.size() >= kHeadBytes && frame_size(in_) > receive_limit_)
        return base::fail(ErrorCode::usage, "a message of " + std::to_string(frame_size(in_)) +
                                                " bytes; at most " + std::to_string(receive_limit_) +
                                                " are allowed");
    return true;
}

std::optional<std::string_view> Channel::next() {
    const std::string_view waiting = std::string_view(in_).substr(in_begin_);
    if (waiting.size() < kHeadBytes) return std::nullopt;
    const std::size_t size = frame_size(waiting);
    if (size > receive_limit_ || waiting.size() - kHeadBytes < size) return std::nullopt;
    in_begin_ += kHeadBytes + size;
    return waiting.substr(kHeadBytes, size);
}

std::vector<base::UniqueFd> Channel::take_descriptors() {
    const std::uint64_t frame_end = in_offset_ + in_begin_;
    const auto later =
        std::ranges::find_if(arrived_, [&](const Arrived& one) { return one.last_byte >= frame_end; });
    std::vector<base::UniqueFd> taken;
    std::ranges::transform(arrived_.begin(), later, std::back_inserter(taken),
                           [](Arrived& one) { return std::move(one.fd); });
    arrived_.erase(arrived_.begin(), later);
    return taken;
}

base::Result<bool> Channel::send(const google::protobuf::MessageLite& message,
                                 std::span<const int> descriptors) {
    return send_bytes(message.SerializeAsString(), descriptors);
}

base::Result<bool> Channel::send_bytes(std::string_view message, std::span<const int> descriptors,
                                       std::string_view head) {
    const std::size_t size = head.size() + message.size();
    if (send_limit_ != 0 && unsent_ != 0 && unsent_ + kHeadBytes + size > send_limit_) return false;
    auto copies = duplicates_of(descriptors);
    if (!copies) return std::unexpected(copies.error());

    std::string bytes(kHeadBytes, '\0');
    bytes.reserve(kHeadBytes + size);
    put_frame_size(bytes, size);
    bytes += head;
    bytes += message;
    unsent_ += bytes.size();
    out_.push_back({std::move(bytes), std::move(*copies)});
    if (auto sent = flush(); !sent) return std::unexpected(sent.error());
    return true;
}

base::Result<void> Channel::flush() {
    while (!out_.empty()) {
        auto more = send_some();
        if (!more) return std::unexpected(more.error());
        if (!*more) break;
    }
    return {};
}

// One system call's worth. false: the socket takes no more now.
base::Result<bool> Channel::send_some() {
    Outgoing& front = out_.front();
    iovec part{front.bytes.data() + out_sent_, front.bytes.size() - out_sent_};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    alignas(cmsghdr) std::array<char, CMSG_SPACE(kDescriptorLimit * sizeof(int))> control{};
    if (out_sent_ == 0 && !front.descriptors.empty()) {
        std::array<int, kDescriptorLimit> numbers{};
        const std::size_t count = std::min(front.descriptors.size(), kDescriptorLimit);
        for (std::size_t i = 0; i < count; ++i) numbers[i] = front.descriptors[i].get();
        header.msg_control = control.data();
        header.msg_controllen = CMSG_SPACE(count * sizeof(int));
        cmsghdr* message = CMSG_FIRSTHDR(&header);
        message->cmsg_level = SOL_SOCKET;
        message->cmsg_type = SCM_RIGHTS;
        message->cmsg_len = CMSG_LEN(count * sizeof(int));
        std::memcpy(CMSG_DATA(message), numbers.data(), count * sizeof(int));
    }

    ssize_t size = 0;
    do size = ::sendmsg(socket_.get(), &header, MSG_NOSIGNAL | MSG_DONTWAIT);
    while (size < 0 && errno == EINTR);
    if (size < 0 && would_block()) return false;
    if (size < 0) {
        auto error = base::fail(ErrorCode::unreachable, base::syscall_text("write to the peer"));
        forget_unsent();
        return error;
    }
    front.descriptors.clear();
    out_sent_ += static_cast<std::size_t>(size);
    unsent_ -= static_cast<std::size_t>(size);
    sent_ += static_cast<std::uint64_t>(size);
    if (out_sent_ == front.bytes.size()) {
        out_.pop_front();
        out_sent_ = 0;
    }
    return true;
}

// Nobody will take it. Were it to stay, whoever polls for room to send would be woken for it again and again,
// and would learn of the peer's end before reading what the peer had to say.
void Channel::forget_unsent() {
    out_.clear();
    out_sent_ = 0;
    unsent_ = 0;
}

base::Result<bool> Channel::wait_readable(int timeout_ms) {
    for (;;) {
        pollfd entry{socket_.get(), static_cast<short>(POLLIN | (unsent_ != 0 ? POLLOUT : 0)), 0};
        const int count = ::poll(&entry, 1, timeout_ms);
        if (count < 0 && errno != EINTR)
            return base::fail(ErrorCode::internal, base::syscall_text("poll the peer"));
        if (count < 0) return false;
        if (count == 0) return false;
        if ((entry.revents & POLLOUT) != 0) {
            if (auto sent = flush(); !sent) return true;
        }
        if ((entry.revents & (POLLIN | POLLHUP | POLLERR)) != 0) return true;
    }
}

base::Result<void> Channel::drain() {
    while (unsent_ != 0) {
        pollfd entry{socket_.get(), POLLOUT, 0};
        if (::poll(&entry, 1, -1) < 0 && errno != EINTR)
            return base::fail(ErrorCode::internal, base::syscall_text("poll the peer"));
        if (auto sent = flush(); !sent) return sent;
    }
    return {};
}

}  // namespace packetsentry::proto
