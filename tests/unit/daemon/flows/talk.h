// A TCP connection of tests, segment by segment.
#pragma once

#include <string>

#include "daemon/flows/conn_state.h"
#include "tests/unit/daemon/flows/flow_builder.h"

namespace packetsentry::flows {

struct Talk {
    TcpConversation tcp = {};
    FlowHistory history = {};
    std::int64_t now_ns = 0;

    // Sequence numbers count from each side's SYN, so that 1 is the first byte of data. Each segment comes a
    // millisecond after the one before.
    std::uint8_t client(std::string_view letters, std::uint32_t at, std::uint32_t ack,
                        std::uint32_t payload = 0, std::uint16_t window = 1000) {
        return take(true, letters, kClientFirst + at, kServerFirst + ack, payload, window);
    }
    std::uint8_t server(std::string_view letters, std::uint32_t at, std::uint32_t ack,
                        std::uint32_t payload = 0, std::uint16_t window = 1000) {
        return take(false, letters, kServerFirst + at, kClientFirst + ack, payload, window);
    }
    void open() {
        client("S", 0, 0);
        server("SA", 0, 1);
        client("A", 1, 1);
    }
    [[nodiscard]] std::string state() const { return std::string(to_string(conn_state_of(tcp, history))); }
    [[nodiscard]] std::string letters() const { return std::string(history.text()); }
    // Of which side the first segment came: that of the originator, unless it has turned.
    [[nodiscard]] std::uint64_t bytes(bool of_originator) const {
        return tcp.side(of_originator).data_bytes(tcp.side(!of_originator));
    }

    bool first_from_client = true;

  private:
    std::uint8_t take(bool from_client, std::string_view letters, std::uint32_t sequence, std::uint32_t ack,
                      std::uint32_t payload, std::uint16_t window) {
        now_ns += kMillisecond;
        TcpSegment made = segment(letters, sequence, ack, payload, now_ns);
        made.window = window;
        const bool from_originator = (from_client == first_from_client) != tcp.turned();
        return tcp.take(made, from_originator, history);
    }
};

}  // namespace packetsentry::flows
