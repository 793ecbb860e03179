#include "daemon/quota/client_timeouts.h"

#include <utility>

namespace packetsentry::quota {

ClientTimeouts::Verdict ClientTimeouts::look(Time now, const Seen& seen, std::chrono::seconds for_reader) {
    const bool new_message = std::exchange(messages_, seen.messages) != seen.messages;
    if (new_message || !seen.reading || seen.unread == 0) message_since_ = now;
    const bool some_sent = std::exchange(sent_, seen.sent) != seen.sent;
    if (some_sent || seen.unsent == 0) unsent_since_ = now;

    if (!seen.greeted && now - begin_ > kForHello) return Verdict::no_hello;
    if (now - message_since_ > kForMessage) return Verdict::slow_message;
    if (now - unsent_since_ > for_reader) return Verdict::slow_reader;
    return Verdict::wait;
}

}  // namespace packetsentry::quota
