/* The version of Bering: of these headers by macro, of the library by function. They differ only where a program was
 * compiled with the headers of one version and linked with another.
 *
 *     #include <bering/version.h>
 *     #include <stdio.h>
 *
 *     int main(void) {
 *         printf("compiled for Bering %d.%d.%d, running %s\n", BERING_VERSION_MAJOR, BERING_VERSION_MINOR,
 *                BERING_VERSION_PATCH, bering_version());
 *         return 0;
 *     }
 *
 * Before 1.0.0 a new minor version may change the interface; from then on only a new major version does. */
#ifndef BERING_VERSION_H
#define BERING_VERSION_H

#define BERING_VERSION_MAJOR 0
#define BERING_VERSION_MINOR 1
#define BERING_VERSION_PATCH 0

#ifdef __cplusplus
extern "C" {
#endif

/* "MAJOR.MINOR.PATCH" of the library. Never freed. */
const char *bering_version(void);

#ifdef __cplusplus
}
#endif

#endif
