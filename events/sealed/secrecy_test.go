package sealed_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/events/sealed"
	"github.com/casestream/casestream/events/sealed/sealedtest"
)

const secret = "王小明住在庇护所"

// shows tells whether any of what was said is in a text, however it was escaped.
func shows(text string) bool {
	for _, form := range []string{secret, fmt.Sprintf("%x", secret)[:12], fmt.Sprintf("%X", secret)[:12], strings.Trim(fmt.Sprint([]byte(secret)[:4]), "[]"), `\u738b`, `\xe7\x8e\x8b`} {
		if strings.Contains(text, form) {
			return true
		}
	}
	return false
}

func holders() []any {
	type held struct {
		Name sealed.Text
		List []sealed.Text
		Map  map[string]sealed.Text
		At   *sealed.Text
		Raw  sealed.Value[[]byte]
		name sealed.Text
	}
	v := sealed.Say(secret)
	h := held{v, []sealed.Text{v}, map[string]sealed.Text{"a": v}, &v, sealed.New([]byte(secret)), v}
	return []any{v, &v, h, &h, []held{h}, map[string]held{"h": h}, sealed.New([]byte(secret)), sealed.New([]string{secret}), events.NoteRecorded{Text: v}, any(h)}
}

func TestAnOpenValueNeverShows(t *testing.T) {
	var out bytes.Buffer
	for _, v := range holders() {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "% x", "%d", "%c", "%U", "%t", "%e", "%p", "%T", "%!", "%[2]v", "%10.3s"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		fmt.Fprintln(&out, fmt.Errorf("about %v: %w", v, os.ErrInvalid), errors.Join(fmt.Errorf("%+v", v)))
		slog.New(slog.NewTextHandler(&out, nil)).Info("said", "what", v, slog.Group("in", "it", v))
		slog.New(slog.NewJSONHandler(&out, nil)).Info("said", "what", v, slog.Group("in", "it", v))
		template.Must(template.New("page").Parse("<p title='{{.}}'>{{.}}</p><script>{{.}}</script>")).Execute(&out, v)
		_, err := json.Marshal(v)
		fmt.Fprintln(&out, err)
		func() {
			defer func() { fmt.Fprintln(&out, recover()) }()
			panic(v)
		}()
	}
	for line := range strings.Lines(out.String()) {
		if shows(line) {
			t.Error(line)
		}
	}
	if !strings.Contains(out.String(), "[sealed]") {
		t.Error("nothing was printed at all: this test looks in the wrong place")
	}
}

func TestAnOpenValueDoesNotShowInACrash(t *testing.T) {
	for i := range holders() {
		cmd := exec.Command(os.Args[0], "-test.run=^$")
		cmd.Env = append(os.Environ(), fmt.Sprintf("SEALED_TEST_CRASH=%d", i), "GOTRACEBACK=all")
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "panic: ") {
			t.Fatalf("it did not crash: %v\n%s", err, out)
		}
		if shows(string(out)) {
			t.Errorf("%s", out)
		}
	}
}

// TestMain crashes when it is told to.
func TestMain(m *testing.M) {
	var i int
	if _, err := fmt.Sscan(os.Getenv("SEALED_TEST_CRASH"), &i); err == nil {
		panic(holders()[i])
	}
	os.Exit(m.Run())
}

func TestAnOpenValueDoesNotMarshal(t *testing.T) {
	for _, v := range holders() {
		if data, err := json.Marshal(v); !errors.Is(err, sealed.ErrOpen) {
			t.Errorf("%T: %s, %v", v, data, err)
		}
	}
	if data, _, err := events.Encode(events.NoteRecorded{Text: sealed.Say(secret)}); !errors.Is(err, sealed.ErrOpen) || data != nil {
		t.Errorf("a fact: %s, %v", data, err)
	}
}

// untellable does not become JSON, and its error repeats what it is about.
type untellable struct{ Said string }

func (u untellable) MarshalJSON() ([]byte, error) { return nil, errors.New(u.Said) }

func TestWhatCannotBeSealedIsNotRepeated(t *testing.T) {
	type fact struct {
		Said sealed.Value[untellable] `json:"said" class:"S2"`
	}
	_, err := sealed.Seal(t.Context(), &sealedtest.Keys{}, fact{sealed.New(untellable{secret})}, here, client)
	if err == nil || shows(err.Error()) {
		t.Errorf("sealing: %v", err)
	}
}

func TestWhatIsNoEnvelopeIsRefusedAndNotRepeated(t *testing.T) {
	for _, text := range []string{
		`"` + secret + `"`, `{"a":"` + secret + `"}`, `"1.S1.a.k/1.` + secret + `.AAAA"`, `12`, `""`, `"`, ``,
		`"1.S0.a.k/1.018f0000-0000-7000-8000-0000000000e1.AAAA"`, `"1.S4.a.k/1.018f0000-0000-7000-8000-0000000000e1.AAAA"`,
		`"1.S1.a..018f0000-0000-7000-8000-0000000000e1.AAAA"`, `"1.S1.a.k/1.018F0000-0000-7000-8000-0000000000E1.AAAA"`,
		`"1.S1.a.k/1.{018f0000-0000-7000-8000-0000000000e1}.AAAA"`, `"1.S1.a.k/1.018f0000-0000-7000-8000-0000000000e1.AAAAA"`,
	} {
		var v sealed.Text
		if err := v.UnmarshalJSON([]byte(text)); !errors.Is(err, sealed.ErrTampered) || shows(err.Error()) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestWhatOpensToAnotherTypeIsNotRepeated(t *testing.T) {
	keys := &sealedtest.Keys{}
	closed := seal(t, keys, struct {
		Said sealed.Text `json:"said" class:"S1"`
	}{sealed.Say(secret)})
	var number sealed.Value[int]
	line, _ := closed.Said.MarshalJSON()
	if err := number.UnmarshalJSON(line); err != nil {
		t.Fatal(err)
	}
	if _, err := number.Open(t.Context(), keys, here.Stream); !errors.Is(err, sealed.ErrTampered) || shows(err.Error()) {
		t.Errorf("opening a text as a number: %v", err)
	}
}

func TestACommandDigestTellsCommandsAndPeopleApart(t *testing.T) {
	keys := &sealedtest.Keys{}
	rapid.Check(t, func(r *rapid.T) {
		pieces := rapid.SliceOf(rapid.SliceOf(rapid.Byte()))
		a, b := pieces.Draw(r, "a"), pieces.Draw(r, "b")
		one, _ := keys.Sealing(t.Context(), "client-1")
		two, _ := keys.Sealing(t.Context(), "client-2")
		equal := fmt.Sprint(a) == fmt.Sprint(b)
		if bytes.Equal(one.Digest(a...), one.Digest(b...)) != equal {
			r.Fatal("cut otherwise, or said otherwise, it must differ; said again it must not")
		}
		if bytes.Equal(one.Digest(a...), two.Digest(a...)) || len(one.Digest(a...)) != 16 {
			r.Fatal("another key, the same digest")
		}
	})
}
