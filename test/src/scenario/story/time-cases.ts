import { newPrivateKey, publicKeyOf, signStaffRequest } from '@lianyi/client';
import { loadKeyFile } from '@lianyi/client/node';
import { actorTagSchema, instantOf, mspIdSchema, type StaffProof, transactions } from '@lianyi/domain';
import { fromNow, PatientCase, permission } from '../patient-case';
import { submitAt } from '../proposal-at';
import { refusalOf, type StaffMember } from '../scenario';
import { type GetWorld } from './world';
import { waitUntil } from '../../wait-until';
import { newTicketId } from '../owned-ids';

const { GetDecision, RequestAccess } = transactions;
const HALF_HOUR = 1_800_000;

/** Features 55 and 56: rights begin and end at their instants, whatever a client says the time is. */
export function timeCases(world: GetWorld): void {
  const granted = (twist: Parameters<typeof permission>[0]) => PatientCase.granted(world().scenario, world().staff, twist);

  /** Signed as if it were `atMillis`, proposed as if it were `atMillis`; carried by B's own node identity. */
  async function askAt(known: PatientCase, recordId: string, atMillis: number): Promise<{ outcome: string; ticketId: string }> {
    const { scenario, staff } = world();
    const who = staff.cardiologistB;
    await scenario.catchUp(scenario.b);
    const ticket = newTicketId(who);
    const { ticketId } = ticket;
    const input = {
      ...{ ...ticket, pseudonym: known.pseudonym, recordIds: [recordId], purpose: 'TREAT' as const },
      ...{ department: who.department, ephemeralPublicKey: publicKeyOf(newPrivateKey()) },
    };
    const proof = await signedAt(who, input, atMillis);
    const session = await scenario.session(scenario.b);
    return { ticketId, outcome: await submitAt(session, scenario.network, { entry: RequestAccess, input, proof, atMillis }) };
  }

  async function signedAt({ hospital, actorTag, profile }: StaffMember, input: unknown, atMillis: number): Promise<StaffProof> {
    const { scenario } = world();
    const signer = {
      network: scenario.network,
      mspId: mspIdSchema.parse(hospital.member.mspId),
      actorTag: actorTagSchema.parse(actorTag),
      privateKey: await loadKeyFile(scenario.consortium.data.key(profile)),
    };
    return signStaffRequest(signer, { transaction: RequestAccess, input }, instantOf(atMillis));
  }

  it('permits one millisecond before the end of a grant and denies at its end', async () => {
    const end = Date.now() + 20_000;
    const { known, recordId } = await granted({ validUntil: instantOf(end) });
    const before = await askAt(known, recordId, end - 1);
    const at = await askAt(known, recordId, end);
    expect([before.outcome, at.outcome]).toEqual(['committed', 'committed']);
    expect(await known.see(GetDecision, { ticketId: before.ticketId })).toMatchObject({
      decision: 'permit',
      requestedAt: instantOf(end - 1),
      expiresAt: instantOf(end),
    });
    expect(await known.see(GetDecision, { ticketId: at.ticketId })).toMatchObject({
      decision: 'deny',
      requestedAt: instantOf(end),
      reasons: ['EXPIRED'],
    });
  });

  it('denies one millisecond before the beginning of a grant and permits at its beginning', async () => {
    const start = Date.now() + 20_000;
    const { known, recordId } = await granted({ validFrom: instantOf(start) });
    const before = await askAt(known, recordId, start - 1);
    const at = await askAt(known, recordId, start);
    expect(await known.see(GetDecision, { ticketId: before.ticketId })).toMatchObject({ decision: 'deny', reasons: ['NOT_YET_VALID'] });
    expect(await known.see(GetDecision, { ticketId: at.ticketId })).toMatchObject({ decision: 'permit' });
  });

  it.each([-600_000, -180_000, 180_000, 600_000])('refuses a proposal %d ms beside the clock, and commits nothing', async (skew) => {
    const { known, recordId } = await granted({ validFrom: fromNow(-HALF_HOUR), validUntil: fromNow(HALF_HOUR) });
    const { outcome, ticketId } = await askAt(known, recordId, Date.now() + skew);
    expect(outcome).toBe('TIME_SKEW');
    expect(await refusalOf(known.see(GetDecision, { ticketId }))).toBe('NOT_FOUND');
  });

  it('does not let a back-dated proposal revive a grant that has ended', async () => {
    const { known, recordId } = await granted({ validFrom: fromNow(-HALF_HOUR), validUntil: fromNow(-180_000) });
    const now = await known.ask(world().staff.cardiologistB, { recordIds: [recordId] });
    expect(now.answer).toMatchObject({ decision: 'deny', reasons: ['EXPIRED'] });
    expect((await askAt(known, recordId, Date.now() - 200_000)).outcome).toBe('TIME_SKEW');
  });

  it('ends a ticket with the grant it rests on, and then releases no key for it', async () => {
    const { known, recordId } = await PatientCase.withRecord(world().scenario, world().staff);
    const end = Date.now() + 8_000;
    await known.grant([permission({ validUntil: instantOf(end) })]);
    const { cardiologistB } = world().staff;
    const ticket = await known.ask(cardiologistB, { recordIds: [recordId] });
    expect(ticket.answer).toMatchObject({ decision: 'permit', expiresAt: instantOf(end) });
    await waitUntil('the grant has ended', () => Date.now() > end);
    expect(await refusalOf(known.read(cardiologistB, ticket, recordId))).toBe('TICKET_CLOSED');
    expect((await known.ask(cardiologistB, { recordIds: [recordId] })).answer).toMatchObject({ decision: 'deny', reasons: ['EXPIRED'] });
    expect((await known.audit()).map(({ event }) => event)).not.toContain('KeyReleased');
  });
}
