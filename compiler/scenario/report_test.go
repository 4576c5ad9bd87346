package scenario_test

import (
	"encoding/json"
	"strings"
	"testing"

	"moec.dev/moec/compiler/scenario"
)

const oneFails = `
test "passes" { send GET "/clock"; expect forward }
test "fails" {
  send GET "/no"
  expect forward
}`

func TestTextReport(t *testing.T) {
	got := report(t, ran(t, oneFails, scenario.Options{}))
	want := `FAIL shop "fails"
    shop.moe:27:3: the request was not forwarded
        sent:     GET /no
        expected: forward
        happened: 404 by shop.unmatched
FAIL shop	1 test failed of 2, 2 requests
`
	if got != want {
		t.Errorf("report is\n%s", got)
	}
	var out strings.Builder
	if err := scenario.WriteText(&out, ran(t, oneFails, scenario.Options{})[:1], true); err != nil {
		t.Fatal(err)
	}
	if out.String() != "pass shop \"passes\"\nok   shop\t1 test, 1 request\n" {
		t.Errorf("verbose report is\n%s", out.String())
	}
}

func TestJSONReport(t *testing.T) {
	var out strings.Builder
	if err := scenario.WriteJSON(&out, ran(t, oneFails, scenario.Options{})); err != nil {
		t.Fatal(err)
	}
	var got []struct {
		Bundle, Test, File string
		Line, Requests     int
		Passed             bool
		Failures           []struct {
			Line, Column int
			Message      string
			Detail       []string
		}
	}
	if err := json.Unmarshal([]byte(out.String()), &got); err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || !got[0].Passed || got[1].Passed || got[1].Test != "fails" || got[1].File != "shop.moe" ||
		len(got[1].Failures) != 1 || got[1].Failures[0].Line != 27 || len(got[1].Failures[0].Detail) != 3 ||
		!strings.Contains(out.String(), `"failures": []`) {
		t.Errorf("report is\n%s", out.String())
	}
}
