// The columns that all tables have whose rows are each made of several packets (conversations, questions with
// their answers). A builder of such a table has this one as its base, and adds fields of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "daemon/dissect/dissection.h"
#include "daemon/flows/server_names.h"
#include "daemon/record/address_dictionary.h"
#include "daemon/record/number_column.h"
#include "daemon/record/sparse_columns.h"
#include "proto/flows/flow_key.h"
#include "proto/messages/batch.pb.h"

namespace packetsentry::record {

// One open batch at a time.
class DerivedBatchBuilder {
  public:
    static constexpr std::uint32_t kRowLimit = 4096;
    static constexpr std::size_t kTextLimit = 1024 * 1024;  // bytes

    DerivedBatchBuilder(const DerivedBatchBuilder&) = delete;
    DerivedBatchBuilder& operator=(const DerivedBatchBuilder&) = delete;

    // These are as in BatchBuilder. Each is valid until the next call.
    void number_from(std::uint64_t first_number) { first_number_ = first_number; }
    void take_names_from(const flows::ServerNames& names) { names_ = &names; }
    [[nodiscard]] std::uint32_t rows() const { return batch_.rows(); }  // in the open batch
    // The number that the next row gets.
    [[nodiscard]] std::uint64_t next_number() const { return first_number_ + rows(); }
    // There is no room for another row. Texts and addresses come from strangers, and all together may not be
    // longer than a reader takes (proto::kBatchFrameLimit).
    [[nodiscard]] bool full() const;
    [[nodiscard]] std::size_t text_bytes() const { return columns_.text_bytes(); }  // of the open batch
    [[nodiscard]] const std::string& seal();
    [[nodiscard]] const wire::Batch& draft();
    // Forgets the open batch. Its rows keep their numbers, so the next batch begins behind them.
    void discard();

  protected:
    explicit DerivedBatchBuilder(wire::Table table) : table_(table) {}
    ~DerivedBatchBuilder() = default;

    // A row has each of these once, then its fields, then end_row().
    void append_times(std::int64_t begin_ns, std::int64_t end_ns);
    // tuple: who has begun is its source. flags: wire::Flag, but for FLAG_PORTS.
    void append_ends(const flows::FlowTuple& tuple, int flags);
    // How the row reads on its line.
    void append_protocol(const dissect::Protocol& protocol);
    void append_interface(std::string_view name, std::uint32_t link_type);
    void put(const dissect::FieldInfo& info, std::uint64_t number);
    void put(const dissect::FieldInfo& info, std::string_view text);
    void put_if_any(const dissect::FieldInfo& info, std::uint64_t number) {
        if (number != 0) put(info, number);
    }
    // As a dissector has found it. False: it is left out, because the batch can have no further column.
    [[nodiscard]] bool put(const dissect::Field& field);
    void end_row() { batch_.set_rows(batch_.rows() + 1); }

  private:
    static constexpr std::size_t kValueLimit = 65536;
    // A dissection has no more fields, and a packet may end something else too.
    static constexpr std::size_t kAddressesPerRow = dissect::Dissection::kFieldLimit + 8;

    [[nodiscard]] std::uint16_t slot(const base::Address& address) {
        return addresses_.slot(address, *batch_.mutable_address(), *batch_.mutable_address_size());
    }
    void clear();

    wire::Table table_;
    AddressDictionary addresses_;
    const flows::ServerNames* names_ = nullptr;  // of addresses; null: nobody knows them
    SparseColumns columns_;
    wire::Batch batch_;
    bool drafted_ = false;  // the batch is as it will be sealed
    ShortColumn source_, destination_, source_port_, destination_port_;
    std::uint64_t first_number_ = 1;  // of the open batch
    std::int64_t last_time_ = 0;
    std::string sealed_;
};

}  // namespace packetsentry::record
