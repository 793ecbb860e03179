// Makes and spoils files of a spool (daemon/spool/FORMAT.md), for tests of the whole daemon. No daemon may
// use the spool meanwhile.
//   forge_spool record SPOOL JOB NAME SEGMENT_ROWS CAPTURE [AGE_SECONDS [READER_GROUP]]
//     Records a capture file as a standing job would have recorded it, in closed and indexed segments of so
//     many rows, in blocks of 25. Makes the spool if it is missing. AGE_SECONDS: how long packets and rows
//     are kept; 0: for ever.
//   forge_spool newer FILE
//     Gives a file the header of a newer version of the format.
//   forge_spool lie INDEX nothing|everything|elsewhere
//     Makes an index say that no block has a key, that every block has each, or that blocks stand at other
//     places. All checksums are right.
#include <fcntl.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "daemon/capture/file/file_source.h"
#include "daemon/dissect/dissect.h"
#include "daemon/spool/catalogue/spool.h"
#include "daemon/spool/format/checksum.h"
#include "daemon/spool/format/index_layout.h"
#include "daemon/spool/format/segment_index.h"
#include "daemon/spool/write/segment_writer.h"
#include "proto/messages/state.pb.h"

namespace packetsentry::test {
namespace {

using namespace packetsentry::spool;

constexpr std::uint32_t kBlockRows = 25;

std::string read_all(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::string bytes(std::istreambuf_iterator<char>(in), {});
    if (!in) throw std::runtime_error("cannot read '" + path + "'");
    return bytes;
}

void write_all(const std::string& path, const std::string& bytes) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out << bytes;
    if (!out.flush()) throw std::runtime_error("cannot write '" + path + "'");
}

template <typename Value>
Value given(base::Result<Value> result) {
    if (!result) throw std::runtime_error(result.error().message);
    return *std::move(result);
}

void done(const base::Result<void>& result) {
    if (!result) throw std::runtime_error(result.error().message);
}

// Writes what it is given to the files of the present segment.
class FileOutput : public SegmentOutput {
  public:
    void begin(SegmentOutputs files) { files_ = std::move(files); }
    capture::OutputChunk give_packets(capture::OutputChunk chunk) override {
        return write(files_.packets, std::move(chunk));
    }
    capture::OutputChunk give_rows(capture::OutputChunk chunk, const SegmentProgress&) override {
        return write(files_.rows, std::move(chunk));
    }

  private:
    static capture::OutputChunk write(const base::UniqueFd& file, capture::OutputChunk chunk) {
        if (!write_whole(file.get(), as_text(chunk.bytes)))
            throw std::runtime_error("cannot write a segment");
        chunk.clear();
        return chunk;
    }

    SegmentOutputs files_;
};

struct RecordedJob {
    std::uint64_t id = 0;
    std::string name = {};
    std::uint64_t segment_rows = 0;
    std::int64_t age_seconds = 0;  // 0: no limit
    std::uint32_t reader_group = 0;

    [[nodiscard]] std::string terms() const {
        constexpr std::uint64_t kSecond = 1'000'000'000;
        const std::uint64_t age_ns = static_cast<std::uint64_t>(age_seconds) * kSecond;
        wire::KeptJob job;
        job.set_name(name);
        job.add_interface("eth0");
        job.mutable_keep()->mutable_rows()->set_age_ns(age_ns);
        job.mutable_keep()->mutable_packets()->set_age_ns(age_ns);
        job.mutable_standing()->add_interface("eth0");
        if (reader_group != 0) job.mutable_standing()->add_reader_group(reader_group);
        return job.SerializeAsString();
    }
};

// A segment is begun at the time of its first packet, and closed at the time of its last one.
class Recording : public capture::PacketSink {
  public:
    Recording(Spool& spool, const RecordedJob& job) : spool_(spool), job_(job), terms_(job.terms()) {}

    bool packet(const capture::Packet& packet) override {
        if (rows_ == 0) begin(packet.time_ns);
        last_ns_ = packet.time_ns;
        dissect::dissect(packet.frame, packet.wire_bytes, packet.link_type, dissection_);
        capture::Packet on_eth0 = packet;
        on_eth0.interface = 0;
        interfaces_.front().link_type = packet.link_type;
        writer_.append(
            {.number = ++number_, .packet = on_eth0, .dissection = dissection_, .interfaces = interfaces_},
            SegmentWriter::Time());
        if (++rows_ == job_.segment_rows) end();
        return true;
    }

    void end() {
        if (rows_ == 0) return;
        rows_ = 0;
        writer_.end();
        output_.begin({});
        done(spool_.close_segment(job_.id, header_.counter, writer_.progress(), last_ns_));
        BegunIndex begun = given(spool_.begin_index(job_.id, header_.counter));
        std::string rows(begun.rows_bytes, '\0');
        if (::pread(begun.rows.get(), rows.data(), rows.size(), 0) != static_cast<ssize_t>(rows.size()))
            throw std::runtime_error("cannot read a segment");
        const std::string index = given(index_rows_file(as_bytes(rows)));
        if (!write_whole(begun.index.get(), index)) throw std::runtime_error("cannot write an index");
        done(spool_.end_index(job_.id, header_.counter, index.size(), writer_.progress()));
    }

  private:
    void begin(std::int64_t time_ns) {
        BegunSegment begun = given(spool_.begin_segment({.job = job_.id,
                                                         .table = wire::TABLE_PACKETS,
                                                         .run = 1,
                                                         .owner_uid = 0,
                                                         .terms = terms_,
                                                         .with_packets = true},
                                                        time_ns));
        header_ = begun.header;
        output_.begin(std::move(begun.outputs));
        writer_.begin(header_, SegmentWriter::Time());
    }

    Spool& spool_;
    const RecordedJob& job_;
    std::string terms_;
    std::vector<capture::SourceInterface> interfaces_{{.name = "eth0", .snapshot_length = 262'144}};
    FileOutput output_;
    SegmentWriter writer_{output_, 1, {.block_rows = kBlockRows}};
    FileHeader header_;
    dissect::Dissection dissection_;
    std::uint64_t number_ = 0;
    std::uint64_t rows_ = 0;  // of the present segment
    std::int64_t last_ns_ = 0;
};

void record(const std::string& path, const RecordedJob& job, const std::string& capture) {
    constexpr std::size_t kReadAtOnce = 1000;
    Spool spool = given(Spool::open(path, 0));
    const auto source =
        given(capture::FileSource::open(base::UniqueFd(::open(capture.c_str(), O_RDONLY | O_CLOEXEC)), {}));
    Recording recording(spool, job);
    while (given(source->read(recording, kReadAtOnce)) != capture::SourceState::end) continue;
    recording.end();
}

template <typename Number>
void put(std::string& bytes, std::size_t at, Number number) {
    std::memcpy(bytes.data() + at, &number, sizeof number);
}

void make_newer(const std::string& path) {
    constexpr std::size_t kVersionAt = 8, kSumAt = kFileHeaderBytes - sizeof(std::uint64_t);
    std::string bytes = read_all(path);
    put(bytes, kVersionAt, std::uint32_t{2});
    put(bytes, kSumAt, checksum(as_bytes(bytes).first(kSumAt), 0));
    write_all(path, bytes);
}

// One of the tables of an index, as the directory describes it.
struct Table {
    std::size_t described_at = 0;
    std::uint8_t kind = 0;
    std::uint32_t entries = 0;
    std::uint64_t begin = 0, bytes = 0;
};

std::vector<Table> tables_of(const std::string& index) {
    constexpr std::size_t kCountAt = 87;
    const Bytes bytes = as_bytes(index);
    std::vector<Table> tables(number_in<std::uint8_t>(bytes, kCountAt));
    for (std::size_t i = 0; i < tables.size(); ++i) {
        const std::size_t at = kFileHeaderBytes + kDirectoryFixedBytes + i * kDirectoryEntryBytes;
        tables[i] = {.described_at = at,
                     .kind = number_in<std::uint8_t>(bytes, at),
                     .entries = number_in<std::uint32_t>(bytes, at + 4),
                     .begin = number_in<std::uint64_t>(bytes, at + 8),
                     .bytes = number_in<std::uint64_t>(bytes, at + 16)};
    }
    return tables;
}

void spoil(std::string& index, const Table& table, const std::string& how) {
    for (std::uint32_t i = 0; i < table.entries; ++i) {
        if (table.kind != kBlockTable && how != "elsewhere")
            put(index, table.begin + i * sizeof(BlockMask),
                how == "nothing" ? BlockMask{0} : std::numeric_limits<BlockMask>::max());
        const std::size_t block_at = table.begin + i * kBlockEntryBytes;
        if (table.kind == kBlockTable && how == "elsewhere")
            put(index, block_at, number_in<std::uint64_t>(as_bytes(index), block_at) + 8);
    }
}

void make_liar(const std::string& path, const std::string& how) {
    if (how != "nothing" && how != "everything" && how != "elsewhere")
        throw std::runtime_error("an index cannot lie about '" + how + "'");
    constexpr std::size_t kSeedAt = kFileHeaderBytes - sizeof(std::uint64_t), kSumOfTable = 24;
    std::string index = read_all(path);
    const auto seed = number_in<std::uint64_t>(as_bytes(index), kSeedAt);
    const std::vector<Table> tables = tables_of(index);
    for (const Table& table : tables) {
        spoil(index, table, how);
        put(index, table.described_at + kSumOfTable,
            checksum(as_bytes(index).subspan(table.begin, table.bytes), seed));
    }
    const std::size_t end = kFileHeaderBytes + kDirectoryFixedBytes + tables.size() * kDirectoryEntryBytes;
    put(index, end, checksum(as_bytes(index).subspan(kFileHeaderBytes, end - kFileHeaderBytes), seed));
    write_all(path, index);
}

void run(const std::vector<std::string>& words) {
    const std::string what = words.empty() ? "" : words.front();
    if (what == "record" && words.size() >= 6) {
        const RecordedJob job{
            .id = std::stoull(words[2]),
            .name = words[3],
            .segment_rows = std::stoull(words[4]),
            .age_seconds = words.size() > 6 ? std::stoll(words[6]) : 0,
            .reader_group = words.size() > 7 ? static_cast<std::uint32_t>(std::stoul(words[7])) : 0};
        return record(words[1], job, words[5]);
    }
    if (what == "newer" && words.size() == 2) return make_newer(words[1]);
    if (what == "lie" && words.size() == 3) return make_liar(words[1], words[2]);
    throw std::runtime_error("its words are 'record', 'newer' and 'lie'");
}

}  // namespace
}  // namespace packetsentry::test

int main(int argc, char** argv) {
    try {
        packetsentry::test::run(std::vector<std::string>(argv + 1, argv + argc));
    } catch (const std::exception& error) {
        std::cerr << "forge_spool: " << error.what() << '\n';
        return 1;
    }
    return 0;
}
