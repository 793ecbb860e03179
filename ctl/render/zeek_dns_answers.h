// The records of the answer section of a message of DNS, as Zeek's dns.log has them.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "ctl/render/batch_column.h"
#include "ctl/render/text_buffer.h"
#include "ctl/render/zeek_lines.h"
#include "proto/rows/batch_view.h"

namespace packetsentry::ctl::render {

class ZeekDnsAnswers {
  public:
    void begin(const proto::BatchView& view);
    // Rows must be asked for in ascending order.
    void read(std::uint32_t row);
    void clear();

    // Tells whether Zeek takes notice of any record of the row that was read. If it does not, there is no
    // answer for it.
    [[nodiscard]] bool noticed() const { return noticed_; }
    // The columns answers and TTLs of that row.
    void put(ZeekLines& lines) const;

    // Tells whether the row has any record, for which it need not be read.
    [[nodiscard]] bool any(std::uint32_t row) { return owners_.has(row); }
    // The owner's name of the row's first record; empty: it has none.
    [[nodiscard]] std::string_view first_owner(std::uint32_t row) { return owners_.text(row); }

  private:
    struct Answer {
        std::size_t begin, end;  // of its text
        std::uint32_t ttl;       // seconds
    };

    BatchColumn types_, owners_, ttls_, data_;
    TextBuffer texts_;
    std::vector<Answer> answers_;
    bool noticed_ = false;
};

}  // namespace packetsentry::ctl::render
