// One setting of -E, as tshark has them.
#pragma once

#include <string_view>
#include <vector>

#include "ctl/render/field_settings.h"
#include "daemon/base/result.h"

namespace packetsentry::ctl {

// "header=y", "separator=/t". Error: usage.
[[nodiscard]] base::Result<void> add_field_setting(std::string_view text, render::FieldSettings& settings);

struct FieldSettingName {
    std::string_view text;  // "header=y"
    std::string_view meaning;
};
// The values that can be named, for completion.
[[nodiscard]] std::vector<FieldSettingName> field_setting_names();

}  // namespace packetsentry::ctl
