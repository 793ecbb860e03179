#include "daemon/spool/search/row_names.h"

#include <algorithm>

#include "daemon/spool/format/glob.h"
#include "daemon/spool/format/index_keys.h"

namespace packetsentry::spool {
namespace {

char lower_letter(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

}  // namespace

RowNames::RowNames(std::string_view pattern) : pattern_(pattern) {
    std::ranges::transform(pattern_, pattern_.begin(), lower_letter);
}

bool RowNames::matches(std::string_view name) {
    lower_.assign(name);
    std::ranges::transform(lower_, lower_.begin(), lower_letter);
    return glob_matches(pattern_, lower_);
}

void RowNames::mark(const proto::BatchView& view, std::span<std::uint8_t> mask) {
    for (const proto::ColumnView& column : view.columns()) {
        if (column.kind() != wire::Column::TEXT || kind_of_column(column.name()) != KeyKind::name) continue;
        for (std::size_t i = 0; i < column.values(); ++i)
            if (mask[column.row(i)] == 0 && matches(column.text(i))) mask[column.row(i)] = 1;
    }
}

}  // namespace packetsentry::spool
