package envoy

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"moec.dev/moec/tests/envoy/harness"
)

// A configuration that cannot be obeyed ends Envoy at its start, and its log
// says why: a filter that is quietly missing would let everything pass.
func TestRefusedConfigurations(t *testing.T) {
	library := bundlesLibrary(t)
	search := t.TempDir()
	if err := os.Symlink(library, filepath.Join(search, "libmoec.so")); err != nil {
		t.Fatal(err)
	}
	filter := harness.Filter{Library: library, Bundle: "guard"}
	with := func(change func(*harness.Listener)) harness.Listener {
		l := harness.Listener{Name: "l", Filters: []harness.Filter{filter}}
		change(&l)
		return l
	}
	eachVersion(t, func(t *testing.T, version string) {
		for _, test := range []struct {
			name     string
			listener harness.Listener
			want     []string
		}{
			{"unknown bundle", with(func(l *harness.Listener) { l.Filters[0].Bundle = "shop" }), []string{`shop`, "guard", "inner"}},
			{"unknown member", with(func(l *harness.Listener) { l.Filters[0].Settings = `{"rooot": "/"}` }), []string{"guard", `rooot`}},
			{"member of the wrong type", with(func(l *harness.Listener) { l.Filters[0].Settings = `{"root": 1}` }), []string{"filter_config", "root"}},
			{"no object", with(func(l *harness.Listener) { l.Filters[0].Settings = `[]` }), []string{"object"}},
			{"no JSON", with(func(l *harness.Listener) { l.Filters[0].Settings = `{"root": ` }), []string{"filter_config", "JSON"}},
			{"per route", with(func(l *harness.Listener) {
				l.PerRoute = map[string]any{
					"@type": "type.googleapis.com/envoy.extensions.filters.http.dynamic_modules.v3.DynamicModuleFilterPerRoute",
					// By name: 1.38 does not read a file's path here.
					"dynamic_module_config": map[string]any{"name": "moec", "do_not_close": true},
					"filter_name":           "guard",
				}
			}), []string{"per-route configuration is not supported"}},
		} {
			e, err := harness.StartEnvoy(version, harness.Bootstrap([]harness.Listener{test.listener}, []string{"up"}, 1),
				"ENVOY_DYNAMIC_MODULES_SEARCH_PATH="+search)
			if err == nil {
				t.Errorf("%s: Envoy started", test.name)
				_ = e.Stop()
				continue
			}
			var exited *harness.Exited
			if !errors.As(err, &exited) || exited.Code <= 0 {
				t.Errorf("%s: %v", test.name, err)
				continue
			}
			reason := ""
			for _, line := range strings.Split(exited.Log, "\n") {
				if strings.Contains(line, "moec: ") {
					reason = line
				}
			}
			for _, word := range test.want {
				if !strings.Contains(reason, word) {
					t.Errorf("%s: no %q in the reason %q\n%s", test.name, word, reason, exited.Log)
				}
			}
		}
	})
}

// The same filter with what is allowed starts.
func TestAcceptedSettings(t *testing.T) {
	library := bundlesLibrary(t)
	eachVersion(t, func(t *testing.T, version string) {
		for _, settings := range []string{"", " ", "{}", "{ }\n"} {
			start(t, version, []harness.Listener{{Name: "l", Filters: []harness.Filter{{Library: library, Bundle: "inner", Settings: settings}}}}, "up")
		}
	})
}
