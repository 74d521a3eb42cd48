#include "engine/stream.h"

#include <Random123/philox.h>
#include <math.h>

static inline philox4x64_ctr_t draw_block(const struct stream *stream, uint64_t entity, uint64_t block) {
    philox4x64_ctr_t counter = {{stream->replication, entity, block, 0}};
    philox4x64_key_t key = {{stream->seed, stream->purpose}};
    return philox4x64_R(10, counter, key);
}

/* The odd multiples of 2^-53, all equally likely: one bit fewer than a double could hold, so that neither 0 nor 1 comes
 * out and 1 - u is exactly as likely as u. The signed conversion is one instruction where the unsigned is several. */
static inline double open_uniform(uint64_t bits) {
    return ((double)(int64_t)(bits >> 12) + 0.5) * 0x1p-52;
}

double stream_uniform(const struct stream *stream, uint64_t entity, uint64_t draw) {
    philox4x64_ctr_t block = draw_block(stream, entity, draw / 4);
    return open_uniform(block.v[draw % 4]);
}

void stream_uniform4(const struct stream *stream, uint64_t entity, uint64_t block, double uniforms[4]) {
    philox4x64_ctr_t bits = draw_block(stream, entity, block);
    for (int i = 0; i < 4; i++) uniforms[i] = open_uniform(bits.v[i]);
}

double stream_exponential(double uniform, double mean) {
    return -mean * log1p(-uniform);
}
