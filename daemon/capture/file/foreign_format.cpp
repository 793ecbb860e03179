#include "daemon/capture/file/foreign_format.h"

#include <algorithm>
#include <array>

#include "daemon/capture/file/byte_view.h"

namespace packetsentry::capture {
namespace {

using namespace std::string_view_literals;
using Bytes = std::span<const std::byte>;

// In a command FILE is the file's name, and NEW that of the file to be made, without its ending.
constexpr std::string_view kEditcap = "'editcap -F pcap FILE NEW.pcap' rewrites it";
// These formats tell a link type with each packet. Then editcap must be told one, which nearly always is
// Ethernet.
constexpr std::string_view kEditcapTyped = "'editcap -F pcap -T ether FILE NEW.pcap' rewrites it";

struct Magic {
    std::string_view bytes;
    std::string_view name;
    std::string_view remedy = kEditcap;
};

// The formats that editcap knows (wireshark.org/docs/man-pages/editcap.html), and compressed files.
constexpr std::array kMagics{
    Magic{"snoop\0\0\0"sv, "a snoop file"},
    Magic{"RTSS"sv, "a Network Monitor file"},
    Magic{"GMBU"sv, "a Network Monitor file"},
    Magic{"XCP\0"sv, "a NetXRay file"},
    Magic{"VL\0\0"sv, "a NetXRay file"},
    Magic{"TRSNIFF data"sv, "a Sniffer file"},
    Magic{"iptrace "sv, "an AIX iptrace file", kEditcapTyped},
    Magic{"\x42\xd2\x00\x34\x12\x66\x22\x88"sv, "a RADCOM file"},
    Magic{"\x01\x10\x4c\x00"sv, "a LANalyzer file"},
    Magic{"\x07\x10\x4c\x00"sv, "a LANalyzer file"},
    Magic{"TR\x00\x64\x00"sv, "an HP-UX nettl file", kEditcapTyped},
    Magic{"\x00\x00\x00\x01\x00\x00\x00\x00\x00\x07\xd0\x00"sv, "an HP-UX nettl file", kEditcapTyped},
    Magic{"\x05VNF"sv, "a Visual Networks file"},
    Magic{"\xaa\xaa\xaa\xaa"sv, "a 5View file"},
    Magic{"ObserverPktBuffe"sv, "an Observer file"},
    Magic{"\x7fver"sv, "an EtherPeek file"},
    Magic{"\x00\x00\x02\x00\x12\x05\x00\x10"sv, "a Tektronix K12 file", kEditcapTyped},
    Magic{"+---------+---------------+----------+"sv, "a K12 text file", kEditcapTyped},
    Magic{"Session Transcript"sv, "a Catapult DCT2000 file", kEditcapTyped},
    Magic{"btsnoop\0"sv, "a btsnoop file"},
    Magic{"EyeSDN"sv, "an EyeSDN file", kEditcapTyped},
    Magic{"V0208"sv, "an Aethra file"},
    Magic{"cpse"sv, "a Capsa file"},
    Magic{"LOGG"sv, "a Vector BLF file", kEditcapTyped},
    Magic{"ETHERWATCH"sv, "a DBS Etherwatch file"},

    Magic{"BZh"sv, "compressed with bzip2", "'bzip2 -dc FILE | packetsentryctl -r -' reads it"},
    Magic{"LZIP"sv, "compressed with lzip", "'lzip -dc FILE | packetsentryctl -r -' reads it"},
    Magic{"\x89LZO"sv, "compressed with lzop", "'lzop -dc FILE | packetsentryctl -r -' reads it"},
    Magic{"\x1f\x9d"sv, "compressed with compress", "'gzip -dc FILE | packetsentryctl -r -' reads it"},
    Magic{"\x02\x21\x4c\x18"sv, "compressed with an old lz4",
          "'lz4 -dc FILE | packetsentryctl -r -' reads it"},
    Magic{"\x5d\x00\x00"sv, "compressed with lzma", "'xz -dc FILE | packetsentryctl -r -' reads it"},
    Magic{"PK\x03\x04"sv, "a zip archive", "'unzip -p FILE | packetsentryctl -r -' reads it"},
    Magic{"7z\xbc\xaf\x27\x1c"sv, "a 7z archive", "'7z x -so FILE | packetsentryctl -r -' reads it"},
};

std::string_view text_of(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// All numbers of these formats are little-endian, but for the two of ERF that stand in network order.
std::uint16_t little(Bytes bytes, std::size_t at) {
    return ByteView(bytes, std::endian::native == std::endian::big).u16(at);
}
std::uint16_t big(Bytes bytes, std::size_t at) {
    return ByteView(bytes, std::endian::native == std::endian::little).u16(at);
}
std::uint8_t byte(Bytes bytes, std::size_t at) {
    return at < bytes.size() ? std::to_integer<std::uint8_t>(bytes[at]) : std::uint8_t{0};
}

// A record of ERF (wireshark.org, wiretap/erf.c):
//
//   0        8               9       10          12       14         16
//   +--------+---------------+-------+-----------+--------+----------+-------------------------+----
//   | time   | type, and     | flags | length of | losses | length   | further headers of      | …
//   |        | whether more  |       | the       |        | on the   | 8 bytes, each begins    |
//   |        | headers       |       | record    |        | wire     | with whether more do    |
//   +--------+---------------+-------+-----------+--------+----------+-------------------------+----
//
// The upper half of the time are seconds. It is 0 in what editcap tells of itself before the first packet.
constexpr std::size_t kErfHeadSize = 16;

struct ErfRecord {
    std::uint32_t second = 0;  // 0: not told
    std::size_t size = 0;
};

// Gives the record that begins there, or none where these bytes cannot be one.
std::optional<ErfRecord> read_erf_record(Bytes begin) {
    constexpr std::uint8_t kPadding = 48, kMoreHeaders = 0x80;  // kPadding is the last type too
    constexpr std::uint8_t kSizesVary = 0x04;  // otherwise records are as long as the longest
    constexpr std::size_t kMoreHeaderSize = 8;
    constexpr std::size_t kAround = 12;                 // a short header before the frame, padding behind it
    constexpr std::uint32_t kFirstSecond = 0x2d000000;  // in 1993
    const std::uint32_t second = little(begin, 6) * 0x10000U + little(begin, 4);
    const int type = byte(begin, 8) & ~kMoreHeaders;
    const std::size_t size = big(begin, 10), wire_size = big(begin, 14);
    std::size_t head = kErfHeadSize;
    for (std::uint8_t more = byte(begin, 8); (more & kMoreHeaders) != 0; head += kMoreHeaderSize)
        more = byte(begin, head);
    if (type == 0 || type > kPadding || size <= head || (second != 0 && second < kFirstSecond)) return {};
    const bool is_exact = type != kPadding && (second == 0 || (byte(begin, 9) & kSizesVary) != 0);
    if (is_exact && size - head > wire_size + kAround) return {};
    return ErfRecord{second, size};
}

// The format has no magic: the records of a file follow each other, in the order of their times. Three prove
// it, or fewer that are the whole file. Where the second reaches beyond the bytes that are there, as lines of
// text might by chance, both must be of about one time.
bool is_erf(Bytes begin) {
    constexpr int kProof = 3;
    constexpr std::int64_t kBack = 1;  // interfaces may be that many seconds apart
    constexpr std::int64_t kYear = 365 * 86'400, kAboutOneTime = 0x10000;
    if (begin.empty()) return false;
    std::int64_t before = 0, apart = 0;
    for (int records = 1; !begin.empty(); ++records) {
        const auto record = begin.size() < kErfHeadSize ? std::nullopt : read_erf_record(begin);
        if (!record) return false;
        if (before != 0 && record->second != 0) apart = record->second - before;
        if (apart < -kBack || apart > kYear) return false;
        if (records == kProof) return true;
        if (record->size > begin.size()) return records != 1 && apart <= kAboutOneTime;
        begin = begin.subspan(record->size);
        if (record->second != 0) before = record->second;
    }
    return true;
}

// Year, month, day, hour, minute and second.
bool is_date(Bytes bytes, std::size_t at) {
    const std::uint16_t year = little(bytes, at);
    const std::uint8_t month = byte(bytes, at + 2), day = byte(bytes, at + 3);
    return year >= 1990 && year <= 2106 && month >= 1 && month <= 12 && day >= 1 && day <= 31 &&
           byte(bytes, at + 4) < 24 && byte(bytes, at + 5) < 60 && byte(bytes, at + 6) < 60;
}

// A record begins with a length of 32 bits, or with two of 16 bits and a version, and then has the time.
bool is_commview(Bytes begin) {
    constexpr std::size_t kHeadSize = 24;
    const bool one_length = little(begin, 2) == 0 && is_date(begin, 4);
    const bool two_lengths = byte(begin, 4) == 0 && is_date(begin, 5);
    return begin.size() >= kHeadSize && little(begin, 0) != 0 && (one_length || two_lengths);
}

// The words stand in the first record of the first page.
bool is_netscaler(Bytes begin) {
    const std::string_view page = text_of(begin);
    return page.substr(0, 128).find("NetScaler") != page.npos && page.find("Performance Data") != page.npos;
}

struct Shape {
    bool (*recognises)(Bytes begin);
    std::string_view name;
    std::string_view remedy = kEditcap;
};
constexpr std::array kShapes{
    Shape{is_netscaler, "a NetScaler trace", kEditcapTyped},
    Shape{is_commview, "a CommView file", kEditcapTyped},
    Shape{is_erf, "an ERF file"},
};

// What a shell would not take for one word, or what is no name, is left for the user to fill in.
bool is_plain_name(std::string_view name) {
    constexpr std::string_view kPlain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-/:@%,";
    return !name.empty() && name.front() != '-' && name.find_first_not_of(kPlain) == name.npos;
}

// "trace.snoop" becomes "trace", and what has an ending of ours already keeps it.
std::string_view without_ending(std::string_view name) {
    const std::size_t slash = name.rfind('/');
    const std::size_t begin = slash == name.npos ? 0 : slash + 1;
    const std::size_t dot = name.rfind('.');
    const bool has_ending = dot != name.npos && dot > begin;
    return has_ending && !name.substr(dot).starts_with(".pcap") ? name.substr(0, dot) : name;
}

void replace(std::string& text, std::string_view word, std::string_view by) {
    if (const std::size_t at = text.find(word); at != text.npos) text.replace(at, word.size(), by);
}

std::string advice(std::string_view name, std::string_view remedy, std::string_view file) {
    std::string text = std::string(name) + "; " + std::string(remedy);
    const bool plain = is_plain_name(file);
    replace(text, "NEW", plain ? without_ending(file) : "FILE");
    if (plain) replace(text, "FILE", file);
    return text;
}

}  // namespace

std::optional<std::string> foreign_format(Bytes begin, std::string_view file_name) {
    const std::string_view text = text_of(begin);
    for (const Magic& row : kMagics)
        if (text.starts_with(row.bytes)) return advice(row.name, row.remedy, file_name);
    for (const Shape& row : kShapes)
        if (row.recognises(begin)) return advice(row.name, row.remedy, file_name);
    return std::nullopt;
}

}  // namespace packetsentry::capture
