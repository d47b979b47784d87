import { A, type Cast, must } from './cast.fixture';
import { useStage } from './stage.fixture';
import { type Delegate, type KeyPair, newKey } from './consortium.fixture';
import { statementOf, tokenOf } from './card-token.fixture';
import { card } from './sample.fixture';

const stage = useStage();
const DAY = 86_400_000;

/** What a desk answers to a code of a card by a key. */
async function recognised(cardId: string, key: KeyPair): Promise<string | undefined> {
  const { cast } = stage();
  const token = tokenOf(key, statementOf(stage(), cardId));
  return (await cast.invoke('VerifyCardToken', { token }, cast.staff(A, 'registrar'))).code;
}

describe('a code of a card that somebody has made who acts for the patient', () => {
  let cast: Cast;
  let delegate: Delegate;
  let cardId: string;
  const key = newKey();
  beforeEach(async () => {
    ({ cast } = stage());
    delegate = await cast.appoint(stage().patient, { scopes: ['cards'] });
    cardId = await card(stage(), false);
  });
  const activate = (who: Delegate | ReturnType<typeof stage>['patient'], tokenKeyHash?: string) =>
    cast.invoke('ActivateCard', tokenKeyHash === undefined ? { cardId } : { cardId, tokenKeyHash }, who);
  const suspend = async (): Promise<void> => {
    must(await cast.invoke('SuspendCard', { cardId, reason: 'other' }, stage().patient));
  };
  const end = async (): Promise<void> => {
    const { pseudonym } = stage().patient;
    must(await cast.invoke('EndDelegation', { pseudonym, delegationId: delegate.delegationId }, stage().patient));
  };

  it('is recognised as long as they act, and no longer', async () => {
    must(await activate(delegate, key.hash));
    expect(await recognised(cardId, key)).toBeUndefined();
    await end();
    expect(await recognised(cardId, key)).toBe('DELEGATION_NOT_IN_FORCE');
  });

  it('is recognised no longer when their time is over', async () => {
    must(await activate(delegate, key.hash));
    cast.now += 6 * 365 * DAY;
    expect(await recognised(cardId, key)).toBe('DELEGATION_NOT_IN_FORCE');
  });

  it('is recognised no longer when it is on paper, whatever end is written on it', async () => {
    const own = newKey();
    must(await activate(stage().patient, own.hash));
    const paperCode = { keyHash: key.hash, notAfter: cast.instant(700 * DAY) };
    must(await cast.invoke('SetCardPaperCode', { cardId, paperCode }, delegate));
    expect(await recognised(cardId, key)).toBeUndefined();
    await end();
    expect(await recognised(cardId, key)).toBe('DELEGATION_NOT_IN_FORCE');
    // the patient's own goes on, and so does the next one that the patient prints
    expect(await recognised(cardId, own)).toBeUndefined();
    must(await cast.invoke('SetCardPaperCode', { cardId, paperCode }, stage().patient));
    expect(await recognised(cardId, key)).toBeUndefined();
  });

  it.each([
    ['with a key of their own', true, 'CARD_TOKEN_INVALID', undefined],
    ['without a key, which leaves the one before', false, 'DELEGATION_NOT_IN_FORCE', 'CARD_TOKEN_INVALID'],
  ])('is what the patient makes of it who activates the card anew %s', async (_how, hasKey, ofDelegate, ofPatient) => {
    const own = newKey();
    must(await activate(delegate, key.hash));
    await end();
    await suspend();
    must(await activate(stage().patient, hasKey ? own.hash : undefined));
    expect(await recognised(cardId, key)).toBe(ofDelegate);
    expect(await recognised(cardId, own)).toBe(ofPatient);
  });

  it('is the patient’s where the delegate has only activated the card again', async () => {
    must(await activate(stage().patient, key.hash));
    await suspend();
    must(await activate(delegate));
    await end();
    expect(await recognised(cardId, key)).toBeUndefined();
  });
});
