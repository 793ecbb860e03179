#include "tests/conformance/tab_separated.h"

#include <fstream>
#include <stdexcept>

namespace packetsentry::conformance {
namespace {

std::vector<std::string> split(const std::string& line) {
    std::vector<std::string> cells(1);
    for (const char c : line)
        if (c == '\t')
            cells.emplace_back();
        else
            cells.back() += c;
    return cells;
}

}  // namespace

Table::Table(const std::filesystem::path& path) {
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot read '" + path.string() + "'");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with('#')) continue;
        auto cells = split(line);
        if (columns_.empty())
            for (std::size_t i = 0; i < cells.size(); ++i) columns_.emplace(cells[i], i);
        else
            rows_.push_back(std::move(cells));
    }
}

std::string Table::cell(std::size_t row, std::string_view column) const {
    const auto found = columns_.find(column);
    if (row >= rows_.size() || found == columns_.end() || found->second >= rows_[row].size()) return {};
    return rows_[row][found->second];
}

Values Table::values(std::size_t row, std::string_view column) const {
    const std::string text = cell(row, column);
    if (text.empty()) return {};
    Values values(1);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '|') {
            values.emplace_back();
            continue;
        }
        if (text[i] == '\\' && i + 1 < text.size()) ++i;
        values.back() += text[i];
    }
    return values;
}

}  // namespace packetsentry::conformance
