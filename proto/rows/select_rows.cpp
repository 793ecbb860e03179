#include "proto/rows/select_rows.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace packetsentry::proto {
namespace {

using ChosenRows = std::span<const std::uint32_t>;

constexpr std::size_t kByte = 1, kTwoBytes = 2, kFourBytes = 4;

// Returns where so many further numbers begin, which are 0.
template <typename Number>
Number* make_room(google::protobuf::RepeatedField<Number>& numbers, std::size_t count) {
    const int before = numbers.size();
    numbers.Resize(before + static_cast<int>(count), Number{0});
    return numbers.mutable_data() + before;
}

// The number at place i of a column that has room for it.
void put_short(std::string& column, std::size_t i, std::uint16_t value) {
    value = little_endian(value);
    std::memcpy(column.data() + kShortBytes * i, &value, sizeof value);
}

// Which entries of a dictionary the new batch has.
class KeptEntries {
  public:
    explicit KeptEntries(std::size_t entries) : places_(entries) {}

    // Returns the place of the entry in the new dictionary, counted from 1. append() is called when the
    // entry is needed for the first time.
    template <typename Append>
    [[nodiscard]] std::uint32_t place(std::size_t entry, Append append) {
        if (places_[entry] == 0) {
            append();
            places_[entry] = ++kept_;
        }
        return places_[entry];
    }

  private:
    std::vector<std::uint32_t> places_;
    std::uint32_t kept_ = 0;
};

class Selection {
  public:
    Selection(const BatchView& view, ChosenRows rows)
        : view_(view),
          from_(view.fields()),
          rows_(rows),
          addresses_(view.address_slots() + std::size_t{1}),
          interfaces_(from_.interface.size()),
          protocols_(from_.protocol.size()),
          layers_(view.layers_count()) {}

    [[nodiscard]] wire::Batch make() {
        to_.set_table(from_.table);
        to_.set_rows(static_cast<std::uint32_t>(rows_.size()));
        add_numbers();
        add_times();
        add_places();
        add_lengths();
        add_addresses();
        add_codes();
        add_headers();
        add_columns();
        add_names();
        return std::move(to_);
    }

  private:
    void add_numbers();
    void add_times();
    void add_places();
    void add_lengths();
    void add_addresses();
    void add_codes();
    void add_interfaces();
    void add_headers();
    void add_columns();
    void add_names();
    void add_column(const ColumnView& column, const std::vector<std::uint32_t>& new_rows);
    void choose_values(const ColumnView& column, const std::vector<std::uint32_t>& new_rows);
    [[nodiscard]] wire::Column& begin_column(const ColumnView& column);
    void add_texts(const ColumnView& column, wire::Column& to) const;
    void add_value_numbers(const ColumnView& column, wire::Column& to);

    // An optional column of the old batch that is empty stays so.
    template <typename Number>
    void copy(const PackedColumn<Number>& from, google::protobuf::RepeatedField<Number>& to) const {
        if (from.empty()) return;
        Number* at = make_room(to, rows_.size());
        from.pick(rows_, [&at](Number number) { *at++ = number; });
    }
    // row_bytes is a constant, so that no function is called for a row.
    template <std::size_t row_bytes>
    void copy(std::string_view from, std::string& to) const {
        if (from.empty()) return;
        to.resize(row_bytes * rows_.size());
        char* at = to.data();
        for (const std::uint32_t row : rows_) {
            std::memcpy(at, from.data() + row_bytes * row, row_bytes);
            at += row_bytes;
        }
    }
    void copy_slots(std::string_view from, std::string& to) {
        if (from.empty()) return;
        to.resize(kShortBytes * rows_.size());
        for (std::size_t i = 0; i < rows_.size(); ++i)
            put_short(to, i, static_cast<std::uint16_t>(slot(short_at(from, rows_[i]))));
    }

    [[nodiscard]] std::uint32_t slot(std::uint32_t old) {
        if (old == 0) return 0;
        return addresses_.place(old, [this, old] {
            const std::span<const char> address = view_.address_bytes(old);
            to_.mutable_address()->append(address.data(), address.size());
            to_.mutable_address_size()->push_back(static_cast<char>(address.size()));
            old_slots_.push_back(old);
        });
    }

    const BatchView& view_;
    const BatchFields& from_;
    ChosenRows rows_;
    KeptEntries addresses_, interfaces_, protocols_, layers_;
    std::vector<std::uint32_t> old_slots_;  // of each address of the new batch
    // The values of the present column whose rows are chosen. So many of them are in use.
    std::size_t chosen_ = 0;
    std::vector<std::uint32_t> values_;
    std::vector<std::uint32_t> rows_of_values_;  // in the new batch, counted from 1
    wire::Batch to_;
};

void Selection::add_numbers() {
    to_.set_first_number(view_.number(rows_.front()));
    std::uint64_t last = to_.first_number();
    if (view_.number(rows_.back()) - last == rows_.size() - 1) return;
    std::uint64_t* left_out = make_room(*to_.mutable_left_out(), rows_.size());
    for (const std::uint32_t row : rows_) {
        const std::uint64_t number = view_.number(row);
        *left_out++ = number == last ? 0 : number - last - 1;
        last = number;
    }
}

// Differences are unsigned, because forged times may be anywhere.
void Selection::add_times() {
    to_.set_first_time_ns(view_.time_ns(rows_.front()));
    auto last = static_cast<std::uint64_t>(to_.first_time_ns());
    std::int64_t* delta = make_room(*to_.mutable_time_delta_ns(), rows_.size());
    for (const std::uint32_t row : rows_) {
        const auto time = static_cast<std::uint64_t>(view_.time_ns(row));
        *delta++ = static_cast<std::int64_t>(time - last);
        last = time;
    }
}

// Forged places may wrap. Those that no batch may begin with are left out.
void Selection::add_places() {
    const std::uint64_t first = view_.place(rows_.front());
    if (first == 0 || first > kNumberLimit) return;
    to_.set_first_place(first);
    std::uint64_t next = first;
    for (const std::uint32_t row : rows_) {
        to_.add_skipped(view_.place(row) - next);
        next = view_.place(row) + 1;
    }
    if (std::ranges::all_of(to_.skipped(), [](std::uint64_t packets) { return packets == 0; }))
        to_.clear_skipped();
}

void Selection::add_lengths() {
    copy(from_.wire_bytes, *to_.mutable_wire_bytes());
    copy(from_.cut_bytes, *to_.mutable_cut_bytes());
    copy(from_.duration_ns, *to_.mutable_duration_ns());
    if (!view_.has_captured()) return;
    for (const std::uint32_t row : rows_) to_.mutable_captured()->append(view_.captured(row));
}

void Selection::add_addresses() {
    copy_slots(from_.source, *to_.mutable_source());
    copy_slots(from_.destination, *to_.mutable_destination());
    copy_slots(from_.source_mac, *to_.mutable_source_mac());
    copy_slots(from_.destination_mac, *to_.mutable_destination_mac());
}

void Selection::add_codes() {
    copy<kByte>(from_.network, *to_.mutable_network());
    copy<kByte>(from_.ip_protocol, *to_.mutable_ip_protocol());
    copy<kByte>(from_.flags, *to_.mutable_flags());
    copy<kTwoBytes>(from_.source_port, *to_.mutable_source_port());
    copy<kTwoBytes>(from_.destination_port, *to_.mutable_destination_port());
    std::string& protocols = *to_.mutable_protocol_index();
    protocols.resize(rows_.size());
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        const std::size_t old = view_.protocol_index(rows_[i]);
        const std::uint32_t place = protocols_.place(old, [&] { *to_.add_protocol() = from_.protocol[old]; });
        protocols[i] = static_cast<char>(place - 1);
    }
    add_interfaces();
}

void Selection::add_interfaces() {
    const auto add = [this](std::size_t old) {
        const std::uint32_t place =
            interfaces_.place(old, [this, old] { *to_.add_interface() = from_.interface[old]; });
        to_.add_interface_index(place - 1);
    };
    if (from_.interface_index.empty())
        add(0);
    else
        from_.interface_index.pick(rows_, add);
    if (to_.interface_size() == 1) to_.clear_interface_index();
}

void Selection::add_headers() {
    copy<kByte>(from_.hop_limit, *to_.mutable_hop_limit());
    copy<kByte>(from_.traffic_class, *to_.mutable_traffic_class());
    copy<kTwoBytes>(from_.identification, *to_.mutable_identification());
    copy<kTwoBytes>(from_.fragment, *to_.mutable_fragment());
    copy<kTwoBytes>(from_.tcp_flags, *to_.mutable_tcp_flags());
    copy<kTwoBytes>(from_.tcp_window, *to_.mutable_tcp_window());
    copy<kTwoBytes>(from_.tcp_payload_bytes, *to_.mutable_tcp_payload_bytes());
    copy<kFourBytes>(from_.tcp_sequence, *to_.mutable_tcp_sequence());
    copy<kFourBytes>(from_.tcp_acknowledgement, *to_.mutable_tcp_acknowledgement());
    copy<kFourBytes>(from_.tcp_timestamp, *to_.mutable_tcp_timestamp());
    copy<kFourBytes>(from_.tcp_timestamp_echo, *to_.mutable_tcp_timestamp_echo());
    copy<kTwoBytes>(from_.udp_length, *to_.mutable_udp_length());
    copy<kByte>(from_.tcp_notes, *to_.mutable_tcp_notes());
    if (from_.layers_index.empty()) return;
    std::string& layers = *to_.mutable_layers_index();
    layers.resize(kShortBytes * rows_.size());
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        const std::uint32_t old = view_.layers_index(rows_[i]);
        const auto append = [&] { *to_.add_layers() = from_.layers[old - 1]; };
        put_short(layers, i, static_cast<std::uint16_t>(old == 0 ? 0 : layers_.place(old, append)));
    }
}

void Selection::add_columns() {
    std::vector<std::uint32_t> new_rows(rows_.back() - rows_.front() + std::size_t{1});
    for (std::uint32_t i = 0; i < rows_.size(); ++i) new_rows[rows_[i] - rows_.front()] = i + 1;
    for (const ColumnView& column : view_.columns()) add_column(column, new_rows);
}

// Call it when all addresses of the new batch are there: only these have their names in it.
void Selection::add_names() {
    if (!view_.has_names()) return;
    for (std::uint32_t slot = 1; slot <= old_slots_.size(); ++slot) {
        const AddressName name = view_.name_of(old_slots_[slot - 1]);
        if (name.text.empty()) continue;
        to_.add_named(slot);
        to_.mutable_name()->append(name.text);
        to_.add_name_size(static_cast<std::uint32_t>(name.text.size()));
        to_.mutable_name_source()->push_back(static_cast<char>(name.source));
    }
}

// new_rows: for each row from the first chosen one on, its row in the new batch, counted from 1; 0: it is
// not chosen.
void Selection::add_column(const ColumnView& column, const std::vector<std::uint32_t>& new_rows) {
    choose_values(column, new_rows);
    if (chosen_ == 0) return;
    wire::Column& to = begin_column(column);
    std::uint32_t* row = make_room(*to.mutable_row(), chosen_);
    for (std::size_t i = 0; i < chosen_; ++i) row[i] = rows_of_values_[i] - 1;
    if (column.kind() == wire::Column::TEXT)
        add_texts(column, to);
    else
        add_value_numbers(column, to);
}

// Few values are looked at where the chosen rows are close together. Each is written down, and the next
// one over it if its row is not chosen, because a processor cannot foresee which are.
void Selection::choose_values(const ColumnView& column, const std::vector<std::uint32_t>& new_rows) {
    chosen_ = 0;
    const std::span<const std::uint32_t> rows = column.value_rows();
    const std::size_t first = column.first_value(rows_.front());
    const std::size_t last = column.first_value(rows_.back() + 1);
    if (values_.size() < last - first) {
        values_.resize(last - first);
        rows_of_values_.resize(last - first);
    }
    for (std::size_t i = first; i < last; ++i) {
        const std::uint32_t row = new_rows[rows[i] - rows_.front()];
        values_[chosen_] = static_cast<std::uint32_t>(i);
        rows_of_values_[chosen_] = row;
        chosen_ += row != 0 ? 1 : 0;
    }
}

wire::Column& Selection::begin_column(const ColumnView& column) {
    wire::Column& to = *to_.add_column();
    if (column.field() != nullptr)
        to.set_field(column.field()->number);
    else
        to.set_name(std::string(column.name()));
    to.set_kind(column.kind());
    to.set_list(column.list());
    to.set_keyword(column.keyword());
    return to;
}

void Selection::add_texts(const ColumnView& column, wire::Column& to) const {
    std::uint32_t* const size = make_room(*to.mutable_text_size(), chosen_);
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < chosen_; ++i) {
        size[i] = static_cast<std::uint32_t>(column.text(values_[i]).size());
        bytes += size[i];
    }
    std::string& texts = *to.mutable_text();
    texts.reserve(bytes);
    for (std::size_t i = 0; i < chosen_; ++i) texts.append(column.text(values_[i]));
}

void Selection::add_value_numbers(const ColumnView& column, wire::Column& to) {
    std::uint64_t* const number = make_room(*to.mutable_number(), chosen_);
    for (std::size_t i = 0; i < chosen_; ++i) number[i] = column.number(values_[i]);
    if (column.kind() != wire::Column::ADDRESS) return;
    for (std::size_t i = 0; i < chosen_; ++i) number[i] = slot(static_cast<std::uint32_t>(number[i]));
}

}  // namespace

wire::Batch select_rows(const BatchView& view, ChosenRows rows) {
    if (rows.size() == view.rows() && view.parsed() != nullptr) return *view.parsed();
    return Selection(view, rows).make();
}

}  // namespace packetsentry::proto
