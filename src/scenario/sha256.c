#include "scenario/sha256.h"

#include <string.h>

/* FIPS 180-4 §4.2.2: the first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
static const uint32_t round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t word, int bits) {
    return word >> bits | word << (32 - bits);
}

static void fill_schedule(const unsigned char *block, uint32_t schedule[64]) {
    for (int t = 0; t < 16; t++)
        schedule[t] = (uint32_t)block[4 * t] << 24 | (uint32_t)block[4 * t + 1] << 16 |
                      (uint32_t)block[4 * t + 2] << 8 | (uint32_t)block[4 * t + 3];
    for (int t = 16; t < 64; t++) {
        const uint32_t early = schedule[t - 15], late = schedule[t - 2];
        const uint32_t sigma0 = rotate(early, 7) ^ rotate(early, 18) ^ early >> 3;
        const uint32_t sigma1 = rotate(late, 17) ^ rotate(late, 19) ^ late >> 10;
        schedule[t] = sigma1 + schedule[t - 7] + sigma0 + schedule[t - 16];
    }
}

/* FIPS 180-4 §6.2.2, with its names for the working variables. */
static void compress(uint32_t state[8], const unsigned char *block) {
    uint32_t schedule[64];
    fill_schedule(block, schedule);
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    for (int t = 0; t < 64; t++) {
        const uint32_t sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
        const uint32_t choice = (e & f) ^ (~e & g);
        const uint32_t first = h + sum1 + choice + round_constants[t] + schedule[t];
        const uint32_t sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
        const uint32_t majority = (a & b) ^ (a & c) ^ (b & c);
        h = g, g = f, f = e, e = d + first;
        d = c, c = b, b = a, a = first + sum0 + majority;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d;
    state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

void sha256_init(struct sha256 *hash) {
    *hash = (struct sha256){
        .state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};
}

void sha256_update(struct sha256 *hash, const void *bytes, size_t size) {
    const unsigned char *next = bytes;
    const size_t used = hash->length % SHA256_BLOCK_BYTES;
    if (size == 0) return;
    hash->length += size;
    if (used > 0) {
        const size_t room = SHA256_BLOCK_BYTES - used, taken = size < room ? size : room;
        memcpy(hash->block + used, next, taken);
        next += taken, size -= taken;
        if (taken < room) return;
        compress(hash->state, hash->block);
    }
    for (; size >= SHA256_BLOCK_BYTES; next += SHA256_BLOCK_BYTES, size -= SHA256_BLOCK_BYTES)
        compress(hash->state, next);
    memcpy(hash->block, next, size);
}

void sha256_finish(struct sha256 *hash, unsigned char digest[SHA256_BYTES]) {
    const uint64_t bits = hash->length * 8;
    unsigned char padding[SHA256_BLOCK_BYTES + 8] = {0x80};
    const size_t used = hash->length % SHA256_BLOCK_BYTES;
    const size_t zeros = (used < 56 ? 56 : 120) - used;
    for (int byte = 0; byte < 8; byte++) padding[zeros + (size_t)byte] = (unsigned char)(bits >> (56 - 8 * byte));
    sha256_update(hash, padding, zeros + 8);
    for (int word = 0; word < 8; word++)
        for (int byte = 0; byte < 4; byte++)
            digest[4 * word + byte] = (unsigned char)(hash->state[word] >> (24 - 8 * byte));
}

void sha256_text(const unsigned char digest[SHA256_BYTES], char text[SHA256_TEXT_SIZE]) {
    static const char digits[] = "0123456789abcdef";
    for (int byte = 0; byte < SHA256_BYTES; byte++) {
        text[2 * byte] = digits[digest[byte] >> 4];
        text[2 * byte + 1] = digits[digest[byte] & 15];
    }
    text[2 * SHA256_BYTES] = '\0';
}
