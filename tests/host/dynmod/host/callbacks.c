// The callbacks that Envoy exports to a module. HOST_ENVOY (38, 39, 40) is the
// minor release to play; WITHOUT_ADD_CUSTOM_FLAG leaves one callback out.
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "host.h"

#define CB(result, name) __attribute__((visibility("default"))) result envoy_dynamic_module_callback_##name

void wrong(stream* s, const char* format, ...) {
  char line[256];
  va_list args;
  va_start(args, format);
  vsnprintf(line, sizeof line, format, args);
  va_end(args);
  if (s) {
    list_text(&s->wrong, line);
  } else {
    fprintf(stderr, "test host: %s\n", line);
    abort();
  }
}

// Every callback on a stream goes through here.
static stream* of(void* f) {
  filter* flt = f;
  if (!flt || flt->magic != FILTER_MAGIC) wrong(NULL, "a callback on a filter that is no more");
  stream* s = flt->stream;
  if (!pthread_equal(s->thread, pthread_self())) wrong(NULL, "a callback from a foreign thread");
  if (!s->depth) wrong(s, "a callback outside of a hook");
  return s;
}

enum { PAGE = 4096 };

void expire(stream* s) {
  if (s->lent_used == s->lent_open) return;
  size_t from = s->lent_open, to = (s->lent_used + PAGE - 1) / PAGE * PAGE;
  memset(s->lent + from, 0xdd, to - from);
  mprotect(s->lent + from, to - from, PROT_NONE);
  s->lent_open = s->lent_used = to;
}

static text lend(stream* s, text t) {
  if (!s->lent) {
    s->lent = mmap(NULL, LENT, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (s->lent == MAP_FAILED) abort();
  }
  if (s->lent_used + t.length > LENT) wrong(NULL, "the test host has nothing left to lend");
  char* at = s->lent + s->lent_used;
  memcpy(at, t.ptr, t.length);
  s->lent_used += t.length;
  return (text){at, t.length};
}

static map* which(stream* s, uint32_t kind) {
  if (kind == 0) return &s->request;
  if (kind == 1 && s->trailers.n) return &s->trailers;
  if (kind == 2 && s->have_response) return &s->response;
  return NULL;
}

CB(void, http_set_dynamic_metadata_string)(void* f, text ns, text key, text value) {
  stream* s = of(f);
  if (!ns.length || !key.length || !value.length) wrong(s, "metadata without a name or a value");
}

CB(bool, http_get_header)(void* f, uint32_t kind, text key, text* value, size_t index, size_t* count) {
  stream* s = of(f);
  map* m = which(s, kind);
  char name[256];
  snprintf(name, sizeof name, "%.*s", (int)key.length, key.ptr);
  size_t n = 0;
  while (m && map_get(m, name, n)) n++;
  if (count) *count = n;
  if (index >= n) return false;
  *value = lend(s, *map_get(m, name, index));
  return true;
}

CB(size_t, http_get_headers_size)(void* f, uint32_t kind) {
  map* m = which(of(f), kind);
  return m ? m->n : 0;
}

CB(bool, http_get_headers)(void* f, uint32_t kind, pair* fields) {
  stream* s = of(f);
  map* m = which(s, kind);
  if (!m) return false;
  for (size_t i = 0; i < m->n; i++) fields[i] = (pair){lend(s, m->at[i].key), lend(s, m->at[i].value)};
  return true;
}

static void check_text(stream* s, const char* what, text t) {
  for (size_t i = 0; i < t.length; i++)
    if (!t.ptr[i] || t.ptr[i] == '\r' || t.ptr[i] == '\n') wrong(s, "%s with a CR, LF or NUL", what);
}

CB(bool, http_add_header)(void* f, uint32_t kind, text key, text value) {
  stream* s = of(f);
  map* m = which(s, kind);
  if (!m || !value.length) return false;
  check_text(s, "add_header", value);
  expire(s);
  map_add(m, key.ptr, key.length, value.ptr, value.length);
  return true;
}

CB(bool, http_set_header)(void* f, uint32_t kind, text key, text value) {
  stream* s = of(f);
  map* m = which(s, kind);
  if (!m) return false;
  check_text(s, "set_header", value);
  expire(s);
  if (value.length) map_set(m, key.ptr, key.length, value.ptr, value.length);
  else map_remove(m, key.ptr, key.length);
  return true;
}

CB(size_t, http_get_body_size)(void* f, uint32_t kind) {
  stream* s = of(f);
  if (kind != 0) wrong(s, "get_body_size of %u", kind);
  return s->piece;
}

CB(void, http_send_response)(void* f, uint32_t status, pair* fields, size_t n, text body, text details) {
  stream* s = of(f);
  for (size_t i = 0; i < n; i++) check_text(s, "send_response", fields[i].value);
  local_reply(s, f, status, fields, n, body, details);
}

CB(void, http_clear_route_cache)(void* f) {
  stream* s = of(f);
  const text* cluster = map_get(&s->request, "x-moe-cluster", 0);
  free((char*)s->cluster.ptr);
  s->cluster = (text){NULL, 0};
  if (cluster) s->cluster = (text){strndup(cluster->ptr, cluster->length), cluster->length};
}

#ifndef WITHOUT_ADD_CUSTOM_FLAG
CB(void, http_add_custom_flag)(void* f, text flag) {
  stream* s = of(f);
  if (memchr(flag.ptr, ' ', flag.length)) wrong(s, "a custom flag with a space");
  list_add(&s->flags, flag.ptr, flag.length);
}
#endif

CB(bool, http_filter_get_attribute_string)(void* f, uint32_t id, text* value) {
  stream* s = of(f);
  const text* found = NULL;
  text constant = {NULL, 0};
  switch (id) {
    case 9: found = map_get(&s->request, "x-request-id", 0); break;
    case 10: constant = (text){"HTTP/1.1", 8}; break;
    case 24: constant = s->source; break;
    case 26: constant = (text){"127.0.0.1:10000", 15}; break;
    case 61: constant = (text){"route", 5}; break;
    case 31: case 33: case 35: case 37: case 38: return false;  // plain text
    case 30:
      if (HOST_ENVOY >= 39) return false;
      // fall through
    default: wrong(s, "text attribute %u asked for", id); return false;
  }
  if (found) constant = *found;
  if (!constant.ptr) return false;
  *value = lend(s, constant);
  return true;
}

CB(bool, http_filter_get_attribute_int)(void* f, uint32_t id, uint64_t* value) {
  stream* s = of(f);
  if (id != 25 && id != 27) {
    wrong(s, "number attribute %u asked for", id);
    return false;
  }
  *value = 10000;
  if (id == 25) {
    const char* colon = memrchr(s->source.ptr, ':', s->source.length);
    *value = colon ? strtoul(colon + 1, NULL, 10) : 0;
  }
  return true;
}

CB(bool, http_filter_get_attribute_bool)(void* f, uint32_t id, bool* value) {
  stream* s = of(f);
  if (id != 29) wrong(s, "truth attribute %u asked for", id);
  *value = false;
  return id == 29;
}

CB(uint32_t, http_filter_config_define_counter)(void* c, text name, text* labels, size_t n, size_t* id) {
  config* cfg = c;
  (void)labels, (void)n;
  if (cfg->frozen) return 3;
  if (cfg->ncounters == MAX_COUNTERS) return 1;
  snprintf(cfg->counter_names[cfg->ncounters], sizeof cfg->counter_names[0], "%.*s", (int)name.length, name.ptr);
  *id = cfg->ncounters++;
  return 0;
}

CB(uint32_t, http_filter_increment_counter)(void* f, size_t id, text* labels, size_t n, uint64_t by) {
  stream* s = of(f);
  (void)labels, (void)n;
  config* cfg = ((filter*)f)->config;
  if (id >= cfg->ncounters) {
    wrong(s, "counter %zu was never defined", id);
    return 1;
  }
  cfg->counters[id] += (long)by;
  return 0;
}

gauge gauges[MAX_GAUGES];
size_t ngauges;

CB(uint32_t, http_filter_config_define_gauge)(void* c, text name, text* labels, size_t n, size_t* id) {
  (void)labels, (void)n;
  if (((config*)c)->frozen) return 3;
  for (*id = 0; *id < ngauges; ++*id)
    if (strlen(gauges[*id].name) == name.length && !memcmp(gauges[*id].name, name.ptr, name.length)) return 0;
  if (ngauges == MAX_GAUGES) return 1;
  snprintf(gauges[ngauges++].name, sizeof gauges[0].name, "%.*s", (int)name.length, name.ptr);
  return 0;
}

CB(uint32_t, http_filter_set_gauge)(void* f, size_t id, text* labels, size_t n, uint64_t value) {
  stream* s = of(f);
  (void)labels, (void)n;
  if (id >= ngauges) {
    wrong(s, "gauge %zu was never defined", id);
    return 1;
  }
  gauges[id].value = value;
  return 0;
}

list logged;
pthread_mutex_t logged_lock = PTHREAD_MUTEX_INITIALIZER;

CB(void, log)(uint32_t level, text message) {
  pthread_mutex_lock(&logged_lock);
  char line[1024];
  int n = snprintf(line, sizeof line, "%u %.*s", level, (int)message.length, message.ptr);
  list_add(&logged, line, (size_t)n < sizeof line ? (size_t)n : sizeof line - 1);
  pthread_mutex_unlock(&logged_lock);
}

CB(uint32_t, get_concurrency)(void) { return 2; }

#if HOST_ENVOY >= 39
CB(bool, http_get_header_values)(void) { abort(); }
#endif
#if HOST_ENVOY >= 40
CB(bool, http_has_filter_state)(void) { abort(); }
#endif

// ---- what the module takes from the C library: ours stand before it, except
// under the address sanitizer, which stands there itself ----

_Thread_local bool no_memory;
_Atomic int64_t wall_clock, monotonic_clock;
atomic_bool counts;

#ifndef __SANITIZE_ADDRESS__
extern void* __libc_malloc(size_t n);
__attribute__((visibility("default"))) void* malloc(size_t n) {
  return no_memory ? NULL : __libc_malloc(n);
}

__attribute__((visibility("default"))) int clock_gettime(clockid_t id, struct timespec* t) {
  int64_t now = id == CLOCK_REALTIME ? wall_clock : id == CLOCK_MONOTONIC ? monotonic_clock : 0;
  if (id == CLOCK_MONOTONIC) counts = true;
  if (!now) return (int)syscall(SYS_clock_gettime, id, t);
  t->tv_sec = now / 1000000000;
  t->tv_nsec = now % 1000000000;
  return 0;
}
#endif
