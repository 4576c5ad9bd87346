// A dynamic module without Go: what Envoy does by itself is measured with it.
// filter_name chooses what it does to a request:
//   list       answer 200 with one line "name: value" a header that it sees
//   pass.NAME  forward to cluster NAME, with the custom flag probe.NAME
//   deny.TEXT  answer 403 with the response-code details TEXT
//   reply.NNN.BODY  answer NNN with BODY and details moe.probe.reply
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct { const char *ptr; size_t len; } text;
typedef struct { const char *name; size_t name_len; const char *value; size_t value_len; } header;

#define CALL(name) envoy_dynamic_module_callback_##name
#define HOOK(name) envoy_dynamic_module_on_##name

size_t CALL(http_get_headers_size)(void *stream, int map);
bool CALL(http_get_headers)(void *stream, int map, header *out);
bool CALL(http_set_header)(void *stream, int map, text name, text value);
void CALL(http_send_response)(void *stream, uint32_t status, header *headers, size_t count, text body, text details);
void CALL(http_add_custom_flag)(void *stream, text flag);
void CALL(http_clear_route_cache)(void *stream);

typedef struct { char name[256]; } config;

const char *HOOK(program_init)(void) { return "v0.1.0"; }

void *HOOK(http_filter_config_new)(void *envoy, text name, text settings) {
  (void)envoy, (void)settings;
  config *c = calloc(1, sizeof *c);
  if (c == NULL || name.len >= sizeof c->name) return NULL;
  memcpy(c->name, name.ptr, name.len);
  return c;
}
void HOOK(http_filter_config_destroy)(void *c) { free(c); }
void *HOOK(http_filter_new)(void *c, void *stream) { (void)stream; return c; }
void HOOK(http_filter_destroy)(void *c) { (void)c; }

static text literal(const char *s) { return (text){s, strlen(s)}; }

static void list(void *stream) {
  size_t count = CALL(http_get_headers_size)(stream, 0), size = 0, at = 0;
  header *all = calloc(count + 1, sizeof *all);
  CALL(http_get_headers)(stream, 0, all);
  for (size_t i = 0; i < count; i++) size += all[i].name_len + all[i].value_len + 3;
  char *body = malloc(size + 1);
  for (size_t i = 0; i < count; i++) {
    memcpy(body + at, all[i].name, all[i].name_len), at += all[i].name_len;
    memcpy(body + at, ": ", 2), at += 2;
    memcpy(body + at, all[i].value, all[i].value_len), at += all[i].value_len;
    body[at++] = '\n';
  }
  CALL(http_send_response)(stream, 200, NULL, 0, (text){body, at}, literal("probe.list"));
  free(body), free(all);
}

int HOOK(http_filter_request_headers)(void *stream, void *module, bool end) {
  (void)end;
  const char *name = ((config *)module)->name;
  if (strcmp(name, "list") == 0) { list(stream); return 1; }
  if (strncmp(name, "deny.", 5) == 0) {
    CALL(http_send_response)(stream, 403, NULL, 0, literal("no\n"), literal(name + 5));
    return 1;
  }
  if (strncmp(name, "reply.", 6) == 0) {
    CALL(http_send_response)(stream, atoi(name + 6), NULL, 0, literal(name + 10), literal("moe.probe.reply"));
    return 1;
  }
  char flag[300] = "probe.";
  CALL(http_set_header)(stream, 0, literal("x-moe-cluster"), literal(name + 5));
  CALL(http_add_custom_flag)(stream, literal(strcat(flag, name + 5)));
  CALL(http_clear_route_cache)(stream);
  return 0;
}

#define QUIET(hook, ...) int HOOK(hook)(__VA_ARGS__) { return 0; }
#define IGNORE(hook, ...) void HOOK(hook)(__VA_ARGS__) {}
#define S void *s, void *m
QUIET(http_filter_request_body, S, bool e)
QUIET(http_filter_request_trailers, S)
QUIET(http_filter_response_headers, S, bool e)
QUIET(http_filter_response_body, S, bool e)
QUIET(http_filter_response_trailers, S)
IGNORE(http_filter_stream_complete, S)
IGNORE(http_filter_http_callout_done, S, uint64_t i, int r, void *h, size_t n, void *b, size_t k)
IGNORE(http_filter_http_stream_headers, S, uint64_t i, void *h, size_t n, bool e)
IGNORE(http_filter_http_stream_data, S, uint64_t i, const void *d, size_t n, bool e)
IGNORE(http_filter_http_stream_trailers, S, uint64_t i, void *h, size_t n)
IGNORE(http_filter_http_stream_complete, S, uint64_t i)
IGNORE(http_filter_http_stream_reset, S, uint64_t i, int r)
IGNORE(http_filter_scheduled, S, uint64_t i)
IGNORE(http_filter_downstream_above_write_buffer_high_watermark, S)
IGNORE(http_filter_downstream_below_write_buffer_low_watermark, S)
