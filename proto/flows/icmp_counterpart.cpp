#include "proto/flows/icmp_counterpart.h"

#include <netinet/in.h>

#include <span>

namespace packetsentry::flows {
namespace {

struct CounterpartPair {
    std::uint8_t request;
    std::uint8_t reply;
};

constexpr CounterpartPair kIcmpPairs[] = {
    {8, 0},    // echo
    {10, 9},   // router solicitation and advertisement
    {13, 14},  // timestamp
    {15, 16},  // information
    {17, 18},  // address mask
};

constexpr CounterpartPair kIcmpv6Pairs[] = {
    {128, 129},  // echo
    {130, 131},  // multicast listener query and report
    {133, 134},  // router solicitation and advertisement
    {135, 136},  // neighbor solicitation and advertisement
    {139, 140},  // node information
    {144, 145},  // home agent address discovery
};

std::optional<std::uint8_t> counterpart_in(std::span<const CounterpartPair> pairs, std::uint8_t type) {
    for (const CounterpartPair& pair : pairs) {
        if (pair.request == type) return pair.reply;
        if (pair.reply == type) return pair.request;
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::uint8_t> icmp_counterpart(std::uint8_t type) {
    return counterpart_in(kIcmpPairs, type);
}

std::optional<std::uint8_t> icmpv6_counterpart(std::uint8_t type) {
    return counterpart_in(kIcmpv6Pairs, type);
}

void enter_message(FlowTuple& tuple, std::uint8_t type, std::uint8_t code) {
    const auto answer = tuple.ip_protocol == IPPROTO_ICMP ? icmp_counterpart(type) : icmpv6_counterpart(type);
    tuple.source.port = type;
    tuple.destination.port = answer.value_or(code);
    tuple.one_way = !answer;
}

}  // namespace packetsentry::flows
