/// The search for the bytes that part the records and fields of CSV: the one loop that vector instructions make several times faster than Swift does.

#ifndef HERALD_CSCAN_H
#define HERALD_CSCAN_H

#include <stddef.h>
#include <stdint.h>

/// Writes the places of all delimiters, quotes, line feeds and carriage returns, ascending, and returns how many they are; there is room for `count` of them.
/// `found` is told whether any byte is no ASCII, or a control character other than tab and line ends: then the text has to be looked at more closely.
size_t herald_scan(const uint8_t *bytes, size_t count, uint8_t delimiter, uint32_t *places, int *found);

/// A cheap checksum, for damage and not against forgery: eight bytes at a time, in four sums that do not wait for each other.
uint64_t herald_checksum(const uint8_t *bytes, size_t count);

#endif
