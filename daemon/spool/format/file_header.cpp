#include "daemon/spool/format/file_header.h"

#include <algorithm>
#include <string_view>

#include "daemon/spool/format/checksum.h"

namespace packetsentry::spool {
namespace {

using base::ErrorCode;

constexpr std::size_t kChecked = kFileHeaderBytes - sizeof(std::uint64_t);

struct KindOfFile {
    std::string_view magic;  // eight bytes; after text mode or a seven bit line they would be others
    std::string_view name;
};

// By FileKind.
constexpr std::array<KindOfFile, 4> kKindsOfFiles = {{
    {"PSSPL\xff\r\n", "identity of a spool"},
    {"PSCAT\xff\r\n", "catalogue of a spool"},
    {"PSROW\xff\r\n", "rows file of a spool"},
    {"PSIDX\xff\r\n", "index of a spool"},
}};

const KindOfFile& described(FileKind kind) {
    return kKindsOfFiles.at(static_cast<std::size_t>(kind));
}

std::string encode_checked(const FileHeader& header) {
    std::string bytes(described(header.kind).magic);
    proto::append_number(bytes, kFormatVersion);
    proto::append_number(bytes, header.table);
    bytes += as_text(header.spool);
    proto::append_number(bytes, header.job);
    proto::append_number(bytes, header.counter);
    proto::append_number(bytes, static_cast<std::uint64_t>(header.created_ns));
    return bytes;
}

}  // namespace

std::uint64_t FileHeader::seed() const {
    return checksum(as_bytes(encode_checked(*this)), 0);
}

std::string encode(const FileHeader& header) {
    std::string bytes = encode_checked(header);
    proto::append_number(bytes, checksum(as_bytes(bytes), 0));
    return bytes;
}

std::optional<std::uint32_t> header_version(Bytes bytes, FileKind kind) {
    const std::string_view magic = described(kind).magic;
    if (bytes.size() < kFileHeaderBytes || as_text(bytes.first(magic.size())) != magic ||
        checksum(bytes.first(kChecked), 0) != number_in<std::uint64_t>(bytes, kChecked))
        return std::nullopt;
    return number_in<std::uint32_t>(bytes, magic.size());
}

base::Result<FileHeader> read_file_header(Bytes bytes, FileKind kind) {
    const std::string name(described(kind).name);
    ByteReader reader(bytes);
    if (as_text(reader.take(described(kind).magic.size())) != described(kind).magic)
        return base::fail(ErrorCode::file, "is no " + name);
    if (bytes.size() < kFileHeaderBytes)
        return base::fail(ErrorCode::file, "is only the beginning of a header: " + name);
    if (checksum(bytes.first(kChecked), 0) != number_in<std::uint64_t>(bytes, kChecked))
        return base::fail(ErrorCode::file, "has a damaged header: " + name);
    if (const std::uint32_t version = reader.u32(); version != kFormatVersion)
        return base::fail(ErrorCode::file, "has version " + std::to_string(version) +
                                               " of the format, and this program reads version " +
                                               std::to_string(kFormatVersion) + ": " + name);
    FileHeader header;
    header.kind = kind;
    header.table = reader.u32();
    std::ranges::copy(reader.take(header.spool.size()), header.spool.begin());
    header.job = reader.u64();
    header.counter = reader.u64();
    header.created_ns = reader.i64();
    return header;
}

}  // namespace packetsentry::spool
