"""One decision of what all sources say: "One decision of them all" of access-decisions.md."""

import json

from access_sources import SOURCES, SOURCES_OF_ANY_RECORD
from access_who import FOREVER

# "One decision of them all": the order in which reasons are told.
REASONS = (
    "NO_CONSENT", "EXPIRED", "NOT_YET_VALID", "DENIED_BY_PROVISION", "PURPOSE_NOT_ALLOWED",
    "ROLE_MAY_NOT_CLAIM_PURPOSE", "GROUP_OFF_DUTY", "CLASS_NOT_COVERED", "LEVEL_NEEDS_APPROVAL",
    "LABEL_NOT_COVERED", "RECORD_NOT_COVERED", "RELATIONSHIP_NOT_ACTIVE", "RECORD_RETRACTED",
    "POLICY_REVOKED", "EMERGENCY_REFUSED", "EMERGENCY_DEBT",
)

ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(value):
    """Canonical JSON (RFC 8785), of strings, integers, lists and objects of ASCII keys."""
    return ENCODER.encode(value)


def code_units(text):
    """The order of texts: by UTF-16 code units, as RFC 8785 orders keys."""
    return text.encode("utf-16-be", "surrogatepass")


def deny(reasons):
    """A denial for these reasons, each once and in their order."""
    return {"effect": "deny", "reasons": [each for each in REASONS if each in reasons]}


def permit(provision_ids, grant_versions, ends):
    """A permit that rests on these and ends at the earliest of the ends."""
    by_text = {canonical(version): version for version in grant_versions}
    decision = {
        "effect": "permit",
        "provisionIds": sorted(set(provision_ids), key=code_units),
        "grantVersions": [by_text[text] for text in sorted(by_text, key=code_units)],
    }
    until = min(ends, default=FOREVER)
    if until != FOREVER:
        decision["until"] = until
    return decision


def combine(findings):
    """One decision of all findings, by the five steps of the page."""
    for finding in findings:
        if finding.refusals:
            return deny(finding.refusals[:1])
    if not any(finding.addressed for finding in findings):
        return deny(["NO_CONSENT"])
    denials = [reason for finding in findings for reason in finding.denials]
    if denials:
        return deny(denials)
    attempts = [attempt for finding in findings for attempt in finding.attempts]
    bases = [attempt for attempt in attempts if not attempt.lacks]
    if bases:
        return permit(
            [basis.provision_id for basis in bases],
            [basis.grant_version for basis in bases if basis.grant_version is not None],
            [max(basis.end for basis in bases)] + [e for each in findings for e in each.ends],
        )
    fewest = min((len(attempt.lacks) for attempt in attempts), default=0)
    reasons = {r for attempt in attempts if len(attempt.lacks) == fewest for r in attempt.lacks}
    reasons.update(remark for finding in findings for remark in finding.remarks)
    return deny(reasons or ["NO_CONSENT"])


def decide(question, facts):
    """The decision on one question ("The sources, in order", "One decision of them all")."""
    known = question.get("record") is not None
    sources = SOURCES if known else SOURCES_OF_ANY_RECORD
    return combine([judge(question, facts) for judge in sources])


def decide_together(decisions):
    """One decision of the decisions on several records ("Several records")."""
    denials = [each for each in decisions if each["effect"] == "deny"]
    if denials:
        return deny({reason for each in denials for reason in each["reasons"]})
    return permit(
        [provision_id for each in decisions for provision_id in each["provisionIds"]],
        [version for each in decisions for version in each["grantVersions"]],
        [each["until"] for each in decisions if "until" in each],
    )
