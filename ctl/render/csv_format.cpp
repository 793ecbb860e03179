// The format "csv": comma-separated values (RFC 4180, with lines that end in a line feed alone).
//
// Its readers calculate: they take "0x0800" for a text, and a text that begins with "=" for a formula, which
// may open other files or send data away. So numbers are decimal, and where a text could become a formula, an
// apostrophe stands before that place, which tells a spreadsheet that a text follows. Such a place is the
// beginning of the text, and what stands behind a character at which a spreadsheet may split the line,
// whatever the separator is here: which one a spreadsheet takes depends on its language.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "ctl/render/field_column.h"
#include "ctl/render/formats.h"
#include "ctl/render/quoted_cell.h"
#include "ctl/render/usual_columns.h"

namespace packetsentry::ctl::render {
namespace {

constexpr std::string_view kFormulaSigns[] = {"=", "+", "-", "@", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"};
constexpr std::string_view kSplitAt = ";,|\t";

// Control characters need not be looked for: they have been escaped.
bool begins_formula(std::string_view text) {
    return std::ranges::any_of(kFormulaSigns,
                               [text](std::string_view sign) { return text.starts_with(sign); });
}

// The place of the first sign of a formula at or behind from; npos: there is none.
std::size_t find_formula(std::string_view text, std::size_t from) {
    if (from == 0 && begins_formula(text)) return 0;
    while ((from = text.find_first_of(kSplitAt, from)) != std::string_view::npos)
        if (begins_formula(text.substr(++from))) return from;
    return from;
}

class CsvWriter final : public RowWriter {
  public:
    explicit CsvWriter(const FormatSettings& settings) : separator_(settings.fields.separator.value_or(',')) {
        const FieldSettings& fields = settings.fields;
        const auto columns = fields.columns.empty() ? usual_columns(settings.table) : fields.columns;
        for (const FieldChoice& choice : columns)
            columns_.emplace_back(choice, form_for_tables(choice.name), fields.occurrence,
                                  fields.aggregator.value_or(','));
        if (fields.byte_order_mark) head_.append(kByteOrderMark);
        if (fields.header.value_or(true)) add_header(columns);
    }

    [[nodiscard]] std::string_view head() const override { return head_.view(); }

    [[nodiscard]] std::string_view write(RowBatch& batch) override {
        for (FieldColumn& column : columns_) column.begin(batch);
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
        const bool is_text = column.append(cell_, row) == FieldColumn::Cell::text;
        append_cell(lines_, is_text ? guarded(cell_.view()) : cell_.view());
    }

    // The text with an apostrophe before each place where a formula could begin.
    std::string_view guarded(std::string_view text) {
        std::size_t place = find_formula(text, 0);
        if (place == std::string_view::npos) return text;
        guarded_.clear();
        std::size_t copied = 0;
        for (; place != std::string_view::npos; place = find_formula(text, std::max<std::size_t>(place, 1))) {
            guarded_.append(text.substr(copied, place - copied));
            guarded_.append('\'');
            copied = place;
        }
        guarded_.append(text.substr(copied));
        return guarded_.view();
    }

    // Escaped text has no line feed in it.
    void append_cell(TextBuffer& out, std::string_view text) const {
        if (text.contains(separator_) || text.contains('"')) return append_quoted(out, text, '"');
        out.append(text);
    }

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
