// A dynamic module that does nothing: what Envoy asks for such a filter.
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HOOK(name) envoy_dynamic_module_on_##name
#define QUIET(hook, ...) \
  int HOOK(hook)(__VA_ARGS__) { return 0; }
#define IGNORE(hook, ...) \
  void HOOK(hook)(__VA_ARGS__) {}
#define S void *s, void *m

typedef struct {
  const char *ptr;
  size_t len;
} text;

static char here;

const char *HOOK(program_init)(void) { return "v0.1.0"; }
void *HOOK(http_filter_config_new)(void *envoy, text name, text settings) { return &here; }
void HOOK(http_filter_config_destroy)(void *c) {}
void *HOOK(http_filter_new)(void *c, void *stream) { return &here; }
void HOOK(http_filter_destroy)(void *c) {}
QUIET(http_filter_request_headers, S, bool e)
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
