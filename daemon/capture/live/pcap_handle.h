// What libpcap hands out, closed by itself.
#pragma once

#include <pcap/pcap.h>

#include <memory>

namespace packetsentry::capture {

struct PcapClose {
    void operator()(pcap_t* handle) const { pcap_close(handle); }
};
using PcapHandle = std::unique_ptr<pcap_t, PcapClose>;

}  // namespace packetsentry::capture
