// DHCP of both kinds and NTP: small binary messages.
#include "daemon/dissect/application/application_protocols.h"
#include "tests/fuzz/application_target.h"

using namespace packetsentry::dissect;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static constexpr ApplicationDissector kDissectors[] = {dissect_dhcp, dissect_dhcpv6, dissect_ntp};
    packetsentry::fuzz::fuzz_application(kDissectors, std::as_bytes(std::span(data, size)));
    return 0;
}
