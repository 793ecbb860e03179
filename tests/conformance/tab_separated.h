// Tab-separated files whose first line names the columns.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace packetsentry::conformance {

using Values = std::vector<std::string>;

class Table {
  public:
    // Throws std::runtime_error where the file cannot be read. Lines that begin with '#' are skipped.
    explicit Table(const std::filesystem::path& path);

    [[nodiscard]] std::size_t rows() const { return rows_.size(); }
    // Empty where the row or the file has no such column.
    [[nodiscard]] std::string cell(std::size_t row, std::string_view column) const;
    // The values of a cell that joins them with '|', in which '\' takes away the meaning of '|' and '\'.
    [[nodiscard]] Values values(std::size_t row, std::string_view column) const;

  private:
    std::map<std::string, std::size_t, std::less<>> columns_;
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace packetsentry::conformance
