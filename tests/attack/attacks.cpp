#include "tests/attack/attacks.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/net_tstamp.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <clocale>
#include <cstring>
#include <ctime>
#include <memory>
#include <new>
#include <vector>

#include "daemon/base/syscall.h"
#include "proto/link/start_worker.h"
#include "proto/messages/worker.pb.h"
#include "tests/support/test_batch.h"

namespace packetsentry::attack {
namespace {

using Argument = const std::string&;

std::string outcome(long result) {
    return result < 0 ? base::errno_text(errno) : "";
}

template <typename... Arguments>
std::string call(long number, Arguments... arguments) {
    return outcome(::syscall(number, arguments...));
}

int packet_socket() {
    for (int fd = 0; fd < 64; ++fd) {
        sockaddr_ll address{};
        socklen_t size = sizeof address;
        if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) == 0 &&
            address.sll_family == AF_PACKET)
            return fd;
    }
    return -1;
}

// An Ethernet broadcast that no honest packet resembles.
std::array<char, 60> forged_frame() {
    std::array<char, 60> frame{};
    frame.fill('\xff');
    std::memcpy(frame.data() + 12, "\x88\xb5INJECTED", 10);
    return frame;
}

std::string open_for(Argument path, int flags) {
    return call(SYS_openat, AT_FDCWD, path.c_str(), flags, 0);
}
std::string open_file(Argument path) {
    return open_for(path, O_RDONLY);
}
std::string write_file(Argument path) {
    return open_for(path, O_WRONLY | O_APPEND);
}
std::string packet_socket_anew(Argument) {
    return call(SYS_socket, AF_PACKET, SOCK_RAW, 0);
}
std::string inet_socket(Argument) {
    return call(SYS_socket, AF_INET, SOCK_STREAM, 0);
}
std::string connect_link(Argument path) {
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    std::copy_n(path.begin(), std::min(path.size(), sizeof address.sun_path - 1), address.sun_path);
    return call(SYS_connect, 3, &address, sizeof address);
}
std::string bind_elsewhere(Argument) {
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_ifindex = 1;
    address.sll_protocol = 0x0300;  // ETH_P_ALL
    return call(SYS_bind, packet_socket(), &address, sizeof address);
}
std::string set_option(int level, int option, const void* value, socklen_t size) {
    return call(SYS_setsockopt, packet_socket(), level, option, value, size);
}
std::string detach_filter(Argument) {
    const int none = 0;
    return set_option(SOL_SOCKET, SO_DETACH_FILTER, &none, sizeof none);
}
std::string replace_filter(Argument) {
    sock_filter everything{BPF_RET | BPF_K, 0, 0, 0xffffffff};
    const sock_fprog program{1, &everything};
    return set_option(SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}
std::string promiscuous(Argument) {
    packet_mreq request{};
    request.mr_ifindex = 1;
    request.mr_type = PACKET_MR_PROMISC;
    return set_option(SOL_PACKET, PACKET_ADD_MEMBERSHIP, &request, sizeof request);
}
std::string inject_write(Argument) {
    const auto frame = forged_frame();
    return call(SYS_write, packet_socket(), frame.data(), frame.size());
}
std::string inject_writev(Argument) {
    auto frame = forged_frame();
    const iovec part{frame.data(), frame.size()};
    return call(SYS_writev, packet_socket(), &part, 1);
}
std::string inject_pwrite(Argument) {
    const auto frame = forged_frame();
    return call(SYS_pwrite64, packet_socket(), frame.data(), frame.size(), 0);
}
std::string inject_sendto(Argument) {
    const auto frame = forged_frame();
    return call(SYS_sendto, packet_socket(), frame.data(), frame.size(), 0, nullptr, 0);
}
std::string inject_sendmsg(Argument) {
    auto frame = forged_frame();
    iovec part{frame.data(), frame.size()};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    return call(SYS_sendmsg, packet_socket(), &message, 0);
}
// Over a number that may be written.
std::string inject_dup(Argument) {
    if (auto failed = call(SYS_dup2, packet_socket(), 1); !failed.empty()) return failed;
    const auto frame = forged_frame();
    return call(SYS_write, 1, frame.data(), frame.size());
}
std::string inject_fcntl(Argument) {
    return call(SYS_fcntl, packet_socket(), F_DUPFD, 0);
}
std::string trace(Argument process) {
    return call(SYS_ptrace, PTRACE_SEIZE, std::stol(process), 0L, 0L);
}
std::string signal_process(Argument process) {
    return call(SYS_kill, std::stol(process), SIGTERM);
}
std::string signal_thread(Argument process) {
    return call(SYS_tgkill, std::stol(process), std::stol(process), SIGTERM);
}
std::string pidfd(Argument process) {
    return call(SYS_pidfd_open, std::stol(process), 0);
}
std::string read_memory(Argument process) {
    std::array<char, 8> bytes{};
    const iovec here{bytes.data(), bytes.size()};
    return call(SYS_process_vm_readv, std::stol(process), &here, 1L, &here, 1L, 0L);
}
std::string fork_process(Argument) {
    const long pid = ::syscall(SYS_clone, SIGCHLD, 0L, 0L, 0L, 0L);
    if (pid == 0) ::_exit(0);
    return outcome(pid);
}
std::string fork_clone3(Argument) {
    std::array<std::uint64_t, 8> arguments{};
    arguments[4] = SIGCHLD;
    const long pid = ::syscall(SYS_clone3, arguments.data(), sizeof arguments);
    if (pid == 0) ::_exit(0);
    return outcome(pid);
}
std::string execute(Argument path) {
    std::array<char*, 1> none{nullptr};
    return call(SYS_execve, path.c_str(), none.data(), none.data());
}
std::string executable_memory(Argument) {
    return call(SYS_mmap, 0L, 4096L, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1L,
                0L);
}
std::string become_dumpable(Argument) {
    return call(SYS_prctl, PR_SET_DUMPABLE, 1L, 0L, 0L, 0L);
}
std::string raise_limit(Argument) {
    const rlimit much{1024, 1024};
    return call(SYS_prlimit64, 0L, RLIMIT_NOFILE, &much, nullptr);
}
std::string io_uring(Argument) {
    std::array<char, 256> parameters{};
    return call(SYS_io_uring_setup, 4L, parameters.data());
}
std::string unknown_call(Argument) {
    return call(100'000);
}

void dropped(wire::Ledger& ledger, std::uint64_t packets) {
    ledger.set_received(packets);
    ledger.set_dropped_by_kernel(packets);
}

// Says over the link what is valid in itself, as fast as it is taken.
std::string flood(Argument what) {
    wire::FromWorker message;
    for (std::uint64_t row = 0;; ++row) {
        if (what == "notices")
            message.mutable_notice()->set_text("one of a flood");
        else if (what == "reports")
            dropped(*message.mutable_report()->mutable_ledger(), 1'000'000 + row);
        else if (what == "rows")
            message = test::test_rows(row + 1, 1);
        else
            return "?";
        if (std::string failed = send_over_link(message); !failed.empty()) return failed;
    }
}

// What honest code may come to do, and survives.
std::string honest_allocations(Argument) {
    std::vector<std::unique_ptr<char[]>> many;
    for (int i = 0; i < 64; ++i) many.push_back(std::make_unique<char[]>(1U << 20));
    for (int i = 0; i < 100'000; ++i) many.push_back(std::make_unique<char[]>(100));
    return many.size() == 100'064 ? "" : "?";
}
int recurse(int depth) {
    std::array<volatile char, 4096> frame{};
    frame[0] = static_cast<char>(depth);
    return depth == 0 ? frame[0] : recurse(depth - 1) + frame[0];
}
std::string honest_stack(Argument) {
    return recurse(1000) != 1 ? "" : "?";
}
std::string honest_exception(Argument) {
    try {
        throw std::bad_alloc();
    } catch (const std::bad_alloc&) {
        return "";
    }
}
std::string honest_time_zone(Argument) {
    const std::time_t now = 1'000'000'000;
    std::tm parts{};
    ::tzset();
    return ::localtime_r(&now, &parts) != nullptr ? "" : "?";
}
std::string honest_locale(Argument) {
    (void)std::setlocale(LC_ALL, "de_DE.UTF-8");
    return "";
}

// Faults.
std::string endless_loop(Argument) {
    volatile bool on = true;
    while (on) continue;
    return "";
}
std::string crash(Argument) {
    *static_cast<volatile int*>(nullptr) = 1;
    return "";
}
std::string all_memory(Argument) {
    std::vector<std::unique_ptr<char[]>> much;
    for (;;) much.push_back(std::make_unique<char[]>(1U << 20));
}

constexpr std::array kAttacks = {
    Attack{"open", open_file},
    Attack{"write-file", write_file},
    Attack{"packet-socket", packet_socket_anew},
    Attack{"inet-socket", inet_socket},
    Attack{"connect", connect_link},
    Attack{"bind", bind_elsewhere},
    Attack{"detach-filter", detach_filter},
    Attack{"replace-filter", replace_filter},
    Attack{"promiscuous", promiscuous},
    Attack{"inject-write", inject_write},
    Attack{"inject-writev", inject_writev},
    Attack{"inject-pwrite", inject_pwrite},
    Attack{"inject-sendto", inject_sendto},
    Attack{"inject-sendmsg", inject_sendmsg},
    Attack{"inject-dup", inject_dup},
    Attack{"inject-fcntl", inject_fcntl},
    Attack{"ptrace", trace},
    Attack{"kill", signal_process},
    Attack{"tgkill", signal_thread},
    Attack{"pidfd", pidfd},
    Attack{"read-memory", read_memory},
    Attack{"fork", fork_process},
    Attack{"clone3", fork_clone3},
    Attack{"exec", execute},
    Attack{"executable-memory", executable_memory},
    Attack{"dumpable", become_dumpable},
    Attack{"raise-limit", raise_limit},
    Attack{"io-uring", io_uring},
    Attack{"unknown-call", unknown_call},
    Attack{"flood", flood},
    Attack{"honest-allocations", honest_allocations},
    Attack{"honest-stack", honest_stack},
    Attack{"honest-exception", honest_exception},
    Attack{"honest-time-zone", honest_time_zone},
    Attack{"honest-locale", honest_locale},
    Attack{"loop", endless_loop},
    Attack{"crash", crash},
    Attack{"memory", all_memory},
};

}  // namespace

std::string send_over_link(const wire::FromWorker& message) {
    const std::string bytes = message.SerializeAsString();
    const auto size = static_cast<std::uint32_t>(bytes.size());
    std::string frame(reinterpret_cast<const char*>(&size), sizeof size);
    frame += bytes;
    for (std::size_t sent = 0; sent < frame.size();) {
        const long some =
            ::syscall(SYS_write, proto::kWorkerLinkFd, frame.data() + sent, frame.size() - sent);
        if (some < 0 && errno != EAGAIN) return base::errno_text(errno);
        if (some > 0) sent += static_cast<std::size_t>(some);
    }
    return "";
}

std::string try_out(std::string_view name, const std::string& argument) {
    for (const std::span<const Attack> attacks : {std::span<const Attack>(kAttacks), attacks_on_the_spool()})
        for (const Attack& attack : attacks)
            if (attack.name == name) return attack.run(argument);
    return "?";
}

}  // namespace packetsentry::attack
