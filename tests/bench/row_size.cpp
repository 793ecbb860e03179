// row_size CAPTURE [A_SECOND]: where the bytes go that a row takes in a rows file of the spool. Prints a line
// for each field of its batches, the columns that only some rows have among them, and a line for all.
//
// Reads at most 200,000 packets. A_SECOND: so many packets come in a second, for an hour at most, whatever
// times the capture has. No time passes meanwhile: the blocks end when they would.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "daemon/dissect/dissect.h"
#include "daemon/spool/format/rows_reader.h"
#include "daemon/spool/write/segment_writer.h"
#include "tests/bench/packets_in_memory.h"

namespace packetsentry::bench {
namespace {

using namespace std::chrono_literals;
using spool::SegmentWriter;

// The rows file in memory. Of the packets only the size is kept.
class WrittenRows : public spool::SegmentOutput {
  public:
    capture::OutputChunk give_packets(capture::OutputChunk chunk) override {
        packet_bytes += chunk.bytes.size();
        chunk.clear();
        return chunk;
    }
    capture::OutputChunk give_rows(capture::OutputChunk chunk, const spool::SegmentProgress&) override {
        file.append(spool::as_text(chunk.bytes));
        chunk.clear();
        return chunk;
    }

    std::string file;
    std::uint64_t packet_bytes = 0;
};

std::string name_of(const wire::Column& column) {
    return "column " + std::string(rows::find_field(column.field())->path);
}

class Sizes {
  public:
    std::uint64_t frames = 0;

    void add(const spool::Frame& frame) {
        wire::Batch batch;
        if (!batch.ParseFromArray(frame.payload.data(), static_cast<int>(frame.payload.size())))
            throw std::runtime_error("a block is no batch");
        ++frames;
        bytes_["(header of the frame)"] += frame.size - frame.stored.size() - frame.payload.size();
        bytes_["(stored lengths)"] += frame.stored.size();
        add_fields("", batch);
        for (const wire::Column& column : batch.column()) add_fields(name_of(column) + ": ", column);
    }
    void print(std::uint64_t rows) const {
        for (const auto& [name, bytes] : bytes_)
            std::printf("%8.2f  %s\n", static_cast<double>(bytes) / static_cast<double>(rows), name.c_str());
    }

  private:
    // What each field would take by itself.
    void add_fields(const std::string& prefix, const google::protobuf::Message& message) {
        std::vector<const google::protobuf::FieldDescriptor*> fields;
        message.GetReflection()->ListFields(message, &fields);
        for (const auto* const field : fields) {
            if (field->number() == wire::Batch::kColumnFieldNumber && prefix.empty()) continue;
            const std::unique_ptr<google::protobuf::Message> alone(message.New());
            alone->CopyFrom(message);
            for (const auto* const other : fields)
                if (other != field) alone->GetReflection()->ClearField(alone.get(), other);
            bytes_[prefix + field->name()] += alone->ByteSizeLong();
        }
    }

    std::map<std::string, std::uint64_t> bytes_;
};

// Gives the count of rows.
std::uint64_t write_rows(const PacketsInMemory& capture, SegmentWriter& writer, double a_second) {
    static dissect::Dissection dissection;  // a large one
    SegmentWriter::Time now{};
    std::uint64_t rows = 0;
    for (capture::Packet packet : capture.packets()) {
        if (a_second > 0) {
            const std::chrono::nanoseconds passed(
                static_cast<std::int64_t>(1e9 / a_second * static_cast<double>(rows)));
            if (passed >= 1h) break;
            now = SegmentWriter::Time(passed);
            packet.time_ns = capture.packets().front().time_ns + passed.count();
        }
        dissect::dissect(packet.frame, packet.wire_bytes, packet.link_type, dissection);
        packet.number = ++rows;
        writer.append({rows, packet, dissection, capture.interfaces()}, now);
    }
    writer.end();
    return rows;
}

int run(const char* path, double a_second) {
    PacketsInMemory capture;
    if (!capture.read(path)) return 1;
    WrittenRows written;
    SegmentWriter writer(written, 1);
    writer.begin({.kind = spool::FileKind::rows, .table = wire::TABLE_PACKETS, .job = 1, .counter = 1}, {});
    const std::uint64_t rows = write_rows(capture, writer, a_second);

    auto reader = spool::RowsReader::open(spool::as_bytes(written.file));
    if (!reader) throw std::runtime_error(reader.error().message);
    Sizes sizes;
    while (const auto frame = reader->next()) sizes.add(frame->value());
    sizes.print(rows);
    const auto bytes = static_cast<double>(written.file.size());
    std::printf("%8.2f  bytes a row: %llu rows in %llu blocks, %.2f %% of their packets\n",
                bytes / static_cast<double>(rows), static_cast<unsigned long long>(rows),
                static_cast<unsigned long long>(sizes.frames),
                100 * bytes / static_cast<double>(written.packet_bytes));
    return 0;
}

}  // namespace
}  // namespace packetsentry::bench

int main(int count, char** values) try {
    if (count < 2) {
        std::fputs("row_size CAPTURE [A_SECOND]\n", stderr);
        return 1;
    }
    return packetsentry::bench::run(values[1], count > 2 ? std::atof(values[2]) : 0);
} catch (const std::exception& error) {
    std::fprintf(stderr, "row_size: %s\n", error.what());
    return 3;
}
