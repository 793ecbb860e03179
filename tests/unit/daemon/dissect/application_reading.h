// What a dissector made of a payload, as text to compare.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "daemon/dissect/application/application.h"
#include "tests/support/packet_builder.h"
#include "tests/unit/daemon/dissect/field_text.h"

namespace packetsentry::dissect {

struct Reading {
    test::Bytes bytes;  // what the views below point into
    std::unique_ptr<Dissection> large = std::make_unique<Dissection>();
    Dissection& out = *large;
    bool taken = false;

    Reading(ApplicationDissector dissector, test::Bytes payload, bool is_cut = false)
        : bytes(std::move(payload)) {
        out.reset();
        taken = dissector(Cursor(bytes, is_cut), out);
    }

    // A field's values joined by ','; "-" where it is not there.
    [[nodiscard]] std::string value(std::string_view path) const {
        std::string text;
        for (const Field& field : out.fields())
            if (field.info->path == path) text += (text.empty() ? "" : ",") + value_text(field);
        return text.empty() ? "-" : text;
    }

    // The word, then the values of the detail: "DNS example.com A"; "-" where it was not taken. A
    // malformed one begins with "!".
    [[nodiscard]] std::string line() const {
        if (!taken) return out.protocol == nullptr && out.fields().empty() ? "-" : "left traces";
        std::string text = (out.malformed ? "!" : "") + std::string(out.protocol->word);
        for (const FieldInfo* info : out.protocol->detail)
            if (const std::string there = value(info->path); there != "-") text += " " + there;
        return text;
    }
};

}  // namespace packetsentry::dissect
