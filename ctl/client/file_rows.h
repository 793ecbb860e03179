// Reads the rows of a capture file with a worker process of the client's own, with the user's rights and
// without the daemon.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "ctl/client/row_source.h"
#include "daemon/base/unique_fd.h"
#include "proto/link/start_worker.h"
#include "proto/link/worker_reader.h"
#include "proto/messages/capture.pb.h"

namespace packetsentry::ctl {

class FileRows : public RowSource {
  public:
    // Starts a worker on the descriptors and waits until it is ready to read. output: -1, or where packets
    // are saved to. name: for messages. Errors: the worker's own (file, filter), internal.
    [[nodiscard]] static base::Result<std::unique_ptr<FileRows>> start(const wire::CaptureSpec& capture,
                                                                       int input, int output,
                                                                       const std::string& name);
    // Ends the worker, if it has not ended by itself, and reaps it.
    ~FileRows() override;

    [[nodiscard]] std::uint64_t file_bytes() const { return file_bytes_; }  // 0: not known
    [[nodiscard]] base::Result<void> go();

    [[nodiscard]] proto::Channel& channel() override { return channel_; }
    [[nodiscard]] base::Result<std::optional<Event>> next() override;
    [[nodiscard]] base::Result<void> give_output(std::uint64_t number, int output, const std::string& name,
                                                 const std::string& failure) override;
    [[nodiscard]] base::Result<bool> stop() override;
    [[nodiscard]] base::Error lost() override;
    [[nodiscard]] bool from_start() const override { return true; }
    [[nodiscard]] wire::Ledger before() const override { return {}; }

  private:
    FileRows(proto::WorkerProcess worker, std::string name);
    [[nodiscard]] base::Result<void> begin(const wire::CaptureSpec& capture, int input, int output);
    [[nodiscard]] base::Result<void> await_ready();
    [[nodiscard]] base::Result<void> first_answer(std::string_view frame);
    [[nodiscard]] base::Result<void> send(const wire::ToWorker& message,
                                          std::span<const int> descriptors = {});
    // Closes the link and gives the worker's wait status. One that does not end by itself soon, or is not
    // to be waited for, is killed.
    [[nodiscard]] int reap(bool patiently);

    [[nodiscard]] base::Result<proto::WorkerEvent> read(std::string_view frame);
    [[nodiscard]] Event event_of(const proto::NewRows& rows) const;
    [[nodiscard]] Event event_of(const wire::Report& report) const;
    [[nodiscard]] Event event_of(const wire::Ended& ended) const;
    [[nodiscard]] base::Result<std::optional<Event>> decode(std::string_view frame);
    // Adds to an error of the worker the file that it was met on.
    [[nodiscard]] base::Error told_of_file(const wire::Error& error) const;

    proto::Channel channel_;
    pid_t pid_;
    std::string name_;
    std::uint64_t file_bytes_ = 0;
    bool ended_ = false;          // said so
    std::uint64_t outputs_ = 1;   // that were asked for, with the first one
    proto::WorkerReader reader_;  // believes this worker no more than the daemon does its own
};

}  // namespace packetsentry::ctl
