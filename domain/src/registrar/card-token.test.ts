import {
  activateCard,
  addMilliseconds,
  type CardToken,
  type Card,
  cardSchema,
  cardTokenSchema,
  checkCardToken,
  closeCard,
  hashOfKey,
  PAPER_CODE_MS,
  replaceCard,
  reportCardLost,
  setPaperCode,
  sha256,
  statementText,
  suspendCard,
  useCardToken,
} from '../index';
import { expectRefusal } from '../refusals.fixture';
import { newKey, signText } from '../signing.fixture';
import { A, B, hours, NOW, origin, patient } from '../story.fixture';

const SECOND = 1 / 3_600;
const key = newKey();
const requested = cardSchema.parse({
  ...{ schemaVersion: 1, cardId: 'card-1', issuerMspId: A, pseudonym: patient, holderCommitment: sha256('h'), state: 'requested' },
  ...{ issuedAt: hours(-1), changedAt: hours(-1), origin },
});
const card = activateCard(requested, hours(-1), hashOfKey(key.publicKey));
const ledger = { channel: 'emr', genesis: sha256('genesis'), now: NOW, msp: A };
const statement = {
  ...{ t: 'lianyi/card-token/v2', channel: 'emr', genesis: ledger.genesis, msp: A, cardId: 'card-1', nonce: 'A'.repeat(22) },
  ...{ issuedAt: NOW, notAfter: hours(60 * SECOND) },
};

function tokenOf(changes: Partial<typeof statement> = {}, by = key): CardToken {
  const whole = { ...statement, ...changes };
  const unsigned = cardTokenSchema.parse({ statement: whole, publicKey: by.publicKey, signature: signText('', by) });
  return { ...unsigned, signature: signText(statementText(unsigned.statement), by) };
}
const check =
  (token: CardToken, of: Card = card, at: Partial<typeof ledger> = {}) =>
  (): void => {
    checkCardToken(token, { ...ledger, ...at }, of);
  };
const others: readonly (readonly [keyof typeof statement, string])[] = [
  ['channel', 'emr2'],
  ['genesis', sha256('another genesis')],
  ['cardId', 'card-2'],
  ['msp', B],
  ['nonce', `${'A'.repeat(21)}Q`],
  ['issuedAt', hours(-SECOND)],
  ['notAfter', hours(59 * SECOND)],
];

describe('a card token', () => {
  it('is good for the card whose key has signed it', () => {
    expect(check(tokenOf())).not.toThrow();
  });

  it('names every field of its statement in these tests', () => {
    expect(['t', ...others.map(([field]) => field)].sort()).toEqual(Object.keys(statement).sort());
  });
  it.each(others)('is refused when its %s was changed after it was signed, even where it fits the ledger', (field, value) => {
    const changed = { ...tokenOf(), statement: { ...statement, [field]: value } } as CardToken;
    const of = field === 'cardId' ? cardSchema.parse({ ...card, cardId: value }) : card;
    const at = field === 'channel' || field === 'genesis' || field === 'msp' ? { [field]: value } : {};
    expectRefusal('CARD_TOKEN_INVALID', check(changed, of, at), { field: 'signature' });
  });
  it.each(others.slice(0, 3))('is refused when it was signed for another %s', (field, value) => {
    expectRefusal('CARD_TOKEN_INVALID', check(tokenOf({ [field]: value })), { field });
  });
  it('is refused at another member’s desk than the one it was made for, to whoever cannot sign for it as any forged one', () => {
    expectRefusal('CARD_TOKEN_ELSEWHERE', check(tokenOf(), card, { msp: B }), { msp: A });
    expectRefusal('CARD_TOKEN_ELSEWHERE', check(tokenOf({ msp: B })), { msp: B });
    expectRefusal('CARD_TOKEN_INVALID', check(tokenOf({}, newKey()), card, { msp: B }), { field: 'publicKey' });
  });
  it('is no statement of another kind', () => {
    for (const t of ['lianyi/command/v1', 'lianyi/request/v1', 'lianyi/card-token/v1']) expect(() => tokenOf({ t })).toThrow();
  });

  it('is refused by another key, also under the card’s own public key', () => {
    const other = newKey();
    expectRefusal('CARD_TOKEN_INVALID', check(tokenOf({}, other)), { field: 'publicKey' });
    expectRefusal('CARD_TOKEN_INVALID', check({ ...tokenOf({}, other), publicKey: key.publicKey }), { field: 'signature' });
  });
  it('is refused with the twin of its signature', () => {
    const bytes = Buffer.from(tokenOf().signature, 'base64url');
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    const high = (order - BigInt(`0x${bytes.subarray(32).toString('hex')}`)).toString(16).padStart(64, '0');
    const signature = Buffer.concat([bytes.subarray(0, 32), Buffer.from(high, 'hex')]).toString('base64url');
    expectRefusal('CARD_TOKEN_INVALID', check(cardTokenSchema.parse({ ...tokenOf(), signature })), { field: 'signature' });
  });
  it('is refused for a card that was activated without a key', () => {
    expectRefusal('CARD_TOKEN_INVALID', check(tokenOf(), activateCard(requested, NOW)), { field: 'publicKey' });
  });

  it.each([
    ['at its end', 60, 'CARD_TOKEN_EXPIRED'],
    ['an hour later', 3_600, 'CARD_TOKEN_EXPIRED'],
    ['more than thirty seconds before it was made', -30.001, 'CARD_TOKEN_NOT_YET_VALID'],
  ] as const)('is refused %s', (_when, seconds, code) => {
    expectRefusal(code, check(tokenOf(), card, { now: hours(seconds * SECOND) }));
  });
  it.each([
    ['a moment before its end', 59.999],
    ['thirty seconds before it was made, by a clock that is behind', -30],
  ])('is good %s', (_when, seconds) => {
    expect(check(tokenOf(), card, { now: hours(seconds * SECOND) })).not.toThrow();
  });
  it('is refused when it was made for more than a minute', () => {
    expectRefusal('CARD_TOKEN_INVALID', check(tokenOf({ notAfter: hours(60.001 * SECOND) })), { field: 'notAfter' });
  });

  const issued = { cardId: cardSchema.shape.cardId.parse('card-2'), holderCommitment: sha256('i'), origin };
  it.each([
    ['suspended', suspendCard(card, 'other', NOW)],
    ['lost', reportCardLost(card, NOW)],
    ['replaced', replaceCard(card, issued, NOW).replaced],
    ['closed', closeCard(card, NOW)],
  ])('of a card that is %s is refused, which only who can sign for it is told', (state, of) => {
    expectRefusal('CARD_NOT_ACTIVE', check(tokenOf(), of), { state });
    expectRefusal('CARD_TOKEN_INVALID', check(tokenOf({}, newKey()), of));
  });
  it('of a requested card is refused, whoever has signed it', () => {
    expectRefusal('CARD_TOKEN_INVALID', check(tokenOf(), requested), { field: 'publicKey' });
    const withKey = cardSchema.parse({ ...requested, tokenKeyHash: card.tokenKeyHash });
    expectRefusal('CARD_NOT_ACTIVE', check(tokenOf(), withKey), { state: 'requested' });
  });

  describe('of a code on paper', () => {
    const paper = newKey();
    const code = (until = hours(24)): NonNullable<Card['paperCode']> => ({ keyHash: hashOfKey(paper.publicKey), notAfter: until });
    const printed = setPaperCode(card, code(), NOW);

    it('is good until the paper’s end, and says that it is one', () => {
      const at = (now: typeof NOW): CardToken => tokenOf({ issuedAt: now, notAfter: addMilliseconds(now, 1_000) }, paper);
      expect(checkCardToken(at(NOW), ledger, printed)).toBe('paper');
      const late = addMilliseconds(hours(24), -1);
      expect(checkCardToken(at(late), { ...ledger, now: late }, printed)).toBe('paper');
      expectRefusal('CARD_TOKEN_EXPIRED', check(at(hours(24)), printed, { now: hours(24) }), { notAfter: hours(24) });
      expect(checkCardToken(tokenOf(), ledger, printed)).toBe('wallet');
    });

    it.each<readonly [string, Card]>([
      ['another was printed', setPaperCode(printed, { ...code(), keyHash: sha256('another') }, NOW)],
      ['it was withdrawn', setPaperCode(printed, undefined, NOW)],
      ['the card was suspended and is active again', activateCard(suspendCard(printed, 'lost', NOW), NOW)],
    ])('is refused when %s', (_what, of) => {
      expectRefusal('CARD_TOKEN_INVALID', check(tokenOf({}, paper), of), { field: 'publicKey' });
    });

    it.each<readonly [string, NonNullable<Card['paperCode']>]>([
      ['has ended', code(NOW)],
      ['ends after more than two years', code(addMilliseconds(NOW, PAPER_CODE_MS + 1))],
      ['has the key of the wallet', { ...code(), keyHash: hashOfKey(key.publicKey) }],
    ])('is none that %s', (_what, unfit) => {
      expectRefusal('INVALID_REQUEST', () => setPaperCode(card, unfit, NOW));
    });

    it('is made for an active card only', () => {
      for (const of of [requested, suspendCard(card, 'other', NOW), reportCardLost(card, NOW), closeCard(card, NOW)])
        expectRefusal('ILLEGAL_STATE', () => setPaperCode(of, code(), NOW));
      expect(setPaperCode(card, code(addMilliseconds(NOW, PAPER_CODE_MS)), NOW).paperCode).toEqual(
        code(addMilliseconds(NOW, PAPER_CODE_MS)),
      );
    });
  });

  it('is used up by its first use, whoever shows it next', () => {
    const { statement: shown } = tokenOf();
    const use = useCardToken(undefined, shown, { usedAt: NOW, origin });
    expect(use).toEqual({ schemaVersion: 1, cardId: 'card-1', nonce: shown.nonce, usedAt: NOW, origin });
    expectRefusal('CARD_TOKEN_USED', () => useCardToken(use, shown, { usedAt: hours(SECOND), origin }), { usedAt: NOW });
  });
});

describe('the key of a card’s tokens', () => {
  it('is another one when the card is activated with another, and stays when it is activated without', () => {
    const suspended = suspendCard(card, 'other', NOW);
    expect(activateCard(suspended, NOW)).toEqual({ ...card, changedAt: NOW });
    expect(activateCard(suspended, NOW, sha256('another key')).tokenKeyHash).toBe(sha256('another key'));
  });
  it('is not handed on to the card that replaces it', () => {
    expect(replaceCard(card, { cardId: card.cardId, holderCommitment: sha256('i'), origin }, NOW).successor).not.toHaveProperty(
      'tokenKeyHash',
    );
  });
});
