import { type ActorReference } from '../actor';
import { type RecordId, recordIdSchema } from '../ids';
import { addMilliseconds, instantSchema } from '../instant';
import { type ErrorCode } from '../errors/table';
import { expectRefusal } from '../refusals.fixture';
import { A, patient } from '../story.fixture';
import { type Hold, type HoldList, holdSchema } from './transactions';
import { assertNotHeld, confirmHold, holdEndsAt, liftHold, placeHold } from './hold';

const at = (minute: number) => instantSchema.parse(`2026-05-01T08:${String(minute).padStart(2, '0')}:00.000Z`);
const officer = (actorTag: string): ActorReference => ({ kind: 'staff', mspId: A, actorTag }) as ActorReference;
const [lin, wu] = [officer('lin'), officer('wu')];
const hold = (holdId: string, more: object = {}): Hold => holdSchema.parse({ holdId, placedAt: at(0), placedBy: lin, ...more });
const [record, other] = ['rec-1', 'rec-2'].map((id) => recordIdSchema.parse(id)) as [RecordId, RecordId];
const none: HoldList = { schemaVersion: 1, pseudonym: patient, mspId: A, holds: [] };
const held = (...holds: readonly Hold[]): HoldList => holds.reduce(placeHold, none);

describe('a legal hold', () => {
  it('stands beside others until each is lifted', () => {
    const two = held(hold('one'), hold('two'));
    const left = liftHold(two, { holdId: 'one' }, { by: wu, now: at(1) });
    expect(left.holds.map(({ holdId }) => holdId)).toEqual(['two']);
    expectRefusal('ON_HOLD', () => {
      assertNotHeld(left, [record], at(1));
    });
    expect(liftHold(left, { holdId: 'two' }, { by: wu, now: at(1) }).holds).toEqual([]);
  });

  it.each<readonly [string, HoldList | undefined, number]>([
    ['there never was one', undefined, 0],
    ['all were lifted', none, 0],
    ['it is over, from its end on', held(hold('one', { until: at(5) })), 5],
  ])('forbids no purge where %s', (_why, list, minute) => {
    expect(() => {
      assertNotHeld(list, [record], at(minute));
    }).not.toThrow();
  });

  it.each<readonly [string, HoldList, number]>([
    ['it has no end', held(hold('one')), 59],
    ['its end is yet to come', held(hold('one', { until: at(5) })), 4],
    ['another one is over', held(hold('one', { until: at(5) }), hold('two')), 30],
  ])('forbids every purge where %s', (_why, list, minute) => {
    expectRefusal('ON_HOLD', () => {
      assertNotHeld(list, [record], at(minute));
    });
  });

  it('is lifted by another person than who has placed it; when it is over, by anybody who may', () => {
    expectRefusal('SECOND_PERSON_NEEDED', () => liftHold(held(hold('one')), { holdId: 'one' }, { by: lin, now: at(1) }));
    expectRefusal('NOT_FOUND', () => liftHold(held(hold('one')), { holdId: 'two' }, { by: wu, now: at(1) }));
    expect(liftHold(held(hold('one', { until: at(5) })), { holdId: 'one', until: at(5) }, { by: lin, now: at(5) }).holds).toEqual([]);
  });

  it.each<readonly [string, HoldList, Hold, ErrorCode]>([
    ['its name is taken', held(hold('one')), hold('one', { until: at(9) }), 'ALREADY_EXISTS'],
    ['it would be over at once', none, hold('one', { until: at(0) }), 'INVALID_REQUEST'],
    ['there are sixteen', held(...Array.from({ length: 16 }, (_, count) => hold(`hold-${count}`))), hold('one'), 'LIMIT_REACHED'],
  ])('is not placed where %s', (_why, list, placed, code) => {
    expectRefusal(code, () => placeHold(list, placed));
  });

  const dispute = (more: object = {}): Hold => hold('one', { reason: 'dispute', ...more });
  const lapses = addMilliseconds(at(0), 72 * 60 * 60_000);

  it('stands for three days without a second person, to the millisecond, and then as long as was said', () => {
    const list = held(dispute());
    expectRefusal('ON_HOLD', () => {
      assertNotHeld(list, [record], addMilliseconds(lapses, -1));
    });
    expect(() => {
      assertNotHeld(list, [record], lapses);
    }).not.toThrow();
    const confirmed = confirmHold(list, { holdId: 'one', reason: 'dispute' }, { by: wu, now: at(1) });
    expect([list, confirmed].map(({ holds: [only] }) => only && holdEndsAt(only))).toEqual([lapses, undefined]);
    expectRefusal('ON_HOLD', () => {
      assertNotHeld(confirmed, [record], lapses);
    });
  });

  it.each<readonly [string, HoldList, ActorReference, number, ErrorCode]>([
    ['by who has placed it', held(dispute()), lin, 1, 'SECOND_PERSON_NEEDED'],
    ['where it is over', held(dispute({ until: at(5) })), wu, 5, 'ILLEGAL_STATE'],
    ['where it is confirmed', held(dispute({ confirmedBy: wu })), officer('sun'), 1, 'ILLEGAL_STATE'],
    ['where it was placed before anybody confirmed one', held(hold('one')), wu, 1, 'ILLEGAL_STATE'],
    ['of another name', held(hold('two', { reason: 'dispute' })), wu, 1, 'NOT_FOUND'],
  ])('is not confirmed %s', (_when, list, by, minute, code) => {
    expectRefusal(code, () => confirmHold(list, { holdId: 'one', reason: 'dispute' }, { by, now: at(minute) }));
  });

  it.each<readonly [string, Partial<Hold>]>([
    ['another reason', { reason: 'authority-order' }],
    ['no reason', {}],
    ['an end', { reason: 'dispute', until: at(9) }],
    ['one record alone', { reason: 'dispute', recordIds: [record] }],
  ])('is neither confirmed nor lifted by who was shown %s', (_what, shown) => {
    const [list, as] = [held(dispute()), { by: wu, now: at(1) }];
    expectRefusal('HOLD_DIFFERS', () => confirmHold(list, { holdId: 'one', ...shown }, as));
    expectRefusal('HOLD_DIFFERS', () => liftHold(list, { holdId: 'one', ...shown }, as));
    expect(liftHold(list, { holdId: 'one', reason: 'dispute' }, as).holds).toEqual([]);
  });

  it('of some records forbids no purge of others', () => {
    const list = held(dispute({ recordIds: [record] }));
    expect(() => {
      assertNotHeld(list, [other], at(1));
    }).not.toThrow();
    expectRefusal('ON_HOLD', () => {
      assertNotHeld(list, [other, record], at(1));
    });
  });
});
