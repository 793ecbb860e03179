// Takes over a worker that reads a segment, by what it reads. Rows with "question:NAME:ARGUMENT;" take over a
// worker that answers a question, and rows with "tidy:NAME:ARGUMENT;" one that makes an index. Such rows are
// recorded of a packet with "attack:say:question:NAME:ARGUMENT;" (attack.cpp).
//
// What came of it is a note in the answer, or the error with which the index is not made.
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>

#include "proto/link/start_worker.h"
#include "proto/messages/search.pb.h"
#include "tests/attack/attacks.h"

namespace packetsentry::attack {
namespace {

constexpr int kFirst = proto::kWorkerLinkFd + 1;  // the pipe for the answer, or the index

// The pipe has no position.
std::string_view own_mark() {
    return ::syscall(SYS_lseek, kFirst, 0L, SEEK_CUR) < 0 && errno == ESPIPE ? "question:" : "tidy:";
}

void tell_client(const std::string& outcome) {
    wire::Answer answer;
    answer.mutable_note()->set_text(outcome);
    const std::string bytes = answer.SerializeAsString();
    const auto size = static_cast<std::uint32_t>(bytes.size());
    std::string frame(reinterpret_cast<const char*>(&size), sizeof size);
    frame += bytes;
    (void)::syscall(SYS_write, kFirst, frame.data(), frame.size());
}

void tell_maker(const std::string& outcome) {
    wire::FromWorker message;
    message.mutable_ended()->set_reason(wire::END_FAILED);
    message.mutable_ended()->mutable_error()->set_code(9);  // internal
    message.mutable_ended()->mutable_error()->set_message(outcome);
    (void)send_over_link(message);
    ::_exit(0);
}

void obey(std::string_view read_bytes) {
    static bool obeyed = false;
    if (obeyed) return;
    const std::string_view mark = own_mark();
    const std::size_t at = read_bytes.find(mark);
    if (at == std::string_view::npos) return;
    const std::string_view rest = read_bytes.substr(at + mark.size());
    const std::string order(rest.substr(0, rest.find(';')));
    const std::string name = order.substr(0, order.find(':'));
    obeyed = true;
    const std::string why_not = try_out(name, order.substr(std::min(order.size(), name.size() + 1)));
    const std::string outcome = "ATTACK " + name + ": " + (why_not.empty() ? "succeeded" : why_not);
    if (mark.starts_with('q'))
        tell_client(outcome);
    else
        tell_maker(outcome);
}

}  // namespace
}  // namespace packetsentry::attack

// In the library's place, for whatever this program reads at a place of a file.
extern "C" ssize_t pread(int fd, void* bytes, std::size_t size, off_t offset) {
    const ssize_t got = ::syscall(SYS_pread64, fd, bytes, size, offset);
    if (got > 0) packetsentry::attack::obey({static_cast<const char*>(bytes), static_cast<std::size_t>(got)});
    return got;
}
