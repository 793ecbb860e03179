// Live interfaces through libpcap. Opening needs CAP_NET_RAW; nothing afterwards does.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/capture/capture_filter.h"
#include "daemon/capture/packet_source.h"

namespace packetsentry::capture {

struct LiveOptions {
    std::vector<std::string> interfaces;  // names; "any" for all
    // An interface each: the one that has this index is meant, whatever else has got its name meanwhile. 0,
    // or where there is no entry: the one that has the name.
    std::vector<std::uint32_t> indices = {};
    std::uint32_t snapshot_length = 262144;
    bool promiscuous = true;               // where the interface can
    std::uint32_t ring_bytes = 64U << 20;  // an interface
};

class LiveSource : public PacketSource {
  public:
    // Opens every interface (TPACKET_V3, nanosecond timestamps, "any" as LINUX_SLL2), several at a time in
    // threads of its own, which have ended when it returns. No packet is to be read before set_filter().
    // Errors: interface (none of that name, another one of that name, down and why), not_permitted.
    [[nodiscard]] static base::Result<std::unique_ptr<LiveSource>> open(const LiveOptions& options);

    // Compiles for each interface's link type and installs in the kernel. A packet must pass required, a
    // libpcap expression ("" for none), and filter, which are compiled apart: neither can reach into the
    // other. The filter's options pass what their program cannot decide on (FilterProgram::of_options()),
    // which the sink is to decide. Once, before the first read(): counting begins here (it takes some 60 ms
    // to empty the ring of what came before). To be called without rights. Gives the length of each
    // interface's filter in the kernel, in instructions. Error: filter, with libpcap's message and the place
    // in the text; also where one has more than most instructions (0: the kernel's own limit).
    [[nodiscard]] virtual base::Result<std::vector<std::uint32_t>> set_filter(const std::string& required,
                                                                              const CaptureFilter& filter,
                                                                              std::uint32_t most = 0) = 0;
};

}  // namespace packetsentry::capture
