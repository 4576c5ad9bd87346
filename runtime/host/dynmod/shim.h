// What the C files of this package share: the configuration, the record of a
// stream, and the steps that both header phases take.
#ifndef MOE_SHIM_H
#define MOE_SHIM_H

#include <string.h>

#include "../frame.h"
#include "abi.h"

// Fields travel from Envoy into the frame and on without being copied.
_Static_assert(sizeof(moe_field) == sizeof(abi_borrowed_field), "field size");
_Static_assert(offsetof(moe_field, key.len) == offsetof(abi_borrowed_field, key_length), "key");
_Static_assert(offsetof(moe_field, value.ptr) == offsetof(abi_borrowed_field, value_ptr), "value");
_Static_assert(offsetof(moe_field, value.len) == offsetof(abi_borrowed_field, value_length),
               "value length");

enum {
  MOE_CAPTURE_SIZE = 4 << 10,  // bytes that a stream can keep beyond a hook; core.KeptSize
  MOE_ANNOUNCE_SIZE = 1 << 10,  // and those of what it announces; core.AnnounceSize
  MOE_SPARE_MAX = 4096,        // finished records that a thread keeps for the next stream
  MOE_SPARE_CAPTURES = 512     // of those that can keep bytes
};

// Where a stream stands. A reply is a decision too; moe_stream.replied tells.
typedef enum { MOE_UNDECIDED, MOE_DECIDED, MOE_SUSPENDED, MOE_GONE } moe_state;

struct moe_config;

// One stream. Hooks of a stream run on one thread, which owns the record until
// destroy; `refs` also counts work in flight elsewhere, so that the record
// outlives the stream for as long as that work may look at `state`.
typedef struct moe_stream {
  struct moe_stream* next;          // in a list of spare records
  const struct moe_config* config;  // NULL only in the record of a missing configuration
  uint32_t refs;
  uint8_t state;     // moe_state
  uint8_t replied;   // the decision was an answer of our own
  uint8_t shared;    // stands in when there is no memory: always denies, never written
  uint8_t reserved;
  uint32_t flags;    // of the frame that decided
  int32_t route;     // of the frame that decided
  moe_ref after, before; // of the frame that decided: static data of the library
  int64_t now;       // of that frame: a policy's `now` stands still for a stream
  uint32_t nheld;    // handles below, which Go has not been given back yet
  uint64_t held[MOE_MAX_HELD];
  // What answers need of the request: `captured` bytes of MOE_CAPTURE_SIZE, which
  // lie behind the record and are freed with it; NULL where the bundle keeps none.
  // Behind those, in the same memory, `announced` bytes of MOE_ANNOUNCE_SIZE.
  char* capture;
  uint32_t captured, announced;
  uint64_t max_body;  // bytes of body that may still come; see `bounded`
  uint8_t bounded;    // the body is counted
} moe_stream;

// What can decide a request: its counter, and what the response-code details
// say of it.
typedef struct { size_t counter; abi_bytes details; } moe_outcome;

// A rule in shadow: its bit in a frame, its counter and its full name, which is
// static data of the library.
typedef struct { uint32_t rule; size_t counter; moe_ref name; } moe_shadow;

typedef struct { uint32_t id, kind; } moe_want;
enum { MOE_KIND_TEXT, MOE_KIND_INT, MOE_KIND_BOOL };

// What config_new learnt, read-only from then on and read by all workers. The
// Go side fills the part above the line.
typedef struct moe_config {
  uint32_t bundle;
  uint32_t needs_now;
  uint32_t needs_clock;
  uint32_t records;     // 1: of denials, 2: of all decisions
  uint32_t keeps;       // streams have bytes to keep
  moe_ref name, digest; // of the bundle: static data of the library; for the records
  uint64_t tick;  // nanoseconds between scheduler ticks; 0 is never
  uint32_t nwants;
  moe_want wants[MOE_MAX_ATTRIBUTES];
  uint32_t noutcomes, nshadows;
  uint32_t canonical, undecided_outcome;  // numbers of outcomes, 0 for none
  uint64_t* refusals;  // files refused since they were last counted; the placement's, or NULL
  // ----
  uint32_t counted;  // the counters below exist
  size_t denied, undecided, shadowed, crowded, refused_files;
  moe_outcome* outcomes;  // noutcomes, by number less 1; owned, with the details
  moe_shadow* shadows;    // nshadows; owned
  uint32_t gauged;        // the gauge below exists
  size_t stream_records;
  abi_bytes undecided_details, canonical_details;  // in `text`
  moe_stream refusing;  // given out when a record cannot be had
  char text[];
} moe_config;

// The length of a digest in response-code details and metadata.
enum { MOE_SHORT_DIGEST = 12 };

static inline abi_bytes moe_short_digest(const moe_config* config) {
  size_t n = config->digest.len;
  return (abi_bytes){(const char*)config->digest.ptr, n < MOE_SHORT_DIGEST ? n : MOE_SHORT_DIGEST};
}

// Logs through Envoy, or to standard error where Envoy offers no log.
void moe_log(uint32_t level, const char* text, size_t length);

// Reads the header map into `fields` (room for MOE_MAX_HEADERS) and prepares
// the frame for the one call. False: too many headers for a frame.
bool moe_gather(void* filter, const moe_config* config, uint32_t map, moe_frame* frame,
                moe_field* fields);

// Whether all actions are ones that the phase can carry out.
bool moe_sound(const moe_frame* frame);

// A change that was settled when the request was decided: this, then the bytes of
// the name and the value. core's aheadHead.
typedef struct { uint32_t op, key, value; } moe_settled;

// What a stream keeps for its answer, and what it announces on it: changes in the
// form of moe_settled.
static inline moe_ref moe_kept(const moe_stream* stream) {
  return (moe_ref){(uintptr_t)stream->capture, stream->captured};
}
static inline moe_ref moe_announced(const moe_stream* stream) {
  return (moe_ref){stream->announced ? (uintptr_t)stream->capture + MOE_CAPTURE_SIZE : 0, stream->announced};
}

// Carries out settled changes. False: Envoy refused one, or
// they make no sense.
bool moe_apply_settled(void* filter, moe_ref changes);

// Carries out the changes in order. False: Envoy refused one.
bool moe_apply(void* filter, uint32_t map, const moe_action* actions, size_t n);

// Sends the reply that the frame describes. It is the last use of the frame,
// the record and the filter: hooks run inside.
void moe_reply(void* filter, const moe_config* config, const moe_frame* frame);

// Sends an answer of the shim's own, 500 or 431, correct for gRPC too; `config`
// may be NULL. What is in the frame is overwritten; `arena` has room for its
// strings. Last use, as above.
void moe_refuse(void* filter, const moe_config* config, moe_frame* frame, char* arena,
                uint32_t status);

// Leaves a decision in the stream's dynamic metadata, for access logs and other
// filters, where the bundle records it.
void moe_record(void* filter, const moe_config* config, const moe_frame* frame);

void moe_count(void* filter, const moe_config* config, size_t counter);

// Nanoseconds on the monotonic clock.
int64_t moe_clock(void);
// Defines the counters of a configuration whose upper part is filled in. False:
// there is no memory. Envoy's refusal is said in the log, and nothing is counted.
bool moe_define(void* envoy, abi_borrowed bundle, moe_config* config);

// Gives back what moe_define has taken.
void moe_undefine(moe_config* config);

// Counts what decided, and the rules in shadow that did not.
void moe_decided(void* filter, const moe_config* config, const moe_frame* frame);

// Counts the files that were refused since the last call.
void moe_count_files(void* filter, const moe_config* config);

// What the response-code details say of the frame's decision.
abi_bytes moe_details(const moe_config* config, const moe_frame* frame);

// Whether a rule's bit is set.
bool moe_shadows(const moe_frame* frame, uint32_t rule);

// The wall clock in nanoseconds since 1970.
int64_t moe_now(void);

static inline abi_bytes moe_text(const char* text) {
  return (abi_bytes){text, strlen(text)};
}

static inline abi_bytes moe_deref(moe_ref ref) {
  return (abi_bytes){(const char*)ref.ptr, ref.len};
}

#endif
