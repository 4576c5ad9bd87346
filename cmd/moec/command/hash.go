package command

import (
	"crypto/sha256"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"
)

// maxKey bounds a key, in bytes: Envoy takes no larger header.
const maxKey = 60 << 10

// hashCommand is moec hash.
func (s *console) hashCommand() *cobra.Command {
	var groups, claims []string
	cmd := &cobra.Command{
		Use:   "hash SUBJECT",
		Short: "Print the line of a key file for a key on standard input",
		Long: `Hash reads a key from standard input, without the line end behind it, and prints
the line of a key file that stands for it: the key's SHA-256, the subject that
presents it, groups and claims. The key itself is neither shown nor kept.

Keys should be long and random, as from: openssl rand -base64 32`,
		Example: "  printf %s \"$KEY\" | moec hash robot-7 --group ops --claim plan=gold >> robots.keys",
		Args: func(_ *cobra.Command, args []string) error {
			switch len(args) {
			case 0:
				return usagef("whose key is it? moec hash SUBJECT")
			case 1:
				return nil
			}
			return usagef("one key has one subject, and there are %d arguments", len(args))
		},
	}
	cmd.Flags().StringArrayVar(&groups, "group", nil, "the subject's groups, joined with commas")
	cmd.Flags().StringArrayVar(&claims, "claim", nil, "a claim, `name=value`; repeat it for more")
	cmd.RunE = func(_ *cobra.Command, args []string) error {
		rest, err := keyLine(args[0], groups, claims)
		if err != nil {
			return err
		}
		if terminal(s.env.Stdin) {
			return usagef("the key is read from standard input, and a terminal would show it").
				helpf("printf %%s \"$KEY\" | moec hash %s", args[0])
		}
		key, err := readKey(s.env.Stdin)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.env.Stdout, "sha256:%x %s\n", sha256.Sum256([]byte(key)), rest)
		return nil
	}
	return cmd
}

// readKey reads a key and refuses what no client could present.
func readKey(in io.Reader) (string, error) {
	text, err := io.ReadAll(io.LimitReader(in, maxKey+3))
	if err != nil {
		return "", failedf("the key cannot be read: %v", err)
	}
	key, _ := strings.CutSuffix(string(text), "\n")
	key, _ = strings.CutSuffix(key, "\r")
	control := func(r rune) bool { return r < 0x20 || r == 0x7f }
	switch {
	case key == "":
		return "", failedf("the key on standard input is empty").helpf(`printf %%s "$KEY" | moec hash SUBJECT`)
	case len(key) > maxKey:
		return "", failedf("the key has more than %d bytes: no request can carry it", maxKey)
	case strings.ContainsFunc(key, control):
		return "", failedf("the key has a line end or another control character in it, which no request can carry").
			helpf("give one key at a time")
	case strings.TrimSpace(key) != key:
		return "", failedf("the key begins or ends with a space, which requests lose on their way")
	}
	return key, nil
}

var claimName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

// keyLine is what follows the digest on a key's line.
func keyLine(subject string, groups, claims []string) (string, error) {
	if why := unfit(subject); why != "" {
		return "", usagef("subject %q %s", subject, why)
	}
	words := []string{subject}
	var names []string
	for _, list := range groups {
		for _, g := range strings.Split(list, ",") {
			if why := unfit(g); why != "" {
				return "", usagef("group %q %s", g, why)
			}
			names = append(names, g)
		}
	}
	if len(names) > 0 {
		words = append(words, strings.Join(names, ","))
	}
	seen := map[string]bool{}
	for _, c := range claims {
		name, value, ok := strings.Cut(c, "=")
		switch {
		case !ok:
			return "", usagef("--claim %q: want name=value, as in plan=gold", c)
		case !claimName.MatchString(name):
			return "", usagef("--claim %q: a claim's name has lower-case letters, digits and _, and begins with a letter", c)
		case seen[name]:
			return "", usagef("--claim: %s is given twice", name)
		case strings.ContainsFunc(value, unicode.IsSpace) || !printable(value):
			return "", usagef("--claim %q: the value may hold no spaces and no control characters", c)
		}
		seen[name] = true
		words = append(words, c)
	}
	return strings.Join(words, " "), nil
}

// unfit says why a key file could not hold a name.
func unfit(name string) string {
	switch {
	case name == "":
		return "is empty"
	case strings.ContainsFunc(name, unicode.IsSpace):
		return "has a space in it; a key file parts its columns by spaces"
	case strings.ContainsAny(name, "=#"):
		return "has a = or # in it, which mean something else in a key file"
	case !printable(name):
		return "is no printable text"
	}
	return ""
}

func printable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
}
