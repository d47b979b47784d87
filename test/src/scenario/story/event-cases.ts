import { followEvents, memberOperations, type ToldEvent } from '@lianyi/client';
import { PatientCase } from '../patient-case';
import { refusalOf, type StaffMember } from '../scenario';
import { type GetWorld } from './world';

/** Issue 12, part 5: what happens on the ledger is told to the applications of those whom it concerns, once each, in its order. */
export function eventCases(world: GetWorld): void {
  let known: PatientCase;
  let recordId: string;
  let integrationB: StaffMember;

  /** What somebody's application is told of the patient, up to an event. */
  const heard = async (who: StaffMember, until: string): Promise<readonly ToldEvent[]> => {
    const [told, stop]: [ToldEvent[], AbortController] = [[], new AbortController()];
    const take = (event: ToldEvent): void => {
      if (event.event['pseudonym'] === known.pseudonym) told.push(event);
      if (told.at(-1)?.event.name === until) stop.abort();
    };
    await followEvents({ node: who.client, sign: who.sign }, { after: () => undefined, take }, { signal: stop.signal });
    return told;
  };

  beforeAll(async () => {
    const { scenario, staff } = world();
    ({ known, recordId } = await PatientCase.granted(scenario, staff));
    await known.ask(staff.nurseB, { recordIds: [recordId] });
    const ticket = await known.ask(staff.cardiologistB, { recordIds: [recordId] });
    await known.read(staff.cardiologistB, ticket, recordId);
    await known.revoke();
    integrationB = await scenario.hire(scenario.b, 'recordAdmin');
  });

  it('tell the patient’s hospital all that the patient’s audit says, in its order', async () => {
    const told = await heard(world().staff.recordAdminA, 'PolicyRevoked');
    expect(told.map(({ transactionId, event, actor }) => ({ txId: transactionId, event: event.name, actor }))).toEqual(
      known.truth.map(({ txId, event, actor }) => ({ txId, event, actor })),
    );
    expect(new Set(told.map(({ cursor }) => cursor)).size).toBe(told.length);
  });

  it('tell the asker’s hospital what it was given, asked and got, and nothing else of the patient', async () => {
    const told = await heard(integrationB, 'PolicyRevoked');
    const named = ['PolicyGranted', 'AccessDenied', 'AccessPermitted', 'KeyReleased', 'PolicyRevoked'];
    expect([...new Set(told.map(({ event }) => event.name))].filter((name) => !named.includes(name))).toEqual([]);
    expect(told.map(({ event }) => event.name)).toEqual(expect.arrayContaining(['PolicyGranted', 'AccessPermitted', 'KeyReleased']));
  });

  it('tell a hospital that has nothing to do with it nothing', async () => {
    const { scenario } = world();
    const integrationC = await scenario.hire(scenario.c, 'recordAdmin');
    await scenario.catchUp(scenario.c);
    const told: ToldEvent[] = [];
    for (let page: readonly ToldEvent[] | undefined; page === undefined || page.length > 0; told.push(...page)) {
      const [after] = told.slice(-1).map(({ cursor }) => cursor);
      const question = after === undefined ? {} : { after };
      page = (await integrationC.client.askSigned(memberOperations.FollowEvents, question, integrationC.sign)).events;
    }
    expect(told.filter(({ event }) => event['pseudonym'] === known.pseudonym)).toEqual([]);
  });

  it('tell nothing to who reads records, and none to another hospital’s application', async () => {
    const { staff } = world();
    const ask = ({ sign }: StaffMember, node: StaffMember): Promise<unknown> =>
      node.client.askSigned(memberOperations.FollowEvents, {}, sign);
    expect(await refusalOf(ask(staff.clinicianA, staff.clinicianA))).toBe('NOT_PERMITTED');
    expect(await refusalOf(ask(staff.registrarA, staff.registrarA))).toBe('NOT_PERMITTED');
    expect(await refusalOf(ask(integrationB, staff.recordAdminA))).toBe('PROOF_MISMATCH');
  });
}
