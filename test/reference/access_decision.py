"""Decide requests to read: a second implementation, made from access-decisions.md alone.

Standard input holds one JSON object a line, `{"question": …, "facts": …}`, and `"emergency": …`
where the glass is broken; standard output gets one decision a line. A line that is not such an object ends the run with exit code 2, after the
decisions on the lines before it.

`access_who`, `access_coverage`, `access_sources`, `access_combiner` and `access_emergency` hold the
rule, each the sections of the page that its first line names. This file reads and writes.
"""

import json
import sys

from access_combiner import canonical, decide
from access_emergency import decide_emergency

# "What is asked, and what is known": the fields that an object must have, and which of its fields
# hold further objects, or lists of them.
FORMS = {
    "line": ({"question", "facts"}, {"question": "question", "facts": "facts",
                                     "emergency": "emergency"}),
    "emergency": ({"scope", "until", "isInDebt"}, {"choice": "choice"}),
    "choice": ({"stance"}, {}),
    "question": ({"at", "purpose", "actor"}, {"actor": "actor", "record": "record"}),
    "actor": ({"mspId", "actorTag", "roles", "department", "departments"}, {"groups": "group"}),
    "group": ({"group", "state"}, {"duty": "duty"}),
    "duty": ({"zone", "offsets", "until", "turns"}, {"offsets": "offset", "turns": "turn"}),
    "offset": ({"from", "minutes"}, {}),
    "turn": ({"days", "from", "until"}, {}),
    "record": ({"recordId", "class", "dataLevel", "confidentiality", "custodianMspId",
                "authorMspId", "anchoredAt", "state"}, {}),
    "facts": ({"grants"}, {"relationship": "relationship", "grants": "grant",
                           "defaultPolicy": "defaultPolicy"}),
    "relationship": ({"type", "state"}, {}),
    "defaultPolicy": ({"class", "maxDataLevel"}, {}),
    "grant": ({"grantee", "version", "state", "provisions"},
              {"grantee": "grantee", "provisions": "provision"}),
    "grantee": ({"kind", "mspId", "name"}, {}),
    "provision": ({"provisionId", "effect", "purposes", "validFrom"}, {"recordPeriod": "period"}),
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


def decide_line(line):
    """The decision on one line of input, as one line of output; both are UTF-8."""
    try:
        asked = json.loads(line.decode("utf-8"))
    except ValueError:
        raise Malformed("not JSON") from None
    try:
        check("line", asked)
        question, facts, emergency = asked["question"], asked["facts"], asked.get("emergency")
        if emergency is None:
            decision = decide(question, facts)
        else:
            decision = decide_emergency(question, facts, emergency)
        return (canonical(decision) + "\n").encode("utf-8")
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
