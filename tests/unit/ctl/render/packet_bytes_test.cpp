#include "ctl/render/packet_bytes.h"

#include <gtest/gtest.h>

#include <string>

#include "ctl/render/formats.h"
#include "ctl/render/link_header.h"
#include "tests/unit/ctl/batch_maker.h"
#include "tests/unit/ctl/render/written.h"

namespace packetsentry::ctl::render {
namespace {

using Form = BytesStyle::Form;
using namespace std::string_literals;

constexpr std::uint32_t kRaw = 101;
constexpr std::uint32_t kEthernet = 1;

std::string shown(Form form, std::string_view frame, std::uint32_t link_type = kRaw,
                  bool link_header = false) {
    TextBuffer out;
    append_bytes(out, {.form = form, .link_header = link_header}, link_type, frame);
    return std::string(out.view());
}

TEST(PacketBytes, HexIsInGroupsOfTwoBytes) {
    EXPECT_EQ(shown(Form::hex, "\x45\x00\x00\xff"s), "\t0x0000:  4500 00ff\n");
    EXPECT_EQ(shown(Form::hex, "0123456789abcdefg"),
              "\t0x0000:  3031 3233 3435 3637 3839 6162 6364 6566\n"
              "\t0x0010:  67\n");
}

TEST(PacketBytes, CharactersStandBehindTheWidthOfAWholeLine) {
    EXPECT_EQ(shown(Form::hex_and_text, "GET / \x1b[2J\n\x7f\xc3\xa4zg"),
              "\t0x0000:  4745 5420 2f20 1b5b 324a 0a7f c3a4 7a67  GET./..[2J....zg\n");
    EXPECT_EQ(shown(Form::hex_and_text, "abc"), "\t0x0000:  6162 63                                  abc\n");
}

TEST(PacketBytes, OffsetsGrowBeyondFourDigits) {
    const std::string text = shown(Form::hex, std::string(0x10010, 'x'));
    EXPECT_NE(text.find("\n\t0xfff0:  7878"), std::string::npos);
    EXPECT_NE(text.find("\n\t0x10000:  7878"), std::string::npos);
}

TEST(PacketBytes, TextKeepsLineBreaksAndForgesNoLine) {
    EXPECT_EQ(shown(Form::text, "HTTP/1.1 200 OK\r\nA:\tb\r\n\r\n"), "\tHTTP/1.1 200 OK\n\tA:\tb\n\t\n\t\n");
    EXPECT_EQ(shown(Form::text, "a\rb\n2025-05-15 10:30:01 - DNS \x1b[2J\xff.\x00.x"s),
              "\ta.b\n\t2025-05-15 10:30:01 - DNS .[2J....x\n");
}

TEST(PacketBytes, NothingIsShownWhereTheFrameEndsBefore) {
    const std::string frame(14, '\x08');
    for (const Form form : {Form::hex, Form::hex_and_text, Form::text}) {
        EXPECT_EQ(shown(form, frame, kEthernet), "");
        EXPECT_EQ(shown(form, frame.substr(0, 5), kEthernet), "");
        EXPECT_EQ(shown(form, ""), "");
        EXPECT_NE(shown(form, frame, kEthernet, true), "");
    }
    EXPECT_EQ(shown(Form::none, frame), "");
}

TEST(LinkHeader, EndsBehindTagsAndLlc) {
    const std::string macs(12, '\x02');
    const std::string cooked = std::string(14, '\0');
    const struct {
        const char* what;
        std::uint32_t link_type;
        std::string frame;
        std::size_t bytes;
    } kFrames[] = {
        {"IPv4", kEthernet, macs + "\x08\x00\x45\x00"s, 14},
        {"a VLAN tag", kEthernet, macs + "\x81\x00\x00\x07\x08\x00\x45"s, 18},
        {"two VLAN tags", kEthernet, macs + "\x88\xa8\x00\x07\x81\x00\x00\x08\x86\xdd\x60"s, 22},
        {"a tag that is cut", kEthernet, macs + "\x81\x00\x00"s, 18},
        {"LLC", kEthernet, macs + "\x00\x26\x42\x42\x03\x00"s, 17},
        {"LLC with two bytes of control", kEthernet, macs + "\x00\x26\xf0\xf0\x00\x01\x00"s, 18},
        {"SNAP", kEthernet, macs + "\x00\x26\xaa\xaa\x03\x00\x00\x0c\x20\x00\x02"s, 22},
        {"IPX without LLC", kEthernet, macs + "\x00\x26\xff\xff\x00\x22"s, 14},
        {"LLC that is cut", kEthernet, macs + "\x00\x26\x42"s, 15},
        {"cooked", 113, cooked + "\x08\x00\x45"s, 16},
        {"cooked, tagged", 113, cooked + "\x81\x00\x00\x07\x08\x00\x45"s, 20},
        {"cooked, second version", 276, std::string(40, '\0'), 20},
        {"loopback", 0, std::string(40, '\0'), 4},
        {"PPP", 9, "\x00\x21\x45"s, 2},
        {"PPP with address", 9, "\xff\x03\x00\x21\x45"s, 4},
        {"PPP with a short protocol", 9, "\x21\x45"s, 1},
        {"PPPoE", 51, "\x11\x00\x00\x01\x00\x20\x00\x21\x45"s, 8},
        {"raw IP", kRaw, "\x45\x00"s, 0},
        {"not in the table", 147, "\x45\x00"s, 0},
    };
    for (const auto& one : kFrames) {
        EXPECT_EQ(link_header_bytes(one.link_type, one.frame), one.bytes) << one.what;
        // However much of it there is.
        for (std::size_t size = 0; size < one.frame.size(); ++size)
            (void)link_header_bytes(one.link_type, one.frame.substr(0, size));
    }
}

class BytesOfRows : public testing::Test {
  protected:
    BytesOfRows() {
        const auto protocol = maker_.protocol("X", "", false, {});
        maker_.row({.protocol = protocol, .wire_bytes = 3});
        maker_.row({.protocol = protocol, .wire_bytes = 9, .cut_bytes = 8});
        maker_.batch().mutable_interface(0)->set_link_type(kRaw);
        maker_.batch().set_captured("abcd");
    }
    static std::string in(const char* format_name, const wire::Batch& batch) {
        const FormatSettings settings{.bytes = {.form = Form::text}};
        return written(*find_format(format_name)->make(settings), proto::BatchView::check(batch).value());
    }
    BatchMaker maker_;
};

TEST_F(BytesOfRows, StandBelowTheLineOfTheirPacket) {
    const std::string text = in("text", maker_.batch());
    EXPECT_NE(text.find(" X\n\tabc\n"), std::string::npos) << text;
    EXPECT_TRUE(text.ends_with(" X\n\td\n")) << text;
}

TEST_F(BytesOfRows, OfABatchWithoutBytesOnlyLinesAreShown) {
    maker_.batch().clear_captured();
    EXPECT_EQ(in("text", maker_.batch()).find('\t'), std::string::npos);
}

TEST_F(BytesOfRows, OtherFormatsHaveNone) {
    EXPECT_EQ(in("blocks", maker_.batch()).find('\t'), std::string::npos);
    EXPECT_EQ(in("json", maker_.batch()).find('\t'), std::string::npos);
}

}  // namespace
}  // namespace packetsentry::ctl::render
