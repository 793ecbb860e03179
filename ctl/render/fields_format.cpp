// The format "fields": a line for each row, with the values of the chosen fields, as tshark -T fields has it.
#include <string>
#include <vector>

#include "ctl/render/field_column.h"
#include "ctl/render/formats.h"
#include "ctl/render/quoted_cell.h"

namespace packetsentry::ctl::render {
namespace {

std::optional<char> quote_mark(Quote quote) {
    if (quote == Quote::none) return std::nullopt;
    return quote == Quote::single_quotes ? '\'' : '"';
}

class FieldsWriter final : public RowWriter {
  public:
    explicit FieldsWriter(const FormatSettings& settings)
        : separator_(settings.fields.separator.value_or('\t')),
          quote_(quote_mark(settings.fields.quote.value_or(Quote::none))) {
        const FieldSettings& fields = settings.fields;
        for (const FieldChoice& choice : fields.columns)
            columns_.emplace_back(choice, form_as_elsewhere(choice.name), fields.occurrence,
                                  fields.aggregator.value_or(','));
        if (fields.byte_order_mark) head_ = kByteOrderMark;
        if (fields.header.value_or(false)) add_header(fields);
    }

    [[nodiscard]] std::string_view head() const override { return head_; }

    [[nodiscard]] std::string_view write(RowBatch& batch) override {
        for (FieldColumn& column : columns_) column.begin(batch);
        lines_.clear();
        for (const std::uint32_t row : batch.rows()) {
            bool first = true;
            for (FieldColumn& column : columns_) {
                if (!first) lines_.append(separator_);
                first = false;
                put(column, row);
            }
            lines_.append('\n');
        }
        return lines_.view();
    }

  private:
    void add_header(const FieldSettings& fields) {
        for (std::size_t i = 0; i < fields.columns.size(); ++i) {
            if (i != 0) head_ += separator_;
            head_ += fields.columns[i].name;
        }
        head_ += '\n';
    }

    void put(FieldColumn& column, std::uint32_t row) {
        if (!quote_) {
            (void)column.append(lines_, row);
            return;
        }
        cell_.clear();
        if (column.append(cell_, row) != FieldColumn::Cell::none)
            append_quoted(lines_, cell_.view(), *quote_);
    }

    char separator_;
    std::optional<char> quote_;
    std::vector<FieldColumn> columns_;
    std::string head_;
    TextBuffer lines_;
    TextBuffer cell_;
};

}  // namespace

std::unique_ptr<RowWriter> make_fields_writer(const FormatSettings& settings) {
    return std::make_unique<FieldsWriter>(settings);
}

}  // namespace packetsentry::ctl::render
