// The format "csv": comma-separated values (RFC 4180, with lines that end in a line feed alone).
//
// Its readers calculate: they take "0x0800" for a text, and a text that begins with "=" for a formula, which
// may open other files or send data away. So numbers are decimal, and a text that could be a formula has an
// apostrophe before it, which tells a spreadsheet that it is a text.
#include <string>
#include <vector>

#include "ctl/render/field_column.h"
#include "ctl/render/formats.h"
#include "ctl/render/quoted_cell.h"
#include "proto/query/reference.h"

namespace packetsentry::ctl::render {
namespace {

constexpr std::string_view kUsualColumns[] = {
    "event.sequence",        "@timestamp",     "source.ip",
    "source.port",           "destination.ip", "destination.port",
    "packetsentry.protocol", "network.bytes",  "packetsentry.summary",
};

std::vector<FieldChoice> usual_columns() {
    std::vector<FieldChoice> columns;
    for (const std::string_view name : kUsualColumns)
        if (auto field = query::resolve_to_read(name, {}))
            columns.push_back({std::string(name), *std::move(field)});
    return columns;
}

// Control characters need not be looked for: they have been escaped.
bool begins_formula(std::string_view text) {
    return !text.empty() && std::string_view("=+-@").contains(text.front());
}

class CsvWriter final : public RowWriter {
  public:
    explicit CsvWriter(const FormatSettings& settings)
        : job_(settings.job), separator_(settings.fields.separator.value_or(',')) {
        const FieldSettings& fields = settings.fields;
        const auto columns = fields.columns.empty() ? usual_columns() : fields.columns;
        for (const FieldChoice& choice : columns)
            columns_.emplace_back(choice, form_for_tables(choice.name), fields.occurrence,
                                  fields.aggregator.value_or(','));
        if (fields.byte_order_mark) head_.append(kByteOrderMark);
        if (fields.header.value_or(true)) add_header(columns);
    }

    [[nodiscard]] std::string_view head() const override { return head_.view(); }

    [[nodiscard]] std::string_view write(RowBatch& batch) override {
        for (FieldColumn& column : columns_) column.begin(batch, job_);
        lines_.clear();
        for (const std::uint32_t row : batch.rows()) {
            for (FieldColumn& column : columns_) {
                if (&column != &columns_.front()) lines_.append(separator_);
                put(column, row);
            }
            lines_.append('\n');
        }
        return lines_.view();
    }

  private:
    void add_header(const std::vector<FieldChoice>& columns) {
        for (const FieldChoice& choice : columns) {
            if (&choice != &columns.front()) head_.append(separator_);
            append_cell(head_, choice.name);
        }
        head_.append('\n');
    }

    void put(FieldColumn& column, std::uint32_t row) {
        cell_.clear();
        if (column.append(cell_, row) != FieldColumn::Cell::text || !begins_formula(cell_.view()))
            return append_cell(lines_, cell_.view());
        guarded_.clear();
        guarded_.append('\'');
        guarded_.append(cell_.view());
        append_cell(lines_, guarded_.view());
    }

    // Escaped text has no line feed in it.
    void append_cell(TextBuffer& out, std::string_view text) const {
        if (text.contains(separator_) || text.contains('"')) return append_quoted(out, text, '"');
        out.append(text);
    }

    std::optional<std::uint64_t> job_;
    char separator_;
    std::vector<FieldColumn> columns_;
    TextBuffer head_;
    TextBuffer lines_;
    TextBuffer cell_;
    TextBuffer guarded_;  // a cell that would be taken for a formula
};

}  // namespace

std::unique_ptr<RowWriter> make_csv_writer(const FormatSettings& settings) {
    return std::make_unique<CsvWriter>(settings);
}

}  // namespace packetsentry::ctl::render
