package rest

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const root = "../.."

func readSecurity(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(root + "/SECURITY.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestEveryTestNamedInSecurityExists(t *testing.T) {
	there := make(map[string]bool)
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, found := range declared.FindAllStringSubmatch(string(text), -1) {
			there[found[1]] = true
		}
		return err
	})
	if err != nil || len(there) < 500 {
		t.Fatalf("%d tests, %v", len(there), err)
	}
	named := regexp.MustCompile("`((?:Test|Fuzz)[A-Z]\\w*)`").FindAllStringSubmatch(readSecurity(t), -1)
	if len(named) < 80 {
		t.Errorf("only %d tests are named", len(named))
	}
	for _, name := range named {
		if !there[name[1]] {
			t.Errorf("SECURITY.md names %s, and there is none", name[1])
		}
	}
}

// levels1And2 are the requirements of ASVS 5.0.0 up to level 2.
const levels1And2 = `1.1.1-2 1.2.1-9 1.3.1-11 1.4.1-3 1.5.1-2  2.1.1-3 2.2.1-3 2.3.1-4 2.4.1
	3.2.1-2 3.3.1-4 3.4.1-6 3.5.1-5 3.7.1-2  4.1.1-3 4.2.1 4.3.1-2 4.4.1-4  5.1.1 5.2.1-3 5.3.1-2 5.4.1-3
	6.1.1-3 6.2.1-12 6.3.1-4 6.4.1-4 6.5.1-5 6.6.1-3 6.8.1-4  7.1.1-3 7.2.1-4 7.3.1-2 7.4.1-5 7.5.1-2 7.6.1-2
	8.1.1-2 8.2.1-3 8.3.1 8.4.1  9.1.1-3 9.2.1-4  10.1.1-2 10.2.1-2 10.3.1-4 10.4.1-11 10.5.1-5 10.6.1-2 10.7.1-3
	11.1.1-2 11.2.1-3 11.3.1-3 11.4.1-4 11.5.1 11.6.1  12.1.1-3 12.2.1-2 12.3.1-4  13.1.1 13.2.1-5 13.3.1-2 13.4.1-5
	14.1.1-2 14.2.1-4 14.3.1-3  15.1.1-3 15.2.1-3 15.3.1-7  16.1.1 16.2.1-5 16.3.1-4 16.4.1-3 16.5.1-3  17.1.1 17.2.1-4 17.3.1-2`

// Every requirement is in one list and in no other: nothing is left out in silence, and no number is made up.
func TestEveryRequirementOfASVSIsInOneList(t *testing.T) {
	wanted := make(map[string]int)
	for _, group := range strings.Fields(levels1And2) {
		from, last, _ := strings.Cut(group, "-")
		section, first := from[:strings.LastIndexByte(from, '.')], from[strings.LastIndexByte(from, '.')+1:]
		if last == "" {
			last = first
		}
		begin, _ := strconv.Atoi(first)
		end, _ := strconv.Atoi(last)
		for n := begin; n <= end; n++ {
			wanted[fmt.Sprintf("%s.%d", section, n)] = 0
		}
	}
	if len(wanted) != 253 {
		t.Fatalf("the standard has 253, not %d", len(wanted))
	}
	_, text, found := strings.Cut(readSecurity(t), "### Shown by a test")
	if !found {
		t.Fatal("where is the table?")
	}
	for _, group := range regexp.MustCompile(`\b(\d+\.\d+)\.(\d+)(?:–(\d+\.\d+)\.(\d+))?\b`).FindAllStringSubmatch(text, -1) {
		begin, _ := strconv.Atoi(group[2])
		end := begin
		if group[3] != "" {
			if end, _ = strconv.Atoi(group[4]); group[3] != group[1] || end <= begin {
				t.Errorf("%s is no range", group[0])
			}
		}
		for n := begin; n <= end; n++ {
			number := fmt.Sprintf("%s.%d", group[1], n)
			if _, is := wanted[number]; !is {
				t.Errorf("%s is no requirement of levels 1 and 2", number)
			}
			wanted[number]++
		}
	}
	for number, times := range wanted {
		if times != 1 {
			t.Errorf("%s is in %d lists", number, times)
		}
	}
}

// What stands in an address is an id, a day, a position, a number or a code; never words about anyone. Addresses are kept
// by proxies and browsers.
func TestNoQuestionAsksForWords(t *testing.T) {
	harmless := []string{
		"after", "all", "as_of", "from", "known_at", "limit", "number", "previous", "to", "year", // points in time, and how much
		"agency", "category", "key", "project", "purpose", "recipient", "site", "stage", "type", // codes
		"actor", "id", "worker",
	}
	operations, _ := contracted(t)
	asked := 0
	for _, o := range operations {
		for _, p := range o.params {
			if p.In != "path" && p.In != "query" {
				continue
			}
			asked++
			if !slices.Contains(harmless, p.Name) {
				t.Errorf("%s %s asks for %s in the address: can words be in it?", o.method, o.path, p.Name)
			}
			most, bounded := p.Schema["maxLength"].(float64)
			if p.Schema["type"] == "string" && p.Schema["format"] != "uuid" && p.Schema["enum"] == nil && p.Name != "previous" && (!bounded || most > 64) {
				text, _ := json.Marshal(p.Schema)
				t.Errorf("%s %s: %s may be of any length: %s", o.method, o.path, p.Name, text)
			}
		}
	}
	if asked < 100 {
		t.Errorf("only %d parameters were found", asked)
	}
}
