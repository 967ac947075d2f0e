package app

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

const (
	masked = "***"
	scheme = `[A-Za-z][A-Za-z0-9+.-]*://`
)

var (
	afterScheme = regexp.MustCompile(scheme)
	inURL       = regexp.MustCompile(`(` + scheme + `[^\s:@/]*:)[^\s]*@`)
	ports       = regexp.MustCompile(`^[0-9]{1,5}(,|$)`)
	secretive   = regexp.MustCompile(`(?i)[?&][^=&\s]*(?:pass|secret|pwd)[^=&\s]*=([^&\s]*)`)
)

// Masked is a URL as it may be shown: without its password. It goes by the text, because a URL that cannot be read is
// one that somebody is told about.
func Masked(text string) string { return Mask(text, Secrets(text)...) }

// Secrets are the words in a text with a URL, such as an argument of a command line, that nobody may be shown.
func Secrets(text string) (all []string) {
	at := afterScheme.FindStringIndex(text)
	if at == nil {
		return nil
	}
	rest := text[at[1]:]
	if end := strings.LastIndexByte(rest, '@'); end >= 0 { // whatever is in a password, the last @ is not
		if _, password, found := strings.Cut(rest[:end], ":"); found {
			all = append(all, password)
		}
	} else if host := rest[:authority(rest)]; strings.Contains(host, ":") && !strings.HasPrefix(host, "[") {
		if _, after, _ := strings.Cut(host, ":"); after != "" && !ports.MatchString(after) {
			all = append(all, after) // no port: perhaps a password, and the host was forgotten
		}
	}
	for _, found := range secretive.FindAllStringSubmatch(rest, -1) {
		all = append(all, found[1])
	}
	for _, secret := range slices.Clone(all) {
		if plain, err := url.PathUnescape(secret); err == nil && plain != secret {
			all = append(all, plain)
		}
	}
	return slices.DeleteFunc(all, func(s string) bool { return s == "" })
}

func authority(rest string) int {
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		return end
	}
	return len(rest)
}

// Mask takes secrets out of a text, and whatever looks like a password in a URL.
func Mask(text string, secrets ...string) string {
	longestFirst := slices.SortedFunc(slices.Values(secrets), func(a, b string) int { return len(b) - len(a) })
	for _, secret := range longestFirst {
		for _, before := range []string{":", "="} { // one that is too short to be looked for alone
			text = strings.ReplaceAll(text, before+secret, before+masked)
		}
		if len(secret) > 3 {
			text = strings.ReplaceAll(text, secret, masked)
		}
	}
	return inURL.ReplaceAllString(text, "${1}"+masked+"@")
}
