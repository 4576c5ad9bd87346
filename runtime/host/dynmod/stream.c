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
THREAD moe_stream* spare;
THREAD uint32_t nspare;
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
  while (spare) {
    moe_stream* next = spare->next;
    free(spare);
    atomic_fetch_sub(&held, 1);
    spare = next;
  }
  nspare = 0;
}

static void make_key(void) {
  // Without a key a thread's spare records last as long as the process.
  (void)pthread_key_create(&at_thread_end, drop_spare);
}

static moe_stream* take(void) {
  moe_stream* stream = spare;
  if (!stream) {
    stream = malloc(sizeof *stream);
    if (!stream) return NULL;
    atomic_fetch_add(&held, 1);
    untold = true;
    return stream;
  }
  spare = stream->next;
  nspare--;
  return stream;
}

static void give_back(moe_stream* stream) {
  if (nspare == MOE_SPARE_MAX) {
    free(stream);
    atomic_fetch_sub(&held, 1);
    untold = true;
    return;
  }
  if (!spare) {
    pthread_once(&once, make_key);
    pthread_setspecific(at_thread_end, &spare);
  }
  stream->next = spare;
  spare = stream;
  nspare++;
}

const void* envoy_dynamic_module_on_http_filter_new(const void* module, void* filter) {
  const moe_config* config = module;
  if (!config) return &refusing;
  moe_stream* stream = take();
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
  stream->after = (moe_ref){0, 0};
  stream->now = 0;
  stream->captured = 0;
  return stream;
}

// Envoy calls no other hook of this stream afterwards and gives us no filter:
// nothing of Envoy's may be touched.
void envoy_dynamic_module_on_http_filter_destroy(const void* module) {
  moe_stream* stream = (moe_stream*)module;
  if (!stream || stream->shared) return;
  stream->state = MOE_GONE;
  if (--stream->refs == 0) give_back(stream);
}

// The request is over. Go's monitor takes the processor from a thread that it
// has not seen schedule for 10 ms and then sleeps, and every callback after a
// pause would pay for waking it; yielding once in a few milliseconds, here
// where nobody waits, keeps that from happening.
void envoy_dynamic_module_on_http_filter_stream_complete(void* filter, const void* module) {
  const moe_stream* stream = module;
  if (!stream || stream->state != MOE_DECIDED) return;
  moe_count_files(filter, stream->config);
  if (!stream->config->tick) return;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  uint64_t t = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
  if (t - last_tick < stream->config->tick) return;
  last_tick = t;
  moeTick();
}
