// What is counted: the bundle's totals, what decided, the rules in shadow, and
// the files that were refused. The counters are Envoy's; it has them by number.
#include <stdio.h>
#include <stdlib.h>

#include "_cgo_export.h"
#include "shim.h"

// Defines BUNDLE then `kind` then `name`.
static bool define(void* envoy, abi_borrowed bundle, const char* kind, abi_bytes name, size_t* id) {
  size_t n = bundle.length + strlen(kind) + name.length;
  char* full = malloc(n);
  if (!full) return false;
  memcpy(full, bundle.ptr, bundle.length);
  memcpy(full + bundle.length, kind, strlen(kind));
  if (name.length) memcpy(full + bundle.length + strlen(kind), name.ptr, name.length);
  bool ok = envoy_dynamic_module_callback_http_filter_config_define_counter(
                envoy, (abi_bytes){full, n}, NULL, 0, id) == ABI_METRICS_SUCCESS;
  free(full);
  return ok;
}

// Writes "moe.NAME@DIGEST" into memory of its own, which moe_undefine frees.
static abi_bytes details(const moe_config* config, abi_bytes name) {
  abi_bytes digest = moe_short_digest(config);
  char* text = malloc(4 + name.length + 1 + digest.length);
  if (!text) return (abi_bytes){NULL, 0};
  char* p = text;
  memcpy(p, "moe.", 4), p += 4;
  memcpy(p, name.ptr, name.length), p += name.length;
  if (digest.length) {
    *p++ = '@';
    memcpy(p, digest.ptr, digest.length), p += digest.length;
  }
  return (abi_bytes){text, (size_t)(p - text)};
}

bool moe_define(void* envoy, abi_borrowed bundle, moe_config* config) {
  const abi_bytes none = {NULL, 0};
  config->outcomes = calloc(config->noutcomes + 1, sizeof *config->outcomes);
  config->shadows = calloc(config->nshadows + 1, sizeof *config->shadows);
  if (!config->outcomes || !config->shadows) return false;
  bool ok = define(envoy, bundle, ".denied", none, &config->denied) &&
            define(envoy, bundle, ".undecided", none, &config->undecided) &&
            define(envoy, bundle, ".shadowed", none, &config->shadowed) &&
            define(envoy, bundle, ".crowded", none, &config->crowded) &&
            define(envoy, bundle, ".files_refused", none, &config->refused_files);
  for (uint32_t i = 0; i < config->noutcomes; i++) {
    moe_outcome* o = &config->outcomes[i];
    moe_ref full = {0, 0}, own = {0, 0};
    moeOutcome(config->bundle, i + 1, &full, &own);
    o->details = details(config, moe_deref(full));
    if (!o->details.ptr) return false;
    ok = ok && define(envoy, bundle, ".rule.", moe_deref(own), &o->counter);
  }
  for (uint32_t i = 0; i < config->nshadows; i++) {
    moe_shadow* s = &config->shadows[i];
    moe_ref own = {0, 0};
    moeShadow(config->bundle, i, &s->rule, &s->name, &own);
    ok = ok && define(envoy, bundle, ".shadow.", moe_deref(own), &s->counter);
  }
  if (!ok) {
    // Deciding does not depend on counting.
    static const char warning[] =
        "moec: Envoy did not accept the counters of a bundle; its decisions will not be counted";
    moe_log(ABI_LOG_WARN, warning, sizeof warning - 1);
  }
  config->counted = ok;
  return true;
}

void moe_undefine(moe_config* config) {
  for (uint32_t i = 0; config->outcomes && i < config->noutcomes; i++)
    free((char*)config->outcomes[i].details.ptr);
  free(config->outcomes);
  free(config->shadows);
}

void moe_count(void* filter, const moe_config* config, size_t counter) {
  if (config && config->counted)
    envoy_dynamic_module_callback_http_filter_increment_counter(filter, counter, NULL, 0, 1);
}

static const moe_outcome* outcome(const moe_config* config, const moe_frame* frame) {
  uint32_t n = frame->outcome;
  return n && n <= config->noutcomes ? &config->outcomes[n - 1] : NULL;
}

bool moe_shadows(const moe_frame* frame, uint32_t rule) {
  const unsigned char* set = (const unsigned char*)frame->shadows.ptr;
  return rule / 8 < frame->shadows.len && (set[rule / 8] >> (rule % 8) & 1);
}

void moe_decided(void* filter, const moe_config* config, const moe_frame* frame) {
  const moe_outcome* o = outcome(config, frame);
  if (o) moe_count(filter, config, o->counter);
  if (!frame->shadows.len) return;
  for (uint32_t i = 0; i < config->nshadows; i++)
    if (moe_shadows(frame, config->shadows[i].rule))
      moe_count(filter, config, config->shadows[i].counter);
}

void moe_count_files(void* filter, const moe_config* config) {
  if (!config->refusals || !__atomic_load_n(config->refusals, __ATOMIC_RELAXED)) return;
  uint64_t n = __atomic_exchange_n(config->refusals, 0, __ATOMIC_RELAXED);
  if (n && config->counted)
    envoy_dynamic_module_callback_http_filter_increment_counter(filter, config->refused_files, NULL,
                                                                0, n);
}

abi_bytes moe_details(const moe_config* config, const moe_frame* frame) {
  const moe_outcome* o = outcome(config, frame);
  return o ? o->details : moe_deref(frame->details);
}
