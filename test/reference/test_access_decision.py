"""Cases of one reading of access-decisions.md, one class for each of its headings."""

import unittest

from access_combiner import decide_each
from access_examples import (
    AT, BEFORE, H1, H2, LATER, LATEST, PERSON, TEAM, Expectations, ask, asked, duty, grant, grantee,
    provision, relationship, team,
)

PERMIT = grant(provision("permit"))
ORGANISATION = grantee("organisation", "all")


class WhoIsMeant(Expectations, unittest.TestCase):
    def test_person(self):
        self.permitted(ask(PERMIT), "p1")

    def test_same_tag_of_another_organisation(self):
        self.denied(ask(grant(provision("permit"), to=grantee("person", "tag1", H2))), "NO_CONSENT")

    def test_organisation(self):
        self.permitted(ask(grant(provision("permit"), to=ORGANISATION)), "p1")

    def test_role(self):
        self.permitted(ask(grant(provision("permit"), to=grantee("role", "clinician"))), "p1")
        self.denied(ask(grant(provision("permit"), to=grantee("role", "nurse"))), "NO_CONSENT")

    def test_department_permits_only_as_asked_for(self):
        self.permitted(ask(grant(provision("permit"), to=grantee("department", "cardiology"))), "p1")
        surgery = grant(provision("permit"), to=grantee("department", "surgery"))
        self.denied(ask(surgery), "NO_CONSENT")

    def test_department_forbids_by_any(self):
        surgery = grant(provision("deny"), to=grantee("department", "surgery"))
        self.denied(ask(PERMIT, surgery), "DENIED_BY_PROVISION")

    def test_group_pending_or_left_does_not_permit(self):
        for state in ("pending", "left"):
            to_team = grant(provision("permit"), to=TEAM)
            self.denied(ask(to_team, actor={"groups": [team(state)]}), "NO_CONSENT")

    def test_group_of_any_state_forbids(self):
        for state in ("pending", "active", "left"):
            to_team = grant(provision("deny"), to=TEAM)
            self.denied(ask(PERMIT, to_team, actor={"groups": [team(state)]}), "DENIED_BY_PROVISION")

    def test_group_off_duty_still_forbids(self):
        off = team(duty=duty(([1], "08:00", "09:00")))
        to_team = grant(provision("deny"), to=TEAM)
        self.denied(ask(PERMIT, to_team, actor={"groups": [off]}), "DENIED_BY_PROVISION")

    def test_no_groups(self):
        self.denied(ask(grant(provision("permit"), to=TEAM)), "NO_CONSENT")


class WhatMayBeDoneWithACopy(Expectations, unittest.TestCase):
    def copy(self, *provisions, **question):
        return ask(grant(*provisions), **question).get("copy")

    def test_nothing_said(self):
        self.assertIsNone(self.copy(provision("permit")))
        self.assertIsNone(self.copy(provision("permit", handling="store")))

    def test_the_strictest(self):
        view = provision("permit", "p1", handling="view", eraseAt=LATEST)
        store = provision("permit", "p2", eraseAt=LATER, onward=True)
        self.assertEqual(self.copy(view, store), {"handling": "view", "eraseAt": LATER})
        self.assertEqual(self.copy(store), {"handling": "store", "eraseAt": LATER, "onward": True})

    def test_onward_only_by_all(self):
        onward = provision("permit", "p1", onward=True)
        self.assertIsNone(self.copy(onward, provision("permit", "p2")))

    def test_what_does_not_cover_does_not_bind(self):
        other = provision("permit", "p2", handling="view", purposes=["HRESCH"])
        self.assertIsNone(self.copy(provision("permit"), other))

    def test_what_has_no_use_left_still_binds(self):
        spent = provision("permit", "p2", handling="view", uses=1)
        given = {**grant(provision("permit"), spent), "taken": [{"provisionId": "p2", "count": 1}]}
        self.assertEqual(ask(given).get("copy"), {"handling": "view"})

    def test_none_with_a_denial(self):
        self.assertIsNone(self.copy(provision("permit", handling="view"), provision("deny", "p2")))


class WhatAProvisionIsAbout(Expectations, unittest.TestCase):
    def lacks(self, fields, *reasons, **question):
        self.denied(ask(grant(provision("permit", **fields)), **question), *reasons)

    def forbids(self, fields, **question):
        decision = ask(PERMIT, grant(provision("deny", "d", **fields)), **question)
        self.denied(decision, "DENIED_BY_PROVISION")

    def test_begins_at_valid_from(self):
        self.permitted(ask(grant(provision("permit", validFrom=AT))), "p1")
        self.lacks({"validFrom": LATER}, "NOT_YET_VALID")

    def test_is_over_at_valid_until(self):
        self.lacks({"validUntil": AT}, "EXPIRED")
        self.permitted(ask(grant(provision("permit", validUntil=LATER))), "p1", until=LATER)

    def test_not_begun_is_not_expired(self):
        self.lacks({"validFrom": LATER, "validUntil": BEFORE}, "NOT_YET_VALID")

    def test_purpose(self):
        self.lacks({"purposes": ["ETREAT"]}, "PURPOSE_NOT_ALLOWED")

    def test_class_of_a_permit_is_exact(self):
        self.lacks({"classes": ["observation"]}, "CLASS_NOT_COVERED",
                   record={"class": "laboratory-report"})
        self.lacks({"classes": ["prescription"]}, "CLASS_NOT_COVERED", record={"class": "history"})

    def test_deny_reaches_what_may_hold_its_class(self):
        for record_class in ("history", "other", "patient-summary", "administrative"):
            self.forbids({"classes": ["administrative"]}, record={"class": record_class})
        for record_class in ("laboratory-report", "imaging-report", "clinical-document"):
            self.forbids({"classes": ["observation"]}, record={"class": record_class})
        self.forbids({"classes": ["imaging-index"]}, record={"class": "imaging-report"})
        self.forbids({"classes": ["imaging-report"]}, record={"class": "imaging-index"})

    def test_deny_does_not_reach_further(self):
        other = grant(provision("deny", classes=["administrative"]))
        self.permitted(ask(PERMIT, other, record={"class": "clinical-document"}), "p1")
        narrow = grant(provision("deny", classes=["laboratory-report"]))
        self.permitted(ask(PERMIT, narrow, record={"class": "observation"}), "p1")

    def test_level_of_a_permit(self):
        self.lacks({}, "LEVEL_NEEDS_APPROVAL", record={"dataLevel": 5})
        self.permitted(ask(PERMIT, record={"dataLevel": 4}), "p1")
        self.lacks({"maxDataLevel": 2}, "LEVEL_NEEDS_APPROVAL")
        fifth = grant(provision("permit", maxDataLevel=5))
        self.permitted(ask(fifth, record={"dataLevel": 5}), "p1")

    def test_level_of_a_deny(self):
        self.forbids({}, record={"dataLevel": 1})
        self.forbids({"minDataLevel": 3})
        self.permitted(ask(PERMIT, grant(provision("deny", minDataLevel=4))), "p1")

    def test_months_of_a_permit_hold_all_of_the_record(self):
        year = {"first": "2022-01", "last": "2022-12"}
        permit = grant(provision("permit", careMonths=year))
        inside = {"careMonths": {"first": "2022-01", "last": "2022-12"}}
        self.permitted(ask(permit, record=inside), "p1")
        for first, last in (("2021-12", "2022-01"), ("2022-12", "2023-01"), ("2021-01", "2023-01")):
            over = {"careMonths": {"first": first, "last": last}}
            self.lacks({"careMonths": year}, "RECORD_NOT_COVERED", record=over)
        self.lacks({"careMonths": year}, "RECORD_NOT_COVERED")

    def test_months_of_a_deny_touch_the_record(self):
        year = {"first": "2022-01", "last": "2022-12"}
        for first, last in (("2021-12", "2022-01"), ("2022-12", "2023-01"), ("2021-01", "2023-01")):
            self.forbids({"careMonths": year},
                         record={"careMonths": {"first": first, "last": last}})
        self.forbids({"careMonths": year})
        for month in ("2021-12", "2023-01"):
            beside = {"careMonths": {"first": month, "last": month}}
            other = grant(provision("deny", careMonths=year))
            self.permitted(ask(PERMIT, other, record=beside), "p1")

    def test_encounters(self):
        permit = grant(provision("permit", encounters=["e1", "e2"]))
        self.permitted(ask(permit, record={"encounter": "e2"}), "p1")
        self.lacks({"encounters": ["e1"]}, "RECORD_NOT_COVERED", record={"encounter": "e2"})
        self.lacks({"encounters": ["e1"]}, "RECORD_NOT_COVERED")
        self.forbids({"encounters": ["e1"]}, record={"encounter": "e1"})
        self.forbids({"encounters": ["e1"]})
        other = grant(provision("deny", encounters=["e1"]))
        self.permitted(ask(PERMIT, other, record={"encounter": "e2"}), "p1")

    def test_label(self):
        for label in ("R", "V"):
            self.lacks({}, "LABEL_NOT_COVERED", record={"confidentiality": label})
        self.lacks({"confidentiality": ["R"]}, "LABEL_NOT_COVERED")
        restricted = grant(provision("permit", confidentiality=["R"]))
        self.permitted(ask(restricted, record={"confidentiality": "R"}), "p1")

    def test_deny_without_label_covers_every_label(self):
        permit = grant(provision("permit", confidentiality=["V"]))
        decision = ask(permit, grant(provision("deny")), record={"confidentiality": "V"})
        self.denied(decision, "DENIED_BY_PROVISION")

    def test_record(self):
        self.lacks({"authorMspIds": [H1]}, "RECORD_NOT_COVERED")
        self.lacks({"recordIds": ["r2"], "authorMspIds": [H1]}, "RECORD_NOT_COVERED")
        self.permitted(ask(grant(provision("permit", recordIds=["r1"], authorMspIds=[H2]))), "p1")

    def test_record_period_is_half_open(self):
        period = {"from": BEFORE, "until": AT}
        inside = grant(provision("permit", recordPeriod=period))
        self.permitted(ask(inside, record={"anchoredAt": BEFORE}), "p1")
        self.lacks({"recordPeriod": period}, "RECORD_NOT_COVERED", record={"anchoredAt": AT})

    def test_empty_lists_cover_nothing(self):
        self.lacks({"classes": []}, "CLASS_NOT_COVERED")
        self.permitted(ask(PERMIT, grant(provision("deny", classes=[]))), "p1")
        empty = grant(provision("deny", classes=[]))
        self.permitted(ask(PERMIT, empty, record={"class": "other"}), "p1")


class TheSources(Expectations, unittest.TestCase):
    def test_purpose_is_refused_first(self):
        nobody = {"roles": ["nurse"]}
        refused = "ROLE_MAY_NOT_CLAIM_PURPOSE"
        self.denied(ask(purpose="ETREAT", actor=nobody), refused)
        self.denied(ask(purpose="ETREAT", actor=nobody, record=False), refused)
        retracted = {"state": "retracted"}
        self.denied(ask(PERMIT, purpose="HRESCH", record=retracted, tie=None), refused)

    def test_what_nothing_opens_is_refused_before_all_else(self):
        for purpose in ("EMPLOYMENT", "UNDERWRITING"):
            for varied in ({}, {"actor": {"roles": []}}, {"record": False}, {"tie": None}):
                self.denied(ask(PERMIT, purpose=purpose, **varied), "PURPOSE_NEVER_OPENS")

    def test_other_roles_claim_nothing(self):
        self.denied(ask(PERMIT, actor={"roles": ["auditor"]}), "ROLE_MAY_NOT_CLAIM_PURPOSE")
        self.denied(ask(PERMIT, actor={"roles": []}), "ROLE_MAY_NOT_CLAIM_PURPOSE")

    def test_unknown_record(self):
        self.denied(ask(PERMIT, record=False), "NO_CONSENT")

    def test_retracted(self):
        self.denied(ask(PERMIT, record={"state": "retracted"}), "RECORD_RETRACTED")

    def test_relationship_absent_or_not_accepted(self):
        for tie in (None, relationship(state="proposed"), relationship(state="rejected")):
            self.denied(ask(PERMIT, tie=tie), "RELATIONSHIP_NOT_ACTIVE")

    def test_relationship_suspended(self):
        for by in ("patient", "both"):
            tie = relationship(state="suspended", suspendedBy=by)
            self.denied(ask(PERMIT, tie=tie), "RELATIONSHIP_NOT_ACTIVE")
        tie = relationship(state="suspended", suspendedBy="custodian")
        self.permitted(ask(PERMIT, tie=tie), "p1")

    def test_relationship_that_does_not_serve(self):
        for tie in ("insurer", "unheard-of"):
            self.denied(ask(PERMIT, tie=relationship(type=tie)), "PURPOSE_NOT_ALLOWED")
        researcher = {"roles": ["researcher"]}
        caregiver = relationship(type="caregiver")
        decision = ask(PERMIT, purpose="HRESCH", actor=researcher, tie=caregiver)
        self.denied(decision, "PURPOSE_NOT_ALLOWED")

    def test_revoked_prohibition_does_not_count(self):
        self.permitted(ask(PERMIT, grant(provision("deny"), to=TEAM, state="revoked")), "p1")

    def test_prohibition_that_begins_later_ends_permits(self):
        later = grant(provision("deny", validFrom=LATER), to=ORGANISATION)
        self.permitted(ask(PERMIT, later), "p1", until=LATER)
        sooner = grant(provision("permit", validUntil="2026-05-02T00:00:00.000Z"))
        self.permitted(ask(sooner, later), "p1", until="2026-05-02T00:00:00.000Z")

    def test_prohibition_that_begins_later_about_something_else(self):
        later = grant(provision("deny", validFrom=LATER, classes=["administrative"]))
        self.permitted(ask(PERMIT, later), "p1")

    def test_the_earliest_later_prohibition_counts(self):
        both = grant(provision("deny", validFrom=LATEST), provision("deny", validFrom=LATER))
        self.permitted(ask(PERMIT, both), "p1", until=LATER)

    def test_revoked(self):
        self.denied(ask(grant(provision("permit"), state="revoked")), "POLICY_REVOKED")

    def test_revoked_besides_a_shortfall(self):
        short = grant(provision("permit", purposes=[]), to=ORGANISATION)
        revoked = grant(provision("permit"), state="revoked")
        self.denied(ask(short, revoked), "PURPOSE_NOT_ALLOWED", "POLICY_REVOKED")

    def test_revoked_does_not_hinder_another(self):
        self.permitted(ask(PERMIT, grant(state="revoked", to=ORGANISATION)), "p1")

    def test_revoked_grant_that_means_somebody_else(self):
        revoked = grant(provision("permit"), to=grantee("person", "tag2"), state="revoked")
        short = grant(provision("permit", validUntil=AT))
        self.denied(ask(short, revoked), "EXPIRED")


class DefaultPolicy(Expectations, unittest.TestCase):
    HERE = {"custodianMspId": H1}

    def test_permits_without_a_grant(self):
        decision = ask(record=self.HERE, default="basic-normal")
        self.permitted(decision, "default")
        self.assertEqual(decision["grantVersions"], [])

    def test_says_nothing(self):
        self.denied(ask(default="basic-normal"), "NO_CONSENT")
        self.denied(ask(record=self.HERE), "NO_CONSENT")
        self.denied(ask(record=self.HERE, default="basic-normal", tie=None), "NO_CONSENT")
        self.denied(ask(record=self.HERE, default="basic-normal", actor={"roles": ["nurse"]}), "NO_CONSENT")
        self.denied(ask(record={**self.HERE, "class": "laboratory-report"}, default="basic-normal"), "NO_CONSENT")
        laboratory = relationship(type="laboratory")
        self.denied(ask(record=self.HERE, default="basic-normal", tie=laboratory), "NO_CONSENT")

    def test_shortfalls(self):
        above = {**self.HERE, "dataLevel": 5}
        self.denied(ask(record=above, default="basic-normal"), "LEVEL_NEEDS_APPROVAL")
        self.denied(ask(record=self.HERE, default="basic-normal", purpose="ETREAT"), "PURPOSE_NOT_ALLOWED")
        restricted = {**self.HERE, "confidentiality": "R"}
        self.denied(ask(record=restricted, default="basic-normal"), "LABEL_NOT_COVERED")
        tie = relationship(state="suspended", suspendedBy="custodian")
        self.denied(ask(record=self.HERE, default="basic-normal", tie=tie), "RELATIONSHIP_NOT_ACTIVE")

    def test_opens_nothing(self):
        for default in ("break-glass-only", "deny-all"):
            self.denied(ask(record=self.HERE, default=default), "NO_CONSENT")
            permitting = grant(provision("permit"))
            self.permitted(ask(permitting, record=self.HERE, default=default), "p1")

    def test_all_authorised_staff(self):
        here = {"record": self.HERE, "default": "all-normal"}
        self.permitted(ask(**here, actor={"roles": ["nurse"]}), "default")
        self.permitted(ask(**here, actor={"roles": ["recordAdmin"]}, purpose="HPAYMT"), "default")
        self.permitted(ask(**here, tie=relationship(type="laboratory")), "default")
        research = ask(**here, actor={"roles": ["researcher"]}, purpose="HRESCH")
        self.denied(research, "PURPOSE_NOT_ALLOWED")
        self.denied(ask(default="all-normal"), "NO_CONSENT")
        self.denied(ask(grant(provision("deny")), **here), "DENIED_BY_PROVISION")

    def test_group_is_the_party(self):
        tie = relationship(group="team")
        here = {"record": self.HERE, "default": "basic-normal", "tie": tie}
        self.denied(ask(**here), "NO_CONSENT")
        self.denied(ask(**here, actor={"groups": [team("left")]}), "NO_CONSENT")
        self.permitted(ask(**here, actor={"groups": [team()]}), "default")
        off = team(duty=duty(([1], "08:00", "09:00")))
        self.denied(ask(**here, actor={"groups": [off]}), "GROUP_OFF_DUTY")
        on = team(duty=duty(([5], "08:00", "20:00")))
        decision = ask(**here, actor={"groups": [on]})
        self.permitted(decision, "default", until="2026-05-01T12:00:00.000Z")


class Approvals(Expectations, unittest.TestCase):
    NEEDED = {"approvers": {"3": "custodian"}}
    GIVEN = {"state": "given", "levels": [3], "until": LATER}
    PERMITTING = grant(provision("permit", validUntil=LATEST))

    def test_missing_is_told_of_what_would_be_permitted(self):
        self.denied(ask(self.PERMITTING, **self.NEEDED), "CUSTODIAN_APPROVAL_MISSING")
        self.denied(ask(**self.NEEDED), "NO_CONSENT")
        expired = grant(provision("permit", validUntil=AT))
        self.denied(ask(expired, **self.NEEDED), "EXPIRED")
        forbidding = grant(provision("deny"), to=grantee("organisation", "all"))
        self.denied(ask(self.PERMITTING, forbidding, **self.NEEDED), "DENIED_BY_PROVISION")

    def test_given_ends_the_permit(self):
        self.permitted(ask(self.PERMITTING, **self.NEEDED, approval=self.GIVEN), "p1", until=LATER)
        self.permitted(ask(self.PERMITTING, approval=self.GIVEN), "p1", until=LATEST)

    def test_not_or_no_more(self):
        for varied in ({"state": "withdrawn"}, {"levels": [4, 5]}, {"until": AT}):
            approval = {**self.GIVEN, **varied}
            decision = ask(self.PERMITTING, **self.NEEDED, approval=approval)
            self.denied(decision, "CUSTODIAN_APPROVAL_MISSING")

    def test_opens_nothing(self):
        self.denied(ask(**self.NEEDED, approval=self.GIVEN), "NO_CONSENT")


class OneDecision(Expectations, unittest.TestCase):
    def test_nobody_addressed_hides_denials(self):
        deny = grant(provision("deny"), to=grantee("department", "surgery"))
        self.denied(ask(deny, record={"state": "retracted"}, tie=None), "NO_CONSENT")

    def test_all_denials_in_order_each_once(self):
        denies = grant(provision("deny"), provision("deny", "d2"))
        decision = ask(denies, PERMIT, record={"state": "retracted"}, tie=None)
        self.denied(decision, "DENIED_BY_PROVISION", "RELATIONSHIP_NOT_ACTIVE", "RECORD_RETRACTED")

    def test_denial_leaves_out_shortfalls_and_remarks(self):
        short, revoked = grant(provision("permit", purposes=[])), grant(state="revoked")
        self.denied(ask(short, revoked, record={"state": "retracted"}), "RECORD_RETRACTED")

    def test_nearest_shortfalls(self):
        far = provision("permit", validUntil=AT, purposes=[], classes=[])
        near, as_near = provision("permit", recordIds=[]), provision("permit", validFrom=LATER)
        self.denied(ask(grant(far, near, as_near)), "NOT_YET_VALID", "RECORD_NOT_COVERED")

    def test_addressed_by_a_grant_that_permits_nothing(self):
        self.denied(ask(grant()), "NO_CONSENT")
        self.denied(ask(grant(provision("deny"))), "DENIED_BY_PROVISION")

    def test_latest_end_of_the_bases(self):
        sooner, later = provision("permit", validUntil=LATER), provision("permit", validUntil=LATEST)
        self.permitted(ask(grant(sooner, later)), "p1", until=LATEST)
        self.permitted(ask(grant(sooner), grant(provision("permit", "p0"))), "p0", "p1")

    def test_grant_versions_sorted_each_once(self):
        role = grant(provision("permit", "b"), to=grantee("role", "clinician"), version=2)
        person = grant(provision("permit", "c"), provision("permit", "a"), version=10)
        decision = ask(role, person)
        self.permitted(decision, "a", "b", "c")
        versions = [each["version"] for each in decision["grantVersions"]]
        self.assertEqual(versions, [10, 2])
        self.assertEqual(decision["grantVersions"][0], {"grantee": PERSON, "version": 10})

    def test_several_records_are_a_decision_each(self):
        question, facts = asked(PERMIT)
        retracted = {**question, "record": {**question["record"], "state": "retracted"}}
        unknown = {key: value for key, value in question.items() if key != "record"}
        decisions = decide_each([(question, facts), (retracted, facts), (unknown, facts)])
        self.permitted(decisions[0], "p1")
        self.denied(decisions[1], "RECORD_RETRACTED")
        self.denied(decisions[2], "NO_CONSENT")


class Uses(Expectations, unittest.TestCase):
    TWICE = provision("permit", uses=2, validUntil=LATER)

    def taken(self, count, provision_id="p1"):
        return [{"provisionId": provision_id, "count": count}]

    def test_a_use_is_taken_until_none_is_left(self):
        for taken in (None, [], self.taken(1), self.taken(2, "other")):
            decision = ask({**grant(self.TWICE), "taken": taken})
            self.permitted(decision, "p1", until=LATER)
            self.assertEqual(decision["use"], {"grantee": PERSON, "version": 1, "provisionId": "p1"})
        for count in (2, 3):
            self.denied(ask({**grant(self.TWICE), "taken": self.taken(count)}), "USES_EXHAUSTED")

    def test_exhausted_counts_as_a_shortfall(self):
        short = provision("permit", uses=1, purposes=[])
        decision = ask({**grant(short), "taken": self.taken(1)})
        self.denied(decision, "PURPOSE_NOT_ALLOWED", "USES_EXHAUSTED")

    def test_again_counts_nothing(self):
        question, facts = asked({**grant(self.TWICE), "taken": self.taken(2)})
        decision = decide_each([({**question, "again": True}, facts)])[0]
        self.permitted(decision, "p1", until=LATER)
        self.assertNotIn("use", decision)

    def test_what_is_not_counted_goes_first(self):
        free = provision("permit", "p0", validUntil="2026-05-02T00:00:00.000Z")
        decision = ask(grant(free, self.TWICE))
        self.permitted(decision, "p0", until="2026-05-02T00:00:00.000Z")
        self.assertNotIn("use", decision)

    def test_of_the_counted_the_last_to_end_alone(self):
        later = provision("permit", "p2", uses=1, validUntil=LATEST)
        decision = ask(grant(self.TWICE, later))
        self.permitted(decision, "p2", until=LATEST)
        self.assertEqual(decision["use"]["provisionId"], "p2")
        same = provision("permit", "p0", uses=1, validUntil=LATER)
        self.permitted(ask(grant(self.TWICE, same)), "p0", until=LATER)

    def test_later_records_find_what_earlier_ones_took(self):
        question, facts = asked({**grant(self.TWICE), "taken": self.taken(1)})
        decisions = decide_each([(question, facts)] * 3)
        self.permitted(decisions[0], "p1", until=LATER)
        self.denied(decisions[1], "USES_EXHAUSTED")
        self.denied(decisions[2], "USES_EXHAUSTED")


if __name__ == "__main__":
    unittest.main()
