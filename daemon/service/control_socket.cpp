#include "daemon/service/control_socket.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "daemon/base/closing.h"
#include "daemon/base/presence.h"
#include "daemon/base/syscall.h"
#include "daemon/base/trusted_path.h"

namespace packetsentry::service {
namespace {

using base::ErrorCode;

constexpr int kBacklog = 128;

base::Result<sockaddr_un> address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof address.sun_path)
        return base::fail(ErrorCode::usage, "the socket path '" + path + "' must have 1 to " +
                                                std::to_string(sizeof address.sun_path - 1) + " bytes");
    std::memcpy(address.sun_path, path.data(), path.size());
    return address;
}

const sockaddr* generic(const sockaddr_un& address) {
    return reinterpret_cast<const sockaddr*>(&address);
}

// Returns the path that systemd has bound this socket to, whatever path the configuration names.
std::string bound_path(int socket) {
    sockaddr_un address{};
    socklen_t size = sizeof address - 1;  // so that the path ends with a zero
    if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return {};
    return address.sun_path;
}

base::UniqueFd new_socket() {
    return base::UniqueFd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

// Takes away the socket of a daemon that is gone.
base::Result<void> make_way(const std::string& path, const sockaddr_un& address) {
    struct stat status {};
    if (::lstat(path.c_str(), &status) != 0) return {};
    if (!S_ISSOCK(status.st_mode))
        return base::fail(ErrorCode::usage,
                          "'" + path + "' exists and is not a socket; choose another path with --socket");
    const base::UniqueFd probe = new_socket();
    if (!probe) return base::syscall_failed("make a socket");
    const bool answers = ::connect(probe.get(), generic(address), sizeof address) == 0;
    // EAGAIN: it listens and its queue is full.
    if (answers || errno == EAGAIN)
        return base::fail(ErrorCode::usage, "another packetsentryd answers on '" + path + "'");
    if (errno != ECONNREFUSED)
        return base::syscall_failed("see whether a packetsentryd answers on '" + path + "'");
    if (::unlink(path.c_str()) != 0) return base::syscall_failed("remove the old socket '" + path + "'");
    return {};
}

// Sets the process's umask while it lives, because bind() takes the socket's mode from that.
class Umask {
  public:
    explicit Umask(mode_t mask) : before_(::umask(mask)) {}
    ~Umask() { ::umask(before_); }
    Umask(const Umask&) = delete;
    Umask& operator=(const Umask&) = delete;

  private:
    mode_t before_;
};

}  // namespace

base::Result<ControlSocket> ControlSocket::open(const std::string& path, std::optional<gid_t> group,
                                                uid_t owner, base::UniqueFd handed) {
    ControlSocket socket(path);
    if (handed) {
        socket.from_systemd_ = true;
        socket.socket_ = std::move(handed);
        if (auto done = base::set_nonblocking(socket.fd()); !done) return std::unexpected(done.error());
        base::take_descriptors(socket.fd(), false);
        socket.presence_ = base::hold_presence(bound_path(socket.fd()));
        return socket;
    }
    if (auto made = socket.make(group, owner); !made) return std::unexpected(made.error());
    socket.presence_ = base::hold_presence(path);
    return socket;
}

base::Result<void> ControlSocket::make(std::optional<gid_t> group, uid_t owner) {
    const std::size_t slash = path_.rfind('/');
    const std::string directory = slash == std::string::npos ? "." : path_.substr(0, slash);
    if (!directory.empty()) {
        if (auto way = base::check_way(directory, owner); !way) return way;
        if (auto made = make_directory(directory); !made) return made;
    }
    if (auto way = base::check_way(path_, owner); !way) return way;
    return bind_and_listen(group);
}

// Makes the directory, and keeps its descriptor: when the directory is given to its user later, something
// else could stand at its path.
base::Result<void> ControlSocket::make_directory(const std::string& directory) {
    if (::mkdir(directory.c_str(), 0755) != 0) {
        if (errno == EEXIST) return {};
        return base::syscall_failed("make the directory '" + directory + "'");
    }
    made_directory_.reset(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!made_directory_ || ::fchmod(made_directory_.get(), 0755) != 0)
        return base::syscall_failed("set the mode of '" + directory + "'");
    return {};
}

base::Result<void> ControlSocket::give_directory(uid_t user, gid_t group) {
    if (made_directory_ && ::fchown(made_directory_.get(), user, group) != 0)
        return base::syscall_failed("give the socket's directory to its user");
    made_directory_.reset();
    return {};
}

// The mode is right from the first instant, by the umask: a chmod() by its path could reach another file.
// Until the socket listens, nobody can connect.
base::Result<void> ControlSocket::bind_and_listen(std::optional<gid_t> group) {
    const auto address = address_of(path_);
    if (!address) return std::unexpected(address.error());
    if (auto free = make_way(path_, *address); !free) return free;
    socket_ = new_socket();
    if (!socket_) return base::syscall_failed("make a socket");
    base::take_descriptors(fd(), false);
    {
        const Umask owner_and_group(0117);
        if (::bind(fd(), generic(*address), sizeof *address) != 0)
            return base::syscall_failed("make the socket '" + path_ + "'");
    }
    struct stat status {};
    if (::lstat(path_.c_str(), &status) != 0) return base::syscall_failed("examine '" + path_ + "'");
    device_ = status.st_dev;
    inode_ = status.st_ino;
    if (group && ::lchown(path_.c_str(), static_cast<uid_t>(-1), *group) != 0)
        group_trouble_ = base::syscall_text("give '" + path_ + "' to its group");
    if (::listen(fd(), kBacklog) != 0) return base::syscall_failed("listen on '" + path_ + "'");
    return {};
}

ControlSocket::ControlSocket(ControlSocket&& other) noexcept
    : path_(std::move(other.path_)),
      made_directory_(std::move(other.made_directory_)),
      group_trouble_(std::move(other.group_trouble_)),
      socket_(std::move(other.socket_)),
      presence_(std::move(other.presence_)),
      from_systemd_(other.from_systemd_),
      device_(other.device_),
      inode_(std::exchange(other.inode_, 0)) {}

ControlSocket::~ControlSocket() {
    struct stat status {};
    if (inode_ == 0 || ::lstat(path_.c_str(), &status) != 0) return;
    if (status.st_dev == device_ && status.st_ino == inode_) ::unlink(path_.c_str());
}

}  // namespace packetsentry::service
