package process

import (
	"encoding/binary"
	"fmt"
)

// settled reads the changes of a response that were settled with its request:
// three numbers, then the name and the value.
func settled(in []byte) ([]action, error) {
	var out []action
	for len(in) > 0 {
		if len(in) < 12 {
			return nil, fmt.Errorf("compiled code: %d bytes are left of what it settled", len(in))
		}
		number := func(i int) int { return int(binary.NativeEndian.Uint32(in[4*i:])) }
		op, key, value := number(0), number(1), number(2)
		if in = in[12:]; len(in) < key+value {
			return nil, fmt.Errorf("compiled code: what it settled ends early")
		}
		out = append(out, action{Op: uint32(op), Key: string(in[:key]), Value: string(in[key : key+value])})
		in = in[key+value:]
	}
	return out, nil
}
