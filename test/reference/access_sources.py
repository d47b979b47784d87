"""The policy sources, one function each: "The sources, in order" of access-decisions.md.

Each takes a question and its facts and returns a `Finding`.
"""

from typing import NamedTuple

from access_coverage import ORDINARY_LABELS, shortfalls
from access_who import (
    FOREVER, NAMES_TO_FORBID, NAMES_TO_PERMIT, group_names, is_meant, on_duty_until,
)

# "The sources, in order", 1: the purposes for which nothing opens, and those that a role may claim.
OPENED_BY_NOTHING = {"EMPLOYMENT", "UNDERWRITING"}
CLAIMS = {
    "clinician": {"TREAT", "ETREAT", "PATRQT"},
    "nurse": {"TREAT"},
    "pharmacist": {"TREAT"},
    "lab": {"TREAT"},
    "recordAdmin": {"HOPERAT", "HPAYMT"},
    "privacyOfficer": {"HOPERAT", "PATRQT"},
    "researcher": {"HRESCH"},
    "regulator": {"PUBHLTH"},
}

# "The sources, in order", 3: the purposes that a type of relationship serves.
EVERY_PURPOSE = {"TREAT", "ETREAT", "HRESCH", "HPAYMT", "HOPERAT", "PATRQT", "PUBHLTH"}
SERVES = {
    "care": EVERY_PURPOSE,
    "laboratory": EVERY_PURPOSE,
    "insurer": {"HPAYMT", "HOPERAT", "PATRQT"},
    "caregiver": {"TREAT", "ETREAT", "PATRQT"},
    "device": {"TREAT", "ETREAT", "HRESCH", "PATRQT"},
}

# "The sources, in order", 6: the roles that read by default under a type of relationship; and the
# policies that open anything, each with the purposes for which it does.
READS_BY_DEFAULT = {"care": {"clinician"}, "device": {"clinician"}}
OPENS_BY_DEFAULT = {"basic-normal": {"TREAT"}, "all-normal": {"TREAT", "HPAYMT", "HOPERAT"}}
HIGHEST_BY_DEFAULT = 4


class Attempt(NamedTuple):
    """A provision that might permit. It is a basis if it lacks nothing."""

    lacks: tuple
    provision_id: str
    grant_version: dict | None
    end: str
    counted: bool = False
    copy: dict | None = None


class Finding(NamedTuple):
    """What one source says."""

    refusals: tuple = ()
    denials: tuple = ()
    ends: tuple = ()
    addressed: bool = False
    attempts: tuple = ()
    remarks: tuple = ()
    missing: tuple = ()


NOTHING = Finding()


def judge_purpose(question, facts):
    """1. Purpose."""
    purpose = question["purpose"]
    if purpose in OPENED_BY_NOTHING:
        return Finding(refusals=("PURPOSE_NEVER_OPENS",))
    if any(purpose in CLAIMS.get(role, ()) for role in question["actor"]["roles"]):
        return NOTHING
    return Finding(refusals=("ROLE_MAY_NOT_CLAIM_PURPOSE",))


def judge_retraction(question, facts):
    """2. Retraction."""
    if question["record"]["state"] == "current":
        return NOTHING
    return Finding(denials=("RECORD_RETRACTED",))


def suspended_by_patient(relationship):
    """Whether the patient, alone or with the custodian, suspended the relationship."""
    return relationship.get("suspendedBy") in ("patient", "both")


def judge_relationship(question, facts):
    """3. Relationship."""
    relationship = facts.get("relationship")
    if (
        relationship is None
        or relationship["state"] in ("proposed", "rejected")
        or suspended_by_patient(relationship)
    ):
        return Finding(denials=("RELATIONSHIP_NOT_ACTIVE",))
    if question["purpose"] not in SERVES.get(relationship["type"], ()):
        return Finding(denials=("PURPOSE_NOT_ALLOWED",))
    return NOTHING


def judge_prohibitions(question, facts):
    """4. Prohibitions."""
    denials, ends = [], []
    for grant in facts["grants"]:
        if grant["state"] != "active":
            continue
        if not is_meant(question["actor"], grant["grantee"], NAMES_TO_FORBID):
            continue
        for provision in grant["provisions"]:
            if provision["effect"] != "deny":
                continue
            lacks = shortfalls(provision, question)
            if not lacks:
                denials.append("DENIED_BY_PROVISION")
            elif lacks == ("NOT_YET_VALID",):
                ends.append(provision["validFrom"])
    return Finding(denials=tuple(denials), ends=tuple(ends))


def uses_taken(grant, provision):
    """How many uses of a provision have been taken; what is not listed is 0."""
    taken = grant.get("taken") or ()
    return sum(each["count"] for each in taken if each["provisionId"] == provision["provisionId"])


def copy_of(provision):
    """What a permit provision says of copies."""
    said = {field: provision[field] for field in ("eraseAt", "onward") if provision.get(field)}
    return {"handling": provision.get("handling") or "store", **said}


def attempts_of(grant, question):
    """The attempts of one active grant: its permit provisions."""
    grantee, end_of_duty, off_duty = grant["grantee"], FOREVER, ()
    if grantee["kind"] == "group":
        end_of_duty = on_duty_until(question["actor"], grantee["name"], question["at"])
        if end_of_duty is None:
            end_of_duty, off_duty = FOREVER, ("GROUP_OFF_DUTY",)
    grant_version = {"grantee": grantee, "version": grant["version"]}
    for provision in grant["provisions"]:
        if provision["effect"] == "permit":
            valid_until = provision.get("validUntil")
            counted = provision.get("uses") is not None and question.get("again") is not True
            exhausted = counted and uses_taken(grant, provision) >= provision["uses"]
            yield Attempt(
                lacks=shortfalls(provision, question) + off_duty
                + (("USES_EXHAUSTED",) if exhausted else ()),
                provision_id=provision["provisionId"],
                grant_version=grant_version,
                end=end_of_duty if valid_until is None else min(valid_until, end_of_duty),
                counted=counted,
                copy=copy_of(provision),
            )


def judge_grants(question, facts):
    """5. Grants."""
    attempts, remarks, addressed = [], (), False
    for grant in facts["grants"]:
        if not is_meant(question["actor"], grant["grantee"], NAMES_TO_PERMIT):
            continue
        if grant["state"] == "active":
            addressed = True
            attempts.extend(attempts_of(grant, question))
        elif grant["state"] == "revoked":
            addressed, remarks = True, ("POLICY_REVOKED",)
    return Finding(addressed=addressed, attempts=tuple(attempts), remarks=remarks)


def default_policy_speaks(question, facts):
    """Whether the default policy says something (6. Default policy, its first sentence)."""
    actor, record = question["actor"], question["record"]
    relationship, policy = facts.get("relationship"), facts["defaultPolicies"][record["class"]]
    if relationship is None or policy not in OPENS_BY_DEFAULT:
        return False
    readers = READS_BY_DEFAULT.get(relationship["type"], ())
    party = relationship.get("group")
    return (
        actor["mspId"] == record["custodianMspId"]
        and (policy == "all-normal" or any(role in readers for role in actor["roles"]))
        and (party is None or party in group_names(actor, any_state=False))
    )


def judge_default_policy(question, facts):
    """6. Default policy."""
    if not default_policy_speaks(question, facts):
        return NOTHING
    record, relationship = question["record"], facts["relationship"]
    purposes = OPENS_BY_DEFAULT[facts["defaultPolicies"][record["class"]]]
    party, end = relationship.get("group"), FOREVER
    if party is not None:
        end = on_duty_until(question["actor"], party, question["at"])
    lacks = (
        (relationship["state"] != "active" or suspended_by_patient(relationship),
         "RELATIONSHIP_NOT_ACTIVE"),
        (question["purpose"] not in purposes, "PURPOSE_NOT_ALLOWED"),
        (record["dataLevel"] > HIGHEST_BY_DEFAULT, "LEVEL_NEEDS_APPROVAL"),
        (record["confidentiality"] not in ORDINARY_LABELS, "LABEL_NOT_COVERED"),
        (end is None, "GROUP_OFF_DUTY"),
    )
    attempt = Attempt(
        lacks=tuple(reason for lacking, reason in lacks if lacking),
        provision_id="default",
        grant_version=None,
        end=end or FOREVER,
    )
    return Finding(addressed=True, attempts=(attempt,))


def judge_approvals(question, facts):
    """7. Approvals."""
    level, approval = question["record"]["dataLevel"], facts.get("approval")
    if facts["levelApprovers"][str(level)] == "none":
        return NOTHING
    if (
        approval is not None
        and approval["state"] == "given"
        and level in approval["levels"]
        and question["at"] < approval["until"]
    ):
        return Finding(ends=(approval["until"],))
    return Finding(missing=("CUSTODIAN_APPROVAL_MISSING",))


SOURCES_OF_ANY_RECORD = (judge_purpose,)
SOURCES = SOURCES_OF_ANY_RECORD + (
    judge_retraction, judge_relationship, judge_prohibitions, judge_grants, judge_default_policy,
    judge_approvals,
)
