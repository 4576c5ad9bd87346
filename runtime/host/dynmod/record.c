// The records of decisions in a stream's dynamic metadata. The line in the log
// is Go's.
#include <stdio.h>

#include "shim.h"

static void put(void* filter, const char* key, abi_bytes value) {
  if (value.length)
    envoy_dynamic_module_callback_http_set_dynamic_metadata_string(filter, moe_text("moe"),
                                                                   moe_text(key), value);
}

// Writes the names of the rules in shadow, with commas between, into what the
// decision has left of its arena; those for which there is no room are left out.
static void shadows(void* filter, const moe_config* config, const moe_frame* frame) {
  if (!frame->shadows.len || frame->arena_len > MOE_ARENA_SIZE) return;
  char* text = frame->arena + frame->arena_len;
  size_t n = 0, room = MOE_ARENA_SIZE - frame->arena_len;
  for (uint32_t i = 0; i < config->nshadows; i++) {
    abi_bytes name = moe_deref(config->shadows[i].name);
    if (!moe_shadows(frame, config->shadows[i].rule) || name.length + 1 > room - n) continue;
    if (n) text[n++] = ',';
    memcpy(text + n, name.ptr, name.length), n += name.length;
  }
  put(filter, "shadow", (abi_bytes){text, n});
}

void moe_record(void* filter, const moe_config* config, const moe_frame* frame) {
  bool reply = frame->verdict == MOE_VERDICT_REPLY, denied = reply && frame->status >= 400;
  if (!config->records || (config->records == 1 && !denied)) return;
  put(filter, "bundle", moe_deref(config->name));
  put(filter, "digest", moe_short_digest(config));
  shadows(filter, config, frame);
  put(filter, "route", moe_deref(frame->label));
  put(filter, "outcome", moe_text(denied ? "denied" : reply ? "answered" : "forwarded"));
  if (!reply) return;
  static const size_t mark = sizeof "moe." - 1;
  abi_bytes rule = moe_deref(frame->details);
  if (rule.length > mark) put(filter, "rule", (abi_bytes){rule.ptr + mark, rule.length - mark});
  char status[16];
  int n = snprintf(status, sizeof status, "%u", frame->status);
  if (n > 0) put(filter, "status", (abi_bytes){status, (size_t)n});
}
