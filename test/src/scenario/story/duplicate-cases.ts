import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { transactions } from '@lianyi/domain';
import { carry } from '../carry';
import { type Patient } from '../patient';
import { PatientCase } from '../patient-case';
import { newId, type StaffMember } from '../scenario';
import { type GetWorld } from './world';

const keySchema = z.object({ result: z.object({ keyId: z.string(), state: z.string() }) });
const takenSchema = z.object({ result: z.object({ state: z.string(), done: z.string() }) });
const foundSchema = z.object({
  result: z.object({
    evaluations: z.number(),
    found: z.array(z.object({ mspId: z.string(), caseId: z.string(), state: z.string(), isNew: z.boolean() })),
    silent: z.array(z.object({ mspId: z.string(), code: z.string() })),
  }),
});
const shownSchema = z.object({
  result: z.object({
    state: z.string(),
    otherMspId: z.string(),
    found: z.object({ system: z.string(), pseudonym: z.string(), otherPseudonym: z.string().optional() }).optional(),
  }),
});
const viewSchema = z.object({
  result: z.object({ merged: z.array(z.object({ mspId: z.string(), pseudonym: z.string(), caseId: z.string() })) }),
});

/** Feature 5: one person whom two hospitals know, found without anybody holding an oracle; merged and parted by two. */
export function duplicateCases(world: GetWorld): void {
  const run = <Result>(profile: string, args: readonly string[], schema: z.ZodType<Result>): Promise<Result> =>
    world().scenario.consortium.commands.must(profile, args, schema);
  const attempt = (profile: string, ...args: readonly string[]): Promise<string | undefined> =>
    world().scenario.acts.attempt(profile, ...args);

  /** The key that the three hospitals hold together, any two of whom evaluate. */
  let holders: readonly StaffMember[] = [];
  let keyId = '';
  const step = (who: StaffMember): Promise<z.output<typeof takenSchema>> =>
    run(who.profile, ['function-key', 'take-part', keyId], takenSchema);
  /** Whose turn it is, asked of an own peer that has every block so far. */
  const everybody = async (): Promise<readonly string[]> => {
    const done: string[] = [];
    for (const who of holders) {
      await world().scenario.catchUp(who.hospital);
      done.push((await step(who)).result.done);
    }
    return done;
  };

  let files = 0;
  const numberFile = (value: string): string => {
    files += 1;
    const file = world().scenario.consortium.data.file(`shared-number-${files}.txt`);
    writeFileSync(file, `${value}\n`, { mode: 0o600 });
    return file;
  };
  const named = (value: string): readonly string[] => ['--system', 'insurance', '--value-file', numberFile(value)];
  /** A patient of a registrar's hospital, known there by a number. */
  const known = async (registrar: StaffMember, value: string): Promise<Patient> => {
    const patient = world().scenario.newPatient(registrar.hospital);
    await carry(registrar.client, transactions.RegisterPatient, patient.registration, { sign: registrar.sign });
    await world().scenario.acts.act(registrar.profile, 'identifier', 'link', ...named(value), '--pseudonym', patient.pseudonym);
    return patient;
  };
  const look = async (registrar: StaffMember, value: string): Promise<z.output<typeof foundSchema>['result']> => {
    await world().scenario.catchUp(registrar.hospital);
    return (await run(registrar.profile, ['identifier', 'duplicates', ...named(value)], foundSchema)).result;
  };
  const show = async (registrar: StaffMember, caseId: string): Promise<z.output<typeof shownSchema>['result']> => {
    await world().scenario.catchUp(registrar.hospital);
    return (await run(registrar.profile, ['duplicate', 'show', caseId], shownSchema)).result;
  };
  const view = async (registrar: StaffMember, { pseudonym }: Patient): Promise<z.output<typeof viewSchema>['result']['merged']> => {
    await world().scenario.catchUp(registrar.hospital);
    return (await run(registrar.profile, ['duplicate', 'view', '--pseudonym', pseudonym], viewSchema)).result.merged;
  };
  const act = async (registrar: StaffMember, verb: string, caseId: string): Promise<void> => {
    await world().scenario.catchUp(registrar.hospital);
    await world().scenario.acts.act(registrar.profile, 'duplicate', verb, caseId);
  };

  it('a key is dealt by the three hospitals, each of which checks what it was given, and nobody ever has it', async () => {
    const { a, b, c } = world().scenario;
    holders = await Promise.all([a, b, c].map((hospital) => world().scenario.hire(hospital, 'orgAdmin')));
    const [first] = holders;
    const mspIds = [a, b, c].map(({ member }) => member.mspId).join(',');
    const opened = await run(first?.profile ?? '', ['function-key', 'open', '--holders', mspIds, '--threshold', '2'], keySchema);
    keyId = opened.result.keyId;
    expect(opened.result.state).toBe('dealing');
    expect(await everybody()).toEqual(['dealt', 'dealt', 'dealt']);
    expect(await everybody()).toEqual(['accepted', 'accepted', 'accepted']);
    expect(await everybody()).toEqual(['nothing', 'nothing', 'nothing']);
    const shown = await run(
      world().staff.registrarA.profile,
      ['function-key', 'show', keyId],
      z.object({ result: z.object({ key: z.object({ state: z.string() }) }) }),
    );
    expect(shown.result.key.state).toBe('ready');
    expect(await attempt(world().staff.registrarA.profile, 'function-key', 'take-part', keyId)).toBe('NOT_PERMITTED');
  });

  it('a number that nobody else knows finds nobody, each look is counted, and a hospital’s own numbers are not compared', async () => {
    const { registrarA } = world().staff;
    const value = `I-${newId()}`;
    expect(await attempt(registrarA.profile, 'identifier', 'duplicates', ...named(value))).toBe('NOT_FOUND');
    await known(registrarA, value);
    const first = await look(registrarA, value);
    expect(first).toMatchObject({ found: [], silent: [] });
    expect(await look(registrarA, value)).toMatchObject({ evaluations: first.evaluations + 1, found: [] });
    expect(await attempt(registrarA.profile, 'identifier', 'duplicates', '--system', 'mrn', '--value-file', numberFile(value))).toBe(
      'IDENTIFIER_INVALID',
    );
    expect(await attempt(world().staff.clinicianA.profile, 'identifier', 'duplicates', ...named(value))).toBe('NOT_PERMITTED');
  });

  it('a number that two hospitals know opens one case, of which a third learns no pseudonym', async () => {
    const { registrarA, registrarB } = world().staff;
    const value = `I-${newId()}`;
    const [atA, atB] = [await known(registrarA, value), await known(registrarB, value)];
    // B has looked before A was there to be found; now A finds B, which has its tags
    expect(await look(registrarB, value)).toMatchObject({ found: [] });
    const { found } = await look(registrarA, value);
    expect(found).toMatchObject([{ mspId: registrarB.hospital.member.mspId, state: 'open', isNew: true }]);
    const caseId = found[0]?.caseId ?? '';
    expect((await look(registrarA, value)).found).toMatchObject([{ caseId, isNew: false }]);
    expect((await look(registrarB, value)).found).toMatchObject([{ caseId, isNew: false }]);

    expect((await show(registrarB, caseId)).found).toEqual({
      system: 'insurance',
      pseudonym: atB.pseudonym,
      otherPseudonym: atA.pseudonym,
    });
    expect((await show(registrarA, caseId)).found).toEqual({ system: 'insurance', pseudonym: atA.pseudonym });
    const registrarC = await world().scenario.hire(world().scenario.c, 'registrar');
    await world().scenario.catchUp(world().scenario.c);
    expect(await attempt(registrarC.profile, 'duplicate', 'show', caseId)).toBe('NOT_PERMITTED');
    expect(await attempt(registrarC.profile, 'duplicate', 'merge', caseId)).toBe('NOT_PERMITTED');
  });

  it('two hospitals merge and part again; only their own views change, and they come back exactly as they were', async () => {
    const { registrarA, registrarB } = world().staff;
    const value = `I-${newId()}`;
    const [atA, atB] = [await known(registrarA, value), await known(registrarB, value)];
    await look(registrarB, value);
    const caseId = (await look(registrarA, value)).found[0]?.caseId ?? '';
    const before = [await view(registrarA, atA), await view(registrarB, atB)];
    expect(before).toEqual([[], []]);

    expect(await attempt(registrarA.profile, 'duplicate', 'merge', caseId)).toBe('NOT_PERMITTED');
    expect(await attempt(registrarA.profile, 'duplicate', 'confirm', caseId)).toBe('ILLEGAL_STATE');
    await act(registrarB, 'merge', caseId);
    expect(await attempt(registrarB.profile, 'duplicate', 'confirm', caseId)).toBe('NOT_PERMITTED');
    expect([await view(registrarA, atA), await view(registrarB, atB)]).toEqual(before);
    await act(registrarA, 'confirm', caseId);
    expect(await view(registrarA, atA)).toEqual([{ mspId: registrarB.hospital.member.mspId, pseudonym: atB.pseudonym, caseId }]);
    expect(await view(registrarB, atB)).toEqual([{ mspId: registrarA.hospital.member.mspId, pseudonym: atA.pseudonym, caseId }]);

    await act(registrarA, 'unmerge', caseId);
    expect(await attempt(registrarA.profile, 'duplicate', 'confirm-unmerge', caseId)).toBe('NOT_PERMITTED');
    await act(registrarB, 'confirm-unmerge', caseId);
    expect([await view(registrarA, atA), await view(registrarB, atB)]).toEqual(before);
    expect(await attempt(registrarB.profile, 'duplicate', 'merge', caseId)).toBe('ILLEGAL_STATE');
  });

  it('a merge gives nobody a right to read: who was denied is denied for the same reasons', async () => {
    const { registrarA, registrarB, cardiologistB } = world().staff;
    const value = `I-${newId()}`;
    const { known: atA, recordId } = await PatientCase.withRecord(world().scenario, world().staff);
    await world().scenario.acts.act(registrarA.profile, 'identifier', 'link', ...named(value), '--pseudonym', atA.pseudonym);
    await known(registrarB, value);
    const asks = async (): Promise<unknown> => {
      await world().scenario.catchUp(cardiologistB.hospital);
      const { decision, ...answer } = (await atA.ask(cardiologistB, { recordIds: [recordId] })).answer;
      return { decision, reasons: 'reasons' in answer ? answer.reasons : [] };
    };
    const before = await asks();
    expect(before).toMatchObject({ decision: 'deny' });
    await look(registrarB, value);
    const caseId = (await look(registrarA, value)).found[0]?.caseId ?? '';
    await act(registrarB, 'merge', caseId);
    await act(registrarA, 'confirm', caseId);
    expect(await asks()).toEqual(before);
  });

  it('two persons who share a number by mistake stay two once a registrar of either hospital says so', async () => {
    const { registrarA, registrarB } = world().staff;
    const { scenario } = world();
    const value = `I-${newId()}`;
    const [atA] = [await known(registrarA, value), await known(registrarB, value)];
    await look(registrarB, value);
    const caseId = (await look(registrarA, value)).found[0]?.caseId ?? '';
    const registrarC = await scenario.hire(scenario.c, 'registrar');
    await scenario.catchUp(scenario.c);
    expect(await attempt(registrarC.profile, 'duplicate', 'dismiss', caseId)).toBe('NOT_PERMITTED');
    expect(await attempt(world().staff.clinicianA.profile, 'duplicate', 'dismiss', caseId)).toBe('NOT_PERMITTED');
    await act(registrarA, 'dismiss', caseId);
    expect((await show(registrarB, caseId)).state).toBe('dismissed');
    expect(await attempt(registrarB.profile, 'duplicate', 'merge', caseId)).toBe('ILLEGAL_STATE');
    expect(await view(registrarA, atA)).toEqual([]);
  });

  it('an unlinked number is found by nobody any more, and its cases say nothing', async () => {
    const { registrarA, registrarB } = world().staff;
    const value = `I-${newId()}`;
    await known(registrarA, value);
    await known(registrarB, value);
    await look(registrarB, value);
    const caseId = (await look(registrarA, value)).found[0]?.caseId ?? '';
    await world().scenario.acts.act(registrarB.profile, 'identifier', 'unlink', ...named(value));
    expect((await look(registrarA, value)).found).toEqual([]);
    expect((await show(registrarB, caseId)).found).toBeUndefined();
    expect(await attempt(registrarB.profile, 'duplicate', 'merge', caseId)).toBe('NOT_FOUND');
  });
}
