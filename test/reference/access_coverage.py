"""Whether a provision covers a question: "What a provision is about" of access-decisions.md."""

# "What a provision is about": the labels of a permit that names none, and what a record may hold.
ORDINARY_LABELS = {"U", "L", "M", "N"}
MAY_HOLD_ANY = {"history", "other", "patient-summary"}
MAY_HOLD_OBSERVATION = {"laboratory-report", "imaging-report", "clinical-document"}
OF_IMAGES = {"imaging-report", "imaging-index"}


def has_begun(provision, question):
    """`at` is not before `validFrom`."""
    return question["at"] >= provision["validFrom"]


def has_not_expired(provision, question):
    """If it has begun, `validUntil` is absent or after `at`."""
    until = provision.get("validUntil")
    return until is None or until > question["at"] or not has_begun(provision, question)


def covers_purpose(provision, question):
    """`purposes` is `any` or has the purpose."""
    return provision["purposes"] == "any" or question["purpose"] in provision["purposes"]


def may_hold(record_class, classes):
    """Whether a record of this class may hold one of the classes."""
    if record_class in classes:
        return True
    if record_class in MAY_HOLD_ANY:
        return len(classes) > 0
    if record_class in OF_IMAGES and any(each in OF_IMAGES for each in classes):
        return True
    return record_class in MAY_HOLD_OBSERVATION and "observation" in classes


def covers_class(provision, question):
    """`classes` is absent or has the class; a deny also reaches what may hold one of them."""
    classes, record_class = provision.get("classes"), question["record"]["class"]
    if classes is None:
        return True
    if provision["effect"] == "deny":
        return may_hold(record_class, classes)
    return record_class in classes


def covers_level(provision, question):
    """A permit reaches up to its highest level, a deny down to its lowest."""
    level = question["record"]["dataLevel"]
    if provision["effect"] == "deny":
        lowest = provision.get("minDataLevel")
        return level >= (1 if lowest is None else lowest)
    highest = provision.get("maxDataLevel")
    return level <= (4 if highest is None else highest)


def covers_label(provision, question):
    """`confidentiality` has the label; if absent, a deny covers all and a permit the ordinary."""
    labels, label = provision.get("confidentiality"), question["record"]["confidentiality"]
    if labels is None:
        return provision["effect"] == "deny" or label in ORDINARY_LABELS
    return label in labels


def reaches_months(provision, record):
    """Whether `careMonths` reach the record; what it leaves unsaid opens nothing."""
    wanted, said = provision.get("careMonths"), record.get("careMonths")
    if wanted is None:
        return True
    is_deny = provision["effect"] == "deny"
    if said is None:
        return is_deny
    if is_deny:
        return max(wanted["first"], said["first"]) <= min(wanted["last"], said["last"])
    return wanted["first"] <= said["first"] and said["last"] <= wanted["last"]


def reaches_encounter(provision, record):
    """Whether `encounters` reach the record; what it leaves unsaid opens nothing."""
    wanted, said = provision.get("encounters"), record.get("encounter")
    if wanted is None:
        return True
    return provision["effect"] == "deny" if said is None else said in wanted


def covers_record(provision, question):
    """Author, record, period, months and encounter, each if it is there."""
    record = question["record"]
    authors, ids = provision.get("authorMspIds"), provision.get("recordIds")
    period = provision.get("recordPeriod")
    return (
        (authors is None or record["authorMspId"] in authors)
        and (ids is None or record["recordId"] in ids)
        and (period is None or period["from"] <= record["anchoredAt"] < period["until"])
        and reaches_months(provision, record)
        and reaches_encounter(provision, record)
    )


CONDITIONS = (
    (has_begun, "NOT_YET_VALID"),
    (has_not_expired, "EXPIRED"),
    (covers_purpose, "PURPOSE_NOT_ALLOWED"),
    (covers_class, "CLASS_NOT_COVERED"),
    (covers_level, "LEVEL_NEEDS_APPROVAL"),
    (covers_label, "LABEL_NOT_COVERED"),
    (covers_record, "RECORD_NOT_COVERED"),
)


def shortfalls(provision, question):
    """The reasons of the conditions that do not hold; none if the provision covers."""
    return tuple(reason for holds, reason in CONDITIONS if not holds(provision, question))
