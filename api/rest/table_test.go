package rest

var clientLines = []line{
	{"/clients/{id}/registration", nil, func(s *story) body {
		return body{
			"entry": s.id("/clients/{id}/registration"), "name": secret, "other_names": secret, "sex": "male", "birth": "2000-05-01",
			"id_kind": "resident_id", "id_number": secret, "address": secret, "phone": secret,
			"guardian": body{"name": secret, "relation": "mother", "phone": secret},
		}
	}},
	{"/clients/{id}/details", []string{"/clients/{id}/registration"}, func(s *story) body {
		return body{"entry": s.id("/clients/{id}/details"), "why": secret, "name": secret, "birth": "2000-05-02", "address": secret}
	}},
}

var groupLines = []line{
	{"/groups/{id}/plan", nil, func(s *story) body {
		return body{
			"entry": s.id("/groups/{id}/plan"), "project": project, "site": site, "kind": "growth", "title": secret, "goals": secret,
			"worker": s.worker.id, "planned": 6,
		}
	}},
	{"/groups/{id}/members", []string{"/groups/{id}/plan"}, func(s *story) body {
		return body{"entry": s.id("/groups/{id}/members"), "member": s.id("member"), "name": secret}
	}},
	{"/groups/{id}/departures", []string{"/groups/{id}/members"}, func(s *story) body {
		return body{"entry": s.id("/groups/{id}/departures"), "member": s.id("member"), "why": "moved_away", "remark": secret}
	}},
	{"/groups/{id}/contracts", []string{"/groups/{id}/plan"}, func(s *story) body {
		return body{"entry": s.id("/groups/{id}/contracts"), "text": secret}
	}},
	{"/groups/{id}/sessions", []string{"/groups/{id}/members"}, func(s *story) body {
		return body{
			"entry": s.id("/groups/{id}/sessions"), "number": 1, "phase": "forming", "minutes": 60, "person_times": 1, "note": secret,
			"attendance": []body{{"member": s.id("member"), "presence": "present", "remark": secret}},
		}
	}},
	{"/groups/{id}/attendance-corrections", []string{"/groups/{id}/sessions"}, func(s *story) body {
		return body{
			"entry": s.id("/groups/{id}/attendance-corrections"), "session": s.id("/groups/{id}/sessions"), "person_times": 0, "why": secret,
			"attendance": []body{{"member": s.id("member"), "presence": "excused", "remark": secret}},
		}
	}},
	{"/groups/{id}/evaluation", []string{"/groups/{id}/plan"}, func(s *story) body {
		return body{"entry": s.id("/groups/{id}/evaluation"), "reached": "partly", "text": secret}
	}},
}

var activityLines = []line{
	{"/activities/{id}/plan", nil, func(s *story) body {
		return body{
			"entry": s.id("/activities/{id}/plan"), "project": project, "site": site, "title": secret, "day": "2012-07-07", "worker": s.worker.id,
		}
	}},
	{"/activities/{id}/report", []string{"/activities/{id}/plan"}, func(s *story) body {
		return body{
			"entry": s.id("/activities/{id}/report"), "place": "江汉路广场", "person_times": 42, "counted": "signed", "cost_fen": 30000,
			"heads": []body{{"people": "children", "number": 40}, {"people": "parents", "number": 2}}, "forms_out": 20, "forms_back": 12,
			"satisfied": 11, "volunteers": 4, "volunteer_hours": 12, "partners": []string{"community", "volunteers"}, "note": secret,
		}
	}},
	{"/activities/{id}/count-corrections", []string{"/activities/{id}/report"}, func(s *story) body {
		return body{
			"entry": s.id("/activities/{id}/count-corrections"), "held": s.id("/activities/{id}/report"), "person_times": 41, "counted": "counted",
			"heads": []body{{"people": "children", "number": 41}}, "why": secret,
		}
	}},
	{"/activities/{id}/cancellation", []string{"/activities/{id}/plan"}, func(s *story) body {
		return body{"entry": s.id("/activities/{id}/cancellation"), "why": secret}
	}},
}

var programmeLines = []line{
	{"/programme/commissioners", nil, func(s *story) body {
		return body{"commissioner": s.code("commissioner"), "names": body{"zh": secret, "en": secret}}
	}},
	{"/programme/agencies", nil, func(s *story) body {
		return body{"agency": s.code("agency"), "names": body{"zh": secret}, "backed_by": secret}
	}},
	{"/programme/stations", []string{"/programme/agencies"}, func(s *story) body {
		return body{"station": s.code("station"), "names": body{"zh": secret}, "agency": s.code("agency")}
	}},
	{"/programme/projects", []string{"/programme/agencies", "/programme/commissioners"}, func(s *story) body {
		return body{
			"project": s.code("project"), "names": body{"zh": secret}, "commissioner": s.code("commissioner"), "agency": s.code("agency"),
			"category": "orphan",
		}
	}},
	{"/programme/sites", []string{"/programme/projects"}, func(s *story) body {
		return body{"project": s.code("project"), "site": s.code("site"), "names": body{"zh": secret}}
	}},
	{"/programme/agreements", []string{"/programme/projects"}, func(s *story) body {
		return body{
			"agreement": s.code("agreement"), "commissioner": s.code("commissioner"), "agency": s.code("agency"),
			"projects": []string{s.code("project")}, "posts": 3, "amount_fen": 5000000, "from": "2012-05-18", "until": "2013-05-17",
		}
	}},
	{"/programme/posts", []string{"/programme/agencies"}, func(s *story) body {
		return body{
			"post": s.code("post"), "kind": "community", "employer": s.code("agency"), "duties": secret, "goals": secret, "standards": secret,
			"badge": secret,
		}
	}},
	{"/programme/workers", []string{"/programme/posts"}, func(s *story) body {
		return body{"worker": s.id("worker"), "name": secret, "post": s.code("post"), "supervisor": s.a.id}
	}},
	{"/programme/licences", []string{"/programme/workers"}, func(s *story) body {
		return body{"worker": s.id("worker"), "licence": "social_worker", "number": secret, "day": "2012-06-01"}
	}},
	{"/programme/homes", []string{"/programme/workers"}, func(s *story) body {
		return body{"worker": s.id("worker"), "address": secret, "since": "2012-06-01"}
	}},
	{"/programme/training", []string{"/programme/workers"}, func(s *story) body {
		return body{"worker": s.id("worker"), "kind": secret, "hours": 8, "day": "2012-06-01"}
	}},
	{"/programme/grants", []string{"/programme/agencies"}, func(s *story) body {
		return body{"grant": s.code("grant"), "agency": s.code("agency"), "purpose": secret, "amount_fen": 100, "day": "2012-06-01"}
	}},
	{"/programme/targets", []string{"/programme/projects"}, func(s *story) body {
		return body{"project": s.code("project"), "year": 2012, "count": "case_files", "number": 40}
	}},
	{"/programme/claims", nil, func(s *story) body {
		return body{"about": secret, "year": 2012, "number": 393, "unit": "名", "source": secret + s.id("claim")}
	}},
	{"/programme/admissions", []string{"/programme/projects"}, func(s *story) body {
		return body{"evaluator": "evaluator:" + s.id("evaluator"), "project": s.code("project"), "until": "2013-06-30", "purpose": "evaluation"}
	}},
}
