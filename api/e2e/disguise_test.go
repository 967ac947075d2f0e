package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
)

// disguises are the forms in which texts can stand in a file.
func disguises(texts map[string]string) map[string][]byte {
	all := make(map[string][]byte)
	for name, text := range texts {
		all[name+", UTF-8"] = []byte(text)
		var little, big, escaped []byte
		for _, u := range utf16.Encode([]rune(text)) {
			little, big = append(little, byte(u), byte(u>>8)), append(big, byte(u>>8), byte(u))
			escaped = fmt.Appendf(escaped, `\u%04x`, u)
		}
		all[name+", UTF-16LE"], all[name+", UTF-16BE"] = little, big
		all[name+", JSON"], all[name+", JSON in capitals"] = escaped, []byte(strings.ReplaceAll(strings.ToUpper(string(escaped)), `\U`, `\u`))
		all[name+", hex"], all[name+", hex in capitals"] = []byte(hex.EncodeToString([]byte(text))), []byte(strings.ToUpper(hex.EncodeToString([]byte(text))))
		for shift := range 3 {
			for kind, encoding := range map[string]*base64.Encoding{"base64": base64.RawStdEncoding, "base64url": base64.RawURLEncoding} {
				coded := encoding.EncodeToString(append(make([]byte, shift), text...))
				from, to := (shift*8+5)/6, (shift+len(text))*8/6 // the ends depend on what is beside
				all[fmt.Sprintf("%s, %s at %d", name, kind, shift)] = []byte(coded[from:to])
			}
		}
	}
	return all
}

// search looks into every file below a directory.
func search(t *testing.T, when, dir string, patterns map[string][]byte) (files int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		find(t, when+": "+filepath.Base(path), content, patterns)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func find(t *testing.T, where string, content []byte, patterns map[string][]byte) {
	t.Helper()
	for form, pattern := range patterns {
		if at := bytes.Index(content, pattern); at >= 0 {
			t.Errorf("%s holds what was written about someone (%s): …%q…", where, form, content[max(0, at-40):min(len(content), at+60)])
		}
	}
}

// What the search finds, when there is something to be found.
func TestTheSearchFindsEveryDisguise(t *testing.T) {
	g := newGarden(nil)
	patterns := disguises(g.texts())
	found := func(content string) bool {
		for _, pattern := range patterns {
			if bytes.Contains([]byte(content), pattern) {
				return true
			}
		}
		return false
	}
	utf16of := func(text string, first, then int) string {
		var b []byte
		for _, u := range utf16.Encode([]rune(text)) {
			b = append(b, byte(u>>first), byte(u>>then))
		}
		return string(b)
	}
	han := g.mark[32:]
	for what, content := range map[string]string{
		"as it is": "x" + g.mark + "x", "only the Chinese": "x" + han + "x", "only the digits": "x" + g.mark[:32],
		"UTF-16": utf16of("名"+g.mark, 0, 8), "UTF-16, the other way": utf16of(han+"名", 8, 0),
		"hex": hex.EncodeToString([]byte("ab" + han + "c")), "HEX": strings.ToUpper(hex.EncodeToString([]byte(g.mark))),
		"JSON": strings.Trim(fmt.Sprintf("%+q", "名"+han), `"`),
	} {
		if !found(content) {
			t.Errorf("%s: it is not found", what)
		}
	}
	for before := range 6 {
		for after := range 4 {
			for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding, base64.RawStdEncoding} {
				for _, text := range []string{g.mark, han, g.mark[:32]} {
					if !found(encoding.EncodeToString([]byte(strings.Repeat("v", before) + text + strings.Repeat("n", after)))) {
						t.Errorf("base64 with %d bytes before and %d after is not found", before, after)
					}
				}
			}
		}
	}
	if found(strings.Repeat("此处无他人之名", 100)) {
		t.Error("it finds what is not there")
	}
}
