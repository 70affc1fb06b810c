// zlib, for the gzip wrapping of snapshot archives.
#ifndef CZLIB_H
#define CZLIB_H

#include <zlib.h>

#endif
