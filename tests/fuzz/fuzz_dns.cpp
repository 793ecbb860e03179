// DNS messages by datagram and by segment, and their relatives.
#include "daemon/dissect/application/application_protocols.h"
#include "tests/fuzz/application_target.h"

using namespace packetsentry::dissect;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static constexpr ApplicationDissector kDissectors[] = {dissect_dns, dissect_dns_over_tcp, dissect_mdns,
                                                           dissect_llmnr, dissect_dns_by_shape};
    packetsentry::fuzz::fuzz_application(kDissectors, std::as_bytes(std::span(data, size)));
    return 0;
}
