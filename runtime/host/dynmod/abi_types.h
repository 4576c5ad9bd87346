// The four shapes in which Envoy's dynamic modules ABI passes text. Borrowed
// ones are lent by Envoy and valid until the hook returns; the others are
// ours, and Envoy copies what it keeps. Nothing is NUL-terminated.
//
// This file is apart from abi.h so that a test can put Envoy's own types in its
// place and have the compiler compare every prototype.
#ifndef MOE_ABI_TYPES_H
#define MOE_ABI_TYPES_H

#include <stddef.h>

typedef struct { const char* ptr; size_t length; } abi_borrowed;
typedef struct { const char* ptr; size_t length; } abi_bytes;

typedef struct {
  const char* key_ptr;
  size_t key_length;
  const char* value_ptr;
  size_t value_length;
} abi_borrowed_field;

typedef struct {
  const char* key_ptr;
  size_t key_length;
  const char* value_ptr;
  size_t value_length;
} abi_field;

#endif
