#include "tests/bench/payloads.h"

#include <algorithm>

namespace packetsentry::bench {
namespace {

std::string dns_head(std::uint32_t id, unsigned flags, unsigned answers) {
    std::string out;
    put16(out, id);
    put16(out, flags);
    put16(out, 1);
    put16(out, answers);
    put32(out, 0);
    return out;
}

void put_dns_question(std::string& out, const std::string& name) {
    std::size_t begin = 0;
    while (begin < name.size()) {
        const std::size_t end = std::min(name.find('.', begin), name.size());
        put8(out, static_cast<unsigned>(end - begin));
        out.append(name, begin, end - begin);
        begin = end + 1;
    }
    put8(out, 0);
    put16(out, 1);
    put16(out, 1);
}

void put_extension(std::string& out, unsigned type, const std::string& body) {
    put16(out, type);
    put16(out, static_cast<unsigned>(body.size()));
    out += body;
}

std::string server_name_extension(const std::string& server) {
    std::string body;
    put16(body, static_cast<unsigned>(server.size() + 3));
    put8(body, 0);
    put16(body, static_cast<unsigned>(server.size()));
    return body + server;
}

std::string hello_extensions(const std::string& server) {
    std::string out;
    put_extension(out, 0, server_name_extension(server));
    put_extension(out, 43, std::string("\x04\x03\x04\x03\x03", 5));
    put_extension(out, 16, std::string("\x00\x0c\x02h2\x08http/1.1", 14));
    if (out.size() < 420) put_extension(out, 21, std::string(420 - out.size(), '\0'));
    return out;
}

}  // namespace

void put8(std::string& out, unsigned value) {
    out.push_back(static_cast<char>(value));
}

void put16(std::string& out, unsigned value) {
    put8(out, value >> 8);
    put8(out, value);
}

void put32(std::string& out, std::uint32_t value) {
    put16(out, value >> 16);
    put16(out, value & 0xffff);
}

std::string host_name(std::uint32_t number) {
    return "host" + std::to_string(number % 5000) + (number % 3 == 0 ? ".cdn" : ".www") + ".example.net";
}

std::string dns_query(std::uint32_t id, const std::string& name) {
    std::string out = dns_head(id & 0xffff, 0x0100, 0);
    put_dns_question(out, name);
    return out;
}

std::string dns_answer(std::uint32_t id, const std::string& name) {
    std::string out = dns_head(id & 0xffff, 0x8180, 1);
    put_dns_question(out, name);
    put16(out, 0xc00c);
    put16(out, 1);
    put16(out, 1);
    put32(out, 300);
    put16(out, 4);
    put32(out, 0xc6336400 | (id & 0xff));
    return out;
}

std::string http_request(const std::string& host, std::uint32_t number) {
    return "GET /path/to/item/" + std::to_string(number) + " HTTP/1.1\r\nHost: " + host +
           "\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"
           "Accept: text/html,application/xhtml+xml\r\nAccept-Language: en\r\nConnection: keep-alive\r\n\r\n";
}

std::string http_answer() {
    return "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: text/html\r\nContent-Length: 40960\r\n\r\n" +
           std::string(1300, 'x');
}

std::string tls_client_hello(const std::string& server) {
    const std::string extensions = hello_extensions(server);
    std::string body;
    put16(body, 0x0303);
    body.append(32, 'r');
    put8(body, 0);
    put16(body, 4);
    put32(body, 0x13011302);
    put16(body, 0x0100);
    put16(body, static_cast<unsigned>(extensions.size()));
    body += extensions;

    std::string out;
    put8(out, 0x16);
    put16(out, 0x0301);
    put16(out, static_cast<unsigned>(body.size() + 4));
    put32(out, 0x01000000 | static_cast<std::uint32_t>(body.size()));
    return out + body;
}

}  // namespace packetsentry::bench
