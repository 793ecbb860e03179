#include "daemon/spool/format/index_table.h"

#include <algorithm>
#include <string>

#include "daemon/spool/format/checksum.h"
#include "daemon/spool/format/glob.h"

namespace packetsentry::spool {
namespace {

constexpr std::size_t kMaskSize = sizeof(BlockMask);
constexpr std::size_t kEndSize = sizeof(std::uint32_t);

// The bytes before the text of keys of various lengths.
std::size_t masks_and_ends(std::size_t keys) {
    return kMaskSize * keys + kEndSize * (keys + 1);
}

bool has_length(const IndexTable::Entry& entry) {
    if (entry.every_block) return entry.bytes == 0;
    if (entry.key_bytes != 0) return entry.bytes == entry.count * (kMaskSize + entry.key_bytes);
    return entry.bytes >= masks_and_ends(entry.count);
}

}  // namespace

base::Result<IndexTable> IndexTable::open(Bytes bytes, const Entry& entry, std::uint64_t seed, BlockMask all,
                                          BlockMask always) {
    if (entry.count > kKeysLimit || !has_length(entry) || bytes.size() != entry.bytes)
        return base::fail(base::ErrorCode::file, "has a table of another length than its keys need");
    if (!entry.every_block && checksum(bytes, seed) != entry.sum)
        return base::fail(base::ErrorCode::file, "has a damaged table");
    const IndexTable table(bytes, entry, all, always);
    if (!table.has_ascending_ends())
        return base::fail(base::ErrorCode::file, "has a table whose keys overlap");
    return table;
}

IndexTable::IndexTable(Bytes bytes, const Entry& entry, BlockMask all, BlockMask always)
    : every_block_(entry.every_block),
      key_bytes_(entry.key_bytes),
      count_(entry.every_block ? 0 : entry.count),
      all_(all),
      always_(always) {
    if (every_block_) return;
    masks_ = bytes.first(kMaskSize * count_);
    text_ = bytes.subspan(masks_.size());
    if (key_bytes_ != 0) return;
    ends_ = text_.first(kEndSize * (count_ + std::size_t{1}));
    text_ = text_.subspan(ends_.size());
}

bool IndexTable::has_ascending_ends() const {
    if (ends_.empty()) return true;
    std::uint32_t end = 0;
    for (std::size_t at = 0; at < ends_.size(); at += kEndSize) {
        const auto next = number_in<std::uint32_t>(ends_, at);
        if (next < end) return false;
        end = next;
    }
    return number_in<std::uint32_t>(ends_, 0) == 0 && end == text_.size();
}

std::string_view IndexTable::key(std::uint32_t index) const {
    if (ends_.empty()) return as_text(text_.subspan(key_bytes_ * index, key_bytes_));
    const auto begin = number_in<std::uint32_t>(ends_, kEndSize * index);
    const auto end = number_in<std::uint32_t>(ends_, kEndSize * (index + std::size_t{1}));
    return as_text(text_.subspan(begin, end - begin));
}

BlockMask IndexTable::mask(std::uint32_t index) const {
    return number_in<BlockMask>(masks_, kMaskSize * index);
}

std::uint32_t IndexTable::lower_bound(std::string_view sought, bool beyond) const {
    std::uint32_t first = 0;
    std::uint32_t count = count_;
    while (count != 0) {
        const std::uint32_t half = count / 2;
        const std::string_view present = key(first + half);
        if (present < sought || (beyond && present.starts_with(sought))) {
            first += half + 1;
            count -= half + 1;
        } else {
            count = half;
        }
    }
    return first;
}

BlockMask IndexTable::exact(std::string_view sought) const {
    const std::uint32_t index = lower_bound(sought);
    return answer(index < count_ && key(index) == sought ? mask(index) : 0);
}

BlockMask IndexTable::range(const KeyRange& sought) const {
    BlockMask found = 0;
    for (std::uint32_t index = lower_bound(sought.first); index < count_ && key(index) <= sought.last;
         ++index)
        found |= mask(index);
    return answer(found);
}

BlockMask IndexTable::prefix(std::string_view sought) const {
    BlockMask found = 0;
    const std::uint32_t end = lower_bound(sought, true);
    for (std::uint32_t index = lower_bound(sought); index < end; ++index) found |= mask(index);
    return answer(found);
}

BlockMask IndexTable::names_like(std::string_view pattern) const {
    std::string reversed;
    assign_name_key(reversed, pattern);
    if (pattern.size() > kKeyLimit) reversed += '*';  // the pattern was truncated as keys are
    const std::string_view literal = std::string_view(reversed).substr(0, reversed.find_first_of("*?"));
    BlockMask found = 0;
    const std::uint32_t end = lower_bound(literal, true);
    for (std::uint32_t index = lower_bound(literal); index < end; ++index) {
        // A key of this length may stand for a longer name, of which the rest is not known.
        const std::string_view name = key(index);
        if (name.size() == kKeyLimit || glob_matches(reversed, name)) found |= mask(index);
    }
    return answer(found);
}

}  // namespace packetsentry::spool
