// A batch from a worker that may be anybody's by now: checked, and then every accessor of every row.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "proto/rows/batch_view.h"
#include "tests/support/told_batch.h"

namespace {

std::uint64_t touch_columns(const packetsentry::proto::BatchView& view) {
    using packetsentry::wire::Column;
    std::uint64_t sum = 0;
    for (const auto& column : view.columns()) {
        sum += column.name().size();
        for (std::size_t i = 0; i < column.values(); ++i) {
            sum += column.row(i);
            if (column.kind() == Column::TEXT)
                for (const char byte : column.text(i)) sum += static_cast<unsigned char>(byte);
            else if (column.kind() == Column::ADDRESS)
                sum += view.address(static_cast<std::uint32_t>(column.number(i))).size;
            else
                sum += column.number(i);
        }
    }
    return sum;
}

std::uint64_t touch_names(const packetsentry::proto::BatchView& view) {
    std::uint64_t sum = 0;
    for (std::uint32_t slot = 0; slot <= view.address_slots(); ++slot) {
        const packetsentry::proto::AddressName name = view.name_of(slot);
        for (const char byte : name.text) sum += static_cast<unsigned char>(byte);
        sum += static_cast<std::uint64_t>(name.source);
    }
    return sum;
}

std::uint64_t touch_row(const packetsentry::proto::BatchView& view, std::uint32_t row) {
    std::uint64_t sum = static_cast<std::uint64_t>(view.time_ns(row)) + view.captured_bytes(row);
    for (const std::uint32_t slot :
         {view.source(row), view.destination(row), view.source_mac(row), view.destination_mac(row)})
        sum += view.address(slot).size;
    sum += view.source_port(row) + view.destination_port(row) + view.ip_protocol(row);
    sum += static_cast<std::uint64_t>(view.network(row)) + view.protocol(row).word().size();
    return sum + view.interface(row).name().size() + (view.flag(row, packetsentry::wire::FLAG_PORTS) ? 1 : 0);
}

// Read in place, it is what protobuf reads, or the view says that it is broken.
void read_in_place(std::string_view bytes) {
    const auto in_place = packetsentry::proto::BatchView::in_place(bytes);
    if (!in_place) return;
    const std::string told = packetsentry::test::told_batch(*in_place);
    if (in_place->broken()) return;
    packetsentry::wire::Batch batch;
    if (!batch.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) std::abort();
    const auto parsed = packetsentry::proto::BatchView::check(batch);
    if (!parsed || packetsentry::test::told_batch(*parsed) != told) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    read_in_place({reinterpret_cast<const char*>(data), size});
    packetsentry::wire::Batch batch;
    if (!batch.ParseFromArray(data, static_cast<int>(size))) return 0;
    const auto view = packetsentry::proto::BatchView::check(batch);
    if (!view) return 0;
    volatile std::uint64_t sum = touch_columns(*view) + touch_names(*view);
    for (std::uint32_t row = 0; row < view->rows(); ++row) sum = sum + touch_row(*view, row);
    return 0;
}
