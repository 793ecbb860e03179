// A format at work: turns batches of rows into bytes, and knows nothing of where these go.
#pragma once

#include <string_view>

#include "ctl/render/field_settings.h"
#include "ctl/render/packet_bytes.h"
#include "ctl/render/packet_time.h"
#include "ctl/render/row_batch.h"

namespace packetsentry::ctl::render {

// What a user may choose of a format. Each format takes what concerns it.
struct FormatSettings {
    wire::Table table = wire::TABLE_PACKETS;  // that the rows are of
    TimeFormat time_format = TimeFormat::fixed;
    FieldSettings fields = {};
    bool names = false;     // of addresses, as they were seen on the wire
    bool coloured = false;  // for a terminal
    // Below the line of each packet, in this order:
    bool details = false;   // its layers and fields
    BytesStyle bytes = {};  // its bytes
};

// Called once a batch, so that a row costs neither a virtual call nor an allocation.
class RowWriter {
  public:
    virtual ~RowWriter() = default;

    // The bytes of all rows of the batch, in a buffer of the writer's own that is valid until the next call.
    // Batches come in their order.
    [[nodiscard]] virtual std::string_view write(RowBatch& batch) = 0;
    // What goes out before all rows, also where no row comes. Valid as long as the writer.
    [[nodiscard]] virtual std::string_view head() const { return {}; }
};

}  // namespace packetsentry::ctl::render
