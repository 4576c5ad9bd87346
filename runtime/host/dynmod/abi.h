// The part of Envoy's dynamic modules ABI (v0.1.0, Envoy 1.38 and later) that
// this library uses: the callbacks that Envoy exports and the hooks that it
// looks up in us. tests/abi holds every line against Envoy's own header.
//
// All callbacks are weak: whether the Envoy at hand has them is asked when the
// library is loaded, not left to a linker error in the middle of a request.
// Enumerations are passed as uint32_t, which is what they are to the compiler.
#ifndef MOE_ABI_H
#define MOE_ABI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi_types.h"

#define ABI_VERSION "v0.1.0"

enum { ABI_REQUEST_HEADERS = 0, ABI_REQUEST_TRAILERS = 1, ABI_RESPONSE_HEADERS = 2 };
enum { ABI_RECEIVED_REQUEST_BODY = 0 };
enum { ABI_LOG_INFO = 2, ABI_LOG_WARN = 3, ABI_LOG_ERROR = 4 };
enum { ABI_METRICS_SUCCESS = 0 };

// What a hook may answer. Envoy casts the number without a check, so nothing
// else may ever be returned.
enum { ABI_HEADERS_CONTINUE = 0, ABI_HEADERS_STOP = 1 };
enum { ABI_BODY_CONTINUE = 0, ABI_BODY_STOP_AND_DROP = 3 };
enum { ABI_TRAILERS_CONTINUE = 0, ABI_TRAILERS_STOP = 1 };
enum { ABI_LOCAL_REPLY_CONTINUE = 0 };

#define ABI_CALLBACK(result, name) \
  extern __attribute__((weak)) result envoy_dynamic_module_callback_##name

// ---- callbacks of Envoy 1.38 ----

ABI_CALLBACK(void, log)(uint32_t level, abi_bytes message);
ABI_CALLBACK(uint32_t, get_concurrency)(void);

// Metrics can be defined in config_new only; name's bytes are copied.
ABI_CALLBACK(uint32_t, http_filter_config_define_counter)
(void* config, abi_bytes name, abi_bytes* labels, size_t nlabels, size_t* id);
ABI_CALLBACK(uint32_t, http_filter_increment_counter)
(void* filter, size_t id, abi_bytes* labels, size_t nlabels, uint64_t by);

// Gauges of one name are one gauge, whichever configuration has defined them.
ABI_CALLBACK(uint32_t, http_filter_config_define_gauge)
(void* config, abi_bytes name, abi_bytes* labels, size_t nlabels, size_t* id);
ABI_CALLBACK(uint32_t, http_filter_set_gauge)
(void* filter, size_t id, abi_bytes* labels, size_t nlabels, uint64_t value);

ABI_CALLBACK(bool, http_get_header)
(void* filter, uint32_t map, abi_bytes key, abi_borrowed* value, size_t index, size_t* count);
ABI_CALLBACK(size_t, http_get_headers_size)(void* filter, uint32_t map);
ABI_CALLBACK(bool, http_get_headers)(void* filter, uint32_t map, abi_borrowed_field* fields);

// add appends and does nothing for an empty value; set with an empty value
// removes. Both may move the memory that the readers above have lent.
ABI_CALLBACK(bool, http_add_header)(void* filter, uint32_t map, abi_bytes key, abi_bytes value);
ABI_CALLBACK(bool, http_set_header)(void* filter, uint32_t map, abi_bytes key, abi_bytes value);

// Runs other filters' hooks, and our own local_reply, before it returns.
ABI_CALLBACK(void, http_send_response)
(void* filter, uint32_t status, abi_field* fields, size_t nfields, abi_bytes body,
 abi_bytes details);

// Of the piece of body that a body hook is about.
ABI_CALLBACK(size_t, http_get_body_size)(void* filter, uint32_t body);

ABI_CALLBACK(void, http_set_dynamic_metadata_string)
(void* filter, abi_bytes ns, abi_bytes key, abi_bytes value);
ABI_CALLBACK(void, http_clear_route_cache)(void* filter);
ABI_CALLBACK(void, http_add_custom_flag)(void* filter, abi_bytes flag);

// An id that this Envoy does not serve is an error line a call on 1.38.
ABI_CALLBACK(bool, http_filter_get_attribute_string)
(void* filter, uint32_t id, abi_borrowed* value);
ABI_CALLBACK(bool, http_filter_get_attribute_int)(void* filter, uint32_t id, uint64_t* value);
ABI_CALLBACK(bool, http_filter_get_attribute_bool)(void* filter, uint32_t id, bool* value);

// ---- callbacks that only tell a newer Envoy; never called, so their
// prototypes are of no interest ----

ABI_CALLBACK(bool, http_get_header_values)(void);  // from 1.39
ABI_CALLBACK(bool, http_has_filter_state)(void);   // from 1.40

// ---- hooks ----

#define ABI_HOOK(result, name) \
  __attribute__((visibility("default"))) result envoy_dynamic_module_on_##name

ABI_HOOK(const char*, program_init)(void);

ABI_HOOK(const void*, http_filter_config_new)(void* envoy, abi_borrowed name, abi_borrowed config);
ABI_HOOK(void, http_filter_config_destroy)(const void* config);
ABI_HOOK(const void*, http_filter_per_route_config_new)(abi_borrowed name, abi_borrowed config);
ABI_HOOK(void, http_filter_per_route_config_destroy)(const void* config);

ABI_HOOK(const void*, http_filter_new)(const void* config, void* filter);
ABI_HOOK(uint32_t, http_filter_request_headers)(void* filter, const void* stream, bool end);
ABI_HOOK(uint32_t, http_filter_request_body)(void* filter, const void* stream, bool end);
ABI_HOOK(uint32_t, http_filter_request_trailers)(void* filter, const void* stream);
ABI_HOOK(uint32_t, http_filter_response_headers)(void* filter, const void* stream, bool end);
ABI_HOOK(uint32_t, http_filter_response_body)(void* filter, const void* stream, bool end);
ABI_HOOK(uint32_t, http_filter_response_trailers)(void* filter, const void* stream);
ABI_HOOK(uint32_t, http_filter_local_reply)
(void* filter, const void* stream, uint32_t status, abi_borrowed details, bool reset);
ABI_HOOK(void, http_filter_stream_complete)(void* filter, const void* stream);
ABI_HOOK(void, http_filter_destroy)(const void* stream);

ABI_HOOK(void, http_filter_scheduled)(void* filter, const void* stream, uint64_t event);
ABI_HOOK(void, http_filter_http_callout_done)
(void* filter, const void* stream, uint64_t callout, uint32_t result, abi_borrowed_field* fields,
 size_t nfields, abi_borrowed* chunks, size_t nchunks);
ABI_HOOK(void, http_filter_http_stream_headers)
(void* filter, const void* stream, uint64_t callout, abi_borrowed_field* fields, size_t nfields,
 bool end);
ABI_HOOK(void, http_filter_http_stream_data)
(void* filter, const void* stream, uint64_t callout, const abi_borrowed* chunks, size_t nchunks,
 bool end);
ABI_HOOK(void, http_filter_http_stream_trailers)
(void* filter, const void* stream, uint64_t callout, abi_borrowed_field* fields, size_t nfields);
ABI_HOOK(void, http_filter_http_stream_complete)(void* filter, const void* stream, uint64_t callout);
ABI_HOOK(void, http_filter_http_stream_reset)
(void* filter, const void* stream, uint64_t callout, uint32_t reason);
ABI_HOOK(void, http_filter_downstream_above_write_buffer_high_watermark)
(void* filter, const void* stream);
ABI_HOOK(void, http_filter_downstream_below_write_buffer_low_watermark)
(void* filter, const void* stream);

#endif
