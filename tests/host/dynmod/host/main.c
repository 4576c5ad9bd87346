// The host's front: loads a module, then answers messages on standard input.
// A message is a count and that many strings, each a length and its bytes; all
// numbers are four bytes, little-endian.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host.h"

config configs[MAX_CONFIGS];
size_t nconfigs;

static void read_all(void* at, size_t n) {
  if (n && fread(at, 1, n, stdin) != n) exit(0);  // the driver is done
}

static uint32_t read_number(void) {
  uint32_t v;
  read_all(&v, sizeof v);
  return v;
}

static list read_message(void) {
  list l = {0};
  for (uint32_t n = read_number(); n > 0; n--) {
    uint32_t length = read_number();
    char* bytes = malloc(length + 1);
    read_all(bytes, length);
    bytes[length] = 0;
    list_add(&l, bytes, length + 1);  // with a NUL, for comparing
    l.at[l.n - 1].length = length;
    free(bytes);
  }
  return l;
}

static void write_message(const list* l) {
  uint32_t n = (uint32_t)l->n;
  fwrite(&n, sizeof n, 1, stdout);
  for (size_t i = 0; i < l->n; i++) {
    n = (uint32_t)l->at[i].length;
    fwrite(&n, sizeof n, 1, stdout);
    fwrite(l->at[i].ptr, 1, l->at[i].length, stdout);
  }
  fflush(stdout);
}

static void take_log(list* to) {
  pthread_mutex_lock(&logged_lock);
  for (size_t i = 0; i < logged.n; i++) list_add(to, logged.at[i].ptr, logged.at[i].length);
  list_free(&logged);
  pthread_mutex_unlock(&logged_lock);
}

// Names and configuration texts lie in memory that is gone after the call.
static text borrow(text t) {
  char* c = malloc(t.length ? t.length : 1);
  memcpy(c, t.ptr, t.length);
  return (text){c, t.length};
}
static void give_up(text t) {
  memset((char*)t.ptr, 0xdd, t.length);
  free((char*)t.ptr);
}

static void configure(const list* in, list* out) {
  if (nconfigs == MAX_CONFIGS) abort();
  config* c = &configs[nconfigs];
  *c = (config){0};
  snprintf(c->name, sizeof c->name, "%s", in->at[1].ptr);
  text name = borrow(in->at[1]), value = borrow(in->at[2]);
  c->module = on_filter_config_new(c, name, value);
  c->frozen = true;
  give_up(name), give_up(value);
  list_number(out, c->module ? (long long)nconfigs++ : -1);
  take_log(out);
}

static size_t read_map(const list* in, size_t at, map* m) {
  size_t n = strtoul(in->at[at++].ptr, NULL, 10);
  for (; n > 0; n--, at += 2)
    map_add(m, in->at[at].ptr, in->at[at].length, in->at[at + 1].ptr, in->at[at + 1].length);
  return at;
}

static void write_map(list* out, const map* m) {
  list_number(out, (long long)m->n);
  for (size_t i = 0; i < m->n; i++) {
    list_add(out, m->at[i].key.ptr, m->at[i].key.length);
    list_add(out, m->at[i].value.ptr, m->at[i].value.length);
  }
}

static void write_list(list* out, const list* l) {
  list_number(out, (long long)l->n);
  for (size_t i = 0; i < l->n; i++) list_add(out, l->at[i].ptr, l->at[i].length);
}

// send TIMES WORKERS CLOCK MONOTONIC MODE SOURCE BODY UPSTREAM-BODY CHAIN REQUEST UPSTREAM TRAILERS
typedef struct { script sc; unsigned long times; stream* last; list wrong; } job;

static script read_script(const list* in, size_t at) {
  script sc = {.mode = in->at[at].ptr, .source = in->at[at + 1], .body = in->at[at + 2], .upstream_body = in->at[at + 3]};
  sc.nchain = strtoul(in->at[at + 4].ptr, NULL, 10);
  at += 5;
  for (size_t i = 0; i < sc.nchain; i++) sc.chain[i] = strtoul(in->at[at++].ptr, NULL, 10);
  at = read_map(in, at, &sc.request);
  at = read_map(in, at, &sc.upstream);
  read_map(in, at, &sc.trailers);
  return sc;
}

static void* work(void* a) {
  job* j = a;
  for (unsigned long i = 0; i < j->times; i++) {
    if (j->last) stream_free(j->last);
    j->last = begin(&j->sc);
    finish(j->last, &j->sc);
    for (size_t k = 0; k < j->last->wrong.n && j->wrong.n < 20; k++)
      list_add(&j->wrong, j->last->wrong.at[k].ptr, j->last->wrong.at[k].length);
  }
  return NULL;
}

static long resident_kb(void) {
  long pages = 0;
  FILE* f = fopen("/proc/self/statm", "r");
  if (!f || fscanf(f, "%*d %ld", &pages) != 1) abort();
  fclose(f);
  return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

static void report(const stream* s, const list* faults, list* out) {
  list_number(out, s->local ? s->local_status : 0);
  list_number(out, s->have_response);
  list_add(out, s->details.ptr, s->details.length);
  list_add(out, s->cluster.ptr, s->cluster.length);
  list_add(out, s->response_body.ptr, s->response_body.length);
  list_number(out, resident_kb());
  list_number(out, counts);
  write_list(out, &s->flags);
  write_list(out, &s->trace);
  write_list(out, faults);
  list lines = {0};
  take_log(&lines);
  write_list(out, &lines);
  list_free(&lines);
  write_map(out, &s->request);
  write_map(out, &s->response);
}

static void free_script(script* sc) {
  map_free(&sc->request);
  map_free(&sc->upstream);
  map_free(&sc->trailers);
}

// Streams whose upstream has not answered, on this thread; their scripts point
// into the messages that they came with.
typedef struct { stream* s; script sc; list in; } pending;
static pending* in_flight;
static size_t nin_flight;

static void give_back(pending* p) {
  stream_free(p->s);
  free_script(&p->sc);
  list_free(&p->in);
}

static void hold_stream(list* in, list* out) {
  in_flight = realloc(in_flight, (nin_flight + 1) * sizeof *in_flight);
  pending* p = &in_flight[nin_flight++];
  *p = (pending){.in = *in};
  *in = (list){0};
  p->sc = read_script(&p->in, 5);
  p->s = begin(&p->sc);
  if (!p->s->onward) finish(p->s, &p->sc);
  report(p->s, &p->s->wrong, out);
  if (!p->s->onward) {
    give_back(p);
    nin_flight--;
  }
}

static void release_streams(list* out) {
  list_number(out, (long long)nin_flight);
  for (size_t i = 0; i < nin_flight; i++) {
    pending* p = &in_flight[i];
    list_free(&p->s->wrong);  // told before
    finish(p->s, &p->sc);
    for (size_t k = 0; k < p->s->wrong.n; k++) list_add(out, p->s->wrong.at[k].ptr, p->s->wrong.at[k].length);
    give_back(p);
  }
  nin_flight = 0;
}

static void send_streams(list* in, list* out) {
  unsigned long workers = strtoul(in->at[2].ptr, NULL, 10);
  wall_clock = strtoll(in->at[3].ptr, NULL, 10);
  monotonic_clock = strtoll(in->at[4].ptr, NULL, 10);
  if (!strcmp(in->at[5].ptr, "hold")) {
    hold_stream(in, out);
    return;
  }
  job jobs[8] = {0};
  pthread_t threads[8];
  for (unsigned long i = 0; i < workers; i++) {
    jobs[i] = (job){.sc = read_script(in, 5), .times = strtoul(in->at[1].ptr, NULL, 10)};
    pthread_create(&threads[i], NULL, work, &jobs[i]);
  }
  list faults = {0};
  for (unsigned long i = 0; i < workers; i++) {
    pthread_join(threads[i], NULL);
    for (size_t k = 0; k < jobs[i].wrong.n; k++)
      list_add(&faults, jobs[i].wrong.at[k].ptr, jobs[i].wrong.at[k].length);
  }
  report(jobs[0].last, &faults, out);
  list_free(&faults);
  for (unsigned long i = 0; i < workers; i++) {
    stream_free(jobs[i].last);
    list_free(&jobs[i].wrong);
    free_script(&jobs[i].sc);
  }
}

static void counters(list* out) {
  for (size_t i = 0; i < nconfigs; i++)
    for (size_t k = 0; k < configs[i].ncounters; k++) {
      list_text(out, configs[i].counter_names[k]);
      list_number(out, configs[i].counters[k]);
    }
  for (size_t i = 0; i < ngauges; i++) {
    list_text(out, gauges[i].name);
    list_number(out, (long long)gauges[i].value);
  }
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  list out = {0};
  void* module = dlopen(argv[1], RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
  if (!module) {
    list_text(&out, dlerror());
    write_message(&out);
    return 1;
  }
  const char* (*init)(void) = (const char* (*)(void))dlsym(module, "envoy_dynamic_module_on_program_init");
  const char* missing = init ? NULL : "program_init";
#define FIND(result, name, args) \
  on_##name = (result(*) args)dlsym(module, "envoy_dynamic_module_on_http_" #name); \
  if (!on_##name) missing = #name;
  HOOKS(FIND)
#undef FIND
  if (missing) {
    list_text(&out, "the module does not export ");
    list_text(&out, missing);
    write_message(&out);
    return 1;
  }
  const char* version = init();
  list_text(&out, version ? version : "refused");
  take_log(&out);
  write_message(&out);
  for (;;) {
    list_free(&out);
    list in = read_message();
    const char* verb = in.at[0].ptr;
    if (!strcmp(verb, "config")) {
      configure(&in, &out);
    } else if (!strcmp(verb, "per-route")) {
      list_number(&out, on_filter_per_route_config_new(in.at[1], in.at[2]) != NULL);
      take_log(&out);
    } else if (!strcmp(verb, "drop")) {
      config* c = &configs[strtoul(in.at[1].ptr, NULL, 10)];
      on_filter_config_destroy(c->module);
      c->module = NULL;
    } else if (!strcmp(verb, "joined")) {
      for (size_t i = 1; i < in.n; i++) list_add(&joined, in.at[i].ptr, in.at[i].length);
    } else if (!strcmp(verb, "send")) {
      send_streams(&in, &out);
    } else if (!strcmp(verb, "release")) {
      release_streams(&out);
    } else if (!strcmp(verb, "counters")) {
      counters(&out);
    } else {
      fprintf(stderr, "test host: no verb %s\n", verb);
      return 2;
    }
    write_message(&out);
    list_free(&in);
  }
}
