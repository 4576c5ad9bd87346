package pipe

import (
	"fmt"

	"moec.dev/moec/runtime/core"
)

// place puts tables in place of a bundle's own, and those back that are not
// named.
func place(b *core.Bundle, tables map[string]string) error {
	if b.Files == nil {
		if len(tables) > 0 {
			return fmt.Errorf("bundle %s has no tables", b.Name)
		}
		return nil
	}
	b.Files.Open(0)
	for name, text := range tables {
		found := false
		for i, s := range b.Files.Sources {
			if s.Name == "table "+name {
				found = true
				if err := b.Files.Replace(0, i, text, true); err != nil {
					return err
				}
			}
		}
		if !found {
			return fmt.Errorf("bundle %s has no table %s", b.Name, name)
		}
	}
	return nil
}
