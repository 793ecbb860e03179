#include "proto/rows/packed_column.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "proto/rows/fixed_numbers.h"

namespace packetsentry::proto {
namespace {

constexpr std::uint64_t kGoesOn = 0x8080808080808080;  // the highest bit of each byte
constexpr std::uint64_t kOnes = 0x0101010101010101;
constexpr std::size_t kWord = sizeof(std::uint64_t);
constexpr unsigned kVarintBytes = 10;

// Eight bytes must be there.
std::uint64_t word_at(const char* at) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    return little_endian(word);
}

bool is_end(char byte) {
    return static_cast<unsigned char>(byte) < 0x80;
}

// A byte of the sum for each byte of the words: so at most 255 words.
std::size_t count_in_words(const char* at, std::size_t words) {
    std::uint64_t sums = 0;
    for (std::size_t word = 0; word < words; ++word) sums += (~word_at(at + kWord * word) & kGoesOn) >> 7;
    constexpr std::uint64_t kEvenBytes = 0x00FF00FF00FF00FF;
    const std::uint64_t pairs = (sums & kEvenBytes) + ((sums >> 8) & kEvenBytes);
    return static_cast<std::size_t>((pairs * 0x0001000100010001) >> 48);
}

// Joins the lower seven bits of each byte.
std::uint64_t joined_groups(std::uint64_t word) {
    word &= ~kGoesOn;
    word = (word & 0x007F007F007F007F) | (word & 0x7F007F007F007F00) >> 1;
    word = (word & 0x00003FFF00003FFF) | (word & 0x3FFF00003FFF0000) >> 2;
    return (word & 0x000000000FFFFFFF) | (word & 0x0FFFFFFF00000000) >> 4;
}

const char* read_slowly(const char* at, const char* end, std::uint64_t& value) {
    value = 0;
    for (unsigned i = 0; i < kVarintBytes && at != end; ++i, ++at) {
        value |= std::uint64_t{static_cast<unsigned char>(*at) & 0x7FU} << (7 * i);
        if (is_end(*at)) return at + 1;
    }
    return nullptr;
}

// Eight bytes must be there. end: of all bytes.
inline const char* read_quickly(const char* at, const char* end, std::uint64_t& value) {
    const std::uint64_t word = word_at(at);
    const std::uint64_t ends = ~word & kGoesOn;
    if (ends == 0) return read_slowly(at, end, value);
    value = joined_groups(word & (ends ^ (ends - 1)));
    return at + (static_cast<unsigned>(std::countr_zero(ends)) + 1) / 8;
}

// Writes down the numbers that begin a word, as many as have one byte each or two.
template <typename Number>
std::size_t take_alike(std::uint64_t word, Number* to) {
    constexpr std::uint64_t kOneByteEach = kGoesOn, kTwoBytesEach = 0x8000800080008000;
    const std::uint64_t ends = ~word & kGoesOn;
    if (ends == kTwoBytesEach) {
        const std::uint64_t joined = (word & 0x007F007F007F007F) | (word & 0x7F007F007F007F00) >> 1;
        for (std::size_t i = 0; i < kWord / 2; ++i)
            to[i] = number_of_varint<Number>(joined >> (16 * i) & 0xFFFF);
        return kWord / 2;
    }
    if (ends != kOneByteEach) return 0;
    for (std::size_t i = 0; i < kWord; ++i) to[i] = number_of_varint<Number>(word >> (8 * i) & 0xFF);
    return kWord;
}

template <typename Number>
struct Piece {
    const char* at = nullptr;
    Number* to = nullptr;
    std::size_t left = 0;  // numbers
};

template <typename Number>
bool decode_piece(Piece<Number> piece, const char* end) {
    for (; piece.left != 0; --piece.left, ++piece.to) {
        std::uint64_t value = 0;
        piece.at = read_slowly(piece.at, end, value);
        if (piece.at == nullptr) return false;
        *piece.to = number_of_varint<Number>(value);
    }
    return true;
}

// Eight bytes must be there.
template <typename Number>
inline bool take_quickly(Piece<Number>& piece, const char* end) {
    std::uint64_t value = 0;
    piece.at = read_quickly(piece.at, end, value);
    if (piece.at == nullptr) return false;
    *piece.to++ = number_of_varint<Number>(value);
    return true;
}

constexpr std::size_t kPieces = 4;
template <typename Number>
using Pieces = std::array<Piece<Number>, kPieces>;

// Cuts the bytes where numbers end.
template <typename Number>
Pieces<Number> cut(std::string_view packed, std::span<Number> to) {
    Pieces<Number> pieces;
    std::size_t begin = 0, done = 0;
    for (std::size_t i = 0; i < kPieces; ++i) {
        std::size_t end = std::max(begin, packed.size() * (i + 1) / kPieces);
        while (end > begin && end < packed.size() && !is_end(packed[end - 1])) ++end;
        const std::size_t count =
            std::min(count_varints(packed.substr(begin, end - begin)), to.size() - done);
        pieces[i] = {.at = packed.data() + begin, .to = to.data() + done, .left = count};
        begin = end;
        done += count;
    }
    return pieces;
}

// For columns of which most numbers have as many bytes as the one before, such as rows that ascend.
template <typename Number>
bool decode_alike(std::string_view packed, std::span<Number> to) {
    const char* const end = packed.data() + packed.size();
    Piece<Number> piece{.at = packed.data(), .to = to.data(), .left = to.size()};
    while (piece.left >= kWord && static_cast<std::size_t>(end - piece.at) >= kWord) {
        std::size_t taken = take_alike(word_at(piece.at), piece.to);
        if (taken != 0) {
            piece.at += kWord;
        } else {
            std::uint64_t value = 0;
            piece.at = read_quickly(piece.at, end, value);
            if (piece.at == nullptr) return false;
            *piece.to = number_of_varint<Number>(value);
            taken = 1;
        }
        piece.to += taken;
        piece.left -= taken;
    }
    return decode_piece(piece, end);
}

}  // namespace

std::size_t count_varints(std::string_view packed) {
    constexpr std::size_t kMostWords = 255;
    std::size_t count = 0;
    while (packed.size() >= kWord) {
        const std::size_t words = std::min(packed.size() / kWord, kMostWords);
        count += count_in_words(packed.data(), words);
        packed.remove_prefix(words * kWord);
    }
    return count + static_cast<std::size_t>(std::ranges::count_if(packed, is_end));
}

std::string_view skip_varints(std::string_view packed, std::size_t count) {
    while (count >= kWord && packed.size() >= kWord) {
        count -= static_cast<std::size_t>(((~word_at(packed.data()) & kGoesOn) >> 7) * kOnes >> 56);
        packed.remove_prefix(kWord);
    }
    while (count != 0 && !packed.empty()) {
        count -= is_end(packed.front()) ? 1 : 0;
        packed.remove_prefix(1);
    }
    return packed;
}

bool take_varint(std::string_view& packed, std::uint64_t& value) {
    const char* const end = packed.data() + packed.size();
    const char* const behind = read_slowly(packed.data(), end, value);
    if (behind == nullptr) return false;
    packed.remove_prefix(static_cast<std::size_t>(behind - packed.data()));
    return true;
}

// Most columns of small numbers have a byte for each, and many others two for nearly each. Elsewhere it
// is known only where a number begins when the one before was read, so a processor that could do much more
// at once waits. Four pieces are decoded side by side, which are independent of each other.
template <typename Number>
bool decode_varints(std::string_view packed, std::span<Number> to) {
    if (packed.size() == to.size()) {
        for (std::size_t i = 0; i < to.size(); ++i)
            to[i] = number_of_varint<Number>(static_cast<unsigned char>(packed[i]));
        return true;
    }
    if (packed.size() <= 2 * to.size()) return decode_alike(packed, to);
    const char* const end = packed.data() + packed.size();
    Pieces<Number> pieces = cut(packed, to);
    std::size_t there = 0;
    for (const Piece<Number>& piece : pieces) there += piece.left;
    if (there != to.size()) return false;
    // The last words have at most eight numbers each, behind which other bytes may not be there.
    std::size_t rounds = pieces.back().left < kWord ? 0 : pieces.back().left - kWord;
    for (const Piece<Number>& piece : pieces) rounds = std::min(rounds, piece.left);
    // Each has a name, so that the compiler keeps all of them in registers.
    auto& [first, second, third, fourth] = pieces;
    for (std::size_t round = 0; round < rounds; ++round)
        if (!take_quickly(first, end) || !take_quickly(second, end) || !take_quickly(third, end) ||
            !take_quickly(fourth, end))
            return false;
    for (Piece<Number>& piece : pieces) {
        piece.left -= rounds;
        if (!decode_piece(piece, end)) return false;
    }
    return true;
}

template bool decode_varints(std::string_view packed, std::span<std::uint32_t> to);
template bool decode_varints(std::string_view packed, std::span<std::uint64_t> to);
template bool decode_varints(std::string_view packed, std::span<std::int64_t> to);

}  // namespace packetsentry::proto
