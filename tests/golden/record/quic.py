"""QUIC version 1 Initial packets, protected as RFC 9001, section 5, says. Needs python3-cryptography."""
import hashlib
import hmac
import struct

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SALT = bytes.fromhex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a")
VERSION_1 = 1


def expand_label(secret, label, length):
    """HKDF-Expand-Label of RFC 8446, section 7.1, for lengths of one hash at most."""
    label = b"tls13 " + label
    return hmac.digest(secret, struct.pack("!HB", length, len(label)) + label + b"\0\1", hashlib.sha256)[:length]


def varint(number):
    """RFC 9000, section 16, always in two bytes."""
    return struct.pack("!H", 0x4000 | number)


def crypto_frame(data):
    return b"\x06\x00" + varint(len(data)) + data


class Keys:
    """What protects the Initial packets of one side ("client in" or "server in") of a connection."""

    def __init__(self, original_destination, side):
        secret = expand_label(hmac.digest(SALT, original_destination, hashlib.sha256), side, 32)
        self.key = expand_label(secret, b"quic key", 16)
        self.iv = expand_label(secret, b"quic iv", 12)
        self.mask_key = expand_label(secret, b"quic hp", 16)

    def mask(self, sample):
        return Cipher(algorithms.AES(self.mask_key), modes.ECB()).encryptor().update(sample)

    def protect(self, head, number, payload):
        """The head ends with the packet's number in four bytes."""
        nonce = (int.from_bytes(self.iv, "big") ^ number).to_bytes(12, "big")
        body = AESGCM(self.key).encrypt(nonce, payload, head)
        mask = self.mask(body[:16])
        hidden = bytes(a ^ b for a, b in zip(head[-4:], mask[1:]))
        return bytes([head[0] ^ mask[0] & 0x0F]) + head[1:-4] + hidden + body


def connection_ids(destination, source):
    return bytes([len(destination)]) + destination + bytes([len(source)]) + source


def connection_ids_of(packet):
    """Destination and source of a packet with a long header."""
    size = packet[5]
    return packet[6 : 6 + size], packet[7 + size : 7 + size + packet[6 + size]]


def initial(keys, destination, source, number, frames, size=0):
    """Padded until the whole packet has `size` bytes."""
    head = b"\xc3" + struct.pack("!I", VERSION_1) + connection_ids(destination, source) + b"\0"
    payload = frames.ljust(max(size - len(head) - 2 - 4 - 16, 0), b"\0")
    return keys.protect(head + varint(4 + len(payload) + 16) + struct.pack("!I", number), number, payload)


def version_negotiation(destination, source, *versions):
    numbers = b"".join(struct.pack("!I", version) for version in versions)
    return b"\x80" + bytes(4) + connection_ids(destination, source) + numbers


def extension(number, data):
    return struct.pack("!HH", number, len(data)) + data


def handshake(kind, body):
    return struct.pack("!I", kind << 24 | len(body)) + body


def client_hello(name, key_share):
    host = b"\0" + struct.pack("!H", len(name)) + name.encode()
    share = struct.pack("!HH", 29, 32) + key_share
    extensions = (
        extension(0, struct.pack("!H", len(host)) + host)
        + extension(10, bytes.fromhex("0002 001d"))
        + extension(13, bytes.fromhex("0004 0403 0804"))
        + extension(16, b"\0\3\2h3")
        + extension(43, b"\2\3\4")
        + extension(51, struct.pack("!H", len(share)) + share)
        + extension(57, bytes.fromhex("0f04 01020304"))
    )
    body = b"\3\3" + bytes(range(32)) + b"\0" + bytes.fromhex("0002 1301 0100")
    return handshake(1, body + struct.pack("!H", len(extensions)) + extensions)


def server_hello(key_share):
    extensions = extension(43, b"\3\4") + extension(51, struct.pack("!HH", 29, 32) + key_share)
    body = b"\3\3" + bytes(range(32, 64)) + b"\0" + bytes.fromhex("1301 00")
    return handshake(2, body + struct.pack("!H", len(extensions)) + extensions)
