package programme_test

import (
	"testing"

	"github.com/casestream/casestream/services/programme"
)

func TestOrganisations(t *testing.T) {
	for _, rule := range organisations {
		rule.Run(t)
	}
}

var (
	nameBureau  = programme.NameCommissioner{Commissioner: "civil-affairs", Names: programme.Names{Zh: "市民政局"}}
	foundChuxin = programme.FoundAgency{Agency: "chuxin", Names: programme.Names{Zh: "楚馨"}, BackedBy: "江汉大学社会学系"}
	openStation = programme.OpenStation{Station: "jiuzhu", Names: programme.Names{Zh: "救助站社工站"}, Agency: "chuxin"}
)

var organisations = rules{
	{
		Name: "a commissioner is named",
		When: nameBureau,
		Then: facts{bureau},
	},
	{
		Name: "a commissioner has a code that is one",
		When: programme.NameCommissioner{Commissioner: "Civil Affairs"},
		Err:  programme.RefusedForm,
	},
	{
		Name:  "a commissioner's code is not given to another",
		Given: facts{bureau},
		When:  programme.NameCommissioner{Commissioner: "civil-affairs", Names: programme.Names{Zh: "省民政厅"}},
		Err:   programme.RefusedTaken,
	},
	{
		Name:  "a commissioner does not take an agency's code",
		Given: facts{chuxin},
		When:  programme.NameCommissioner{Commissioner: "chuxin"},
		Err:   programme.RefusedTaken,
	},
	{
		Name: "an agency is founded",
		When: foundChuxin,
		Then: facts{chuxin},
	},
	{
		Name: "an agency has a code that is one",
		When: programme.FoundAgency{Agency: "楚馨"},
		Err:  programme.RefusedForm,
	},
	{
		Name:  "an agency's code is not given to another",
		Given: facts{chuxin},
		When:  programme.FoundAgency{Agency: "chuxin", Names: programme.Names{Zh: "楚馨"}},
		Err:   programme.RefusedTaken,
	},
	{
		Name:  "an agency does not take a commissioner's code",
		Given: facts{bureau},
		When:  programme.FoundAgency{Agency: "civil-affairs"},
		Err:   programme.RefusedTaken,
	},
	{
		Name:  "a station of an agency is opened",
		Given: facts{bureau, chuxin},
		When:  openStation,
		Then:  facts{station},
	},
	{
		Name:  "a station has a code that is one",
		Given: facts{bureau, chuxin},
		When:  programme.OpenStation{Station: "jiu_zhu", Agency: "chuxin"},
		Err:   programme.RefusedForm,
	},
	{
		Name:  "a station's code is not given to another",
		Given: facts{bureau, chuxin, station},
		When:  programme.OpenStation{Station: "jiuzhu", Commissioner: "civil-affairs"},
		Err:   programme.RefusedTaken,
	},
	{
		Name:  "a station is of an agency or a commissioner",
		Given: facts{bureau, chuxin},
		When:  programme.OpenStation{Station: "jiuzhu"},
		Err:   programme.RefusedOwner,
	},
	{
		Name:  "a station is of an agency that is known",
		Given: facts{bureau},
		When:  programme.OpenStation{Station: "jiuzhu", Agency: "chuxin"},
		Err:   programme.RefusedCode,
	},
	{
		Name:  "a station is of a commissioner that is known",
		Given: facts{chuxin},
		When:  programme.OpenStation{Station: "jiuzhu", Commissioner: "civil-affairs"},
		Err:   programme.RefusedCode,
	},
}
