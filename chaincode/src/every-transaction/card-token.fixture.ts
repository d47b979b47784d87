import { canonicalJson, type transactions } from '@lianyi/domain';
import { type Prepared, type Refusal, type SampleOf } from './area.fixture';
import { A, B, must, type Stage } from './cast.fixture';
import { CHANNEL, type KeyPair, newKey, sha256Of, signText } from './consortium.fixture';
import { after, twice } from './refusal-case.fixture';
import { audit, card } from './sample.fixture';

/** The part of the registrar's fixture that is about a card's tokens. */

type Fields = Readonly<Record<string, unknown>>;

/** An active card of the patient, and the key of its tokens. */
export const cardWithKey = async (stage: Stage): Promise<{ readonly cardId: string; readonly key: KeyPair }> => {
  const cardId = await card(stage, false);
  const key = newKey();
  must(await stage.cast.invoke('ActivateCard', { cardId, tokenKeyHash: key.hash }, stage.patient));
  return { cardId, key };
};

/** What the holder's wallet would sign now; or, with some fields changed, what it would not. */
export const statementOf = ({ cast }: Stage, cardId: string, changes: Fields = {}): Fields => ({
  ...{ t: 'lianyi/card-token/v2', channel: CHANNEL, genesis: cast.genesis, msp: A, cardId, nonce: cast.nonce() },
  ...{ issuedAt: cast.instant(), notAfter: cast.instant(60_000) },
  ...changes,
});

export const tokenOf = (key: KeyPair, statement: Fields): Fields => ({
  statement,
  publicKey: key.publicKey,
  signature: signText(key, canonicalJson(statement)),
});

/** A token of a card of A's patient. */
const shown = async (stage: Stage, changes: (stage: Stage) => Fields = () => ({})): Promise<Prepared> => {
  const { cardId, key } = await cardWithKey(stage);
  const token = tokenOf(key, statementOf(stage, cardId, changes(stage)));
  return { input: { token }, as: stage.cast.staff(A, 'registrar') };
};
const showing =
  (changes: (stage: Stage) => Fields): Refusal[2] =>
  (stage) =>
    shown(stage, changes);
/** The valid token after something has become of its card. */
const afterwards = (name: 'SuspendCard' | 'ReportCardLost' | 'CloseCard' | 'ReplaceCard', more: (stage: Stage) => Fields = () => ({})) =>
  after(async (stage, { input }) => {
    const { cardId } = (input['token'] as { readonly statement: { readonly cardId: string } }).statement;
    must(await stage.cast.invoke(name, { cardId, ...more(stage) }, stage.cast.staff(A, 'registrar')));
  });
/** A token of a card that was never active, or has no key, by a key of the forger's. */
const forged = async (stage: Stage, isActive: boolean): Promise<Prepared> => {
  const cardId = await card(stage, isActive);
  return { input: { token: tokenOf(newKey(), statementOf(stage, cardId)) }, as: stage.cast.staff(A, 'registrar') };
};
const successor = ({ cast, patient }: Stage): Fields => {
  const { cardId: successorId, nonce, holderCommitment } = cast.cardInput(A, patient.pseudonym);
  return { successorId, nonce, holderCommitment };
};

export const cardTokenCases = {
  callers: 'registrar clinician pharmacist',
  by: 'registrar',
  written: ['cardTokenUse', audit],
  events: ['CardVerified'],
  again: { refused: 'CARD_TOKEN_USED' },
  prepare: (stage) => shown(stage),
  refusals: [
    ['NOT_FOUND', 'there is no such card', showing(() => ({ cardId: 'nobody' }))],
    ['CARD_TOKEN_INVALID', 'the card was activated without a key', (stage) => forged(stage, true)],
    ['CARD_TOKEN_INVALID', 'the card is requested, so that nobody has given it a key', (stage) => forged(stage, false)],
    ['CARD_TOKEN_INVALID', 'it is for another channel', showing(() => ({ channel: 'other' }))],
    ['CARD_TOKEN_INVALID', 'it is for another network', showing(() => ({ genesis: sha256Of('another block 0') }))],
    ['CARD_TOKEN_INVALID', 'it is valid for more than a minute', showing(({ cast }) => ({ notAfter: cast.instant(60_001) }))],
    [
      'CARD_TOKEN_INVALID',
      'its minute was prolonged after it was signed',
      async (stage, valid) => {
        const { input, as } = await valid.prepare();
        const token = input['token'] as { readonly statement: Fields };
        return { input: { token: { ...token, statement: { ...token.statement, notAfter: stage.cast.instant(59_999) } } }, as };
      },
    ],
    [
      'CARD_TOKEN_INVALID',
      'the key of another card of the patient has signed it',
      async (stage) => {
        const [one, other] = [await cardWithKey(stage), await cardWithKey(stage)];
        return { input: { token: tokenOf(other.key, statementOf(stage, one.cardId)) }, as: stage.cast.staff(A, 'registrar') };
      },
    ],
    ['CARD_TOKEN_ELSEWHERE', 'it is for another member’s desk', showing(() => ({ msp: B }))],
    [
      'CARD_TOKEN_ELSEWHERE',
      'another member that has seen it sends it',
      async (stage, valid) => ({ ...(await valid.prepare()), as: stage.cast.staff(B, 'clinician') }),
    ],
    ['CARD_TOKEN_EXPIRED', 'its minute is over', showing(({ cast }) => ({ issuedAt: cast.instant(-60_000), notAfter: cast.instant() }))],
    [
      'CARD_TOKEN_NOT_YET_VALID',
      'it is from the future',
      showing(({ cast }) => ({ issuedAt: cast.instant(30_001), notAfter: cast.instant(90_001) })),
    ],
    ['CARD_NOT_ACTIVE', 'the card is suspended', afterwards('SuspendCard', () => ({ reason: 'other' }))],
    ['CARD_NOT_ACTIVE', 'the card is lost', afterwards('ReportCardLost')],
    ['CARD_NOT_ACTIVE', 'the card is replaced', afterwards('ReplaceCard', successor)],
    ['CARD_NOT_ACTIVE', 'the card is closed', afterwards('CloseCard')],
    ['CARD_TOKEN_USED', 'the same desk has seen it', twice],
    [
      'CARD_TOKEN_USED',
      'a clinician of the same member has seen it',
      after(async ({ cast }, { input }) => must(await cast.invoke('VerifyCardToken', input, cast.staff(A, 'clinician')))),
    ],
  ],
} as const satisfies SampleOf<typeof transactions.VerifyCardToken>;
