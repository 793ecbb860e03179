#!/usr/bin/env python3
"""Answers the first packets of QUIC (UDP 443), SSH (TCP 22) and WireGuard (UDP 51820)."""
import selectors
import socket

import wireguard_client
from quic import VERSION_1, Keys, connection_ids_of, crypto_frame, initial, server_hello, version_negotiation

SERVER_ID = bytes.fromhex("5152535455565758")
RESPONSE = 2


def answer_quic(server):
    packet, client = server.recvfrom(2048)
    if packet[0] & 0x80 == 0:
        return
    destination, source = connection_ids_of(packet)
    if packet[1:5] != VERSION_1.to_bytes(4, "big"):
        server.sendto(version_negotiation(source, destination, VERSION_1, 0x6B3343CF), client)
        return
    acknowledgement = bytes.fromhex("02 00 00 00 00")
    frames = acknowledgement + crypto_frame(server_hello(bytes(range(128, 160))))
    server.sendto(initial(Keys(destination, b"server in"), source, SERVER_ID, 0, frames, 1200), client)


def answer_wireguard(server):
    packet, client = server.recvfrom(2048)
    if packet[0] == wireguard_client.INITIATION:
        indices = wireguard_client.RECEIVER + wireguard_client.SENDER
        server.sendto(wireguard_client.message(RESPONSE, 92, indices), client)


def answer_ssh(server):
    """The banner, and the end once the client has sent its own and its first packet."""
    connection, _ = server.accept()
    with connection:
        connection.settimeout(5)
        connection.sendall(b"SSH-2.0-Example_1.0 golden\r\n")
        received = b""
        while len(received) < 256:
            data = connection.recv(4096)
            if not data:
                return
            received += data


def listen(selector, kind, port, answer):
    server = socket.socket(socket.AF_INET, kind)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("192.0.2.1", port))
    if kind == socket.SOCK_STREAM:
        server.listen()
    selector.register(server, selectors.EVENT_READ, answer)


def main():
    with selectors.DefaultSelector() as selector:
        listen(selector, socket.SOCK_DGRAM, 443, answer_quic)
        listen(selector, socket.SOCK_STREAM, 22, answer_ssh)
        listen(selector, socket.SOCK_DGRAM, 51820, answer_wireguard)
        print("ready", flush=True)
        while True:
            for key, _ in selector.select():
                key.data(key.fileobj)


if __name__ == "__main__":
    main()
