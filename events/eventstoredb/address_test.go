package eventstoredb

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

func TestCredentialsWithoutTLSAreRefused(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "credentials")
	write(t, file, "casestream:s3cret:with:colons\r\n")
	for _, connection := range []string{
		"esdb://casestream:s3cret@127.0.0.1:2113?tls=false",
		"esdb+discover://casestream:s3cret@127.0.0.1:2113?TLS=FALSE",
		"esdb://127.0.0.1:2113?tls=false&credentialsFile=" + file,
		"esdb://127.0.0.1:2113?tls=false&userCertFile=/c&userKeyFile=/k",
		"esdb://casestream@127.0.0.1:2113", // nor is a name without a password sent
	} {
		if _, err := parse(connection); err == nil {
			t.Errorf("%s was accepted: the credentials would silently not be sent", connection)
		} else if strings.Contains(err.Error(), "s3cret") {
			t.Errorf("the error repeats the password: %v", err)
		}
	}
	a, err := parse("esdb://127.0.0.1:2113?credentialsFile=" + file)
	if err != nil || a.config.Username != "casestream" || a.config.Password != "s3cret:with:colons" {
		t.Errorf("from a file: %q and %q, %v", a.config.Username, a.config.Password, err)
	}
}

func TestAPreferenceOtherThanTheLeaderIsRefused(t *testing.T) {
	for _, preference := range []string{"follower", "Follower", "random", "readOnlyReplica", "nobody"} {
		if _, err := parse("esdb+discover://db.example?nodePreference=" + preference); err == nil {
			t.Errorf("%s was accepted: its reads are stale", preference)
		}
	}
	if a, err := parse("esdb+discover://db.example?nodePreference=Leader"); err != nil || !a.config.DnsDiscover || a.config.Address != "db.example:2113" {
		t.Errorf("the leader was refused: %v", err)
	}
}

func TestASettingThatTheClientWouldIgnoreIsRefused(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "nobody"), "")
	for _, settings := range []string{
		"tsl=false", "tls=perhaps", "tls=false&tls=true", "tls=", "defaultDeadline=soon", "keepAliveInterval=100", "gossipTimeout=0",
		"userCertFile=/only/half", "tlsCAFile=" + filepath.Join(dir, "nothing"), "credentialsFile=" + filepath.Join(dir, "nobody"), "%zz",
	} {
		if _, err := parse("esdb://127.0.0.1?" + settings); err == nil {
			t.Errorf("%s was accepted", settings)
		}
	}
}

func TestNoErrorRepeatsAPassword(t *testing.T) {
	for _, connection := range []string{
		"esdb://admin:s3/cret@host", "esdb://admin:s3cret%@host", "esdb://admin:s3cret@host:port", "http://admin:s3cret@host", "esdb://:s3cret@host",
		"esdb://admin:s3cret@", "esdb://admin:s3cret@a:1,b:x", "esdb://admin:s3cret@host/path", "esdb://admin:s3cret@host?tls=s3cret", "admin:s3cret@host",
	} {
		if _, err := parse(connection); err == nil {
			t.Errorf("%s was accepted", connection)
		} else if strings.Contains(err.Error(), "cret") || strings.Contains(err.Error(), "admin") {
			t.Errorf("the error repeats the credentials: %v", err)
		}
	}
}

func TestAllTheHostsOfAClusterAreRead(t *testing.T) {
	a, err := parse("esdb://admin:s3cret@a.example:1,b.example:2,c.example?tlsVerifyCert=false&defaultDeadline=1500")
	if err != nil {
		t.Fatal(err)
	}
	if a.hosts != "a.example:1, b.example:2, c.example:2113" || a.limit != 1500*time.Millisecond || a.config.NodePreference != esdb.NodePreferenceLeader {
		t.Errorf("it was read as %s with %v", a.hosts, a.limit)
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
