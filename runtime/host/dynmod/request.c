// The request phase: one call into Go, then what it decided.
#include "_cgo_export.h"
#include "shim.h"

// Answers in the shim's own name. The record is settled first: hooks of this
// and other filters run inside.
static uint32_t refuse(void* filter, moe_stream* stream, moe_frame* frame, char* arena,
                       uint32_t status) {
  const moe_config* config = stream->config;
  stream->state = MOE_DECIDED;
  stream->replied = 1;
  stream->flags = 0;
  moe_refuse(filter, config, frame, arena, status);
  return ABI_HEADERS_STOP;
}

uint32_t envoy_dynamic_module_on_http_filter_request_headers(void* filter, const void* module,
                                                             bool end) {
  (void)end;
  moe_stream* stream = (moe_stream*)module;
  // Left uninitialised on purpose: a request touches a few hundred bytes of it.
  moe_frame frame;
  moe_field fields[MOE_MAX_HEADERS];
  char arena[MOE_ARENA_SIZE];
  if (!stream || stream->shared) {
    moe_refuse(filter, stream ? stream->config : NULL, &frame, arena, 500);
    return ABI_HEADERS_STOP;
  }
  if (stream->state != MOE_UNDECIDED)
    return stream->replied ? ABI_HEADERS_STOP : ABI_HEADERS_CONTINUE;
  const moe_config* config = stream->config;
  if (!moe_gather(filter, config, ABI_REQUEST_HEADERS, &frame, fields))
    return refuse(filter, stream, &frame, arena, 431);
  frame.arena = arena;
  frame.phase = MOE_PHASE_REQUEST;
  frame.route = -1;

  moeDecide(&frame);

  // Before anything can refuse: what is held is given back with the stream.
  if (frame.nheld) {
    stream->nheld = frame.nheld < MOE_MAX_HELD ? frame.nheld : MOE_MAX_HELD;
    memcpy(stream->held, frame.held, stream->nheld * sizeof *stream->held);
  }

  bool reply = frame.verdict == MOE_VERDICT_REPLY;
  if ((!reply && frame.verdict != MOE_VERDICT_CONTINUE) || !moe_sound(&frame) ||
      frame.kept.len > (stream->capture ? MOE_CAPTURE_SIZE : 0) ||
      frame.first.len > (stream->capture ? MOE_ANNOUNCE_SIZE : 0))
    return refuse(filter, stream, &frame, arena, 500);
  if (!reply && !moe_apply(filter, ABI_REQUEST_HEADERS, frame.actions, frame.nactions))
    return refuse(filter, stream, &frame, arena, 500);

  stream->state = MOE_DECIDED;
  stream->replied = reply;
  stream->flags = frame.flags;
  stream->route = frame.route;
  stream->after = frame.after;
  stream->before = frame.before;
  stream->now = frame.now;
  if (!reply && frame.kept.len) {
    memcpy(stream->capture, (const char*)frame.kept.ptr, frame.kept.len);
    stream->captured = (uint32_t)frame.kept.len;
  }
  if (!reply && frame.first.len) {
    memcpy(stream->capture + MOE_CAPTURE_SIZE, (const char*)frame.first.ptr, frame.first.len);
    stream->announced = (uint32_t)frame.first.len;
  }
  stream->bounded = !reply && frame.max_body;
  if (stream->bounded) stream->max_body = frame.max_body - 1;
  if (frame.flags & MOE_FLAG_FAULT) moe_count(filter, config, config->undecided);
  if (frame.flags & MOE_FLAG_SHADOW) moe_count(filter, config, config->shadowed);
  if (frame.flags & MOE_FLAG_CROWDED) moe_count(filter, config, config->crowded);
  moe_decided(filter, config, &frame);
  if (config->records) moe_record(filter, config, &frame);
  if (frame.label.len)
    envoy_dynamic_module_callback_http_add_custom_flag(filter, moe_deref(frame.label));
  if (reply) {
    moe_reply(filter, config, &frame);
    return ABI_HEADERS_STOP;
  }
  // Measured on 1.38.3, 1.39.3 and 1.40.0: a cluster_header route reads its
  // header when the route is chosen, and http_clear_route_cluster_cache, which is
  // cheaper, leaves the choice as it was (503 cluster_not_found).
  if (frame.flags & MOE_FLAG_REROUTE)
    envoy_dynamic_module_callback_http_clear_route_cache(filter);
  return ABI_HEADERS_CONTINUE;
}

// Whether anything of the request may go on to the next filter.
static bool passes(const moe_stream* stream) {
  return stream && !stream->shared && stream->state == MOE_DECIDED && !stream->replied;
}

// Answers a request whose body has become too large. What went on before stays
// so: Envoy resets the request to the upstream, and the stream itself where the
// answer has begun.
static void too_large(void* filter, moe_stream* stream) {
  const moe_config* config = stream->config;
  stream->replied = 1;
  stream->flags = 0;
  stream->after = (moe_ref){0, 0};
  moe_frame frame;
  moe_field fields[MOE_MAX_HEADERS];
  char arena[MOE_ARENA_SIZE];
  if (!moe_gather(filter, config, ABI_REQUEST_HEADERS, &frame, fields)) {
    refuse(filter, stream, &frame, arena, 500);
    return;
  }
  frame.arena = arena;
  frame.phase = MOE_PHASE_BODY;
  frame.route = stream->route;
  frame.now = stream->now;
  frame.before = stream->before;
  frame.kept = moe_kept(stream);
  frame.first = moe_announced(stream);

  moeDecide(&frame);

  if (frame.verdict != MOE_VERDICT_REPLY || !moe_sound(&frame)) {
    refuse(filter, stream, &frame, arena, 500);
    return;
  }
  if (frame.flags & MOE_FLAG_FAULT) moe_count(filter, config, config->undecided);
  moe_decided(filter, config, &frame);
  if (config->records) moe_record(filter, config, &frame);
  moe_reply(filter, config, &frame);
}

uint32_t envoy_dynamic_module_on_http_filter_request_body(void* filter, const void* module,
                                                          bool end) {
  (void)end;
  moe_stream* stream = (moe_stream*)module;
  if (!passes(stream)) return ABI_BODY_STOP_AND_DROP;
  if (!stream->bounded) return ABI_BODY_CONTINUE;
  size_t n = envoy_dynamic_module_callback_http_get_body_size(filter, ABI_RECEIVED_REQUEST_BODY);
  if (n <= stream->max_body) {
    stream->max_body -= n;
    return ABI_BODY_CONTINUE;
  }
  too_large(filter, stream);
  return ABI_BODY_STOP_AND_DROP;
}

uint32_t envoy_dynamic_module_on_http_filter_request_trailers(void* filter, const void* module) {
  if (!passes(module)) return ABI_TRAILERS_STOP;
  // What may not come as a header may not come as a trailer.
  moe_stream* stream = (moe_stream*)module;
  moe_frame frame;
  moe_field fields[MOE_MAX_HEADERS];
  char arena[MOE_ARENA_SIZE];
  const moe_config* config = stream->config;
  if (moe_gather(filter, config, ABI_REQUEST_TRAILERS, &frame, fields)) {
    if (!frame.nheaders) return ABI_TRAILERS_CONTINUE;
    frame.arena = arena;
    frame.phase = MOE_PHASE_TRAILERS;
    frame.route = stream->route;

    moeDecide(&frame);

    if (frame.verdict == MOE_VERDICT_CONTINUE && moe_sound(&frame) &&
        moe_apply(filter, ABI_REQUEST_TRAILERS, frame.actions, frame.nactions))
      return ABI_TRAILERS_CONTINUE;
  }
  refuse(filter, stream, &frame, arena, 500);
  return ABI_TRAILERS_STOP;
}
