// Loading and configuring: everything that happens before the first request,
// on Envoy's main thread.
#include <stdio.h>
#include <stdlib.h>

#include "_cgo_export.h"
#include "shim.h"

void moe_log(uint32_t level, const char* text, size_t length) {
  if (envoy_dynamic_module_callback_log) {
    envoy_dynamic_module_callback_log(level, (abi_bytes){text, length});
  } else {
    fprintf(stderr, "%.*s\n", (int)length, text);
  }
}

static void complain(uint32_t level, const char* format, const char* detail) {
  char line[512];
  int n = snprintf(line, sizeof line, format, detail);
  if (n > 0) moe_log(level, line, (size_t)n < sizeof line ? (size_t)n : sizeof line - 1);
}

// Every callback that a request may need. One that is missing would kill the
// process at its first call, so the library refuses to load instead.
static const char* missing_callback(void) {
#define NEED(name) \
  if (!envoy_dynamic_module_callback_##name) return #name;
  NEED(log)
  NEED(get_concurrency)
  NEED(http_filter_config_define_counter)
  NEED(http_filter_increment_counter)
  NEED(http_get_header)
  NEED(http_get_headers_size)
  NEED(http_get_headers)
  NEED(http_add_header)
  NEED(http_set_header)
  NEED(http_send_response)
  NEED(http_clear_route_cache)
  NEED(http_get_body_size)
  NEED(http_set_dynamic_metadata_string)
  NEED(http_add_custom_flag)
  NEED(http_filter_get_attribute_string)
  NEED(http_filter_get_attribute_int)
  NEED(http_filter_get_attribute_bool)
#undef NEED
  return NULL;
}

// The minor release of the Envoy at hand as far as it matters to us, told by
// what it exports: the ABI has no call for it.
static uint32_t envoy_minor(void) {
  if (envoy_dynamic_module_callback_http_has_filter_state) return 40;
  if (envoy_dynamic_module_callback_http_get_header_values) return 39;
  return 38;
}

const char* envoy_dynamic_module_on_program_init(void) {
  const char* missing = missing_callback();
  // 1.40 calls v0.1.0 deprecated in its log; nothing that we use differs in
  // v0.2.0, and the library is tested on both.
  if (!missing) return envoy_minor() >= 40 ? "v0.2.0" : ABI_VERSION;
  complain(ABI_LOG_ERROR,
           "moec: this Envoy has no callback \"%s\"; the library needs Envoy 1.38 or later",
           missing);
  return NULL;
}

// Writes "moe.BUNDLE.STEP" at `at` and returns it.
static abi_bytes details(char* at, abi_borrowed bundle, const char* step) {
  char* p = at;
  memcpy(p, "moe.", 4), p += 4;
  memcpy(p, bundle.ptr, bundle.length), p += bundle.length;
  *p++ = '.';
  memcpy(p, step, strlen(step)), p += strlen(step);
  return (abi_bytes){at, (size_t)(p - at)};
}

const void* envoy_dynamic_module_on_http_filter_config_new(void* envoy, abi_borrowed name,
                                                           abi_borrowed text) {
  static const char undecided[] = "undecided", canonical[] = "canonical";
  size_t room = 2 * (sizeof "moe.." + name.length) + sizeof undecided + sizeof canonical;
  moe_config* config = calloc(1, sizeof *config + room);
  if (!config) {
    complain(ABI_LOG_ERROR, "moec: %s", "no memory for the configuration");
    return NULL;
  }
  // Go says itself, in the log, why it refuses.
  if (!moeConfigure((char*)name.ptr, name.length, (char*)text.ptr, text.length, envoy_minor(),
                    config)) {
    free(config);
    return NULL;
  }
  config->undecided_details = details(config->text, name, undecided);
  config->canonical_details =
      details(config->text + config->undecided_details.length, name, canonical);
  if (!moe_define(envoy, name, config)) {
    complain(ABI_LOG_ERROR, "moec: %s", "no memory for the counters of a configuration");
    envoy_dynamic_module_on_http_filter_config_destroy(config);
    return NULL;
  }
  config->gauged = envoy_dynamic_module_callback_http_filter_config_define_gauge &&
                   envoy_dynamic_module_callback_http_filter_set_gauge &&
                   envoy_dynamic_module_callback_http_filter_config_define_gauge(
                       envoy, moe_text("stream_records"), NULL, 0, &config->stream_records) ==
                       ABI_METRICS_SUCCESS;
  config->refusing = (moe_stream){.config = config, .shared = 1, .route = -1};
  return config;
}

// May run on any thread: it touches its argument, and Go looks after itself.
void envoy_dynamic_module_on_http_filter_config_destroy(const void* config) {
  if (!config) return;
  moeRelease(((const moe_config*)config)->bundle);
  moe_undefine((moe_config*)config);
  free((void*)config);
}

const void* envoy_dynamic_module_on_http_filter_per_route_config_new(abi_borrowed name,
                                                                     abi_borrowed text) {
  (void)text;
  char bundle[128];
  snprintf(bundle, sizeof bundle, "%.*s", (int)(name.length > 100 ? 100 : name.length), name.ptr);
  complain(ABI_LOG_ERROR,
           "moec: bundle \"%s\": per-route configuration is not supported yet; remove this "
           "filter's entry from typed_per_filter_config and say it in the policy",
           bundle);
  return NULL;
}

void envoy_dynamic_module_on_http_filter_per_route_config_destroy(const void* config) {
  (void)config;
}
