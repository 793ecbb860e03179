#include "ctl/render/packet_details.h"

#include <algorithm>

#include "proto/query/reference.h"

namespace packetsentry::ctl::render {
namespace {

constexpr std::string_view kTitleIndent = "  ";
constexpr std::string_view kFieldIndent = "    ";
constexpr std::size_t kGap = 2;          // columns between name, value and meaning
constexpr std::size_t kLineWidth = 100;  // where a meaning is broken
constexpr std::size_t kNameWidth = 34;   // longer names and values push what is behind them
constexpr std::size_t kValueWidth = 18;
constexpr std::size_t kJoinedWidth = 40;  // several values together; more stand one below the other
constexpr std::string_view kBold = "\x1b[1m", kFaint = "\x1b[2m", kPlain = "\x1b[0m";

// Columns of a terminal, if each character takes one.
std::size_t columns_of(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

void append_blanks(TextBuffer& out, std::size_t count) {
    while (count-- > 0) out.append(' ');
}

// The words of the text that fit on a line of this width, and at least one. The rest remains in text.
std::string_view take_line(std::string_view& text, std::size_t width) {
    std::size_t end = text.size();
    if (columns_of(text) > width) {
        end = text.rfind(' ', width);
        if (end == std::string_view::npos) end = text.find(' ');
        end = std::min(end, text.size());
    }
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

// A meaning that is too long for its line is shown up to its first comma or colon: what follows are details,
// which "packetsentryctl fields" has. That of a flag is whole, since its parts may be alternatives.
std::string_view short_meaning(const rows::FieldInfo& info, std::size_t width) {
    if (columns_of(info.meaning) <= width || info.kind == rows::FieldKind::flag) return info.meaning;
    return info.meaning.substr(0, std::min(info.meaning.find(", "), info.meaning.find(": ")));
}

// A mark that is not set is no news.
bool is_hidden(const PlannedField& field, const query::FieldValue& value) {
    return value.kind == rows::FieldKind::flag && value.number == 0 && field.name == field.info->path;
}

}  // namespace

PacketDetails::PacketDetails(bool coloured) : coloured_(coloured) {
    for (const rows::FieldInfo& info : rows::kFields)
        // Each path of the table is a name that can be read.
        readers_.emplace_back(query::resolve_to_read(info.path, {}).value(), query::NamedValues::texts);
}

void PacketDetails::begin(const RowBatch& batch) {
    view_ = &batch.view();
    for (query::FieldReader& reader : readers_) reader.bind(*view_, batch.numbers());
    addresses_.begin(*view_);
    plans_.assign(view_->layers_count(), std::nullopt);
}

const std::vector<PacketDetails::Layer>& PacketDetails::layers_of(std::uint32_t chain) {
    auto& plan = plans_[chain];
    if (plan) return *plan;
    plan.emplace();
    const bool packets = view_->table() == wire::TABLE_PACKETS;
    for (PlannedLayer& planned : packets ? plan_layers(view_->layers(chain)) : plan_table(view_->table())) {
        Layer& layer = plan->emplace_back(Layer{std::move(planned.title), {}});
        for (const PlannedField& field : planned.fields)
            layer.fields.push_back({field, FieldText(*field.info, field.name)});
    }
    return *plan;
}

void PacketDetails::append(TextBuffer& out, std::uint32_t row) {
    const std::vector<Layer>& layers = layers_of(view_->layers_index(row));
    for (const Layer& layer : layers) {
        collect(layer, row);
        // Each layer of the packet is shown, even if it has no field. The last entry is no layer of the
        // packet, but has the fields that belong to none of them.
        if (count_ == 0 && &layer == &layers.back()) continue;
        measure();
        append_title(out, layer.title);
        for (std::size_t i = 0; i < count_; ++i) append_field(out, shown_[i]);
    }
}

void PacketDetails::collect(const Layer& layer, std::uint32_t row) {
    texts_.clear();
    count_ = 0;
    for (const Field& field : layer.fields) {
        const auto index = static_cast<std::size_t>(field.planned.info - std::begin(rows::kFields));
        auto values = readers_[index].values(row);
        if (field.planned.first >= values.size()) continue;
        const std::size_t last = std::min(field.planned.last, values.size() - 1);
        values = values.subspan(field.planned.first, last - field.planned.first + 1);
        if (is_hidden(field.planned, values.front())) continue;
        if (count_ == shown_.size()) shown_.emplace_back();
        shown_[count_].field = &field;
        collect_values(shown_[count_], values);
        ++count_;
    }
}

void PacketDetails::collect_values(Shown& shown, std::span<const query::FieldValue> values) {
    shown.values.clear();
    const std::size_t begin = texts_.size();
    for (const query::FieldValue& value : values) {
        if (texts_.size() != begin) texts_.append(", ");
        const std::size_t value_begin = texts_.size();
        shown.field->text.append(texts_, value, addresses_, time_);
        shown.values.push_back({value_begin, texts_.size()});
    }
    if (columns_of(texts_.since(begin)) <= kJoinedWidth) shown.values = {{begin, texts_.size()}};
}

void PacketDetails::measure() {
    name_width_ = value_width_ = 0;
    for (std::size_t i = 0; i < count_; ++i) {
        const std::size_t name = shown_[i].field->planned.name.size();
        if (name <= kNameWidth) name_width_ = std::max(name_width_, name);
        for (const Text& value : shown_[i].values) {
            const std::size_t width = columns_of(text(value));
            if (width <= kValueWidth) value_width_ = std::max(value_width_, width);
        }
    }
}

void PacketDetails::append_title(TextBuffer& out, std::string_view title) const {
    out.append(kTitleIndent);
    if (coloured_)
        out.append(kBold, title, kPlain);
    else
        out.append(title);
    out.append('\n');
}

void PacketDetails::append_field(TextBuffer& out, const Shown& shown) const {
    const std::string_view name = shown.field->planned.name;
    out.append(kFieldIndent, name);
    append_blanks(out, kGap + name_width_ - std::min(name_width_, name.size()));
    append_values(out, shown, kFieldIndent.size() + std::max(name_width_, name.size()) + kGap);
}

// column: at which the values stand. The meaning stands behind the last value, or below it where there is no
// room.
void PacketDetails::append_values(TextBuffer& out, const Shown& shown, std::size_t column) const {
    for (const Text& value : std::span(shown.values).first(shown.values.size() - 1)) {
        out.append(text(value), "\n");
        append_blanks(out, column);
    }
    const std::string_view last = text(shown.values.back());
    out.append(last);
    append_meaning_behind(out, *shown.field->planned.info, column + columns_of(last));
}

void PacketDetails::append_meaning_behind(TextBuffer& out, const rows::FieldInfo& info,
                                          std::size_t end) const {
    const std::size_t usual = kFieldIndent.size() + name_width_ + kGap + value_width_ + kGap;
    const std::size_t at = std::max(usual, end + kGap);
    const std::string_view meaning = short_meaning(info, kLineWidth - std::min(at, kLineWidth));
    if (at == usual || at + columns_of(meaning) <= kLineWidth) {
        append_blanks(out, at - end);
        return append_meaning(out, meaning, at);
    }
    out.append('\n');
    append_blanks(out, usual);
    append_meaning(out, short_meaning(info, kLineWidth - usual), usual);
}

// at: the column at which it begins.
void PacketDetails::append_meaning(TextBuffer& out, std::string_view meaning, std::size_t at) const {
    const std::size_t width = kLineWidth - std::min(at, kLineWidth);
    while (!meaning.empty()) {
        const std::string_view line = take_line(meaning, width);
        if (coloured_)
            out.append(kFaint, line, kPlain);
        else
            out.append(line);
        out.append('\n');
        if (!meaning.empty()) append_blanks(out, at);
    }
}

}  // namespace packetsentry::ctl::render
