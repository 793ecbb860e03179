#include "ctl/client/start_command.h"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "ctl/client/usual_socket.h"

namespace packetsentry::ctl {
namespace {

// Packages and "make install" write units to these directories of systemd's search path (systemd.unit(5)).
constexpr std::array kUnitDirectories = {"/etc/systemd/system/", "/run/systemd/system/",
                                         "/usr/local/lib/systemd/system/", "/usr/lib/systemd/system/",
                                         "/lib/systemd/system/"};

bool by_systemd(const std::string& socket_path, const ServiceManager& manager) {
    return socket_path == kUsualSocket && manager.running && manager.has_units;
}

bool exists(const std::string& path) {
    return ::access(path.c_str(), F_OK) == 0;
}

}  // namespace

ServiceManager find_service_manager() {
    return {.running = exists("/run/systemd/system"),
            .has_units = std::ranges::any_of(kUnitDirectories, [](const char* directory) {
                return exists(std::string(directory) + "packetsentryd.socket");
            })};
}

std::string start_command(const std::string& socket_path, const ServiceManager& manager) {
    if (by_systemd(socket_path, manager)) return "sudo systemctl start packetsentryd.socket";
    return socket_path == kUsualSocket ? "sudo packetsentryd" : "sudo packetsentryd --socket " + socket_path;
}

std::string restart_command(const std::string& socket_path, const ServiceManager& manager) {
    if (by_systemd(socket_path, manager)) return "sudo systemctl restart packetsentryd";
    return "end packetsentryd, then: " + start_command(socket_path, manager);
}

}  // namespace packetsentry::ctl
