// A field's value as text to compare.
#pragma once

#include <string>

#include "daemon/base/address.h"
#include "daemon/dissect/dissection.h"

namespace packetsentry::dissect {

[[nodiscard]] inline std::string value_text(const Field& field) {
    switch (field.info->kind) {
        case FieldKind::number:
            return std::to_string(field.number);
        case FieldKind::text:
            return std::string(field.text);
        case FieldKind::address:
            return base::to_string(field.address);
        default:
            return {};
    }
}

}  // namespace packetsentry::dissect
