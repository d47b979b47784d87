import { newPrivateKey, type PrivateKey, publicKeyOf, signCardToken } from '@lianyi/client';
import { addMilliseconds, cardIdSchema, type CardToken, hashOfKey, instantOf, mspIdSchema, transactions } from '@lianyi/domain';
import { carry } from '../carry';
import { newCardId } from '../owned-ids';
import { PatientCase } from '../patient-case';
import { refusalOf, type StaffMember } from '../scenario';
import { type GetWorld } from './world';

/** Feature 4: a card of A is recognised by the others, by what its holder shows. */
export function cardTokenCases(world: GetWorld): void {
  describe('a card that its holder shows', () => {
    const ownChannel = (): string => world().scenario.network.channel;
    /** What the holder's wallet signs for somebody's desk: good from so many milliseconds from now, on this network or another. */
    const shownBy = (key: PrivateKey, cardId: string, { hospital }: StaffMember, { ahead = 0, channel = ownChannel() } = {}): CardToken => {
      const issuedAt = instantOf(Date.now() + ahead);
      const msp = mspIdSchema.parse(hospital.member.mspId);
      const shown = { channel, genesis: world().scenario.genesis, msp, cardId: cardIdSchema.parse(cardId) };
      return signCardToken(key, { ...shown, issuedAt, notAfter: addMilliseconds(issuedAt, 60_000) });
    };
    /** Issued to a patient of A, and activated with the key of its codes. */
    const activeCard = async () => {
      const known = PatientCase.unknown(world().scenario, world().staff);
      await known.register();
      const issued = newCardId(known.custodian, known.pseudonym);
      const { cardId } = issued;
      const key = newPrivateKey();
      const input = { ...issued, pseudonym: known.pseudonym, holderCommitment: 'A'.repeat(43) };
      await known.byStaff(world().staff.registrarA, transactions.IssueCard, input, 'CardIssued');
      await known.command(transactions.ActivateCard, { cardId, tokenKeyHash: hashOfKey(publicKeyOf(key)) }, 'CardActivated');
      return { known, cardId, show: (to: StaffMember, otherwise = {}) => shownBy(key, cardId, to, otherwise) };
    };
    const attempt = async (who: StaffMember, token: CardToken) => {
      await world().scenario.catchUp(who.hospital);
      return refusalOf(carry(who.client, transactions.VerifyCardToken, { token }, { sign: who.sign }));
    };
    /** How many lines the patient's audit has: what was refused must have left none. */
    const lines = async (known: PatientCase): Promise<number> => (await known.audit()).length;

    it('is recognised by B and its own node, once in the consortium, and the patient sees by whom', async () => {
      const { known, cardId, show } = await activeCard();
      const { registrarA, registrarB, cardiologistB, clinicianC } = world().staff;
      const token = show(registrarB);
      for (const who of [clinicianC, registrarA]) expect(await attempt(who, token)).toBe('CARD_TOKEN_ELSEWHERE');
      await world().scenario.catchUp(world().scenario.b);
      const answered = await carry(registrarB.client, transactions.VerifyCardToken, { token }, { sign: registrarB.sign });
      expect(answered.result).toEqual({
        cardId,
        state: 'active',
        issuerMspId: known.custodian,
        pseudonym: known.pseudonym,
        shown: 'wallet',
      });
      for (const who of [registrarB, cardiologistB]) expect(await attempt(who, token)).toBe('CARD_TOKEN_USED');
      for (const who of [clinicianC, registrarA]) expect(await attempt(who, token)).toBe('CARD_TOKEN_ELSEWHERE');
      expect((await known.audit()).at(-1)).toMatchObject({
        ...{ event: 'CardVerified', txId: answered.transactionId },
        actor: { mspId: world().scenario.b.member.mspId, actorTag: registrarB.actorTag },
      });
      await known.byStaff(clinicianC, transactions.VerifyCardToken, { token: show(clinicianC) }, 'CardVerified');
    });

    it('is recognised by a code on paper, until the patient prints another or the card is suspended', async () => {
      const { known, cardId } = await activeCard();
      const { registrarB } = world().staff;
      const print = async () => {
        const key = newPrivateKey();
        const paperCode = { keyHash: hashOfKey(publicKeyOf(key)), notAfter: instantOf(Date.now() + 30 * 86_400_000) };
        await known.command(transactions.SetCardPaperCode, { cardId, paperCode }, 'CardPaperCodeChanged');
        return () => shownBy(key, cardId, registrarB);
      };
      const first = await print();
      await world().scenario.catchUp(registrarB.hospital);
      const { result } = await carry(registrarB.client, transactions.VerifyCardToken, { token: first() }, { sign: registrarB.sign });
      expect(result).toMatchObject({ cardId, shown: 'paper' });
      const second = await print();
      expect(await attempt(registrarB, first())).toBe('CARD_TOKEN_INVALID');
      await known.byStaff(registrarB, transactions.VerifyCardToken, { token: second() }, 'CardVerified');
      await known.command(transactions.SuspendCard, { cardId, reason: 'other' }, 'CardSuspended');
      expect(await attempt(registrarB, second())).toBe('CARD_TOKEN_INVALID');
    });

    it('is recognised by one of two desks of a hospital that are shown the same code at once', async () => {
      const { show, known } = await activeCard();
      const { registrarB, cardiologistB } = world().staff;
      const token = show(registrarB);
      const before = await lines(known);
      const came = await Promise.allSettled(
        [registrarB, cardiologistB].map(async ({ client, sign, hospital }) => {
          await world().scenario.catchUp(hospital);
          return carry(client, transactions.VerifyCardToken, { token }, { sign });
        }),
      );
      expect(came.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await lines(known)).toBe(before + 1);
    });

    it('is refused everywhere from the block after its suspension, and good again when its holder activates it', async () => {
      const { known, cardId, show } = await activeCard();
      const { registrarA, registrarB, clinicianC } = world().staff;
      const shownBefore = new Map([registrarB, clinicianC, registrarA].map((who) => [who, show(who)]));
      await known.command(transactions.SuspendCard, { cardId, reason: 'other' }, 'CardSuspended');
      for (const [who, before] of shownBefore) {
        expect(await attempt(who, before)).toBe('CARD_NOT_ACTIVE');
        expect(await attempt(who, show(who))).toBe('CARD_NOT_ACTIVE');
      }
      await known.command(transactions.ActivateCard, { cardId }, 'CardActivated');
      await known.byStaff(registrarB, transactions.VerifyCardToken, { token: show(registrarB) }, 'CardVerified');
    });

    it('is refused when the code is over, from the future, for another channel, or of another key', async () => {
      const { known, cardId, show } = await activeCard();
      const { registrarB, nurseB } = world().staff;
      const before = await lines(known);
      expect(await attempt(registrarB, show(registrarB, { ahead: -60_000 }))).toBe('CARD_TOKEN_EXPIRED');
      expect(await attempt(registrarB, show(registrarB, { ahead: 300_000 }))).toBe('CARD_TOKEN_NOT_YET_VALID');
      expect(await attempt(registrarB, show(registrarB, { channel: 'other' }))).toBe('CARD_TOKEN_INVALID');
      expect(await attempt(registrarB, shownBy(newPrivateKey(), cardId, registrarB))).toBe('CARD_TOKEN_INVALID');
      const unknown = newCardId(known.custodian, known.pseudonym).cardId;
      expect(await attempt(registrarB, shownBy(newPrivateKey(), unknown, registrarB))).toBe('NOT_FOUND');
      expect(await attempt(nurseB, show(nurseB))).toBe('NOT_PERMITTED');
      expect(await lines(known)).toBe(before);
    });
  });
}
