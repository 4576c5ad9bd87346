package check

import (
	"moec.dev/moec/compiler/resolve"
	"moec.dev/moec/compiler/table"
	"moec.dev/moec/compiler/types"
	"moec.dev/moec/dsl/diag"
)

// Table is a table with what its file holds.
type Table struct {
	*resolve.Table
	Type  *types.Type
	Value table.Value
}

// checkTables reads the files of the tables. One that cannot be read is broken:
// who reads it is not blamed too.
func (c *checker) checkTables() {
	for _, t := range c.Bundle.Bundle.Tables {
		k := &Table{Table: t}
		if t.Decl.Type != nil {
			k.Type = Written(t.Decl.Type)
		}
		if c.readTable(k) {
			c.Tables = append(c.Tables, k)
		} else {
			c.broken[t.Name] = true
		}
	}
}

func (c *checker) readTable(k *Table) (ok bool) {
	if k.File == nil || k.Type == nil {
		return false // said before
	}
	at := k.Decl.File.Span()
	switch format := table.Format(k.Decl.File.Value); {
	case format == "":
		c.diags.Add(diag.BadTableFile, at, "%q is no file of a table: its name ends in .json, .yaml or .csv", k.Decl.File.Value)
		return false
	case format == table.CSV && !table.Cells(k.Type):
		c.diags.Add(diag.BadTableFile, at, "a CSV file cannot hold the type %s", k.Type).
			Helpf("map(string, { name: string, limit: int? }): the first column is the key, the others are fields; or use JSON")
		return false
	}
	k.Value, ok = table.Read(k.Name, k.File, k.Type, c.diags)
	return ok
}

// tableOf returns the table of a name, or nil.
func (b *Bundle) tableOf(name string) *Table {
	for _, t := range b.Tables {
		if t.Name == name {
			return t
		}
	}
	return nil
}

// unusedTables warns about tables that nothing reads.
func (c *checker) unusedTables() {
	for _, t := range c.Tables {
		if !c.used[t.Name] {
			c.diags.Add(diag.UnusedName, t.Decl.Name.Span(), "table %s is never read", t.Name).Helpf("remove it")
		}
	}
}
