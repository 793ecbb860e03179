#include "daemon/control/alternative_name.h"

#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include "daemon/base/unique_fd.h"
#include "daemon/jobs/start_order.h"

namespace packetsentry::control {
namespace {

constexpr std::string_view kAny = "any";
constexpr std::size_t kNameLimit = 127;  // ALTIFNAMSIZ and its zero byte

// RTM_GETLINK for the interface of a name (rtnetlink(7)).
struct Question {
    nlmsghdr head{};
    ifinfomsg link{};
    rtattr name_head{};
    std::array<char, kNameLimit + 1> name{};
};

Question question_about(const std::string& name) {
    Question question;
    question.name_head.rta_type = IFLA_ALT_IFNAME;
    question.name_head.rta_len = static_cast<unsigned short>(RTA_LENGTH(name.size() + 1));
    std::memcpy(question.name.data(), name.data(), name.size());
    question.head.nlmsg_type = RTM_GETLINK;
    question.head.nlmsg_flags = NLM_F_REQUEST;
    question.head.nlmsg_len =
        static_cast<std::uint32_t>(offsetof(Question, name_head) + question.name_head.rta_len);
    return question;
}

// IFLA_IFNAME of an RTM_NEWLINK; none: it is another message, as where there is no such interface.
std::optional<std::string> name_in(std::string_view answer) {
    nlmsghdr head{};
    if (answer.size() < NLMSG_LENGTH(sizeof(ifinfomsg))) return std::nullopt;
    std::memcpy(&head, answer.data(), sizeof head);
    if (head.nlmsg_type != RTM_NEWLINK) return std::nullopt;
    answer.remove_prefix(NLMSG_LENGTH(sizeof(ifinfomsg)));
    while (answer.size() >= sizeof(rtattr)) {
        rtattr attribute{};
        std::memcpy(&attribute, answer.data(), sizeof attribute);
        if (attribute.rta_len < sizeof attribute || attribute.rta_len > answer.size()) return std::nullopt;
        const std::string_view value = answer.substr(sizeof attribute, attribute.rta_len - sizeof attribute);
        if (attribute.rta_type == IFLA_IFNAME) return std::string(value.substr(0, value.find('\0')));
        answer.remove_prefix(std::min<std::size_t>(RTA_ALIGN(attribute.rta_len), answer.size()));
    }
    return std::nullopt;
}

}  // namespace

std::string own_name_of(const std::string& name) {
    if (name.empty() || name.size() > kNameLimit || name == kAny || name.find('\0') != std::string::npos)
        return name;
    const base::UniqueFd socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
    const Question question = question_about(name);
    if (!socket || ::send(socket.get(), &question, question.head.nlmsg_len, 0) < 0) return name;
    // The name is among the first attributes: what does not fit is not needed.
    std::array<char, 16 * 1024> answer;
    const ssize_t size = ::recv(socket.get(), answer.data(), answer.size(), MSG_DONTWAIT);
    if (size <= 0) return name;
    return name_in({answer.data(), static_cast<std::size_t>(size)}).value_or(name);
}

void use_own_names(wire::CaptureSpec& capture) {
    if (capture.interface_size() > jobs::kInterfacesOfJob) return;  // and is refused for that
    for (std::string& name : *capture.mutable_interface()) name = own_name_of(name);
}

}  // namespace packetsentry::control
