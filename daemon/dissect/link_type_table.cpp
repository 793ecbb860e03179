#include "daemon/dissect/link_type_table.h"

#include <array>

#include "daemon/dissect/cisco_hdlc.h"
#include "daemon/dissect/ethernet.h"
#include "daemon/dissect/fddi.h"
#include "daemon/dissect/frame_relay.h"
#include "daemon/dissect/ieee80211.h"
#include "daemon/dissect/ipv4.h"
#include "daemon/dissect/ipv6.h"
#include "daemon/dissect/linux_cooked.h"
#include "daemon/dissect/loopback.h"
#include "daemon/dissect/nflog.h"
#include "daemon/dissect/ppi.h"
#include "daemon/dissect/ppp.h"
#include "daemon/dissect/pppoe.h"
#include "daemon/dissect/radiotap.h"
#include "daemon/dissect/raw_ip.h"
#include "daemon/dissect/token_ring.h"
#include "daemon/dissect/usb.h"
#include "daemon/dissect/vsock.h"

namespace packetsentry::dissect {
namespace {

struct LinkType {
    std::uint32_t number;
    LayerDissector dissect;
};

constexpr std::array kLinkTypes{
    LinkType{1, dissect_ethernet},
    LinkType{276, dissect_linux_sll2},
    LinkType{113, dissect_linux_sll},
    LinkType{0, dissect_null},
    LinkType{108, dissect_loop},
    LinkType{12, dissect_raw_ip},  // DLT_RAW, of tools that wrote the DLT
    LinkType{14, dissect_raw_ip},  // the same on OpenBSD
    LinkType{101, dissect_raw_ip},
    LinkType{228, dissect_ipv4},
    LinkType{229, dissect_ipv6},
    LinkType{105, dissect_ieee80211},
    LinkType{127, dissect_radiotap},
    LinkType{9, dissect_ppp},
    LinkType{50, dissect_ppp_or_cisco_hdlc},
    LinkType{51, dissect_pppoe_session},
    LinkType{104, dissect_cisco_hdlc},
    LinkType{107, dissect_frame_relay},
    LinkType{10, dissect_fddi},
    LinkType{6, dissect_token_ring},
    LinkType{192, dissect_ppi},
    LinkType{239, dissect_nflog},
    LinkType{271, dissect_vsock},
    LinkType{189, dissect_usb_linux},
    LinkType{220, dissect_usb_linux_mmapped},
    LinkType{249, dissect_usb_pcap},
    LinkType{288, dissect_usb_bus},
    LinkType{293, dissect_usb_bus},  // of one speed each
    LinkType{294, dissect_usb_bus},
    LinkType{295, dissect_usb_bus},
    LinkType{186, dissect_usb_other},
    LinkType{266, dissect_usb_other},
};

}  // namespace

LayerDissector find_link_type(std::uint32_t link_type) {
    for (const LinkType& row : kLinkTypes)
        if (row.number == link_type) return row.dissect;
    return nullptr;
}

}  // namespace packetsentry::dissect
