import { ZodError } from 'zod';
import {
  ARGUMENT_LIMITS,
  canonicalJson,
  codeOfFailure,
  Conflict,
  decodeCarried,
  decodeOutcome,
  encodeArgument,
  encodeCarried,
  encodeOutcome,
  encodeTransient,
  hashOfJson,
  newRequest,
  NoAnswer,
  OutcomeUnknown,
  parseArgument,
  parseTransient,
  Refused,
  Rejected,
  transactions,
  Unavailable,
  UntrustedGateway,
} from '../index';
import { expectRefusal } from '../refusals.fixture';

const { CloseTicket, LinkIdentifier, GetCard } = transactions;
const value = { linkId: 'l', pseudonym: 'psn-1', system: 'national-id', value: '张三', salt: 'A'.repeat(22) };
const link = { linkId: 'l', transientSha256: hashOfJson(value) };
const carried = { input: link, transient: value };

describe('a request', () => {
  it('is the same argument, byte for byte, whichever way it came', () => {
    const built = newRequest(CloseTicket, { ticketId: 't-1' });
    const text = '{"input":{"ticketId":"t-1"}}';
    expect(encodeArgument(built)).toBe(text);
    expect(encodeArgument(parseArgument(CloseTicket, text))).toBe(text);
    expect(encodeArgument(decodeCarried(CloseTicket, { input: { ticketId: 't-1' } }))).toBe(text);
    expect(encodeCarried(built)).toBe(text);
  });
  it('carries its transient value under the one key, as canonical JSON', () => {
    const map = encodeTransient(decodeCarried(LinkIdentifier, carried));
    expect(Object.keys(map ?? {})).toEqual(['lianyi']);
    expect(new TextDecoder().decode(map?.['lianyi'])).toBe(canonicalJson(value));
    expect(encodeTransient(newRequest(CloseTicket, { ticketId: 't-1' }))).toBeUndefined();
  });
  it('has the hash of the input as it was sent', () => {
    const body = { input: { ticketId: 't-1' } };
    expect(decodeCarried(CloseTicket, body).requestHash).toBe(parseArgument(CloseTicket, canonicalJson(body)).requestHash);
  });
  it('that a program builds wrongly is refused before it is sent', () => {
    expectRefusal('INVALID_REQUEST', () => newRequest(CloseTicket, { ticketId: 'a/b' }), {
      path: 'input.ticketId',
      problem: 'invalid_format',
    });
    // what a caller without types could do
    const transient = value as never;
    expectRefusal('INVALID_REQUEST', () => newRequest(GetCard, { cardId: 'c' }, { transient }));
  });
});

describe('a carried request is refused as an argument is', () => {
  it.each<readonly [string, unknown, object]>([
    ['nothing', undefined, { path: '', problem: 'invalid_type' }],
    ['no input', {}, { path: 'input', problem: 'invalid_type' }],
    ['another member', { input: { ticketId: 't' }, actor: 'me' }, { path: '', problem: 'unrecognized_keys' }],
    ['an actor in the input', { input: { ticketId: 't', actorTag: 'chief' } }, { path: 'input', problem: 'unrecognized_keys' }],
    ['a float', { input: { ticketId: 1.5 } }, { problem: 'NOT_CANONICAL' }],
    ['a lone surrogate', { input: { ticketId: '\ud800' } }, { problem: 'NOT_CANONICAL' }],
    ['more than 64 KiB', { input: { ticketId: 'x'.repeat(ARGUMENT_LIMITS.maxBytes) } }, { problem: 'TOO_LARGE', offset: 0 }],
    ['a proof that is none', { input: { ticketId: 't' }, proof: { kind: 'staff' } }, { path: 'proof.statement', problem: 'invalid_type' }],
    ['a transient value where none is due', { input: { ticketId: 't' }, transient: {} }, {}],
  ])('%s', (_what, body, details) => {
    expectRefusal('INVALID_REQUEST', () => decodeCarried(CloseTicket, body), details);
  });
  it('when its transient value is not the one it names', () => {
    expectRefusal('HASH_MISMATCH', () => decodeCarried(LinkIdentifier, { ...carried, transient: { ...value, value: '李四' } }));
    expectRefusal('HASH_MISMATCH', () => parseTransient(LinkIdentifier, '{}', link.transientSha256));
  });
  it('when its transient value is malformed, even where its hash is named', () => {
    const bad = { ...value, more: 1 };
    expectRefusal('INVALID_REQUEST', () =>
      decodeCarried(LinkIdentifier, { input: { ...link, transientSha256: hashOfJson(bad) }, transient: bad }),
    );
  });
});

describe('an outcome', () => {
  const outcome = { result: { ticketId: 't-1', state: 'closed' }, transactionId: 'tx', blockNumber: 2n ** 60n };

  it('comes back with a block number beyond a JSON number', () => {
    expect(decodeOutcome(CloseTicket, JSON.parse(JSON.stringify(encodeOutcome(outcome))))).toEqual(outcome);
  });
  it('of a read has neither transaction nor block', () => {
    expect(encodeOutcome({ result: 1 })).toEqual({ result: 1 });
  });
  it.each<readonly [string, unknown]>([
    ['another result', { result: { ticketId: 't-1', state: 'open' } }],
    ['another member', { ...encodeOutcome(outcome), more: 1 }],
    ['a block number that is a number', { ...encodeOutcome(outcome), blockNumber: 1 }],
    ['nothing', undefined],
    ...['seven', '-1', '0x7', '1e3', '', ' 7', '7\n', '1'.repeat(21)].map(
      (blockNumber) => [`the block number ${JSON.stringify(blockNumber)}`, { ...encodeOutcome(outcome), blockNumber }] as const,
    ),
  ])('is not read from %s', (_what, answer) => {
    expect(() => decodeOutcome(CloseTicket, answer)).toThrow(ZodError);
  });
});

describe('a failure of the ledger', () => {
  it.each([
    [new Refused('NEWER_CODE', 'm', {}), 'NEWER_CODE'],
    [new Conflict('tx', 11), 'LEDGER_CONFLICT'],
    [new Unavailable('r'), 'LEDGER_UNAVAILABLE'],
    [new NoAnswer('silent'), 'LEDGER_UNAVAILABLE'],
    [new OutcomeUnknown('tx'), 'OUTCOME_UNKNOWN'],
    [new OutcomeUnknown(undefined), 'OUTCOME_UNKNOWN'],
    [new Rejected('r', 'tx', 1), 'LEDGER_REJECTED'],
    [new UntrustedGateway('r', 'tx'), 'GATEWAY_UNTRUSTED'],
  ])('%s is told as %s', (failure, code) => {
    expect(codeOfFailure(failure)).toBe(code);
  });
});
