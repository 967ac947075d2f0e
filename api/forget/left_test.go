package forget

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf16"

	"github.com/casestream/casestream/api/access"
	"github.com/casestream/casestream/api/app"
	"github.com/casestream/casestream/events"
	"github.com/casestream/casestream/projections"
	"github.com/casestream/casestream/projections/search"
	"github.com/casestream/casestream/services/clients"
	"github.com/google/uuid"
)

// readable is what a reader can open of someone.
func (w *ward) readable(a *app.App, client uuid.UUID) string {
	w.Helper()
	var out bytes.Buffer
	err := a.Clients.Look(w.Context(), events.Stream("client", client), func(c clients.Client, _ int) {
		if err := a.Write(w.Context(), &out, c.Details, new(access.Opened), events.Stream("client", client)); err != nil {
			w.Error(err)
		}
	})
	if err != nil {
		w.Fatal(err)
	}
	return out.String()
}

// nothingIn looks into every file for what was said of those who are forgotten, in every form.
func (w *ward) nothingIn(dir string) (files int) {
	w.Helper()
	core := strings.TrimSuffix(strings.TrimPrefix(w.mark, "䶮"), "𠮷")
	raw, _ := hex.DecodeString(core)
	forms := map[string][]byte{"as it is": []byte(core), "its bytes": raw, "in hex": []byte(hex.EncodeToString([]byte(core)))}
	var wide []byte
	for _, u := range utf16.Encode([]rune(core)) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	forms["UTF-16"] = wide
	for shift := range 3 {
		coded := base64.RawStdEncoding.EncodeToString(append(make([]byte, shift), w.mark...))
		forms[fmt.Sprint("base64 at ", shift)] = []byte(coded[4 : len(coded)-4])
	}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		for form, text := range forms {
			if bytes.Contains(content, text) {
				w.Errorf("%s holds what was said of someone who is forgotten, %s", filepath.Base(path), form)
			}
		}
		files++
		return err
	})
	if err != nil {
		w.Error(err)
	}
	return files
}

// numbers are those of all outcomes.
func (w *ward) numbers(a *app.App) string {
	w.Helper()
	answer, err := a.Outcomes(w.Context(), app.OutcomesAsked{})
	if err != nil {
		w.Fatal(err)
	}
	text, err := json.Marshal(answer.Result)
	if err != nil {
		w.Fatal(err)
	}
	return string(text)
}

// isForgotten checks that someone's certificate is genuine, that nothing of them can be opened, and that the log says once
// that it began and once that it is done.
func (w *ward) isForgotten(a *app.App, client uuid.UUID) {
	w.Helper()
	certificate, ok, err := CertificateOf(w.Context(), a, client)
	if err != nil || !ok {
		w.Fatalf("there is no certificate: %v", err)
	}
	text, err := certificate.Text()
	if err != nil {
		w.Fatal(err)
	}
	again, err := ReadCertificate(text)
	if err != nil {
		w.Errorf("it is not genuine: %v", err)
	}
	if again.Client != client || again.Values != 9 || again.Streams != 3 || again.KeyEpoch != 1 || again.RequestedBy != "first" || again.ApprovedBy != "second" {
		w.Errorf("it says %s", text)
	}
	for _, change := range [][2]string{
		{`"values": 9`, `"values": 7`},
		{`"second"`, `"third"`},
		{client.String(), uuid.NewString()},
		{`"client"`, `"client": "` + uuid.NewString() + `", "client"`},
		{`"values": 9`, `"values": 9, "Values": 9`},
		{"\n}\n", "\n}\nAnd so was another.\n"},
		{"\n}\n", "\n}\n{}\n"},
	} {
		if !bytes.Contains(text, []byte(change[0])) {
			w.Errorf("it does not say %s", change[0])
		}
		if _, err := ReadCertificate(bytes.Replace(text, []byte(change[0]), []byte(change[1]), 1)); err == nil {
			w.Errorf("with %s it passes for genuine", change[1])
		}
	}
	if said := w.readable(a, client); strings.Contains(said, w.mark[3:]) || !strings.Contains(said, "male") {
		w.Errorf("there is left: %s", said)
	}
	w.isNotFound(a, client)
	told := make(map[string]int)
	for r, err := range a.Log.Read(w.Context(), events.Stream("client", client), 1) {
		if err != nil {
			w.Fatal(err)
		}
		told[r.Event.Type()]++
	}
	if told["client.forgetting-begun"] != 1 || told["client.forgotten"] != 1 {
		w.Errorf("the log says %v", told)
	}
}

// isNotFound checks that the search knows nobody of that name but those who stay, and that not even the number of who is
// forgotten is in the files of the index.
func (w *ward) isNotFound(a *app.App, client uuid.UUID) {
	w.Helper()
	gone, err := a.Known(w.Context(), search.Asked{Name: w.mark + "1"})
	others, failed := a.Known(w.Context(), search.Asked{Name: "留下1"})
	if err != nil || failed != nil || len(gone) > 0 || len(others) != len(w.stay) {
		w.Errorf("of who is forgotten the search finds %v, %v; of the %d others %v, %v", gone, err, len(w.stay), others, failed)
	}
	files, err := filepath.Glob(filepath.Join(string(w.dir), "search.db*"))
	if err != nil || (len(files) == 0) != (w.views != "") {
		w.Errorf("the index is in %v, %v", files, err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil || bytes.Contains(content, []byte(client.String())) {
			w.Errorf("%s has who is forgotten, %v", filepath.Base(file), err)
		}
	}
}

// foldsAnewTheSame checks that views which are folded anew, without the keys, are those that were purged.
func (w *ward) foldsAnewTheSame(a *app.App) {
	w.Helper()
	dump := func() (all string) {
		for _, view := range app.Views {
			text, err := projections.Dump(w.Context(), a.Views, view)
			if err != nil {
				w.Fatal(err)
			}
			all += text
		}
		index, err := projections.Dump(w.Context(), a.Index, search.Projection{})
		if err != nil || index == "" {
			w.Fatal(index, err)
		}
		return all + index
	}
	before := dump()
	if err := a.Projector.Rebuild(w.Context(), nil); err != nil {
		w.Fatal(err)
	}
	if dump() != before {
		w.Error("folded anew, the views are others")
	}
	for _, client := range w.going {
		if strings.Contains(before, "."+events.Stream("client", client)+"/") {
			w.Error("a view has a sealed value of someone who is forgotten")
		}
	}
}
