#include "daemon/record/layer_dictionary.h"

#include <gtest/gtest.h>

#include <initializer_list>

namespace packetsentry::record {
namespace {

using dissect::LayerName;

constexpr dissect::Protocol kTcpLayer{.word = "TCP"};
constexpr dissect::Protocol kHttp{.word = "HTTP", .name = "http"};
constexpr dissect::Protocol kWireguard{.word = "WireGuard", .name = "wireguard", .layers = "wg"};

struct LayerDictionaryTest : testing::Test {
    LayerDictionary dictionary;
    wire::Batch batch;
    dissect::Dissection dissection;

    std::uint16_t index(const dissect::Protocol& protocol, std::initializer_list<LayerName> names,
                        std::uint16_t ethertype = 0x0800) {
        dissection.reset();
        dissection.protocol = &protocol;
        for (const LayerName name : names) dissection.layers.add(name);
        dissection.layers.note_ethertype(ethertype);
        return dictionary.index(dissection, batch);
    }
};

TEST_F(LayerDictionaryTest, EachChainHasOneEntry) {
    EXPECT_EQ(index(kTcpLayer, {LayerName::eth, LayerName::ip, LayerName::tcp}), 1);
    EXPECT_EQ(index(kHttp, {LayerName::eth, LayerName::ip, LayerName::tcp, LayerName::by_protocol}), 2);
    EXPECT_EQ(index(kTcpLayer, {LayerName::eth, LayerName::ip, LayerName::tcp}), 1);
    EXPECT_EQ(index(kTcpLayer, {LayerName::eth, LayerName::ip, LayerName::tcp}), 1);
    EXPECT_EQ(index(kWireguard, {LayerName::udp, LayerName::by_protocol}), 3);
    EXPECT_EQ(index(kTcpLayer, {LayerName::eth, LayerName::ip, LayerName::tcp}, 0x8100), 4);
    ASSERT_EQ(batch.layers_size(), 4);
    EXPECT_EQ(batch.layers(0).names(), "eth:ip:tcp");
    EXPECT_EQ(batch.layers(1).names(), "eth:ip:tcp:http");
    EXPECT_EQ(batch.layers(2).names(), "udp:wg");
    EXPECT_EQ(batch.layers(0).ethertype(), 0x0800U);
    EXPECT_EQ(batch.layers(3).ethertype(), 0x8100U);
    EXPECT_EQ(dictionary.text_bytes(), 10U + 15U + 6U + 10U);
}

TEST_F(LayerDictionaryTest, APacketWithoutLayersHasNone) {
    EXPECT_EQ(index(kTcpLayer, {}), 0);
    EXPECT_EQ(batch.layers_size(), 0);
}

TEST_F(LayerDictionaryTest, ForgetsTheBatchBefore) {
    EXPECT_EQ(index(kTcpLayer, {LayerName::ip}), 1);
    dictionary.clear();
    batch.Clear();
    EXPECT_EQ(dictionary.text_bytes(), 0U);
    EXPECT_EQ(index(kTcpLayer, {LayerName::ip, LayerName::tcp}), 1);
    EXPECT_EQ(index(kTcpLayer, {LayerName::ip}), 2);
    EXPECT_EQ(batch.layers(1).names(), "ip");
}

TEST_F(LayerDictionaryTest, IsBounded) {
    for (int i = 0; i < proto::kBatchLayersLimit; ++i) {
        EXPECT_FALSE(dictionary.full());
        EXPECT_EQ(index(kTcpLayer, {LayerName::eth}, static_cast<std::uint16_t>(0x0600 + i)), i + 1);
    }
    EXPECT_TRUE(dictionary.full());
    EXPECT_EQ(index(kTcpLayer, {LayerName::eth}, 0x0500), 0);
    EXPECT_EQ(index(kTcpLayer, {LayerName::eth}, 0x0601), 2);
    EXPECT_EQ(batch.layers_size(), proto::kBatchLayersLimit);
}

}  // namespace
}  // namespace packetsentry::record
