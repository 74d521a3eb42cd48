/* Known answers: the examples of FIPS 180-4 and the NIST short-message vectors, and every way to cut one message. */
#include "../engine/suite.h"

#include "scenario/sha256.h"

#include <string.h>

static void digest_of(const void *bytes, size_t size, char text[SHA256_TEXT_SIZE]) {
    struct sha256 hash;
    unsigned char digest[SHA256_BYTES];
    sha256_init(&hash);
    sha256_update(&hash, bytes, size);
    sha256_finish(&hash, digest);
    sha256_text(digest, text);
}

START_TEST(known_answers) {
    static const struct {
        const char *message, *digest;
    } cases[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrst"
         "nopqrstu",
         "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
    };
    char text[SHA256_TEXT_SIZE];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        digest_of(cases[i].message, strlen(cases[i].message), text);
        ck_assert_str_eq(text, cases[i].digest);
    }
}
END_TEST

START_TEST(a_million_letters) {
    struct sha256 hash;
    unsigned char digest[SHA256_BYTES];
    char letters[1000], text[SHA256_TEXT_SIZE];
    memset(letters, 'a', sizeof letters);
    sha256_init(&hash);
    for (int i = 0; i < 1000; i++) sha256_update(&hash, letters, sizeof letters);
    sha256_finish(&hash, digest);
    sha256_text(digest, text);
    ck_assert_str_eq(text, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}
END_TEST

START_TEST(pieces_make_no_difference) {
    unsigned char bytes[300];
    char whole[SHA256_TEXT_SIZE], pieces[SHA256_TEXT_SIZE];
    for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = (unsigned char)(i * 7);
    for (size_t size = 0; size <= sizeof bytes; size += 13) {
        digest_of(bytes, size, whole);
        for (size_t cut = 0; cut <= size; cut++) {
            struct sha256 hash;
            unsigned char digest[SHA256_BYTES];
            sha256_init(&hash);
            sha256_update(&hash, bytes, cut);
            sha256_update(&hash, bytes + cut, size - cut);
            sha256_finish(&hash, digest);
            sha256_text(digest, pieces);
            REQUIRE(strcmp(whole, pieces) == 0);
        }
    }
}
END_TEST

int main(void) {
    const TTest *const tests[] = {known_answers, a_million_letters, pieces_make_no_difference};
    return run_suite("sha256", tests, sizeof tests / sizeof tests[0]);
}
