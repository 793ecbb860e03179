#include "proto/query/missing_names.h"

#include "proto/query/shown.h"

namespace packetsentry::query {
namespace {

// Each stands for the names below it too: "tcp.analysis" for "tcp.analysis.flags".
struct MissingName {
    std::string_view name;
    std::string_view message = {};
};

// What Wireshark computes from several packets. The message says what to write instead.
constexpr MissingName kStates[] = {
    {"dns.response_in"},
    {"dns.response_to"},
    {"dns.retransmission"},
    {"dns.time"},
    {"frame.time_delta", "frame.time is when the packet was captured"},
    {"frame.time_delta_displayed", "frame.time is when the packet was captured"},
    {"frame.time_relative", "frame.time is when the packet was captured"},
    {"http.request_in"},
    {"http.response_in"},
    {"http.time"},
    {"icmp.resp_in"},
    {"icmp.resptime"},
    {"tcp.ack", "tcp.ack_raw is the number in the header"},
    {"tcp.analysis",
     "tcp.analysis.retransmission, out_of_order, duplicate_ack, zero_window, keep_alive and "
     "lost_segment are known"},
    {"tcp.completeness"},
    {"tcp.nxtseq", "tcp.seq_raw is the number in the header, and tcp.len the length behind it"},
    {"tcp.seq", "tcp.seq_raw is the number in the header"},
    {"tcp.stream", "ask the addresses and the ports of the connection"},
    {"tcp.time_delta", "frame.time is when the packet was captured"},
    {"tcp.time_relative", "frame.time is when the packet was captured"},
    {"udp.stream", "ask the addresses and the ports of the two sides"},
    {"udp.time_delta", "frame.time is when the packet was captured"},
    {"udp.time_relative", "frame.time is when the packet was captured"},
};

constexpr MissingName kNotTold[] = {
    {"dns.opt.client",
     "the network of the client is one text; ask for it as in packetsentry.dns.edns.client_subnet contains "
     "\"192.0.2.\""},
    {"eth.addr.oui", "a prefix asks for it, as in eth.addr == 00:00:5e:00:00:00/24"},
    {"eth.dst.oui", "a prefix asks for it, as in eth.dst == 00:00:5e:00:00:00/24"},
    {"eth.ig", "ask for the addresses themselves, as in eth.dst == 01:00:5e:00:00:00/24"},
    {"eth.lg", "ask for the addresses themselves, as in eth.src == 02:00:00:00:00:00/8"},
    {"eth.src.oui", "a prefix asks for it, as in eth.src == 00:00:5e:00:00:00/24"},
    {"frame.interface_id", "interfaces are told by their names; ask frame.interface_name"},
    {"gre.key", "the key of GRE is not told; packetsentry.nvgre.id is the virtual subnet of NVGRE"},
    {"ip.dsfield", "the byte is asked by its parts, ip.dsfield.dscp and ip.dsfield.ecn"},
    {"ip.flags", "the flags are asked one by one, as ip.flags.df and ip.flags.mf"},
    {"vlan.etype", "the type behind a tag is not told; ask for the protocol, as in vlan and ip"},
    {"tcp.window_size",
     "the window with its scale needs the whole connection; tcp.window_size_value is the number in the "
     "header"},
};

// The usual ports are those of IANA's registry, or those that the protocol's own documents name.
struct MissingProtocol {
    std::string_view name;
    std::string_view usual;  // a comparison
};
constexpr MissingProtocol kNotDissected[] = {
    {"amqp", "tcp.port == 5672"},
    {"bfd", "udp.port == 3784"},
    {"bgp", "tcp.port == 179"},
    {"coap", "udp.port == 5683"},
    {"diameter", "tcp.port == 3868"},
    {"dnp3", "tcp.port == 20000"},
    {"dtls", "udp.port == 443"},
    {"eapol", "eth.type == 0x888e"},
    {"epmd", "tcp.port == 4369"},
    {"ftp", "tcp.port == 21"},
    {"ftp-data", "tcp.port == 20"},
    {"glbp", "udp.port == 3222"},
    {"h225", "tcp.port == 1720"},
    {"homeplug", "eth.type == 0x887b"},
    {"hsrp", "udp.port == 1985"},
    {"imap", "tcp.port == 143"},
    {"kerberos", "tcp.port == 88 or udp.port == 88"},
    {"kpasswd", "tcp.port == 464 or udp.port == 464"},
    {"ldap", "tcp.port == 389"},
    {"ldp", "tcp.port == 646 or udp.port == 646"},
    {"mbtcp", "tcp.port == 502"},
    {"memcache", "tcp.port == 11211"},
    {"modbus", "tcp.port == 502"},
    {"mongo", "tcp.port == 27017"},
    {"mqtt", "tcp.port == 1883"},
    {"mysql", "tcp.port == 3306"},
    {"nbdgm", "udp.port == 138"},
    {"nbns", "udp.port == 137"},
    {"nbss", "tcp.port == 139 or tcp.port == 445"},
    {"nfs", "tcp.port == 2049 or udp.port == 2049"},
    {"openvpn", "udp.port == 1194 or tcp.port == 1194"},
    {"pgsql", "tcp.port == 5432"},
    {"pop", "tcp.port == 110"},
    {"portmap", "tcp.port == 111 or udp.port == 111"},
    {"pptp", "tcp.port == 1723"},
    {"profinet", "eth.type == 0x8892"},
    {"ptp", "udp.port in {319, 320}"},
    {"radius", "udp.port in {1812, 1813}"},
    {"rdp", "tcp.port == 3389"},
    {"redis", "tcp.port == 6379"},
    {"resp", "tcp.port == 6379"},
    {"rip", "udp.port == 520"},
    {"ripng", "udp.port == 521"},
    {"rtsp", "tcp.port == 554"},
    {"s7comm", "tcp.port == 102"},
    {"sip", "udp.port == 5060 or tcp.port == 5060"},
    {"smb", "tcp.port == 445"},
    {"smb2", "tcp.port == 445"},
    {"smtp", "tcp.port == 25 or tcp.port == 587"},
    {"snmp", "udp.port in {161, 162}"},
    {"socks", "tcp.port == 1080"},
    {"stun", "udp.port == 3478"},
    {"syslog", "udp.port == 514"},
    {"tacplus", "tcp.port == 49"},
    {"tds", "tcp.port == 1433"},
    {"telnet", "tcp.port == 23"},
    {"tftp", "udp.port == 69"},
    {"tns", "tcp.port == 1521"},
    {"vnc", "tcp.port == 5900"},
    {"whois", "tcp.port == 43"},
    {"winrm", "tcp.port == 5985"},
    {"x11", "tcp.port == 6000"},
    {"xmpp", "tcp.port == 5222"},
};

// These have no usual port, or are inside of something that has one.
constexpr MissingName kUnchosen[] = {
    {"carp", "vrrp is true of it, because both have the protocol number 112"},
    {"dcerpc", "tcp.port == 135 chooses the usual port of its endpoint mapper"},
    {"json", "http.content_type contains \"json\" asks for it in HTTP"},
    {"mime_multipart", "http.content_type contains \"multipart\" asks for it in HTTP"},
    {"rtcp", "its ports are agreed by other protocols; ask those that you know, as udp.port == 5005"},
    {"rtp", "its ports are agreed by other protocols; ask those that you know, as udp.port == 5004"},
    {"tpkt", "tcp.port in {102, 3389} chooses its usual ports"},
    {"websocket", "ask the ports of the connection"},
    {"xml", "http.content_type contains \"xml\" asks for it in HTTP"},
};

// name is row's, or one below it.
bool is_of(std::string_view name, std::string_view row) {
    return name.starts_with(row) && (name.size() == row.size() || name[row.size()] == '.');
}

std::string_view chosen_by(std::string_view comparison) {
    if (comparison.starts_with("eth.type")) return " chooses its frames";
    const bool several = comparison.contains(" or ") || comparison.contains('{');
    return several ? " chooses its usual ports" : " chooses its usual port";
}

std::string not_dissected(std::string_view protocol) {
    return std::string(protocol).append(" is not dissected here; ");
}

}  // namespace

std::string why_missing(std::string_view name) {
    for (const MissingName& row : kNotTold)
        if (is_of(name, row.name)) return shown(name) + " cannot be asked: " + std::string(row.message);
    for (const MissingName& row : kStates) {
        if (!is_of(name, row.name)) continue;
        std::string text =
            shown(name) +
            " needs the packets before this one, and a display filter asks each packet by itself";
        if (!row.message.empty()) text.append("; ").append(row.message);
        return text;
    }
    for (const MissingProtocol& row : kNotDissected)
        if (is_of(name, row.name))
            return not_dissected(row.name).append(row.usual).append(chosen_by(row.usual));
    for (const MissingName& row : kUnchosen)
        if (is_of(name, row.name)) return not_dissected(row.name).append(row.message);
    return {};
}

}  // namespace packetsentry::query
