#include "daemon/spool/catalogue/spool_identity.h"

#include <sys/file.h>
#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "daemon/base/syscall.h"
#include "daemon/spool/format/segment_name.h"

namespace packetsentry::spool {
namespace {

using base::ErrorCode;

base::Result<SpoolId> random_id() {
    SpoolId id{};
    if (::getrandom(id.data(), id.size(), 0) != static_cast<ssize_t>(id.size()))
        return base::fail(ErrorCode::file, base::syscall_text("get random bytes for the spool's identity"));
    id[6] = (id[6] & std::byte{0x0F}) | std::byte{0x40};  // version 4
    id[8] = (id[8] & std::byte{0x3F}) | std::byte{0x80};  // the variant of RFC 9562
    return id;
}

base::Result<void> check_without_jobs(const Directory& directory) {
    const auto names = directory.names();
    if (!names) return std::unexpected(names.error());
    const auto is_job = [](const std::string& name) { return parse_job_directory(name).has_value(); };
    if (std::ranges::none_of(*names, is_job)) return {};
    return base::fail(ErrorCode::file, "the spool '" + directory.path() + "' has jobs, but its file '" +
                                           kIdentityName +
                                           "' is missing, without which nothing of them can be read; restore "
                                           "this file, or choose another directory");
}

base::Result<void> make_identity(const Directory& directory, std::int64_t now_ns) {
    if (auto checked = check_without_jobs(directory); !checked) return checked;
    const auto id = random_id();
    if (!id) return std::unexpected(id.error());
    return directory.replace_file(kIdentityName,
                                  encode({.kind = FileKind::identity, .spool = *id, .created_ns = now_ns}));
}

// Two processes may make the identity of one spool at the same time. The second one must not replace the
// file on which the first one has the lock, so each holds a lock on the directory meanwhile.
base::Result<void> make_identity_once(const Directory& directory, std::int64_t now_ns) {
    if (::flock(directory.fd(), LOCK_EX) != 0)
        return base::syscall_failed("lock '" + directory.path() + "'", ErrorCode::file);
    const auto present = directory.open_to_read(kIdentityName);
    base::Result<void> made;
    if (!present) made = std::unexpected(present.error());
    if (present && !*present) made = make_identity(directory, now_ns);
    (void)::flock(directory.fd(), LOCK_UN);
    return made;
}

base::Result<base::UniqueFd> locked_identity(const Directory& directory) {
    auto file = directory.open_to_read(kIdentityName);
    if (!file) return file;
    if (*file && ::flock(file->get(), LOCK_EX | LOCK_NB) == 0) return file;
    if (*file && errno == EWOULDBLOCK)
        return base::fail(ErrorCode::file, "another packetsentryd uses this spool: '" + directory.path() +
                                               "'; stop it, or choose another directory");
    return base::syscall_failed("lock '" + directory.path_of(kIdentityName) + "'", ErrorCode::file);
}

}  // namespace

base::Result<HeldIdentity> hold_identity(const Directory& directory, std::int64_t now_ns) {
    if (auto made = make_identity_once(directory, now_ns); !made) return std::unexpected(made.error());
    auto lock = locked_identity(directory);
    if (!lock) return std::unexpected(lock.error());
    const auto bytes = directory.read_file(kIdentityName, kFileHeaderBytes);
    if (!bytes) return std::unexpected(bytes.error());
    const auto header = read_file_header(as_bytes(bytes->value_or("")), FileKind::identity);
    if (!header)
        return base::fail(ErrorCode::file,
                          "'" + directory.path_of(kIdentityName) + "' " + header.error().message);
    return HeldIdentity{.id = header->spool, .lock = std::move(*lock)};
}

}  // namespace packetsentry::spool
