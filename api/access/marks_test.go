package access

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
)

// of is a sealed value of a class and a field.
type of struct {
	class sealed.Class
	field string
}

func (o of) Class() sealed.Class { return o.class }
func (o of) Field() string       { return o.field }

func quoted(s string) []byte {
	data, _ := json.Marshal(s)
	return data
}

// filed is what opening the file of one client opens.
func filed(name, address string) *Opened {
	var o Opened
	client, kase := events.Stream("client", [16]byte{1}), events.Stream("case", [16]byte{2})
	o.Saw(client, of{sealed.Identity, "name"}, quoted(name))
	o.Saw(client, of{sealed.Identity, "address"}, quoted(address))
	o.Saw(kase, of{sealed.Clinical, "text"}, quoted("欧阳来访"))
	return &o
}

func TestWhatWasOpenedIsListedByClassAndStream(t *testing.T) {
	var o Opened
	if !o.Nothing() || o.One() != "" {
		t.Error("nothing is something")
	}
	for _, class := range []sealed.Class{sealed.Disclosure, sealed.Identity, sealed.Disclosure} {
		o.Saw("case-2", of{class, "text"}, nil)
		o.Saw("case-1", of{class, "text"}, nil)
		o.Saw("client-3", of{sealed.Identity, "name"}, nil)
	}
	if got := fmt.Sprint(o.Shown()); got != "[{[S1 S3] [case-1 case-2]} {[S1] [client-3]}]" {
		t.Errorf("%s", got)
	}
	if o.One() != "" {
		t.Errorf("two cases are not one: %s", o.One())
	}
}

func TestTheRulesOfTheUnusual(t *testing.T) {
	usual := Sight{At: noon, Opened: filed("王小明", "汉口路 12 号"), Name: "李敏", Home: "黄浦大街3号", Pace: 1}
	for what, c := range map[string]struct {
		say  func(*Sight)
		want string
	}{
		"an ordinary look":            {func(*Sight) {}, "[]"},
		"twenty cases in an hour":     {func(s *Sight) { s.Pace = 20 }, "[]"},
		"twenty-one":                  {func(s *Sight) { s.Pace = 21 }, "[many-cases]"},
		"at ten in the evening":       {func(s *Sight) { s.At = noon.Add(10 * time.Hour) }, "[night]"},
		"a minute before":             {func(s *Sight) { s.At = noon.Add(10*time.Hour - time.Minute) }, "[]"},
		"before six":                  {func(s *Sight) { s.At = noon.Add(18*time.Hour - time.Minute).UTC() }, "[night]"},
		"at six":                      {func(s *Sight) { s.At = noon.Add(18 * time.Hour) }, "[]"},
		"a case of before":            {func(s *Sight) { s.Past = true }, "[past-assigned]"},
		"a namesake":                  {func(s *Sight) { s.Name = "王芳" }, "[own-surname]"},
		"a name that is not known":    {func(s *Sight) { s.Name, s.Opened = "", filed("", "") }, "[]"},
		"a name alike, not a surname": {func(s *Sight) { s.Name, s.Opened = "欧阳锋", filed("欧小明", "") }, "[]"},
		"a surname of two":            {func(s *Sight) { s.Name, s.Opened = "欧阳锋", filed("欧阳克", "") }, "[own-surname]"},
		"a surname in letters":        {func(s *Sight) { s.Name, s.Opened = "Ana  Petrova", filed("Ivan petrova", "") }, "[own-surname]"},
		"where the reader lives":      {func(s *Sight) { s.Home = "汉口路12号。" }, "[own-address]"},
		"a neighbour":                 {func(s *Sight) { s.Home = "汉口路13号" }, "[]"},
		"no address on either side":   {func(s *Sight) { s.Home, s.Opened = " ", filed("张三", "") }, "[]"},
		"under a broken glass":        {func(s *Sight) { s.Glass = true }, "[glass-broken]"},
		"all at once": {func(s *Sight) {
			*s = Sight{noon.Add(12 * time.Hour), filed("王", "x1"), "王芳", "X 1", 99, true, true}
		}, "[many-cases night past-assigned own-address glass-broken]"},
	} {
		s := usual
		c.say(&s)
		if got := fmt.Sprint(Marks(s)); got != c.want {
			t.Errorf("%s: %s, not %s", what, got, c.want)
		}
	}
}

// In a list of many there is always a namesake.
func TestNamesInAListAreNotCompared(t *testing.T) {
	o := filed("王小明", "x1")
	o.Saw(events.Stream("client", [16]byte{9}), of{sealed.Identity, "name"}, quoted("王大明"))
	if marks := Marks(Sight{At: noon, Opened: o, Name: "王芳", Home: "x1"}); len(marks) != 0 {
		t.Errorf("%v", marks)
	}
}

func TestThePaceIsThatOfTheLastHourAndOfOneReader(t *testing.T) {
	var p Pace
	var got []int
	for n := range 4 {
		got = append(got, p.Opens("wang", fmt.Sprint("case-", n), noon.Add(time.Duration(n)*time.Minute)))
	}
	got = append(got,
		p.Opens("wang", "case-3", noon.Add(4*time.Minute)), // again
		p.Opens("li", "case-0", noon.Add(4*time.Minute)),
		p.Opens("wang", "case-9", noon.Add(61*time.Minute+time.Second)), // 0 and 1 are longer ago
	)
	if want := []int{1, 2, 3, 4, 4, 1, 3}; !slices.Equal(got, want) {
		t.Errorf("%v, not %v", got, want)
	}
}
