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

    // Writes a frame behind those that wait. Errors: as flush().
    [[nodiscard]] base::Result<void> send(const wire::Answer& answer);
    // Puts a frame behind those that wait, which are written once there are many bytes of them. Errors: as
    // flush().
    [[nodiscard]] base::Result<void> add(const wire::Answer& answer);
    // Writes what waits, and waits as long as the client reads nothing: nobody but this client is held up.
    // Error (unreachable): the client reads no more.
    [[nodiscard]] base::Result<void> flush();
    // It has had this error.
    [[nodiscard]] bool closed() const { return closed_; }

  private:
    base::UniqueFd pipe_;
    std::string frames_;  // that wait
    bool closed_ = false;
};

}  // namespace packetsentry::worker
