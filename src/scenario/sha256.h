/* SHA-256 (FIPS 180-4): the fingerprint of inputs and of results. A value without pointers: it may be copied, and needs
 * no freeing. */
#ifndef BERING_SCENARIO_SHA256_H
#define BERING_SCENARIO_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SHA256_BYTES = 32, SHA256_TEXT_SIZE = 2 * SHA256_BYTES + 1, SHA256_BLOCK_BYTES = 64 };

struct sha256 {
    uint32_t state[8];
    uint64_t length; /* bytes so far */
    unsigned char block[SHA256_BLOCK_BYTES];
};

void sha256_init(struct sha256 *hash);
void sha256_update(struct sha256 *hash, const void *bytes, size_t size); /* any number of times, any sizes */
void sha256_finish(struct sha256 *hash, unsigned char digest[SHA256_BYTES]);

/* The digest as 64 hexadecimal digits, in lower case, and a NUL. */
void sha256_text(const unsigned char digest[SHA256_BYTES], char text[SHA256_TEXT_SIZE]);

#endif
