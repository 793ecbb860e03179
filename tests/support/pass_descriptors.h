// Descriptors passed through a Unix socket by hand, as many as the kernel takes.
#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <cstring>
#include <span>
#include <vector>

namespace packetsentry::test {

// With one byte, which is zero.
inline void pass_descriptors(int through, std::span<const int> descriptors) {
    char byte = 0;
    iovec part{&byte, 1};
    // Of a type that is aligned as a cmsghdr has to be.
    std::vector<cmsghdr> control(CMSG_SPACE(descriptors.size_bytes()) / sizeof(cmsghdr) + 1);
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
    cmsghdr* message = CMSG_FIRSTHDR(&header);
    message->cmsg_level = SOL_SOCKET;
    message->cmsg_type = SCM_RIGHTS;
    message->cmsg_len = CMSG_LEN(descriptors.size_bytes());
    std::memcpy(CMSG_DATA(message), descriptors.data(), descriptors.size_bytes());
    ASSERT_EQ(::sendmsg(through, &header, 0), 1);
}

}  // namespace packetsentry::test
