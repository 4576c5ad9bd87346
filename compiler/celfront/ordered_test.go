package celfront

import (
	"fmt"
	"testing"
)

// Maps come in the order in which they are written or built, every time.
func TestOrdered(t *testing.T) {
	e := names(t)
	for _, c := range []struct{ text, want string }{
		{`{"z": n, "b": 2, "m": 3, "a": 4, "y": 5}.map(k, k).join(",")`, "z,b,m,a,y"},
		{`{"z": n, ?"o": optional.none(), "b": 2, "m": 3, ?"a": optional.of(4)}.map(k, k).join(",")`, "z,b,m,a"},
		{`{"z": n, "b": 2, "m": 3, "a": 4}.transformMap(k, v, v != 2, v == 1).map(k, k).join(",")`, "z,m,a"},
		{`["z", "b", "m", "a"].transformMapEntry(i, v, i + n > 0, {v: i}).map(k, k).join(",")`, "z,b,m,a"},
		{`{"z": {"y": n, "x": 2}, "b": {"d": n, "c": 2}}.transformList(k, v, k + v.map(i, i).join("")).join(",")`, "zyx,bdc"},
	} {
		p, err := checked(t, e, c.text).Program()
		if err != nil {
			t.Fatal(err)
		}
		for range 8 {
			v, _, err := p.Eval(map[string]any{"n": 1})
			if err != nil || fmt.Sprint(v.Value()) != c.want {
				t.Fatalf("%s: %v %v, want %s", c.text, v, err, c.want)
			}
		}
		folded := ""
		for range 8 {
			constant := checked(t, e, `cel.bind(n, 1, `+c.text+`)`).Folded()
			if folded = fmt.Sprint(constant.Value); folded != c.want {
				t.Fatalf("%s: folded to %s, want %s", c.text, folded, c.want)
			}
		}
	}
}
