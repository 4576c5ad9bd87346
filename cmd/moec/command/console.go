package command

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"moec.dev/moec/compiler/build"
	"moec.dev/moec/dsl/diag"
)

// console is what one run of moec talks through: where it writes, and what it has found.
type console struct {
	ctx         context.Context
	env         Env
	color       bool // of standard error
	colorOut    bool // of standard output
	json, sarif bool // what machines read; nothing else goes to standard output then
	found       []*diag.Diagnostic
	times       []timing
	answer      answer
}

// answer is the one document that --json prints. Its names are a promise.
type answer struct {
	Diagnostics json.RawMessage `json:"diagnostics"`
	Errors      int             `json:"errors"`
	Warnings    int             `json:"warnings"`
	Library     string          `json:"library,omitempty"`
	Manifest    *build.Manifest `json:"manifest,omitempty"`
	Tests       json.RawMessage `json:"tests,omitempty"`
	Timings     []timing        `json:"timings,omitempty"`
	Account     json.RawMessage `json:"account,omitempty"`
	Coverage    json.RawMessage `json:"coverage,omitempty"`
	Plans       json.RawMessage `json:"plans,omitempty"`
}

// timing is what one stage took.
type timing struct {
	Bundle string  `json:"bundle,omitempty"`
	Stage  string  `json:"stage"`
	MS     float64 `json:"ms"`
}

// jsonFlag gives a command its --json.
func (s *console) jsonFlag(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&s.json, "json", false, "print one JSON document for machines")
}

// document prints what was found for machines.
func (s *console) document() error {
	if s.sarif {
		return diag.WriteSARIF(s.env.Stdout, s.found)
	}
	var text bytes.Buffer
	if err := diag.WriteJSON(&text, s.found); err != nil {
		return err
	}
	if err := json.Unmarshal(text.Bytes(), &s.answer); err != nil {
		return err
	}
	return writeJSON(s.env.Stdout, s.answer)
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// complain writes a problem to standard error.
func (s *console) complain(p *problem) {
	w := s.env.Stderr
	if p.kind.ID != "" {
		d := p.diagnostic()
		d.Message, d.Help = p.message, ""
		_ = diag.WriteText(w, []*diag.Diagnostic{d}, s.color)
	} else {
		fmt.Fprintf(w, "%s %s\n", s.styled(red, "error:"), p.message)
	}
	if p.detail != "" {
		fmt.Fprintf(w, "    %s\n", strings.ReplaceAll(p.detail, "\n", "\n    "))
	}
	if p.help != "" {
		fmt.Fprintf(w, "%s %s\n", s.styled(cyan, "help:"), p.help)
	}
}

// note tells people something that is neither asked for nor wrong.
func (s *console) note(format string, args ...any) {
	fmt.Fprintf(s.env.Stderr, "%s %s\n", s.styled(cyan, "note:"), fmt.Sprintf(format, args...))
}

const (
	red  = "\x1b[1;31m"
	cyan = "\x1b[1;36m"
)

func (s *console) styled(style, text string) string {
	if !s.color {
		return text
	}
	return style + text + "\x1b[0m"
}

// colorful reports whether a stream is a terminal whose user wants colours.
func colorful(w io.Writer) bool {
	_, unwanted := os.LookupEnv("NO_COLOR")
	return !unwanted && os.Getenv("TERM") != "dumb" && terminal(w)
}

// terminal reports whether a stream is one: a device of characters, and not the
// one that swallows them.
func terminal(stream any) bool {
	f, ok := stream.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return false
	}
	null, err := os.Stat(os.DevNull)
	return err == nil && !os.SameFile(info, null)
}
