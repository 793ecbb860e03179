// Attacks on what a worker has of the spool: descriptors of its files, and the link on which it tells of
// them.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include "daemon/base/syscall.h"
#include "proto/link/start_worker.h"
#include "proto/link/worker_reader.h"
#include "tests/attack/attacks.h"

namespace packetsentry::attack {
namespace {

using Order = const std::string&;

constexpr int kNumbers = 64;  // of descriptors that are looked at
constexpr long kMiB = 1L << 20;

template <typename... Arguments>
std::string system_call(long number, Arguments... arguments) {
    return ::syscall(number, arguments...) < 0 ? base::errno_text(errno) : "";
}

bool is_socket(int fd) {
    std::array<char, 128> address{};
    socklen_t size = address.size();
    return ::syscall(SYS_getsockname, fd, address.data(), &size) == 0;
}

// "file", "pipe", "socket"; "" for nothing, and for /dev/null, which holds numbers.
std::string kind_of(int fd) {
    const long end = ::syscall(SYS_lseek, fd, 0L, SEEK_END);
    if (end > 0) return "file";
    if (end == 0 || errno != ESPIPE) return "";
    return is_socket(fd) ? "socket" : "pipe";
}

std::vector<int> files() {
    std::vector<int> found;
    for (int fd = proto::kWorkerLinkFd + 1; fd < kNumbers; ++fd)
        if (kind_of(fd) == "file") found.push_back(fd);
    return found;
}

// The rows file of a segment has a lower number than its packets.
int file() {
    const auto found = files();
    return found.empty() ? -1 : found.front();
}

// What the worker has, as "socket pipe file".
std::string descriptors(Order) {
    std::string all;
    for (int fd = proto::kWorkerLinkFd; fd < kNumbers; ++fd)
        if (const std::string kind = kind_of(fd); !kind.empty()) all += (all.empty() ? "" : " ") + kind;
    return all;
}

std::string truncate_file(Order) {
    return system_call(SYS_ftruncate, file(), 0L);
}
std::string punch_hole(Order) {
    return system_call(SYS_fallocate, file(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0L, 64L);
}
std::string write_at(Order) {
    return system_call(SYS_pwrite64, file(), "overwritten", 11L, 0L);
}
std::string seek_and_write(Order) {
    if (auto failed = system_call(SYS_lseek, file(), 0L, SEEK_SET); !failed.empty()) return failed;
    return system_call(SYS_write, file(), "appended", 8L);
}
std::string map(int protection) {
    const long mapped = ::syscall(SYS_mmap, nullptr, 4096L, protection, MAP_SHARED, file(), 0L);
    return mapped == -1 ? base::errno_text(errno) : "";
}
std::string map_file(Order) {
    return map(PROT_READ | PROT_WRITE);
}
std::string map_to_write(Order) {
    return map(PROT_WRITE);
}
std::string read_file(Order) {
    std::array<char, 8> bytes{};
    return system_call(SYS_pread64, file(), bytes.data(), bytes.size(), 0L);
}
std::string reopen(Order) {
    const std::string path = "/proc/self/fd/" + std::to_string(file());
    return system_call(SYS_openat, AT_FDCWD, path.c_str(), O_RDWR, 0);
}
std::string write_anywhere(Order) {
    return system_call(SYS_fcntl, file(), F_SETFL, 0);
}
std::string duplicate(Order) {
    return system_call(SYS_dup2, file(), 1);
}
std::string link_file(Order path) {
    return system_call(SYS_linkat, file(), "", AT_FDCWD, path.c_str(), AT_EMPTY_PATH);
}
std::string rename_file(Order path) {
    return system_call(SYS_renameat2, AT_FDCWD, path.c_str(), AT_FDCWD, (path + ".gone").c_str(), 0);
}
std::string copy_range(Order) {
    return system_call(SYS_copy_file_range, file(), nullptr, file(), nullptr, 8L, 0);
}
std::string set_time(Order) {
    const std::array<timespec, 2> times{};
    return system_call(SYS_utimensat, file(), nullptr, times.data(), 0);
}
std::string change_mode(Order) {
    return system_call(SYS_fchmod, file(), 0666);
}
std::string anonymous_file(Order) {
    return system_call(SYS_memfd_create, "shared", 0);
}
std::string write_to_file(Order) {
    return system_call(SYS_write, file(), "written", 7L);
}

// Until the kernel takes no more.
std::string fill(Order) {
    const std::vector<char> bytes(kMiB, 'f');
    for (;;)
        if (auto failed = system_call(SYS_write, file(), bytes.data(), bytes.size()); !failed.empty())
            return failed;
}
// An empty file that is next among the numbers, such as that of an index.
std::string fill_next(Order) {
    const std::vector<char> bytes(kMiB, 'f');
    for (;;)
        if (auto failed = system_call(SYS_write, proto::kWorkerLinkFd + 1, bytes.data(), bytes.size());
            !failed.empty())
            return failed;
}
std::string close_nothing(Order) {
    keep_open();
    return "";
}

// One message with a descriptor, as often as the argument says.
std::string send_descriptors(int socket, Order times) {
    wire::FromWorker message;
    message.mutable_notice()->set_text("with a descriptor");
    const std::string bytes = message.SerializeAsString();
    const auto size = static_cast<std::uint32_t>(bytes.size());
    std::string frame(reinterpret_cast<const char*>(&size), sizeof size);
    frame += bytes;
    for (int i = 0; i < std::stoi(times); ++i) {
        iovec part{frame.data(), frame.size()};
        alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
        msghdr header{};
        header.msg_iov = &part;
        header.msg_iovlen = 1;
        header.msg_control = control.data();
        header.msg_controllen = control.size();
        cmsghdr* const with = CMSG_FIRSTHDR(&header);
        with->cmsg_level = SOL_SOCKET;
        with->cmsg_type = SCM_RIGHTS;
        with->cmsg_len = CMSG_LEN(sizeof(int));
        const int sent = file();
        std::memcpy(CMSG_DATA(with), &sent, sizeof sent);
        if (auto failed = system_call(SYS_sendmsg, socket, &header, MSG_NOSIGNAL); !failed.empty())
            return failed;
    }
    return "";
}
std::string send_over_the_link(Order times) {
    return send_descriptors(proto::kWorkerLinkFd, times);
}
std::string send_elsewhere(Order) {
    return send_descriptors(proto::kWorkerLinkFd + 1, "1");
}

// A report that is valid in itself, before the worker has sent one of its own. It says nothing more.
std::string report(Order what) {
    wire::FromWorker message;
    wire::Report& report = *message.mutable_report();
    report.mutable_ledger()->set_received(1'000'000);
    report.mutable_ledger()->set_dropped_by_kernel(1'000'000);
    for (int i = 0; i < (what == "many" ? proto::WorkerReader::kSegmentLimit + 1 : 1); ++i) {
        wire::SegmentReport& segment = *report.add_segment();
        segment.set_counter(what == "another" ? 999 : 1);
        segment.set_rows(1);
        segment.set_blocks(what == "impossible" ? 2 : 1);
        segment.set_first_number(1);
        segment.set_last_number(1);
        segment.set_rows_bytes(1000);
        // Retention would remove everything else, if it believed this.
        segment.set_packets_bytes(1ULL << 47);
        segment.set_first_time_ns(1);
        segment.set_last_time_ns(1);
    }
    if (auto failed = send_over_link(message); !failed.empty()) return failed;
    for (;;) ::sleep(1);
}

constexpr std::array kSpoolAttacks = {
    Attack{"descriptors", descriptors},
    Attack{"segment-truncate", truncate_file},
    Attack{"segment-hole", punch_hole},
    Attack{"segment-pwrite", write_at},
    Attack{"segment-seek", seek_and_write},
    Attack{"segment-map", map_file},
    Attack{"segment-map-to-write", map_to_write},
    Attack{"segment-read", read_file},
    Attack{"segment-reopen", reopen},
    Attack{"segment-flags", write_anywhere},
    Attack{"segment-dup", duplicate},
    Attack{"segment-link", link_file},
    Attack{"segment-rename", rename_file},
    Attack{"segment-copy", copy_range},
    Attack{"segment-time", set_time},
    Attack{"segment-mode", change_mode},
    Attack{"segment-write", write_to_file},
    Attack{"segment-fill", fill},
    Attack{"fill-next", fill_next},
    Attack{"keep-open", close_nothing},
    Attack{"memory-file", anonymous_file},
    Attack{"send-descriptors", send_over_the_link},
    Attack{"send-elsewhere", send_elsewhere},
    Attack{"report", report},
};

}  // namespace

std::span<const Attack> attacks_on_the_spool() {
    return kSpoolAttacks;
}

}  // namespace packetsentry::attack
