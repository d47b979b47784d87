"""Decide requests to read: a second implementation, made from access-decisions.md alone.

Standard input holds one JSON object a line, `{"question": …, "facts": …}`, and `"emergency": …`
where the glass is broken; or a list of 1 to 16 of them, which are several records asked for
together, with the same emergency or none. Standard output gets one decision a line, or a list of as
many. A line that is neither ends the run with exit code 2, after the decisions on the lines before
it.

`access_who`, `access_coverage`, `access_sources`, `access_combiner` and `access_emergency` hold the
rule, each the sections of the page that its first line names. This file reads and writes.
"""

import json
import sys

from access_combiner import canonical, decide_each
from access_emergency import decide_emergency

# "What is asked, and what is known": the fields that an object must have, and which of its fields
# hold further objects, or lists of them.
FORMS = {
    "line": ({"question", "facts"}, {"question": "question", "facts": "facts",
                                     "emergency": "emergency"}),
    "emergency": ({"scope", "until", "isInDebt", "signers"},
                  {"choice": "choice", "signers": "signers", "second": "second"}),
    "signers": ({"1", "2", "3", "4", "5"}, {}),
    "second": ({"recordIds", "until"}, {}),
    "choice": ({"stance"}, {}),
    "question": ({"at", "purpose", "actor"}, {"actor": "actor", "record": "record"}),
    "actor": ({"mspId", "actorTag", "roles", "department", "departments"}, {"groups": "group"}),
    "group": ({"group", "state"}, {"duty": "duty"}),
    "duty": ({"zone", "offsets", "until", "turns"}, {"offsets": "offset", "turns": "turn"}),
    "offset": ({"from", "minutes"}, {}),
    "turn": ({"days", "from", "until"}, {}),
    "record": ({"recordId", "class", "dataLevel", "confidentiality", "custodianMspId",
                "authorMspId", "anchoredAt", "state"}, {"careMonths": "months"}),
    "facts": ({"grants", "defaultPolicies", "levelApprovers"},
              {"relationship": "relationship", "grants": "grant", "approval": "approval"}),
    "approval": ({"state", "levels", "until"}, {}),
    "relationship": ({"type", "state"}, {}),
    "grant": ({"grantee", "version", "state", "provisions"},
              {"grantee": "grantee", "provisions": "provision", "taken": "taken"}),
    "taken": ({"provisionId", "count"}, {}),
    "grantee": ({"kind", "mspId", "name"}, {}),
    "provision": ({"provisionId", "effect", "purposes", "validFrom"},
                  {"recordPeriod": "period", "careMonths": "months"}),
    "months": ({"first", "last"}, {}),
    "period": ({"from", "until"}, {}),
}


class Malformed(ValueError):
    """A line that is not of the page's form."""


def check(form, value):
    """Refuse an object that lacks a field that the page says it has."""
    required, inner = FORMS[form]
    if not required <= value.keys():
        raise Malformed(f"missing field {min(required - value.keys())} of {form}")
    for field, inner_form in inner.items():
        part = value.get(field)
        if part is not None:
            for each in part if isinstance(part, list) else (part,):
                check(inner_form, each)


def decide_together(together):
    """A decision on each of several records; an emergency is one for all of them."""
    emergency = together[0].get("emergency")
    if any(each.get("emergency") != emergency for each in together):
        raise Malformed("not one emergency")
    asked = [(each["question"], each["facts"]) for each in together]
    if emergency is None:
        return decide_each(asked)
    return [decide_emergency(question, facts, emergency) for question, facts in asked]


def decide_line(line):
    """The decision on one line of input, as one line of output; both are UTF-8."""
    try:
        asked = json.loads(line.decode("utf-8"))
    except ValueError:
        raise Malformed("not JSON") from None
    try:
        together = asked if isinstance(asked, list) else [asked]
        if not 1 <= len(together) <= 16:
            raise Malformed("not 1 to 16 records")
        for each in together:
            check("line", each)
        decisions = decide_together(together)
        decided = decisions if isinstance(asked, list) else decisions[0]
        return (canonical(decided) + "\n").encode("utf-8")
    except Malformed:
        raise
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError) as error:
        raise Malformed(f"a value of the wrong form ({type(error).__name__})") from error


def main():
    """Decide every line; the exit code."""
    with open(sys.stdout.fileno(), "wb", closefd=False) as output:
        for number, line in enumerate(sys.stdin.buffer, 1):
            try:
                output.write(decide_line(line))
            except Malformed as error:
                print(f"line {number}: {error}", file=sys.stderr)
                return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
