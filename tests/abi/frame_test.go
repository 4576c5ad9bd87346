package abi

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unsafe"

	"moec.dev/moec/runtime/core"
)

// layout pairs every field of moe_frame and of what it contains with core's.
var layout = []struct {
	c    string // a C expression of type size_t
	want uintptr
}{
	{"sizeof(moe_frame)", unsafe.Sizeof(core.Frame{})},
	{"offsetof(moe_frame, headers)", unsafe.Offsetof(core.Frame{}.Headers)},
	{"offsetof(moe_frame, nheaders)", unsafe.Offsetof(core.Frame{}.NHeaders)},
	{"offsetof(moe_frame, arena)", unsafe.Offsetof(core.Frame{}.Arena)},
	{"offsetof(moe_frame, bundle)", unsafe.Offsetof(core.Frame{}.Bundle)},
	{"offsetof(moe_frame, phase)", unsafe.Offsetof(core.Frame{}.Phase)},
	{"offsetof(moe_frame, now)", unsafe.Offsetof(core.Frame{}.Now)},
	{"offsetof(moe_frame, clock)", unsafe.Offsetof(core.Frame{}.Clock)},
	{"offsetof(moe_frame, attributes)", unsafe.Offsetof(core.Frame{}.Attributes)},
	{"offsetof(moe_frame, route)", unsafe.Offsetof(core.Frame{}.Route)},
	{"offsetof(moe_frame, arena_len)", unsafe.Offsetof(core.Frame{}.ArenaLen)},
	{"offsetof(moe_frame, verdict)", unsafe.Offsetof(core.Frame{}.Verdict)},
	{"offsetof(moe_frame, status)", unsafe.Offsetof(core.Frame{}.Status)},
	{"offsetof(moe_frame, flags)", unsafe.Offsetof(core.Frame{}.Flags)},
	{"offsetof(moe_frame, nactions)", unsafe.Offsetof(core.Frame{}.NActions)},
	{"offsetof(moe_frame, outcome)", unsafe.Offsetof(core.Frame{}.Outcome)},
	{"offsetof(moe_frame, shadows)", unsafe.Offsetof(core.Frame{}.Shadows)},
	{"offsetof(moe_frame, body)", unsafe.Offsetof(core.Frame{}.Body)},
	{"offsetof(moe_frame, details)", unsafe.Offsetof(core.Frame{}.Details)},
	{"offsetof(moe_frame, label)", unsafe.Offsetof(core.Frame{}.Label)},
	{"offsetof(moe_frame, after)", unsafe.Offsetof(core.Frame{}.After)},
	{"offsetof(moe_frame, nheld)", unsafe.Offsetof(core.Frame{}.NHeld)},
	{"offsetof(moe_frame, held)", unsafe.Offsetof(core.Frame{}.Held)},
	{"offsetof(moe_frame, kept)", unsafe.Offsetof(core.Frame{}.Kept)},
	{"offsetof(moe_frame, max_body)", unsafe.Offsetof(core.Frame{}.MaxBody)},
	{"offsetof(moe_frame, before)", unsafe.Offsetof(core.Frame{}.Before)},
	{"offsetof(moe_frame, first)", unsafe.Offsetof(core.Frame{}.First)},
	{"offsetof(moe_frame, actions)", unsafe.Offsetof(core.Frame{}.Actions)},
	{"sizeof(moe_field)", unsafe.Sizeof(core.Field{})},
	{"offsetof(moe_field, key)", unsafe.Offsetof(core.Field{}.Key)},
	{"offsetof(moe_field, value)", unsafe.Offsetof(core.Field{}.Value)},
	{"sizeof(moe_bytes)", unsafe.Sizeof(core.Bytes{})},
	{"offsetof(moe_bytes, ptr)", unsafe.Offsetof(core.Bytes{}.P)},
	{"offsetof(moe_bytes, len)", unsafe.Offsetof(core.Bytes{}.N)},
	{"sizeof(moe_ref)", unsafe.Sizeof(core.Ref{})},
	{"offsetof(moe_ref, ptr)", unsafe.Offsetof(core.Ref{}.P)},
	{"offsetof(moe_ref, len)", unsafe.Offsetof(core.Ref{}.N)},
	{"sizeof(moe_action)", unsafe.Sizeof(core.Action{})},
	{"offsetof(moe_action, op)", unsafe.Offsetof(core.Action{}.Op)},
	{"offsetof(moe_action, key)", unsafe.Offsetof(core.Action{}.Key)},
	{"offsetof(moe_action, value)", unsafe.Offsetof(core.Action{}.Value)},
	{"sizeof(moe_attribute)", unsafe.Sizeof(core.Attribute{})},
	{"offsetof(moe_attribute, text)", unsafe.Offsetof(core.Attribute{}.Text)},
	{"offsetof(moe_attribute, number)", unsafe.Offsetof(core.Attribute{}.Int)},
	{"offsetof(moe_attribute, known)", unsafe.Offsetof(core.Attribute{}.Known)},
	{"MOE_MAX_HEADERS", core.MaxHeaders},
	{"MOE_MAX_ACTIONS", core.MaxActions},
	{"MOE_MAX_ATTRIBUTES", core.MaxAttributes},
	{"MOE_ARENA_SIZE", core.ArenaSize},
	{"MOE_MAX_HELD", core.MaxHeld},
	{"MOE_REMOVE", uintptr(core.OpRemove)},
	{"MOE_SET", uintptr(core.OpSet)},
	{"MOE_ADD", uintptr(core.OpAdd)},
	{"MOE_SET_IF_ABSENT", uintptr(core.OpSetIfAbsent)},
	{"MOE_PHASE_REQUEST", uintptr(core.PhaseRequest)},
	{"MOE_PHASE_RESPONSE", uintptr(core.PhaseResponse)},
	{"MOE_PHASE_TRAILERS", uintptr(core.PhaseTrailers)},
	{"MOE_VERDICT_UNSET", uintptr(core.VerdictUnset)},
	{"MOE_VERDICT_CONTINUE", uintptr(core.VerdictContinue)},
	{"MOE_VERDICT_REPLY", uintptr(core.VerdictReply)},
	{"MOE_FLAG_RESPONSE", uintptr(core.FlagResponse)},
	{"MOE_FLAG_REROUTE", uintptr(core.FlagReroute)},
	{"MOE_FLAG_FAULT", uintptr(core.FlagFault)},
	{"MOE_FLAG_SHADOW", uintptr(core.FlagShadow)},
	{"MOE_FLAG_CROWDED", uintptr(core.FlagCrowded)},
	{"MOE_FLAG_SETTLED", uintptr(core.FlagSettled)},
	{"MOE_PHASE_BODY", uintptr(core.PhaseBody)},
	{"MOE_CAPTURE_SIZE", core.KeptSize},
	{"MOE_ANNOUNCE_SIZE", core.AnnounceSize},
	{"MOE_KIND_TEXT", uintptr(core.KindText)},
	{"MOE_KIND_INT", uintptr(core.KindInt)},
	{"MOE_KIND_BOOL", uintptr(core.KindBool)},
}

func TestFrameIsOneLayout(t *testing.T) {
	for _, difference := range differences(t, host) {
		t.Error(difference)
	}
}

func TestFrameDifferencesAreFound(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(host)); err != nil {
		t.Fatal(err)
	}
	edit(t, filepath.Join(dir, "frame.h"), "  int32_t route;\n  uint32_t arena_len;", "  uint32_t arena_len;\n  int32_t route;")
	if got := differences(t, dir); len(got) != 2 {
		t.Fatalf("two swapped fields gave %q", got)
	}
}

func differences(t *testing.T, dir string) (found []string) {
	t.Helper()
	var c strings.Builder
	c.WriteString("#include <stdio.h>\n#include \"dynmod/shim.h\"\nint main(void) {\n")
	for _, l := range layout {
		fmt.Fprintf(&c, "  printf(\"%%zu\\n\", (size_t)(%s));\n", l.c)
	}
	c.WriteString("  return 0;\n}\n")
	program := filepath.Join(t.TempDir(), "layout")
	cc := exec.Command("gcc", "-std=gnu11", "-I", dir, "-x", "c", "-", "-o", program)
	cc.Stdin = strings.NewReader(c.String())
	if out, err := cc.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := exec.Command(program).Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Fields(string(out))
	if len(lines) != len(layout) {
		t.Fatalf("%d lines for %d questions", len(lines), len(layout))
	}
	for i, l := range layout {
		if lines[i] != fmt.Sprint(l.want) {
			found = append(found, fmt.Sprintf("%s is %s in C and %d in Go", l.c, lines[i], l.want))
		}
	}
	return found
}

// The build cache does not see frame.h, which lies outside the package that
// includes it; the digest in dynmod.go makes a change visible.
func TestFrameDigestIsInPackage(t *testing.T) {
	frame, err := os.ReadFile(host + "/frame.h")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(host + "/dynmod/dynmod.go")
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("frame.h sha256 %x", sha256.Sum256(frame)); !strings.Contains(string(text), want) {
		t.Fatalf("runtime/host/frame.h changed; write %q into runtime/host/dynmod/dynmod.go", want)
	}
}
