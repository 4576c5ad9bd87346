// Calls a dynamic module over the whole life of one stream after another, with
// a pause between them, and prints what a stream cost. It plays only as much of
// Envoy as a stream needs, and as cheaply as it can: what is measured is the
// module.
//
//   stream LIBRARY BUNDLE PAUSE-US busy|sleep COUNT [NAME VALUE]...
//
// With STREAM_KEYS=N in the environment the last header has N values, which take
// turns, and STREAM_WORKERS=W threads send streams at once; then only the tight
// loop is measured.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>

typedef struct { const char* ptr; size_t length; } text;
typedef struct { text key, value; } pair;

enum { MAX_HEADERS = 64 };
static pair response[3] = {
  {{":status", 7}, {"200", 3}}, {{"content-type", 12}, {"text/html", 9}}, {{"date", 4}, {"today", 5}},
};
// Each worker's own: what it sends, and what it sees.
static _Thread_local pair request[MAX_HEADERS];
static _Thread_local size_t nrequest;
static _Thread_local volatile uint32_t status;  // of a reply; 0 while the stream goes on
static _Thread_local volatile uint64_t changes;

#define CB(result, name) __attribute__((visibility("default"))) result envoy_dynamic_module_callback_##name

CB(void, log)(uint32_t level, text line) {
  fprintf(stderr, "%u %.*s\n", level, (int)line.length, line.ptr);
}
CB(uint32_t, get_concurrency)(void) { return 1; }
CB(uint32_t, http_filter_config_define_counter)(void* c, text name, text* l, size_t n, size_t* id) {
  (void)c, (void)name, (void)l, (void)n;
  *id = 0;
  return 0;
}
CB(uint32_t, http_filter_increment_counter)(void* f, size_t id, text* l, size_t n, uint64_t by) {
  (void)f, (void)id, (void)l, (void)n, (void)by;
  return 0;
}
CB(bool, http_get_header)(void* f, uint32_t map, text key, text* value, size_t i, size_t* count) {
  (void)f, (void)map, (void)key, (void)value, (void)i, (void)count;
  return false;
}
CB(size_t, http_get_headers_size)(void* f, uint32_t map) {
  (void)f;
  return map ? sizeof response / sizeof *response : nrequest;
}
CB(bool, http_get_headers)(void* f, uint32_t map, pair* to) {
  (void)f;
  if (map) memcpy(to, response, sizeof response);
  else memcpy(to, request, nrequest * sizeof *request);
  return true;
}
CB(void, http_set_dynamic_metadata_string)(void* f, text ns, text key, text value) {
  (void)f, (void)ns, (void)key, (void)value;
}
CB(bool, http_add_header)(void* f, uint32_t map, text key, text value) {
  (void)f, (void)map, (void)key;
  changes += value.length;
  return true;
}
CB(bool, http_set_header)(void* f, uint32_t map, text key, text value) {
  (void)f, (void)map, (void)key;
  changes += value.length;
  return true;
}
CB(void, http_send_response)(void* f, uint32_t s, pair* h, size_t n, text body, text details) {
  (void)f, (void)h, (void)n, (void)body, (void)details;
  status = s;
}
CB(size_t, http_get_body_size)(void* f, uint32_t body) {
  (void)f, (void)body;
  return 0;
}
CB(void, http_clear_route_cache)(void* f) { (void)f; }
CB(void, http_add_custom_flag)(void* f, text flag) { (void)f, (void)flag; }
CB(bool, http_filter_get_attribute_string)(void* f, uint32_t id, text* value) {
  (void)f, (void)id;
  *value = (text){"192.0.2.1:40000", 15};
  return id == 24;
}
CB(bool, http_filter_get_attribute_int)(void* f, uint32_t id, uint64_t* value) {
  (void)f, (void)id;
  *value = 40000;
  return true;
}
CB(bool, http_filter_get_attribute_bool)(void* f, uint32_t id, bool* value) {
  (void)f, (void)id;
  *value = false;
  return true;
}
CB(bool, http_get_header_values)(void) { abort(); }
CB(bool, http_has_filter_state)(void) { abort(); }

static uint64_t at(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}
static uint64_t now(void) { return at(CLOCK_MONOTONIC); }

static int by_size(const void* a, const void* b) {
  uint64_t x = *(const uint64_t*)a, y = *(const uint64_t*)b;
  return x < y ? -1 : x > y;
}

static void pause_for(uint64_t ns, bool asleep) {
  if (!ns) return;
  if (asleep) {
    struct timespec t = {0, (long)ns};
    nanosleep(&t, NULL);
    return;
  }
  for (uint64_t from = now(); now() - from < ns;) {
  }
}

// The cost of two readings of a clock one after the other: the median of many.
static uint64_t floor_of(clockid_t clock) {
  enum { N = 10001 };
  static uint64_t v[N];
  for (int i = 0; i < N; i++) {
    uint64_t t = at(clock);
    v[i] = at(clock) - t;
  }
  qsort(v, N, sizeof *v, by_size);
  return v[N / 2];
}

// The hooks of the module that a stream needs.
static const void* config;
static const void* (*stream_new)(const void*, void*);
static uint32_t (*on_request)(void*, const void*, bool);
static uint32_t (*on_response)(void*, const void*, bool);
static void (*complete)(void*, const void*);
static void (*destroy)(const void*);
static size_t anything;  // stands for Envoy's filter

// From the first hook to the one after which the client has its answer.
static const void* begin(void) {
  status = 0;
  const void* stream = stream_new(config, &anything);
  on_request(&anything, stream, true);
  if (!status) on_response(&anything, stream, true);
  return stream;
}
static void end(const void* stream) {
  complete(&anything, stream);
  destroy(stream);
}

// How many values the last header has; 0: it stays as it was given.
enum { MAX_KEYS = 1000000, MAX_WORKERS = 16 };
static size_t nkeys;
static _Thread_local size_t turn;
static _Thread_local char caller[] = "caller-0000000";

// The text is made on the spot: as with a request that has just been read, it is
// in the cache, and what the module keeps by it may not be.
static void set_key(size_t n) {
  for (char* digit = caller + sizeof caller - 2; *digit != '-'; digit--, n /= 10) *digit = (char)('0' + n % 10);
  request[nrequest - 1].value = (text){caller, sizeof caller - 1};
}

// In an order that no cache foresees.
static void next_key(void) {
  if (!nkeys) return;
  turn = (turn + 48271) % nkeys;
  set_key(turn);
}

// A whole stream's time where streams follow at once: the median over batches,
// as one stream is too short for the clock.
static double tight(size_t batches) {
  enum { BATCH = 1000 };
  uint64_t* v = malloc(batches * sizeof *v);
  if (!v) exit(1);
  for (size_t i = 0; i < batches; i++) {
    uint64_t t = now();
    for (int k = 0; k < BATCH; k++) next_key(), end(begin());
    v[i] = now() - t;
  }
  qsort(v, batches, sizeof *v, by_size);
  double m = (double)v[batches / 2] / BATCH;
  free(v);
  return m;
}

static const pair* all_request;
static size_t nall_request, worker_batches;
static pthread_barrier_t together;
typedef struct { pthread_t thread; size_t number; double ns; uint32_t status; } worker;

static void* work(void* a) {
  worker* w = a;
  nrequest = nall_request;
  memcpy(request, all_request, nrequest * sizeof *request);
  // Every key has been seen before anything is measured.
  for (turn = 0; turn < nkeys; turn++) {
    set_key(turn);
    end(begin());
  }
  turn = w->number * nkeys / 3;
  pthread_barrier_wait(&together);
  w->ns = tight(worker_batches);
  w->status = status;
  return NULL;
}

static int many(size_t n, size_t workers, size_t batches) {
  if (n < 1 || n > MAX_KEYS || workers < 1 || workers > MAX_WORKERS || !nrequest) return 2;
  nkeys = n, all_request = request, nall_request = nrequest, worker_batches = batches;
  worker all[MAX_WORKERS] = {0};
  pthread_barrier_init(&together, NULL, (unsigned)workers);
  for (size_t i = 0; i < workers; i++) {
    all[i].number = i;
    pthread_create(&all[i].thread, NULL, work, &all[i]);
  }
  double sum = 0;
  for (size_t i = 0; i < workers; i++) {
    pthread_join(all[i].thread, NULL);
    sum += all[i].ns;
    if (all[i].status) status = all[i].status;
  }
  printf("status %u\ntight %.1f\n", status, sum / (double)workers);
  return 0;
}

static void* find(void* module, const char* name) {
  char full[128];
  snprintf(full, sizeof full, "envoy_dynamic_module_on_%s", name);
  void* p = dlsym(module, full);
  if (!p) {
    fprintf(stderr, "the library has no %s\n", full);
    exit(1);
  }
  return p;
}

static void print(const char* what, uint64_t* v, size_t n, uint64_t floor) {
  qsort(v, n, sizeof *v, by_size);
  double p[] = {0.5, 0.99, 0.999};
  const char* names[] = {"p50", "p99", "p999"};
  for (int i = 0; i < 3; i++) {
    uint64_t x = v[(size_t)(p[i] * (double)n)];
    printf("%s_%s %llu\n", what, names[i], (unsigned long long)(x > floor ? x - floor : 0));
  }
}

int main(int argc, char** argv) {
  if (argc < 6 || argc % 2 || argc / 2 - 3 > MAX_HEADERS) {
    fprintf(stderr, "usage: stream LIBRARY BUNDLE PAUSE-US busy|sleep COUNT [NAME VALUE]...\n");
    return 2;
  }
  uint64_t gap = strtoull(argv[3], NULL, 10) * 1000;
  bool asleep = !strcmp(argv[4], "sleep");
  size_t count = strtoull(argv[5], NULL, 10);
  for (int i = 6; i + 1 < argc; i += 2)
    request[nrequest++] = (pair){{argv[i], strlen(argv[i])}, {argv[i + 1], strlen(argv[i + 1])}};
  void* module = dlopen(argv[1], RTLD_LAZY | RTLD_LOCAL);
  if (!module) {
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  const char* (*init)(void) = find(module, "program_init");
  const void* (*config_new)(void*, text, text) = find(module, "http_filter_config_new");
  stream_new = find(module, "http_filter_new");
  on_request = find(module, "http_filter_request_headers");
  on_response = find(module, "http_filter_response_headers");
  complete = find(module, "http_filter_stream_complete");
  destroy = find(module, "http_filter_destroy");
  if (!init()) return 1;
  config = config_new(&anything, (text){argv[2], strlen(argv[2])}, (text){"", 0});
  if (!config) return 1;

  const char *n = getenv("STREAM_KEYS"), *workers = getenv("STREAM_WORKERS");
  if (n) return many(strtoull(n, NULL, 10), workers ? strtoull(workers, NULL, 10) : 1, count / 1000 + 1);

  uint64_t* answer = malloc(count * sizeof *answer);
  uint64_t* life = malloc(count * sizeof *life);
  if (!answer || !life) return 1;
  memset(answer, 0, count * sizeof *answer), memset(life, 0, count * sizeof *life);
  uint64_t floor = floor_of(CLOCK_MONOTONIC), cpu_floor = floor_of(CLOCK_THREAD_CPUTIME_ID);
  prctl(PR_SET_TIMERSLACK, 1);  // so that a short sleep is short

  for (size_t i = 0; i < (gap ? 200 : 20000); i++) end(begin()), pause_for(gap, asleep);
  struct rusage before, after;
  getrusage(RUSAGE_SELF, &before);
  for (size_t i = 0; i < count; i++) {
    uint64_t t0 = now();
    const void* stream = begin();
    uint64_t t1 = now();
    end(stream);
    uint64_t t2 = now();
    answer[i] = t1 - t0, life[i] = t2 - t0;
    pause_for(gap, asleep);
  }
  getrusage(RUSAGE_SELF, &after);
  long switches = after.ru_nvcsw - before.ru_nvcsw + after.ru_nivcsw - before.ru_nivcsw;

  // Reading the thread's CPU clock is a system call, which would show in the
  // times above; so the same again for the CPU alone. What the worker spends in
  // the module and what all other threads spend is the module's; waiting is not.
  uint64_t in_calls = 0;
  uint64_t process = at(CLOCK_PROCESS_CPUTIME_ID), thread = at(CLOCK_THREAD_CPUTIME_ID);
  for (size_t i = 0; i < count; i++) {
    uint64_t from = gap ? at(CLOCK_THREAD_CPUTIME_ID) : 0;
    end(begin());
    if (gap) {
      uint64_t spent = at(CLOCK_THREAD_CPUTIME_ID) - from;
      in_calls += spent > cpu_floor ? spent - cpu_floor : 0;
    }
    pause_for(gap, asleep);
  }
  thread = at(CLOCK_THREAD_CPUTIME_ID) - thread, process = at(CLOCK_PROCESS_CPUTIME_ID) - process;
  double all = (double)process - (gap ? (double)thread - (double)in_calls : 0);

  print("answer", answer, count, floor);
  print("life", life, count, 2 * floor);
  printf("status %u\n", status);
  printf("cpu %.0f\n", all / (double)count);
  if (!gap) printf("tight %.1f\n", tight(count / 1000 + 1));
  printf("switches %.3f\n", (double)switches / (double)count);
  return 0;
}
