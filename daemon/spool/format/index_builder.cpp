#include "daemon/spool/format/index_builder.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "daemon/spool/format/checksum.h"
#include "proto/flows/community_id.h"

namespace packetsentry::spool {
namespace {

constexpr std::uint64_t kPortLimit = 65535;
static_assert(flows::CommunityHash().size() == kCommunityIdBytes);

// A table as it stands in the file, and its entry in the directory but for the offset.
struct EncodedTable {
    std::uint8_t kind = kBlockTable;
    std::uint8_t flags = 0;
    std::uint16_t key_bytes = 0;
    std::uint32_t count = 0;
    std::string bytes = {};
};

EncodedTable encode_blocks(const std::vector<BlockEntry>& blocks) {
    EncodedTable table{.key_bytes = kBlockEntryBytes, .count = static_cast<std::uint32_t>(blocks.size())};
    for (const BlockEntry& block : blocks) {
        proto::append_number(table.bytes, block.offset);
        proto::append_number(table.bytes, static_cast<std::uint64_t>(block.first_time_ns));
        proto::append_number(table.bytes, static_cast<std::uint64_t>(block.last_time_ns));
    }
    return table;
}

EncodedTable encode_keys(KeyKind kind, const KeyTable& keys) {
    EncodedTable table{.kind = static_cast<std::uint8_t>(kind),
                       .key_bytes = static_cast<std::uint16_t>(key_bytes(kind))};
    if (keys.everywhere()) {
        table.flags = kEveryBlock;
        return table;
    }
    const auto sorted = keys.sorted();
    table.count = static_cast<std::uint32_t>(sorted.size());
    for (const auto& [key, mask] : sorted) proto::append_number(table.bytes, mask);
    if (key_bytes(kind) == 0) {
        std::uint32_t end = 0;
        proto::append_number(table.bytes, end);
        for (const auto& [key, mask] : sorted)
            proto::append_number(table.bytes, end += static_cast<std::uint32_t>(key.size()));
    }
    for (const auto& [key, mask] : sorted) table.bytes += key;
    return table;
}

void append_entry_of(std::string& file, const EncodedTable& table, std::uint64_t offset, std::uint64_t seed) {
    proto::append_number(file, table.kind);
    proto::append_number(file, table.flags);
    proto::append_number(file, table.key_bytes);
    proto::append_number(file, table.count);
    proto::append_number(file, offset);
    proto::append_number(file, std::uint64_t{table.bytes.size()});
    proto::append_number(file, checksum(as_bytes(table.bytes), seed));
}

}  // namespace

IndexBuilder::IndexBuilder(const FileHeader& rows)
    : header_(rows), tables_(kKeyKinds.size(), KeyTable(rows.seed())) {
    header_.kind = FileKind::index;
}

BlockMask IndexBuilder::append_entry(const BlockEntry& entry) {
    const std::size_t block = blocks_.size();
    blocks_.push_back(entry);
    while (block >> shift_ >= kMaskBits) {
        for (KeyTable& keys : tables_) keys.halve();
        always_ = halved(always_);
        ++shift_;
    }
    return BlockMask{1} << (block >> shift_);
}

BlockMask IndexBuilder::begin_block(const BlockEntry& entry, std::uint32_t block) {
    while (blocks_.size() < block) always_ |= append_entry({});
    return append_entry(entry);
}

void IndexBuilder::add_unreadable(std::uint64_t offset, const BlockFacts& facts) {
    always_ |= begin_block({offset, facts.first_time_ns, facts.last_time_ns}, facts.block);
}

void IndexBuilder::add_unreadable_end(std::uint64_t offset) {
    always_ |= append_entry({.offset = offset});
}

void IndexBuilder::add_block(std::uint64_t offset, const BlockFacts& facts, const proto::BatchView& batch) {
    const BlockMask bit = begin_block({offset, facts.first_time_ns, facts.last_time_ns}, facts.block);
    add_addresses(batch, bit);
    add_ports(batch, bit);
    add_protocols(batch, bit);
    const bool computed = flows::RowCommunityIds::are_for(batch);
    for (const proto::ColumnView& column : batch.columns()) {
        const auto kind = kind_of_column(column.name());
        if (kind == KeyKind::name && column.kind() == wire::Column::TEXT) add_names(column, bit);
        if (kind == KeyKind::community_id && column.kind() == wire::Column::TEXT && !computed)
            add_community_ids(column, bit);
    }
    if (computed) add_computed_ids(batch, bit);
}

// Adds each address of the dictionary, whichever field of whichever row has it.
void IndexBuilder::add_addresses(const proto::BatchView& batch, BlockMask bit) {
    for (std::uint32_t slot = 1; slot <= batch.address_slots(); ++slot) {
        const base::Address address = batch.address(slot);
        if (const auto kind = kind_of(address)) table(*kind).add(key_of(address), bit);
    }
}

void IndexBuilder::add_ports(const proto::BatchView& batch, BlockMask bit) {
    ports_.fill(0);
    const auto note = [this](std::uint64_t port) { ports_[port / 64] |= std::uint64_t{1} << port % 64; };
    for (std::uint32_t row = 0; row < batch.rows(); ++row) {
        if (!batch.flag(row, wire::FLAG_PORTS)) continue;
        note(batch.source_port(row));
        note(batch.destination_port(row));
    }
    for (const proto::ColumnView& column : batch.columns()) {
        if (column.kind() != wire::Column::NUMBER || kind_of_column(column.name()) != KeyKind::port) continue;
        for (std::size_t i = 0; i < column.values(); ++i)
            if (column.number(i) <= kPortLimit) note(column.number(i));
    }
    for (std::size_t word = 0; word < ports_.size(); ++word)
        for (std::uint64_t left = ports_[word]; left != 0; left &= left - 1) {
            const std::size_t port = 64 * word + static_cast<std::size_t>(std::countr_zero(left));
            table(KeyKind::port).add(port_key(static_cast<std::uint16_t>(port)), bit);
        }
}

void IndexBuilder::add_protocols(const proto::BatchView& batch, BlockMask bit) {
    KeyTable& keys = table(KeyKind::protocol);
    for (std::size_t i = 0; i < batch.fields().protocol.size(); ++i) {
        const wire::Protocol& protocol = batch.fields().protocol[i];
        keys.add(protocol_key(protocol.word()), bit);
        if (!protocol.name().empty()) keys.add(protocol_key(protocol.name()), bit);
    }
    for (std::uint32_t chain = 1; chain < batch.layers_count(); ++chain) {
        std::string_view left = batch.layers(chain);
        while (!left.empty()) {
            const std::string_view layer = left.substr(0, left.find(':'));
            if (!layer.empty()) keys.add(protocol_key(layer), bit);
            left.remove_prefix(std::min(left.size(), layer.size() + 1));
        }
    }
}

void IndexBuilder::add_names(const proto::ColumnView& column, BlockMask bit) {
    for (std::size_t i = 0; i < column.values(); ++i) {
        assign_name_key(key_, column.text(i));
        table(KeyKind::name).add(key_, bit);
    }
}

// A text that is no identifier of version 1 has no key. Then the kind is in every block.
void IndexBuilder::add_community_ids(const proto::ColumnView& column, BlockMask bit) {
    KeyTable& keys = table(KeyKind::community_id);
    for (std::size_t i = 0; i < column.values() && !keys.everywhere(); ++i) {
        const auto hash = flows::parse_community_id(column.text(i));
        if (hash)
            keys.add(flows::bytes_of(*hash), bit);
        else
            keys.add_everywhere();
    }
}

// Mostly a packet follows others of its conversations.
void IndexBuilder::add_computed_ids(const proto::BatchView& batch, BlockMask bit) {
    KeyTable& keys = table(KeyKind::community_id);
    community_ids_.bind(batch);
    flows::CommunityHash last{}, last_inner{};
    const auto add = [&](const flows::RowCommunityIds::Known* known, flows::CommunityHash& before) {
        if (known == nullptr || known->hash == before) return;
        before = known->hash;
        keys.add(flows::bytes_of(before), bit);
    };
    for (std::uint32_t row = 0; row < batch.rows() && !keys.everywhere(); ++row) {
        add(community_ids_.at(row), last);
        if (community_ids_.has_inner()) add(community_ids_.inner_at(row), last_inner);
    }
}

std::string IndexBuilder::finish(std::uint64_t rows_bytes) const {
    const std::uint64_t seed = header_.seed();
    std::vector<EncodedTable> tables = {encode_blocks(blocks_)};
    for (const KeyKind kind : kKeyKinds)
        tables.push_back(encode_keys(kind, tables_[static_cast<std::size_t>(kind) - 1]));
    std::string file = encode(header_);
    proto::append_number(file, rows_bytes);
    proto::append_number(file, always_);
    proto::append_number(file, static_cast<std::uint32_t>(blocks_.size()));
    proto::append_number(file, kKeyRules);
    proto::append_number(file, static_cast<std::uint8_t>(shift_));
    proto::append_number(file, static_cast<std::uint8_t>(tables.size()));
    std::uint64_t offset = file.size() + tables.size() * kDirectoryEntryBytes + sizeof(std::uint64_t);
    for (const EncodedTable& table : tables) {
        append_entry_of(file, table, offset, seed);
        offset += table.bytes.size();
    }
    proto::append_number(file, checksum(as_bytes(file).subspan(kFileHeaderBytes), seed));
    for (const EncodedTable& table : tables) file += table.bytes;
    return file;
}

}  // namespace packetsentry::spool
