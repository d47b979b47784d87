import { writeFileSync } from 'node:fs';
import { addPatient } from '@lianyi/workbench';
import { laboratoryReport } from '../patient-case';
import { newId } from '../scenario';
import { lostWallets } from './lost-wallets';
import { type GetWorld } from './world';

interface ToldNote {
  readonly note: string;
  readonly pseudonym: string;
  readonly event: string;
  readonly answers: readonly string[];
}
interface Told {
  readonly notes: readonly ToldNote[];
  readonly unheard: readonly unknown[];
  readonly unwitnessed: readonly string[];
}

/** Feature 20: what happens to a patient reaches their wallet, and waits there for an answer, also after the wallet was lost. */
export function inboxCases(world: GetWorld): void {
  const { run, newMachine, knownAtTwo, recover, wipe, nextName } = lostWallets(world);
  const inbox = async (profile: string, ...argv: readonly string[]): Promise<Told> => {
    await Promise.all(world().scenario.hospitals.map((hospital) => world().scenario.catchUp(hospital)));
    return (await run(profile, 'wallet', 'inbox', ...argv)) as Told;
  };
  /** The pseudonym of who has come back to B, registered and proposed to, and not answered. */
  const proposedAtB = async (profile: string): Promise<string> => {
    const { scenario, staff } = world();
    const { mspId } = scenario.b.member;
    const made = (await run(profile, 'wallet', 'pseudonym', '--hospital', mspId)) as {
      readonly [Name in 'pseudonym' | 'nonce' | 'nextKeyHash']: string;
    };
    const flags = ['--pseudonym', made.pseudonym, '--nonce', made.nonce, '--next-key-hash', made.nextKeyHash];
    await scenario.acts.act(staff.registrarB.profile, 'patient', 'register', ...flags);
    await scenario.acts.act(staff.registrarB.profile, 'relationship', 'propose', '--pseudonym', made.pseudonym);
    return made.pseudonym;
  };
  const pendingOf = ({ notes }: Told): readonly (readonly string[])[] =>
    notes.filter(({ answers }) => answers.length > 0).map(({ event, pseudonym }) => [event, pseudonym]);

  it('leaves and comes back several times: from an empty machine and the phrase, with what waits for an answer', async () => {
    const { scenario, staff } = world();
    const lost = await knownAtTwo();
    await scenario.acts.act(lost.profile, 'relationship', 'terminate', '--pseudonym', lost.atB);
    const before = await inbox(lost.profile, 'read');
    expect(before.unheard).toEqual([]);
    expect(before.notes.map(({ event }) => event)).toEqual(expect.arrayContaining(['PatientRegistered', 'RelationshipProposed']));
    expect((await inbox(lost.profile)).notes).toEqual([]);
    // back to B under a new pseudonym; then the machine is lost before its answer
    const again = await proposedAtB(lost.profile);
    wipe(lost.walletFile);
    const first = await newMachine(scenario.c);
    await scenario.catchUp(scenario.c);
    expect((await recover(first.profile, lost.phraseFile)).recovered.map(({ pseudonym, state }) => [pseudonym, state])).toEqual([
      [lost.atA, 'active'],
      [lost.atB, 'terminated'],
      [again, 'proposed'],
    ]);
    const told = await inbox(first.profile);
    expect(pendingOf(told)).toEqual([['RelationshipProposed', again]]);
    // lost once more, and answered on the third machine
    wipe(first.walletFile);
    const second = await newMachine(scenario.a);
    await recover(second.profile, lost.phraseFile);
    const [waiting] = (await inbox(second.profile)).notes.filter(({ answers }) => answers.length > 0);
    expect(waiting?.note).toBe(told.notes.find(({ answers }) => answers.length > 0)?.note);
    expect(await scenario.acts.attempt(second.profile, 'wallet', 'inbox', 'accept', '0'.repeat(12))).toBe('NOT_FOUND');
    await scenario.acts.act(second.profile, 'wallet', 'inbox', 'accept', waiting?.note ?? '');
    expect(pendingOf(await inbox(second.profile))).toEqual([]);
    expect(await scenario.acts.attempt(second.profile, 'wallet', 'inbox', 'reject', waiting?.note ?? '')).toBe('NOT_FOUND');
    await scenario.acts.act(staff.registrarB.profile, 'card', 'issue', '--pseudonym', again);
    await inbox(second.profile, 'read');
    const third = await newMachine(scenario.b);
    const back = await recover(third.profile, lost.phraseFile);
    expect(back.lost).toEqual([]);
    expect(back.recovered.map(({ state }) => state)).toEqual(['active', 'terminated', 'active']);
  });

  it('tells of a new record, of who asked to read, permitted or denied, and of each release, through any member’s node', async () => {
    const { scenario, staff } = world();
    const { profile, atA, atB } = await knownAtTwo();
    await inbox(profile, 'read');
    const file = scenario.consortium.data.file(`report-${newId()}.json`);
    writeFileSync(file, laboratoryReport);
    const published = await scenario.acts.publish(staff.labA.profile, file, atA);
    await scenario.acts.request(staff.clinicianC.profile, { pseudonym: atA, recordIds: [published.recordId], purpose: 'TREAT' });
    for (const through of [[], ['--through', staff.clinicianC.profile]]) {
      const { notes, unwitnessed } = await inbox(profile, ...through);
      expect(notes.map(({ event, pseudonym }) => [event, pseudonym])).toEqual([
        ['RecordAnchored', atA],
        ['AccessDenied', atA],
      ]);
      // the profile names no witness
      expect(unwitnessed).toEqual([atA, atB]);
    }
  });

  it('rejects a proposal, which then binds nobody', async () => {
    const { scenario, staff } = world();
    const profile = nextName('rejects');
    const { pseudonym, nonce, nextKeyHash } = await addPatient(scenario.consortium.context, scenario.a, profile);
    const flags = ['--pseudonym', pseudonym, '--nonce', nonce, '--next-key-hash', nextKeyHash];
    await scenario.acts.act(staff.registrarA.profile, 'patient', 'register', ...flags);
    await scenario.acts.act(staff.registrarA.profile, 'relationship', 'propose', '--pseudonym', pseudonym);
    const [note] = (await inbox(profile)).notes.filter(({ answers }) => answers.length > 0);
    await scenario.acts.act(profile, 'wallet', 'inbox', 'reject', note?.note ?? '');
    expect(await scenario.acts.attempt(profile, 'relationship', 'accept')).toBe('ILLEGAL_STATE');
  });
}
