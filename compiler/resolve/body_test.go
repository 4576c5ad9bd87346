package resolve

import (
	"strconv"
	"strings"
	"testing"
)

// Wherever a body is said to be JSON, it is; the message tells what is wrong
// and where.
func TestBodiesThatAreNotJSON(t *testing.T) {
	for _, c := range []struct{ body, why string }{
		{"{}", ""},
		{" [1, \"é\", null] ", ""},
		{"\"text\"", ""},
		{"", "it is empty"},
		{"not json", "invalid character 'o' in literal null (expecting 'u'), at character 2"},
		{"{\"a\":1", "it ends too early, after character 6"},
		{"{\"é\": x}", "invalid character 'x' looking for beginning of value, at character 7"},
		{"{\n  \"a\": 1,\n}", "invalid character '}' looking for beginning of object key string, at character 1 of line 3"},
		{"{} {}", "invalid character '{' after top-level value, at character 4"},
		{"{'a': 1}", "invalid character '\\'' looking for beginning of object key string, at character 2"},
	} {
		literal := strconv.Quote(c.body)
		want := ""
		if c.why != "" {
			want = "M0106 [" + literal + "] the body is not JSON: " + c.why
		}
		for _, policy := range []string{
			"route r { match GET \"/\"; public; respond 200 json B }\n",
			"route r { match GET \"/\"; public; deny when true with 403 json B; respond 200 }\n",
			"bundle shop { reply 403 json B }\n" + health,
		} {
			if _, got := resolved(strings.Replace(policy, "B", literal, 1)); got != want {
				t.Errorf("%s\n got %s\nwant %s", strings.Replace(policy, "B", literal, 1), got, want)
			}
		}
		if _, got := resolved(strings.Replace("route r { match GET \"/\"; public; respond 200 B }\n", "B", literal, 1)); got != "" {
			t.Errorf("text is refused: %s", got)
		}
	}
}
