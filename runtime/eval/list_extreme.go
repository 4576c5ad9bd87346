package eval

// number is a type that math.least and math.greatest know.
type number interface{ ~int64 | ~uint64 | ~float64 }

// MaxOf is math.greatest(l). An empty list has no greatest number, and NaN no
// order among others.
func MaxOf[T number](l []T) (T, Err) { return extreme(l, func(a, b T) bool { return a < b }) }

// MinOf is math.least(l).
func MinOf[T number](l []T) (T, Err) { return extreme(l, func(a, b T) bool { return a > b }) }

// extreme is the first element that no other one beats.
func extreme[T number](l []T, beaten func(a, b T) bool) (T, Err) {
	if len(l) == 0 {
		return 0, OutOfRange
	}
	best := l[0]
	for _, n := range l[1:] {
		if best != best || n != n {
			return 0, NotOrdered
		}
		if beaten(best, n) {
			best = n
		}
	}
	return best, None
}

// MaxValue is math.greatest(a, b) for values of any kind; where they are equal
// it is a. Among others than numbers it fails.
func MaxValue(a, b Value) (Value, Err) { return extremeValue(a, b, 1) }

// MinValue is math.least(a, b).
func MinValue(a, b Value) (Value, Err) { return extremeValue(a, b, -1) }

func extremeValue(a, b Value, sign int) (Value, Err) {
	cmp, ordered, ok := compareNumbers(a, b)
	switch {
	case !ok:
		return Value{}, NoOverload
	case !ordered:
		return Value{}, NotOrdered
	case cmp*sign < 0:
		return b, None
	}
	return a, None
}

// MaxValues is math.greatest(l) for elements of any kind.
func MaxValues(l []Value) (Value, Err) { return extremeValues(l, 1) }

// MinValues is math.least(l).
func MinValues(l []Value) (Value, Err) { return extremeValues(l, -1) }

func extremeValues(l []Value, sign int) (Value, Err) {
	if len(l) == 0 {
		return Value{}, OutOfRange
	}
	best := l[0]
	if k := best.kind; k != IntKind && k != UintKind && k != DoubleKind {
		return Value{}, NoOverload
	}
	for i := range l[1:] {
		var err Err
		if best, err = extremeValue(best, l[1+i], sign); err != None {
			return Value{}, err
		}
	}
	return best, None
}

// MaxIntUint is math.greatest(a, b).
func MaxIntUint(a int64, b uint64) Value {
	v, _ := MaxValue(IntValue(a), UintValue(b)) // integers have an order
	return v
}

// MaxIntDouble is math.greatest(a, b).
func MaxIntDouble(a int64, b float64) (Value, Err) { return MaxValue(IntValue(a), DoubleValue(b)) }

// MaxUintInt is math.greatest(a, b).
func MaxUintInt(a uint64, b int64) Value {
	v, _ := MaxValue(UintValue(a), IntValue(b)) // integers have an order
	return v
}

// MaxUintDouble is math.greatest(a, b).
func MaxUintDouble(a uint64, b float64) (Value, Err) { return MaxValue(UintValue(a), DoubleValue(b)) }

// MaxDoubleInt is math.greatest(a, b).
func MaxDoubleInt(a float64, b int64) (Value, Err) { return MaxValue(DoubleValue(a), IntValue(b)) }

// MaxDoubleUint is math.greatest(a, b).
func MaxDoubleUint(a float64, b uint64) (Value, Err) { return MaxValue(DoubleValue(a), UintValue(b)) }

// MinIntUint is math.least(a, b).
func MinIntUint(a int64, b uint64) Value {
	v, _ := MinValue(IntValue(a), UintValue(b)) // integers have an order
	return v
}

// MinIntDouble is math.least(a, b).
func MinIntDouble(a int64, b float64) (Value, Err) { return MinValue(IntValue(a), DoubleValue(b)) }

// MinUintInt is math.least(a, b).
func MinUintInt(a uint64, b int64) Value {
	v, _ := MinValue(UintValue(a), IntValue(b)) // integers have an order
	return v
}

// MinUintDouble is math.least(a, b).
func MinUintDouble(a uint64, b float64) (Value, Err) { return MinValue(UintValue(a), DoubleValue(b)) }

// MinDoubleInt is math.least(a, b).
func MinDoubleInt(a float64, b int64) (Value, Err) { return MinValue(DoubleValue(a), IntValue(b)) }

// MinDoubleUint is math.least(a, b).
func MinDoubleUint(a float64, b uint64) (Value, Err) { return MinValue(DoubleValue(a), UintValue(b)) }
