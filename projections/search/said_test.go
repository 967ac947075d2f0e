package search_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/casestream/casestream/projections/search"
	"pgregory.net/rapid"
)

// aName is one as people have it: Han characters, rare ones among them, Latin and other letters.
var aName = rapid.StringOfN(rapid.RuneFrom([]rune("王小明石磊欧阳龙𠮷䶮㛃國国ÇçéAbz9ماكüßΣσς")), 1, 8, -1)

// noise is what somebody types between the letters of a name and does not mean.
var noise = rapid.StringOfN(rapid.RuneFrom([]rune(" \t·•.-'　\u200b\ufeff\ufe00\U000e0100")), 0, 2, -1)

func wide(name string) string {
	return strings.Map(func(r rune) rune {
		if '!' <= r && r <= '~' {
			return r + 0xfee0
		}
		return r
	}, name)
}

func TestANameIsTheSameHoweverItIsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := aName.Draw(t, "name")
		same := search.Name(name)
		for what, written := range map[string]string{
			"in full width": wide(name), "in capitals": strings.ToUpper(name), "in small letters": strings.ToLower(name), "normalised": same,
		} {
			if what == "in capitals" && strings.ContainsAny(name, "ßςΣσ") {
				continue // ß has none of its own, and Σ is two small letters
			}
			if got := search.Name(written); got != same {
				t.Fatalf("%s %q is %q, not %q", what, written, got, same)
			}
		}
		var noisy strings.Builder
		for _, r := range name {
			noisy.WriteRune(r)
			noisy.WriteString(noise.Draw(t, "noise"))
		}
		if got := search.Name(noisy.String()); got != same {
			t.Fatalf("%q is %q, not %q", noisy.String(), got, same)
		}
	})
}

func TestNormalisingAgainChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		said := rapid.String().Draw(t, "said")
		for what, normal := range map[string]func(string) string{"name": search.Name, "phone": search.Phone, "number": search.Number, "year": search.Year} {
			once := normal(said)
			if !utf8.ValidString(once) || normal(once) != once {
				t.Fatalf("of %q as a %s: %q, then %q", said, what, once, normal(once))
			}
		}
	})
}

// What is not the same name is not the same sign: characters are never folded into others.
func TestNamesThatDifferInOneCharacterStayDifferent(t *testing.T) {
	han := []rune("王小明石磊龙𠮷吉䶮龑㛃國国")
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SliceOfN(rapid.SampledFrom(han), 2, 4).Draw(t, "name")
		other := slices.Clone(name)
		n := rapid.IntRange(0, len(name)-1).Draw(t, "which")
		other[n] = rapid.SampledFrom(han).Filter(func(r rune) bool { return r != name[n] }).Draw(t, "character")
		if search.Name(string(name)) == search.Name(string(other)) {
			t.Fatalf("%s and %s are one", string(name), string(other))
		}
	})
}

func TestAFieldHasEveryNameInIt(t *testing.T) {
	for said, want := range map[string][]string{
		"石磊（小名石头）":     {"石磊小名石头", "石磊", "小名石头"},
		"小石、石头":        {"小石石头", "小石", "石头"},
		"龙 𠮷 生":        {"龙𠮷生"},
		"":             nil,
		" · ":          nil,
		"ＡＬＩ／Ali":      {"aliali", "ali"},
		"石\ufe00磊":     {"石磊"},
		"\uf9dc\u3000": {"隆"},
	} {
		if got := search.Names(said); !slices.Equal(got, want) {
			t.Errorf("%q: %q, not %q", said, got, want)
		}
	}
}

func TestATelephoneNumberIsTheSameFromWhereverItIsCalled(t *testing.T) {
	for said, want := range map[string]string{
		"138 0013 8000": "13800138000", "+86-13800138000": "13800138000", "0086 138 0013 8000": "13800138000", "１３８００１３８０００": "13800138000",
		"027-8555 0001": "2785550001", "+86 27 8555 0001": "2785550001", "86550001": "86550001", "无": "",
	} {
		if got := search.Phone(said); got != want {
			t.Errorf("%s: %s, not %s", said, got, want)
		}
	}
	if got := search.Phones("027-85550001 / 13800138000，110"); !slices.Equal(got, []string{"2785550001", "13800138000"}) {
		t.Errorf("%q", got)
	}
}

func TestTooLittleIsRefused(t *testing.T) {
	for _, too := range []search.Asked{
		{},
		{Name: "王"},
		{Name: " 王　"},
		{Name: "欧阳"},
		{Name: "歐 陽"},
		{Name: "···"},
		{Birth: "2001"},
		{Name: "王", Birth: "2001"},
		{Phone: "110"},
		{Phone: "无"},
		{IDNumber: "42010"},
		{Name: "王小明", Phone: "12"},
		{Name: "王小明", IDNumber: "x"},
		{Name: "王小明", Birth: "去年"},
	} {
		if too.Enough() == nil {
			t.Errorf("%+v is enough", too)
		}
	}
	for _, enough := range []search.Asked{
		{Name: "小石"},
		{Name: "𠮷䶮"},
		{Name: "欧阳", Birth: "2001"},
		{Name: "欧阳", Phone: "13800138000"},
		{Phone: "85550001"},
		{IDNumber: "420106200005011234"},
		{Name: "Li"},
		{Name: "王小明", Birth: "２００１"},
	} {
		if enough.Enough() != nil {
			t.Errorf("%+v is too little", enough)
		}
	}
}
