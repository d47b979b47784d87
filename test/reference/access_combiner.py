"""One decision of what all sources say: "One decision of them all" of access-decisions.md."""

import json

from access_sources import SOURCES, SOURCES_OF_ANY_RECORD
from access_who import FOREVER

# "One decision of them all": the order in which reasons are told.
REASONS = (
    "NO_CONSENT", "EXPIRED", "NOT_YET_VALID", "DENIED_BY_PROVISION", "PURPOSE_NOT_ALLOWED",
    "ROLE_MAY_NOT_CLAIM_PURPOSE", "PURPOSE_NEVER_OPENS", "GROUP_OFF_DUTY", "USES_EXHAUSTED", "CLASS_NOT_COVERED",
    "LEVEL_NEEDS_APPROVAL", "LABEL_NOT_COVERED", "RECORD_NOT_COVERED", "RELATIONSHIP_NOT_ACTIVE",
    "RECORD_RETRACTED", "POLICY_REVOKED", "CUSTODIAN_APPROVAL_MISSING", "COUNTERSIGNATURE_MISSING",
    "CLOSED_BY_DEFAULT", "EMERGENCY_REFUSED",
    "EMERGENCY_DEBT",
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


def use_of(basis):
    """The use of a counted basis."""
    return {**basis.grant_version, "provisionId": basis.provision_id}


def bases_that_matter(bases):
    """Those not counted; else the counted one that ends last, and of equals the first by text."""
    uncounted = [basis for basis in bases if not basis.counted]
    if uncounted:
        return uncounted
    last = max(basis.end for basis in bases)
    ending_last = [basis for basis in bases if basis.end == last]
    return [min(ending_last, key=lambda basis: code_units(canonical(use_of(basis))))]


def permit(bases, ends):
    """A permit that rests on these and ends at the earliest of the ends."""
    provision_ids = [basis.provision_id for basis in bases]
    grant_versions = [basis.grant_version for basis in bases if basis.grant_version is not None]
    by_text = {canonical(version): version for version in grant_versions}
    decision = {
        "effect": "permit",
        "provisionIds": sorted(set(provision_ids), key=code_units),
        "grantVersions": [by_text[text] for text in sorted(by_text, key=code_units)],
    }
    until = min(ends, default=FOREVER)
    if until != FOREVER:
        decision["until"] = until
    if bases[0].counted:
        decision["use"] = use_of(bases[0])
    return decision


def strictest(attempts):
    """What may be done with a copy, by all attempts that lack nothing but a use; None: nothing said."""
    binding = [each.copy for each in attempts if each.copy and set(each.lacks) <= {"USES_EXHAUSTED"}]
    if not binding:
        return None
    copy = {"handling": "store"}
    if any(each["handling"] == "view" for each in binding):
        copy["handling"] = "view"
    dates = [each["eraseAt"] for each in binding if "eraseAt" in each]
    if dates:
        copy["eraseAt"] = min(dates)
    if copy["handling"] == "store" and all(each.get("onward") for each in binding):
        copy["onward"] = True
    return None if copy == {"handling": "store"} else copy


def combine(findings):
    """One decision of all findings, by the steps of the page."""
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
    missing = [reason for finding in findings for reason in finding.missing]
    if bases and missing:
        return deny(missing)
    if bases:
        bases = bases_that_matter(bases)
        last = max(basis.end for basis in bases)
        decision = permit(bases, [last] + [end for each in findings for end in each.ends])
        copy = strictest(attempts)
        return decision if copy is None else {**decision, "copy": copy}
    fewest = min((len(attempt.lacks) for attempt in attempts), default=0)
    reasons = {r for attempt in attempts if len(attempt.lacks) == fewest for r in attempt.lacks}
    reasons.update(remark for finding in findings for remark in finding.remarks)
    return deny(reasons or ["NO_CONSENT"])


def decide(question, facts):
    """The decision on one question ("The sources, in order", "One decision of them all")."""
    known = question.get("record") is not None
    sources = SOURCES if known else SOURCES_OF_ANY_RECORD
    return combine([judge(question, facts) for judge in sources])


def with_use_taken(facts, use):
    """The facts once a use has been taken of that version of that grant."""
    grants = []
    for grant in facts["grants"]:
        if canonical([grant["grantee"], grant["version"]]) == canonical([use["grantee"], use["version"]]):
            one = {"provisionId": use["provisionId"], "count": 1}
            grant = {**grant, "taken": [*(grant.get("taken") or ()), one]}
        grants.append(grant)
    return {**facts, "grants": grants}


def decide_each(asked):
    """A decision on each of several records, `(question, facts)` in their order ("Several records")."""
    decisions, uses = [], []
    for question, facts in asked:
        for use in uses:
            facts = with_use_taken(facts, use)
        decision = decide(question, facts)
        if "use" in decision:
            uses.append(decision["use"])
        decisions.append(decision)
    return decisions
