package main

import (
	"debug/elf"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// findNames names the functions at the border, by the symbols of the files that
// a living process has mapped.
func (c *counted) findNames(pid int) error {
	maps, err := os.ReadFile(fmt.Sprintf("/proc/%d/maps", pid))
	if err != nil {
		return err
	}
	symbols := map[string]map[uint64]string{}
	for i := range c.where {
		p := &c.where[i]
		if p.kind == "in" {
			continue
		}
		if symbols[p.file] == nil {
			symbols[p.file] = symbolsOf(mapped(string(maps), p.file))
		}
		p.name = symbols[p.file][p.address]
		if p.name == "" {
			p.name = fmt.Sprintf("%s+%#x", p.file, p.address)
		}
	}
	return nil
}

// mapped finds the path of a file by its last element.
func mapped(maps, file string) string {
	for line := range strings.Lines(maps) {
		if _, path, ok := strings.Cut(line, "/"); ok && filepath.Base(strings.TrimSpace(path)) == file {
			return "/" + strings.TrimSpace(path)
		}
	}
	return ""
}

// symbolsOf is empty for what is no file, such as the kernel's own pages.
func symbolsOf(path string) map[uint64]string {
	names := map[uint64]string{}
	f, err := elf.Open(path)
	if err != nil {
		return names
	}
	defer f.Close()
	all, _ := f.DynamicSymbols()
	for _, s := range all {
		if s.Section != elf.SHN_UNDEF && elf.ST_TYPE(s.Info) == elf.STT_FUNC {
			names[s.Value] = shorter.Replace(s.Name)
		}
	}
	return names
}

var shorter = strings.NewReplacer("envoy_dynamic_module_callback_", "", "envoy_dynamic_module_on_", "")
