// Writes a capture file like that of a busy small network, the same one each time:
//   make_capture FILE [PACKETS=2000000] [FLOWS=20000] [HOSTS]
// Microsecond pcap, Ethernet and IPv4, median about 900 bytes a packet. Of a hundred packets 60 are TCP data,
// 10 bare acknowledgements, 4 HTTP requests, 4 HTTP answers, 2 TLS client hellos, 8 DNS, 12 other UDP.
// Checksums are zero. With HOSTS, whatever it is, every tenth packet is one of 10.255.0.1, and three are
// of 10.255.0.2.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <iostream>
#include <string>
#include <vector>

#include "tests/bench/payloads.h"

namespace packetsentry::bench {
namespace {

// xorshift32: a fixed seed gives a fixed file.
class Random {
  public:
    std::uint32_t below(std::uint32_t limit) {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 17;
        state_ ^= state_ << 5;
        return state_ % limit;
    }

  private:
    std::uint32_t state_ = 2463534242;
};

struct Flow {
    std::uint32_t client = 0;
    std::uint32_t server = 0;
    std::uint16_t client_port = 0;
    std::uint32_t sequence = 1;
};

std::vector<Flow> make_flows(std::uint32_t count, Random& random) {
    std::vector<Flow> flows(count);
    for (Flow& flow : flows) {
        flow.client = 0x0a000001 + random.below(4000);
        flow.server = 0xc6120001 + random.below(60000);
        flow.client_port = static_cast<std::uint16_t>(32768 + random.below(28000));
    }
    return flows;
}

// One direction of a flow.
struct Ends {
    std::uint32_t source;
    std::uint32_t destination;
    unsigned source_port;
    unsigned destination_port;
};

Ends ends(const Flow& flow, unsigned server_port, bool to_server) {
    if (to_server) return {flow.client, flow.server, flow.client_port, server_port};
    return {flow.server, flow.client, server_port, flow.client_port};
}

// A packet without its payload: Ethernet, IPv4, and TCP or UDP.
void put_ip(std::string& frame, const Ends& way, unsigned protocol, std::size_t length) {
    frame.append("\x02\x00\x00\x00\x00\x02\x02\x00\x00\x00\x00\x01\x08\x00", 14);
    put16(frame, 0x4500);
    put16(frame, static_cast<unsigned>(20 + length));
    put32(frame, 0x4000);
    put16(frame, 0x4000 | protocol);
    put16(frame, 0);
    put32(frame, way.source);
    put32(frame, way.destination);
}

void put_tcp(std::string& frame, const Ends& way, std::uint32_t sequence, unsigned flags,
             std::size_t length) {
    put_ip(frame, way, 6, 32 + length);
    put16(frame, way.source_port);
    put16(frame, way.destination_port);
    put32(frame, sequence);
    put32(frame, 1);
    put16(frame, 0x8000 | flags);
    put16(frame, 1024);
    put32(frame, 0);
    frame.append("\x01\x01\x08\x0a\x00\x00\x10\x00\x00\x00\x20\x00", 12);
}

void put_udp(std::string& frame, const Ends& way, std::size_t length) {
    put_ip(frame, way, 17, 8 + length);
    put16(frame, way.source_port);
    put16(frame, way.destination_port);
    put16(frame, static_cast<unsigned>(8 + length));
    put16(frame, 0);
}

void tcp_packet(std::string& frame, Flow& flow, unsigned port, bool to_server, const std::string& payload) {
    put_tcp(frame, ends(flow, port, to_server), flow.sequence, payload.empty() ? 0x10 : 0x18, payload.size());
    flow.sequence += static_cast<std::uint32_t>(payload.size());
    frame += payload;
}

void udp_packet(std::string& frame, const Flow& flow, unsigned port, bool to_server,
                const std::string& payload) {
    put_udp(frame, ends(flow, port, to_server), payload.size());
    frame += payload;
}

void dns_packet(std::string& frame, const Flow& flow, std::uint32_t number) {
    const bool query = number % 2 == 0;
    const std::string name = host_name(number / 2);
    udp_packet(frame, flow, 53, query, query ? dns_query(number / 2, name) : dns_answer(number / 2, name));
}

// Replaces frame by packet `number` of the mix.
void make_packet(std::string& frame, std::uint32_t number, Flow& flow, Random& random) {
    frame.clear();
    const std::uint32_t kind = random.below(100);
    const unsigned port = flow.client_port % 4 == 0 ? 80 : 443;
    if (kind < 60) return tcp_packet(frame, flow, port, kind < 10, std::string(640 + random.below(809), 'd'));
    if (kind < 70) return tcp_packet(frame, flow, port, kind % 2 == 0, {});
    if (kind < 74) return tcp_packet(frame, flow, 80, true, http_request(host_name(number), number));
    if (kind < 78) return tcp_packet(frame, flow, 80, false, http_answer());
    if (kind < 80) return tcp_packet(frame, flow, 443, true, tls_client_hello(host_name(number)));
    if (kind < 88) return dns_packet(frame, flow, number);
    udp_packet(frame, flow, 40000 + flow.client_port % 2000, kind < 94,
               std::string(160 + random.below(1100), 'u'));
}

// pcap's head and record heads in this machine's byte order.
void write_words(std::FILE* out, std::initializer_list<std::uint32_t> words) {
    std::fwrite(words.begin(), sizeof(std::uint32_t), words.size(), out);
}

void write_packet(std::FILE* out, std::uint64_t microseconds, const std::string& frame) {
    const auto size = static_cast<std::uint32_t>(frame.size());
    write_words(out, {static_cast<std::uint32_t>(microseconds / 1000000),
                      static_cast<std::uint32_t>(microseconds % 1000000), size, size});
    std::fwrite(frame.data(), 1, frame.size(), out);
}

// The two hosts that are asked for, each with a server that nobody else talks to.
class AskedHosts {
  public:
    explicit AskedHosts(std::uint32_t packets) : third_(std::max(1U, packets / 3)) {}

    [[nodiscard]] Flow* flow_of(std::uint32_t number) {
        if (number % third_ == third_ / 2) return &rare_;
        return number % 10 == 0 ? &busy_ : nullptr;
    }

  private:
    std::uint32_t third_;
    Flow busy_{.client = 0x0aff0001, .server = 0xc6130001, .client_port = 40000};
    Flow rare_{.client = 0x0aff0002, .server = 0xc6130002, .client_port = 40001};
};

bool write_capture(const char* path, std::uint32_t packets, std::uint32_t flow_count, bool with_hosts) {
    std::FILE* out = std::fopen(path, "wb");
    if (out == nullptr) return false;
    std::vector<char> buffer(4U << 20);
    std::setvbuf(out, buffer.data(), _IOFBF, buffer.size());
    write_words(out, {0xa1b2c3d4, 0x00040002, 0, 0, 262144, 1});

    Random random;
    std::vector<Flow> flows = make_flows(flow_count, random);
    AskedHosts hosts(packets);
    std::string frame;
    std::uint64_t microseconds = 1747305000ULL * 1000000;
    for (std::uint32_t number = 0; number < packets; ++number) {
        Flow* const asked = with_hosts ? hosts.flow_of(number) : nullptr;
        make_packet(frame, number, asked != nullptr ? *asked : flows[random.below(flow_count)], random);
        microseconds += random.below(20);
        write_packet(out, microseconds, frame);
    }
    const bool good = std::ferror(out) == 0;
    return std::fclose(out) == 0 && good;
}

std::uint32_t number_argument(int count, char** values, int index, std::uint32_t otherwise) {
    return count > index ? static_cast<std::uint32_t>(std::strtoul(values[index], nullptr, 10)) : otherwise;
}

}  // namespace
}  // namespace packetsentry::bench

int main(int count, char** values) {
    using namespace packetsentry::bench;
    const std::uint32_t flows = number_argument(count, values, 3, 20000);
    if (count < 2 || flows == 0) {
        std::cerr << "make_capture FILE [PACKETS] [FLOWS] [HOSTS]\n";
        return 1;
    }
    if (write_capture(values[1], number_argument(count, values, 2, 2000000), flows, count > 4)) return 0;
    std::cerr << "make_capture: cannot write " << values[1] << "\n";
    return 3;
}
