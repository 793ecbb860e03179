// The addresses of a batch as text, each made once: rows name them by slot.
//
// With names, an address is followed by the name that was seen for it: "192.0.2.7 (www.example.com)".
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "ctl/render/text_buffer.h"
#include "daemon/base/address.h"
#include "proto/rows/batch_view.h"

namespace packetsentry::ctl::render {

enum class MacStyle : std::uint8_t {
    colons,  // 00:00:5e:00:53:23, on lines
    dashes,  // 00-00-5E-00-53-23, in ECS
};

// IPv4 and MAC without a library call; IPv6 as RFC 5952 has it; nothing for no address.
void append_address(TextBuffer& out, const base::Address& address, MacStyle style);

class AddressTexts {
  public:
    explicit AddressTexts(MacStyle style, bool with_names = false) : style_(style), with_names_(with_names) {}

    [[nodiscard]] bool with_names() const { return with_names_; }

    // Forgets the batch before. The view must outlive the calls of text().
    void begin(const proto::BatchView& view);
    // Valid until the next call. Empty for slot 0.
    [[nodiscard]] std::string_view text(std::uint32_t slot) {
        if (slot == 0) return {};
        Place& place = places_[slot];
        if (place.size == 0) make(slot, place);
        return texts_.view().substr(place.begin, place.size);
    }

  private:
    struct Place {
        std::uint32_t begin = 0;
        std::uint32_t size = 0;  // 0: not made yet
    };
    void make(std::uint32_t slot, Place& place);

    MacStyle style_;
    bool with_names_;
    const proto::BatchView* view_ = nullptr;
    std::vector<Place> places_;
    TextBuffer texts_;
};

}  // namespace packetsentry::ctl::render
