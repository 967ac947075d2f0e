package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// answer is what a command line came to.
type answer struct {
	code     int
	out, err string
}

// casestream runs a command line in this process, in an environment without settings but the given, NAME=VALUE.
func casestream(t *testing.T, env []string, args ...string) answer {
	t.Helper()
	for _, name := range []string{"CONFIG", "DATA", "LOG", "VIEWS", "LISTEN", "STORE", "ROOT_KEY", "TLS_CERT", "TLS_KEY", "TRUSTED_PROXIES", "ACCOUNT_RATE", "ADDRESS_RATE", "ADMIN"} {
		if _, set := os.LookupEnv("CASESTREAM_" + name); set {
			t.Setenv("CASESTREAM_"+name, "") // so that it is put back
			os.Unsetenv("CASESTREAM_" + name)
		}
	}
	for _, one := range env {
		name, value, _ := strings.Cut(one, "=")
		t.Setenv(name, value)
	}
	var out, err bytes.Buffer
	code := Run(t.Context(), "v-test", args, &out, &err)
	return answer{code, out.String(), err.String()}
}

// written is a file with a text in it.
func written(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
