"""What the tests ask: one ordinary question with its facts, and ways to vary them."""

from access_combiner import decide

AT = "2026-05-01T08:00:00.000Z"  # a Friday; 16:00 in Shanghai
BEFORE = "2026-01-01T00:00:00.000Z"
LATER = "2026-06-01T00:00:00.000Z"
LATEST = "2026-07-01T00:00:00.000Z"
H1, H2 = "Hospital1MSP", "Hospital2MSP"
PERSON = {"kind": "person", "mspId": H1, "name": "tag1"}
TEAM = {"kind": "group", "mspId": H1, "name": "team"}


def grantee(kind, name, msp_id=H1):
    return {"kind": kind, "mspId": msp_id, "name": name}


def provision(effect, provision_id="p1", **fields):
    whole = {"provisionId": provision_id, "effect": effect, "purposes": "any", "validFrom": BEFORE}
    return {**whole, **fields}


def grant(*provisions, to=PERSON, version=1, state="active"):
    return {"grantee": to, "version": version, "state": state, "provisions": list(provisions)}


def team(state="active", duty=None):
    return {"group": "team", "state": state, **({"duty": duty} if duty else {})}


def duty(*turns, offsets=((BEFORE, 480),), until="2027-01-01T00:00:00.000Z"):
    return {
        "zone": "Asia/Shanghai",
        "offsets": [{"from": begin, "minutes": minutes} for begin, minutes in offsets],
        "until": until,
        "turns": [{"days": days, "from": begin, "until": end} for days, begin, end in turns],
    }


CLASSES = (
    "laboratory-report", "imaging-report", "imaging-index", "clinical-document", "prescription", "consent-document",
    "audit-document", "patient-summary", "observation", "administrative", "history", "other",
)


NOBODY = {str(level): "none" for level in range(1, 6)}


def defaults(policy):
    """One policy for every class but reports of laboratories, which nobody reads."""
    return {each: "deny-all" if each == "laboratory-report" else policy for each in CLASSES}


def relationship(**fields):
    return {"type": "care", "state": "active", **fields}


def ask(*grants, **varied):
    """The decision on `asked`."""
    return decide(*asked(*grants, **varied))


def asked(*grants, at=AT, purpose="TREAT", actor=None, record=None, tie=relationship(),
          default="break-glass-only", approvers=None, approval=None):
    """Question and facts; `actor` and `record` vary the ordinary ones; `record=False`: unknown."""
    asker = {"mspId": H1, "actorTag": "tag1", "roles": ["clinician"], "department": "cardiology",
             "departments": ["cardiology", "surgery"], **(actor or {})}
    question = {"at": at, "purpose": purpose, "actor": asker}
    if record is not False:
        question["record"] = {
            "recordId": "r1", "class": "prescription", "dataLevel": 3, "confidentiality": "N",
            "custodianMspId": H2, "authorMspId": H2, "anchoredAt": "2026-03-01T00:00:00.000Z",
            "state": "current", **(record or {})}
    facts = {"grants": list(grants), "defaultPolicies": defaults(default),
             "levelApprovers": {**NOBODY, **(approvers or {})}}
    if tie is not None:
        facts["relationship"] = tie
    if approval is not None:
        facts["approval"] = approval
    return question, facts


class Expectations:
    """Mixed into test cases."""

    def denied(self, decision, *reasons):
        self.assertEqual(decision, {"effect": "deny", "reasons": list(reasons)})

    def permitted(self, decision, *provision_ids, until=None):
        self.assertEqual(decision["effect"], "permit", decision)
        self.assertEqual(decision["provisionIds"], list(provision_ids))
        self.assertEqual(decision.get("until"), until)
