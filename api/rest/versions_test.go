package rest

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestWhatIsMadeOnWhatWasSeenSaysWhatThatWas(t *testing.T) {
	o := openOffice(t)
	for _, l := range table {
		a := o.story(o.a1).attempt(l.path)
		a.header.Del("If-Match")
		if slices.Contains(madeOnWhatWasSeen, l.path) {
			a.refused("without If-Match", http.StatusPreconditionRequired)
		} else if h := a.send(); h.status != http.StatusCreated {
			t.Errorf("POST %s needs an If-Match, and DESIGN.md does not say so: %d %s", l.path, h.status, h.bytes)
		}
	}
}

func TestAStaleVersionIsToldWhatCameSince(t *testing.T) {
	o := openOffice(t)
	for _, l := range table {
		s := o.story(o.a1)
		s.before(l.path)
		version, news := s.somethingElseHappens(l.path)
		a := s.attempt(l.path)
		a.header.Set("If-Match", version)
		h := a.refused("after something else", http.StatusConflict)
		since, _ := h.body["since"].([]any)
		if h.body["code"] != "stale" || len(since) == 0 {
			t.Errorf("POST %s: %s", l.path, h.bytes)
			continue
		}
		last := since[len(since)-1].(body)
		if len(since) != 1 || last["type"] != news || last["actor"] == "" || last["version"] == nil {
			t.Errorf("POST %s: since is %v, and %s happened", l.path, since, news)
		}
		if at, err := time.Parse(time.RFC3339, last["recorded_at"].(string)); err != nil || at.Year() != 2012 {
			t.Errorf("POST %s: it was recorded at %v", l.path, last["recorded_at"])
		}
		if h.header.Get("ETag") != "" {
			t.Errorf("POST %s: a no names a version", l.path)
		}
		a.header.Set("If-Match", "999999")
		a.refused("with a version to come", http.StatusConflict)
	}
}

// somethingElseHappens answers with the version before it, and the type of what happened. Where nothing was there
// before, that version is 0.
func (s *story) somethingElseHappens(path string) (version, news string) {
	s.Helper()
	kind := kindOf(path)
	version = s.seen[kind]
	switch kind {
	case "programme":
		version = s.sees("/programme").header.Get("ETag")
		s.administrator.does("/programme/claims", body{"about": "x", "year": 2012, "number": 1, "unit": "名", "source": newID()})
		return version, "programme.claim-published"
	case "clients":
		if version == "" {
			s.worker.does(s.url("/clients/{id}/registration"), body{"entry": newID()})
			return "0", "client.registered"
		}
		s.worker.does(s.url("/clients/{id}/details"), body{"entry": newID(), "why": "x"}, "If-Match", version)
		return version, "client.details-amended"
	case "groups":
		if version == "" {
			s.worker.does(s.url("/groups/{id}/plan"), s.fills("/groups/{id}/plan"))
			return "0", "group.planned"
		}
		s.worker.does(s.url("/groups/{id}/contracts"), body{"entry": newID(), "text": "x"})
		return version, "group.contract-agreed"
	case "activities":
		if version == "" {
			s.worker.does(s.url("/activities/{id}/plan"), s.fills("/activities/{id}/plan"))
			return "0", "activity.planned"
		}
		if s.done["/activities/{id}/report"].status == 0 {
			s.worker.does(s.url("/activities/{id}/cancellation"), body{"entry": newID(), "why": "x"})
			return version, "activity.cancelled"
		}
		s.worker.does(s.url("/activities/{id}/count-corrections"), s.fills("/activities/{id}/count-corrections"), "If-Match", version)
		return version, "activity.count-corrected"
	}
	if isGlass(path) {
		version = "0"
		if earlier, ok := s.done["/cases/{id}/break-glass"]; ok {
			version = earlier.header.Get("ETag")
		}
		s.b1.does(s.url("/cases/{id}/break-glass"), body{"entry": newID(), "reason": "other", "words": strings.Repeat("急", 20)})
		return version, "glass.broken"
	}
	if version == "" {
		s.worker.does(s.url("/cases/{id}/intake"), s.fills("/cases/{id}/intake"))
		return "0", "case.intake-recorded"
	}
	s.worker.does(s.url("/cases/{id}/incidents"), body{"entry": newID(), "kind": "injury"})
	return version, "case.incident-recorded"
}

// fills is the body that the table has for a route.
func (s *story) fills(path string) body {
	l, _ := lineOf(path)
	return l.body(s)
}

// sees asks as someone who may.
func (s *story) sees(path string) heard { s.Helper(); return s.by(path).sees(path) }

func TestACommandThatIsSentAgainAnswersAsTheFirstTime(t *testing.T) {
	o := openOffice(t)
	for _, l := range table {
		s := o.story(o.a1)
		a := s.attempt(l.path)
		first, head := a.send(), o.head()
		again := a.send()
		if first.status != http.StatusCreated || again.status != first.status || !bytes.Equal(first.bytes, again.bytes) ||
			first.header.Get("ETag") != again.header.Get("ETag") {
			t.Errorf("POST %s: first %d %s, then %d %s", l.path, first.status, first.bytes, again.status, again.bytes)
		}
		if first.header.Get("Idempotent-Replayed") != "" || again.header.Get("Idempotent-Replayed") != "true" {
			t.Errorf("POST %s: it does not say which one is the repetition", l.path)
		}
		s.somethingMore(l.path)
		if late := a.send(); late.status != first.status || !bytes.Equal(first.bytes, late.bytes) {
			t.Errorf("POST %s: when more has happened it answers %d %s, not %s", l.path, late.status, late.bytes, first.bytes)
		}
		if l.path != "/programme/claims" && kindOf(l.path) == "programme" && o.head() != head+1 {
			t.Errorf("POST %s: the log went from %s to %s", l.path, head, o.head())
		}
		cells += 3
	}
}

// somethingMore happens after a command, of whatever kind the stream takes at any time.
func (s *story) somethingMore(path string) {
	s.Helper()
	switch kindOf(path) {
	case "programme":
		s.administrator.does("/programme/claims", body{"about": "x", "year": 2012, "number": 1, "unit": "名", "source": newID()})
	case "cases":
		s.worker.does(s.url("/cases/{id}/incidents"), body{"entry": newID(), "kind": "injury"})
	}
}

func TestACommandIDIsGoodForOneCommand(t *testing.T) {
	o := openOffice(t)
	for _, l := range table {
		s := o.story(o.a1)
		a := s.attempt(l.path)
		right := asSent(a.content)
		if h := a.send(); h.status != http.StatusCreated {
			t.Fatalf("POST %s: %d %s", l.path, h.status, h.bytes)
		}
		for what, content := range map[string]string{
			"the same in other words":  `{"happened_at":"2012-07-02T08:00:00+08:00",` + right[1:],
			"the same with more space": strings.Replace(right, "{", "{ ", 1),
		} {
			a.content = content
			h := a.refused("its id again for "+what, unfit)
			if h.body["code"] != "command-reused" {
				t.Errorf("POST %s: %s", l.path, h.bytes)
			}
		}
	}
}

func TestAnEntryIDThatIsTakenIsRefusedUnderAnotherCommand(t *testing.T) {
	o := openOffice(t)
	for _, l := range table {
		s := o.story(o.a1)
		content := s.before(l.path).body(s)
		if content["entry"] == nil {
			continue
		}
		s.does(l.path, content)
		a := s.attempt(l.path)
		a.refused("the same entry under another command", http.StatusConflict)
	}
}
