// Columns for people.
#pragma once

#include <string>
#include <vector>

namespace packetsentry::ctl::render {

class Table {
  public:
    explicit Table(std::vector<std::string> head) : head_(std::move(head)) {}

    // As many cells as the head has. Escaped here; an empty one shows as "-".
    void add(std::vector<std::string> cells);
    // Lines, each column as wide as its widest cell, two spaces between.
    [[nodiscard]] std::string text(bool with_head) const;

  private:
    std::vector<std::string> head_;
    std::vector<std::vector<std::string>> rows_;
};

// Several texts in one cell: "eth0, eth1".
template <typename Texts>
[[nodiscard]] std::string joined(const Texts& texts) {
    std::string all;
    for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
    return all;
}

// "Key:        value" lines, the values aligned; escaped here.
[[nodiscard]] std::string facts_text(const std::vector<std::pair<std::string, std::string>>& facts);

}  // namespace packetsentry::ctl::render
