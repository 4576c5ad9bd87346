// The records of decisions in a stream's dynamic metadata. The line in the log
// is Go's.
#include <stdio.h>

#include "shim.h"

static void put(void* filter, const char* key, abi_bytes value) {
  if (value.length)
    envoy_dynamic_module_callback_http_set_dynamic_metadata_string(filter, moe_text("moe"),
                                                                   moe_text(key), value);
}

void moe_record(void* filter, const moe_config* config, const moe_frame* frame) {
  bool reply = frame->verdict == MOE_VERDICT_REPLY, denied = reply && frame->status >= 400;
  if (!config->records || (config->records == 1 && !denied)) return;
  put(filter, "bundle", moe_deref(config->name));
  put(filter, "digest", moe_deref(config->digest));
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
