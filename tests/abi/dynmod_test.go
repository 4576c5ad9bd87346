package abi

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The module that carries Envoy's own header. It is downloaded by name and not
// required in go.mod: it asks for a newer Go than we do.
const (
	officialModule = "github.com/envoyproxy/envoy/source/extensions/dynamic_modules@v0.0.0-20260423231439-f1dd21b16c24"
	officialSum    = "h1:NM/c/D2pvvSpEqmF2p8tWnZPbeiZ1B8gS5TPH764qao="
)

const host = "../../runtime/host"

// shapes compares sizes, fields and numbers of our types with Envoy's.
const shapes = `
#include "abi/abi.h"
#include "dynmod/abi_types.h"
#include "dynmod/abi.h"
#include "frame.h"

#define SAME(a, b) _Static_assert((a) == (b), #a " is not " #b)
#define SIZE(a, b) SAME(sizeof(a), sizeof(b)); SAME(_Alignof(a), _Alignof(b))
#define FIELD(a, f, b, g) \
  SAME(offsetof(a, f), offsetof(b, g)); \
  SAME(sizeof(((a*)0)->f), sizeof(((b*)0)->g))
#define T(name) envoy_dynamic_module_type_##name

SIZE(abi_borrowed, T(envoy_buffer));
FIELD(abi_borrowed, ptr, T(envoy_buffer), ptr);
FIELD(abi_borrowed, length, T(envoy_buffer), length);
SIZE(abi_bytes, T(module_buffer));
FIELD(abi_bytes, ptr, T(module_buffer), ptr);
FIELD(abi_bytes, length, T(module_buffer), length);
#define HEADER(ours, theirs) \
  SIZE(ours, theirs); \
  FIELD(ours, key_ptr, theirs, key_ptr); \
  FIELD(ours, key_length, theirs, key_length); \
  FIELD(ours, value_ptr, theirs, value_ptr); \
  FIELD(ours, value_length, theirs, value_length)
HEADER(abi_borrowed_field, T(envoy_http_header));
HEADER(abi_field, T(module_http_header));
SIZE(moe_field, T(envoy_http_header));
FIELD(moe_field, key.ptr, T(envoy_http_header), key_ptr);
FIELD(moe_field, key.len, T(envoy_http_header), key_length);
FIELD(moe_field, value.ptr, T(envoy_http_header), value_ptr);
FIELD(moe_field, value.len, T(envoy_http_header), value_length);

SAME(ABI_REQUEST_HEADERS, (int)T(http_header_type_RequestHeader));
SAME(ABI_RESPONSE_HEADERS, (int)T(http_header_type_ResponseHeader));
SAME(ABI_LOG_INFO, (int)T(log_level_Info));
SAME(ABI_LOG_WARN, (int)T(log_level_Warn));
SAME(ABI_LOG_ERROR, (int)T(log_level_Error));
SAME(ABI_METRICS_SUCCESS, (int)T(metrics_result_Success));
SAME(ABI_HEADERS_CONTINUE, (int)T(on_http_filter_request_headers_status_Continue));
SAME(ABI_HEADERS_STOP, (int)T(on_http_filter_request_headers_status_StopIteration));
SAME(ABI_HEADERS_CONTINUE, (int)T(on_http_filter_response_headers_status_Continue));
SAME(ABI_HEADERS_STOP, (int)T(on_http_filter_response_headers_status_StopIteration));
SAME(ABI_BODY_CONTINUE, (int)T(on_http_filter_request_body_status_Continue));
SAME(ABI_BODY_STOP_AND_DROP, (int)T(on_http_filter_request_body_status_StopIterationNoBuffer));
SAME(ABI_BODY_CONTINUE, (int)T(on_http_filter_response_body_status_Continue));
SAME(ABI_TRAILERS_CONTINUE, (int)T(on_http_filter_request_trailers_status_Continue));
SAME(ABI_TRAILERS_STOP, (int)T(on_http_filter_request_trailers_status_StopIteration));
SAME(ABI_TRAILERS_CONTINUE, (int)T(on_http_filter_response_trailers_status_Continue));
SAME(ABI_LOCAL_REPLY_CONTINUE, (int)T(on_http_filter_local_reply_status_Continue));
_Static_assert(!__builtin_strcmp(ABI_VERSION, ENVOY_DYNAMIC_MODULES_ABI_VERSION), "version");

#define ATTRIBUTE(number, name) SAME(number, (int)T(attribute_id_##name))
ATTRIBUTE(10, RequestProtocol);
ATTRIBUTE(9, RequestId);
ATTRIBUTE(24, SourceAddress);
ATTRIBUTE(25, SourcePort);
ATTRIBUTE(26, DestinationAddress);
ATTRIBUTE(27, DestinationPort);
ATTRIBUTE(29, ConnectionMtls);
ATTRIBUTE(30, ConnectionRequestedServerName);
ATTRIBUTE(31, ConnectionTlsVersion);
ATTRIBUTE(33, ConnectionSubjectPeerCertificate);
ATTRIBUTE(35, ConnectionDnsSanPeerCertificate);
ATTRIBUTE(37, ConnectionUriSanPeerCertificate);
ATTRIBUTE(38, ConnectionSha256PeerCertificateDigest);
ATTRIBUTE(61, XdsRouteName);
`

// prototypes takes Envoy's types for ours, so that each of our declarations
// declares anew what Envoy's header has declared, and the compiler objects to
// any difference.
const prototypes = `
#include "abi/abi.h"
#define MOE_ABI_TYPES_H
typedef envoy_dynamic_module_type_envoy_buffer abi_borrowed;
typedef envoy_dynamic_module_type_module_buffer abi_bytes;
typedef envoy_dynamic_module_type_envoy_http_header abi_borrowed_field;
typedef envoy_dynamic_module_type_module_http_header abi_field;
#pragma GCC diagnostic ignored "-Wredundant-decls"
#include "dynmod/abi.h"
`

func TestDeclarationsAreEnvoys(t *testing.T) {
	official := download(t)
	ours := []string{"-I", official, "-I", host}
	t.Run("shapes", func(t *testing.T) {
		compile(t, withConstants(t, host+"/dynmod"), "", ours...)
	})
	t.Run("prototypes", func(t *testing.T) { compile(t, prototypes, "", ours...) })
}

// A check that cannot fail is none: each of these changes one thing in our
// header and must be found.
func TestDifferencesAreFound(t *testing.T) {
	official := download(t)
	for _, change := range []struct{ file, from, to, want string }{
		{"abi.h", "uint32_t level, abi_bytes message", "uint64_t level, abi_bytes message", "conflicting types"},
		{"abi.h", "(void* filter, uint32_t map, abi_borrowed_field* fields)", "(void* filter, uint32_t map, abi_field* fields)", "conflicting types"},
		{"abi.h", "ABI_HOOK(void, http_filter_destroy)", "ABI_HOOK(int, http_filter_destroy)", "conflicting types"},
		{"abi.h", "ABI_RESPONSE_HEADERS = 2", "ABI_RESPONSE_HEADERS = 1", "is not"},
		{"abi_types.h", "size_t key_length;", "unsigned key_length;", "is not"},
	} {
		t.Run(change.from, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(filepath.Join(dir, "dynmod"), os.DirFS(host+"/dynmod")); err != nil {
				t.Fatal(err)
			}
			edit(t, filepath.Join(dir, "dynmod", change.file), change.from, change.to)
			source := prototypes
			if change.want == "is not" {
				source = withConstants(t, filepath.Join(dir, "dynmod"))
			}
			compile(t, source, change.want, "-I", official, "-I", dir, "-I", host)
		})
	}
}

// Names that Envoy's header of 1.38 does not have: we ask whether they exist,
// to tell a newer Envoy, and never call them.
var newer = map[string]bool{
	"callback_http_get_header_values": true,
	"callback_http_has_filter_state":  true,
}

// A misspelt name conflicts with nothing, so the compiler cannot find it.
func TestNamesAreEnvoys(t *testing.T) {
	official, err := os.ReadFile(filepath.Join(download(t), "abi", "abi.h"))
	if err != nil {
		t.Fatal(err)
	}
	ours, err := os.ReadFile(host + "/dynmod/abi.h")
	if err != nil {
		t.Fatal(err)
	}
	declared := regexp.MustCompile(`(?m)^ABI_(CALLBACK|HOOK)\(.*, (\w+)\)`).FindAllStringSubmatch(string(ours), -1)
	if len(declared) < 30 {
		t.Fatalf("found only %d declarations in abi.h", len(declared))
	}
	for _, d := range declared {
		name := map[string]string{"CALLBACK": "callback_", "HOOK": "on_"}[d[1]] + d[2]
		if !newer[name] && !strings.Contains(string(official), "envoy_dynamic_module_"+name+"(") {
			t.Errorf("Envoy's header has no envoy_dynamic_module_%s", name)
		}
	}
}

// withConstants returns the check of shapes with the constants of our header
// in place of its functions: two declarations of one function whose types
// differ in name only cannot meet in one text.
func withConstants(t *testing.T, dir string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "abi.h"))
	if err != nil {
		t.Fatal(err)
	}
	var keep []string
	for _, line := range strings.Split(string(text), "\n") {
		if strings.HasPrefix(line, "enum ") || strings.HasPrefix(line, "#define ABI_VERSION") {
			keep = append(keep, line)
		}
	}
	if len(keep) < 7 {
		t.Fatalf("abi.h has only %d lines of constants", len(keep))
	}
	return strings.Replace(shapes, `#include "dynmod/abi.h"`, strings.Join(keep, "\n"), 1)
}

func download(t *testing.T) string {
	t.Helper()
	out, err := exec.Command("go", "mod", "download", "-json", officialModule).Output()
	if err != nil {
		t.Fatalf("go mod download %s: %v\n%s\nThe test needs the network once, or the module in the cache.", officialModule, err, out)
	}
	var m struct{ Dir, Sum string }
	if err := json.Unmarshal(out, &m); err != nil {
		t.Fatal(err)
	}
	if m.Sum != officialSum {
		t.Fatalf("%s has sum %s, pinned is %s", officialModule, m.Sum, officialSum)
	}
	return m.Dir
}

// compile checks a C text; want is a part of the error expected, or "".
func compile(t *testing.T, source, want string, flags ...string) {
	t.Helper()
	cc := exec.Command("gcc", append([]string{"-std=gnu11", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-x", "c", "-"}, flags...)...)
	cc.Stdin = strings.NewReader(source)
	out, err := cc.CombinedOutput()
	switch {
	case want == "" && err != nil:
		t.Fatalf("our declarations differ from Envoy's:\n%s", out)
	case want != "" && (err == nil || !strings.Contains(string(out), want)):
		t.Fatalf("the difference was not found; want %q, got %v\n%s", want, err, out)
	}
}

func edit(t *testing.T, path, from, to string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), from) {
		t.Fatalf("%s has no %q to change", path, from)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), from, to, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
}
