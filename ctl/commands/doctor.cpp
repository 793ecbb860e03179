#include <CLI/CLI.hpp>

#include "ctl/commands/commands.h"
#include "ctl/doctor/checkup.h"
#include "ctl/render/findings.h"
#include "ctl/render/screen.h"

namespace packetsentry::ctl::commands {
namespace {

base::Result<void> run(const Globals& globals) {
    const auto findings = doctor::examine(doctor::find_facts(globals));
    render::Screen screen(render::Screen::Use::shown, !globals.no_color);
    std::string text;
    if (globals.json)
        for (const doctor::Finding& finding : findings) text += render::finding_json(finding);
    else
        text = render::findings_text(findings, screen.coloured());
    if (auto written = screen.write(text); !written) return written;
    return doctor::outcome(findings);
}

}  // namespace

Run prepare_doctor(CLI::App&, const Globals& globals) {
    return [&globals] { return run(globals); };
}

}  // namespace packetsentry::ctl::commands
