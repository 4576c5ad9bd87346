// The frame that crosses from the host to Go: layout of core.Frame, field by
// field (runtime/core/frame.go says what each means; a test holds them equal).
#ifndef MOE_FRAME_H
#define MOE_FRAME_H

#include <stdint.h>
#include <stddef.h>

enum {
  MOE_MAX_HEADERS = 512,
  MOE_MAX_ACTIONS = 256,
  MOE_MAX_ATTRIBUTES = 16,
  MOE_ARENA_SIZE = 128 << 10,
  MOE_MAX_HELD = 8
};

typedef struct { const char* ptr; size_t len; } moe_bytes;  // borrowed, until the hook returns
typedef struct { moe_bytes key, value; } moe_field;
typedef struct { uintptr_t ptr; size_t len; } moe_ref;      // in the arena or in read-only data

// MOE_SET_IF_ABSENT occurs in `after` only.
typedef enum { MOE_REMOVE, MOE_SET, MOE_ADD, MOE_SET_IF_ABSENT } moe_op;
typedef struct { uint32_t op; uint32_t pad; moe_ref key, value; } moe_action;
typedef struct { moe_bytes text; uint64_t number; uint64_t known; } moe_attribute;

enum { MOE_PHASE_REQUEST, MOE_PHASE_RESPONSE, MOE_PHASE_TRAILERS, MOE_PHASE_BODY };
enum { MOE_VERDICT_UNSET, MOE_VERDICT_CONTINUE, MOE_VERDICT_REPLY };
enum {
  MOE_FLAG_RESPONSE = 1,
  MOE_FLAG_REROUTE = 2,
  MOE_FLAG_FAULT = 4,
  MOE_FLAG_SHADOW = 8,
  MOE_FLAG_SETTLED = 16,
  MOE_FLAG_CROWDED = 256
};

typedef struct {
  const moe_field* headers;
  size_t nheaders;
  char* arena;
  uint32_t bundle;
  uint32_t phase;
  int64_t now;
  int64_t clock;
  moe_attribute attributes[MOE_MAX_ATTRIBUTES];
  int32_t route;
  uint32_t arena_len;
  uint32_t verdict;
  uint32_t status;
  uint32_t flags;
  uint32_t nactions;
  uint32_t outcome;  // number of what decided, 0 for none
  uint32_t nheld;    // handles in held
  moe_ref body;
  moe_ref details;
  moe_ref label;
  moe_ref after;  // moe_action[len] for the response, which last as long as the library
  uint64_t held[MOE_MAX_HELD];  // given to Go again when the stream ends, whatever the verdict
  moe_ref kept;   // in the arena; in later hooks of the stream the copy that was made
  uint64_t max_body;  // 1 more than the bytes that may follow; 0: any number
  moe_ref before; // the same, made before those in after and before Go is asked
  moe_ref shadows;  // len bytes in the arena, a bit a rule
  moe_ref first;  // changes for the response behind those in before; as kept
  moe_action actions[MOE_MAX_ACTIONS];
} moe_frame;

#endif
