package resolve

import "testing"

func TestUnownedDomain(t *testing.T) {
	for suffix, owned := range map[string]bool{
		"example.com": true, "shop.example.com": true, "example.co.uk": true, "a.github.io": true, "new.example": true, "co.example": true, "1and1.com": true,
		"com": false, "COM": false, "io": false, "co.uk": false, "Com.AU": false, "github.io": false, "1.2.3": false, "example.7": false, "a.0x7f": false, "a.0x": false, "example.com.1": false,
	} {
		if why := unownedDomain(suffix); (why == "") != owned {
			t.Errorf("%s: %q", suffix, why)
		}
	}
}
