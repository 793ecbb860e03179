// Certificates of servers, and the elements of DER that they consist of.
#include "daemon/dissect/application/certificate.h"

#include <cstdint>
#include <cstdlib>

#include "tests/fuzz/promises.h"

using namespace packetsentry;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static dissect::Dissection out;
    const auto certificate = std::as_bytes(std::span(data, size));
    out.reset();
    const bool taken = dissect::read_server_certificate(certificate, out);
    const bool left_alone = out.fields().empty() && !out.malformed && !out.incomplete;
    if (taken == left_alone || out.protocol != nullptr) std::abort();
    fuzz::check_promises(out, certificate);
    return 0;
}
