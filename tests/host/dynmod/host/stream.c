// The life of a stream, in the orders in which Envoy calls a chain's hooks.
#include <stdlib.h>
#include <string.h>
#include <stdio.h>
#include <sys/mman.h>

#include "host.h"

#define DEFINE(result, name, args) result(*on_##name) args;
HOOKS(DEFINE)
#undef DEFINE

// HOOK runs one hook of a filter: loans end when the outermost returns.
#define HOOK(s, f, call) \
  ({ \
    (s)->depth++; \
    __auto_type answer_ = (call); \
    if (!--(s)->depth) expire(s); \
    trace(s, #call, f, (long)answer_); \
    answer_; \
  })
#define HOOK_VOID(s, f, call) HOOK(s, f, ((call), 0))

static void trace(stream* s, const char* call, const filter* f, long answer) {
  char name[80], line[256];
  const char* from = strstr(call, "on_filter_");
  snprintf(name, sizeof name, "%s", from ? from + strlen("on_filter_") : call);
  name[strcspn(name, "(")] = 0;
  snprintf(line, sizeof line, "%s %s %ld", name, f->config->name, answer);
  list_text(&s->trace, line);
}

static bool at_most(stream* s, const char* hook, uint32_t answer, uint32_t max) {
  if (answer > max) wrong(s, "%s answered %u", hook, answer);
  return answer == 0;
}

// Answers of any origin pass the filters from the last to the first, whether
// they ever saw the request or not; false when one of them put an end to it.
static bool encode(stream* s) {
  s->encoding = true;
  for (size_t i = s->nchain; i-- > 0;) {
    filter* f = &s->chain[i];
    if (f->replied && !s->echo) continue;
    uint32_t answer = HOOK(s, f, on_filter_response_headers(f, f->module, !s->response_body.length));
    if (!at_most(s, "response_headers", answer, 4)) {
      if (!f->replied) wrong(s, "response_headers stopped and did not answer");
      return false;
    }
    if (s->response_body.length &&
        HOOK(s, f, on_filter_response_body(f, f->module, true)) != 0)
      wrong(s, "response_body did not continue");
    if (s->trailers_back && HOOK(s, f, on_filter_response_trailers(f, f->module)) != 0)
      wrong(s, "response_trailers did not continue");
  }
  return true;
}

static text keep(text t) {
  char* c = malloc(t.length + 1);
  if (t.length) memcpy(c, t.ptr, t.length);
  c[t.length] = 0;
  return (text){c, t.length};
}

static void replace(text* at, text t) {
  free((char*)at->ptr);
  *at = keep(t);
}

// As Envoy writes a body into grpc-message.
static void set_grpc_message(stream* s, text body) {
  static const char digits[] = "0123456789ABCDEF";
  char* out = malloc(3 * body.length);
  size_t n = 0;
  for (size_t i = 0; i < body.length; i++) {
    unsigned char c = (unsigned char)body.ptr[i];
    if (c >= ' ' && c < '~' && c != '%') {
      out[n++] = (char)c;
    } else {
      out[n++] = '%';
      out[n++] = digits[c >> 4];
      out[n++] = digits[c & 15];
    }
  }
  map_set(&s->response, "grpc-message", 12, out, n);
  free(out);
}

// Envoy's local reply: gRPC callers get a success unless told otherwise.
static void prepare(stream* s, uint32_t status, const pair* fields, size_t n, text body) {
  char number[32];
  const text* type = map_get(&s->request, "content-type", 0);
  const text* method = map_get(&s->request, ":method", 0);
  bool grpc = type && type->length >= 16 && !memcmp(type->ptr, "application/grpc", 16) &&
              (type->length == 16 || type->ptr[16] == '+');
  map_free(&s->response);
  snprintf(number, sizeof number, "%u", grpc ? 200 : status);
  map_add(&s->response, ":status", 7, number, strlen(number));
  for (size_t i = 0; i < n; i++)
    map_add(&s->response, fields[i].key.ptr, fields[i].key.length, fields[i].value.ptr, fields[i].value.length);
  if (grpc) {
    if (!map_get(&s->response, "grpc-status", 0)) map_add(&s->response, "grpc-status", 11, "0", 1);
    map_set(&s->response, "content-type", 12, "application/grpc", 16);
    if (body.length) set_grpc_message(s, body);
    body.length = 0;
  } else {
    snprintf(number, sizeof number, "%zu", body.length);
    map_set(&s->response, "content-length", 14, number, strlen(number));
    if (body.length && !map_get(&s->response, "content-type", 0))
      map_add(&s->response, "content-type", 12, "text/plain", 10);
    if (method && method->length == 4 && !memcmp(method->ptr, "HEAD", 4)) body.length = 0;
  }
  replace(&s->response_body, body);
  s->have_response = true;
}

void local_reply(stream* s, filter* from, uint32_t status, const pair* fields, size_t n, text body,
                 text details) {
  bool direct = s->encoding;
  if (from && from->replied) wrong(s, "one filter answered twice");
  if (from) from->replied = true;
  if (status < 200 || status > 599) wrong(s, "send_response with status %u", status);
  replace(&s->details, details);
  prepare(s, status, fields, n, body);
  s->local = true;
  s->local_status = status;
  for (size_t i = 0; i < s->nchain; i++) {
    filter* f = &s->chain[i];
    uint32_t answer = HOOK(s, f, on_filter_local_reply(f, f->module, status, s->details, false));
    if (answer > 1) wrong(s, "local_reply answered %u", answer);
  }
  if (!direct) encode(s);
  // Whoever still reads what was lent before the answer reads after its end.
  expire(s);
}

// Hooks of features that a module may not use; they must do no harm.
static void pester(stream* s, filter* f) {
  pair p = {{"k", 1}, {"v", 1}};
  text t = {"data", 4};
  HOOK_VOID(s, f, on_filter_scheduled(f, f->module, 99));
  HOOK_VOID(s, f, on_filter_http_callout_done(f, f->module, 1, 0, &p, 1, &t, 1));
  HOOK_VOID(s, f, on_filter_http_stream_headers(f, f->module, 1, &p, 1, false));
  HOOK_VOID(s, f, on_filter_http_stream_data(f, f->module, 1, &t, 1, false));
  HOOK_VOID(s, f, on_filter_http_stream_trailers(f, f->module, 1, &p, 1));
  HOOK_VOID(s, f, on_filter_http_stream_complete(f, f->module, 1));
  HOOK_VOID(s, f, on_filter_http_stream_reset(f, f->module, 1, 3));
  HOOK_VOID(s, f, on_filter_downstream_above_write_buffer_high_watermark(f, f->module));
  HOOK_VOID(s, f, on_filter_downstream_below_write_buffer_low_watermark(f, f->module));
}

// Hands a body to a filter: at once, or in three pieces where its length was not
// said. False when the filter stopped it.
static bool pass_body(stream* s, filter* f, const script* sc, bool end) {
  size_t pieces = map_get(&s->request, "transfer-encoding", 0) ? 3 : 1;
  size_t given = 0;
  for (size_t i = 1; i <= pieces; i++) {
    size_t upto = sc->body.length * i / pieces;
    s->piece = upto - given;
    given = upto;
    uint32_t answer = HOOK(s, f, on_filter_request_body(f, f->module, end && i == pieces));
    if (!at_most(s, "request_body", answer, 3)) {
      if (!f->replied) wrong(s, "request_body stopped and did not answer");
      // What is still on its way knocks at the stopped filter too.
      if (HOOK(s, f, on_filter_request_body(f, f->module, true)) == 0) wrong(s, "a body got past an answer");
      return false;
    }
  }
  return true;
}

static bool decode(stream* s, const script* sc) {
  bool body = sc->body.length > 0, trailers = sc->trailers.n || !strcmp(sc->mode, "trailers");
  for (size_t i = 0; i < s->nchain; i++) {
    filter* f = &s->chain[i];
    bool on = at_most(s, "request_headers", HOOK(s, f, on_filter_request_headers(f, f->module, !body)), 4);
    if (!strcmp(sc->mode, "again")) {
      bool then = at_most(s, "request_headers", HOOK(s, f, on_filter_request_headers(f, f->module, !body)), 4);
      if (then != on) wrong(s, "a second request_headers was answered differently");
    }
    if (!strcmp(sc->mode, "pester")) pester(s, f);
    // The body knocks at a stopped filter too: it must not get through.
    if (body && !on) {
      s->piece = sc->body.length;
      if (HOOK(s, f, on_filter_request_body(f, f->module, !trailers)) == 0)
        wrong(s, "request_body and request_headers disagree");
    } else if (body && !pass_body(s, f, sc, !trailers)) {
      return false;
    }
    // Trailers that a filter lets pass may still be answered in its name.
    if (trailers && at_most(s, "request_trailers", HOOK(s, f, on_filter_request_trailers(f, f->module)), 1) != (on && !f->replied))
      wrong(s, "request_trailers and request_headers disagree");
    if (on && trailers && f->replied) return false;
    if (!on && !f->replied) wrong(s, "request_headers stopped and did not answer");
    if (on && f->replied) wrong(s, "request_headers answered and continued");
    if (!on) return false;
  }
  return true;
}

// After an upgrade both sides talk in pieces that are no body to anybody.
static void talk(stream* s) {
  for (int i = 0; i < 8; i++) {
    for (size_t k = 0; k < s->nchain; k++) {
      filter* f = &s->chain[k];
      s->piece = 1 << 20;
      if (HOOK(s, f, on_filter_request_body(f, f->module, i == 7)) != 0) wrong(s, "an upgraded stream was stopped");
      if (HOOK(s, f, on_filter_response_body(f, f->module, i == 7)) != 0) wrong(s, "an upgraded stream was stopped");
    }
  }
}

stream* begin(const script* sc) {
  stream* s = calloc(1, sizeof *s);
  s->thread = pthread_self();
  s->source = sc->source;
  s->nchain = sc->nchain;
  s->echo = !strcmp(sc->mode, "echo");
  s->trailers_back = !strcmp(sc->mode, "trailers");
  for (size_t i = 0; i < sc->request.n; i++) {
    const pair* p = &sc->request.at[i];
    map_add(&s->request, p->key.ptr, p->key.length, p->value.ptr, p->value.length);
  }
  for (size_t i = 0; i < sc->trailers.n; i++) {
    const pair* p = &sc->trailers.at[i];
    map_add(&s->trailers, p->key.ptr, p->key.length, p->value.ptr, p->value.length);
  }
  // Envoy chooses the route before any filter runs, by what the client sent.
  const text* cluster = map_get(&s->request, "x-moe-cluster", 0);
  if (cluster) s->cluster = keep(*cluster);
  for (size_t i = 0; i < s->nchain; i++) {
    filter* f = &s->chain[i];
    *f = (filter){.magic = FILTER_MAGIC, .stream = s, .config = &configs[sc->chain[i]]};
    const void* module = f->config->module;
    if (!strcmp(sc->mode, "no-config")) module = NULL;
    if (strcmp(sc->mode, "no-filter")) {
      no_memory = !strcmp(sc->mode, "no-memory");
      s->depth++;
      f->module = on_filter_new(module, f);
      s->depth--;
      no_memory = false;
      if (!f->module) wrong(s, "filter_new returned NULL");
    }
  }
  if (!strcmp(sc->mode, "early")) {
    // A request that Envoy itself refuses: no filter sees its headers.
    local_reply(s, NULL, 400, NULL, 0, (text){"Bad Request", 11}, (text){"http1.codec_error", 17});
  } else if (!strcmp(sc->mode, "gone-at-once")) {
    // The client left before its headers were complete.
  } else {
    s->onward = decode(s, sc) && strcmp(sc->mode, "gone");
  }
  return s;
}

void finish(stream* s, const script* sc) {
  if (s->onward) {
    for (size_t i = 0; i < sc->upstream.n; i++) {
      const pair* p = &sc->upstream.at[i];
      map_add(&s->response, p->key.ptr, p->key.length, p->value.ptr, p->value.length);
    }
    s->have_response = true;
    replace(&s->response_body, sc->upstream_body);
    bool answered = encode(s);
    if (answered && !strcmp(sc->mode, "upgrade")) talk(s);
  }
  for (size_t i = 0; i < s->nchain; i++) {
    filter* f = &s->chain[i];
    HOOK_VOID(s, f, on_filter_stream_complete(f, f->module));
  }
  // Destroy comes without a filter; nothing of the stream is left to read.
  for (size_t i = 0; i < s->nchain; i++) s->chain[i].magic = 0;
  for (size_t i = 0; i < s->nchain; i++) on_filter_destroy(s->chain[i].module);
}

// The address of what was lent stays taken for a while after its stream, so
// that a late read does not find the next stream's headers there.
static void bury(char* lent) {
  enum { GRAVES = 16 };
  static char* graves[GRAVES];
  static size_t next;
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  mprotect(lent, LENT, PROT_NONE);
  madvise(lent, LENT, MADV_DONTNEED);
  pthread_mutex_lock(&lock);
  if (graves[next]) munmap(graves[next], LENT);
  graves[next] = lent;
  next = (next + 1) % GRAVES;
  pthread_mutex_unlock(&lock);
}

void stream_free(stream* s) {
  map_free(&s->request);
  map_free(&s->trailers);
  map_free(&s->response);
  free((char*)s->response_body.ptr);
  free((char*)s->cluster.ptr);
  free((char*)s->details.ptr);
  list_free(&s->flags);
  list_free(&s->trace);
  list_free(&s->wrong);
  if (s->lent) bury(s->lent);
  free(s);
}
