// TLS records and the hellos in them, and those of SSL 2.
#include "daemon/dissect/application/application_protocols.h"
#include "tests/fuzz/application_target.h"

using namespace packetsentry::dissect;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static constexpr ApplicationDissector kDissectors[] = {dissect_tls, dissect_ssl2};
    packetsentry::fuzz::fuzz_application(kDissectors, std::as_bytes(std::span(data, size)));
    return 0;
}
