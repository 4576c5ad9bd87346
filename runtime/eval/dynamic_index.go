package eval

// get is the value at a key or index of a list or map, as far as there is one.
// It fails for keys that nothing can have, and for indices that are no number.
// What is neither list nor map has nothing at any key, and is asked in vain.
func get(container, key Value) (v Value, found bool, err Err) {
	if key.kind < BoolKind || key.kind > StringKind {
		return Value{}, false, NoOverload
	}
	switch container.kind {
	case MapKind:
		if at := lookupValue(container.composite.entries, key); at >= 0 {
			return container.composite.entries.Values[at], true, None
		}
	case ListKind:
		i, err := IntKey(key) // of what is no whole number there is none
		if err != None {
			return Value{}, false, err
		}
		if l := container.composite.list; i >= 0 && i < int64(len(l)) {
			return l[i], true, None
		}
	}
	return Value{}, false, None
}

// missing is the error for a key or index that is not there.
func missing(container Value) Err {
	switch container.kind {
	case MapKind:
		return NoSuchKey
	case ListKind:
		return OutOfRange
	}
	return NoOverload
}

// IndexValue is container[key]. A list's index may be a number of any kind
// that is whole. Of an optional it is an optional.
func IndexValue(container, key Value) (Value, Err) {
	if container.kind == OptionalKind {
		o, err := OptionalIndexValue(container, key)
		if err != None {
			return Value{}, err
		}
		return OptionalValue(o), None
	}
	v, found, err := get(container, key)
	if err == None && !found {
		err = missing(container)
	}
	return v, err
}

// OptionalIndexValue is container[?key], where container may be an optional. It
// has no value where container is neither list nor map.
func OptionalIndexValue(container, key Value) (Optional[Value], Err) {
	if container.kind == OptionalKind {
		if len(container.composite.list) == 0 {
			return Optional[Value]{}, None
		}
		container = container.composite.list[0]
	}
	v, found, err := get(container, key)
	return Optional[Value]{Value: v, OK: found}, err
}

// Field is v.name: a map's value, and of an optional an optional.
func Field(v Value, name string) (Value, Err) { return IndexValue(v, StringValue(name)) }

// HasField is has(v.name). What is no map has no fields; only a list has not
// even none, and fails.
func HasField(v Value, name string) (bool, Err) {
	o, err := OptionalField(v, name)
	return o.OK, err
}

// OptionalField is v.?name, where v may be an optional.
func OptionalField(v Value, name string) (Optional[Value], Err) {
	return OptionalIndexValue(v, StringValue(name))
}
