// What a taken-over worker may send: frames, each behind two bytes of its length, the lower one first. What
// the reader lets through must hold what it promises.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "proto/link/ledger.h"
#include "proto/link/worker_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace packetsentry;
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    proto::WorkerReader reader;
    reader.expect_rows();
    std::uint64_t rows = 0, last_number = 0;
    while (rest.size() >= 2) {
        const std::size_t wanted =
            static_cast<std::uint8_t>(rest[0]) + 256U * static_cast<std::uint8_t>(rest[1]);
        const std::string_view frame = rest.substr(2, wanted);
        rest.remove_prefix(2 + frame.size());
        const auto event = reader.read(frame, {});
        if (!event) return 0;
        if (const auto* come = std::get_if<proto::NewRows>(&*event)) {
            if (come->rows == 0 || come->first_number <= last_number) std::abort();
            rows += come->rows;
            last_number = come->first_number + come->rows - 1;
            if (reader.view().rows() != come->rows || reader.take_batch().size() > frame.size()) std::abort();
        }
        if (reader.ledger().recorded() != rows || !proto::balances(reader.ledger())) std::abort();
    }
    return 0;
}
