package main

import (
	"fmt"
	"math"
	"strings"
)

// The picture's measures, in pixels.
const (
	pictureWidth = 860
	nameWidth    = 190 // of the names, left of the bars
	timesWidth   = 86  // of the figures, right of them
	barHeight    = 5
	rowHeight    = 16
	groupHeight  = 26
	topHeight    = 44
)

// style is for light and dark pages alike: a page's own colours are not known
// to a picture, the reader's wish is.
const style = `
text { font: 11px system-ui, sans-serif; fill: #57606a; }
.name { text-anchor: end; fill: #24292f; }
.group { font-weight: 600; fill: #24292f; }
.axis { text-anchor: middle; }
.grid { stroke: #8c959f; stroke-opacity: .35; }
.cel { fill: #9aa4ae; }
.compiled { fill: #1a7f64; }
@media (prefers-color-scheme: dark) {
  text { fill: #9aa4ae; }
  .name, .group { fill: #e6edf3; }
  .cel { fill: #6e7681; }
  .compiled { fill: #3fb68b; }
}
`

// svg draws two bars an expression on a logarithmic scale.
func (s *sheet) svg() string {
	least, most := math.Inf(1), 0.0
	for _, e := range s.entries {
		least, most = min(least, e.Compiled.Nanoseconds, e.CEL.Nanoseconds), max(most, e.Compiled.Nanoseconds, e.CEL.Nanoseconds)
	}
	low, high := math.Floor(math.Log10(least)), math.Ceil(math.Log10(most))
	if high == low {
		high++
	}
	width := func(ns float64) float64 {
		return (math.Log10(ns) - low) / (high - low) * (pictureWidth - nameWidth - timesWidth)
	}
	var b strings.Builder
	groups := s.groups()
	height := topHeight + len(groups)*groupHeight + len(s.entries)*rowHeight + 10
	fmt.Fprintf(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\">\n", pictureWidth, height, pictureWidth, height)
	fmt.Fprintf(&b, "<title>Time of one evaluation, by cel-go and compiled, on a logarithmic scale</title>\n<style>%s</style>\n", style)
	rect := func(class string, x, y, w, h float64) {
		fmt.Fprintf(&b, "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>\n", class, x, y, w, h)
	}
	text := func(class string, x, y float64, t string) {
		fmt.Fprintf(&b, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>\n", class, x, y, escaped(t))
	}
	rect("cel", nameWidth, 8, 10, 10)
	text("key", nameWidth+15, 17, "cel-go "+s.CEL)
	rect("compiled", nameWidth+130, 8, 10, 10)
	text("key", nameWidth+145, 17, "compiled")
	text("key", pictureWidth-timesWidth+8, 17, "times faster")
	for power := low; power <= high; power++ {
		x := nameWidth + width(math.Pow(10, power))
		fmt.Fprintf(&b, "<line class=\"grid\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>\n", x, topHeight-4, x, height-10)
		text("axis", x, topHeight-8, duration(math.Pow(10, power)))
	}
	y := float64(topHeight)
	for _, group := range groups {
		text("group", 8, y+groupHeight-8, group[0].group)
		y += groupHeight
		for _, e := range group {
			text("name", nameWidth-8, y+10, e.name)
			rect("cel", nameWidth, y+2, width(e.CEL.Nanoseconds), barHeight)
			rect("compiled", nameWidth, y+2+barHeight, width(e.Compiled.Nanoseconds), barHeight)
			text("times", pictureWidth-timesWidth+8, y+10, times(e.times()))
			y += rowHeight
		}
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func duration(ns float64) string {
	switch {
	case ns >= 1e6:
		return fmt.Sprintf("%.0f ms", ns/1e6)
	case ns >= 1e3:
		return fmt.Sprintf("%.0f µs", ns/1e3)
	case ns >= 1:
		return fmt.Sprintf("%.0f ns", ns)
	}
	return fmt.Sprintf("%g ns", ns)
}

func escaped(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}
