#include "CScan.h"

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

static inline int is_special(uint8_t byte, uint8_t delimiter) { return byte == delimiter || byte == '"' || byte == '\n' || byte == '\r'; }

static inline int is_unusual(uint8_t byte) { return byte >= 0x7F || (byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t'); }

size_t herald_scan(const uint8_t *bytes, size_t count, uint8_t delimiter, uint32_t *places, int *found) {
    size_t at = 0, written = 0;
    int unusual = 0;
#if defined(__SSE2__)
    const __m128i delimiters = _mm_set1_epi8((char)delimiter), quotes = _mm_set1_epi8('"'), feeds = _mm_set1_epi8('\n'), returns = _mm_set1_epi8('\r');
    const __m128i tabs = _mm_set1_epi8('\t'), delete = _mm_set1_epi8(0x7F), space = _mm_set1_epi8(0x20);
    __m128i odd = _mm_setzero_si128();
    for (; at + 64 <= count; at += 64) {
        uint64_t mask = 0;
        for (int part = 0; part < 4; part++) {
            const __m128i block = _mm_loadu_si128((const __m128i *)(const void *)(bytes + at + 16 * part));
            const __m128i ends = _mm_or_si128(_mm_cmpeq_epi8(block, feeds), _mm_cmpeq_epi8(block, returns));
            const __m128i special = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(block, delimiters), _mm_cmpeq_epi8(block, quotes)), ends);
            mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(special) << (16 * part);
            /* As signed numbers, bytes beyond ASCII are below a space too. */
            const __m128i low = _mm_andnot_si128(_mm_or_si128(ends, _mm_cmpeq_epi8(block, tabs)), _mm_cmplt_epi8(block, space));
            odd = _mm_or_si128(odd, _mm_or_si128(low, _mm_cmpeq_epi8(block, delete)));
        }
        while (mask) {
            places[written++] = (uint32_t)(at + (size_t)__builtin_ctzll(mask));
            mask &= mask - 1;
        }
    }
    unusual = _mm_movemask_epi8(odd) != 0;
#endif
    for (; at < count; at++) {
        if (is_special(bytes[at], delimiter)) places[written++] = (uint32_t)at;
        unusual |= is_unusual(bytes[at]);
    }
    *found = unusual;
    return written;
}

static inline uint64_t word(const uint8_t *bytes) {
    uint64_t value;
    memcpy(&value, bytes, 8);
    return value;
}

static inline uint64_t mixed(uint64_t sum, uint64_t value) {
    sum = (sum ^ value) * 0x9E3779B97F4A7C15u;
    return sum ^ sum >> 29;
}

uint64_t herald_checksum(const uint8_t *bytes, size_t count) {
    uint64_t a = count, b = 1, c = 2, d = 3;
    size_t at = 0;
    for (; at + 32 <= count; at += 32) {
        a = mixed(a, word(bytes + at));
        b = mixed(b, word(bytes + at + 8));
        c = mixed(c, word(bytes + at + 16));
        d = mixed(d, word(bytes + at + 24));
    }
    for (; at < count; at++) a = mixed(a, bytes[at]);
    return mixed(mixed(mixed(a, b), c), d);
}
