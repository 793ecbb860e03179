#include "daemon/jobs/start_order.h"

#include <fcntl.h>
#include <net/if.h>
#include <sys/stat.h>

#include <algorithm>
#include <iterator>

#include "daemon/base/local_file.h"
#include "daemon/base/null_device.h"
#include "daemon/base/syscall.h"
#include "daemon/workers/output.h"
#include "proto/words/filter.h"
#include "proto/words/job_name.h"

namespace packetsentry::jobs {
namespace {

using base::ErrorCode;

constexpr std::size_t kOutputNameLimit = 4096;
constexpr std::size_t kInterfaceNameLimit = 64;
constexpr std::uint32_t kSnapshotLimit = 262144;
constexpr std::uint64_t kLeastMemoryOutput = 1ULL << 20;

std::string list_of(std::span<const std::string> names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

// A name that an interface could have: dev_valid_name() of the kernel (net/core/dev.c).
bool may_be_interface(const std::string& name) {
    const auto forbidden = [](char c) {
        return c == '/' || c == ':' || c == ' ' || (c >= '\t' && c <= '\r');
    };
    return !name.empty() && name.size() < IFNAMSIZ && name != "." && name != ".." &&
           name.find('\0') == std::string::npos && std::ranges::none_of(name, forbidden);
}

// Each interface is one packet socket more in everybody's path, so none is captured on twice.
base::Result<void> check_names(const wire::CaptureSpec& capture) {
    const auto& names = capture.interface();
    if (names.size() > kInterfacesOfJob)
        return base::fail(ErrorCode::interface,
                          "at most " + std::to_string(kInterfacesOfJob) +
                              " interfaces can be captured on by one job; 'any' is all of them");
    for (auto name = names.begin(); name != names.end(); ++name)
        if (std::find(std::next(name), names.end(), *name) != names.end())
            return base::fail(ErrorCode::interface, "the interface '" + name->substr(0, kInterfaceNameLimit) +
                                                        "' is named twice; name each once");
    if (names.size() > 1 && std::ranges::find(names, "any") != names.end())
        return base::fail(ErrorCode::interface, "'any' is all interfaces; name it alone");
    return {};
}

// may_be_absent: the job waits for an interface that does not exist yet.
base::Result<void> check_interfaces(const wire::CaptureSpec& capture, std::span<const std::string> known,
                                    bool may_be_absent) {
    if (capture.interface_size() == 0)
        return base::fail(ErrorCode::interface, "no interface given; there are: " + list_of(known));
    if (auto checked = check_names(capture); !checked) return checked;
    for (const std::string& name : capture.interface())
        if (std::ranges::find(known, name) == known.end() && !(may_be_absent && may_be_interface(name)))
            return base::fail(ErrorCode::interface, "no interface '" + name.substr(0, kInterfaceNameLimit) +
                                                        "'; there are: " + list_of(known));
    return {};
}

// A job has rows of every table, for whoever follows it. Its client gets those of one.
base::Result<void> check_table(const wire::CaptureSpec& capture) {
    const auto& tables = capture.table();
    const bool known = std::ranges::all_of(
        tables, [](int table) { return wire::Table_IsValid(table) && table != wire::TABLE_UNKNOWN; });
    if (known && tables.size() <= 1) return {};
    return base::fail(ErrorCode::usage, "a capture shows the rows of one table, and of a known one");
}

// Both are for show alone. An output is called what a path can be called, so whoever prints it escapes it.
base::Result<void> check_labels(const std::string& name, const std::string& output_name) {
    if (!name.empty()) {
        if (auto checked = proto::check_job_name(name); !checked) return checked;
    }
    if (output_name.size() > kOutputNameLimit)
        return base::fail(ErrorCode::usage, "the output's name is too long");
    if (output_name.contains('\0'))
        return base::fail(ErrorCode::usage,
                          "the output's name contains a zero byte, which no path can contain");
    return {};
}

base::Result<void> check_sizes(const wire::CaptureSpec& capture, std::uint32_t ring_limit) {
    if (capture.snapshot_length() > kSnapshotLimit)
        return base::fail(ErrorCode::usage,
                          "the snapshot length is at most " + std::to_string(kSnapshotLimit));
    if (capture.ring_bytes() > ring_limit)
        return base::fail(ErrorCode::usage, "the kernel's ring has at most " + std::to_string(ring_limit) +
                                                " bytes (memory.ring)");
    return {};
}

bool is_known_format(const wire::Save& save) {
    return wire::SaveFormat_IsValid(save.format()) && wire::Compression_IsValid(save.compression());
}

bool has_limit(const wire::FileLimits& limits) {
    return limits.packets() != 0 || limits.bytes() != 0 || limits.duration_ns() != 0;
}

base::Result<base::UniqueFd> take_output(const wire::Save& save, bool foreground,
                                         std::vector<base::UniqueFd> descriptors) {
    const bool saves = save.format() != wire::SAVE_NONE;
    if (!is_known_format(save) || save.continued())
        return base::fail(ErrorCode::usage, "the format for saving packets is not known");
    if (descriptors.size() != (saves ? 1U : 0U))
        return base::fail(ErrorCode::usage, "the request came with " + std::to_string(descriptors.size()) +
                                                " descriptors, but needs " + (saves ? "1" : "none"));
    if (!saves) return base::UniqueFd();
    if (save.has_each_file() && (!foreground || !has_limit(save.each_file())))
        return base::fail(ErrorCode::usage,
                          "only a capture in the foreground saves to several files, each with a limit");
    if (auto checked = check_output(descriptors.front().get()); !checked)
        return std::unexpected(checked.error());
    if (save.has_each_file() && !workers::file_size(descriptors.front().get()))
        return base::fail(ErrorCode::file, "each of several output files must be an ordinary file");
    return std::move(descriptors.front());
}

// What is saved in memory is charged to the worker that writes it, so there is a limit to it; and where
// nobody but the user sees the file, there is nothing that would limit it in the end.
base::Result<wire::CaptureSpec> limited_in_memory(wire::CaptureSpec capture, base::Memory memory,
                                                  std::uint64_t left) {
    constexpr auto kNoLimit = std::numeric_limits<std::uint64_t>::max();
    if (memory == base::Memory::elsewhere)
        return base::fail(
            ErrorCode::file,
            "the output is in memory, or on a file system that is not mounted here; save to a file "
            "on a disk");
    if (memory == base::Memory::none || left == kNoLimit) return capture;
    if (left < kLeastMemoryOutput)
        return base::fail(
            ErrorCode::file,
            "the output is in memory (tmpfs), and your captures already use all the memory that "
            "they may use there (memory.outputs_per_user); save to a file on a disk");
    const std::uint64_t asked = capture.until().file_bytes();
    capture.mutable_until()->set_file_bytes(asked == 0 ? left : std::min(asked, left));
    return capture;
}

}  // namespace

// From what the kernel knows: fstat() asks a file system that may be the user's own, and need not answer.
base::Result<void> check_output(int output) {
    struct statx status {};
    if (::statx(output, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE, &status) != 0)
        return base::fail(ErrorCode::file, base::syscall_text("examine the output"));
    if (!S_ISREG(status.stx_mode) && !S_ISFIFO(status.stx_mode) && !base::is_null_device(output))
        return base::fail(ErrorCode::file, "the output must be a regular file, a pipe or /dev/null");
    const int flags = ::fcntl(output, F_GETFL);
    if (flags < 0 || (flags & O_PATH) != 0 || (flags & O_ACCMODE) == O_RDONLY)
        return base::fail(ErrorCode::file, "the output is not open for writing");
    return {};
}

// The kernel takes a second or more to find memory for sixteen of the usual size; and the worker that reads
// them is one, so that what it can be behind is the same however many there are.
std::uint32_t ring_of_each(std::uint32_t ring_bytes, int interfaces) {
    constexpr std::uint32_t kLeast = 4U << 20;
    const auto shared = ring_bytes / static_cast<std::uint32_t>(std::max(interfaces, 1));
    return std::max(shared, std::min(ring_bytes, kLeast));
}

base::Result<CheckedStart> check_start(const wire::StartJob& start, uid_t owner,
                                       std::span<const std::string> known,
                                       std::vector<base::UniqueFd> descriptors, const StartLimits& limits) {
    const wire::CaptureSpec& capture = start.capture();
    if (auto checked = check_labels(start.name(), start.output_name()); !checked)
        return std::unexpected(checked.error());
    const bool begin_waiting = start.wait() && start.begin_waiting();
    if (auto checked = check_interfaces(capture, known, begin_waiting); !checked)
        return std::unexpected(checked.error());
    if (auto checked = check_sizes(capture, limits.ring_bytes); !checked)
        return std::unexpected(checked.error());
    if (auto checked = check_table(capture); !checked) return std::unexpected(checked.error());
    if (auto text = proto::filter_text(capture.filter()); !text) return std::unexpected(text.error());
    auto output = take_output(capture.save(), start.foreground(), std::move(descriptors));
    if (!output) return std::unexpected(output.error());
    const auto memory = *output ? base::memory_of(output->get()) : base::Memory::none;
    auto spec = limited_in_memory(capture, memory, limits.memory_output_bytes);
    if (!spec) return std::unexpected(spec.error());
    return CheckedStart{{.capture = std::move(*spec),
                         .name = start.name(),
                         .output_name = start.output_name(),
                         .foreground = start.foreground(),
                         .owner = owner,
                         .wait = start.wait(),
                         .begin_waiting = begin_waiting},
                        std::move(*output),
                        memory != base::Memory::none};
}

base::Result<void> check_stored(const wire::StoredJob& stored) {
    const wire::CaptureSpec& capture = stored.capture();
    if (auto checked = check_labels(stored.name(), stored.output_name()); !checked) return checked;
    if (capture.interface_size() == 0 || !std::ranges::all_of(capture.interface(), may_be_interface))
        return base::fail(ErrorCode::interface, "it has no interface, or one with an impossible name");
    if (auto checked = check_names(capture); !checked) return checked;
    if (auto checked = check_sizes(capture, StartLimits().ring_bytes); !checked) return checked;
    const auto is_known = [](const wire::StoredRows& rows) {
        return wire::Table_IsValid(rows.table()) && rows.table() != wire::TABLE_UNKNOWN;
    };
    if (!std::ranges::all_of(stored.rows(), is_known))
        return base::fail(ErrorCode::usage, "it has rows of an unknown table");
    if (stored.interface_index_size() != 0 && stored.interface_index_size() != capture.interface_size())
        return base::fail(ErrorCode::interface, "it does not have one index for each interface");
    if (!is_known_format(capture.save()) || capture.save().has_each_file())
        return base::fail(ErrorCode::usage, "the format for saving packets is not known");
    if (stored.started_ns() < 0 || stored.alive_ns() < 0 || stored.expires_ns() < 0 ||
        stored.counted_ns() < 0 || stored.saving_end().at_ns() < 0)
        return base::fail(ErrorCode::usage, "it has a time before 1970");
    if (stored.has_keep() && !keeps_something(stored.keep()))
        return base::fail(ErrorCode::usage, "it is kept, but nothing of it is");
    if (auto text = proto::filter_text(capture.filter()); !text) return std::unexpected(text.error());
    return {};
}

}  // namespace packetsentry::jobs
