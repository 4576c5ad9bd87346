package command

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// screen is a terminal: what is written to it comes out of the function.
func screen(t *testing.T) (*os.File, func() string) {
	t.Helper()
	outer, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	t.Cleanup(func() { outer.Close() })
	var number, unlocked uint32
	for request, value := range map[uintptr]*uint32{syscall.TIOCSPTLCK: &unlocked, syscall.TIOCGPTN: &number} {
		if _, _, e := syscall.Syscall(syscall.SYS_IOCTL, outer.Fd(), request, uintptr(unsafe.Pointer(value))); e != 0 {
			t.Skipf("no terminals here: %v", e)
		}
	}
	inner, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	seen := make(chan string)
	go func() {
		var all bytes.Buffer
		_, _ = all.ReadFrom(outer) // ends with the last closing of inner
		seen <- all.String()
	}()
	return inner, func() string {
		inner.Close()
		return <-seen
	}
}

func TestWorking(t *testing.T) {
	tty, seen := screen(t)
	s := &console{env: Env{Stderr: tty}}
	done := s.working("building %s", "x.so")
	time.Sleep(1500 * time.Millisecond)
	done()
	done() // a second time does nothing
	s.working("something quick")()
	if got, want := seen(), "\r\x1b[Kbuilding x.so ... 1 s\r\x1b[K"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// Machines and files see nothing of it.
func TestWorkingElsewhere(t *testing.T) {
	tty, seen := screen(t)
	for _, s := range []*console{{env: Env{Stderr: tty}, json: true}, {env: Env{Stderr: tty}, sarif: true}} {
		done := s.working("building")
		time.Sleep(1100 * time.Millisecond)
		done()
	}
	if got := seen(); got != "" {
		t.Errorf("%q", got)
	}
	var out bytes.Buffer
	(&console{env: Env{Stderr: &out}}).working("building")()
	if out.Len() > 0 {
		t.Errorf("%q", out.String())
	}
}

// Colours are for terminals, and for those who want them.
func TestColours(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/a.moe", []byte("route a { match GET \"/\"; public; respond 200 }\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	shown := func() string {
		tty, seen := screen(t)
		if code := Main(context.Background(), Env{Args: []string{"explain", dir + "/a.moe", "GET /"}, Stdin: strings.NewReader(""), Stdout: tty, Stderr: tty}); code != 0 {
			t.Errorf("exit code %d", code)
		}
		return seen()
	}
	t.Setenv("TERM", "xterm")
	t.Setenv("NO_COLOR", "") // so that it comes back
	os.Unsetenv("NO_COLOR")
	if got := shown(); !strings.Contains(got, "\x1b[1;33m=>\x1b[0m") {
		t.Errorf("no colours in %q", got)
	}
	t.Setenv("NO_COLOR", "1")
	if got := shown(); strings.Contains(got, "\x1b") || !strings.Contains(got, "answered 200") {
		t.Errorf("%q", got)
	}
}
