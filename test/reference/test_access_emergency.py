"""The section "In an emergency" of access-decisions.md, case by case."""

import json
import unittest

from access_decision import Malformed, decide_line
from access_emergency import decide_emergency
from access_examples import (
    AT, LATER, LATEST, H1, H2, NOBODY, Expectations, defaults, grant, grantee, provision,
)

ASKER = {"mspId": H1, "actorTag": "tag1", "roles": ["clinician"], "department": "cardiology",
         "departments": ["cardiology", "surgery"]}
RECORD = {"recordId": "r1", "class": "prescription", "dataLevel": 3, "confidentiality": "N",
          "custodianMspId": H2, "authorMspId": H2, "anchoredAt": AT, "state": "current"}

ALONE = {"1": "alone", "2": "alone", "3": "alone", "4": "alone", "5": "closed"}
TWO = {**ALONE, "3": "countersigned", "5": "countersigned"}


def allowed(label="R", level=4):
    return {"stance": "allowed", "maxConfidentiality": label, "maxDataLevel": level}


def asked_in_emergency(*grants, record=RECORD, tie="active", roles=("clinician",), **emergency):
    question = {"at": AT, "purpose": "ETREAT", "actor": {**ASKER, "roles": list(roles)}}
    if record is not None:
        question["record"] = {**RECORD, **record}
    facts = {"grants": list(grants), "relationship": {"type": "care", "state": tie},
             "defaultPolicies": defaults("break-glass-only"), "levelApprovers": NOBODY}
    asked = {"scope": "full", "until": LATER, "isInDebt": False, "hasOverdue": False,
             "signers": ALONE, **emergency}
    return question, facts, asked


def broken(*grants, **said):
    return decide_emergency(*asked_in_emergency(*grants, **said))


class Emergency(Expectations, unittest.TestCase):
    def test_opens_without_a_consent_until_it_ends(self):
        self.assertEqual(broken(), {"effect": "permit", "provisionIds": ["emergency"],
                                    "grantVersions": [], "until": LATER})

    def test_summary_first(self):
        self.denied(broken(scope="dataset"), "CLASS_NOT_COVERED")
        self.permitted(broken(scope="dataset", record={"class": "patient-summary"}), "emergency",
                       until=LATER)

    def test_role_debt_and_refusal_end_the_matter(self):
        refused = {"stance": "refused"}
        self.denied(broken(roles=["nurse"], isInDebt=True), "ROLE_MAY_NOT_CLAIM_PURPOSE")
        self.denied(broken(isInDebt=True, choice=refused), "EMERGENCY_DEBT")
        self.denied(broken(choice=refused, record={"state": "retracted"}), "EMERGENCY_REFUSED")
        self.denied(broken(choice=refused, record=None), "EMERGENCY_REFUSED")

    def test_unknown_record(self):
        self.denied(broken(record=None), "NO_CONSENT")

    def test_second_person(self):
        second = {"recordIds": ["r1"], "until": LATER}
        self.denied(broken(signers=TWO), "COUNTERSIGNATURE_MISSING")
        self.permitted(broken(signers=TWO, second=second), "emergency", until=LATER)
        self.denied(broken(signers=TWO, second={**second, "recordIds": ["r2"]}),
                    "COUNTERSIGNATURE_MISSING")
        self.denied(broken(signers=TWO, second={**second, "until": AT}),
                    "COUNTERSIGNATURE_MISSING")
        self.permitted(broken(signers=TWO, second=second, record={"dataLevel": 5}), "emergency",
                       until=LATER)
        self.denied(broken(signers=TWO, second=second, record={"dataLevel": 5}, choice=allowed()),
                    "LEVEL_NEEDS_APPROVAL")
        self.denied(broken(signers=TWO, record={"confidentiality": "V"}), "LABEL_NOT_COVERED")

    def test_labels_and_levels(self):
        self.permitted(broken(record={"confidentiality": "R", "dataLevel": 4}), "emergency",
                       until=LATER)
        self.denied(broken(record={"confidentiality": "V"}), "LABEL_NOT_COVERED")
        self.denied(broken(record={"dataLevel": 5}), "LEVEL_NEEDS_APPROVAL")
        self.denied(broken(choice=allowed("M", 2)), "LEVEL_NEEDS_APPROVAL", "LABEL_NOT_COVERED")
        self.permitted(
            broken(choice=allowed("V", 5), record={"confidentiality": "V", "dataLevel": 5}),
            "emergency", until=LATER)

    def test_what_the_members_have_closed(self):
        self.denied(broken(record={"class": "laboratory-report"}), "CLOSED_BY_DEFAULT")
        chosen = broken(record={"class": "laboratory-report"}, choice=allowed("R", 4))
        self.permitted(chosen, "emergency", until=LATER)

    def test_what_closes(self):
        to_all = grantee("organisation", "all")
        self.denied(broken(grant(provision("deny"), to=to_all)), "DENIED_BY_PROVISION")
        self.denied(broken(tie="rejected"), "RELATIONSHIP_NOT_ACTIVE")
        self.denied(broken(record={"state": "retracted"}), "RECORD_RETRACTED")

    def test_forbidden_time(self):
        months = {"careMonths": {"first": "2026-01", "last": "2026-02"}}
        of_then = grant(provision("deny", **months), to=grantee("organisation", "all"))
        self.denied(broken(of_then), "DENIED_BY_PROVISION")
        self.denied(broken(of_then, record=months), "DENIED_BY_PROVISION")
        later = {"careMonths": {"first": "2026-03", "last": "2026-03"}}
        self.permitted(broken(of_then, record=later), "emergency", until=LATER)

    def test_takes_no_use(self):
        decision = broken(grant(provision("permit", purposes="any", uses=1)))
        self.permitted(decision, "emergency", until=LATER)
        self.assertNotIn("use", decision)

    def test_several_records_are_a_decision_each(self):
        question, facts, emergency = asked_in_emergency()
        secret = {**question, "record": {**RECORD, "confidentiality": "V"}}
        unknown = {key: value for key, value in question.items() if key != "record"}
        lines = [{"question": each, "facts": facts, "emergency": emergency}
                 for each in (question, secret, unknown)]
        decisions = json.loads(decide_line(json.dumps(lines).encode()))
        self.permitted(decisions[0], "emergency", until=LATER)
        self.denied(decisions[1], "LABEL_NOT_COVERED")
        self.denied(decisions[2], "NO_CONSENT")
        with self.assertRaises(Malformed):
            decide_line(json.dumps([lines[0], {**lines[1], "emergency": None}]).encode())

    def test_prohibition_to_come_ends_it(self):
        to_come = provision("deny", validFrom="2026-05-02T00:00:00.000Z")
        self.permitted(broken(grant(to_come), until=LATEST), "emergency",
                       until="2026-05-02T00:00:00.000Z")


if __name__ == "__main__":
    unittest.main()
