// The listening control socket. At no time can anybody open it who is not in its group.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "daemon/base/result.h"
#include "daemon/base/unique_fd.h"

namespace packetsentry::service {

// Nothing but bytes can be sent to a connection before it is let in.
class ControlSocket {
  public:
    // handed: the socket that systemd listens on for this daemon, where there is one. Else a new one is made
    // at path: a directory that is missing is made (0755), the socket of a daemon that has gone is replaced,
    // that of a living one refused. The way to path must be trusted (daemon/base/trusted_path.h): its
    // directories belong to root or to owner, the user that this process is going to be. group: the socket's,
    // where there is such a group and this process may give it away. Errors: usage, file (the way), internal.
    [[nodiscard]] static base::Result<ControlSocket> open(const std::string& path, std::optional<gid_t> group,
                                                          uid_t owner, base::UniqueFd handed = {});
    ControlSocket(ControlSocket&& other) noexcept;
    ControlSocket& operator=(ControlSocket&&) = delete;
    // Removes the file that open() made, unless another has taken its place.
    ~ControlSocket();

    [[nodiscard]] int fd() const { return socket_.get(); }
    [[nodiscard]] bool from_systemd() const { return from_systemd_; }
    [[nodiscard]] const std::string& path() const { return path_; }
    // The group could not be given: why. "": it was.
    [[nodiscard]] const std::string& group_trouble() const { return group_trouble_; }
    // Where open() has made the directory, gives it to the user who is to remove the socket in the end.
    [[nodiscard]] base::Result<void> give_directory(uid_t user, gid_t group);

  private:
    explicit ControlSocket(std::string path) : path_(std::move(path)) {}
    [[nodiscard]] base::Result<void> make(std::optional<gid_t> group, uid_t owner);
    [[nodiscard]] base::Result<void> make_directory(const std::string& directory);
    [[nodiscard]] base::Result<void> bind_and_listen(std::optional<gid_t> group);

    std::string path_;
    base::UniqueFd made_directory_;
    std::string group_trouble_;
    base::UniqueFd socket_;
    base::UniqueFd presence_;  // (base/presence.h)
    bool from_systemd_ = false;
    dev_t device_ = 0;
    ino_t inode_ = 0;  // 0: no file of ours
};

}  // namespace packetsentry::service
