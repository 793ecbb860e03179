#include "daemon/spool/format/index_view.h"

#include "daemon/spool/format/checksum.h"
#include "daemon/spool/format/rows_frame.h"

namespace packetsentry::spool {
namespace {

constexpr std::size_t kTableCountAt = kFileHeaderBytes + kDirectoryFixedBytes - 1;

std::unexpected<base::Error> damaged_directory() {
    return base::fail(base::ErrorCode::file, "has a damaged directory: index of a spool");
}

}  // namespace

base::Result<IndexView> IndexView::open(Bytes head) {
    const auto header = read_file_header(head, FileKind::index);
    if (!header) return std::unexpected(header.error());
    if (head.size() <= kTableCountAt) return damaged_directory();
    const auto tables = std::to_integer<std::size_t>(head[kTableCountAt]);
    const std::size_t size = kDirectoryFixedBytes + tables * kDirectoryEntryBytes;
    const std::size_t end = kFileHeaderBytes + size;
    if (head.size() < end + sizeof(std::uint64_t)) return damaged_directory();
    const Bytes directory = head.subspan(kFileHeaderBytes, size);
    if (checksum(directory, header->seed()) != number_in<std::uint64_t>(head, end))
        return damaged_directory();
    IndexView view(*header);
    if (auto read = view.read_directory(directory); !read) return std::unexpected(read.error());
    return view;
}

base::Result<void> IndexView::read_directory(Bytes bytes) {
    ByteReader reader(bytes);
    rows_bytes_ = reader.u64();
    always_ = reader.u64();
    blocks_ = reader.u32();
    rules_ = reader.u16();
    shift_ = reader.u8();
    const std::size_t tables = reader.u8();
    const bool shift_fits = shift_ < 32 && (blocks_ == 0 || (blocks_ - 1) >> shift_ < kMaskBits);
    if (blocks_ > kBlockLimit + 1 || !shift_fits || tables > kIndexTablesLimit) return damaged_directory();
    for (std::size_t i = 0; i < tables; ++i)
        if (!read_entry(reader.take(kDirectoryEntryBytes))) return damaged_directory();
    const bool has_blocks =
        block_table_.count == blocks_ && block_table_.bytes == std::uint64_t{blocks_} * kBlockEntryBytes;
    return has_blocks ? base::Result<void>{} : damaged_directory();
}

// Tables of a kind that this program does not know are left aside.
bool IndexView::read_entry(Bytes bytes) {
    ByteReader reader(bytes);
    IndexTable::Entry read;
    const std::uint8_t kind = reader.u8();
    read.every_block = (reader.u8() & kEveryBlock) != 0;
    read.key_bytes = reader.u16();
    read.count = reader.u32();
    read.offset = reader.u64();
    read.bytes = reader.u64();
    read.sum = reader.u64();
    if (read.offset > kFileBytesLimit || read.bytes > kFileBytesLimit) return false;
    if (kind == kBlockTable) {
        block_table_ = read;
        return read.key_bytes == kBlockEntryBytes;
    }
    if (kind > kKeyKinds.size()) return true;
    tables_[kind - 1U] = read;
    return read.key_bytes == key_bytes(static_cast<KeyKind>(kind));
}

BlockMask IndexView::all() const {
    if (blocks_ == 0) return 0;
    return ~BlockMask{0} >> (kMaskBits - 1 - ((blocks_ - 1) >> shift_));
}

FilePart IndexView::part(KeyKind kind) const {
    return {entry(kind).offset, entry(kind).bytes};
}

base::Result<IndexTable> IndexView::table(KeyKind kind, Bytes bytes) const {
    return IndexTable::open(bytes, entry(kind), header_.seed(), all(), always_);
}

base::Result<std::vector<BlockEntry>> IndexView::block_table(Bytes bytes) const {
    if (bytes.size() != block_table_.bytes || checksum(bytes, header_.seed()) != block_table_.sum)
        return base::fail(base::ErrorCode::file, "has a damaged table of blocks: index of a spool");
    std::vector<BlockEntry> blocks(blocks_);
    ByteReader reader(bytes);
    for (BlockEntry& block : blocks) {
        block.offset = reader.u64();
        block.first_time_ns = reader.i64();
        block.last_time_ns = reader.i64();
    }
    return blocks;
}

}  // namespace packetsentry::spool
