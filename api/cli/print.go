package cli

import (
	"fmt"
	"strings"

	"github.com/casestream/casestream/api/app"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/rivo/uniseg"
)

// json prints a value for programs, and for people who read JSON.
func (c *call) json(v any) error {
	err := json.MarshalWrite(c.out, v, app.JSON, jsontext.WithIndent("  "))
	fmt.Fprintln(c.out)
	return err
}

// table prints rows in columns. A Chinese character is two wide. Numbers stand to the right.
func (c *call) table(head []string, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	width := make([]int, len(head))
	for _, row := range append([][]string{head}, rows...) {
		for i, cell := range row {
			width[i] = max(width[i], uniseg.StringWidth(cell))
		}
	}
	line := func(row []string) {
		var b strings.Builder
		for i, cell := range row {
			gap := strings.Repeat(" ", width[i]-uniseg.StringWidth(cell))
			if i > 0 {
				b.WriteString("  ")
			}
			if i > 0 && isNumber(rows[0][i]) {
				b.WriteString(gap + cell)
			} else {
				b.WriteString(cell + gap)
			}
		}
		fmt.Fprintln(c.out, strings.TrimRight(b.String(), " "))
	}
	line(head)
	for _, row := range rows {
		line(row)
	}
	fmt.Fprintln(c.out)
}

func isNumber(s string) bool { return strings.Trim(s, "0123456789.,–-%") == "" }
