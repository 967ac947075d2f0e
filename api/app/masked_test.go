package app

import (
	"strings"
	"testing"
)

func TestAURLIsShownWithoutItsPassword(t *testing.T) {
	for url, want := range map[string]string{
		"sqlite:/var/lib/casestream":                                   "sqlite:/var/lib/casestream",
		"esdb://h:2113?tls=false":                                      "esdb://h:2113?tls=false",
		"esdb://admin:changeit@h:2113?tls=true":                        "esdb://admin:***@h:2113?tls=true",
		"esdb+discover://admin:change%40it@a:2113,b:2113":              "esdb+discover://admin:***@a:2113,b:2113",
		"esdb+discover://a:2113,b:2113,c:2113":                         "esdb+discover://a:2113,b:2113,c:2113",
		"postgres://u:s3c:re/t@x@h:5432/db?schema=s":                   "postgres://u:***@h:5432/db?schema=s",
		"postgres://u@h/db?password=s3cret&sslpassword=other&schema=s": "postgres://u@h/db?password=***&sslpassword=***&schema=s",
		"postgres://u:s3cret":                                          "postgres://u:***", // the host was forgotten
		"postgres://[::1]:5432/db":                                     "postgres://[::1]:5432/db",
		"postgres://u:pw@[::1]:5432/db":                                "postgres://u:***@[::1]:5432/db",
		"esdb://u:a b c@h:2113":                                        "esdb://u:***@h:2113",
	} {
		if got := Masked(url); got != want {
			t.Errorf("%s is shown as %s, want %s", url, got, want)
		}
	}
}

// A library that repeats what it was given, in whichever form, repeats no password.
func TestNoTextRepeatsAPassword(t *testing.T) {
	url := "postgres://u:p%40ss%20word@h/db"
	secrets := Secrets(url)
	for _, text := range []string{
		"dialing " + url + ": refused", `parse "` + url + `": no`, "user u, password p@ss word", "p%40ss%20word", "another: esdb://x:y@z",
	} {
		said := Mask(text, secrets...)
		for _, word := range []string{"p%40", "ss%20word", "p@ss", "ss word", "x:y"} {
			if strings.Contains(said, word) {
				t.Errorf("%q is shown as %q", text, said)
			}
		}
	}
	if said := Mask("the log does not answer: https://docs.kurrent.io and http://127.0.0.1:8080/x", secrets...); strings.Contains(said, "*") {
		t.Errorf("what is no secret is hidden: %q", said)
	}
}
