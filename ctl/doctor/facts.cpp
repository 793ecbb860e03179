#include "ctl/doctor/facts.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "ctl/client/connection.h"
#include "ctl/client/listener_trust.h"
#include "ctl/client/usual_socket.h"
#include "ctl/doctor/configuration.h"
#include "daemon/base/names.h"
#include "proto/link/start_worker.h"

namespace packetsentry::ctl::doctor {
namespace {

// A daemon that needs longer is a finding, not something to wait for.
constexpr std::chrono::seconds kDoctorsPatience{5};
constexpr mode_t kPermissionBits = 07777;

SocketFacts look_at_socket(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return {.error = errno};
    return {.is_socket = S_ISSOCK(status.st_mode),
            .permissions = status.st_mode & kPermissionBits,
            .owner = status.st_uid,
            .owner_name = base::user_name(status.st_uid),
            .group_name = group_name(status.st_gid)};
}

std::string shown_directory(const std::string& directory) {
    if (!directory.empty()) return directory;
    std::error_code error;
    const auto here = std::filesystem::current_path(error);
    return error ? "." : here.string();
}

DirectoryFacts look_at_directory(const std::string& directory) {
    const std::string path = directory.empty() ? "." : directory;
    DirectoryFacts facts{.path = shown_directory(directory)};
    struct stat status {};
    facts.is_there = ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
    if (::faccessat(AT_FDCWD, path.c_str(), W_OK | X_OK, AT_EACCESS) != 0) facts.write_error = errno;
    struct statvfs space {};
    if (::statvfs(path.c_str(), &space) == 0) facts.free_bytes = space.f_bavail * space.f_frsize;
    return facts;
}

base::Result<wire::Reply> ask(Connection& connection, void (*put)(wire::Request&)) {
    wire::Request request;
    put(request);
    return connection.ask(std::move(request));
}

base::Result<wire::Status> ask_status(Connection& connection) {
    auto reply =
        ask(connection, [](wire::Request& request) { request.mutable_status()->set_spool_condition(true); });
    if (!reply) return std::unexpected(reply.error());
    return std::move(*reply->mutable_status());
}

base::Result<wire::Interfaces> ask_interfaces(Connection& connection) {
    auto reply = ask(connection, [](wire::Request& request) { request.mutable_interfaces(); });
    if (!reply) return std::unexpected(reply.error());
    return std::move(*reply->mutable_interfaces());
}

base::Result<wire::PolicyVerdict> ask_policy(Connection& connection) {
    auto reply = ask(connection, [](wire::Request& request) { request.mutable_policy(); });
    if (!reply) return std::unexpected(reply.error());
    return std::move(*reply->mutable_verdict());
}

// One question after the other, up to the first without an answer.
void ask_daemon(Facts& facts) {
    auto connection = Connection::connect(facts.socket_path, kDoctorsPatience);
    if (!connection) {
        facts.connected = std::unexpected(connection.error());
        facts.trusted = check_socket_file(facts.socket_path);
        return;
    }
    facts.trusted = connection->check_listener();
    if (!facts.trusted) return;
    const auto greeted = connection->hello();
    facts.status = greeted ? ask_status(*connection) : std::unexpected(greeted.error());
    facts.interfaces = facts.status ? ask_interfaces(*connection) : std::unexpected(facts.status.error());
    facts.policy = facts.interfaces ? ask_policy(*connection) : std::unexpected(facts.interfaces.error());
}

}  // namespace

Facts find_facts(const std::string& socket, const std::optional<std::string>& directory,
                 std::int64_t now_ns) {
    Facts facts{.client_version = PACKETSENTRY_VERSION,
                .now_ns = now_ns,
                .membership = find_membership(socket),
                .manager = find_service_manager(),
                .socket_path = socket,
                .socket = look_at_socket(socket),
                .worker = proto::find_worker()};
    ask_daemon(facts);
    // Nobody here knows the configuration of a daemon at another socket.
    if (socket == kUsualSocket && (!facts.connected || !facts.status)) facts.configuration = find_mistake();
    if (directory) facts.directory = look_at_directory(*directory);
    return facts;
}

}  // namespace packetsentry::ctl::doctor
