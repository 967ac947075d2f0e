package storetest

import (
	"flag"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"pgregory.net/rapid"
)

// check runs a property under any T. rapid wants a test, and the flags that go test parses: outside of it, it gets what
// looks like both.
func check(t T, property func(*rapid.T)) {
	if test, ok := t.(rapid.TB); ok {
		rapid.Check(test, property)
		return
	}
	outside()
	rapid.Check(&outsider{T: t}, property)
}

// outside also keeps rapid from leaving files behind where it runs, and from shrinking for long.
var outside = sync.OnceFunc(func() {
	testing.Init()
	for name, value := range map[string]string{"rapid.nofailfile": "true", "rapid.shrinktime": "5s"} {
		if err := flag.Set(name, value); err != nil {
			panic(err) // rapid has no such flag any more
		}
	}
	if !flag.Parsed() {
		_ = flag.CommandLine.Parse(nil)
	}
})

// outsider is a T with what rapid expects besides.
type outsider struct {
	T
	failed bool
}

func (o *outsider) Errorf(format string, args ...any) {
	o.failed = true
	o.T.Errorf(format, args...)
}

func (o *outsider) FailNow() {
	o.failed = true
	runtime.Goexit()
}

func (o *outsider) Failed() bool      { return o.failed }
func (o *outsider) Fail()             { o.Errorf("failed") }
func (o *outsider) Error(args ...any) { o.Errorf("%s", fmt.Sprint(args...)) }
func (o *outsider) Fatal(args ...any) { o.Fatalf("%s", fmt.Sprint(args...)) }
func (o *outsider) Log(args ...any)   { o.Logf("%s", fmt.Sprint(args...)) }
func (o *outsider) Skip(args ...any)  { o.Skipf("%s", fmt.Sprint(args...)) }

// Skipf is asked by no property of ours: an action that is skipped skips with rapid's own T.
func (o *outsider) Skipf(format string, args ...any) {
	o.Logf(format, args...)
	runtime.Goexit()
}

func (o *outsider) SkipNow() { o.Skipf("skipped") }
