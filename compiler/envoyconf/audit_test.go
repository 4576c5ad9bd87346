package envoyconf

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

var shopNeeds = Needs{Bundle: "shop", Forwards: []string{"orders", "pay"}, Address: true}

// written is a configuration that moec config writes, changed.
func written(t *testing.T, c Config, changes ...string) []byte {
	t.Helper()
	text, err := Write(c)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(changes); i += 2 {
		if !strings.Contains(string(text), changes[i]) {
			t.Fatalf("there is no %q to change", changes[i])
		}
		text = []byte(strings.ReplaceAll(string(text), changes[i], changes[i+1]))
	}
	return text
}

// What moec config writes lacks nothing, as YAML and as JSON.
func TestAuditTakesWhatIsWritten(t *testing.T) {
	own := example()
	own.OwnRoute, own.Default = true, "orders"
	ownNeeds := shopNeeds
	ownNeeds.OwnRoute = true
	for _, test := range []struct {
		c     Config
		needs Needs
	}{{example(), shopNeeds}, {own, ownNeeds}} {
		text := written(t, test.c)
		var tree any
		if err := yaml.Unmarshal(text, &tree); err != nil {
			t.Fatal(err)
		}
		asJSON, err := json.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range [][]byte{text, asJSON} {
			found, err := Audit(text, test.needs)
			if err != nil || len(found) > 0 {
				t.Errorf("%v %+v\n%s", err, found, text)
			}
		}
	}
}

func TestAuditFinds(t *testing.T) {
	for _, test := range []struct {
		name    string
		changes []string
		needs   func(*Needs)
		want    []string // fatal or loose, what is under the mark, words
	}{
		{"another bundle", []string{`filter_name: "shop"`, `filter_name: "shop2"`}, nil, []string{"fatal static_resources|overload_manager|admin: no HTTP connection manager"}},
		{"closable", []string{"do_not_close: true", "do_not_close: false"}, nil, []string{"fatal false: cannot be unloaded"}},
		{"closable unsaid", []string{"                do_not_close: true\n", ""}, nil, []string{"fatal name: cannot be unloaded"}},
		{"disabled", []string{"          - name: moe\n            typed_config", "          - name: moe\n            disabled: true\n            typed_config"}, nil,
			[]string{"fatal true: decides nothing"}},
		{"client address", []string{"use_remote_address: true", "use_remote_address: false"}, nil, []string{"fatal false: whoever sends x-forwarded-for"}},
		{"client address that nobody reads", []string{"use_remote_address: true", "skip_xff_append: false"}, func(n *Needs) { n.Address = false },
			[]string{"loose moe: whoever sends x-forwarded-for"}},
		{"normal paths", []string{"normalize_path: false", "normalize_path: true", "merge_slashes: false", "merge_slashes: true"}, nil,
			[]string{"loose true: Envoy rewrites paths", "loose true: Envoy rewrites paths"}},
		{"slashes", []string{"KEEP_UNCHANGED", "UNESCAPE_AND_FORWARD"}, nil, []string{"loose UNESCAPE_AND_FORWARD: Envoy rewrites paths"}},
		{"underscores", []string{"REJECT_REQUEST", "ALLOW"}, nil, []string{"loose ALLOW: may pass for x-user"}},
		{"no way", []string{"cluster_header: x-moe-cluster", "cluster: orders"}, nil, []string{"fatal name: no route goes where"}},
		{"told", []string{`request_headers_to_remove: ["x-moe-cluster"]`, ""}, nil, []string{"loose name: upstreams are told"}},
		{"no cluster", []string{`- name: "pay"`, `- name: "play"`}, nil, []string{"fatal listeners: there is no cluster pay"}},
		{"no route of its own", nil, func(n *Needs) { n.OwnRoute = true },
			[]string{"fatal match: this route takes the requests", "fatal name: there are none"}},
		{"switched off", []string{`              - match: { prefix: "/" }` + "\n", `              - match: { prefix: "/" }` + "\n                typed_per_filter_config: { moe: { disabled: true } }\n"}, nil,
			[]string{"fatal {: takes no configuration from routes"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			needs := shopNeeds
			if test.needs != nil {
				test.needs(&needs)
			}
			text := written(t, example(), test.changes...)
			found, err := Audit(text, needs)
			if err != nil {
				t.Fatal(err)
			}
			if len(found) != len(test.want) {
				t.Fatalf("%d findings, want %d: %+v", len(found), len(test.want), found)
			}
			for i, f := range found {
				how := map[bool]string{true: "fatal", false: "loose"}[f.Fatal]
				mark, words, _ := strings.Cut(test.want[i], ": ")
				under := strings.TrimPrefix(mark, how+" ")
				at := string(text[f.Start:])
				starts := false
				for _, u := range strings.Split(under, "|") {
					starts = starts || strings.HasPrefix(at, u)
				}
				if !strings.HasPrefix(mark, how+" ") || !starts || !strings.Contains(f.Message, words) || f.Help == "" {
					t.Errorf("%s %.30q: %+v, want %s", how, at, f, test.want[i])
				}
			}
		})
	}
}

// Routes and clusters that come from elsewhere are not missed.
func TestAuditKnowsWhatItCannotSee(t *testing.T) {
	text := written(t, example(), "          route_config:", "          rds: { route_config_name: x }\n          unused:", "  clusters:", "  others:")
	text = append(text, "\ndynamic_resources: { cds_config: { path: /x } }\n"...)
	if found, err := Audit(text, shopNeeds); err != nil || len(found) > 0 {
		t.Errorf("%v %+v", err, found)
	}
}

func TestAuditCannotRead(t *testing.T) {
	for _, text := range []string{"", "a: [", "a: b: c"} {
		if found, err := Audit([]byte(text), shopNeeds); err == nil {
			t.Errorf("%q: %+v", text, found)
		}
	}
	deep := strings.Repeat("a: {", 50) + strings.Repeat("}", 50)
	if _, err := Audit([]byte(deep), shopNeeds); err != nil {
		t.Error(err)
	}
	if _, err := Audit([]byte(fmt.Sprintf("{\n\t\"a\": %q\n}", "b")), shopNeeds); err != nil {
		t.Errorf("JSON with tabs: %v", err)
	}
}
