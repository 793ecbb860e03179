// The values that one column has of a field.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "proto/flows/row_community_ids.h"
#include "proto/query/expression.h"
#include "proto/query/number_texts.h"
#include "proto/query/read/dense_values.h"
#include "proto/query/read/read_batch.h"
#include "proto/query/read/restricted_rows.h"
#include "proto/rows/column_cursor.h"

namespace packetsentry::query {

// How texts that are names of numbers are given.
enum class NamedValues : std::uint8_t { texts, numbers };

class SourceReader {
  public:
    SourceReader(const Reference& field, const Source& source, NamedValues named);

    // Forgets the batch before. The view must remain live while values are read.
    void bind(const ReadBatch& batch);
    // Adds the values of the row. Rows must be asked for in ascending order.
    void add(std::uint32_t row, std::vector<FieldValue>& values) {
        if (rows_.has(row)) (this->*add_)(row, values);
    }

  private:
    using Add = void (SourceReader::*)(std::uint32_t, std::vector<FieldValue>&);
    using Cursor = std::optional<proto::ColumnCursor>;  // none: the batch has no such column

    [[nodiscard]] static Add way_of(Reference::Reading reading, const rows::FieldInfo& info);
    [[nodiscard]] Cursor cursor(std::string_view path, wire::Column::Kind kind) const;
    void add_dense(std::uint32_t row, std::vector<FieldValue>& values);
    void add_column(std::uint32_t row, std::vector<FieldValue>& values);
    void add_community_id(std::uint32_t row, std::vector<FieldValue>& values);
    void add_presence(std::uint32_t row, std::vector<FieldValue>& values);
    void add_listed(std::uint32_t row, std::vector<FieldValue>& values);
    [[nodiscard]] bool only_numbers() const { return numbers_ && source_.numbers->only; }
    [[nodiscard]] bool is_chosen(std::size_t value) const;
    [[nodiscard]] std::optional<std::uint64_t> number_of(std::string_view text);
    [[nodiscard]] FieldValue column_value(std::size_t value) const;
    void put(FieldValue value, std::vector<FieldValue>& values);

    Source source_;
    std::string_view word_;  // of a flag that is a word of a list
    std::uint64_t mask_;
    unsigned shift_;
    std::optional<NumberTexts> numbers_;  // none: all texts are values, and stay texts
    bool gives_numbers_ = false;          // in place of texts that are names of them
    std::string room_;                    // of the row's text, where the name has another than the column
    DenseValue dense_ = nullptr;
    Add add_;
    RestrictedRows rows_;
    ReadBatch batch_;
    Cursor cursor_;
    std::optional<flows::RowCommunityIds> community_ids_;  // of network.community_id
    Cursor owner_;                                         // of a list of flags
    const proto::ColumnView* types_ = nullptr;             // of the DNS records whose values these are
};

}  // namespace packetsentry::query
