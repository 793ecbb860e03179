#include "tests/fuzz/promises.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>

extern "C" {
// The ends of the program's own memory, as the linker knows them.
extern const char __executable_start;
extern const char end;
}

namespace packetsentry::fuzz {
namespace {

void require(bool held, const char* promise) {
    if (held) return;
    std::fprintf(stderr, "broken promise: %s\n", promise);
    std::abort();
}

bool within(std::string_view text, const void* begin, const void* past) {
    const std::less_equal<const void*> not_after;
    return not_after(begin, text.data()) && not_after(text.data() + text.size(), past);
}

bool lives_long_enough(std::string_view text, const dissect::Dissection& out,
                       std::span<const std::byte> packet) {
    return text.empty() || within(text, packet.data(), packet.data() + packet.size()) ||
           within(text, &out, &out + 1) || within(text, &__executable_start, &end);
}

void read_all(std::string_view text) {
    volatile std::uint8_t sum = 0;
    for (const char c : text) sum = static_cast<std::uint8_t>(sum + static_cast<unsigned char>(c));
}

void check_field(const dissect::Field& field, const dissect::Dissection& out,
                 std::span<const std::byte> packet) {
    require(field.info != nullptr && !field.info->path.empty(), "a field has a name");
    if (field.info->kind == dissect::FieldKind::text) {
        require(lives_long_enough(field.text, out, packet), "a text lives as long as the packet");
        read_all(field.text);
    }
    if (field.info->kind == dissect::FieldKind::address)
        require(field.address.size == 4 || field.address.size == 6 || field.address.size == 16,
                "an address is IPv4, MAC or IPv6");
}

}  // namespace

void check_promises(const dissect::Dissection& out, std::span<const std::byte> packet) {
    require(out.fields().size() <= dissect::Dissection::kFieldLimit, "fields are bounded");
    for (const dissect::Field& field : out.fields()) check_field(field, out, packet);
}

}  // namespace packetsentry::fuzz
