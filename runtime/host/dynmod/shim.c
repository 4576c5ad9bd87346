// The steps that the request phase and the response phase share: gathering the
// frame, carrying out its actions, answering.
#include <time.h>

#include "_cgo_export.h"
#include "shim.h"

int64_t moe_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

// Empties what a decision leaves in a frame.
static void blank(const moe_config* config, moe_frame* frame) {
  frame->bundle = config->bundle;
  frame->arena_len = 0;
  frame->verdict = MOE_VERDICT_UNSET;
  frame->status = 0;
  frame->flags = 0;
  frame->nactions = 0;
  frame->outcome = 0;
  frame->nheld = 0;
  frame->max_body = 0;
  frame->body = frame->details = frame->label = (moe_ref){0, 0};
  frame->after = frame->before = frame->kept = frame->shadows = frame->first = (moe_ref){0, 0};
}

int64_t moe_clock(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

bool moe_gather(void* filter, const moe_config* config, uint32_t map, moe_frame* frame,
                moe_field* fields) {
  size_t n = envoy_dynamic_module_callback_http_get_headers_size(filter, map);
  if (n > MOE_MAX_HEADERS) return false;
  // Envoy answers false for a map that it has not got; the decision then sees
  // no headers, and denies.
  if (n && !envoy_dynamic_module_callback_http_get_headers(filter, map, (abi_borrowed_field*)fields))
    n = 0;
  frame->headers = fields;
  frame->nheaders = n;
  frame->clock = config->needs_clock && map == ABI_REQUEST_HEADERS ? moe_clock() : 0;
  frame->now = config->needs_now ? moe_now() : 0;
  for (uint32_t i = 0; i < config->nwants; i++) {
    moe_attribute* a = &frame->attributes[i];
    uint32_t id = config->wants[i].id;
    abi_borrowed text = {NULL, 0};
    uint64_t number = 0;
    bool truth = false, known;
    switch (config->wants[i].kind) {
      case MOE_KIND_TEXT:
        known = envoy_dynamic_module_callback_http_filter_get_attribute_string(filter, id, &text);
        break;
      case MOE_KIND_INT:
        known = envoy_dynamic_module_callback_http_filter_get_attribute_int(filter, id, &number);
        break;
      default:
        known = envoy_dynamic_module_callback_http_filter_get_attribute_bool(filter, id, &truth);
        number = truth;
    }
    a->text = (moe_bytes){text.ptr, text.length};
    a->number = number;
    a->known = known;
  }
  blank(config, frame);
  return true;
}

bool moe_sound(const moe_frame* frame) {
  if (frame->nactions > MOE_MAX_ACTIONS) return false;
  bool reply = frame->verdict == MOE_VERDICT_REPLY;
  if (reply && (frame->status < 200 || frame->status > 599)) return false;
  for (uint32_t i = 0; i < frame->nactions; i++) {
    const moe_action* a = &frame->actions[i];
    if (a->op > MOE_ADD || (reply && a->op != MOE_ADD)) return false;
    if (!a->key.len || !a->key.ptr || (a->value.len && !a->value.ptr)) return false;
  }
  return true;
}

bool moe_apply(void* filter, uint32_t map, const moe_action* actions, size_t n) {
  const abi_bytes nothing = {NULL, 0};
  for (size_t i = 0; i < n; i++) {
    const moe_action* a = &actions[i];
    abi_bytes key = moe_deref(a->key), value = moe_deref(a->value);
    if (a->op == MOE_SET_IF_ABSENT) {
      abi_borrowed present = {NULL, 0};
      if (!value.length ||
          envoy_dynamic_module_callback_http_get_header(filter, map, key, &present, 0, NULL))
        continue;
    }
    if (a->op == MOE_ADD) {
      // Envoy cannot add an empty value; its absence says the same.
      if (value.length && !envoy_dynamic_module_callback_http_add_header(filter, map, key, value))
        return false;
    } else {
      if (a->op == MOE_REMOVE || !value.length) value = nothing;
      if (!envoy_dynamic_module_callback_http_set_header(filter, map, key, value)) return false;
    }
  }
  return true;
}

bool moe_apply_settled(void* filter, moe_ref changes) {
  const char *at = (const char*)changes.ptr, *end = at + changes.len;
  while (at < end) {
    moe_settled head;
    if ((size_t)(end - at) < sizeof head) return false;
    memcpy(&head, at, sizeof head);
    at += sizeof head;
    if (!head.key || head.op > MOE_SET_IF_ABSENT ||
        (uint64_t)(end - at) < (uint64_t)head.key + head.value)
      return false;
    moe_action action = {.op = head.op,
                         .key = {(uintptr_t)at, head.key},
                         .value = {(uintptr_t)at + head.key, head.value}};
    if (!moe_apply(filter, ABI_RESPONSE_HEADERS, &action, 1)) return false;
    at += head.key + head.value;
  }
  return true;
}

void moe_reply(void* filter, const moe_config* config, const moe_frame* frame) {
  abi_field fields[MOE_MAX_ACTIONS];
  for (uint32_t i = 0; i < frame->nactions; i++) {
    abi_bytes key = moe_deref(frame->actions[i].key), value = moe_deref(frame->actions[i].value);
    fields[i] = (abi_field){key.ptr, key.length, value.ptr, value.length};
  }
  if (frame->status >= 400) moe_count(filter, config, config->denied);
  envoy_dynamic_module_callback_http_send_response(filter, frame->status, fields, frame->nactions,
                                                   moe_deref(frame->body),
                                                   moe_details(config, frame));
}

// Envoy tells a gRPC caller "success" for every answer that does not name a
// grpc-status itself.
static bool is_grpc(void* filter) {
  static const char grpc[] = "application/grpc";
  const size_t n = sizeof grpc - 1;
  abi_borrowed value = {NULL, 0};
  if (!envoy_dynamic_module_callback_http_get_header(
          filter, ABI_REQUEST_HEADERS, moe_text("content-type"), &value, 0, NULL))
    return false;
  return value.length >= n && !memcmp(value.ptr, grpc, n) &&
         (value.length == n || value.ptr[n] == '+');
}

void moe_refuse(void* filter, const moe_config* config, moe_frame* frame, char* arena,
                uint32_t status) {
  bool too_large = status == 431;
  abi_bytes details = moe_text("moe.undecided");
  abi_bytes code = moe_text(too_large ? "8" : "13");
  abi_field grpc = {"grpc-status", sizeof "grpc-status" - 1, code.ptr, code.length};
  size_t nfields = is_grpc(filter) ? 1 : 0;
  if (config) {
    abi_bytes name = too_large ? config->canonical_details : config->undecided_details;
    blank(config, frame);
    frame->arena = arena;
    frame->verdict = MOE_VERDICT_REPLY;
    frame->status = status;
    frame->details = (moe_ref){(uintptr_t)name.ptr, name.length};
    frame->outcome = too_large ? config->canonical : config->undecided_outcome;
    moe_count(filter, config, config->denied);
    if (!too_large) moe_count(filter, config, config->undecided);
    moe_decided(filter, config, frame);
    if (config->records) {
      frame->now = moe_now();
      moeRefused(frame);
      moe_record(filter, config, frame);
    }
    details = moe_details(config, frame);
  }
  envoy_dynamic_module_callback_http_send_response(
      filter, status, &grpc, nfields,
      moe_text(too_large ? "too many headers\n" : "internal error\n"), details);
}
