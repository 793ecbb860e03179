#include "ctl/render/table.h"

#include <algorithm>

#include "ctl/render/escape.h"

namespace packetsentry::ctl::render {
namespace {

// Characters of escaped text: its UTF-8 is valid.
std::size_t width(const std::string& text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

void append_line(std::string& out, const std::vector<std::string>& cells,
                 const std::vector<std::size_t>& widths) {
    for (std::size_t i = 0; i + 1 < cells.size(); ++i)
        out += cells[i] + std::string(widths[i] - width(cells[i]) + 2, ' ');
    out += cells.back() + '\n';
}

}  // namespace

void Table::add(std::vector<std::string> cells) {
    for (std::string& cell : cells) cell = cell.empty() ? "-" : escaped(cell);
    rows_.push_back(std::move(cells));
}

std::string Table::text(bool with_head) const {
    std::vector<std::size_t> widths;
    for (const std::string& title : head_) widths.push_back(with_head ? width(title) : 0);
    for (const auto& row : rows_)
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
    std::string out;
    if (with_head) append_line(out, head_, widths);
    for (const auto& row : rows_) append_line(out, row, widths);
    return out;
}

std::string facts_text(const std::vector<std::pair<std::string, std::string>>& facts) {
    std::size_t widest = 0;
    for (const auto& fact : facts) widest = std::max(widest, width(fact.first));
    std::string out;
    for (const auto& [key, value] : facts)
        out += key + ':' + std::string(widest - width(key) + 2, ' ') + escaped(value) + '\n';
    return out;
}

}  // namespace packetsentry::ctl::render
