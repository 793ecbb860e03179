#include "daemon/spool/format/rows_frame.h"

#include <algorithm>

#include "daemon/spool/format/checksum.h"
#include "daemon/spool/format/file_header.h"
#include "daemon/spool/format/summed_header.h"

namespace packetsentry::spool {
namespace {

constexpr std::uint32_t kFrameMagic = 0x524b4c42;  // "BLKR"
constexpr std::uint8_t kPlain = 0;                 // the only encoding of a payload so far

struct FrameHeader {
    std::uint16_t header_bytes = kFrameHeaderBytes;
    std::uint8_t encoding = kPlain;
    BlockFacts facts = {};
    std::uint32_t stored_bytes = 0;  // of the column of stored lengths
    std::uint32_t payload_bytes = 0;
    std::uint64_t body_sum = 0;

    [[nodiscard]] std::size_t body_bytes() const { return padded(std::size_t{stored_bytes} + payload_bytes); }
    [[nodiscard]] std::uint64_t frame_bytes() const { return header_bytes + body_bytes(); }
};

bool frame_within_limits(const FrameHeader& header) {
    const BlockFacts& facts = header.facts;
    const std::uint64_t column = sizeof(std::uint32_t) * std::uint64_t{facts.rows};
    return facts.block < kBlockLimit && facts.run != 0 && facts.rows != 0 &&
           facts.rows <= proto::kBatchRowLimit && facts.first_number != 0 &&
           facts.first_number <= proto::kNumberLimit && facts.first_time_ns <= facts.last_time_ns &&
           facts.packets_at < kFileBytesLimit && header.payload_bytes != 0 &&
           header.payload_bytes <= kPayloadLimit &&
           (header.stored_bytes == 0 || header.stored_bytes == column);
}

// Returns how many frames can stand between the header of the file and offset at most.
std::uint64_t blocks_before(std::uint64_t offset) {
    constexpr std::size_t kShortestFrame = kFrameHeaderBytes + padded(1);
    return offset < kFileHeaderBytes ? 0 : (offset - kFileHeaderBytes) / kShortestFrame;
}

void append_header(std::string& file, const FrameHeader& header, std::uint64_t seed) {
    const std::size_t begin = file.size();
    const BlockFacts& facts = header.facts;
    proto::append_number(file, kFrameMagic);
    proto::append_number(file, header.header_bytes);
    proto::append_number(file, header.encoding);
    proto::append_number(file, std::uint8_t{0});
    proto::append_number(file, facts.block);
    proto::append_number(file, facts.run);
    proto::append_number(file, facts.rows);
    proto::append_number(file, header.stored_bytes);
    proto::append_number(file, header.payload_bytes);
    proto::append_number(file, std::uint32_t{0});
    proto::append_number(file, facts.first_number);
    proto::append_number(file, static_cast<std::uint64_t>(facts.first_time_ns));
    proto::append_number(file, static_cast<std::uint64_t>(facts.last_time_ns));
    proto::append_number(file, facts.packets_at);
    proto::append_number(file, header.body_sum);
    proto::append_number(file, checksum(as_bytes(file).subspan(begin), seed));
}

// bytes: at least kFrameHeaderBytes.
FrameHeader read_fields(Bytes bytes) {
    ByteReader reader(bytes.subspan(sizeof kFrameMagic));
    FrameHeader header;
    BlockFacts& facts = header.facts;
    header.header_bytes = reader.u16();
    header.encoding = reader.u8();
    (void)reader.u8();
    facts.block = reader.u32();
    facts.run = reader.u32();
    facts.rows = reader.u32();
    header.stored_bytes = reader.u32();
    header.payload_bytes = reader.u32();
    (void)reader.u32();
    facts.first_number = reader.u64();
    facts.first_time_ns = reader.i64();
    facts.last_time_ns = reader.i64();
    facts.packets_at = reader.u64();
    header.body_sum = reader.u64();
    return header;
}

std::expected<FrameHeader, FrameProblem> read_header(Bytes bytes, std::uint64_t seed) {
    const HeaderState state = header_state(bytes, kFrameMagic, kFrameHeaderBytes, seed);
    if (state == HeaderState::partial) return std::unexpected(FrameProblem::partial);
    if (state == HeaderState::damaged) return std::unexpected(FrameProblem::header_damaged);
    const FrameHeader header = read_fields(bytes);
    if (!frame_within_limits(header)) return std::unexpected(FrameProblem::header_damaged);
    return header;
}

}  // namespace

BlockFacts facts_of(const proto::BatchView& batch, std::uint32_t block, std::uint32_t run,
                    std::uint64_t packets_at) {
    const std::span<const std::int64_t> times = batch.times();
    std::int64_t first_ns = times.front(), last_ns = times.front();
    for (const std::int64_t time_ns : times) {
        first_ns = std::min(first_ns, time_ns);
        last_ns = std::max(last_ns, time_ns);
    }
    return {.block = block,
            .run = run,
            .rows = batch.rows(),
            .first_number = batch.first_number(),
            .first_time_ns = first_ns,
            .last_time_ns = last_ns,
            .packets_at = packets_at};
}

base::Result<void> append_frame(std::string& file, const BlockFacts& facts,
                                std::span<const std::uint32_t> stored, std::string_view payload,
                                std::uint64_t seed) {
    FrameHeader header{.facts = facts,
                       .stored_bytes = static_cast<std::uint32_t>(stored.size_bytes()),
                       .payload_bytes = static_cast<std::uint32_t>(payload.size())};
    if (payload.size() > kPayloadLimit || stored.size() > proto::kBatchRowLimit ||
        !frame_within_limits(header))
        return base::fail(base::ErrorCode::internal, "a block of rows exceeds a limit of the spool's format");
    const std::size_t begin = file.size();
    file.resize(begin + kFrameHeaderBytes);
    for (const std::uint32_t length : stored) proto::append_number(file, length);
    file += payload;
    file.resize(begin + header.frame_bytes());
    header.body_sum = checksum(as_bytes(file).subspan(begin + kFrameHeaderBytes), seed);
    std::string head;
    append_header(head, header, seed);
    file.replace(begin, head.size(), head);
    return {};
}

std::expected<Frame, FrameFailure> read_frame(Bytes bytes, std::uint64_t offset, std::uint64_t seed,
                                              std::uint32_t first_block) {
    const auto header = read_header(bytes, seed);
    if (!header) return std::unexpected(FrameFailure{.problem = header.error()});
    if (header->facts.block < first_block || header->facts.block > blocks_before(offset))
        return std::unexpected(FrameFailure{.problem = FrameProblem::header_damaged});
    const auto failed = [&header](FrameProblem problem) {
        return std::unexpected(FrameFailure{problem, header->facts, header->frame_bytes()});
    };
    if (bytes.size() < header->frame_bytes()) return failed(FrameProblem::partial);
    const Bytes body = bytes.subspan(header->header_bytes, header->body_bytes());
    if (checksum(body, seed) != header->body_sum) return failed(FrameProblem::body_damaged);
    if (header->encoding != kPlain) return failed(FrameProblem::unknown_encoding);
    return Frame{.offset = offset,
                 .size = header->frame_bytes(),
                 .facts = header->facts,
                 .stored = body.first(header->stored_bytes),
                 .payload = body.subspan(header->stored_bytes, header->payload_bytes)};
}

std::uint64_t frame_size(Bytes bytes, std::uint64_t seed) {
    const auto header = read_header(bytes, seed);
    return header ? header->frame_bytes() : 0;
}

bool matches(const BlockFacts& facts, std::uint32_t table, const proto::BatchView& batch) {
    return static_cast<std::uint32_t>(batch.table()) == table && !batch.leaves_rows_out() &&
           facts == facts_of(batch, facts.block, facts.run, facts.packets_at);
}

}  // namespace packetsentry::spool
