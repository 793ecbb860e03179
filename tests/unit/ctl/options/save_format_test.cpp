#include "ctl/options/save_format.h"

#include <gtest/gtest.h>

#include <optional>

namespace packetsentry::ctl {
namespace {

TEST(SaveFormat, IsTheEnding) {
    struct Case {
        const char* name;
        std::optional<wire::SaveFormat> format;  // none: refused
        wire::Compression compression = wire::COMPRESSION_NONE;
    };
    for (const Case& one : {
             Case{"a.pcap", wire::SAVE_PCAP},
             Case{"a.cap", wire::SAVE_PCAP},
             Case{"a.pcapng", wire::SAVE_PCAPNG},
             Case{"A.PCAP", wire::SAVE_PCAP},
             Case{"A.CAP", wire::SAVE_PCAP},
             Case{"A.PcapNG", wire::SAVE_PCAPNG},
             Case{"a.pcap.pcapng", wire::SAVE_PCAPNG},
             Case{"-", wire::SAVE_PCAPNG},
             Case{"/dev/null", wire::SAVE_PCAPNG},
             Case{"a.pcap.gz", wire::SAVE_PCAP, wire::COMPRESSION_GZIP},
             Case{"A.PCAPNG.GZ", wire::SAVE_PCAPNG, wire::COMPRESSION_GZIP},
             Case{"a.pcapng.zst", wire::SAVE_PCAPNG, wire::COMPRESSION_ZSTD},
             Case{"A.CAP.ZST", wire::SAVE_PCAP, wire::COMPRESSION_ZSTD},
             Case{"a.zst", std::nullopt},
             Case{"a.gz", std::nullopt},
             Case{"a.pcap.gz.zst", std::nullopt},
             Case{"a.pcap.xz", std::nullopt},
             Case{"pcap", std::nullopt},
             Case{"a.txt", std::nullopt},
             Case{"/dev/full", std::nullopt},
         }) {
        const auto format = save_format(one.name);
        EXPECT_EQ(format.has_value(), one.format.has_value()) << one.name;
        if (format && one.format) {
            EXPECT_EQ(format->format(), *one.format) << one.name;
            EXPECT_EQ(format->compression(), one.compression) << one.name;
        }
    }
}

TEST(SaveFormat, ANameIsSplitBeforeItsEnding) {
    const auto parts = [](const char* name) {
        const SplitName split = split_name(name);
        return split.stem + "|" + split.ending;
    };
    EXPECT_EQ(parts("dir/lab.pcapng"), "dir/lab|.pcapng");
    EXPECT_EQ(parts("lab.a.PCAP.GZ"), "lab.a|.PCAP.GZ");
    EXPECT_EQ(parts(".cap.zst"), "|.cap.zst");
}

}  // namespace
}  // namespace packetsentry::ctl
