import { type Copy, type Instant } from '../index';
import { hours } from '../story.fixture';
import { assertHeld, type CopyFacts } from './copy';
import { copiesArea } from './transactions';

const by = { kind: 'staff', mspId: 'BMSP', actorTag: 'officer' } as const;
const origin = { requestHash: 'A'.repeat(43), actor: by };
const copy = (changes: object = {}): Copy =>
  copiesArea.entities.copies.schema.parse({
    ...{ schemaVersion: 1, holderMspId: 'BMSP', pseudonym: 'psn-1', ticketId: 'ticket', recordId: 'record', takenAt: hours(0) },
    ...{ state: 'held', origin, ...changes },
  });
const answered = (answer: object, state = 'retained'): Copy =>
  copy({ state, answer: { outcome: 'retained', basis: 'litigation', at: hours(1), by, txId: 'tx', origin, ...answer } });
const facts = (changes: Partial<CopyFacts> = {}, terms?: CopyFacts['ticket']['copy']): CopyFacts => ({
  ticket: { expiresAt: hours(1), purpose: 'TREAT', ...(terms === undefined ? {} : { copy: terms }) },
  ...changes,
});
const dated = (eraseAt: Instant) => facts({}, { handling: 'store', eraseAt, onward: true });
const standing = (of: Copy, on: CopyFacts, now = hours(10)): string => {
  try {
    assertHeld(of, on, now);
    return 'handed on';
  } catch (error) {
    const { code, details } = error as { readonly code: string; readonly details: { readonly obstacle: string } };
    return `${code} ${details.obstacle}`;
  }
};

describe('a copy that is to be handed on', () => {
  it.each<readonly [string, Copy, CopyFacts, string]>([
    ['is held', copy(), facts(), 'handed on'],
    ['must go by a date that is to come', copy(), dated(hours(11)), 'handed on'],
    ['was retained until an instant that has passed', answered({ until: hours(10) }), facts(), 'handed on'],
    ['is overdue by its date', copy(), dated(hours(10)), 'ONWARD_NOT_ALLOWED overdue'],
    ['must go because it was viewed only', copy(), facts({}, { handling: 'view' }), 'ONWARD_NOT_ALLOWED must-go'],
    ['must go because the consent was changed', copy(), facts({ consentChangedAt: hours(9) }), 'ONWARD_NOT_ALLOWED must-go'],
    ['must go because it is forbidden', copy(), facts({ forbiddenAt: hours(9) }), 'ONWARD_NOT_ALLOWED must-go'],
    ['must go because it was retracted', copy(), facts({ retractedAt: hours(9) }), 'ONWARD_NOT_ALLOWED must-go'],
    ['must go because the emergency was none', copy(), facts({ notJustifiedAt: hours(9) }), 'ONWARD_NOT_ALLOWED must-go'],
    ['must go by a date, and was retracted besides', copy(), { ...dated(hours(11)), retractedAt: hours(9) }, 'ONWARD_NOT_ALLOWED must-go'],
    ['is kept by a law alone', answered({}), facts(), 'ONWARD_NOT_ALLOWED retained'],
    ['is kept by a law alone, before its date', answered({ until: hours(11) }), dated(hours(12)), 'ONWARD_NOT_ALLOWED retained'],
    ['was retained, and must go since', answered({ until: hours(10) }), facts({ retractedAt: hours(9) }), 'ONWARD_NOT_ALLOWED must-go'],
  ])('that %s: %#', (_what, of, on, expected) => {
    expect(standing(of, on)).toBe(expected);
  });
  it('is overdue three days after what has ended it', () => {
    expect(standing(copy(), facts({ retractedAt: hours(9) }), hours(9 + 72))).toBe('ONWARD_NOT_ALLOWED overdue');
  });
  it('is not once it was destroyed', () => {
    const gone = copy({ state: 'destroyed', answer: { outcome: 'destroyed', at: hours(1), by, txId: 'tx', origin } });
    expect(standing(gone, facts())).toBe('ONWARD_NOT_ALLOWED destroyed');
  });
});
