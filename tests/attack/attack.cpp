// Stands in the dissector's place: a packet with "attack:NAME:ARGUMENT;" in it takes the worker over. What
// came of it is the packet's row: "ATTACK NAME: succeeded", or why not.
//
// "attack:aside-NAME:ARGUMENT;" has the thread try it that writes the output or the spool, when it next
// writes; "attack:aside:;" tells what came of that. "attack:say:TEXT;" has the row say "TEXT;".
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <string>
#include <string_view>

#include "daemon/dissect/dissect.h"
#include "tests/attack/attacks.h"

namespace packetsentry::dissect {
namespace {

constexpr std::string_view kMark = "attack:";
constexpr const FieldInfo& kOutcome = field("packetsentry.detail");
constexpr std::array<const FieldInfo*, 1> kDetail{&kOutcome};
constexpr Protocol kAttack{.word = "ATTACK", .detail = kDetail};
constexpr Protocol kOther{.word = "OTHER"};

std::string order_in(std::span<const std::byte> frame) {
    const std::string_view text(reinterpret_cast<const char*>(frame.data()), frame.size());
    const std::size_t mark = text.find(kMark);
    if (mark == std::string_view::npos) return {};
    const std::string_view rest = text.substr(mark + kMark.size());
    return std::string(rest.substr(0, rest.find(';')));
}

constexpr std::string_view kAside = "aside";

struct Aside {
    std::mutex mutex;
    std::string name;  // empty: nothing is ordered
    std::string argument;
    std::string outcome = "not tried";
};

Aside& aside() {
    static Aside one;
    return one;
}

std::string order_aside(std::string_view name, const std::string& argument) {
    const std::lock_guard lock(aside().mutex);
    if (name.empty()) return aside().outcome;
    aside().name = name.substr(1);
    aside().argument = argument;
    return "ordered";
}

std::string try_out(const std::string& name, const std::string& argument) {
    if (name == "say") return argument + ";";
    if (name.starts_with(kAside)) return order_aside(std::string_view(name).substr(kAside.size()), argument);
    return attack::try_out(name, argument);
}

}  // namespace

static void try_aside() {
    const std::lock_guard lock(aside().mutex);
    if (aside().name.empty()) return;
    aside().outcome = attack::try_out(aside().name, aside().argument);
    aside().name.clear();
}

void dissect(std::span<const std::byte> frame, std::size_t, std::uint32_t, Dissection& out, Layout*) {
    out.reset();
    out.protocol = &kOther;
    const std::string order = order_in(frame);
    if (order.empty()) return;
    const std::string name = order.substr(0, order.find(':'));
    const std::string argument = order.substr(std::min(order.size(), name.size() + 1));
    const std::string why_not = try_out(name, argument);
    out.protocol = &kAttack;
    const std::size_t begin = out.begin_text();
    out.put(name + ": " + (why_not.empty() ? "succeeded" : why_not));
    out.add(kOutcome, out.text_since(begin));
}

}  // namespace packetsentry::dissect

namespace packetsentry::attack {

static std::atomic<bool> closes = true;

void keep_open() {
    closes = false;
}

}  // namespace packetsentry::attack

// In the library's place, for whatever this program writes and closes.
extern "C" ssize_t write(int fd, const void* bytes, std::size_t size) {
    if (::gettid() != ::getpid()) packetsentry::dissect::try_aside();
    return ::syscall(SYS_write, fd, bytes, size);
}

extern "C" int close(int fd) {
    return packetsentry::attack::closes ? static_cast<int>(::syscall(SYS_close, fd)) : 0;
}
