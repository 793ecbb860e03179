// The dissectors behind the rows of application.cpp, one file each. All keep the contract of
// ApplicationDissector (application.h).
#pragma once

#include "daemon/dissect/cursor.h"
#include "daemon/dissect/dissection.h"

namespace packetsentry::dissect {

bool dissect_dhcp(Cursor payload, Dissection& out);
bool dissect_dhcpv6(Cursor payload, Dissection& out);
bool dissect_dns(Cursor payload, Dissection& out);
bool dissect_dns_by_shape(Cursor payload, Dissection& out);
bool dissect_dns_over_tcp(Cursor payload, Dissection& out);
bool dissect_http(Cursor payload, Dissection& out);
bool dissect_http_on_its_port(Cursor payload, Dissection& out);
bool dissect_llmnr(Cursor payload, Dissection& out);
bool dissect_mdns(Cursor payload, Dissection& out);
bool dissect_ntp(Cursor payload, Dissection& out);
bool dissect_quic(Cursor payload, Dissection& out);
bool dissect_known_quic(Cursor payload, Dissection& out);
bool dissect_quic_any_version(Cursor payload, Dissection& out);
bool dissect_ssdp(Cursor payload, Dissection& out);
bool dissect_ssh(Cursor payload, Dissection& out);
bool dissect_ssl2(Cursor payload, Dissection& out);
bool dissect_tls(Cursor payload, Dissection& out);
bool dissect_wireguard(Cursor payload, Dissection& out);
bool dissect_wireguard_handshake(Cursor payload, Dissection& out);

}  // namespace packetsentry::dissect
