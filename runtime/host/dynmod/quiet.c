// Hooks that Envoy requires and that have nothing to do here: no phase of a
// policy calls out, is scheduled, or minds buffers. They are C so that none of
// them costs a crossing.
#include "shim.h"

uint32_t envoy_dynamic_module_on_http_filter_local_reply(void* filter, const void* stream,
                                                         uint32_t status, abi_borrowed details,
                                                         bool reset) {
  (void)filter, (void)stream, (void)status, (void)details, (void)reset;
  return ABI_LOCAL_REPLY_CONTINUE;
}

void envoy_dynamic_module_on_http_filter_scheduled(void* filter, const void* stream,
                                                   uint64_t event) {
  (void)filter, (void)stream, (void)event;
}

void envoy_dynamic_module_on_http_filter_http_callout_done(void* filter, const void* stream,
                                                           uint64_t callout, uint32_t result,
                                                           abi_borrowed_field* fields,
                                                           size_t nfields, abi_borrowed* chunks,
                                                           size_t nchunks) {
  (void)filter, (void)stream, (void)callout, (void)result;
  (void)fields, (void)nfields, (void)chunks, (void)nchunks;
}

void envoy_dynamic_module_on_http_filter_http_stream_headers(void* filter, const void* stream,
                                                             uint64_t callout,
                                                             abi_borrowed_field* fields,
                                                             size_t nfields, bool end) {
  (void)filter, (void)stream, (void)callout, (void)fields, (void)nfields, (void)end;
}

void envoy_dynamic_module_on_http_filter_http_stream_data(void* filter, const void* stream,
                                                          uint64_t callout,
                                                          const abi_borrowed* chunks,
                                                          size_t nchunks, bool end) {
  (void)filter, (void)stream, (void)callout, (void)chunks, (void)nchunks, (void)end;
}

void envoy_dynamic_module_on_http_filter_http_stream_trailers(void* filter, const void* stream,
                                                              uint64_t callout,
                                                              abi_borrowed_field* fields,
                                                              size_t nfields) {
  (void)filter, (void)stream, (void)callout, (void)fields, (void)nfields;
}

void envoy_dynamic_module_on_http_filter_http_stream_complete(void* filter, const void* stream,
                                                              uint64_t callout) {
  (void)filter, (void)stream, (void)callout;
}

void envoy_dynamic_module_on_http_filter_http_stream_reset(void* filter, const void* stream,
                                                           uint64_t callout, uint32_t reason) {
  (void)filter, (void)stream, (void)callout, (void)reason;
}

void envoy_dynamic_module_on_http_filter_downstream_above_write_buffer_high_watermark(
    void* filter, const void* stream) {
  (void)filter, (void)stream;
}

void envoy_dynamic_module_on_http_filter_downstream_below_write_buffer_low_watermark(
    void* filter, const void* stream) {
  (void)filter, (void)stream;
}
