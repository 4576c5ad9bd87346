package envoy

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"moec.dev/moec/compiler/scenario"
	"moec.dev/moec/tests/envoy/harness"
)

// records are the lines of decisions in Envoy's log; each digest is told to the
// function, unless that is nil.
func records(t *testing.T, log string, digest func(string)) []map[string]any {
	t.Helper()
	var out []map[string]any
	for _, line := range strings.Split(log, "\n") {
		at := strings.Index(line, `{"time":`)
		if at < 0 {
			continue
		}
		var r map[string]any
		if err := json.Unmarshal([]byte(line[at:]), &r); err != nil {
			t.Errorf("%s: %v", line, err)
			continue
		}
		when, _ := r["time"].(string)
		if _, err := time.Parse(time.RFC3339Nano, when); err != nil {
			t.Errorf("%s: %v", line, err)
		}
		full, _ := r["digest"].(string)
		if len(full) != 64 {
			t.Fatalf("%s: the digest is %q", line, full)
		}
		if digest != nil {
			digest(full)
		}
		delete(r, "time")
		delete(r, "digest")
		out = append(out, r)
	}
	return out
}

func TestRecords(t *testing.T) {
	library := bundlesLibrary(t)
	eachVersion(t, func(t *testing.T, version string) {
		x := start(t, version, []harness.Listener{chain(library, "all", "recorded"), chain(library, "denied", "refusals")}, "up")
		for _, r := range []struct {
			listener, path string
			headers        []scenario.Header
		}{
			{"all", "/robot/1", named("x-api-key", key)},
			{"all", "/robot/odd", named("x-api-key", key)},
			{"all", "/robot/1", named("x-api-key", "another secret")},
			{"all", "/open", nil},
			{"all", "/a//b", nil},
			{"denied", "/open", nil},
			{"denied", "/else", nil},
		} {
			if _, err := x.Send(r.listener, scenario.Request{Method: "GET", Path: r.path, Authority: "a", Headers: r.headers}); err != nil {
				t.Fatal(err)
			}
		}
		want := []string{
			`{"bundle":"recorded","outcome":"forwarded","route":"recorded.robot","subject":"robots:r\"1"}`,
			`{"bundle":"recorded","outcome":"denied","route":"recorded.robot","rule":"recorded.robot.odd","status":418,"subject":"robots:r\"1"}`,
			`{"bundle":"recorded","outcome":"denied","route":"recorded.robot","rule":"recorded.robot.auth","status":401}`,
			`{"bundle":"recorded","outcome":"answered","route":"recorded.open","rule":"recorded.open.respond","status":200}`,
			`{"bundle":"recorded","outcome":"denied","rule":"recorded.canonical","status":400}`,
			`{"bundle":"refusals","outcome":"denied","rule":"refusals.unmatched","status":404}`,
		}
		log := x.Envoy().Log()
		got := records(t, log, nil)
		for i, w := range want {
			text := ""
			if i < len(got) {
				b, _ := json.Marshal(got[i])
				text = string(b)
			}
			if text != w {
				t.Errorf("record %d is %s, want %s", i, text, w)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%d records, want %d", len(got), len(want))
		}
		for _, secret := range []string{key, "another secret"} {
			if strings.Contains(log, secret) {
				t.Error("a credential is in the log")
			}
		}
		access, err := os.ReadFile(x.Envoy().AccessLog())
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range []string{`"rule":"recorded.robot.odd"`, `"outcome":"forwarded"`, `"rule":"refusals.unmatched"`, `"status":"418"`} {
			if n := strings.Count(string(access), w); n != 1 {
				t.Errorf("%s stands %d times in the access log\n%s", w, n, access)
			}
		}
	})
}
