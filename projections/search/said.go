package search

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// What people write differently and mean the same is made the same here, before a sign is made of it: the search
// compares signs, and signs are equal or not.

// Name is a name as it is compared: full-width letters as half-width ones, small letters, and nothing but letters, marks
// and digits. Rare characters stay what they are, and so do simplified and traditional ones.
func Name(said string) string { return keep(said, inName) }

// inName is what tells names apart. A variation selector only asks for another drawing of the same character.
func inName(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)) && !unicode.Is(unicode.Variation_Selector, r)
}

// keep normalises a text and keeps some of its characters. Taking others out can bring two together that are one when
// they stand together: hence the second time.
func keep(said string, which func(rune) bool) string {
	for range 4 {
		kept := strings.Map(func(r rune) rune {
			if which(r) {
				return r
			}
			return -1
		}, strings.ToLower(norm.NFKC.String(strings.ToLower(said))))
		if kept == said {
			break
		}
		said = kept
	}
	return said
}

// Names are all names in what stands in the field of a name: the whole of it, and its parts, as of 石磊（小名石头）.
func Names(said string) (all []string) {
	parts := strings.FieldsFunc(norm.NFKC.String(said), func(r rune) bool { return strings.ContainsRune("、､,;/|()[]\"“”\n", r) })
	for _, part := range append([]string{said}, parts...) {
		if name := Name(part); name != "" && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	return all
}

// Phone is a telephone number as it is compared: its digits, without the code of the country and the zeros before it and
// before the code of a city.
func Phone(said string) string {
	digits := strings.TrimLeft(keep(said, func(r rune) bool { return '0' <= r && r <= '9' }), "0")
	if rest := strings.TrimLeft(strings.TrimPrefix(digits, "86"), "0"); len(rest) >= 10 {
		return rest
	}
	return digits
}

// Phones are all numbers in what stands in the field of a telephone: 027-85550001 / 13800138000.
func Phones(said string) (all []string) {
	parts := strings.FieldsFunc(norm.NFKC.String(said), func(r rune) bool { return strings.ContainsRune("、､,;/|\n或", r) })
	for _, part := range parts {
		if phone := Phone(part); len(phone) >= leastPhone && !slices.Contains(all, phone) {
			all = append(all, phone)
		}
	}
	return all
}

// Number is the number of a document as it is compared: letters and digits, 42010620000501123x.
func Number(said string) string {
	return keep(said, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// Year is that of a birth, 2006-01-02 or a shorter part of it; empty where there is none.
func Year(birth string) string {
	birth = strings.TrimSpace(norm.NFKC.String(birth))
	if len(birth) < 4 || strings.Trim(birth[:4], "0123456789") != "" {
		return ""
	}
	return birth[:4]
}
