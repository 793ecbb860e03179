// QUIC long headers, and the frames of an Initial packet as if it had been opened: no packet that was changed
// at random is authentic.
#include "daemon/dissect/application/application_protocols.h"
#include "daemon/dissect/application/quic_connections.h"
#include "daemon/dissect/application/quic_hello.h"
#include "tests/fuzz/application_target.h"

using namespace packetsentry::dissect;

namespace {

bool dissect_frames(Cursor payload, Dissection& out) {
    static constexpr Protocol kFrames{};
    out.protocol = &kFrames;
    // The frames of two packets of one connection, of which the second has those of the first too.
    QuicConnections connections(1);
    out.quic = &connections;
    const Cursor half =
        payload.of_frame(payload.left().first(payload.remaining() / 2), payload.remaining() / 2);
    for (const QuicSide sender : {QuicSide::client, QuicSide::server}) {
        read_quic_hello(half, sender, {}, out);
        read_quic_hello(payload, sender, {}, out);
    }
    out.quic = nullptr;
    return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static constexpr ApplicationDissector kDissectors[] = {dissect_quic, dissect_quic_any_version,
                                                           dissect_frames};
    packetsentry::fuzz::fuzz_application(kDissectors, std::as_bytes(std::span(data, size)));
    return 0;
}
