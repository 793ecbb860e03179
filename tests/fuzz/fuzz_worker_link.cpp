// What a taken-over worker may send: frames, each behind two bytes of its length, the lower one first. What
// the reader lets through must hold what it promises.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "daemon/jobs/ledger.h"
#include "daemon/jobs/link_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace packetsentry;
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    jobs::LinkReader reader;
    reader.expect_rows();
    std::uint64_t rows = 0;
    while (rest.size() >= 2) {
        const std::size_t wanted =
            static_cast<std::uint8_t>(rest[0]) + 256U * static_cast<std::uint8_t>(rest[1]);
        const std::string_view frame = rest.substr(2, wanted);
        rest.remove_prefix(2 + frame.size());
        const auto event = reader.read(frame, {});
        if (!event) return 0;
        if (const auto* batch = std::get_if<jobs::Batch>(&*event)) {
            rows += batch->rows;
            if (batch->rows == 0 || batch->bytes.size() > frame.size()) std::abort();
        }
        if (const auto* ended = std::get_if<wire::Ended>(&*event))
            if (ended->reason() != wire::END_FAILED && ended->ledger().recorded() != rows) std::abort();
        if (!jobs::balances(reader.ledger())) std::abort();
    }
    return 0;
}
