import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { functionKeyIdSchema, mspIdSchema, newRequest, transactions } from '@lianyi/domain';
import { carry } from '../carry';
import { newId, refusalOf, type StaffMember } from '../scenario';
import { type GetWorld } from './world';

const keySchema = z.object({ result: z.object({ keyId: z.string(), state: z.string() }) });
const doneSchema = z.object({ result: z.object({ done: z.string() }) });
const shownSchema = z.object({ result: z.object({ key: z.object({ state: z.string() }) }) });
const foundSchema = z.object({
  result: z.object({ found: z.array(z.object({ mspId: z.string(), caseId: z.string(), isNew: z.boolean() })) }),
});

/** Feature 5: a key that hospitals hold together outlives who joins and who leaves. */
export function reshareCases(world: GetWorld): void {
  const run = <Result>(profile: string, args: readonly string[], schema: z.ZodType<Result>): Promise<Result> =>
    world().scenario.consortium.commands.must(profile, args, schema);
  const attempt = (profile: string, ...args: readonly string[]): Promise<string | undefined> =>
    world().scenario.acts.attempt(profile, ...args);
  const caughtUp = async <Result>({ hospital }: StaffMember, work: () => Promise<Result>): Promise<Result> => {
    await world().scenario.catchUp(hospital);
    return work();
  };
  const staffA = (): StaffMember => world().staff.registrarA;
  /** Each takes part in turn; what each has done. */
  const takePart = async (keyId: string, who: readonly StaffMember[]): Promise<readonly string[]> => {
    const done: string[] = [];
    for (const each of who)
      done.push(await caughtUp(each, async () => (await run(each.profile, ['function-key', 'take-part', keyId], doneSchema)).result.done));
    return done;
  };
  const stateOf = async (who: StaffMember, keyId: string): Promise<string> =>
    caughtUp(who, async () => (await run(who.profile, ['function-key', 'show', keyId], shownSchema)).result.key.state);

  it('goes on with other holders as the same key: what was found stays found, a new member finds, and nobody answers as before', async () => {
    const { scenario, staff } = world();
    const { a, b, c } = scenario;
    const [adminA, adminB, adminC] = await Promise.all([a, b, c].map((hospital) => scenario.hire(hospital, 'orgAdmin')));
    if (adminA === undefined || adminB === undefined || adminC === undefined) throw new Error('three hospitals');
    const [mspA, mspB, mspC] = [a, b, c].map(({ member }) => member.mspId);
    const value = `I-${newId()}`;
    const file = scenario.consortium.data.file(`reshared-${newId()}.txt`);
    writeFileSync(file, `${value}\n`, { mode: 0o600 });
    const named = ['--system', 'insurance', '--value-file', file];
    const known = async (registrar: StaffMember): Promise<void> => {
      const { pseudonym, registration } = scenario.newPatient(registrar.hospital);
      await carry(registrar.client, transactions.RegisterPatient, registration, { sign: registrar.sign });
      await scenario.acts.act(registrar.profile, 'identifier', 'link', ...named, '--pseudonym', pseudonym);
    };
    const look = (registrar: StaffMember) =>
      caughtUp(registrar, async () => (await run(registrar.profile, ['identifier', 'duplicates', ...named], foundSchema)).result.found);

    const open = ['function-key', 'open', '--holders', `${mspA},${mspB}`, '--threshold', '2'];
    const former = (await run(adminA.profile, open, keySchema)).result.keyId;
    await takePart(former, [adminA, adminB, adminA, adminB]);
    const { registrarA, registrarB } = staff;
    for (const registrar of [registrarA, registrarB]) await known(registrar);
    await look(registrarB);
    const [before] = await look(registrarA);
    expect(before).toMatchObject({ mspId: mspB, isNew: true });

    const anew = ['--dealers', `${mspA},${mspB}`, '--holders', `${mspA},${mspB},${mspC}`, '--threshold', '2'];
    await scenario.catchUp(a);
    expect(await attempt(registrarA.profile, 'function-key', 'reshare', former, ...anew)).toBe('NOT_PERMITTED');
    const keyId = (await run(adminA.profile, ['function-key', 'reshare', former, ...anew], keySchema)).result.keyId;
    expect(await takePart(keyId, [adminA, adminB])).toEqual(['dealt', 'dealt']);
    expect(await takePart(keyId, [adminA, adminC])).toEqual(['accepted', 'accepted']);
    expect(await stateOf(adminB, former)).toBe('ready');
    expect(await takePart(keyId, [adminB])).toEqual(['accepted']);
    expect([await stateOf(adminA, former), await stateOf(adminA, keyId)]).toEqual(['superseded', 'ready']);
    expect(await attempt(adminC.profile, 'function-key', 'take-part', former)).toBe('NOT_PERMITTED');
    expect(await attempt(adminA.profile, 'function-key', 'reshare', former, ...anew)).toBe('ILLEGAL_STATE');

    // the tags that the number had are those that it has
    expect(await look(registrarA)).toEqual([{ ...before, isNew: false }]);
    const registrarC = await scenario.hire(c, 'registrar');
    await scenario.catchUp(c);
    await known(registrarC);
    expect((await look(registrarC)).map(({ mspId }) => mspId)).toEqual([mspA]);
  });

  it('is never used once a holder was dealt something wrong: it says by whom, and its answer stands', async () => {
    const { a, c } = world().scenario;
    const [adminA, adminC, keyServiceC] = await Promise.all([
      world().scenario.hire(a, 'orgAdmin'),
      world().scenario.hire(c, 'orgAdmin'),
      world().scenario.hire(c, 'keyService'),
    ]);
    const [mspA, mspC] = [a, c].map(({ member }) => member.mspId);
    const open = ['function-key', 'open', '--holders', `${mspA},${mspC}`, '--threshold', '2'];
    const keyId = functionKeyIdSchema.parse((await run(adminA.profile, open, keySchema)).result.keyId);
    expect(await takePart(keyId, [adminA])).toEqual(['dealt']);
    const ledger = await world().scenario.ledger(a);
    // C repeats what A has dealt: it does not know what that hides
    const [dealtByA] = (await ledger.evaluate(newRequest(transactions.GetFunctionKey, { keyId }))).deals;
    if (dealtByA === undefined) throw new Error('A has dealt');
    const { commitments, possession, shares } = dealtByA;
    await world().scenario.catchUp(c);
    const { client, sign } = keyServiceC;
    await carry(client, transactions.DealFunctionShares, { keyId, commitments, possession, shares }, { sign });

    const complaint = { keyId, dealerMspId: mspIdSchema.parse(mspC) };
    const byRegistrar = carry(staffA().client, transactions.ComplainOfShare, complaint, { sign: staffA().sign });
    expect(await refusalOf(byRegistrar)).toBe('NOT_PERMITTED');
    expect(await takePart(keyId, [adminA])).toEqual(['complained']);
    expect(await stateOf(adminA, keyId)).toBe('failed');
    await world().scenario.catchUp(c);
    const inReturn = carry(client, transactions.ComplainOfShare, { keyId, dealerMspId: mspIdSchema.parse(mspA) }, { sign });
    expect(await refusalOf(inReturn)).toBe('ILLEGAL_STATE');
    // C's node finds a deal in its own name that it has not made
    expect(await attempt(adminC.profile, 'function-key', 'take-part', keyId)).toBe('SHARE_WRONG');
  });
}
