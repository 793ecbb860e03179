// What a taken-over worker may answer to a question about the past: frames, each behind two bytes of its
// length, the lower one first. What the reader lets through must be what was asked for.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "ctl/client/answer_reader.h"

namespace {

using namespace packetsentry;

constexpr std::int64_t kSinceNs = 1000;
constexpr std::int64_t kUntilNs = 1'000'000;
constexpr std::uint64_t kCount = 5;
constexpr std::uint64_t kJob = 12;

// Gives the number of rows.
std::uint64_t check(const ctl::FoundBatch& found) {
    if (found.job != kJob || found.view->rows() == 0) std::abort();
    for (std::uint32_t row = 0; row < found.view->rows(); ++row) {
        if (row != 0 && found.view->number(row) <= found.view->number(row - 1)) std::abort();
        if (found.view->flag(row, wire::FLAG_NO_TIME)) continue;
        if (found.view->time_ns(row) < kSinceNs || found.view->time_ns(row) >= kUntilNs) std::abort();
    }
    return found.view->rows();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    wire::Question question;
    question.set_since_ns(kSinceNs);
    question.set_until_ns(kUntilNs);
    question.set_count(kCount);
    wire::SearchScope scope;
    scope.add_job()->set_id(kJob);
    ctl::AnswerReader reader(question, scope);
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    std::uint64_t rows = 0;
    while (rest.size() >= 2) {
        const std::size_t wanted =
            static_cast<std::uint8_t>(rest[0]) + 256U * static_cast<std::uint8_t>(rest[1]);
        const std::string_view frame = rest.substr(2, wanted);
        rest.remove_prefix(2 + frame.size());
        if (reader.ended() && reader.read(frame)) std::abort();
        if (reader.ended()) return 0;
        const auto event = reader.read(frame);
        if (!event) return 0;
        if (const auto* found = std::get_if<ctl::FoundBatch>(&*event)) rows += check(*found);
        if (rows > kCount) std::abort();
        const auto* end = std::get_if<wire::SearchEnd>(&*event);
        if (end != nullptr && end->counts().rows_found() < rows) std::abort();
    }
    return 0;
}
