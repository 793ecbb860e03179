#include <CLI/CLI.hpp>

#include "ctl/commands/commands.h"
#include "ctl/commands/presentation.h"
#include "ctl/doctor/checkup.h"
#include "ctl/doctor/findings.h"
#include "ctl/output/screen.h"

namespace packetsentry::ctl::commands {
namespace {

base::Result<void> run_doctor(const Globals& globals) {
    const auto directory = globals.no_files ? std::nullopt : std::optional(globals.output_dir);
    const auto findings = doctor::examine(doctor::find_facts(globals.socket, directory, now_ns()));
    Screen screen(Screen::Use::shown, !globals.no_color);
    std::string text;
    if (globals.json)
        for (const doctor::Finding& finding : findings) text += doctor::finding_json(finding);
    else
        text = doctor::findings_text(findings, screen.coloured());
    if (auto written = screen.write(text); !written) return written;
    return doctor::outcome(findings);
}

}  // namespace

Run prepare_doctor(CLI::App&, const Globals& globals) {
    return [&globals] { return run_doctor(globals); };
}

}  // namespace packetsentry::ctl::commands
