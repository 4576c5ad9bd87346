package files

import (
	"strconv"

	"moec.dev/moec/runtime/eval"
)

// ListOf reads a list.
func ListOf[T any](d *Decoder, elem func(*Decoder) T) []T {
	if d.next() != '[' {
		d.unlike("a list")
		return nil
	}
	d.pos++
	out := []T{}
	if d.next() == ']' {
		d.pos++
		return out
	}
	for d.err == nil {
		d.in(strconv.Itoa(len(out)), func() { out = append(out, elem(d)) })
		if d.next() == ',' {
			d.pos++
			continue
		}
		d.take(']')
		break
	}
	return out
}

// MapOf reads an object as a map.
func MapOf[T any](d *Decoder, elem func(*Decoder) T) eval.Map[string, T] {
	var keys []string
	var values []T
	d.object("an object", func(key string) { keys, values = append(keys, key), append(values, elem(d)) })
	return eval.MakeMap(keys, values)
}

// OptionalOf reads a value that may be null.
func OptionalOf[T any](d *Decoder, elem func(*Decoder) T) eval.Optional[T] {
	if d.cells && d.word(`""`) || !d.cells && d.word("null") {
		return eval.Optional[T]{}
	}
	return eval.Some(elem(d))
}

// Field is a field of a record.
type Field struct {
	Name     string
	Optional bool
}

// Record reads an object of exactly these fields: f reads the i-th.
func (d *Decoder) Record(fields []Field, f func(i int)) {
	var found uint64
	var more []bool
	if len(fields) > 64 {
		more = make([]bool, len(fields))
	}
	d.object("an object", func(key string) {
		for i := range fields {
			if fields[i].Name == key {
				if more != nil {
					more[i] = true
				} else {
					found |= 1 << i
				}
				f(i)
				return
			}
		}
		d.fail("there is no such field")
	})
	for i := range fields {
		if fields[i].Optional || more != nil && more[i] || more == nil && found&(1<<i) != 0 {
			continue
		}
		d.in(fields[i].Name, func() { d.fail("the field is missing") })
	}
}
