// A small C face of simdjson's DOM, so that Swift can read JSON documents without C++ interoperability.
// Elements are values of two words that point into a document; they are valid as long as the document is.
#ifndef CSIMDJSON_H
#define CSIMDJSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct { const void *document; size_t index; } sj_element;
typedef struct { const char *bytes; size_t count; } sj_text;
typedef struct { sj_text key; sj_element value; } sj_member;
typedef struct sj_document sj_document;

typedef enum { SJ_NULL, SJ_BOOL, SJ_INTEGER, SJ_DOUBLE, SJ_STRING, SJ_ARRAY, SJ_OBJECT } sj_kind;

/// Parses `count` bytes; the bytes may be freed afterwards. On failure returns NULL and points `error` at a static message.
sj_document *sj_parse(const char *bytes, size_t count, const char **error);
void sj_free(sj_document *document);
sj_element sj_root(const sj_document *document);

sj_kind sj_kind_of(sj_element element);
bool sj_bool(sj_element element);
/// Integers beyond int64 are clamped.
int64_t sj_integer(sj_element element);
double sj_double(sj_element element);
sj_text sj_string(sj_element element);

/// The member called `key` of an object; false where the element is no object or has no such member.
bool sj_find(sj_element object, const char *key, size_t count, sj_element *found);
/// Number of elements of an array or members of an object, 0 for anything else.
size_t sj_count(sj_element element);
void sj_fill_array(sj_element array, sj_element *elements, size_t count);
void sj_fill_object(sj_element object, sj_member *members, size_t count);

/// Minified JSON text of an element; release it with `sj_release_text`.
sj_text sj_serialize(sj_element element);
void sj_release_text(sj_text text);

#ifdef __cplusplus
}
#endif
#endif
