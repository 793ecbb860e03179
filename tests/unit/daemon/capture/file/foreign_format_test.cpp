#include "daemon/capture/file/foreign_format.h"

#include <gtest/gtest.h>

#include "tests/unit/daemon/capture/capture_bytes.h"

namespace packetsentry::capture {
namespace {

using namespace std::string_view_literals;

std::string told(std::string_view begin, std::string_view file_name = "") {
    return foreign_format(std::as_bytes(std::span(begin)), file_name).value_or("");
}

TEST(ForeignFormat, IsToldByItsFirstBytes) {
    struct Case {
        std::string_view begin;
        std::string_view name;
    };
    for (const Case& c : {
             Case{"snoop\0\0\0\0\0\0\2"sv, "a snoop file"},
             Case{"RTSS\1\1"sv, "a Network Monitor file"},
             Case{"GMBU\0\2"sv, "a Network Monitor file"},
             Case{"XCP\0"
                  "002.001"sv,
                  "a NetXRay file"},
             Case{"TRSNIFF data    \x1a"sv, "a Sniffer file"},
             Case{"iptrace 2.0"sv, "an AIX iptrace file"},
             Case{"\x01\x10\x4c\0"sv, "a LANalyzer file"},
             Case{"\x7fver\0"sv, "an EtherPeek file"},
             Case{"ObserverPktBufferVersion=15.00"sv, "an Observer file"},
             Case{"\xaa\xaa\xaa\xaa"sv, "a 5View file"},
             Case{"\x05VNF"sv, "a Visual Networks file"},
             Case{"TR\0d\0"sv, "an HP-UX nettl file"},
             Case{"btsnoop\0\0\0\0\1"sv, "a btsnoop file"},
             Case{"+---------+---------------+----------+\r\n"sv, "a K12 text file"},
             Case{"\0\0\0\0NetScaler V20 Performance Data"sv, "a NetScaler trace"},
         })
        EXPECT_TRUE(told(c.begin).starts_with(std::string(c.name) + "; 'editcap -F pcap")) << told(c.begin);
}

TEST(ForeignFormat, TheCommandHasBothNames) {
    constexpr std::string_view kSnoop = "snoop\0\0\0"sv;
    struct Case {
        std::string_view file;
        std::string_view command;
    };
    for (const Case& c : {
             Case{"trace.snoop", "trace.snoop trace.pcap"},
             Case{"/var/tmp/trace.2.snoop", "/var/tmp/trace.2.snoop /var/tmp/trace.2.pcap"},
             Case{"./a.b/trace", "./a.b/trace ./a.b/trace.pcap"},
             Case{"trace.pcap", "trace.pcap trace.pcap.pcap"},
             Case{"trace.pcapng", "trace.pcapng trace.pcapng.pcap"},
             Case{".snoop", ".snoop .snoop.pcap"},
             Case{"-", "FILE FILE.pcap"},
             Case{"two words.snoop", "FILE FILE.pcap"},
             Case{"a';reboot;'", "FILE FILE.pcap"},
             Case{"a\x1b[31m", "FILE FILE.pcap"},
         })
        EXPECT_EQ(told(kSnoop, c.file),
                  "a snoop file; 'editcap -F pcap " + std::string(c.command) + "' rewrites it");
    EXPECT_EQ(told("BZh91AY&SY", "night.pcap.bz2"),
              "compressed with bzip2; 'bzip2 -dc night.pcap.bz2 | packetsentryctl -r -' reads it");
}

// Time (64 bits, little-endian), type, flags, length of the record, a counter, length on the wire.
std::string erf_record(std::uint32_t seconds, std::uint8_t type, std::uint16_t size,
                       std::uint16_t wire_size = 60) {
    return Bytes(Order::little).u32(0).u32(seconds).str() +
           Bytes(Order::big).u8(type).u8(4).u16(size).u16(0).u16(wire_size).str() +
           std::string(size - 16U, 'x');
}

// What editcap 4.0 writes of itself before the first packet: it has no time, and a further header.
std::string erf_of_editcap() {
    return Bytes(Order::big)
        .u64(0)
        .u8(0x9b)
        .u8(4)
        .u16(56)
        .u16(0)
        .u16(28)
        .u64(0x1100000000000000)
        .u64(0x0002000800000000)
        .u64(0x00000000ff000004)
        .u64(0x00000008ff010004)
        .u64(0x0000000800000000)
        .str();
}

constexpr std::string_view kErf = "an ERF file; 'editcap -F pcap FILE FILE.pcap' rewrites it";

TEST(ForeignFormat, ErfIsToldByItsRecords) {
    const std::string one = erf_record(1'700'000'000, 2, 80);
    EXPECT_EQ(told(one), kErf);
    EXPECT_EQ(told(one + one + one.substr(0, 50)), kErf);
    EXPECT_EQ(told(one + "x"), "");
    EXPECT_EQ(told(one + erf_record(1'000'000'000, 2, 80)), "");
    EXPECT_EQ(told(erf_record(1'700'000'000, 120, 80)), "");
    EXPECT_EQ(told(erf_record(5, 2, 80)), "");
}

TEST(ForeignFormat, ErfOfRecordsFarApart) {
    constexpr std::uint32_t kBegin = 1'700'000'000, kDay = 86'400;
    const auto records = [](std::uint32_t apart) {
        std::string file;
        for (std::uint32_t i = 0; i < 4; ++i) file += erf_record(kBegin + i * apart, 2, 80);
        return file;
    };
    EXPECT_EQ(told(records(kDay)), kErf);
    EXPECT_EQ(told(records(300 * kDay)), kErf);
    EXPECT_EQ(told(records(kDay).substr(0, 160)), kErf);
    EXPECT_EQ(told(records(kDay).substr(0, 260)), kErf);
    EXPECT_EQ(told(records(400 * kDay)), "");
    EXPECT_EQ(told(erf_record(kBegin + 1, 2, 80) + records(kDay)), kErf);
    EXPECT_EQ(told(erf_record(kBegin + 9, 2, 80) + records(kDay)), "");
    // Two records prove less where the second is not there as a whole.
    EXPECT_EQ(told(records(kDay).substr(0, 150)), "");
    EXPECT_EQ(told(records(60).substr(0, 150)), kErf);
}

TEST(ForeignFormat, ErfThatBeginsWithoutATime) {
    const std::string begin = erf_of_editcap();
    const std::string one = erf_record(1'700'000'000, 2, 80);
    EXPECT_EQ(told(begin), kErf);
    EXPECT_EQ(told(begin + one + one), kErf);
    EXPECT_EQ(told(begin + one + erf_record(1'700'100'000, 2, 80)), kErf);
    EXPECT_EQ(told(erf_record(0, 2, 80) + erf_record(0, 2, 80) + erf_record(0, 2, 80)), kErf);
    EXPECT_EQ(told(begin + "x"), "");
    EXPECT_EQ(told(std::string(64, '\0')), "");
}

TEST(ForeignFormat, ErfHasRecordsAsLongAsTheirFrames) {
    EXPECT_EQ(told(erf_record(1'700'000'000, 2, 80, 1500)), kErf);  // at a snapshot length
    EXPECT_EQ(told(erf_record(1'700'000'000, 2, 80, 40)), "");
    EXPECT_EQ(told(erf_record(0, 2, 80, 40)), "");
}

TEST(ForeignFormat, CommviewIsToldByItsDate) {
    const auto record = [](bool two_lengths, std::uint16_t year, std::uint8_t month) {
        Bytes bytes;
        bytes.u16(74).u16(two_lengths ? 74 : 0);
        if (two_lengths) bytes.u8(0);
        return bytes.u16(year).u8(month).u8(15).u8(10).u8(30).u8(0).str() + std::string(87, '\0');
    };
    for (const bool two_lengths : {false, true}) {
        EXPECT_EQ(told(record(two_lengths, 2025, 5)),
                  "a CommView file; 'editcap -F pcap -T ether FILE FILE.pcap' rewrites it");
        EXPECT_EQ(told(record(two_lengths, 2025, 13)), "");
        EXPECT_EQ(told(record(two_lengths, 1025, 5)), "");
    }
}

TEST(ForeignFormat, TextIsNone) {
    EXPECT_EQ(told(""), "");
    EXPECT_EQ(told("packets, please\n"), "");
    std::string words;
    while (words.size() < kForeignFormatBytes) words += "What is no capture file, whatever its name says. ";
    for (std::size_t i = 0; i < 60; ++i) EXPECT_EQ(told(words.substr(i)), "") << i;
}

}  // namespace
}  // namespace packetsentry::capture
