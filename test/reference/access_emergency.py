"""Whether the glass is broken: "In an emergency" of access-decisions.md."""

from access_combiner import combine
from access_sources import (
    NOTHING, Attempt, Finding, judge_prohibitions, judge_purpose, judge_relationship,
    judge_retraction,
)

LABELS = ("U", "L", "M", "N", "R", "V")
UNSAID = {"stance": "allowed", "maxConfidentiality": "R", "maxDataLevel": 4}


def judge_all_records(emergency):
    """What is said of all records of the patient, or of who asks."""
    if emergency["isInDebt"]:
        return Finding(refusals=("EMERGENCY_DEBT",))
    if emergency.get("choice", UNSAID)["stance"] == "refused":
        return Finding(refusals=("EMERGENCY_REFUSED",))
    return NOTHING


def judge_record(question, facts, emergency):
    """What is said of this record."""
    record = question["record"]
    closed = facts["defaultPolicies"][record["class"]] == "deny-all"
    choice, denials = emergency.get("choice", UNSAID), []
    if choice["stance"] == "refused":
        return NOTHING
    if emergency["scope"] == "dataset" and record["class"] != "patient-summary":
        denials.append("CLASS_NOT_COVERED")
    signer = emergency["signers"][str(record["dataLevel"])]
    if emergency.get("choice") is None:
        too_high = signer == "closed"
    else:
        too_high = record["dataLevel"] > choice["maxDataLevel"]
    if too_high:
        denials.append("LEVEL_NEEDS_APPROVAL")
    if LABELS.index(record["confidentiality"]) > LABELS.index(choice["maxConfidentiality"]):
        denials.append("LABEL_NOT_COVERED")
    if closed and emergency.get("choice") is None:
        denials.append("CLOSED_BY_DEFAULT")
    basis = Attempt(lacks=(), provision_id="emergency", grant_version=None, end=emergency["until"])
    missing = ()
    must_be_signed = emergency["hasOverdue"] or signer == "countersigned"
    if must_be_signed and not is_countersigned(question, emergency):
        missing = ("COUNTERSIGNATURE_MISSING",)
        if emergency["hasOverdue"]:
            missing = ("EMERGENCY_DEBT",) + missing
    return Finding(denials=tuple(denials), addressed=True, attempts=(basis,), missing=missing)


def is_countersigned(question, emergency):
    """Whether a second person has signed for this record, in time."""
    second = emergency.get("second")
    if second is None or question["record"]["recordId"] not in second["recordIds"]:
        return False
    return question.get("again") is True or question["at"] < second["until"]


def decide_emergency(question, facts, emergency):
    """The decision on one question of who breaks the glass."""
    findings = [judge_purpose(question, facts), judge_all_records(emergency)]
    record = question.get("record")
    if record is not None:
        for judge in (judge_retraction, judge_relationship, judge_prohibitions):
            findings.append(judge(question, facts))
        findings.append(judge_record(question, facts, emergency))
    return combine(findings)
