// A host that plays Envoy's part towards a dynamic module, and plays it
// nastily: memory lent to a hook is made unreadable when the hook returns or a
// setter runs, hooks nest, arrive alone or not at all. It decides nothing; what
// the module did wrong is reported with the outcome.
#ifndef HOST_H
#define HOST_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stddef.h>

typedef struct { const char* ptr; size_t length; } text;
typedef struct { text key, value; } pair;

// A growing list of byte strings: the form of every message to and from the
// driving program.
typedef struct { text* at; size_t n, room; } list;
void list_add(list* l, const char* bytes, size_t n);  // copies
void list_text(list* l, const char* s);
void list_number(list* l, long long v);
void list_free(list* l);

// Envoy's header map: keys in lower case, order kept; the names given with
// `joined` hold one value to which further ones are added with a comma.
typedef struct { pair* at; size_t n, room; } map;
extern list joined;
void map_add(map* m, const char* key, size_t nkey, const char* value, size_t nvalue);
void map_set(map* m, const char* key, size_t nkey, const char* value, size_t nvalue);
void map_remove(map* m, const char* key, size_t nkey);
const text* map_get(const map* m, const char* key, size_t index);
void map_free(map* m);

enum { MAX_CHAIN = 8, MAX_CONFIGS = 64, LENT = 4 << 20, MAX_COUNTERS = 256 };

typedef struct {
  const void* module;
  char name[128];
  char counter_names[MAX_COUNTERS][160];
  _Atomic long counters[MAX_COUNTERS];
  size_t ncounters;
  bool frozen;
} config;
extern config configs[MAX_CONFIGS];
extern size_t nconfigs;

// Gauges are the process's: one of a name, whoever defined it.
typedef struct { char name[160]; _Atomic uint64_t value; } gauge;
enum { MAX_GAUGES = 8 };
extern gauge gauges[MAX_GAUGES];
extern size_t ngauges;

struct stream;
typedef struct {
  uint64_t magic;
  struct stream* stream;
  config* config;
  const void* module;
  bool replied;  // sent a local reply: its own response hooks are left out
} filter;

typedef struct stream {
  pthread_t thread;
  filter chain[MAX_CHAIN];
  size_t nchain;
  map request, trailers, response;
  bool have_response;
  text request_body, response_body, upstream_body;
  text source;
  text cluster;          // of the route chosen last
  text details;
  list flags;            // custom flags
  list trace;            // hook, filter, answer
  list wrong;            // what the module must not have done
  uint32_t local_status; // of the local reply
  bool local, encoding;
  bool onward;           // the filters let it through, and the client stayed
  size_t piece;          // bytes of body that a request_body hook is about
  bool trailers_back;    // the answer has trailers
  bool echo;             // a filter's own answer passes its response hooks too
  int depth;             // hooks under way
  char* lent;            // LENT bytes, readable only while lent
  size_t lent_used, lent_open;
} stream;

enum { FILTER_MAGIC = 0x6d6f6566 };

// What a client, a network or an upstream may do to a stream.
typedef struct {
  const char* mode;
  size_t chain[MAX_CHAIN], nchain;
  text source, body, upstream_body;
  map request, upstream, trailers;
} script;

// Runs one stream from filter_new to where the upstream answers, and from there
// to destroy; the caller frees it.
stream* begin(const script* s);
void finish(stream* s, const script* sc);
void stream_free(stream* s);

// Ends every loan: what the module still points to can no longer be read.
void expire(stream* s);
void wrong(stream* s, const char* format, ...);

// Runs the filters' hooks for an answer; `from` is the filter that gave it.
void local_reply(stream* s, filter* from, uint32_t status, const pair* fields, size_t n, text body,
                 text details);

// The hooks of the module, found by name.
#define HOOKS(X) \
  X(const void*, filter_config_new, (void*, text, text)) \
  X(void, filter_config_destroy, (const void*)) \
  X(const void*, filter_per_route_config_new, (text, text)) \
  X(void, filter_per_route_config_destroy, (const void*)) \
  X(const void*, filter_new, (const void*, void*)) \
  X(uint32_t, filter_request_headers, (void*, const void*, bool)) \
  X(uint32_t, filter_request_body, (void*, const void*, bool)) \
  X(uint32_t, filter_request_trailers, (void*, const void*)) \
  X(uint32_t, filter_response_headers, (void*, const void*, bool)) \
  X(uint32_t, filter_response_body, (void*, const void*, bool)) \
  X(uint32_t, filter_response_trailers, (void*, const void*)) \
  X(uint32_t, filter_local_reply, (void*, const void*, uint32_t, text, bool)) \
  X(void, filter_stream_complete, (void*, const void*)) \
  X(void, filter_destroy, (const void*)) \
  X(void, filter_scheduled, (void*, const void*, uint64_t)) \
  X(void, filter_http_callout_done, (void*, const void*, uint64_t, uint32_t, pair*, size_t, text*, size_t)) \
  X(void, filter_http_stream_headers, (void*, const void*, uint64_t, pair*, size_t, bool)) \
  X(void, filter_http_stream_data, (void*, const void*, uint64_t, const text*, size_t, bool)) \
  X(void, filter_http_stream_trailers, (void*, const void*, uint64_t, pair*, size_t)) \
  X(void, filter_http_stream_complete, (void*, const void*, uint64_t)) \
  X(void, filter_http_stream_reset, (void*, const void*, uint64_t, uint32_t)) \
  X(void, filter_downstream_above_write_buffer_high_watermark, (void*, const void*)) \
  X(void, filter_downstream_below_write_buffer_low_watermark, (void*, const void*))
#define DECLARE(result, name, args) extern result(*on_##name) args;
HOOKS(DECLARE)
#undef DECLARE

// The clocks that the module sees, 0 for the machine's, and whether it has ever
// read the second of its own.
extern _Atomic int64_t wall_clock, monotonic_clock;
extern atomic_bool counts;

// Faults, of this thread only.
extern _Thread_local bool no_memory;

// What the module logged since the last call.
extern list logged;
extern pthread_mutex_t logged_lock;

#endif
