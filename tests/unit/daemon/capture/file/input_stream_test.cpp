#include "daemon/capture/file/input_stream.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <random>

#include "tests/unit/daemon/capture/capture_bytes.h"

namespace packetsentry::capture {
namespace {

base::Result<std::unique_ptr<InputStream>> open_stream(base::UniqueFd descriptor) {
    auto input = DescriptorInput::open(std::move(descriptor));
    if (!input) return std::unexpected(input.error());
    return InputStream::open(std::move(*input));
}

using testing::HasSubstr;

std::string noise(std::size_t size) {
    std::mt19937 random(7);
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random() % 64);
    return bytes;
}

// Everything that is left, in pieces.
std::string drain(InputStream& stream, std::size_t piece) {
    std::string all;
    for (;;) {
        const Want state = stream.want(piece);
        const std::size_t size = state == Want::enough ? piece : stream.available();
        all.append(reinterpret_cast<const char*>(stream.bytes(size).data()), size);
        stream.consume(size);
        if (state != Want::enough) return all;
    }
}

struct Packing {
    const char* name;
    std::string (*pack)(std::string_view);
};

class Packings : public testing::TestWithParam<Packing> {};
INSTANTIATE_TEST_SUITE_P(
    All, Packings,
    testing::Values(Packing{"plain", [](std::string_view bytes) { return std::string(bytes); }},
                    Packing{"gzip", gzipped}, Packing{"zstd", zstd_compressed},
                    Packing{"lz4", lz4_compressed}, Packing{"xz", xz_compressed},
                    Packing{"two_members",
                            [](std::string_view bytes) {
                                return gzipped(bytes.substr(0, 1000)) + gzipped(bytes.substr(1000)) +
                                       std::string(512, '\0');
                            }},
                    Packing{"two_frames",
                            [](std::string_view bytes) {
                                return zstd_compressed(bytes.substr(0, 1000)) +
                                       zstd_compressed(bytes.substr(1000));
                            }},
                    Packing{"two_lz4_frames",
                            [](std::string_view bytes) {
                                return lz4_compressed(bytes.substr(0, 1000)) +
                                       lz4_compressed(bytes.substr(1000));
                            }},
                    Packing{"two_xz_streams",
                            [](std::string_view bytes) {
                                return xz_compressed(bytes.substr(0, 1000)) + std::string(8, '\0') +
                                       xz_compressed(bytes.substr(1000));
                            }}),
    [](const auto& named) { return named.param.name; });

TEST_P(Packings, GiveTheSameBytes) {
    const std::string bytes = noise(3'500'000);
    const std::string packed = GetParam().pack(bytes);
    for (const std::size_t piece : {1UL << 20, 100'003UL, 777UL}) {
        auto stream = open_stream(memory_file(packed));
        ASSERT_TRUE(stream);
        EXPECT_EQ((*stream)->file_bytes(), packed.size());
        EXPECT_EQ(drain(**stream, piece), bytes);
        EXPECT_EQ((*stream)->offset(), bytes.size());
        EXPECT_EQ((*stream)->position(), packed.size());
        EXPECT_EQ((*stream)->want(1), Want::ended);
    }
}

TEST_P(Packings, ComeThroughAPipeByteByByte) {
    const std::string bytes = noise(2000);
    const std::string packed = GetParam().pack(bytes);
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    base::UniqueFd writing(ends[1]);
    ASSERT_EQ(::write(writing.get(), packed.data(), 4), 4);
    auto stream = open_stream(base::UniqueFd(ends[0]));
    ASSERT_TRUE(stream);
    EXPECT_EQ((*stream)->wait_fd(), ends[0]);
    EXPECT_EQ((*stream)->file_bytes(), 0U);
    for (std::size_t i = 4; i < packed.size(); ++i) {
        ASSERT_NE((*stream)->want(3000), Want::failed);
        ASSERT_EQ(::write(writing.get(), packed.data() + i, 1), 1);
    }
    EXPECT_EQ((*stream)->want(3000), Want::waiting);
    EXPECT_EQ((*stream)->available(), bytes.size());
    writing.reset();
    EXPECT_EQ((*stream)->want(3000), Want::ended);
    EXPECT_EQ(drain(**stream, 3000), bytes);
}

class Compressions : public testing::TestWithParam<Packing> {};
INSTANTIATE_TEST_SUITE_P(All, Compressions,
                         testing::Values(Packing{"gzip", gzipped}, Packing{"zstd", zstd_compressed},
                                         Packing{"lz4", lz4_compressed}, Packing{"xz", xz_compressed}),
                         [](const auto& named) { return named.param.name; });

TEST_P(Compressions, EveryCutIsTold) {
    const std::string bytes = noise(300);
    const std::string packed = GetParam().pack(bytes);
    for (std::size_t size = 4; size < packed.size(); ++size) {
        auto stream = open_stream(memory_file(packed.substr(0, size)));
        ASSERT_TRUE(stream);
        const std::string got = drain(**stream, 1);
        EXPECT_TRUE(bytes.starts_with(got));
        EXPECT_EQ((*stream)->want(1), Want::failed);
        EXPECT_THAT((*stream)->error().message,
                    HasSubstr("data is truncated (byte " + std::to_string(size) + ")"));
    }
}

TEST_P(Compressions, DamageIsTold) {
    std::string packed = GetParam().pack(noise(100'000));
    packed[packed.size() / 2] = static_cast<char>(packed[packed.size() / 2] ^ 0x55);
    packed.resize(packed.size() - 1);
    auto stream = open_stream(memory_file(packed));
    ASSERT_TRUE(stream);
    (void)drain(**stream, 1000);
    EXPECT_EQ((*stream)->want(1), Want::failed);
    EXPECT_EQ((*stream)->error().code, base::ErrorCode::file);
}

TEST_P(Compressions, TrailingGarbageIsTold) {
    auto stream = open_stream(memory_file(GetParam().pack("short") + "garbage, lots of it"));
    ASSERT_TRUE(stream);
    EXPECT_EQ(drain(**stream, 1), "short");
    EXPECT_EQ((*stream)->want(1), Want::failed);
    EXPECT_THAT((*stream)->error().message, HasSubstr("damaged"));
}

TEST(InputStream, RefusesAZstdWindowOverEightMebibytes) {
    std::string packed(ZSTD_compressBound(20'000'000), '\0');
    ZSTD_CCtx* state = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(state, ZSTD_c_windowLog, 24);
    ZSTD_CCtx_setParameter(state, ZSTD_c_contentSizeFlag, 0);
    const std::string bytes = noise(20'000'000);
    packed.resize(ZSTD_compress2(state, packed.data(), packed.size(), bytes.data(), bytes.size()));
    ZSTD_freeCCtx(state);
    auto stream = open_stream(memory_file(packed));
    ASSERT_TRUE(stream);
    EXPECT_EQ((*stream)->want(1), Want::failed);
    EXPECT_THAT((*stream)->error().message, HasSubstr("the zstd data cannot be unpacked"));
    EXPECT_THAT((*stream)->error().message, HasSubstr("too much memory"));
}

TEST(InputStream, RefusesAnXzDictionaryOverNinetySixMebibytes) {
    lzma_options_lzma options{};
    lzma_lzma_preset(&options, 0);
    options.dict_size = 128U << 20;
    const std::array filters{lzma_filter{LZMA_FILTER_LZMA2, &options},
                             lzma_filter{LZMA_VLI_UNKNOWN, nullptr}};
    std::array<std::uint8_t, 4096> packed{};
    std::size_t size = 0;
    const std::array<std::uint8_t, 4> bytes{1, 2, 3, 4};
    ASSERT_EQ(lzma_stream_buffer_encode(const_cast<lzma_filter*>(filters.data()), LZMA_CHECK_CRC32, nullptr,
                                        bytes.data(), bytes.size(), packed.data(), &size, packed.size()),
              LZMA_OK);
    auto stream = open_stream(memory_file({reinterpret_cast<const char*>(packed.data()), size}));
    ASSERT_TRUE(stream);
    EXPECT_EQ((*stream)->want(1), Want::failed);
    EXPECT_THAT((*stream)->error().message, HasSubstr("the xz data cannot be unpacked"));
    EXPECT_THAT((*stream)->error().message, HasSubstr("it needs more than 96 MiB of memory"));
}

TEST(InputStream, SkipsMoreThanItHolds) {
    auto stream = open_stream(memory_file(std::string(3'000'000, 'x') + "end"));
    ASSERT_TRUE(stream);
    std::uint64_t left = 3'000'000;
    EXPECT_EQ((*stream)->skip(left), Want::enough);
    EXPECT_EQ(left, 0U);
    EXPECT_EQ(drain(**stream, 1), "end");
    left = 5;
    EXPECT_EQ((*stream)->skip(left), Want::ended);
    EXPECT_EQ(left, 5U);
}

TEST(InputStream, StartsAtTheDescriptorsPosition) {
    auto file = memory_file("before|after");
    ::lseek(file.get(), 7, SEEK_SET);
    auto stream = open_stream(std::move(file));
    ASSERT_TRUE(stream);
    EXPECT_EQ(drain(**stream, 1), "after");
}

TEST(InputStream, RefusesWhatIsNoFile) {
    for (const auto& [path, words] :
         {std::pair{"/", "a directory is not a capture file"},
          std::pair{"/dev/zero", "captures are read from ordinary files and pipes only"}}) {
        auto stream = open_stream(base::UniqueFd(::open(path, O_RDONLY | O_CLOEXEC)));
        ASSERT_FALSE(stream);
        EXPECT_EQ(stream.error().code, base::ErrorCode::file);
        EXPECT_EQ(stream.error().message, words);
    }
}

TEST(InputStream, TellsAFailedRead) {
    base::UniqueFd write_only(::open("/tmp", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600));
    ASSERT_TRUE(write_only);
    auto stream = open_stream(std::move(write_only));
    ASSERT_FALSE(stream);
    EXPECT_EQ(stream.error().message, "cannot read the file: Bad file descriptor");
}

}  // namespace
}  // namespace packetsentry::capture
