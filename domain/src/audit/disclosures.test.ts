import { instantSchema } from '../instant';
import { disclosuresOf } from './disclosures';
import { accessEventSchema, type AccessEvent } from './transactions';

const at = (minute: number): string => `2026-05-01T08:0${minute}:00.000Z`;
const clinician = { kind: 'staff', mspId: 'HospitalBMSP', actorTag: 'tag-b' };
const keyService = { kind: 'staff', mspId: 'HospitalAMSP', actorTag: 'key-service-a' };

function line(event: string, minute: number, more: object = {}): AccessEvent {
  const named = { schemaVersion: 1, pseudonym: 'patient-1', txId: `tx-${minute}`, n: 0 };
  return accessEventSchema.parse({ ...named, at: at(minute), event, actor: keyService, ...more });
}
const permit = (minute: number, ticketId: string, more: object = {}): AccessEvent =>
  line('AccessPermitted', minute, { actor: clinician, decision: 'permit', purpose: 'TREAT', ticketId, provisionIds: ['p-1'], ...more });
const release = (minute: number, ticketId: string, recordId = 'record-1'): AccessEvent =>
  line('KeyReleased', minute, { ticketId, recordIds: [recordId], purpose: 'TREAT' });

describe('the accounting of disclosures', () => {
  it('names for each key that left: when, to whom, what for, under which rule', () => {
    expect(disclosuresOf([release(2, 'ticket-1'), permit(1, 'ticket-1')])).toEqual([
      { at: at(2), to: clinician, ticketId: 'ticket-1', recordIds: ['record-1'], purpose: 'TREAT', provisionIds: ['p-1'] },
    ]);
  });

  it.each<readonly [string, readonly AccessEvent[]]>([
    ['a permit under which nothing was fetched', [permit(1, 'ticket-1')]],
    ['a denial', [line('AccessDenied', 1, { actor: clinician, decision: 'deny', ticketId: 'ticket-1', reasons: ['NO_CONSENT'] })]],
    ['a policy', [line('PolicyGranted', 1, { actor: { kind: 'patient', pseudonym: 'patient-1' } })]],
    ['nothing at all', []],
  ])('does not count %s', (_what, lines) => {
    expect(disclosuresOf(lines)).toEqual([]);
  });

  it('tells two keys under one permit apart, newest first, whatever the order of the lines', () => {
    const lines = [permit(1, 'ticket-1'), release(2, 'ticket-1'), release(3, 'ticket-1', 'record-2')];
    for (const order of [lines, [...lines].reverse()])
      expect(disclosuresOf(order).map(({ recordIds }) => recordIds)).toEqual([['record-2'], ['record-1']]);
  });

  it('names of several records under one permit the rules of the one that left', () => {
    const both = { recordIds: ['record-1', 'record-2'], provisionIds: ['p-1', 'p-2'], grounds: [['p-1'], ['p-2']] };
    const lines = [permit(1, 'ticket-1', both), release(2, 'ticket-1', 'record-2'), release(3, 'ticket-1', 'record-9')];
    // what the permit does not name is told of with all that it rests on
    expect(disclosuresOf(lines).map(({ provisionIds }) => provisionIds)).toEqual([['p-1', 'p-2'], ['p-2']]);
  });

  it('says that nobody is known where the question is not among the lines', () => {
    expect(disclosuresOf([release(2, 'ticket-1'), permit(1, 'ticket-2')])).toMatchObject([{ to: undefined, ticketId: 'ticket-1' }]);
  });

  it('takes a period’s beginning in and leaves its end out; the question may be older', () => {
    const lines = [permit(0, 'ticket-1'), release(1, 'ticket-1'), release(2, 'ticket-1'), release(3, 'ticket-1')];
    const period = { from: instantSchema.parse(at(2)), until: instantSchema.parse(at(3)) };
    expect(disclosuresOf(lines, period)).toMatchObject([{ at: at(2), to: clinician }]);
  });
});
