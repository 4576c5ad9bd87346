package envoyconf

import (
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// filterConfig holds what is said to the library to what it accepts, and to the
// files that the bundle reads: the library refuses the rest when Envoy starts.
func (a *audit) filterConfig(f *yaml.Node) {
	at := get(f, "typed_config", "filter_config")
	tree := at
	if strings.HasSuffix(value(get(at, "@type")), ".StringValue") || strings.HasSuffix(value(get(at, "@type")), ".Struct") {
		tree = get(at, "value")
	} else if at != nil && get(at, "@type") != nil {
		return // of another form, which is not looked into
	}
	if at == nil {
		at = f
	}
	if tree != nil && tree.Kind == yaml.ScalarNode {
		at = tree
		var doc yaml.Node
		text := strings.TrimSpace(tree.Value)
		if text == "" {
			tree = nil
		} else if yaml.Unmarshal([]byte(text), &doc) != nil || !strings.HasPrefix(text, "{") {
			a.say(at, true, `'{"root": "/etc/moe"}'`, "filter_config is not a JSON object")
			return
		} else {
			tree = bare(&doc)
		}
	}
	root, placed := "", []string{}
	if tree != nil && tree.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(tree.Content); i += 2 {
			k, v := tree.Content[i].Value, bare(tree.Content[i+1])
			switch k {
			case "@type":
			case "root":
				root = v.Value
				if !path.IsAbs(root) {
					a.say(at, true, `"root": "/etc/moe"`, "root %q is not the absolute path of a directory", root)
					return
				}
			case "files":
				for j := 0; v.Kind == yaml.MappingNode && j+1 < len(v.Content); j += 2 {
					name, file := v.Content[j].Value, bare(v.Content[j+1])
					placed = append(placed, name)
					if !path.IsAbs(file.Value) {
						a.say(at, true, `"files": { "`+name+`": "/etc/moe/`+name+`" }`, "file %q is placed at %q, which is not an absolute path", name, file.Value)
					}
					if !slices.Contains(a.needs.Files, name) {
						a.say(at, true, `leave "`+name+`" out`, "filter_config places the file %q, which bundle %s does not read when it is loaded", name, a.needs.Bundle)
					}
				}
			default:
				a.say(at, true, "leave it out: there are root and files", "filter_config has an unknown member %q", k)
			}
		}
	}
	for _, name := range a.needs.Files {
		if root == "" && !slices.Contains(placed, name) {
			a.say(at, true, `filter_config: { "@type": type.googleapis.com/google.protobuf.StringValue, value: '{"root": "/etc/moe"}' }`,
				"bundle %s reads the file %q when it is loaded, and nothing says where that is", a.needs.Bundle, name)
		}
	}
}
