#include "daemon/flows/server_names.h"

namespace packetsentry::flows {

void ServerNames::learn(DnsAnswers answers) {
    NameRoom room;
    const std::string_view name = plain_name(answers.name(), room);
    if (name.empty()) return;
    while (const base::Address* const address = answers.next()) addresses_.learn(*address, name);
}

void ServerNames::begin(Flow& flow) {
    flow.forget_names();
    const std::string_view name = addresses_.find(flow.responder().address);
    if (!name.empty()) flow.add_name(NameSource::dns, name, pool_);
}

void ServerNames::add(Flow& flow, const CalledName& called) {
    if (pool_.limit() == 0) return;
    NameRoom room;
    const std::string_view name = plain_name(called.text, room);
    if (!name.empty()) flow.add_name(called.source, name, pool_);
}

}  // namespace packetsentry::flows
