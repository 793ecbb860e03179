// The one door: a listening Unix socket that nobody but its group can ever open.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"

namespace packetsentry::control {

// Nothing but bytes can be sent to a connection before it is let in.
class ControlSocket {
  public:
    // handed: the one systemd listens on for us, where there is one. Else a new one at path: a directory that
    // is missing is made (0755), the socket of a daemon that is gone is replaced, that of a living one
    // refused. group: the socket's, where there is such a group and we may give it. Errors: usage, internal.
    [[nodiscard]] static base::Result<ControlSocket> open(const std::string& path, std::optional<gid_t> group,
                                                          base::UniqueFd handed = {});
    ControlSocket(ControlSocket&& other) noexcept;
    ControlSocket& operator=(ControlSocket&&) = delete;
    // Removes the file that open() made, unless another has taken its place.
    ~ControlSocket();

    [[nodiscard]] int fd() const { return socket_.get(); }
    [[nodiscard]] bool from_systemd() const { return from_systemd_; }
    [[nodiscard]] const std::string& path() const { return path_; }
    // The group could not be given: why. "": it was.
    [[nodiscard]] const std::string& group_trouble() const { return group_trouble_; }
    // The directory was made by open() (its owner may then be changed).
    [[nodiscard]] const std::string& made_directory() const { return made_directory_; }

  private:
    explicit ControlSocket(std::string path) : path_(std::move(path)) {}
    [[nodiscard]] base::Result<void> make(std::optional<gid_t> group);
    [[nodiscard]] base::Result<void> bind_and_listen(std::optional<gid_t> group);

    std::string path_;
    std::string made_directory_;
    std::string group_trouble_;
    base::UniqueFd socket_;
    bool from_systemd_ = false;
    dev_t device_ = 0;
    ino_t inode_ = 0;  // 0: no file of ours
};

}  // namespace packetsentry::control
