#include "daemon/jobs/start_order.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>

#include "daemon/base/syscall.h"
#include "daemon/jobs/job_name.h"
#include "proto/filter.h"

namespace packetsentry::jobs {
namespace {

using base::ErrorCode;

constexpr std::size_t kOutputNameLimit = 4096;
constexpr std::size_t kInterfaceNameLimit = 64;
constexpr std::uint32_t kSnapshotLimit = 262144;
constexpr std::uint32_t kRingLimit = 1U << 30;

std::string list_of(std::span<const std::string> names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

base::Result<void> check_interfaces(const wire::CaptureSpec& capture, std::span<const std::string> known) {
    if (capture.interface_size() == 0)
        return base::fail(ErrorCode::interface, "no interface given; there are: " + list_of(known));
    if (capture.interface_size() > kInterfacesOfJob)
        return base::fail(ErrorCode::interface, "at most " + std::to_string(kInterfacesOfJob) +
                                                    " interfaces a job; 'any' is all of them");
    for (const std::string& name : capture.interface())
        if (std::ranges::find(known, name) == known.end())
            return base::fail(ErrorCode::interface, "no interface '" + name.substr(0, kInterfaceNameLimit) +
                                                        "'; there are: " + list_of(known));
    return {};
}

base::Result<void> check_sizes(const wire::CaptureSpec& capture) {
    if (capture.snapshot_length() > kSnapshotLimit)
        return base::fail(ErrorCode::usage,
                          "the snapshot length is at most " + std::to_string(kSnapshotLimit));
    if (capture.ring_bytes() > kRingLimit)
        return base::fail(ErrorCode::usage, "the ring has at most " + std::to_string(kRingLimit) + " bytes");
    return {};
}

// From what the kernel knows: fstat() asks a file system that may be the user's own, and need not answer.
base::Result<void> check_output(int output) {
    struct statx status {};
    if (::statx(output, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE, &status) != 0)
        return base::fail(ErrorCode::file, base::syscall_text("examine the output"));
    if (!S_ISREG(status.stx_mode) && !S_ISFIFO(status.stx_mode))
        return base::fail(ErrorCode::file, "the output must be a regular file or a pipe");
    const int flags = ::fcntl(output, F_GETFL);
    if (flags < 0 || (flags & O_PATH) != 0 || (flags & O_ACCMODE) == O_RDONLY)
        return base::fail(ErrorCode::file, "the output is not open for writing");
    return {};
}

base::Result<base::UniqueFd> take_output(const wire::Save& save, std::vector<base::UniqueFd> descriptors) {
    const bool saves = save.format() != wire::SAVE_NONE;
    if (!wire::SaveFormat_IsValid(save.format()) || save.continued())
        return base::fail(ErrorCode::usage, "there is no such way to save packets");
    if (descriptors.size() != (saves ? 1U : 0U))
        return base::fail(ErrorCode::usage, std::to_string(descriptors.size()) +
                                                " descriptors came with the request, " +
                                                (saves ? "1 is wanted" : "none is wanted"));
    if (!saves) return base::UniqueFd();
    if (auto checked = check_output(descriptors.front().get()); !checked)
        return std::unexpected(checked.error());
    return std::move(descriptors.front());
}

}  // namespace

base::Result<CheckedStart> check_start(const wire::StartJob& start, uid_t owner,
                                       std::span<const std::string> known,
                                       std::vector<base::UniqueFd> descriptors) {
    const wire::CaptureSpec& capture = start.capture();
    if (!start.name().empty()) {
        if (auto checked = check_name(start.name()); !checked) return std::unexpected(checked.error());
    }
    if (start.output_name().size() > kOutputNameLimit)
        return base::fail(ErrorCode::usage, "the output's name is too long");
    if (auto checked = check_interfaces(capture, known); !checked) return std::unexpected(checked.error());
    if (auto checked = check_sizes(capture); !checked) return std::unexpected(checked.error());
    if (auto text = proto::filter_text(capture.filter()); !text) return std::unexpected(text.error());
    auto output = take_output(capture.save(), std::move(descriptors));
    if (!output) return std::unexpected(output.error());
    return CheckedStart{{.capture = capture,
                         .name = start.name(),
                         .output_name = start.output_name(),
                         .foreground = start.foreground(),
                         .owner = owner,
                         .wait = start.wait()},
                        std::move(*output)};
}

}  // namespace packetsentry::jobs
