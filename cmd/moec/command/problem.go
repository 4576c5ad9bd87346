package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"moec.dev/moec/compiler/build"
	"moec.dev/moec/dsl/diag"
	"moec.dev/moec/dsl/source"
)

// problem is what went wrong outside of the policy: one message, and what to do
// about it.
type problem struct {
	kind    diag.Code // the zero Code where none fits
	message string
	detail  string // lines that other programs said
	help    string
	usage   bool
	exit    int // if not the usual one
}

func (p *problem) Error() string { return p.message }

func (p *problem) code() int {
	switch {
	case p.exit != 0:
		return p.exit
	case p.usage:
		return exitUsage
	}
	return exitFailed
}

// diagnostic is the problem in the shape that policies' mistakes have.
func (p *problem) diagnostic() *diag.Diagnostic {
	d := &diag.Diagnostic{Code: p.kind, Span: source.Span{}, Message: p.message, Help: p.help}
	if p.detail != "" {
		d.Message += "\n" + p.detail
	}
	return d
}

func usagef(format string, args ...any) *problem {
	return &problem{kind: diag.BadUsage, message: fmt.Sprintf(format, args...), usage: true}
}

func failedf(format string, args ...any) *problem {
	return &problem{message: fmt.Sprintf(format, args...)}
}

// helpf says what to do.
func (p *problem) helpf(format string, args ...any) *problem {
	p.help = fmt.Sprintf(format, args...)
	return p
}

// errReported ends a command whose messages have been written; it is the code
// to exit with.
type errReported int

func (e errReported) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// buildProblem says why something could not be built.
func buildProblem(err error) error {
	var missing *build.MissingTool
	var failure *build.Failure
	switch {
	case errors.As(err, &missing):
		return (&problem{kind: diag.MissingTool, message: missing.Error()}).helpf("%s", missing.Help)
	case errors.As(err, &failure) && lacksHeaders(failure.Output):
		return &problem{kind: diag.MissingTool, message: "the C compiler works, but the headers of the C library are missing",
			detail: firstLines(failure.Output, 5), help: "on Debian and Ubuntu: apt-get install libc6-dev; on Fedora: dnf install glibc-devel"}
	case errors.As(err, &failure):
		return &problem{kind: diag.BuildFailed, message: failure.Error(), detail: firstLines(failure.Output, 20)}
	case errors.Is(err, context.Canceled):
		return &problem{message: "interrupted; nothing was written", exit: exitInterrupted}
	case strings.HasPrefix(err.Error(), "cache: "):
		return failedf("%v", err).helpf("set MOEC_CACHE to a directory that moec may write to")
	}
	return err
}

// exitInterrupted is what shells make of SIGINT.
const exitInterrupted = 130

// lacksHeaders recognises a gcc that was installed without the C library's
// development files, as apt does when recommendations are off.
func lacksHeaders(output string) bool {
	for _, name := range []string{"stdlib.h", "stdint.h", "stddef.h", "string.h", "errno.h", "stdio.h", "pthread.h"} {
		if strings.Contains(output, name+": No such file or directory") || strings.Contains(output, "'"+name+"' file not found") {
			return true
		}
	}
	return strings.Contains(output, "cannot find crti.o") || strings.Contains(output, "cannot find -lc")
}

func firstLines(text string, n int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) > n {
		lines = append(lines[:n], fmt.Sprintf("(%d more lines)", len(lines)-n))
	}
	return strings.Join(lines, "\n")
}

// bare is an error of the file system without the path, which the message
// names itself.
func bare(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
