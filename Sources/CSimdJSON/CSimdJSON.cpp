#include "CSimdJSON.h"

#include <simdjson.h>

#include <cstdlib>
#include <cstring>
#include <limits>
#include <new>
#include <string>
#include <type_traits>

using simdjson::dom::element;
using simdjson::dom::element_type;

struct sj_document {
    simdjson::dom::document document;
};

// An `element` is a document pointer and an index into its tape; the C face carries exactly these two words.
static_assert(sizeof(element) == sizeof(sj_element), "simdjson's element is no longer two words");
static_assert(std::is_trivially_copyable<element>::value, "simdjson's element is no longer a plain value");

static element open(sj_element wrapped) {
    element unwrapped;
    std::memcpy(static_cast<void *>(&unwrapped), &wrapped, sizeof(unwrapped));
    return unwrapped;
}

static sj_element wrap(const element &unwrapped) {
    sj_element wrapped;
    std::memcpy(&wrapped, static_cast<const void *>(&unwrapped), sizeof(wrapped));
    return wrapped;
}

sj_document *sj_parse(const char *bytes, size_t count, const char **error) {
    *error = "out of memory";
    auto *result = new (std::nothrow) sj_document;
    if (result == nullptr) return nullptr;
    simdjson::dom::parser parser;
    auto code = parser.parse_into_document(result->document, bytes, count, true).error();
    if (code == simdjson::SUCCESS) return result;
    *error = simdjson::error_message(code);
    delete result;
    return nullptr;
}

void sj_free(sj_document *document) { delete document; }

sj_element sj_root(const sj_document *document) { return wrap(document->document.root()); }

sj_kind sj_kind_of(sj_element wrapped) {
    switch (open(wrapped).type()) {
        case element_type::ARRAY: return SJ_ARRAY;
        case element_type::OBJECT: return SJ_OBJECT;
        case element_type::INT64: return SJ_INTEGER;
        case element_type::UINT64: return SJ_INTEGER;
        case element_type::DOUBLE: return SJ_DOUBLE;
        case element_type::STRING: return SJ_STRING;
        case element_type::BOOL: return SJ_BOOL;
        default: return SJ_NULL;
    }
}

bool sj_bool(sj_element wrapped) {
    bool value = false;
    return open(wrapped).get(value) == simdjson::SUCCESS && value;
}

int64_t sj_integer(sj_element wrapped) {
    int64_t value = 0;
    if (open(wrapped).get(value) == simdjson::SUCCESS) return value;
    return std::numeric_limits<int64_t>::max();
}

double sj_double(sj_element wrapped) {
    double value = 0;
    return open(wrapped).get(value) == simdjson::SUCCESS ? value : 0;
}

sj_text sj_string(sj_element wrapped) {
    std::string_view value;
    if (open(wrapped).get(value) != simdjson::SUCCESS) return {nullptr, 0};
    return {value.data(), value.size()};
}

bool sj_find(sj_element wrapped, const char *key, size_t count, sj_element *found) {
    simdjson::dom::object object;
    if (open(wrapped).get(object) != simdjson::SUCCESS) return false;
    element value;
    if (object.at_key(std::string_view(key, count)).get(value) != simdjson::SUCCESS) return false;
    *found = wrap(value);
    return true;
}

// simdjson's own size() saturates at 2^24 - 1, so longer containers are counted one by one.
template <typename Container> static size_t count_of(const Container &container) {
    size_t size = container.size();
    if (size < 0xFFFFFF) return size;
    size = 0;
    for (auto member : container) { (void)member; ++size; }
    return size;
}

size_t sj_count(sj_element wrapped) {
    simdjson::dom::array array;
    if (open(wrapped).get(array) == simdjson::SUCCESS) return count_of(array);
    simdjson::dom::object object;
    if (open(wrapped).get(object) == simdjson::SUCCESS) return count_of(object);
    return 0;
}

void sj_fill_array(sj_element wrapped, sj_element *elements, size_t count) {
    simdjson::dom::array array;
    if (open(wrapped).get(array) != simdjson::SUCCESS) return;
    size_t index = 0;
    for (auto value : array) {
        if (index == count) return;
        elements[index++] = wrap(value);
    }
}

void sj_fill_object(sj_element wrapped, sj_member *members, size_t count) {
    simdjson::dom::object object;
    if (open(wrapped).get(object) != simdjson::SUCCESS) return;
    size_t index = 0;
    for (auto field : object) {
        if (index == count) return;
        members[index++] = {{field.key.data(), field.key.size()}, wrap(field.value)};
    }
}

sj_text sj_serialize(sj_element wrapped) {
    std::string text = simdjson::minify(open(wrapped));
    char *bytes = static_cast<char *>(std::malloc(text.size() + 1));
    if (bytes == nullptr) return {nullptr, 0};
    std::memcpy(bytes, text.data(), text.size() + 1);
    return {bytes, text.size()};
}

void sj_release_text(sj_text text) { std::free(const_cast<char *>(text.bytes)); }
