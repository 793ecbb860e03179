// A value of a field as text for people.
#pragma once

#include <string_view>

#include "ctl/render/address_texts.h"
#include "ctl/render/packet_time.h"
#include "ctl/render/text_buffer.h"
#include "proto/query/read/read_batch.h"
#include "proto/rows/fields.h"
#include "proto/rows/value_names.h"

namespace packetsentry::ctl::render {

// A number that has a name is followed by it, and a name that stands for a number follows its number, if the
// field is shown by Wireshark's name, under which it is a number: "28 (AAAA)". Numbers are hexadecimal where
// tshark has them so (value_form.h). Text is escaped.
class FieldText {
  public:
    // name: by which the field is shown. Both must outlive this.
    FieldText(const rows::FieldInfo& info, std::string_view name);

    void append(TextBuffer& out, const query::FieldValue& value, AddressTexts& addresses,
                PacketTime& time) const;

  private:
    void append_number(TextBuffer& out, std::uint64_t number) const;
    void append_text(TextBuffer& out, std::string_view text) const;
    void append_bare_number(TextBuffer& out, std::uint64_t number) const;

    const rows::NamedNumbers* names_;  // null: its numbers have no names
    unsigned hex_digits_;              // 0: decimal
    bool numbered_;                    // a text is shown with its number
};

}  // namespace packetsentry::ctl::render
