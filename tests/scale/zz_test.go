package scale
import ("testing";"testing/fstest";"time";"fmt";"strings";"moec.dev/moec/compiler")
func TestLets(t *testing.T) {
 var b strings.Builder
 for i:=0;i<1000;i++ { fmt.Fprintf(&b, "let l%d = %s\n", i, map[bool]string{true: `header("x") == "a"`, false: fmt.Sprintf(`l%d && header("x%d") == "b"`, max(i-1,0), i)}[i%10==0]) }
 b.WriteString("route r {\n match GET \"/\"\n public\n deny d when l0")
 for i:=1;i<1000;i+=5 { fmt.Fprintf(&b, " && l%d", i) }
 b.WriteString("\n respond 200 \"\"\n}\n")
 files := fstest.MapFS{"a.moe": &fstest.MapFile{Data: []byte(b.String())}}
 start := time.Now()
 u, found := compiler.Run(compiler.Input{FS: files, Name: "large"}, "")
 n:=0
 for _, d := range found { if !strings.Contains(d.Error(), "M0506") && n < 5 { n++; t.Log(d) } }
 t.Log(len(found), time.Since(start), u.Times)
}
