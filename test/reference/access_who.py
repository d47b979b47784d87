"""Who is meant by a grant, and who is on duty: "Who is meant" of access-decisions.md."""

from datetime import datetime, timedelta
from functools import lru_cache

# As text, later than every instant: the end of what has no end.
FOREVER = "~"


def group_names(actor, any_state):
    """The actor's groups: the active ones, or those of any state."""
    groups = actor.get("groups") or ()
    return [each["group"] for each in groups if any_state or each["state"] == "active"]


# For each kind of grantee, the names by which it means the actor.
NAMES_TO_PERMIT = {
    "person": lambda actor: (actor["actorTag"],),
    "department": lambda actor: (actor["department"],),
    "role": lambda actor: actor["roles"],
    "group": lambda actor: group_names(actor, any_state=False),
}
NAMES_TO_FORBID = {
    **NAMES_TO_PERMIT,
    "department": lambda actor: (actor["department"], *actor["departments"]),
    "group": lambda actor: group_names(actor, any_state=True),
}


def is_meant(actor, grantee, names_by_kind):
    """Whether a grant to this grantee means the actor ("Who is meant")."""
    if grantee["mspId"] != actor["mspId"]:
        return False
    if grantee["kind"] == "organisation":
        return True
    names = names_by_kind.get(grantee["kind"])
    return names is not None and grantee["name"] in names(actor)


@lru_cache(maxsize=4096)
def parse_instant(text):
    """An instant's text as a datetime in UTC."""
    return datetime.fromisoformat(text)


@lru_cache(maxsize=4096)
def parse_clock(text):
    """A local time of day, `HH:MM`, in minutes after midnight."""
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def format_instant(instant):
    """A datetime in UTC as an instant's text."""
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def turn_end(turn, local):
    """Minutes from the local day's midnight to the end of the turn; None if the turn is not on."""
    begin, end = parse_clock(turn["from"]), parse_clock(turn["until"])
    if end <= begin:
        end += 1440
    today, now = local.isoweekday(), local.hour * 60 + local.minute
    yesterday = (today + 5) % 7 + 1
    if today in turn["days"] and begin <= now < end:
        return end
    if yesterday in turn["days"] and begin <= now + 1440 < end:
        return end - 1440
    return None


def duty_end(duty, at):
    """The end of the duty that is on at `at`; None if none is ("Who is meant")."""
    if at >= duty["until"]:
        return None
    minutes, limit = None, duty["until"]
    for offset in duty["offsets"]:
        if offset["from"] <= at:
            minutes = offset["minutes"]
        else:
            limit = min(limit, offset["from"])
    if minutes is None:
        return None
    local = parse_instant(at) + timedelta(minutes=minutes)
    ends = [end for turn in duty["turns"] if (end := turn_end(turn, local)) is not None]
    if not ends:
        return None
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    return min(limit, format_instant(midnight + timedelta(minutes=max(ends) - minutes)))


def on_duty_until(actor, name, at):
    """Until when the actor is on duty in a group; None if they are not ("Who is meant")."""
    ends = []
    for group in actor.get("groups") or ():
        if group["group"] == name and group["state"] == "active":
            duty = group.get("duty")
            ends.append(FOREVER if duty is None else duty_end(duty, at))
    return max((end for end in ends if end is not None), default=None)
