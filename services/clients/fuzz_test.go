package clients

import (
	"testing"
	"time"
)

// FuzzAge: a birth, however it is written, gives years that a person can have, or none; and nobody grows younger.
func FuzzAge(f *testing.F) {
	at := time.Date(2012, 7, 2, 9, 0, 0, 0, time.UTC)
	for _, birth := range []string{"", "2000", "2000-05", "2000-05-01", "2000-02-30", "2012-07-03", "0000", "9999-12-31", "-001", "1899-12-31", "2000-5-1"} {
		f.Add(birth, at.Unix())
	}
	f.Fuzz(func(t *testing.T, birth string, unix int64) {
		at := time.Unix(unix%(1<<33), 0).UTC()
		age, later := Age(birth, at), Age(birth, at.AddDate(1, 0, 0))
		if (age == nil) != (later == nil) && age != nil {
			t.Fatalf("%q at %s: %d years, and a year later none", birth, at, *age)
		}
		if age != nil && (*age < 0 || *later < *age || *later > *age+1) {
			t.Fatalf("%q at %s: %d years, and a year later %d", birth, at, *age, *later)
		}
	})
}
