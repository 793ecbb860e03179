#include "daemon/record/derived_batch_builder.h"

#include <netinet/in.h>

#include <utility>

#include "daemon/record/batch_names.h"

namespace packetsentry::record {
namespace {

using dissect::FieldInfo;
using dissect::FieldKind;

bool has_port_numbers(std::uint8_t ip_protocol) {
    return ip_protocol == IPPROTO_TCP || ip_protocol == IPPROTO_UDP || ip_protocol == IPPROTO_SCTP;
}

}  // namespace

bool DerivedBatchBuilder::full() const {
    return rows() >= kRowLimit || columns_.text_bytes() >= kTextLimit || columns_.values() >= kValueLimit ||
           columns_.full() ||
           static_cast<std::size_t>(batch_.address_size().size()) >
               AddressDictionary::kLimit - kAddressesPerRow;
}

void DerivedBatchBuilder::append_times(std::int64_t begin_ns, std::int64_t end_ns) {
    if (batch_.rows() == 0) batch_.set_first_time_ns(last_time_ = end_ns);
    batch_.add_time_delta_ns(static_cast<std::int64_t>(static_cast<std::uint64_t>(end_ns) -
                                                       static_cast<std::uint64_t>(last_time_)));
    last_time_ = end_ns;
    // A clock that was set back makes nothing shorter than nothing.
    batch_.add_duration_ns(
        end_ns <= begin_ns ? 0 : static_cast<std::uint64_t>(end_ns) - static_cast<std::uint64_t>(begin_ns));
}

void DerivedBatchBuilder::append_ends(const flows::FlowTuple& tuple, int flags) {
    source_.add(slot(tuple.source.address));
    destination_.add(slot(tuple.destination.address));
    source_port_.add(tuple.source.port);
    destination_port_.add(tuple.destination.port);
    const bool is_ipv4 = tuple.source.address.size == 4;
    batch_.mutable_network()->push_back(static_cast<char>(is_ipv4 ? wire::NETWORK_IPV4 : wire::NETWORK_IPV6));
    batch_.mutable_ip_protocol()->push_back(static_cast<char>(tuple.ip_protocol));
    if (has_port_numbers(tuple.ip_protocol)) flags |= wire::FLAG_PORTS;
    batch_.mutable_flags()->push_back(static_cast<char>(flags));
}

void DerivedBatchBuilder::append_protocol(const dissect::Protocol& protocol) {
    int index = 0;
    while (index < batch_.protocol_size() &&
           (batch_.protocol(index).word() != protocol.word || batch_.protocol(index).name() != protocol.name))
        ++index;
    if (index == batch_.protocol_size()) {
        wire::Protocol* const entry = batch_.add_protocol();
        entry->set_word(std::string(protocol.word));
        entry->set_name(std::string(protocol.name));
        entry->set_shows_ports(protocol.shows_ports);
        for (const FieldInfo* const field : protocol.detail) entry->add_detail(field->number);
    }
    batch_.mutable_protocol_index()->push_back(static_cast<char>(index));
}

void DerivedBatchBuilder::append_interface(std::string_view name, std::uint32_t link_type) {
    int index = 0;
    while (index < batch_.interface_size() &&
           (batch_.interface(index).link_type() != link_type || batch_.interface(index).name() != name))
        ++index;
    if (index == batch_.interface_size()) {
        wire::Interface* const entry = batch_.add_interface();
        entry->set_name(std::string(name));
        entry->set_link_type(link_type);
    }
    batch_.add_interface_index(static_cast<std::uint32_t>(index));
}

void DerivedBatchBuilder::put(const FieldInfo& info, std::uint64_t number) {
    (void)put({.info = &info, .number = number, .text = {}, .address = {}});
}

void DerivedBatchBuilder::put(const FieldInfo& info, std::string_view text) {
    (void)put({.info = &info, .number = 0, .text = text, .address = {}});
}

bool DerivedBatchBuilder::put(const dissect::Field& field) {
    const bool is_address = field.info->kind == FieldKind::address;
    return columns_.append(batch_, batch_.rows(), field, is_address ? slot(field.address) : 0U);
}

const wire::Batch& DerivedBatchBuilder::draft() {
    if (std::exchange(drafted_, true)) return batch_;
    batch_.set_table(table_);
    batch_.set_first_number(first_number_);
    if (batch_.interface_size() == 1) batch_.clear_interface_index();
    source_.copy_to(*batch_.mutable_source());
    destination_.copy_to(*batch_.mutable_destination());
    source_port_.copy_to(*batch_.mutable_source_port());
    destination_port_.copy_to(*batch_.mutable_destination_port());
    if (names_ != nullptr) put_names(addresses_.known(), *names_, batch_);
    return batch_;
}

const std::string& DerivedBatchBuilder::seal() {
    (void)draft().SerializeToString(&sealed_);
    discard();
    return sealed_;
}

void DerivedBatchBuilder::discard() {
    first_number_ += batch_.rows();
    clear();
}

void DerivedBatchBuilder::clear() {
    drafted_ = false;
    batch_.Clear();  // keeps what the columns have grown to
    addresses_.clear();
    columns_.clear();
    for (ShortColumn* column : {&source_, &destination_, &source_port_, &destination_port_}) column->clear();
}

}  // namespace packetsentry::record
