import { type DomainError } from '../domain-error';
import { type Identifier, identifierSchema, spellIdentifier } from './entities';

/** The example of GB 11643-1999; nobody has it. */
const EXAMPLE = '11010519491231002X';
const of = (system: string, value: string): Identifier => identifierSchema.parse({ system, value });

function obstacle(identifier: Identifier): unknown {
  try {
    spellIdentifier(identifier);
    return 'taken';
  } catch (error) {
    const { code, details, message } = error as DomainError;
    expect(code).toBe('IDENTIFIER_INVALID');
    expect(JSON.stringify([details, message])).not.toContain(identifier.value.trim() || 'nothing');
    return details['obstacle'];
  }
}

describe('an identifier', () => {
  it.each([EXAMPLE, ` ${EXAMPLE}\n`, EXAMPLE.toLowerCase(), '１１０１０５１９４９１２３１００２Ｘ'])(
    'is the same however it is typed: %j',
    (typed) => {
      expect(spellIdentifier(of('national-id', typed))).toEqual({ system: 'national-id', value: EXAMPLE });
    },
  );

  it.each([
    ['form', EXAMPLE.slice(1)],
    ['form', `${EXAMPLE}0`],
    ['form', EXAMPLE.replace('1', 'A')],
    ['form', '010105194912310022'],
    ['form', '110105491231002'],
    ['date', '110105194913310020'],
    ['date', '110105190002290020'],
    ['date', '110105194900310020'],
    ['check-digit', EXAMPLE.replace('X', '1')],
    ['check-digit', EXAMPLE.replace('1949', '1948')],
    ['text', ' '],
    ['text', '1101\u000005'],
  ])('that is a national ID is refused for its %s, unsaid: %j', (expected, value) => {
    expect(obstacle(of('national-id', value))).toBe(expected);
  });

  it('is caught with any one digit mistyped, and with any two neighbours swapped', () => {
    for (let place = 0; place < 17; place += 1) {
      for (const digit of '0123456789') {
        if (digit === EXAMPLE[place]) continue;
        expect(obstacle(of('national-id', EXAMPLE.slice(0, place) + digit + EXAMPLE.slice(place + 1)))).not.toBe('taken');
      }
      const swapped = EXAMPLE.slice(0, place) + (EXAMPLE[place + 1] ?? '') + (EXAMPLE[place] ?? '') + EXAMPLE.slice(place + 2);
      if (swapped !== EXAMPLE) expect(obstacle(of('national-id', swapped))).not.toBe('taken');
    }
  });

  it.each(['mrn', 'insurance', 'card', 'ward-7'])('of %s is taken as it is, without a rule of ours', (system) => {
    expect(spellIdentifier(of(system, ' 00-47/11x '))).toEqual({ system, value: '00-47/11x' });
    expect(obstacle(of(system, '\t'))).toBe('text');
  });
});
