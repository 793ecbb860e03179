// HTTP heads, the other protocols of lines, and what proxies put before them.
#include "daemon/dissect/application/application_protocols.h"
#include "daemon/dissect/application/proxy_header.h"
#include "tests/fuzz/application_target.h"

using namespace packetsentry::dissect;

namespace {

bool dissect_proxy(Cursor payload, Dissection& out) {
    return read_proxy_header(payload, out);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static constexpr ApplicationDissector kDissectors[] = {dissect_http, dissect_ssdp, dissect_ssh,
                                                           dissect_http_on_its_port, dissect_proxy};
    packetsentry::fuzz::fuzz_application(kDissectors, std::as_bytes(std::span(data, size)));
    return 0;
}
