// The format "json": a line for each row, in the Elastic Common Schema, nested.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ctl/render/address_texts.h"
#include "ctl/render/json_path.h"
#include "ctl/render/json_text.h"
#include "ctl/render/packet_time.h"
#include "ctl/render/row_interfaces.h"
#include "ctl/render/row_writer.h"
#include "proto/flows/row_community_ids.h"
#include "proto/rows/batch_view.h"
#include "proto/rows/column_cursor.h"

namespace packetsentry::ctl::render {

class JsonRows final : public RowWriter {
  public:
    // with_names: rows have the names of their addresses, with where these were seen.
    explicit JsonRows(bool with_names = false) : with_names_(with_names) {}

    // An object and a line feed for each row.
    [[nodiscard]] std::string_view write(RowBatch& batch) override;

  private:
    struct Row {
        std::uint32_t index;
        std::uint64_t sequence;
    };
    // A column whose value i is part of object i of a list.
    struct Member {
        std::string key;  // a JSON string with its quotes
        std::size_t cursor;
        proto::ValueRange range = {};  // of the row that is being written
    };
    // Writes a value through the nesting, or leaves the field out.
    struct Field {
        JsonPath path;
        void (JsonRows::*put)(const Row&, const JsonPath&) = nullptr;
        std::optional<std::size_t> cursor = {};  // of a sparse column, instead of put
        std::vector<Member> members = {};        // of a list of objects, instead of both
    };
    void begin(RowBatch& batch);
    void plan();
    [[nodiscard]] std::vector<Field> column_fields();
    void put_row(const Row& row);
    void put_column(const Row& row, const Field& field);
    void put_objects(const Row& row, Field& field);
    void put_member(const Member& member, std::size_t object);
    void put_value(const proto::ColumnView& column, std::size_t value);
    void put_number(const proto::ColumnView& column, std::uint64_t number);

    void put_ecs_version(const Row& row, const JsonPath& path);
    void put_time(const Row& row, const JsonPath& path);
    void put_begin(const Row& row, const JsonPath& path);
    void put_duration(const Row& row, const JsonPath& path);
    void put_sequence(const Row& row, const JsonPath& path);
    void put_network_bytes(const Row& row, const JsonPath& path);
    void put_community_id(const Row& row, const JsonPath& path);
    void put_iana_number(const Row& row, const JsonPath& path);
    void put_network_protocol(const Row& row, const JsonPath& path);
    void put_transport(const Row& row, const JsonPath& path);
    void put_network_type(const Row& row, const JsonPath& path);
    void put_egress_interface(const Row& row, const JsonPath& path);
    void put_ingress_interface(const Row& row, const JsonPath& path);
    void put_captured(const Row& row, const JsonPath& path);
    void put_context(const Row& row, const JsonPath& path);
    void put_job(const Row& row, const JsonPath& path);
    void put_incomplete(const Row& row, const JsonPath& path);
    void put_malformed(const Row& row, const JsonPath& path);
    void put_time_back(const Row& row, const JsonPath& path);
    void put_word(const Row& row, const JsonPath& path);
    void put_names(const Row& row, const JsonPath& path);
    void put_summary(const Row& row, const JsonPath& path);
    void put_tcp_flags(const Row& row, const JsonPath& path);
    template <wire::TcpNote note>
    void put_tcp_note(const Row& row, const JsonPath& path) {
        if ((view_->tcp_notes(row.index) & note) == 0) return;
        nesting_.value_at(path);
        json_.Bool(true);
    }
    void put_source_ip(const Row& row, const JsonPath& path);
    void put_source_mac(const Row& row, const JsonPath& path);
    void put_source_port(const Row& row, const JsonPath& path);
    void put_destination_ip(const Row& row, const JsonPath& path);
    void put_destination_mac(const Row& row, const JsonPath& path);
    void put_destination_port(const Row& row, const JsonPath& path);

    void put_text_at(const JsonPath& path, std::string_view bytes);  // nothing where it is empty
    void put_plain_at(const JsonPath& path, std::string_view text);  // known to need no escape
    void put_number_at(const JsonPath& path, std::uint64_t number);
    void put_flag_at(const Row& row, const JsonPath& path, wire::Flag flag);  // nothing where it is not set
    void put_port_at(const Row& row, const JsonPath& path, std::uint16_t port);
    [[nodiscard]] std::vector<Field> fixed_fields() const;

    // Fills named_ with the addresses of a row that have a name, each once.
    void find_named(const Row& row);
    void add_named(const Row& row, std::uint32_t slot);

    bool with_names_;
    std::vector<std::uint32_t> named_;  // slots
    // By slot, one more than the row in which it was looked at last: a row may have an address very often,
    // and is not to be searched for it each time.
    std::vector<std::uint32_t> looked_at_;
    std::vector<std::size_t> inner_ends_;  // the columns with the addresses of packets in tunnels
    std::optional<std::uint64_t> job_;     // of the batch
    bool context_ = false;                 // rows are near others that were found
    const proto::BatchView* view_ = nullptr;
    const RowTexts* texts_ = nullptr;
    RowInterfaces interfaces_;
    flows::RowCommunityIds community_ids_;
    AddressTexts addresses_{MacStyle::dashes};
    PacketTime time_{TimeFormat::rfc3339};
    std::vector<proto::ColumnCursor> cursors_;
    wire::Table planned_table_ = wire::TABLE_UNKNOWN;
    std::vector<std::string> planned_;  // column names the plan was made for
    std::vector<Field> fields_;         // sorted by path
    rapidjson::StringBuffer lines_;
    JsonWriter json_;
    JsonNesting nesting_{json_};
    TextBuffer scratch_;
};

}  // namespace packetsentry::ctl::render
