package eval

// AndInt is math.bitAnd(a, b).
func AndInt(a, b int64) int64 { return a & b }

// AndUint is math.bitAnd(a, b).
func AndUint(a, b uint64) uint64 { return a & b }

// OrInt is math.bitOr(a, b).
func OrInt(a, b int64) int64 { return a | b }

// OrUint is math.bitOr(a, b).
func OrUint(a, b uint64) uint64 { return a | b }

// XorInt is math.bitXor(a, b).
func XorInt(a, b int64) int64 { return a ^ b }

// XorUint is math.bitXor(a, b).
func XorUint(a, b uint64) uint64 { return a ^ b }

// NotInt is math.bitNot(a).
func NotInt(a int64) int64 { return ^a }

// NotUint is math.bitNot(a).
func NotUint(a uint64) uint64 { return ^a }

// Shifts by 64 and more leave nothing; by less than 0 they fail.

// ShiftLeftInt is math.bitShiftLeft(a, by).
func ShiftLeftInt(a, by int64) (int64, Err) {
	if by < 0 {
		return 0, OutOfRange
	}
	return a << uint64(by), None
}

// ShiftLeftUint is math.bitShiftLeft(a, by).
func ShiftLeftUint(a uint64, by int64) (uint64, Err) {
	if by < 0 {
		return 0, OutOfRange
	}
	return a << uint64(by), None
}

// ShiftRightInt is math.bitShiftRight(a, by); zeros come in at the high end,
// whatever the sign of a.
func ShiftRightInt(a, by int64) (int64, Err) {
	if by < 0 {
		return 0, OutOfRange
	}
	return int64(uint64(a) >> uint64(by)), None
}

// ShiftRightUint is math.bitShiftRight(a, by).
func ShiftRightUint(a uint64, by int64) (uint64, Err) {
	if by < 0 {
		return 0, OutOfRange
	}
	return a >> uint64(by), None
}
