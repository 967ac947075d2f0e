package e2e

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"strings"
	"time"
)

// garden is an office in which every text that somebody writes is a canary: words that are found nowhere else.
type garden struct {
	*office
	mark    string   // that all of them have in common: 32 hex digits and eight Chinese characters
	planted []string // what was written where
	shown   strings.Builder
	seen    map[string]string // version by stream
	ids     map[string]string
}

func newGarden(o *office) *garden {
	secret := make([]byte, 16)
	_, _ = rand.Read(secret)
	mark := hex.EncodeToString(secret)
	for range 8 {
		n, _ := rand.Int(rand.Reader, big.NewInt(0x9fa5-0x4e00))
		mark += string(rune(0x4e00 + n.Int64()))
	}
	return &garden{office: o, mark: mark, seen: make(map[string]string), ids: make(map[string]string)}
}

// birth is a month in which nothing else happens: a birth is personal and cannot be made up of any words.
const birth = "1931-02"

// texts are what must stand nowhere.
func (g *garden) texts() map[string]string {
	return map[string]string{"digits": g.mark[:32], "Chinese": g.mark[32:], "a birth": birth + "-0"}
}

// plant is a text that is written nowhere else.
func (g *garden) plant(where string) string {
	text := fmt.Sprintf("%s%03d", g.mark, len(g.planted))
	g.planted = append(g.planted, where)
	return text
}

func (g *garden) id(name string) string {
	if g.ids[name] == "" {
		g.ids[name] = newID()
	}
	return g.ids[name]
}

type fields = map[string]any

// sow does a command in which each of the named texts is a canary, and reads back what its reader sees then.
func (g *garden) sow(who person, stream, path string, texts string, others fields, header ...string) {
	t := g.t
	t.Helper()
	body := maps.Clone(others)
	if body == nil {
		body = make(fields)
	}
	for _, field := range strings.Fields(texts) {
		body[field] = g.plant(path + " " + field)
	}
	if stream != "programme" && body["entry"] == nil {
		body["entry"] = g.id(path)
	}
	at := "/" + stream + path
	if stream != "programme" {
		at = "/" + stream + "/" + g.id(stream) + path
	}
	if version := g.seen[stream]; version != "" && len(header) > 0 {
		header = []string{"If-Match", version}
	}
	answer := who.do(t, g.api+at, body, header...)
	g.seen[stream] = answer.header.Get("ETag")
	after := "?after=" + answer.body["position"].(string)
	show := []string{"/" + stream + "/" + g.id(stream) + after}
	switch stream {
	case "programme":
		show = []string{"/programme"}
	case "cases":
		const why = "&purpose=care" // what is masked is shown to who says what for
		kase := "/cases/" + g.id("cases")
		show = []string{kase + after + why, kase + "/timeline" + after + why, kase + "/audit" + after + why, "/caseload" + after}
	}
	for _, url := range show {
		g.shown.Write(g.worker.get(t, g.api+url).raw)
	}
}

const seen = "with the version that was seen"

// grow writes into every personal field that there is.
func (g *garden) grow() {
	g.growProgramme()
	g.growClient()
	g.growCase()
	g.growGroup()
	g.growGlass()
}

func (g *garden) growProgramme() {
	post := post("post-3")
	g.administrator.do(g.t, g.api+"/programme/posts", post)
	g.sow(g.administrator, "programme", "/workers", "name", fields{"worker": g.id("colleague"), "post": "post-3"})
	g.sow(g.administrator, "programme", "/homes", "address", fields{"worker": g.id("colleague"), "since": "2012-06-01"})
	g.administrator.do(g.t, g.api+"/programme/admissions", fields{
		"evaluator": "evaluator:account", "project": project, "until": "2099-12-31", "purpose": "evaluation",
	})
	g.sow(g.administrator, "programme", "/licences", "number", fields{"worker": g.id("colleague"), "licence": "social_worker", "day": "2012-06-01"})
}

func (g *garden) growClient() {
	w := g.worker
	person := func(where string) fields {
		return fields{"name": g.plant(where + " guardian name"), "relation": "mother", "phone": g.plant(where + " guardian phone")}
	}
	g.sow(w, "clients", "/registration", "name other_names id_number address phone", fields{
		"sex": "male", "birth": birth + "-03", "id_kind": "resident_id", "guardian": person("registration"),
	})
	g.sow(w, "clients", "/details", "why name other_names id_number address phone", fields{
		"sex": "male", "birth": birth + "-04", "id_kind": "resident_id", "guardian": person("details"),
	}, seen)
	g.sow(g.officer, "clients", "/holds", "why", fields{"reason": "litigation"})
	g.sow(g.officer, "clients", "/hold-liftings", "why", fields{"hold": g.id("/holds")})
	g.sow(g.officer, "clients", "/restrictions", "why", fields{"reason": "objection"})
	g.sow(g.officer, "clients", "/restriction-liftings", "why", nil)
	g.sow(g.officer, "clients", "/forgetting-requests", "why", fields{"by": "guardian", "basis": "consent_withdrawn"})
	g.sow(g.officer, "clients", "/forgetting-withdrawals", "why", fields{"request": g.id("/forgetting-requests")})
}

func (g *garden) growCase() {
	w, entry := g.worker, g.id
	g.sow(w, "cases", "/intake", "referrer problem", fields{
		"client": g.id("clients"), "category": "street_child", "project": project, "site": site, "source": "referral", "urgency": "urgent",
		"answers": fields{
			"found_place": g.plant("answer S2"), "claimed_name": g.plant("answer S1"), "injuries": "yes", "injuries_detail": g.plant("answer S3"),
			"household": g.plant("answer common"),
		},
	})
	g.sow(w, "cases", "/decision", "reason instead", fields{"accepted": true}, seen)
	g.sow(w, "cases", "/consents", "given_by witness childs_wish reason", fields{
		"purpose": "service", "basis": "consent", "capacity": "guardian", "form": "oral", "limits_explained": true,
	})
	g.sow(w, "cases", "/assignments", "reason", fields{"worker": g.workerID, "role": "responsible"})
	g.sow(w, "cases", "/assessments", "summary", fields{"guardianship": "able", "domains": []fields{{
		"domain": "safety", "severity": 4, "needs": g.plant("needs"), "strengths": g.plant("strengths"), "risks": g.plant("risks"),
	}}})
	g.sow(w, "cases", "/measures", "informant", fields{
		"instrument": "phq-9", "when": "baseline", "rater": "self",
		"answers": fields{"phq1": 1, "phq2": 2, "phq3": 0, "phq4": 1, "phq5": 0, "phq6": 3, "phq7": 1, "phq8": 0, "phq9": 1},
	})
	g.sow(w, "cases", "/risks", "reason", fields{"level": "high"})
	g.sow(w, "cases", "/plans", "aim strategy", fields{"agreed_by": []string{"client"}, "goals": []fields{{
		"goal": g.id("goal"), "title": g.plant("goal"), "weight": 1,
		"levels": []string{g.plant("level"), g.plant("level"), g.plant("level"), g.plant("level"), g.plant("level")},
	}}}, seen)
	g.sow(w, "cases", "/goal-ratings", "note", fields{"goal": g.id("goal"), "level": 1, "when": "interim"})
	contact := func() fields {
		return fields{
			"entry": entry("/interventions"), "kind": "talk", "mode": "in_person", "minutes": 30, "reached": true, "person_times": 1,
			"present": []fields{{"who": "client", "name": g.plant("present"), "served": true}}, "note": g.plant("contact"),
		}
	}
	g.sow(w, "cases", "/interventions", "", contact())
	g.sow(w, "cases", "/notes", "text", fields{"kind": "process"})
	g.sow(w, "cases", "/amendments", "why", fields{"amends": entry("/interventions"), "now": fields{"intervention": contact()}}, seen)
	g.sow(w, "cases", "/retractions", "why", fields{"retracts": entry("/notes")}, seen)
	g.sow(w, "cases", "/flags", "text", fields{"kind": "safety", "review_by": "2099-12-31"})
	g.sow(w, "cases", "/flag-clearances", "reason", fields{"flag": entry("/flags")})
	g.sow(w, "cases", "/incidents", "text", fields{"kind": "missing", "told": []fields{
		{"who": "police", "name": g.plant("told"), "at": "2012-07-01T20:00:00+08:00"},
	}})
	g.sow(g.supervisor, "cases", "/handovers", "allowed_reason childs_wish destination received_by", fields{
		"kind": "escorted_home", "guardianship": entry("/assessments"), "escorts": []string{g.plant("escort"), g.plant("escort")},
		"received_as": "mother", "receipt": true,
	})
	g.sow(w, "cases", "/referrals", "reason basis_reason", fields{"to": "huangpi", "basis": "minors_act_2020_guardianship"})
	g.sow(w, "cases", "/referral-answers", "note", fields{"referral": entry("/referrals"), "answer": "accepted"})
	g.sow(w, "cases", "/referral-completions", "result", fields{"referral": entry("/referrals")})
	g.sow(w, "cases", "/withdrawals", "reason", fields{"consent": entry("/consents"), "by": "guardian"})
	g.sow(g.supervisor, "cases", "/grants", "reason", fields{"worker": g.id("colleague"), "until": time.Now().AddDate(0, 0, 30), "purpose": "cover"})
	g.sow(g.supervisor, "cases", "/grant-endings", "reason", fields{"worker": g.id("colleague")})
	g.sow(g.supervisor, "cases", "/conflicts", "reason", fields{"worker": g.id("colleague"), "kind": "kin"})
	g.sow(g.supervisor, "cases", "/conflict-liftings", "reason", fields{"worker": g.id("colleague")})
	g.sow(w, "cases", "/closure", "reason_text goals after", fields{"reason": "other", "exit": "escorted_home", "outcome": "family_reunited"}, seen)
	g.sow(w, "cases", "/follow-ups", "note", fields{"window": "month_1", "reached": true})
	g.sow(w, "cases", "/reopening", "reason", fields{"why": "new_need"}, seen)
}

// growGlass lets a colleague who has no part in the case break the glass over it, and the privacy officer review that.
func (g *garden) growGlass() {
	t, kase := g.t, g.api+"/cases/"+g.id("cases")
	t.Helper()
	colleague := someone(casestream(t, "token", "worker", "--worker", g.id("colleague"), "--data", g.dir))
	officer := someone(casestream(t, "token", "privacy_officer", "--data", g.dir))
	colleague.do(t, kase+"/break-glass", fields{"entry": g.id("/break-glass"), "reason": "violence", "words": g.plant("/break-glass words")},
		"Sign-In-Again", "Bearer "+colleague.token)
	g.shown.Write(colleague.get(t, kase).raw)
	g.shown.Write(officer.get(t, g.api+"/access/glass").raw)
	officer.do(t, kase+"/glass-reviews", fields{
		"entry": newID(), "glass": g.id("/break-glass"), "finding": "justified", "words": g.plant("/glass-reviews words"),
	})
}

func (g *garden) growGroup() {
	w, entry := g.worker, g.id
	attendance := func(presence string) []fields {
		return []fields{{"member": g.id("member"), "presence": presence, "remark": g.plant("remark")}}
	}
	g.sow(w, "groups", "/plan", "title goals", fields{"project": project, "site": site, "kind": "growth", "worker": g.workerID, "planned": 6})
	g.sow(w, "groups", "/members", "name", fields{"member": g.id("member")})
	g.sow(w, "groups", "/contracts", "text", nil)
	g.sow(w, "groups", "/sessions", "note", fields{"number": 1, "phase": "forming", "minutes": 60, "person_times": 1, "attendance": attendance("present")})
	g.sow(w, "groups", "/attendance-corrections", "why", fields{"session": entry("/sessions"), "person_times": 0, "attendance": attendance("excused")}, seen)
	g.sow(w, "groups", "/departures", "remark", fields{"member": g.id("member"), "why": "moved_away"})
	g.sow(w, "groups", "/evaluation", "text", fields{"reached": "partly"})

	heads := []fields{{"people": "children", "number": 4}}
	g.sow(w, "activities", "/plan", "title", fields{"entry": entry("planned"), "project": project, "site": site, "day": "2012-07-07", "worker": g.workerID})
	g.sow(w, "activities", "/report", "note", fields{"place": "江汉路广场", "person_times": 4, "counted": "signed", "heads": heads})
	g.sow(w, "activities", "/count-corrections", "why", fields{"held": entry("/report"), "person_times": 4, "counted": "counted", "heads": heads}, seen)
	g.ids["activities"] = newID()
	g.sow(w, "activities", "/plan", "title", fields{"entry": newID(), "project": project, "site": site, "day": "2012-07-08", "worker": g.workerID})
	g.sow(w, "activities", "/cancellation", "why", nil)
}

// wrong sends what is refused, with canaries in names, values, headers, path and question.
func (g *garden) wrong() {
	c := g.mark
	for _, try := range []struct {
		path   string
		body   any
		header []string
	}{
		{"/cases/" + g.id("cases") + "/notes", fields{c: c}, nil},
		{"/cases/" + g.id("cases") + "/notes", `{"text":"` + c, nil},
		{"/cases/" + g.id("cases") + "/notes", fields{"entry": newID(), "kind": c, "text": c}, nil},
		{"/cases/" + g.id("cases") + "/notes", fields{"entry": c, "kind": "process", "text": c}, []string{"If-Match", c[:32], "User-Agent", c[:32], "Accept", c[:32]}},
		{"/cases/" + c[:32] + "/notes?" + c[:32] + "=" + c[:32], fields{}, nil},
		{"/" + c[:32], fields{}, nil},
		{"/cases/" + newID() + "/intake", fields{"entry": newID(), "client": newID(), "category": c, "project": c, "site": c, "source": "self", "urgency": "urgent", "answers": fields{c: c}}, nil},
	} {
		answer, err := g.worker.ask(g.t.Context(), http.MethodPost, g.api+try.path, try.body, append([]string{"Idempotency-Key", newID()}, try.header...)...)
		if err != nil {
			g.t.Fatal(err)
		}
		if answer.status < 400 || answer.status >= 500 || strings.Contains(string(answer.raw), c[:32]) {
			g.t.Errorf("POST %s: %d %s", try.path, answer.status, answer.raw)
		}
	}
}
