package load

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"
	"unicode/utf8"

	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// errTooLarge says that a file has more bytes than it may.
var errTooLarge = errors.New("it is too large")

// readFile returns the content of a regular file of at most limit bytes.
func readFile(fsys fs.FS, name string, limit int64) (string, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return "", err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", errors.New("it is not a regular file")
	}
	text, err := io.ReadAll(io.LimitReader(f, limit+1))
	switch {
	case err != nil:
		return "", err
	case int64(len(text)) > limit:
		return "", errTooLarge
	}
	return string(text), nil
}

// policy returns the text of a policy file without its byte order mark, and
// reports a file that cannot be one.
func policy(fsys fs.FS, name, display string, diags *diag.List) (string, bool) {
	shown := path.Join(display, name)
	text, err := readFile(fsys, name, MaxPolicy)
	at := source.Span{File: source.New(shown, "")}
	switch {
	case errors.Is(err, errTooLarge):
		diags.Add(diag.TooLarge, at, "a policy file may have %d KiB, and this one has more", MaxPolicy>>10).
			Helpf("split it: all .moe files of the directory make one bundle")
		return "", false
	case err != nil:
		diags.Add(diag.UnreadableFile, at, "the file cannot be read: %s", reason(err))
		return "", false
	}
	text = strings.TrimPrefix(text, "\ufeff")
	if i := invalid(text); i >= 0 {
		at = source.Span{File: source.New(shown, text), Start: i, End: i + 1}
		help := "save it as UTF-8"
		if strings.HasPrefix(text, "\xff\xfe") || strings.HasPrefix(text, "\xfe\xff") {
			help = "it is UTF-16: save it as UTF-8"
		}
		diags.Add(diag.NotText, at, "the file is not UTF-8: byte 0x%02X stands here", text[i]).Helpf("%s", help)
		return "", false
	}
	return text, true
}

// invalid returns the offset of the first byte that is not UTF-8, -1 if all is.
func invalid(text string) int {
	if utf8.ValidString(text) {
		return -1
	}
	for i, r := range text {
		if r == utf8.RuneError && !strings.HasPrefix(text[i:], "\ufffd") {
			return i
		}
	}
	return -1
}

// reason is an error of the file system without the path, which the message
// names itself.
func reason(err error) string {
	var p *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "it does not exist"
	case errors.Is(err, fs.ErrPermission):
		return "reading it is not permitted"
	case errors.As(err, &p):
		return p.Err.Error()
	}
	return err.Error()
}
