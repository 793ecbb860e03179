// The worker's end of its link: sends messages to the program that started the worker, and receives its
// messages.
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

    // Tells whether there is room for another batch. If there is none, a live capture sheds the batch, and a
    // file reader waits.
    [[nodiscard]] bool has_room() const { return channel_.unsent() < kUnsentLimit; }

    // Queues a message even if there is no room. Use this for few and small messages that must not be lost,
    // or after has_room().
    [[nodiscard]] base::Result<void> send(const wire::FromWorker& message);
    [[nodiscard]] base::Result<void> send_rows(const wire::Ledger& ledger, const std::string& batch);

    // Returns the next message, and reads the socket if none has been read yet; returns nothing if none has
    // arrived. Errors: unreachable (the other program is gone), usage (it sent something else than a
    // message).
    [[nodiscard]] base::Result<std::optional<wire::ToWorker>> receive();
    // Waits for the next message and returns it.
    [[nodiscard]] base::Result<wire::ToWorker> wait();
    [[nodiscard]] std::vector<base::UniqueFd> take_descriptors() { return channel_.take_descriptors(); }

    // flush() sends as much of the queued data as the socket accepts; drain() blocks until everything is
    // sent.
    [[nodiscard]] base::Result<void> flush() { return noted(channel_.flush()); }
    [[nodiscard]] base::Result<void> drain() { return noted(channel_.drain()); }
    [[nodiscard]] bool waits_to_send() const { return channel_.unsent() != 0; }
    [[nodiscard]] int fd() const { return channel_.fd(); }

    // Tells whether one of these functions has failed, so that nobody can be told anything any more. A busy
    // worker usually finds out while it sends.
    [[nodiscard]] bool broken() const { return broken_; }

  private:
    template <typename T>
    [[nodiscard]] base::Result<T> noted(base::Result<T> outcome) {
        broken_ = broken_ || !outcome;
        return outcome;
    }
    static constexpr std::size_t kUnsentLimit = 8 * 1024 * 1024;
    [[nodiscard]] base::Result<std::optional<wire::ToWorker>> next();

    proto::Channel channel_;
    bool broken_ = false;
};

}  // namespace packetsentry::worker
