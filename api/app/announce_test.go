package app

import (
	"os"
	"testing"
)

func TestARunningServerIsFoundInItsDirectory(t *testing.T) {
	a := &App{Dir: Dir(t.TempDir())}
	if _, ok, err := a.Dir.Serving(); ok || err != nil {
		t.Errorf("before anyone serves: %v, %v", ok, err)
	}
	passwords := make(map[string]bool)
	for _, address := range []string{"http://127.0.0.1:8080", "http://127.0.0.1:9090"} {
		control, err := a.Announce(address, "/etc/cert.pem")
		if err != nil || len(control) < 40 || passwords[control] {
			t.Fatalf("the password is %q, %v", control, err)
		}
		passwords[control] = true
		s, ok, err := a.Dir.Serving()
		if !ok || err != nil || s != (Serving{Address: address, Certificate: "/etc/cert.pem", Control: control, PID: os.Getpid()}) {
			t.Errorf("it finds %+v, %v, %v", s, ok, err)
		}
	}
	info, err := os.Stat(a.Dir.file("serving.json"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("who may read the password: %v, %v", info.Mode(), err)
	}
	if _, err := os.Stat(a.Dir.file("serving.json.new")); err == nil {
		t.Error("the draft is left")
	}
	a.Withdraw()
	a.Withdraw()
	if _, ok, err := a.Dir.Serving(); ok || err != nil {
		t.Errorf("when it is over: %v, %v", ok, err)
	}
}

func TestHalfAnAnnouncementIsAnError(t *testing.T) {
	dir := Dir(t.TempDir())
	if err := os.WriteFile(dir.file("serving.json"), []byte(`{"address":`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := dir.Serving(); ok || err == nil {
		t.Errorf("it is read: %v, %v", ok, err)
	}
}

func TestNobodyAnnouncesWhereThereIsNoDirectory(t *testing.T) {
	a := &App{Dir: Dir(t.TempDir() + "/none")}
	if control, err := a.Announce("http://127.0.0.1:1", ""); err == nil || control != "" {
		t.Errorf("%q, %v", control, err)
	}
}
