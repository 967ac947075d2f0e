package access

import (
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/casestream/casestream/events"
)

// The rules that mark what is unusual. A mark accuses nobody: nights are worked, and many people are called Wang. It says
// to the privacy officer where to look, and only which rule said so, never what it saw.
const (
	MarkManyCases = "many-cases"    // more than ManyCases cases or clients within an hour, one by one
	MarkNight     = "night"         // between ten in the evening and six
	MarkPast      = "past-assigned" // the reader once had the case, and has no part in it now
	MarkSurname   = "own-surname"   // the client, or the guardian, is called as the reader is
	MarkAddress   = "own-address"   // the client lives where the reader does
	MarkGlass     = "glass-broken"  // read under a broken glass
)

// ManyCases is how many different cases and clients somebody may open within an hour before it is marked.
const ManyCases = 20

// Sight is what the rules look at: what somebody opened, and what is known of them. It lasts as long as the request.
type Sight struct {
	At     time.Time
	Opened *Opened
	Name   string // the reader's own; empty: not known
	Home   string // where the reader lives; empty: not known
	Pace   int    // how many different cases the reader opened in the hour that ends now, this one among them
	Past   bool   // once had the one case that was opened, and has no part in it now
	Glass  bool   // let in by a broken glass
}

// rules are all there are. Names and addresses are compared where one file was opened by itself: in a list of forty
// clients there is always a Wang.
var rules = []struct {
	mark string
	is   func(Sight) bool
}{
	{MarkManyCases, func(s Sight) bool { return s.Pace > ManyCases }},
	{MarkNight, func(s Sight) bool { hour := s.At.In(events.Zone).Hour(); return hour >= 22 || hour < 6 }},
	{MarkPast, func(s Sight) bool { return s.Past }},
	{MarkSurname, func(s Sight) bool {
		own := surname(s.Name)
		return own != "" && s.Opened.One() != "" && slices.ContainsFunc(s.Opened.names, func(name string) bool { return surname(name) == own })
	}},
	{MarkAddress, func(s Sight) bool {
		own := place(s.Home)
		return own != "" && s.Opened.One() != "" && slices.ContainsFunc(s.Opened.dwelling, func(address string) bool { return place(address) == own })
	}},
	{MarkGlass, func(s Sight) bool { return s.Glass }},
}

// Marks are the rules that find it unusual, in their order.
func Marks(s Sight) (marks []string) {
	for _, rule := range rules {
		if rule.is(s) {
			marks = append(marks, rule.mark)
		}
	}
	return marks
}

// compound are the surnames of two characters that are in use.
var compound = strings.Fields(`欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 司空 夏侯 端木 长孙 宇文 轩辕 申屠 太史 闻人 赫连 澹台 公冶 宗政 濮阳
	淳于 单于 仲孙 钟离 鲜于 闾丘 呼延 南宫 百里 东郭 西门 独孤 拓跋 纳兰 第五 歐陽 司馬 諸葛 東方 尉遲 公孫 長孫`)

// surname is what a name begins with: two characters where they are known as one surname, else the first; of a name in
// another script the last word. Of a name of one character, such as a pet name, there is none.
func surname(name string) string {
	name = strings.TrimSpace(name)
	letters := []rune(name)
	if len(letters) < 2 {
		return ""
	}
	if !unicode.Is(unicode.Han, letters[0]) {
		words := strings.Fields(name)
		return strings.ToLower(words[len(words)-1])
	}
	if two := string(letters[:2]); len(letters) > 2 && slices.Contains(compound, two) {
		return two
	}
	return string(letters[0])
}

// place is an address without what people write differently: blanks, dots and commas.
func place(address string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsPunct(r) {
			return -1
		}
		return r
	}, address))
}

// Pace counts the cases that each reader opens within an hour. It remembers ids, in memory: after a restart it begins anew.
type Pace struct {
	mu   sync.Mutex
	seen map[string]map[string]time.Time // by reader and stream, when it was opened last
}

// Opens notes that a reader opens a case or client, and counts those of the hour that ends now.
func (p *Pace) Opens(actor, stream string, now time.Time) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.seen == nil {
		p.seen = make(map[string]map[string]time.Time)
	}
	mine := p.seen[actor]
	if mine == nil {
		mine = make(map[string]time.Time)
		p.seen[actor] = mine
	}
	mine[stream] = now
	for other, at := range mine {
		if now.Sub(at) > time.Hour {
			delete(mine, other)
		}
	}
	return len(mine)
}
