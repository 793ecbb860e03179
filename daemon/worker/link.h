// The worker's end of its link: what it tells whoever started it, and what it is told.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "proto/link/channel.h"
#include "proto/messages/worker.pb.h"

namespace packetsentry::worker {

class Link {
  public:
    explicit Link(base::UniqueFd socket);

    // Room for another batch. A live capture that finds none sheds it; a file reader waits.
    [[nodiscard]] bool has_room() const { return channel_.unsent() < kUnsentLimit; }

    // Queued whatever the room, for what must not be lost: few and small, or after has_room().
    [[nodiscard]] base::Result<void> send(const wire::FromWorker& message);
    [[nodiscard]] base::Result<void> send_rows(const wire::Ledger& ledger, const std::string& batch);

    // The next message that has arrived; reads the socket when there is none in hand. No message: none
    // now. Errors: the other side has gone, or sent nonsense.
    [[nodiscard]] base::Result<std::optional<wire::ToWorker>> receive();
    // Waits for one.
    [[nodiscard]] base::Result<wire::ToWorker> wait();
    [[nodiscard]] std::vector<base::UniqueFd> take_descriptors() { return channel_.take_descriptors(); }

    // Sends what waits, as far as the socket takes it / until all is sent.
    [[nodiscard]] base::Result<void> flush() { return channel_.flush(); }
    [[nodiscard]] base::Result<void> drain() { return channel_.drain(); }
    [[nodiscard]] bool waits_to_send() const { return channel_.unsent() != 0; }
    [[nodiscard]] int fd() const { return channel_.fd(); }

  private:
    static constexpr std::size_t kUnsentLimit = 8 * 1024 * 1024;
    [[nodiscard]] base::Result<std::optional<wire::ToWorker>> next();

    proto::Channel channel_;
};

}  // namespace packetsentry::worker
