#include "ctl/render/zeek_dns_answers.h"

#include <algorithm>

#include "ctl/render/zeek_dns_answer.h"
#include "proto/rows/fields.h"

namespace packetsentry::ctl::render {

using rows::field;

void ZeekDnsAnswers::begin(const proto::BatchView& view) {
    types_ = BatchColumn(view, field("dns.answers.type"));
    owners_ = BatchColumn(view, field("dns.answers.name"));
    ttls_ = BatchColumn(view, field("dns.answers.ttl"));
    data_ = BatchColumn(view, field("dns.answers.data"));
    clear();
}

void ZeekDnsAnswers::clear() {
    texts_.clear();
    answers_.clear();
    noticed_ = false;
}

// Each column has a value for each record, unless the batch is forged.
void ZeekDnsAnswers::read(std::uint32_t row) {
    clear();
    const proto::ValueRange types = types_.values(row), owners = owners_.values(row);
    const proto::ValueRange ttls = ttls_.values(row), data = data_.values(row);
    const std::size_t records = std::min({types.size(), owners.size(), ttls.size(), data.size()});
    for (std::size_t i = 0; i < records; ++i) {
        const std::size_t begin = texts_.size();
        noticed_ |= append_zeek_answer(texts_, {.type = types_.text_at(types.first + i),
                                                .owner = owners_.text_at(owners.first + i),
                                                .data = data_.text_at(data.first + i)});
        if (texts_.size() == begin) continue;
        const auto ttl = static_cast<std::uint32_t>(ttls_.number_at(ttls.first + i));
        answers_.push_back({begin, texts_.size(), ttl});
    }
}

void ZeekDnsAnswers::put(ZeekLines& lines) const {
    constexpr std::int64_t kSecond = 1'000'000'000;
    lines.begin_values();
    for (const Answer& one : answers_) lines.add_text(texts_.view().substr(one.begin, one.end - one.begin));
    lines.end_values();
    lines.begin_values();
    for (const Answer& one : answers_) lines.add_seconds(kSecond * one.ttl);
    lines.end_values();
}

}  // namespace packetsentry::ctl::render
