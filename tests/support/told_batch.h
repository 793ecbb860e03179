// Everything that a view of a batch tells, as bytes: two views that tell the same are of the same rows.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "proto/rows/batch_view.h"

namespace packetsentry::test {

class ToldBatch {
  public:
    explicit ToldBatch(const proto::BatchView& view) : view_(view) {
        add(view.first_number());
        add(static_cast<std::uint64_t>(view.table()));
        for (std::uint32_t row = 0; row < view.rows(); ++row) add_row(row);
        for (const std::uint64_t packets : view.fields().skipped.numbers()) add(packets);
        for (const proto::ColumnFields& column : view.fields().column) add_numbers(column);
        add_entries(view.fields().interface);
        add_entries(view.fields().protocol);
        for (std::uint32_t chain = 0; chain < view.layers_count(); ++chain) {
            add(view.layers(chain));
            add(view.ethertype(chain));
        }
        for (const proto::ColumnView& column : view.columns()) add_column(column);
        for (std::uint32_t slot = 0; slot <= view.address_slots(); ++slot) add_name(slot);
    }
    [[nodiscard]] const std::string& bytes() const { return bytes_; }

  private:
    void add(std::uint64_t number) { proto::append_number(bytes_, number); }
    void add(std::string_view text) {
        add(std::uint64_t{text.size()});
        bytes_ += text;
    }
    void add_address(std::uint32_t slot) { add(base::to_string(view_.address(slot))); }

    void add_name(std::uint32_t slot) {
        const proto::AddressName name = view_.name_of(slot);
        add(name.text);
        add(static_cast<std::uint64_t>(name.source));
    }

    void add_row(std::uint32_t row) {
        add(static_cast<std::uint64_t>(view_.time_ns(row)));
        for (const std::uint64_t number :
             {view_.number(row), view_.place(row), std::uint64_t{view_.wire_bytes(row)},
              std::uint64_t{view_.captured_bytes(row)}, std::uint64_t{view_.source_port(row)},
              std::uint64_t{view_.destination_port(row)}, std::uint64_t{view_.ip_protocol(row)},
              std::uint64_t{view_.layers_index(row)}})
            add(number);
        for (const std::uint32_t slot :
             {view_.source(row), view_.destination(row), view_.source_mac(row), view_.destination_mac(row)})
            add_address(slot);
        add(static_cast<std::uint64_t>(view_.network(row)));
        add(std::uint64_t{static_cast<unsigned char>(view_.fields().flags[row])});
        add(view_.protocol(row).SerializeAsString());
        add(view_.interface(row).SerializeAsString());
        add(view_.captured(row));
        add_headers(row);
    }
    void add_headers(std::uint32_t row) {
        for (const std::uint64_t number :
             {std::uint64_t{view_.hop_limit(row)}, std::uint64_t{view_.dscp(row)},
              std::uint64_t{view_.ecn(row)}, std::uint64_t{view_.identification(row)},
              std::uint64_t{view_.fragment_offset(row)}, std::uint64_t{view_.is_fragment(row)},
              std::uint64_t{view_.has_tcp(row)}, std::uint64_t{view_.tcp_flags(row)},
              std::uint64_t{view_.tcp_window(row)}, std::uint64_t{view_.tcp_payload_bytes(row)},
              std::uint64_t{view_.tcp_sequence(row)}, std::uint64_t{view_.tcp_acknowledgement(row)},
              std::uint64_t{view_.tcp_timestamp(row)}, std::uint64_t{view_.tcp_timestamp_echo(row)},
              std::uint64_t{view_.udp_length(row)}})
            add(number);
    }
    // Those of fields that are not known too.
    void add_numbers(const proto::ColumnFields& column) {
        for (const std::uint32_t row : column.row.numbers()) add(row);
        for (const std::uint64_t number : column.number.numbers()) add(number);
        for (const std::uint32_t size : column.text_size.numbers()) add(size);
    }
    // Those that no row needs too.
    template <typename Entries>
    void add_entries(const Entries& entries) {
        for (std::size_t i = 0; i < entries.size(); ++i) add(entries[i].SerializeAsString());
    }
    void add_column(const proto::ColumnView& column) {
        (void)column.read();
        add(column.name());
        add(static_cast<std::uint64_t>(column.kind()) * 4 + (column.list() ? 2U : 0U) +
            (column.keyword() ? 1U : 0U));
        for (std::size_t i = 0; i < column.values(); ++i) {
            add(column.row(i));
            if (column.kind() == wire::Column::TEXT)
                add(column.text(i));
            else
                add(column.number(i));
            if (column.kind() == wire::Column::ADDRESS) add(base::to_string(column.address(i)));
        }
    }

    const proto::BatchView& view_;
    std::string bytes_;
};

[[nodiscard]] inline std::string told_batch(const proto::BatchView& view) {
    return ToldBatch(view).bytes();
}

}  // namespace packetsentry::test
