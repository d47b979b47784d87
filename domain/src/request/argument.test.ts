import fc from 'fast-check';
import {
  ARGUMENT_LIMITS,
  DomainError,
  encodeArgument,
  hashOfJson,
  newRequest,
  parseArgument,
  parseResponse,
  parseTransient,
  qualifiedName,
  type Request,
  requestHashOf,
  sha256,
  type TransactionEntry,
  transactions,
} from '../index';
import { expectRefusal } from '../refusals.fixture';
import { newKey, signText } from '../signing.fixture';

const entries: readonly TransactionEntry[] = Object.values(transactions);

describe('the argument', () => {
  const request = {
    ticketId: 't-1',
    nonce: 'A'.repeat(22),
    pseudonym: 'psn-1',
    recordIds: ['rec-1'],
    purpose: 'TREAT' as const,
    department: 'cardiology',
    ephemeralPublicKey: newKey().publicKey,
  } satisfies Request<typeof transactions.RequestAccess>;
  const { RequestAccess, GetCard, LinkIdentifier } = transactions;

  it('comes back as it was sent, with the hash a proof names', () => {
    const argument = parseArgument(RequestAccess, encodeArgument(newRequest(RequestAccess, request)));
    expect(argument).toEqual({ input: request, requestHash: requestHashOf({ input: request }) });
    expect(argument.requestHash).toBe(hashOfJson({ ...request }));
  });
  it('carries a proof', () => {
    const key = newKey();
    const instant = '2026-05-01T08:00:00.000Z';
    const statement = {
      t: 'lianyi/request/v1',
      channel: 'emr',
      chaincode: 'emr',
      genesis: sha256('g'),
      transaction: 'AccessContract:RequestAccess',
      requestHash: sha256('r'),
      msp: 'B',
      actorTag: 'a',
      issuedAt: instant,
      notAfter: instant,
    } as const;
    const proof = { kind: 'staff', statement, publicKey: key.publicKey, signature: signText('x', key) } as const;
    expect(parseArgument(RequestAccess, encodeArgument({ input: request, proof })).proof).toEqual(proof);
  });
  const refusalOf = (text: string, entry: TransactionEntry = RequestAccess): unknown => {
    try {
      parseArgument(entry, text);
      return 'accepted';
    } catch (error) {
      if (error instanceof DomainError && error.code === 'INVALID_REQUEST') return error.details;
      throw error;
    }
  };
  const withInput = (changes: object): string => JSON.stringify({ input: { ...request, ...changes } });

  it.each<readonly [string, string, object]>([
    ['nothing', '', { problem: 'SYNTAX', offset: 0 }],
    ['an array', '[]', { path: '', problem: 'invalid_type' }],
    ['no input', '{}', { path: 'input', problem: 'invalid_type' }],
    ['an empty input', '{"input":{}}', { path: 'input.ticketId', problem: 'invalid_type' }],
    ['another member beside the input', JSON.stringify({ input: request, actor: 'me' }), { path: '', problem: 'unrecognized_keys' }],
    ['an actor in the input', withInput({ actorTag: 'chief' }), { path: 'input', problem: 'unrecognized_keys' }],
    ['an id that is none', withInput({ ticketId: 'a/b' }), { path: 'input.ticketId', problem: 'invalid_format' }],
    ['a purpose that is none', withInput({ purpose: 'CURIOSITY' }), { path: 'input.purpose', problem: 'invalid_value' }],
    ['no records', withInput({ recordIds: [] }), { path: 'input.recordIds', problem: 'too_small' }],
    [
      '17 records',
      withInput({ recordIds: Array.from({ length: 17 }, (_, n) => `r${n}`) }),
      { path: 'input.recordIds', problem: 'too_big' },
    ],
    ['a record twice', withInput({ recordIds: ['a', 'a'] }), { path: 'input.recordIds', problem: 'custom' }],
    ['a float', withInput({ purpose: 1.5 }), { problem: 'NOT_CANONICAL' }],
    ['an unsafe integer', withInput({ purpose: 2 ** 60 }), { problem: 'NOT_CANONICAL' }],
    ['a duplicate key', '{"input":{},"input":{}}', { problem: 'DUPLICATE_KEY', offset: 12 }],
    ['a proof that is null', JSON.stringify({ input: request, proof: null }), { path: 'proof', problem: 'invalid_type' }],
  ])('is refused: %s', (_what, text, details) => {
    expect(refusalOf(text)).toEqual(details);
  });
  it('is refused above 64 KiB, before it is parsed', () => {
    expect(refusalOf('['.repeat(ARGUMENT_LIMITS.maxBytes + 1))).toEqual({ problem: 'TOO_LARGE', offset: 0 });
    expect(refusalOf('['.repeat(ARGUMENT_LIMITS.maxBytes))).toEqual({ problem: 'TOO_DEEP', offset: 32 });
  });
  it('repeats no value of the request in its refusal', () => {
    const secret = '张三 110101199003071234';
    const texts = [
      withInput({ [secret]: 1 }),
      withInput({ ticketId: secret }),
      `{"input":{"${secret}":1,"${secret}":2}}`,
      JSON.stringify({ input: { ...request, recordIds: [secret] } }),
      secret,
    ];
    for (const text of texts) expect(JSON.stringify(refusalOf(text))).not.toContain('110101');
  });
  it.each(entries.map((entry) => [qualifiedName(entry), entry] as const))(
    '%s refuses 200 malformed requests, each with its code',
    (_name, entry) => {
      const junk = fc.oneof(
        fc.json(),
        fc.string(),
        fc.anything().map((value) => JSON.stringify({ input: value })),
        fc.record({ input: fc.object() }).map((value) => JSON.stringify(value)),
      );
      fc.assert(
        fc.property(
          junk.filter((text) => !text.includes('"limit"')),
          (text) => refusalOf(text, entry) !== 'accepted',
        ),
        { numRuns: 200 },
      );
    },
  );

  const value = { linkId: 'l', pseudonym: 'psn-1', system: 'national-id', value: '张三', salt: 'A'.repeat(22) };
  it('names its transient value', () => {
    expect(parseTransient(LinkIdentifier, JSON.stringify(value), hashOfJson(value))).toEqual(value);
  });
  it('refuses a transient value it does not name, a malformed one, and one where none is due', () => {
    expectRefusal('HASH_MISMATCH', () => parseTransient(LinkIdentifier, JSON.stringify({ ...value, value: '李四' }), hashOfJson(value)));
    const bad = { ...value, more: 1 };
    expectRefusal('INVALID_REQUEST', () => parseTransient(LinkIdentifier, JSON.stringify(bad), hashOfJson(bad)));
    expectRefusal('INVALID_REQUEST', () => parseTransient(GetCard, '{}', hashOfJson({})));
  });
});

describe('an answer', () => {
  it('is parsed by the catalogue', () => {
    expect(parseResponse(transactions.IssueCard, '{"cardId":"c","state":"requested"}')).toEqual({ cardId: 'c', state: 'requested' });
    expect(() => parseResponse(transactions.IssueCard, '{"cardId":"c","state":"requested","more":1}')).toThrow();
    expect(() => parseResponse(transactions.IssueCard, '{"cardId":"c","cardId":"d","state":"requested"}')).toThrow();
  });
  it('is a permit with provisions or a denial with reasons, nothing between', () => {
    const { response } = transactions.RequestAccess;
    const at = '2026-05-01T08:00:00.000Z';
    const outcomes = [
      { ticketId: 't', decision: 'permit', reasons: [], provisionIds: ['p'], expiresAt: at, state: 'open' },
      { ticketId: 't', decision: 'deny', reasons: ['NO_CONSENT'], provisionIds: [] },
      { ticketId: 't', decision: 'permit', reasons: [], provisionIds: [], expiresAt: at, state: 'open' },
      { ticketId: 't', decision: 'permit', reasons: [], provisionIds: ['p'], state: 'open' },
      { ticketId: 't', decision: 'permit', reasons: ['EXPIRED'], provisionIds: ['p'], expiresAt: at, state: 'open' },
      { ticketId: 't', decision: 'deny', reasons: [], provisionIds: [] },
      { ticketId: 't', decision: 'deny', reasons: ['NO_CONSENT'], provisionIds: [], expiresAt: at },
    ];
    expect(outcomes.map((outcome) => response.safeParse(outcome).success)).toEqual([true, true, false, false, false, false, false]);
  });
});
