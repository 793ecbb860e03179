#include "daemon/base/presence.h"

#include <fcntl.h>

namespace packetsentry::base {
namespace {

UniqueFd open_directory(const std::string& socket_path) {
    const std::size_t slash = socket_path.rfind('/');
    const std::string directory = slash == std::string::npos ? "." : socket_path.substr(0, slash + 1);
    return UniqueFd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

struct flock whole(short type) {
    struct flock lock {};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    return lock;
}

}  // namespace

// A lock to read, as the descriptor of a directory can have no other; and several daemons may share a
// directory.
UniqueFd hold_presence(const std::string& socket_path) {
    UniqueFd directory = open_directory(socket_path);
    auto lock = whole(F_RDLCK);
    if (directory && ::fcntl(directory.get(), F_OFD_SETLK, &lock) != 0) directory.reset();
    return directory;
}

// Asks only: a lock of the client's own would be in the way of nobody, but be seen by other clients.
bool is_present(const std::string& socket_path) {
    const UniqueFd directory = open_directory(socket_path);
    auto lock = whole(F_WRLCK);
    return directory && ::fcntl(directory.get(), F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

}  // namespace packetsentry::base
