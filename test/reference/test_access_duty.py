"""Cases of duties, and of the command."""

import json
import subprocess
import sys
import unittest
from pathlib import Path

from access_examples import (
    AT, BEFORE, H1, NOBODY, TEAM, Expectations, ask, defaults, duty, grant, provision, team,
)

TO_TEAM = grant(provision("permit"), to=TEAM)
COMMAND = Path(__file__).with_name("access_decision.py")
EVERY_DAY = [1, 2, 3, 4, 5, 6, 7]


class OnDuty(Expectations, unittest.TestCase):
    def on(self, at, until, reckoned):
        self.permitted(ask(TO_TEAM, at=at, actor={"groups": [team(duty=reckoned)]}), "p1", until=until)

    def off(self, at, reckoned):
        self.denied(ask(TO_TEAM, at=at, actor={"groups": [team(duty=reckoned)]}), "GROUP_OFF_DUTY")

    def test_without_a_duty_always_on(self):
        self.permitted(ask(TO_TEAM, actor={"groups": [team()]}), "p1")

    def test_turn_is_half_open(self):
        day = duty(([5], "08:00", "16:30"))
        self.on("2026-05-01T00:00:00.000Z", "2026-05-01T08:30:00.000Z", day)
        self.on("2026-05-01T08:29:59.999Z", "2026-05-01T08:30:00.000Z", day)
        self.off("2026-05-01T08:30:00.000Z", day)
        self.off("2026-04-30T23:59:59.999Z", day)

    def test_weekday_is_local(self):
        saturday = duty(([6], "00:00", "08:00"))
        self.on("2026-05-01T16:00:00.000Z", "2026-05-02T00:00:00.000Z", saturday)
        self.off("2026-05-02T16:00:00.000Z", saturday)

    def test_over_midnight(self):
        night = duty(([5], "20:00", "08:00"))
        self.on("2026-05-01T12:00:00.000Z", "2026-05-02T00:00:00.000Z", night)
        self.on("2026-05-01T23:59:00.000Z", "2026-05-02T00:00:00.000Z", night)
        self.off("2026-05-02T00:00:00.000Z", night)
        self.off("2026-04-30T23:59:00.000Z", night)

    def test_over_midnight_from_sunday_to_monday(self):
        night = duty(([7], "20:00", "08:00"))
        self.on("2026-05-03T20:00:00.000Z", "2026-05-04T00:00:00.000Z", night)
        self.off("2026-05-03T00:00:00.000Z", night)

    def test_same_time_is_a_whole_day(self):
        whole = duty(([5], "08:00", "08:00"))
        self.on("2026-05-01T23:59:59.999Z", "2026-05-02T00:00:00.000Z", whole)
        self.off("2026-05-02T00:00:00.000Z", whole)

    def test_whole_day_every_day_ends_with_the_turn(self):
        whole = duty((EVERY_DAY, "00:00", "00:00"))
        self.on("2026-05-01T08:00:00.000Z", "2026-05-01T16:00:00.000Z", whole)

    def test_latest_of_several_turns(self):
        both = duty(([5], "08:00", "20:00"), ([5], "15:00", "02:00"), ([5], "20:00", "06:00"))
        self.on(AT, "2026-05-01T18:00:00.000Z", both)

    def test_two_days_of_one_turn(self):
        long = duty(([4, 5], "16:00", "16:00"))
        self.on("2026-05-01T07:59:00.000Z", "2026-05-01T08:00:00.000Z", long)
        self.on(AT, "2026-05-02T08:00:00.000Z", long)

    def test_no_turns(self):
        self.off(AT, duty())

    def test_until_of_the_duty(self):
        self.on(AT, "2026-05-01T09:00:00.000Z",
                duty(([5], "08:00", "20:00"), until="2026-05-01T09:00:00.000Z"))
        self.off(AT, duty(([5], "08:00", "20:00"), until=AT))

    def test_no_offset_yet(self):
        late = duty(([5], "08:00", "20:00"), offsets=(("2026-05-01T08:00:00.001Z", 480),))
        self.off(AT, late)

    def test_offset_that_begins_now_counts(self):
        changed = duty(([5], "08:00", "12:00"), offsets=((BEFORE, 480), (AT, 60)))
        self.on(AT, "2026-05-01T11:00:00.000Z", changed)

    def test_offset_that_changes_during_a_turn(self):
        change = "2026-10-25T01:00:00.000Z"  # from +2 h to +1 h, a Sunday in Berlin
        night = duty(([6], "22:00", "06:00"), offsets=((BEFORE, 120), (change, 60)))
        self.on("2026-10-24T21:00:00.000Z", change, night)
        self.on(change, "2026-10-25T05:00:00.000Z", night)

    def test_negative_offset(self):
        west = duty(([4], "20:00", "02:00"), offsets=((BEFORE, -330),))
        self.on("2026-05-01T07:00:00.000Z", "2026-05-01T07:30:00.000Z", west)
        self.off("2026-05-01T07:30:00.000Z", west)

    def test_end_is_the_first_of_duty_and_provision(self):
        until = "2026-05-01T08:10:00.000Z"
        short = grant(provision("permit", validUntil=until), to=TEAM)
        on = {"groups": [team(duty=duty(([5], "08:00", "20:00")))]}
        self.permitted(ask(short, actor=on), "p1", until=until)

    def test_off_duty_counts_as_a_shortfall(self):
        off = {"groups": [team(duty=duty())]}
        short = grant(provision("permit", purposes=[]), to=TEAM)
        self.denied(ask(short, actor=off), "PURPOSE_NOT_ALLOWED", "GROUP_OFF_DUTY")
        self.denied(ask(short, TO_TEAM, actor=off), "GROUP_OFF_DUTY")


class TheCommand(unittest.TestCase):
    ACTOR = {"mspId": H1, "actorTag": "t", "roles": ["nurse"], "department": "d", "departments": []}
    GOOD = json.dumps({"question": {"at": AT, "purpose": "TREAT", "actor": ACTOR},
                       "facts": {"grants": [], "defaultPolicies": defaults("deny-all"),
                                 "levelApprovers": NOBODY}})

    def run_on(self, text):
        done = subprocess.run([sys.executable, COMMAND], input=text.encode(), capture_output=True)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def test_one_line_each(self):
        answer = '{"effect":"deny","reasons":["NO_CONSENT"]}\n'
        self.assertEqual(self.run_on(self.GOOD + "\n" + self.GOOD), (0, answer * 2, ""))

    def test_bad_lines(self):
        facts = '{"grants":[],"defaultPolicies":{},"levelApprovers":{}}'
        for bad in ("{", "", "[]", '{"question":{}}', '{"question":1,"facts":' + facts + "}",
                    self.GOOD.replace('"purpose"', '"reason"')):
            code, _, error = self.run_on(self.GOOD + "\n" + bad + "\n")
            self.assertEqual(code, 2, bad)
            self.assertTrue(error.startswith("line 2: "), error)
            self.assertEqual(error.count("\n"), 1)


if __name__ == "__main__":
    unittest.main()
