// The response phase: a call into Go only where the decided route has response
// rules.
#include "_cgo_export.h"
#include "shim.h"

// Whether the upstream has agreed to another protocol.
static bool switches(void* filter) {
  abi_borrowed status = {NULL, 0};
  return envoy_dynamic_module_callback_http_get_header(filter, ABI_RESPONSE_HEADERS,
                                                       moe_text(":status"), &status, 0, NULL) &&
         status.length == 3 && !memcmp(status.ptr, "101", 3);
}

uint32_t envoy_dynamic_module_on_http_filter_response_headers(void* filter, const void* module,
                                                              bool end) {
  (void)end;
  moe_stream* stream = (moe_stream*)module;
  // Answers reach us alone, too: for a request that Envoy refused before any
  // filter saw it, or that this filter never got because an earlier one
  // answered. Our own answers had their response rules applied when decided.
  if (!stream || stream->shared || stream->state != MOE_DECIDED || stream->replied)
    return ABI_HEADERS_CONTINUE;
  moe_frame frame;
  char arena[MOE_ARENA_SIZE];
  const moe_action* first = (const moe_action*)stream->before.ptr;
  if (!moe_apply(filter, ABI_RESPONSE_HEADERS, first, stream->before.len) ||
      !moe_apply_settled(filter, moe_announced(stream))) {
    stream->replied = 1;
    moe_refuse(filter, stream->config, &frame, arena, 500);
    return ABI_HEADERS_STOP;
  }
  // From here on what the client sends is no body but another protocol.
  if (stream->bounded && switches(filter)) stream->bounded = 0;
  if (stream->after.len) {
    // Rules that depend on nothing were decided with the request.
    const moe_action* fixed = (const moe_action*)stream->after.ptr;
    if (moe_apply(filter, ABI_RESPONSE_HEADERS, fixed, stream->after.len))
      return ABI_HEADERS_CONTINUE;
    stream->replied = 1;
    moe_refuse(filter, stream->config, &frame, arena, 500);
    return ABI_HEADERS_STOP;
  }
  if (stream->flags & MOE_FLAG_SETTLED) {
    // Those, too, that depend on the request alone. Once only, as below.
    stream->flags &= ~(uint32_t)MOE_FLAG_SETTLED;
    if (moe_apply_settled(filter, moe_kept(stream))) return ABI_HEADERS_CONTINUE;
    stream->replied = 1;
    moe_refuse(filter, stream->config, &frame, arena, 500);
    return ABI_HEADERS_STOP;
  }
  if (!(stream->flags & MOE_FLAG_RESPONSE)) return ABI_HEADERS_CONTINUE;
  // Once only: a failing rule answers, and that answer may come back here.
  stream->flags &= ~(uint32_t)MOE_FLAG_RESPONSE;

  moe_field fields[MOE_MAX_HEADERS];
  const moe_config* config = stream->config;
  if (moe_gather(filter, config, ABI_RESPONSE_HEADERS, &frame, fields)) {
    frame.arena = arena;
    frame.phase = MOE_PHASE_RESPONSE;
    frame.route = stream->route;
    frame.now = stream->now;
    frame.kept = moe_kept(stream);

    moeDecide(&frame);

    bool reply = frame.verdict == MOE_VERDICT_REPLY;
    if ((reply || frame.verdict == MOE_VERDICT_CONTINUE) && moe_sound(&frame)) {
      if (frame.flags & MOE_FLAG_FAULT) moe_count(filter, config, config->undecided);
      // Run on 1.38.3, 1.39.3 and 1.40.0: sent from here, the answer replaces the
      // upstream's, however much of its body is on the way, and does not pass
      // this hook again.
      if (reply) {
        stream->replied = 1;
        moe_decided(filter, config, &frame);
        if (config->records) moe_record(filter, config, &frame);
        moe_reply(filter, config, &frame);
        return ABI_HEADERS_STOP;
      }
      if (moe_apply(filter, ABI_RESPONSE_HEADERS, frame.actions, frame.nactions)) return ABI_HEADERS_CONTINUE;
    }
  }
  stream->replied = 1;
  moe_refuse(filter, config, &frame, arena, 500);
  return ABI_HEADERS_STOP;
}

// Response bodies and trailers have no rules.
uint32_t envoy_dynamic_module_on_http_filter_response_body(void* filter, const void* module,
                                                           bool end) {
  (void)filter, (void)module, (void)end;
  return ABI_BODY_CONTINUE;
}

uint32_t envoy_dynamic_module_on_http_filter_response_trailers(void* filter, const void* module) {
  (void)filter, (void)module;
  return ABI_TRAILERS_CONTINUE;
}
