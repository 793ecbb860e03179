#include "daemon/spool/search/named_blocks.h"

#include <map>
#include <string>
#include <utility>

namespace packetsentry::spool {
namespace {

// No table that a writer makes is longer: its keys, and for each a mask and where the key ends.
constexpr std::uint64_t kTableBytesLimit =
    kTextLimit + (kKeysLimit + 1) * (sizeof(BlockMask) + sizeof(std::uint32_t));

Bytes bytes_of(const std::optional<std::string>& read) {
    return read ? as_bytes(*read) : Bytes();
}

// Nothing: the bytes are not there, or are more than a table has.
std::optional<std::string> read_part(const SpoolFile& file, const FilePart& part, std::uint64_t limit) {
    if (part.bytes > limit) return std::nullopt;
    auto read = file.read(part.offset, static_cast<std::size_t>(part.bytes));
    if (!read || read->size() != part.bytes) return std::nullopt;
    return *std::move(read);
}

std::optional<IndexView> open_index(const SpoolFile& file, FileHeader rows, std::uint64_t rows_bytes) {
    const auto head = file.read(0, kIndexHeadLimit);
    if (!head) return std::nullopt;
    const auto view = IndexView::open(as_bytes(*head));
    rows.kind = FileKind::index;
    const bool fits =
        view && view->header() == rows && view->rows_bytes() == rows_bytes && view->rules() != 0;
    if (!fits) return std::nullopt;
    return *view;
}

// The answers to the look-ups of a plan. One table after the other is in memory.
class LookupAnswers {
  public:
    LookupAnswers(const SpoolFile& file, const IndexView& view, const IndexPlan& plan) {
        for (const KeyKind kind : kKeyKinds)
            if (plan.asks(kind)) ask(file, view, plan, kind);
    }

    [[nodiscard]] BlockMask of(const IndexLookup& lookup) const { return masks_.find(&lookup)->second; }

  private:
    void ask(const SpoolFile& file, const IndexView& view, const IndexPlan& plan, KeyKind kind) {
        const bool known = view.rules() >= first_rules(kind);
        const auto bytes = read_part(file, view.part(kind), kTableBytesLimit);
        const auto table = view.table(kind, bytes_of(bytes));
        // Each look-up is visited; what the answers give together is not known yet.
        (void)plan.answer(BlockMask{0}, [&](const IndexLookup& lookup) {
            if (lookup.kind == kind) masks_[&lookup] = known && table ? answer(*table, lookup) : view.all();
            return BlockMask{0};
        });
    }
    [[nodiscard]] static BlockMask answer(const IndexTable& table, const IndexLookup& lookup) {
        return lookup.how == IndexLookup::How::range ? table.range(lookup.range)
                                                     : table.names_like(lookup.pattern);
    }

    std::map<const IndexLookup*, BlockMask> masks_;
};

// The places of blocks that are known cut the file into stretches. Blocks whose place is not known are
// behind the frame before them, so they belong to its stretch.
class Stretches {
  public:
    // A block with this place and number begins. False: no frame can begin there.
    [[nodiscard]] bool begin(std::uint64_t offset, std::uint32_t block) {
        if (offset < open_.begin || offset % 8 != 0 || (offset == open_.begin && began_)) return false;
        end(offset);
        open_.begin = offset;
        open_.first_block = block;
        began_ = true;
        return true;
    }
    void want() { wanted_ = true; }
    void end(std::uint64_t offset) {
        if (wanted_ && open_.begin < offset)
            named_.push_back({.begin = open_.begin, .end = offset, .first_block = open_.first_block});
        wanted_ = false;
    }
    [[nodiscard]] std::vector<Stretch> take() { return std::move(named_); }

  private:
    Stretch open_{.begin = kFileHeaderBytes, .end = kFileHeaderBytes};
    bool began_ = false;
    bool wanted_ = false;
    std::vector<Stretch> named_;
};

std::optional<NamedBlocks> name_blocks(const IndexView& view, const std::vector<BlockEntry>& blocks,
                                       BlockMask mask, const SoughtTimes& times) {
    NamedBlocks named{.blocks = view.blocks()};
    Stretches stretches;
    for (std::uint32_t block = 0; block < blocks.size(); ++block) {
        const BlockEntry& entry = blocks[block];
        if (entry.offset >= view.rows_bytes()) return std::nullopt;
        if (entry.offset != 0 && !stretches.begin(entry.offset, block)) return std::nullopt;
        if (view.may_have(mask, block) && times.meets(entry.first_time_ns, entry.last_time_ns))
            stretches.want();
        else
            ++named.left_aside;
    }
    stretches.end(view.rows_bytes());
    named.stretches = stretches.take();
    return named;
}

}  // namespace

std::optional<NamedBlocks> ask_index(const SpoolFile& index, const FileHeader& rows, std::uint64_t rows_bytes,
                                     const IndexPlan& plan, const SoughtTimes& times) {
    const auto view = open_index(index, rows, rows_bytes);
    if (!view) return std::nullopt;
    constexpr std::uint64_t kBlockTableLimit = (kBlockLimit + std::uint64_t{1}) * kBlockEntryBytes;
    const auto block_bytes = read_part(index, view->block_part(), kBlockTableLimit);
    const auto blocks = view->block_table(bytes_of(block_bytes));
    if (!blocks) return std::nullopt;
    const LookupAnswers answers(index, *view, plan);
    const BlockMask mask =
        plan.answer(view->all(), [&answers](const IndexLookup& lookup) { return answers.of(lookup); });
    return name_blocks(*view, *blocks, mask, times);
}

}  // namespace packetsentry::spool
