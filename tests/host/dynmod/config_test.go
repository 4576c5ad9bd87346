package dynmod

import (
	"strings"
	"testing"
)

func TestLibraryNamesItsABI(t *testing.T) {
	for minor, version := range map[int]string{38: "v0.1.0", 39: "v0.1.0", 40: "v0.2.0"} {
		if h := Start(t, library, Options{Minor: minor}, "gate"); h.Version != version || len(h.Log) > 0 {
			t.Errorf("on 1.%d the library said %q, %q", minor, h.Version, h.Log)
		}
	}
}

func TestMissingCallbackRefusesToLoad(t *testing.T) {
	h := Start(t, library, Options{Defines: []string{"WITHOUT_ADD_CUSTOM_FLAG"}})
	if h.Version != "refused" {
		t.Errorf("the library loaded as %q", h.Version)
	}
	if len(h.Log) != 1 || !strings.Contains(h.Log[0], "http_add_custom_flag") || !strings.Contains(h.Log[0], "Envoy 1.38") {
		t.Errorf("it logged %q", h.Log)
	}
}

func TestConfigurations(t *testing.T) {
	for _, c := range []struct {
		bundle, text, env string
		minor             int
		want              string // of the one line logged; "" accepts
	}{
		{bundle: "gate"},
		{bundle: "gate", text: "  \n\t"},
		{bundle: "gate", text: "{}"},
		{bundle: "gate", text: " { } "},
		{bundle: "gate", env: "MOEC_TICK_US=0"},
		{bundle: "gate", env: "MOEC_TICK_US=8000"},
		{bundle: "gate", env: "MOEC_TICK_US=4ms", want: `MOEC_TICK_US is "4ms"; it must be a whole number of microseconds`},
		{bundle: "gate", env: "MOEC_TICK_US=-1", want: `MOEC_TICK_US is "-1"`},
		{bundle: "shop", want: `bundle "shop" refused: this library has no such bundle, it has "holder", "gate", "answers", "facts", "sni", "hoard", "mirror", "noted", "keeper", "forgets"; set filter_name`},
		{bundle: "", want: `bundle "" refused: this library has no such bundle`},
		{bundle: "gate", text: `{"root": "/etc"}`},
		{bundle: "gate", text: `{"files": {}}`},
		{bundle: "gate", text: `{"root": "etc"}`, want: `bundle "gate" refused: filter_config member "root" is not the absolute path`},
		{bundle: "gate", text: `{"root": 1}`, want: `"root" is not the absolute path`},
		{bundle: "gate", text: `{"root": "/a", "root": "/b"}`, want: `member "root" twice`},
		{bundle: "gate", text: `{"files": []}`, want: `"files" is not an object`},
		{bundle: "gate", text: `{"files": {"a": "b"}}`, want: `"files" is not an object of absolute paths`},
		{bundle: "gate", text: `{"files": {"a": "/b"}}`, want: `the file "a", which the bundle does not read`},
		{bundle: "gate", text: `{"rot": 1}`, want: `unknown member "rot"`},
		{bundle: "gate", text: `[]`, want: `not a JSON object`},
		{bundle: "gate", text: `"{}"`, want: `not a JSON object`},
		{bundle: "gate", text: `null`, want: `not a JSON object`},
		{bundle: "gate", text: `{`, want: `ends too early, at byte 1`},
		{bundle: "gate", text: `{"a" 1}`, want: `not JSON`},
		{bundle: "gate", text: `root: /etc`, want: `not JSON: invalid character 'r'`},
		{bundle: "gate", text: `{} {}`, want: `goes on after its JSON object`},
		{bundle: "gate", text: `{} x`, want: `goes on after its JSON object`},
		{bundle: "sni", minor: 39},
		{bundle: "sni", minor: 40},
		{bundle: "sni", minor: 38, want: `bundle "sni" refused: it reads connection.requested_server_name, which Envoy offers from 1.39 on and this is 1.38`},
	} {
		name := c.bundle + " " + c.text + c.env
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := Options{Minor: c.minor}
			if c.env != "" {
				o.Env = []string{c.env}
			}
			h := Start(t, library, o)
			ok, log, err := h.Configure(c.bundle, c.text)
			if err != nil {
				t.Fatal(err)
			}
			if ok != (c.want == "") {
				t.Fatalf("accepted: %v, log %q", ok, log)
			}
			if !ok && (len(log) != 1 || !strings.HasPrefix(log[0], "4 moec: ") || !strings.Contains(log[0], c.want)) {
				t.Errorf("logged %q, want one error line with %q", log, c.want)
			}
			if ok && len(log) > 0 {
				t.Errorf("accepted, but logged %q", log)
			}
		})
	}
}

func TestPerRouteConfigurationIsRefused(t *testing.T) {
	h := Start(t, library, Options{}, "gate")
	ok, log, err := h.PerRoute("gate", "{}")
	if err != nil {
		t.Fatal(err)
	}
	if ok || len(log) != 1 || !strings.Contains(log[0], "per-route configuration is not supported yet") || !strings.Contains(log[0], `"gate"`) {
		t.Errorf("accepted: %v, log %q", ok, log)
	}
}

// Two configurations of one bundle live side by side during an update.
func TestConfigurationsOutliveEachOther(t *testing.T) {
	h := Start(t, library, Options{}, "gate")
	old := h.configs["gate"]
	if ok, log, err := h.Configure("gate", "{}"); !ok || err != nil {
		t.Fatal(log, err)
	}
	fresh := h.configs["gate"]
	h.configs["gate"] = old
	if err := h.Drop("gate"); err != nil {
		t.Fatal(err)
	}
	h.configs["gate"] = fresh
	if r := run(t, h, Stream{Chain: []string{"gate"}, Request: withKey()}); !r.Outcome.Forward {
		t.Errorf("after the old configuration went, the new one answered %+v", r.Outcome)
	}
}
