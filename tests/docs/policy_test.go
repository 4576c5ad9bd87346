package docs

import (
	"fmt"
	"sort"
	"strings"
	"testing/fstest"

	"moec.dev/moec/compiler"
	"moec.dev/moec/dsl/diag"
)

// keys is what every key file holds that an example names: a key without
// claims fits every auth whose claims are optional.
const keys = "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae one ops\n"

const robots = "auth robots = api_key {\n  key from header \"x-api-key\"\n  keys from file \"robots.keys\"\n  claims { plan: string? }\n}\n"

// begins reports whether a line of the text, or a statement after ;, begins with
// one of the words.
func begins(text string, words ...string) bool {
	for _, line := range strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == ';' }) {
		for _, w := range words {
			if first, _, _ := strings.Cut(strings.TrimSpace(line), " "); first == w {
				return true
			}
		}
	}
	return false
}

// route makes a whole bundle of the rules of one route, with what they lack of
// matching, access and an ending.
func route(rules string) string {
	var b strings.Builder
	access := begins(rules, "public", "auth")
	if !access || begins(rules, "auth") {
		b.WriteString(robots)
	}
	b.WriteString("route example {\n")
	if !begins(rules, "match") {
		b.WriteString("  match GET \"/example/{id}\"\n")
	}
	if !access {
		b.WriteString("  auth robots\n")
	}
	b.WriteString(rules)
	if !begins(rules, "forward to", "forward", "respond", "redirect") || strings.Contains(rules, "forward credential") && !strings.Contains(rules, "forward to") {
		b.WriteString("\n  forward to \"example\"\n")
	}
	b.WriteString("\n}\n")
	return b.String()
}

const health = "route health { match GET \"/healthz\"; public; respond 200 \"ok\" }\n"

// wrap makes a bundle of one line of a refused fence.
func wrap(kind, line string) (string, error) {
	switch kind {
	case "declarations":
		return line + "\n" + health, nil
	case "settings":
		return "bundle shop {\n" + line + "\n}\n" + health, nil
	case "rules":
		return route(line), nil
	case "conditions":
		return route("deny odd when " + line), nil
	case "responses":
		return route("set response.headers[\"x-odd\"] = " + line), nil
	case "steps":
		return route("") + "test \"refused\" {\nsend GET \"/example/1\"\n" + line + "\nexpect 401\n}\n", nil
	}
	return "", fmt.Errorf("there is no kind %q", kind)
}

// compile takes a bundle through every stage but the last, which needs the Go
// toolchain.
func compile(name, text string) (*compiler.Unit, []*diag.Diagnostic) {
	files := fstest.MapFS{"policy.moe": {Data: []byte(text)}}
	for _, n := range []string{"robots.keys", "partners.keys", "pages.keys", "links.keys"} {
		files[n] = &fstest.MapFile{Data: []byte(keys)}
	}
	for n, data := range tables {
		files[n] = &fstest.MapFile{Data: []byte(data)}
	}
	return compiler.Run(compiler.Input{FS: files, Name: name}, "")
}

// tables are the files of the tables in the documentation.
var tables = map[string]string{
	"plans.yaml":   "gold: { per_minute: 600, support: phone }\nfree: { per_minute: 10 }\n",
	"odd.yaml":     "gold: all of it,\n  and more\n",
	"levels.json":  "{\"gold\": 1}",
	"partners.csv": "id,region,limit\nacme,eu,50\nbolt,us,\n",
}

// codes are the codes of messages, sorted, each once.
func codes(ds []*diag.Diagnostic) string {
	seen := map[string]bool{}
	var out []string
	for _, d := range ds {
		if !seen[d.Code.ID] {
			seen[d.Code.ID] = true
			out = append(out, d.Code.ID)
		}
	}
	sort.Strings(out)
	return strings.Join(out, " ")
}

// said are messages, a line each.
func said(ds []*diag.Diagnostic) string {
	var out []string
	for _, d := range ds {
		out = append(out, d.Error())
	}
	return strings.Join(out, "\n")
}
