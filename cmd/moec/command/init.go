package command

import (
	"crypto/rand"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/format"
	"moec.dev/moec/dsl/source"
)

// starters has a directory for each template: a bundle that compiles as it is
// and is called after it, its key file without keys.
//
//go:embed starters
var starters embed.FS

// starter is what a template needs to know besides its files.
type starter struct {
	name, about string
	keys        string // the key file
	line        string // what follows the digest in it
}

var templates = []starter{
	{"gateway", "a service behind keys", "clients.keys", "first users"},
	{"site", "a static site with drafts for editors", "editors.keys", "first"},
}

// initCommand is moec init.
func (s *console) initCommand() *cobra.Command {
	var template string
	names := make([]string, 0, len(templates))
	about := make([]string, 0, len(templates))
	for _, t := range templates {
		names = append(names, t.name)
		about = append(about, t.name+", "+t.about)
	}
	cmd := &cobra.Command{
		Use:   "init [DIR]",
		Short: "Write a small bundle to begin with",
		Long: `Init writes a bundle that works at once into DIR, or the current directory: a
policy, tests of it that pass, a key file, and a README.md that says how to go
on. DIR is made if it does not exist, and must be empty otherwise.

It makes a key and prints it. That is the only time: the key file has a digest.

The templates are: ` + strings.Join(about, "; ") + `.`,
		Example: "  moec init policies/front\n  moec init --template site policies/www",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usagef("one directory at a time")
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&template, "template", templates[0].name, "what to begin with: "+strings.Join(names, ", "))
	_ = cmd.RegisterFlagCompletionFunc("template", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		dir := "."
		if len(args) > 0 {
			dir = args[0]
		}
		for _, t := range templates {
			if t.name == template {
				return s.begin(t, dir)
			}
		}
		return usagef("there is no template %q: --template takes %s", template, strings.Join(names, ", "))
	}
	return cmd
}

// begin writes a template into a directory.
func (s *console) begin(t starter, dir string) error {
	made, err := vacant(dir)
	if err != nil {
		return err
	}
	whole, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	key := newKey()
	files, err := t.files(filepath.Base(whole), key)
	if err != nil {
		return err
	}
	if err := writeNew(dir, made, files); err != nil {
		return err
	}
	for _, f := range files {
		fmt.Fprintln(s.env.Stdout, path.Join(filepath.ToSlash(filepath.Clean(dir)), f.name))
	}
	fmt.Fprintf(s.env.Stdout, "key: %s\n", key)
	s.note("keep the key: it is shown this once, and %s has its digest only", t.keys)
	s.note("go on with: moec test %s", filepath.ToSlash(filepath.Clean(dir)))
	return nil
}

// vacant finds out whether a directory can be filled, and makes it if there is
// none. It returns the outermost directory that it made, "" if none.
func vacant(dir string) (made string, err error) {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		made = filepath.Clean(dir)
		for parent := filepath.Dir(made); parent != made; parent = filepath.Dir(made) {
			if _, err := os.Stat(parent); !errors.Is(err, fs.ErrNotExist) {
				break
			}
			made = parent
		}
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return "", failedf("%s cannot be made: %v", dir, bare(err)).helpf("choose a directory that you may write to")
		}
		return made, nil
	case err != nil:
		return "", failedf("%s cannot be filled: %v", dir, bare(err)).helpf("name a new directory, or an empty one: moec init DIR")
	}
	var names []string
	for _, e := range entries {
		if e.Name() != ".git" { // a repository that has just been made
			names = append(names, e.Name())
		}
	}
	if len(names) > 0 {
		more := ""
		if len(names) > 3 {
			more = fmt.Sprintf(" and %d more", len(names)-3)
			names = names[:3]
		}
		return "", failedf("%s is not empty: it holds %s%s", dir, strings.Join(names, ", "), more).
			helpf("name a new directory, or an empty one: moec init DIR")
	}
	return "", nil
}

// newFile is a file to be written, with its content.
type newFile struct{ name, text string }

// files are the files of the template for a bundle in a directory of this name
// and a first key.
func (t starter) files(dir, key string) ([]newFile, error) {
	root := path.Join("starters", t.name)
	entries, err := starters.ReadDir(root)
	if err != nil {
		return nil, err
	}
	bundle := ""
	var out []newFile
	for _, e := range entries {
		text, err := starters.ReadFile(path.Join(root, e.Name()))
		if err != nil {
			return nil, err
		}
		out = append(out, newFile{e.Name(), string(text)})
		if e.Name() == "policy.moe" {
			bundle = t.bundle(dir, string(text))
		}
	}
	for i, f := range out {
		switch f.name {
		case "policy.moe":
			out[i].text = t.called(f.text, bundle)
		case "README.md":
			out[i].text = strings.NewReplacer("# "+t.name, "# "+bundle, t.name+".so", bundle+".so").Replace(f.text)
		case t.keys:
			out[i].text = fmt.Sprintf("%ssha256:%x %s\n", f.text, sha256.Sum256([]byte(key)), t.line)
		}
	}
	return out, nil
}

// called gives the policy's bundle a name.
func (t starter) called(policy, name string) string {
	return strings.Replace(policy, "\nbundle "+t.name+" {", "\nbundle "+name+" {", 1)
}

// bundle makes a name for the bundle out of the directory's: some words cannot
// be one, which reading the policy shows.
func (t starter) bundle(dir, policy string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(dir) {
		switch {
		case r >= 'a' && r <= 'z', b.Len() > 0 && r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0:
			b.WriteByte('_')
		}
	}
	name := strings.TrimRight(b.String(), "_")
	if name == "" {
		return t.name
	}
	for _, try := range []string{name, "my_" + name} {
		var found diag.List
		if _, ok := format.Source(source.New("policy.moe", t.called(policy, try)), &found); ok {
			return try
		}
	}
	return t.name
}

// newKey makes a key that nobody can guess: 256 random bits, in 43 characters
// that need no quoting anywhere.
func newKey() string {
	var bits [32]byte
	_, _ = rand.Read(bits[:]) // it never fails, and ends the program if it would
	return base64.RawURLEncoding.EncodeToString(bits[:])
}

// writeNew writes files that are not there yet. If one cannot be written all of
// them are taken away again, with the directory that was made for them.
func writeNew(dir, made string, files []newFile) (err error) {
	var written []string
	defer func() {
		if err == nil {
			return
		}
		for _, name := range written {
			os.Remove(name)
		}
		for at := filepath.Clean(dir); made != ""; at = filepath.Dir(at) {
			os.Remove(at) // fails, as it should, if somebody else has put something there
			if at == made {
				break
			}
		}
	}()
	for _, f := range files {
		name := filepath.Join(dir, f.name)
		file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if err != nil {
			return failedf("%s cannot be written: %v", name, bare(err)).helpf("choose a directory that you may write to")
		}
		written = append(written, name)
		_, err = file.WriteString(f.text)
		if e := file.Close(); err == nil {
			err = e
		}
		if err != nil {
			return failedf("%s cannot be written: %v", name, bare(err))
		}
	}
	return nil
}
