// The pipe to the client that has asked a question about the past.
#pragma once

#include <string>
#include <utility>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"
#include "proto/messages/search.pb.h"

namespace packetsentry::worker {

class AnswerPipe {
  public:
    AnswerPipe() = default;
    // The process must ignore SIGPIPE.
    explicit AnswerPipe(base::UniqueFd pipe) : pipe_(std::move(pipe)) {}

    [[nodiscard]] int fd() const { return pipe_.get(); }

    // Writes a frame, and waits as long as the client reads nothing: nobody but this client is held up. Error
    // (unreachable): the client reads no more.
    [[nodiscard]] base::Result<void> send(const wire::Answer& answer);
    // It has had this error.
    [[nodiscard]] bool closed() const { return closed_; }

  private:
    base::UniqueFd pipe_;
    std::string frame_;  // reused
    bool closed_ = false;
};

}  // namespace packetsentry::worker
