package dynmod

import (
	"debug/elf"
	"strings"
	"testing"
)

// The library shows Envoy its hooks and nothing else: another symbol of Go's or
// ours could be taken for one of the process's.
func TestExportsAreHooks(t *testing.T) {
	f, err := elf.Open(library)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	symbols, err := f.DynamicSymbols()
	if err != nil {
		t.Fatal(err)
	}
	hooks, callbacks := 0, 0
	for _, s := range symbols {
		weak := elf.ST_BIND(s.Info) == elf.STB_WEAK
		switch {
		case s.Section != elf.SHN_UNDEF && strings.HasPrefix(s.Name, "envoy_dynamic_module_on_"):
			hooks++
		case s.Section != elf.SHN_UNDEF:
			t.Errorf("%s is exported", s.Name)
		case strings.HasPrefix(s.Name, "envoy_dynamic_module_callback_"):
			callbacks++
			if !weak {
				t.Errorf("%s is not weak: an Envoy without it dies at the call", s.Name)
			}
		case s.Library == "" && !weak:
			t.Errorf("%s comes from nowhere", s.Name)
		}
	}
	// 21 that Envoy requires of an HTTP filter, local_reply, two per route.
	if hooks != 24 {
		t.Errorf("%d hooks are exported, want 24", hooks)
	}
	if callbacks < 15 {
		t.Errorf("only %d callbacks are used", callbacks)
	}
	if now, err := f.DynValue(elf.DT_FLAGS); err == nil && len(now) > 0 && elf.DynFlag(now[0])&elf.DF_BIND_NOW != 0 {
		t.Error("the library asks for all symbols at once")
	}
}
