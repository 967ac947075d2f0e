package demo

import (
	"fmt"
	"strings"
	"time"

	"github.com/casestream/casestream/services/clients"
)

// people is what invented persons are put together from (data/people.json).
type people struct {
	Note      string                 `json:"note"`
	Surnames  []string               `json:"surnames"`
	Male      []string               `json:"male"`
	Female    []string               `json:"female"`
	ElderMale []string               `json:"elder_male"` // of those over fifty
	ElderFem  []string               `json:"elder_female"`
	Tibetan   []string               `json:"tibetan"`
	Kin       map[string][][2]string `json:"kin"` // by age group: the word, and the relation as a code
	Districts []string               `json:"districts"`
	Streets   []string               `json:"streets"`
	Away      []string               `json:"away"`
	Tibet     []string               `json:"tibet"`
}

// person is a client while the year is being written.
type person struct {
	clients.Details
	call string // what the notes call them
	ta   string // 他, 她
	kin  string // the word for their next of kin
	home string // where the family lives

	verified clients.Details // of a child whose name has to be found out: what it is found to be
}

func (p person) age(at time.Time) *int { return clients.Age(p.Birth, at) }

func (p people) staff(d dice) string {
	if d.chance(0.68) {
		return p.surname(d) + pick(d, p.Female)
	}
	return p.surname(d) + pick(d, p.Male)
}

// surname is, as in life, often one of a few.
func (p people) surname(d dice) string {
	if d.chance(0.5) {
		return p.Surnames[d.IntN(12)]
	}
	return pick(d, p.Surnames)
}

// client invents someone of a category, on the day of an intake.
func (p people) client(d dice, category string, c course, site string, at time.Time) person {
	who := person{ta: "他"}
	who.Sex = "male"
	given, elder := p.Male, p.ElderMale
	if d.chance(0.46) || category == "family" && d.chance(0.6) {
		who.Sex, who.ta, given, elder = "female", "她", p.Female, p.ElderFem
	}
	years := d.between(c.Ages[0], c.Ages[1])
	switch site {
	case "zhucheng-primary":
		years = d.between(7, 12)
	case "tibetan-school", "lizhi-school":
		years = d.between(12, 17)
	}
	if years > 50 {
		given = elder
	}
	who.Birth = at.AddDate(-years, -d.between(0, 11), -d.between(1, 27)).Format(time.DateOnly)
	surname, name := p.surname(d), pick(d, given)
	who.Name, who.call = surname+name, called(d, surname, name, who.Sex, years)
	who.home = p.address(d)
	who.Address, who.IDKind, who.IDNumber = who.home, "resident_id", identityNumber(d, who.Birth, who.Sex)
	if years < 16 {
		who.IDKind = "household_register"
	}
	kin := pick(d, p.Kin[c.Kin])
	if c.Kin == "adult" && years < 35 {
		kin = pick(d, p.Kin["young_adult"])
	}
	who.kin = kin[0]
	who.Guardian = clients.Guardian{Name: p.surname(d) + pick(d, p.Female), Relation: kin[1], Phone: phone(d)}
	if kin[0] == "父亲" || kin[0] == "爷爷" || kin[0] == "伯父" || kin[0] == "弟弟" {
		who.Guardian.Name = surname + pick(d, p.Male)
	}
	if years >= 14 && d.chance(0.8) {
		who.Phone = phone(d)
	}
	p.circumstances(d, &who, category, site)
	return who
}

// circumstances is what differs for those who are far from home, and for those whose names are not known.
func (p people) circumstances(d dice, who *person, category, site string) {
	switch {
	case category == "street_child":
		who.home = pick(d, p.Away)
		who.Address, who.IDKind, who.Phone = who.home, "household_register", ""
		who.verified = who.Details
		who.Address, who.Phone, who.IDKind, who.IDNumber = "", "", "none", ""
		who.Birth, who.BirthEstimated = who.Birth[:4], true
		if d.chance(0.3) {
			who.Name, who.OtherNames = "", "自称"+who.call
		}
		who.Guardian = clients.Guardian{Relation: "unknown"}
	case category == "orphan":
		who.Address, who.Phone, who.IDKind = "市儿童福利院", "", "household_register"
		who.Guardian = clients.Guardian{Name: "市儿童福利院", Relation: "institution", Phone: phone(d)}
	case site == "tibetan-school":
		who.call = pick(d, p.Tibetan)
		who.Name = who.call + pick(d, p.Tibetan)
		who.home = pick(d, p.Tibet)
		who.Address = who.home
	}
}

// called is how a social worker would call them.
func called(d dice, surname, name, sex string, years int) string {
	last := []rune(name)
	switch {
	case years < 18:
		return "小" + string(last[len(last)-1])
	case years < 35:
		return "小" + surname
	case years < 60 && sex == "male":
		return surname + pick(d, []string{"师傅", "先生"})
	case years < 60:
		return surname + pick(d, []string{"女士", "姐"})
	case sex == "male":
		return surname + "爹爹" // as one says in Wuhan
	}
	return surname + "婆婆"
}

func (p people) address(d dice) string {
	return fmt.Sprintf("武汉市%s%s%d号%d单元%d0%d", pick(d, p.Districts), pick(d, p.Streets), d.between(1, 180), d.between(1, 4), d.between(1, 7), d.between(1, 4))
}

// phone is a number that nobody has: no subscriber's begins with 0.
func phone(d dice) string { return fmt.Sprintf("027-0%07d", d.between(0, 9999999)) }

// identityNumber has the form of one, and a check digit that is wrong: nobody has it.
func identityNumber(d dice, birth, sex string) string {
	order := d.between(0, 499) * 2
	if sex == "male" {
		order++
	}
	body := fmt.Sprintf("4201%02d%s%03d", d.between(2, 17), strings.ReplaceAll(birth, "-", ""), order)
	sum := 0
	for n, digit := range body {
		sum += int(digit-'0') * []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}[n]
	}
	return body + string("10X98765432"[(sum+1)%11])
}
