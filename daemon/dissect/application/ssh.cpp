// The line each end of an SSH connection begins with (RFC 4253 section 4.2), on any port.
#include <algorithm>

#include "daemon/dissect/application/application_protocols.h"

namespace packetsentry::dissect {
namespace {

constexpr const FieldInfo& kSoftware = field("packetsentry.ssh.software");

constexpr const FieldInfo* kSshDetail[] = {&kSoftware};
constexpr Protocol kSsh{"SSH", "ssh", true, kSshDetail};

constexpr std::size_t kLineLimit = 255;  // with its end

}  // namespace

bool dissect_ssh(Cursor payload, Dissection& out) {
    std::string_view line = payload.left_text().substr(0, kLineLimit);
    if (!line.starts_with("SSH-")) return false;
    const std::size_t end = line.find('\n');
    if (end == line.npos && !payload.cut()) return false;
    line = line.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    for (const std::string_view version : {"SSH-2.0-", "SSH-1.99-"}) {
        if (!line.starts_with(version)) continue;
        out.protocol = &kSsh;
        out.add(kSoftware, line.substr(version.size()));
        return true;
    }
    return false;
}

}  // namespace packetsentry::dissect
