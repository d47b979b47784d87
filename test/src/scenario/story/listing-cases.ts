import { ActingLedger, memberOperations, newPrivateKey, publicKeyOf, signCardToken, signIntroduction } from '@lianyi/client';
import { addMilliseconds, cardIdSchema, hashOfKey, instantOf, mspIdSchema, newRequest, type Purpose, transactions } from '@lianyi/domain';
import { carry, carryingFor } from '../carry';
import { newCardId, newTicketId } from '../owned-ids';
import { fromNow, laboratoryReport, PatientCase, permission } from '../patient-case';
import { newId, refusalOf, type StaffMember } from '../scenario';
import { type GetWorld } from './world';

const { ListPermitted, RequestAccess, VerifyCardToken } = transactions;

/** What of a patient may be asked for, in one list; and the block by which it is. */
export function listingCases(world: GetWorld): void {
  const by = carryingFor(() => world().scenario);
  /** The whole answer, as it came. */
  const answered = async (who: StaffMember, pseudonym: string, purpose: Purpose = 'TREAT'): Promise<string> => {
    const input = { pseudonym, purpose, department: who.department, limit: 100 };
    return JSON.stringify(await by(who, ListPermitted, input));
  };
  const EMPTY = '{"items":[]}';
  const heights = async (who: StaffMember) => {
    await world().scenario.catchUp(who.hospital);
    const { peers } = await who.client.askSigned(memberOperations.AskHeights, {}, who.sign);
    return peers;
  };

  it('is what each may ask for: the own clinician, and elsewhere doctor and nurse of whom the patient has said so, until it is revoked', async () => {
    const { known, recordId } = await PatientCase.granted(world().scenario, world().staff);
    const { clinicianA, cardiologistB, nurseB, neurologistB, clinicianC } = world().staff;
    for (const who of [clinicianA, cardiologistB, nurseB]) expect(await known.list(who)).toEqual([recordId]);
    for (const who of [neurologistB, clinicianC]) expect(await answered(who, known.pseudonym)).toBe(EMPTY);
    expect(await answered(cardiologistB, known.pseudonym, 'PATRQT')).toBe(EMPTY);
    expect((await known.ask(cardiologistB, { recordIds: await known.list(cardiologistB) })).answer.decision).toBe('permit');
    await known.revoke();
    for (const who of [cardiologistB, nurseB]) expect(await answered(who, known.pseudonym)).toBe(EMPTY);
    expect(await known.list(clinicianA)).toEqual([recordId]);
  });

  it('says the same of a record that is forbidden and of one that is not there, and of a patient whom nobody knows', async () => {
    const { known, recordId } = await PatientCase.withRecord(world().scenario, world().staff);
    const { cardiologistB } = world().staff;
    await known.grant([permission({ recordIds: [recordId] })]);
    const before = await answered(cardiologistB, known.pseudonym);
    const hidden = await known.publish(laboratoryReport);
    expect(await answered(cardiologistB, known.pseudonym)).toBe(before);
    expect((await known.ask(cardiologistB, { recordIds: [hidden] })).answer.decision).toBe('deny');
    const organisation = { ...known.cardiology, kind: 'organisation', name: 'all' } as typeof known.cardiology;
    const deny = { provisionId: newId(), effect: 'deny' as const, purposes: 'any' as const, validFrom: fromNow(-60_000) };
    await known.grant([deny], organisation);
    expect(await answered(cardiologistB, known.pseudonym)).toBe(EMPTY);
    expect(await answered(cardiologistB, newId())).toBe(EMPTY);
  });

  it.each(['registrarB', 'recordAdminA'] as const)('is nothing that %s may ask for', async (who) => {
    const { known } = await PatientCase.granted(world().scenario, world().staff);
    expect(await refusalOf(answered(world().staff[who], known.pseudonym))).toBe('NOT_PERMITTED');
  });

  it('is of whoever shows a card at the desk', async () => {
    const { known, recordId } = await PatientCase.granted(world().scenario, world().staff);
    const { cardiologistB, registrarA } = world().staff;
    const issued = newCardId(known.custodian, known.pseudonym);
    const input = { ...issued, pseudonym: known.pseudonym, holderCommitment: 'A'.repeat(43) };
    await known.byStaff(registrarA, transactions.IssueCard, input, 'CardIssued');
    const key = newPrivateKey();
    const { cardId } = issued;
    await known.command(transactions.ActivateCard, { cardId, tokenKeyHash: hashOfKey(publicKeyOf(key)) }, 'CardActivated');
    const { network, genesis } = world().scenario;
    const issuedAt = instantOf(Date.now());
    const desk = { channel: network.channel, genesis, msp: mspIdSchema.parse(cardiologistB.hospital.member.mspId) };
    const shown = { ...desk, cardId: cardIdSchema.parse(cardId), issuedAt, notAfter: addMilliseconds(issuedAt, 60_000) };
    await world().scenario.catchUp(cardiologistB.hospital);
    const { result } = await carry(
      cardiologistB.client,
      VerifyCardToken,
      { token: signCardToken(key, shown) },
      { sign: cardiologistB.sign },
    );
    const items = ListPermitted.response.parse(JSON.parse(await answered(cardiologistB, result.pseudonym))).items;
    expect(items).toMatchObject([{ recordId, pseudonym: known.pseudonym, custodianMspId: known.custodian }]);
  });

  it('is of every hospital that the patient has named to the own one, off the ledger, until they withdraw it', async () => {
    const { known, recordId } = await PatientCase.granted(world().scenario, world().staff);
    const { scenario } = world();
    const { cardiologistB, registrarB, clinicianC } = world().staff;
    const atB = scenario.newPatient(scenario.b);
    const [{ pseudonym }, mspId] = [atB.presentKey, mspIdSchema.parse(scenario.b.member.mspId)];
    await carry(registrarB.client, transactions.RegisterPatient, atB.registration, { sign: registrarB.sign });
    await carry(registrarB.client, transactions.ProposeRelationship, { pseudonym, type: 'care' }, { sign: registrarB.sign });
    await carry(registrarB.client, transactions.AcceptRelationship, { pseudonym, mspId }, { sign: atB.sign });
    atB.roll();
    await scenario.catchUp(scenario.b);
    const say = (act: 'introduce' | 'withdraw', to = mspId) => {
      const keys = [atB.presentKey, known.patient.presentKey];
      const pseudonyms: [typeof pseudonym, typeof pseudonym] = [pseudonym, known.patient.presentKey.pseudonym];
      const { channel } = scenario.network;
      const body = signIntroduction(keys, {
        channel,
        genesis: scenario.genesis,
        mspId: to,
        act,
        pseudonyms,
        issuedAt: instantOf(Date.now()),
      });
      return registrarB.client.api.ask(memberOperations.Introduce, { body });
    };
    const introduced = async ({ client, sign }: StaffMember) =>
      (await client.askSigned(memberOperations.ListIntroduced, { pseudonym }, sign)).introduced.map((each) => each.pseudonym);

    const before = await heights(cardiologistB);
    expect(await introduced(cardiologistB)).toEqual([]);
    expect(await refusalOf(say('introduce', mspIdSchema.parse(known.custodian)))).toBe('PROOF_MISMATCH');
    await say('introduce');
    const [other = ''] = await introduced(cardiologistB);
    expect(other).toBe(known.pseudonym);
    expect(JSON.parse(await answered(cardiologistB, other))).toMatchObject({ items: [{ recordId, custodianMspId: known.custodian }] });
    expect(await introduced(clinicianC)).toEqual([]);
    await say('withdraw');
    expect(await introduced(cardiologistB)).toEqual([]);
    // no member’s ledger has heard of it, and both keys are still the next ones
    expect(await heights(cardiologistB)).toEqual(before);
    await known.revoke();
  });

  it('says as of which block it is and how far others are; and a request waits for that block', async () => {
    const { known, recordId } = await PatientCase.granted(world().scenario, world().staff);
    const { cardiologistB, registrarB } = world().staff;
    const peers = await heights(cardiologistB);
    expect(peers.map(({ mspId }) => mspId)).toContain(world().scenario.a.member.mspId);
    const [own] = peers;
    if (own === undefined || !('newestBlock' in own)) throw new Error('the own peer does not answer');
    expect(own.mspId).toBe(world().scenario.b.member.mspId);
    const seen = new ActingLedger(cardiologistB.client.ledger.since(BigInt(own.newestBlock) + 1n), cardiologistB.sign);
    const asked = { ...newTicketId(cardiologistB), pseudonym: known.pseudonym, recordIds: [recordId], purpose: 'TREAT' as const };
    const request = { ...asked, department: cardiologistB.department, ephemeralPublicKey: publicKeyOf(newPrivateKey()) };
    const waiting = seen.submit(newRequest(RequestAccess, request));
    // whatever comes next is the block that was waited for
    await known.byStaff(world().staff.registrarA, transactions.IssueCard, cardOf(known), 'CardIssued');
    const { result, blockNumber = 0n } = await waiting;
    expect(result.decision).toBe('permit');
    expect(blockNumber > BigInt(own.newestBlock) + 1n).toBe(true);
    expect(await refusalOf(registrarB.client.askSigned(memberOperations.AskHeights, {}, registrarB.sign))).toBe('NOT_PERMITTED');
  });

  const cardOf = ({ custodian, pseudonym }: PatientCase) => ({
    ...newCardId(custodian, pseudonym),
    pseudonym,
    holderCommitment: 'A'.repeat(43),
  });
}
