#include <stdio.h>
int main(void) { puts("bering " BERING_VERSION); return 0; }
