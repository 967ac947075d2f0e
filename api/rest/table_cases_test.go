package rest

// caseLines are the commands of casework with the street child of the story, who is twelve.
var caseLines = []line{
	{"/cases/{id}/intake", []string{"/clients/{id}/registration"}, func(s *story) body {
		return body{
			"entry": s.id("/cases/{id}/intake"), "client": s.id("clients"), "category": "street_child", "project": project, "site": site,
			"source": "referral", "urgency": "urgent", "referrer": secret, "problem": secret,
			"answers": body{"found_place": secret, "claimed_name": secret, "injuries": "yes", "injuries_detail": secret},
		}
	}},
	{"/cases/{id}/decision", []string{"/cases/{id}/intake"}, func(s *story) body {
		return body{"entry": s.id("/cases/{id}/decision"), "accepted": true, "reason": secret, "instead": secret}
	}},
	{"/cases/{id}/consents", []string{"/cases/{id}/intake"}, func(s *story) body {
		return body{
			"entry": s.id("/cases/{id}/consents"), "purpose": "service", "basis": "consent", "capacity": "guardian", "given_by": secret,
			"form": "oral", "witness": secret, "childs_wish": secret, "limits_explained": true, "reason": secret,
		}
	}},
	{"/cases/{id}/withdrawals", []string{"/cases/{id}/consents"}, func(s *story) body {
		return body{"entry": s.id("/cases/{id}/withdrawals"), "consent": s.id("/cases/{id}/consents"), "by": "guardian", "reason": secret}
	}},
	{"/cases/{id}/assignments", []string{"/cases/{id}/intake"}, func(s *story) body {
		return body{"entry": s.id("/cases/{id}/assignments"), "worker": s.worker.id, "role": "responsible", "reason": secret}
	}},
	{"/cases/{id}/assessments", []string{"/cases/{id}/decision", "/cases/{id}/consents"}, func(s *story) body {
		return body{
			"entry": s.id("/cases/{id}/assessments"), "guardianship": "able", "summary": secret,
			"domains": []body{{"domain": "safety", "severity": 3, "needs": secret, "strengths": secret, "risks": secret}},
		}
	}},
	{"/cases/{id}/measures", []string{"/cases/{id}/intake"}, func(s *story) body {
		return body{
			"entry": s.id("/cases/{id}/measures"), "instrument": "phq-9", "when": "baseline", "rater": "self", "informant": secret,
			"answers": body{"phq1": 1, "phq2": 2, "phq3": 0, "phq4": 1, "phq5": 0, "phq6": 3, "phq7": 1, "phq8": 0, "phq9": 1},
		}
	}},
	{"/cases/{id}/risks", []string{"/cases/{id}/intake"}, func(s *story) body {
		return body{"entry": s.id("/cases/{id}/risks"), "level": "high", "reason": secret}
	}},
	{"/cases/{id}/plans", []string{"/cases/{id}/decision", "/cases/{id}/consents"}, func(s *story) body {
		return body{
			"entry": s.id("/cases/{id}/plans"), "aim": secret, "strategy": secret, "agreed_by": []string{"client", "guardian"},
			"goals": []body{{
				"goal": s.id("goal"), "domain": "safety", "title": secret, "weight": 2, "by": "2012-12-31",
				"levels": []string{secret, secret, secret, secret, secret},
			}},
		}
	}},
	{"/cases/{id}/goal-ratings", []string{"/cases/{id}/plans"}, func(s *story) body {
		return body{"entry": s.id("/cases/{id}/goal-ratings"), "goal": s.id("goal"), "level": 1, "when": "interim", "note": secret}
	}},
	{"/cases/{id}/interventions", []string{"/cases/{id}/decision", "/cases/{id}/consents"}, func(s *story) body {
		return body{
			"entry": s.id("/cases/{id}/interventions"), "kind": "talk", "mode": "in_person", "place": "station", "minutes": 40, "reached": true,
			"person_times": 1, "present": []body{{"who": "client", "name": secret, "served": true}, {"who": "teacher", "name": secret, "served": false}},
			"note": secret,
		}
	}},
	{"/cases/{id}/notes", []string{"/cases/{id}/intake"}, func(s *story) body {
		return body{"entry": s.id("/cases/{id}/notes"), "kind": "process", "text": secret}
	}},
	{"/cases/{id}/amendments", []string{"/cases/{id}/notes"}, func(s *story) body {
		return body{
			"entry": s.id("/cases/{id}/amendments"), "amends": s.id("/cases/{id}/notes"), "why": secret,
			"now": body{"note": body{"entry": s.id("/cases/{id}/notes"), "kind": "telephone", "text": secret}},
		}
	}},
	{"/cases/{id}/retractions", []string{"/cases/{id}/notes"}, func(s *story) body {
		return body{"entry": s.id("/cases/{id}/retractions"), "retracts": s.id("/cases/{id}/notes"), "why": secret}
	}},
	{"/cases/{id}/flags", []string{"/cases/{id}/intake"}, func(s *story) body {
		return body{"entry": s.id("/cases/{id}/flags"), "kind": "safety", "text": secret, "review_by": "2012-12-31"}
	}},
	{"/cases/{id}/flag-clearances", []string{"/cases/{id}/flags"}, func(s *story) body {
		return body{"entry": s.id("/cases/{id}/flag-clearances"), "flag": s.id("/cases/{id}/flags"), "reason": secret}
	}},
	{"/cases/{id}/incidents", []string{"/cases/{id}/intake"}, func(s *story) body {
		return body{
			"entry": s.id("/cases/{id}/incidents"), "kind": "injury", "text": secret,
			"told": []body{{"who": "guardian", "name": secret, "at": "2012-07-01T20:00:00+08:00"}},
		}
	}},
	{"/cases/{id}/handovers", []string{"/cases/{id}/assessments"}, func(s *story) body {
		return body{
			"entry": s.id("/cases/{id}/handovers"), "kind": "escorted_home", "guardianship": s.id("/cases/{id}/assessments"), "childs_wish": secret,
			"escorts": []string{secret}, "destination": secret, "received_by": secret, "received_as": "mother", "receipt": true,
		}
	}},
	{"/cases/{id}/referrals", []string{"/cases/{id}/intake"}, func(s *story) body {
		return body{
			"entry": s.id("/cases/{id}/referrals"), "to": "huangpi", "reason": secret, "basis": "minors_act_2006_rescue", "basis_reason": secret,
		}
	}},
	{"/cases/{id}/referral-answers", []string{"/cases/{id}/referrals"}, func(s *story) body {
		return body{"entry": s.id("/cases/{id}/referral-answers"), "referral": s.id("/cases/{id}/referrals"), "answer": "accepted", "note": secret}
	}},
	{"/cases/{id}/referral-completions", []string{"/cases/{id}/referral-answers"}, func(s *story) body {
		return body{"entry": s.id("/cases/{id}/referral-completions"), "referral": s.id("/cases/{id}/referrals"), "result": secret}
	}},
	{"/cases/{id}/grants", []string{"/cases/{id}/intake"}, func(s *story) body {
		return body{
			"entry": s.id("/cases/{id}/grants"), "worker": s.b1.id, "until": s.app.Now().AddDate(0, 0, 18), "purpose": "cover", "reason": secret,
		}
	}},
	{"/cases/{id}/grant-endings", []string{"/cases/{id}/grants"}, func(s *story) body {
		return body{"entry": s.id("/cases/{id}/grant-endings"), "worker": s.b1.id, "reason": secret}
	}},
	{"/cases/{id}/conflicts", []string{"/cases/{id}/intake"}, func(s *story) body {
		return body{"entry": s.id("/cases/{id}/conflicts"), "worker": s.b1.id, "kind": "kin", "reason": secret}
	}},
	{"/cases/{id}/conflict-liftings", []string{"/cases/{id}/conflicts"}, func(s *story) body {
		return body{"entry": s.id("/cases/{id}/conflict-liftings"), "worker": s.b1.id, "reason": secret}
	}},
	{"/cases/{id}/closure", []string{"/cases/{id}/decision"}, func(s *story) body {
		return body{
			"entry": s.id("/cases/{id}/closure"), "reason": "other", "reason_text": secret, "exit": "collected_by_kin", "outcome": "family_reunited",
			"goals": secret, "after": secret,
		}
	}},
	{"/cases/{id}/follow-ups", []string{"/cases/{id}/closure"}, func(s *story) body {
		return body{"entry": s.id("/cases/{id}/follow-ups"), "window": "month_1", "reached": true, "findings": body{"safe": "yes"}, "note": secret}
	}},
	{"/cases/{id}/break-glass", []string{"/cases/{id}/assignments"}, func(s *story) body {
		return body{"entry": s.id("/cases/{id}/break-glass"), "reason": "danger_to_life", "words": secret + "，责任社工和督导的电话都打不通。"}
	}},
	{"/cases/{id}/glass-reviews", []string{"/cases/{id}/break-glass"}, func(s *story) body {
		return body{
			"entry": s.id("/cases/{id}/glass-reviews"), "glass": s.id("/cases/{id}/break-glass"), "finding": "justified", "words": secret,
		}
	}},
	{"/cases/{id}/reopening", []string{"/cases/{id}/closure"}, func(s *story) body {
		return body{"entry": s.id("/cases/{id}/reopening"), "why": "relapse", "reason": secret}
	}},
}
