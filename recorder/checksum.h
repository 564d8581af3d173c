/* CRC-32C (Castagnoli, RFC 3720), the checksum of the journal. Pure. */
#ifndef AC_RECORDER_CHECKSUM_H
#define AC_RECORDER_CHECKSUM_H

#include <stdint.h>

#include "base/str.h"

uint32_t ac_crc32c(ac_str bytes);

#endif
