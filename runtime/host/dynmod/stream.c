// The life of a stream's record, and the scheduler tick at its end.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "_cgo_export.h"
#include "shim.h"

// Given out when Envoy passes no configuration. It has none to count on.
static const moe_stream refusing = {.shared = 1, .route = -1};

// Records of finished streams, kept by the thread that served them: a stream
// begins and ends on one thread, so taking and giving back need no lock.
#define THREAD static __thread __attribute__((tls_model("initial-exec")))
// Those that can keep bytes are sixteen times as large, and lie apart.
typedef struct { moe_stream* first; uint32_t n; } spares;
THREAD spares plain, keeping;
THREAD uint64_t last_tick;

// Records that the process holds, of streams and spare ones. It changes only
// where memory is taken or given back, so that an ordinary stream writes
// nothing that another thread reads; `untold` says that this thread has changed
// it since the gauge was last set. A record that is lost makes it grow.
static _Atomic uint64_t held;
THREAD bool untold;

static pthread_key_t at_thread_end;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void drop_spare(void* unused) {
  (void)unused;
  spares* lists[] = {&plain, &keeping};
  for (int i = 0; i < 2; i++) {
    while (lists[i]->first) {
      moe_stream* next = lists[i]->first->next;
      free(lists[i]->first);
      atomic_fetch_sub(&held, 1);
      lists[i]->first = next;
    }
    lists[i]->n = 0;
  }
}

static void make_key(void) {
  // Without a key a thread's spare records last as long as the process.
  (void)pthread_key_create(&at_thread_end, drop_spare);
}

static moe_stream* take(bool keeps) {
  spares* from = keeps ? &keeping : &plain;
  moe_stream* stream = from->first;
  if (stream) {
    from->first = stream->next;
    from->n--;
    return stream;
  }
  stream = malloc(sizeof *stream + (keeps ? MOE_CAPTURE_SIZE + MOE_ANNOUNCE_SIZE : 0));
  if (!stream) return NULL;
  stream->capture = keeps ? (char*)(stream + 1) : NULL;
  atomic_fetch_add(&held, 1);
  untold = true;
  return stream;
}

static void give_back(moe_stream* stream) {
  spares* to = stream->capture ? &keeping : &plain;
  if (to->n == (stream->capture ? MOE_SPARE_CAPTURES : MOE_SPARE_MAX)) {
    free(stream);
    atomic_fetch_sub(&held, 1);
    untold = true;
    return;
  }
  if (!to->first) {
    pthread_once(&once, make_key);
    pthread_setspecific(at_thread_end, &plain);
  }
  stream->next = to->first;
  to->first = stream;
  to->n++;
}

const void* envoy_dynamic_module_on_http_filter_new(const void* module, void* filter) {
  const moe_config* config = module;
  if (!config) return &refusing;
  moe_stream* stream = take(config->keeps);
  // Envoy lets a request through whose filter is NULL; a record that refuses
  // does not.
  if (!stream) return &config->refusing;
  if (untold && config->gauged) {
    untold = false;
    envoy_dynamic_module_callback_http_filter_set_gauge(filter, config->stream_records, NULL, 0,
                                                        atomic_load(&held));
  }
  stream->next = NULL;
  stream->config = config;
  stream->refs = 1;
  stream->state = MOE_UNDECIDED;
  stream->replied = stream->shared = stream->reserved = 0;
  stream->flags = 0;
  stream->route = -1;
  stream->after = stream->before = (moe_ref){0, 0};
  stream->now = 0;
  stream->nheld = 0;
  stream->captured = stream->announced = 0;
  stream->max_body = 0;
  stream->bounded = 0;
  return stream;
}

// Gives back what the stream holds, once: at its end, however it came about.
static void let_go(moe_stream* stream) {
  if (!stream->nheld) return;
  uint32_t n = stream->nheld;
  stream->nheld = 0;
  moeLetGo(stream->held, n);
}

// Envoy calls no other hook of this stream afterwards and gives us no filter:
// nothing of Envoy's may be touched.
void envoy_dynamic_module_on_http_filter_destroy(const void* module) {
  moe_stream* stream = (moe_stream*)module;
  if (!stream || stream->shared) return;
  let_go(stream);
  stream->state = MOE_GONE;
  if (--stream->refs == 0) give_back(stream);
}

// The request is over. Go's monitor takes the processor from a thread that it
// has not seen schedule for 10 ms and then sleeps, and every callback after a
// pause would pay for waking it; yielding once in a few milliseconds, here
// where nobody waits, keeps that from happening.
void envoy_dynamic_module_on_http_filter_stream_complete(void* filter, const void* module) {
  moe_stream* stream = (moe_stream*)module;
  if (!stream || stream->state != MOE_DECIDED) return;
  let_go(stream);
  moe_count_files(filter, stream->config);
  if (!stream->config->tick) return;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  uint64_t t = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
  if (t - last_tick < stream->config->tick) return;
  last_tick = t;
  moeTick();
}
