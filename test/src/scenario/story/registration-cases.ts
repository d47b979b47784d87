import { writeFileSync } from 'node:fs';
import { transactions, newRequest } from '@lianyi/domain';
import { carry } from '../carry';
import { PatientCase } from '../patient-case';
import { newId, refusalOf } from '../scenario';
import { type GetWorld } from './world';
import { newCardId } from '../owned-ids';

const someHash = 'A'.repeat(43);

/** Features 1 and 3: who may register, and the life of a card. */
export function registrationCases(world: GetWorld): void {
  const unknown = (): PatientCase => PatientCase.unknown(world().scenario, world().staff);
  const registered = async (): Promise<PatientCase> => {
    const known = unknown();
    await known.register();
    return known;
  };

  it('registers a pseudonym with the hash of its first key, and nothing else about the patient', async () => {
    const known = await registered();
    const entry = await known.see(transactions.GetPseudonym, { pseudonym: known.pseudonym });
    expect(entry).toMatchObject({
      pseudonym: known.pseudonym,
      mspId: known.custodian,
      nextKeyHash: known.patient.firstKeyHash,
      state: 'active',
    });
  });

  it.each(['labA', 'recordAdminA', 'clinicianA', 'nurseB'] as const)('refuses a registration by %s and registers nothing', async (who) => {
    const known = unknown();
    const staff = world().staff[who];
    const input = known.patient.registration;
    expect(await refusalOf(carry(staff.client, transactions.RegisterPatient, input, { sign: staff.sign }))).toBe('NOT_PERMITTED');
    expect(await refusalOf(known.see(transactions.GetPseudonym, { pseudonym: known.pseudonym }))).toBe('NOT_FOUND');
  });

  it('refuses a registration without a registrar’s signature, even by the member’s own certificate', async () => {
    const known = unknown();
    const ledger = await world().scenario.ledger(world().scenario.a);
    const input = known.patient.registration;
    expect(await refusalOf(ledger.submit(newRequest(transactions.RegisterPatient, input)))).toBe('NOT_PERMITTED');
    expect(await refusalOf(known.see(transactions.GetPseudonym, { pseudonym: known.pseudonym }))).toBe('NOT_FOUND');
  });

  it('refuses a registrar’s signed request that another hospital carries', async () => {
    const known = unknown();
    const input = known.patient.registration;
    const proof = await world().staff.registrarA.sign(transactions.RegisterPatient, input);
    const ledger = await world().scenario.ledger(world().scenario.b);
    expect(await refusalOf(ledger.submit(newRequest(transactions.RegisterPatient, input, { proof })))).toBe('NOT_PERMITTED');
    expect(await refusalOf(known.see(transactions.GetPseudonym, { pseudonym: known.pseudonym }))).toBe('NOT_FOUND');
  });

  it('refuses a second registration of a pseudonym by another hospital’s registrar, and it stays the first one’s', async () => {
    const known = await registered();
    const { registrarB } = world().staff;
    const input = { ...known.patient.registration, nextKeyHash: someHash };
    expect(await refusalOf(carry(registrarB.client, transactions.RegisterPatient, input, { sign: registrarB.sign }))).toBe('ID_MISMATCH');
    const entry = await known.see(transactions.GetPseudonym, { pseudonym: known.pseudonym });
    expect(entry).toMatchObject({ mspId: known.custodian, nextKeyHash: known.patient.firstKeyHash });
  });

  it('refuses another hospital’s registrar a card or a relationship for a pseudonym that is not theirs', async () => {
    const known = await registered();
    const { registrarB } = world().staff;
    const card = { ...newCardId(world().scenario.b.member.mspId, known.pseudonym), pseudonym: known.pseudonym, holderCommitment: someHash };
    await world().scenario.catchUp(world().scenario.b);
    expect(await refusalOf(carry(registrarB.client, transactions.IssueCard, card, { sign: registrarB.sign }))).toBe('NOT_PERMITTED');
    expect(await refusalOf(known.see(transactions.GetCard, { cardId: card.cardId }))).toBe('NOT_FOUND');
    const relationship = { pseudonym: known.pseudonym, type: 'care' as const };
    const proposed = carry(registrarB.client, transactions.ProposeRelationship, relationship, { sign: registrarB.sign });
    expect(await refusalOf(proposed)).toBe('NOT_PERMITTED');
    const mspId = world().scenario.b.member.mspId;
    expect(await refusalOf(known.see(transactions.GetRelationship, { pseudonym: known.pseudonym, mspId }))).toBe('NOT_FOUND');
  });

  describe('an identifier', () => {
    let files = 0;
    /** `lianyi identifier …` for a number, which no argument holds. */
    const identifier = (verb: 'link' | 'find' | 'unlink', value: string, ...more: readonly string[]): readonly string[] => {
      files += 1;
      const file = world().scenario.consortium.data.file(`number-${files}.txt`);
      writeFileSync(file, `${value}\n`, { mode: 0o600 });
      return ['identifier', verb, '--system', 'insurance', '--value-file', file, ...more];
    };
    const findBy = async (profile: string, value: string): Promise<unknown> => {
      const { json } = await world().scenario.consortium.commands.run(profile, identifier('find', value));
      return (json as { result?: { pseudonym?: unknown } }).result?.pseudonym;
    };

    it('is found by its number, however it is typed, until it is unlinked; it is linked once, to one pseudonym', async () => {
      const [known, other] = [await registered(), await registered()];
      const { acts } = world().scenario;
      const { registrarA } = world().staff;
      const number = `Q-${newId()}`;
      expect(await acts.attempt(registrarA.profile, ...identifier('find', number))).toBe('NOT_FOUND');
      await acts.act(registrarA.profile, ...identifier('link', number, '--pseudonym', known.pseudonym));
      expect(await findBy(registrarA.profile, ` ${number} `)).toBe(known.pseudonym);

      const again = identifier('link', number, '--pseudonym', other.pseudonym);
      expect(await acts.attempt(registrarA.profile, ...again)).toBe('IDENTIFIER_LINKED');
      expect(await findBy(registrarA.profile, number)).toBe(known.pseudonym);

      await acts.act(registrarA.profile, ...identifier('unlink', number));
      expect(await acts.attempt(registrarA.profile, ...identifier('find', number))).toBe('NOT_FOUND');
      await acts.act(registrarA.profile, ...identifier('link', number, '--pseudonym', other.pseudonym));
      expect(await findBy(registrarA.profile, number)).toBe(other.pseudonym);
    });

    it('is found by no other hospital, and by nobody but a registrar', async () => {
      const known = await registered();
      const { acts } = world().scenario;
      const { registrarA, registrarB, labA, clinicianA, recordAdminA } = world().staff;
      const number = `Q-${newId()}`;
      await acts.act(registrarA.profile, ...identifier('link', number, '--pseudonym', known.pseudonym));
      expect(await acts.attempt(registrarB.profile, ...identifier('find', number))).toBe('NOT_FOUND');
      for (const { profile } of [labA, clinicianA, recordAdminA]) {
        expect(await acts.attempt(profile, ...identifier('find', number))).toBe('NOT_PERMITTED');
        expect(await acts.attempt(profile, ...identifier('unlink', number))).toBe('NOT_PERMITTED');
      }
      expect(await findBy(registrarA.profile, number)).toBe(known.pseudonym);
    });

    it('that is mistyped is refused before anything leaves', async () => {
      const known = await registered();
      const file = world().scenario.consortium.data.file('mistyped.txt');
      writeFileSync(file, '110105194912310021');
      const argv = ['identifier', 'link', '--system', 'national-id', '--value-file', file, '--pseudonym', known.pseudonym];
      expect(await world().scenario.acts.attempt(world().staff.registrarA.profile, ...argv)).toBe('IDENTIFIER_INVALID');
    });
  });

  describe('a card', () => {
    const withCard = async (): Promise<{ known: PatientCase; cardId: string; state: () => Promise<string> }> => {
      const known = await registered();
      const issued = newCardId(known.custodian, known.pseudonym);
      const { cardId } = issued;
      const input = { ...issued, pseudonym: known.pseudonym, holderCommitment: someHash };
      await known.byStaff(world().staff.registrarA, transactions.IssueCard, input, 'CardIssued');
      return { known, cardId, state: async () => (await known.see(transactions.GetCard, { cardId })).state };
    };

    it('is requested, then activated by its holder, suspended by either side, activated again and closed', async () => {
      const { known, cardId, state } = await withCard();
      const { registrarA } = world().staff;
      expect(await state()).toBe('requested');
      await known.command(transactions.ActivateCard, { cardId }, 'CardActivated');
      expect(await state()).toBe('active');
      await known.byStaff(registrarA, transactions.SuspendCard, { cardId, reason: 'lost' }, 'CardSuspended');
      expect(await known.see(transactions.GetCard, { cardId })).toMatchObject({ state: 'suspended', suspensionReason: 'lost' });
      await known.command(transactions.ActivateCard, { cardId }, 'CardActivated');
      await known.command(transactions.SuspendCard, { cardId, reason: 'stolen' }, 'CardSuspended');
      expect(await known.see(transactions.GetCard, { cardId })).toMatchObject({ state: 'suspended', suspensionReason: 'stolen' });
      await known.byStaff(registrarA, transactions.CloseCard, { cardId }, 'CardClosed');
      expect(await state()).toBe('closed');
    });

    it('is not activated by its issuer or by another patient, and stays requested', async () => {
      const { known, cardId, state } = await withCard();
      const { registrarA } = world().staff;
      const byIssuer = carry(registrarA.client, transactions.ActivateCard, { cardId }, { sign: registrarA.sign });
      expect(await refusalOf(byIssuer)).toBe('NOT_PERMITTED');
      const other = await registered();
      expect(await refusalOf(other.attempt(transactions.ActivateCard, { cardId }))).toBe('NOT_PERMITTED');
      expect(await state()).toBe('requested');
      await known.command(transactions.ActivateCard, { cardId }, 'CardActivated');
    });

    it('is not suspended before it is active, nor suspended or closed by another hospital', async () => {
      const { cardId, state } = await withCard();
      const { registrarA, registrarB } = world().staff;
      const suspension = { cardId, reason: 'lost' } as const;
      expect(await refusalOf(carry(registrarA.client, transactions.SuspendCard, suspension, { sign: registrarA.sign }))).toBe(
        'ILLEGAL_STATE',
      );
      await world().scenario.catchUp(world().scenario.b);
      expect(await refusalOf(carry(registrarB.client, transactions.CloseCard, { cardId }, { sign: registrarB.sign }))).toBe(
        'NOT_PERMITTED',
      );
      expect(await state()).toBe('requested');
    });

    it('is reported lost by either side, is never active again, and can be closed', async () => {
      const { known, cardId, state } = await withCard();
      const { registrarA } = world().staff;
      await known.command(transactions.ActivateCard, { cardId }, 'CardActivated');
      await known.command(transactions.ReportCardLost, { cardId }, 'CardLossReported');
      expect(await state()).toBe('lost');
      expect(await refusalOf(known.attempt(transactions.ActivateCard, { cardId }))).toBe('ILLEGAL_STATE');
      await known.byStaff(registrarA, transactions.CloseCard, { cardId }, 'CardClosed');
      const second = await withCard();
      await second.known.command(transactions.ActivateCard, { cardId: second.cardId }, 'CardActivated');
      await second.known.byStaff(registrarA, transactions.SuspendCard, { cardId: second.cardId, reason: 'lost' }, 'CardSuspended');
      await second.known.byStaff(registrarA, transactions.ReportCardLost, { cardId: second.cardId }, 'CardLossReported');
      expect(await second.state()).toBe('lost');
    });

    it('is replaced by its issuer alone, stays so for ever, and its successor begins as requested and names it', async () => {
      const { known, cardId } = await withCard();
      const { registrarA, registrarB } = world().staff;
      const replacementBy = (mspId: string) => {
        const { cardId: successorId, nonce } = newCardId(mspId, known.pseudonym);
        return { cardId, successorId, nonce, holderCommitment: someHash };
      };
      const replacement = replacementBy(known.custodian);
      const { successorId } = replacement;
      const refused = async ({ client, sign }: typeof registrarA, input: typeof replacement) =>
        refusalOf(carry(client, transactions.ReplaceCard, input, { sign }));
      expect(await refused(registrarA, replacement)).toBe('ILLEGAL_STATE');
      await known.command(transactions.ActivateCard, { cardId }, 'CardActivated');
      await known.command(transactions.ReportCardLost, { cardId }, 'CardLossReported');
      await world().scenario.catchUp(world().scenario.b);
      expect(await refused(registrarB, replacementBy(world().scenario.b.member.mspId))).toBe('NOT_PERMITTED');
      expect(await refused(registrarA, replacementBy(world().scenario.b.member.mspId))).toBe('ID_MISMATCH');
      expect(await refusalOf(known.see(transactions.GetCard, { cardId: successorId }))).toBe('NOT_FOUND');
      await known.byStaff(registrarA, transactions.ReplaceCard, replacement, 'CardReplaced');
      expect(await known.see(transactions.GetCard, { cardId })).toMatchObject({ state: 'replaced', replacedBy: successorId });
      expect(await known.see(transactions.GetCard, { cardId: successorId })).toMatchObject({
        ...{ state: 'requested', replaces: cardId, pseudonym: known.pseudonym, issuerMspId: known.custodian },
      });
      expect(await refused(registrarA, replacementBy(known.custodian))).toBe('ILLEGAL_STATE');
      expect(await refusalOf(carry(registrarA.client, transactions.CloseCard, { cardId }, { sign: registrarA.sign }))).toBe(
        'ILLEGAL_STATE',
      );
      expect(await refusalOf(known.attempt(transactions.ActivateCard, { cardId }))).toBe('ILLEGAL_STATE');
      await known.command(transactions.ActivateCard, { cardId: successorId }, 'CardActivated');
      expect(await known.see(transactions.GetCard, { cardId: successorId })).toMatchObject({ state: 'active', replaces: cardId });
    });

    it('stays closed for ever', async () => {
      const { known, cardId, state } = await withCard();
      const { registrarA } = world().staff;
      await known.byStaff(registrarA, transactions.CloseCard, { cardId }, 'CardClosed');
      expect(await refusalOf(known.attempt(transactions.ActivateCard, { cardId }))).toBe('ILLEGAL_STATE');
      const suspension = { cardId, reason: 'lost' } as const;
      expect(await refusalOf(carry(registrarA.client, transactions.SuspendCard, suspension, { sign: registrarA.sign }))).toBe(
        'ILLEGAL_STATE',
      );
      expect(await refusalOf(carry(registrarA.client, transactions.CloseCard, { cardId }, { sign: registrarA.sign }))).toBe(
        'ILLEGAL_STATE',
      );
      expect(await state()).toBe('closed');
    });
  });
}
