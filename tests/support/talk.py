"""What hosts say to one another, by real sockets, for the protocols that no program of the tests' packages speaks.

talk.py ADDRESS PROTOCOL…    says something to ADDRESS in each, and waits for the answer where there is one
talk.py ADDRESS serve        answers ntp, ssh and tls there, until it is ended; prints "ready"

dhcp, dhcp6, llmnr and mdns go to their own broadcast or multicast address, whatever ADDRESS says.
"""
import os
import socket
import ssl
import struct
import sys
import threading

INTERFACE = b"eth0"
DHCP_COOKIE = bytes.fromhex("63825363")
BANNER = b"SSH-2.0-OpenSSH_9.2p1\r\n"
TLS_NAME = "tls.example.test"


def family(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def anywhere(address):
    return "::" if ":" in address else "0.0.0.0"


# The interface is named, so that multicast and broadcast need no route.
def udp(address="0.0.0.0", port=0):
    talker = socket.socket(family(address), socket.SOCK_DGRAM)
    talker.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    talker.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    talker.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, INTERFACE)
    talker.settimeout(5)
    talker.bind((address, port))
    return talker


# This asks for the address of a host, as DNS and its relatives write it.
def question(name):
    labels = b"".join(bytes((len(label),)) + label for label in name.encode().split(b"."))
    return struct.pack("!6H", 0, 0, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!2H", 1, 1)


def say_mdns(_):
    udp(port=5353).sendto(question("printer.local"), ("224.0.0.251", 5353))


def say_llmnr(_):
    udp().sendto(question("nas"), ("224.0.0.252", 5355))


def say_udp(address):
    udp(anywhere(address)).sendto(b"anything", (address, 7777))


# RFC 9000 section 17.2.2 lays it out. The protected part is random here: nobody on the way can tell.
def say_quic(address):
    head = bytes.fromhex("c3 00000001 08 0102030405060708 08 1112131415161718 00 4496")
    udp(anywhere(address)).sendto(head + os.urandom(0x496), (address, 443))


# RFC 9260 section 3.3.2 lays INIT out. The socket is a raw one, as a kernel may have no SCTP.
def say_sctp(address):
    init = struct.pack("!BBHIIHHI", 1, 0, 20, 0x01020304, 65536, 10, 10, 1)
    packet = bytearray(struct.pack("!HHII", 40000, 7777, 0, 0) + init)
    packet[8:12] = struct.pack("<I", crc32c(packet))
    socket.socket(family(address), socket.SOCK_RAW, socket.IPPROTO_SCTP).sendto(packet, (address, 0))


def crc32c(data):
    rest = 0xFFFFFFFF
    for byte in data:
        rest ^= byte
        for _ in range(8):
            rest = rest >> 1 ^ (0x82F63B78 if rest & 1 else 0)
    return rest ^ 0xFFFFFFFF


# The flag asks for an offer by broadcast: the client has no address.
def say_dhcp(_):
    client = udp(port=68)
    head = struct.pack("!4BI2H", 1, 1, 6, 0, 0x12345678, 0, 0x8000) + bytes(16) + bytes.fromhex("020000000042")
    options = bytes.fromhex("350101" "0c03") + b"nas" + b"\xff"
    client.sendto(head.ljust(236, b"\0") + DHCP_COOKIE + options, ("255.255.255.255", 67))
    client.recv(2048)


# The options tell who the client is, and that it wants an address.
def say_dhcp6(_):
    client = udp("::", 546)
    options = bytes.fromhex("0001 000a 0003 0001 020000000042" "0003 000c 00000001 00000000 00000000")
    client.sendto(bytes.fromhex("01123456") + options, ("ff02::1:2", 547))
    client.recv(2048)


def say_ntp(address):
    client = udp(anywhere(address))
    client.sendto(bytes((0x23,)) + bytes(47), (address, 123))
    client.recv(2048)


def say_ssh(address):
    with socket.create_connection((address, 22), 5) as client:
        client.sendall(BANNER)
        client.recv(2048)


# A certificate would need a key in the repository; these suites of TLS 1.2 work without one.
def anonymous(purpose):
    context = ssl.SSLContext(purpose)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("AECDH:@SECLEVEL=0")
    return context


def say_tls(address):
    with socket.create_connection((address, 443), 5) as client:
        with anonymous(ssl.PROTOCOL_TLS_CLIENT).wrap_socket(client, server_hostname=TLS_NAME) as talk:
            talk.sendall(b"hello")
            talk.recv(2048)


def answer_ntp(address):
    server = udp(address, 123)
    server.settimeout(None)
    while True:
        request, client = server.recvfrom(2048)
        server.sendto(bytes((0x24, 2)) + request[2:], client)


def answer_ssh(connection):
    connection.sendall(BANNER)
    connection.recv(2048)


def answer_tls(connection):
    context = anonymous(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with context.wrap_socket(connection, server_side=True) as talk:
        talk.sendall(talk.recv(2048))


def answer_tcp(address, port, answer):
    listener = socket.create_server((address, port), family=family(address))
    threading.Thread(target=serve_connections, args=(listener, answer), daemon=True).start()


def serve_connections(listener, answer):
    while True:
        connection = listener.accept()[0]
        with connection:
            answer(connection)


def serve(address):
    answer_tcp(address, 22, answer_ssh)
    answer_tcp(address, 443, answer_tls)
    threading.Thread(target=answer_ntp, args=(address,), daemon=True).start()
    print("ready", flush=True)
    threading.Event().wait()


SAY = {name[4:]: function for name, function in list(globals().items()) if name.startswith("say_")}


def main(address, *protocols):
    for protocol in protocols:
        (serve if protocol == "serve" else SAY[protocol])(address)


main(*sys.argv[1:])
