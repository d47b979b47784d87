import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addPatient } from '@lianyi/workbench';
import { z } from 'zod';
import { comesOfAgeAt, sha256 } from '@lianyi/domain';
import { scratchDirectory } from '../../support/scratch-directory';
import { newId, type StaffMember } from '../scenario';
import { type GetWorld } from './world';

const anything = z.unknown();
const errorSchema = z.object({ error: z.object({ code: z.string() }) });
const registeredSchema = z.object({ pseudonym: z.string(), receipt: z.string() });
const checkSchema = z.object({ check: z.string(), isSent: z.literal(false) });
const offerSchema = z.object({ delegationId: z.string(), nonce: z.string(), nextKeyHash: z.string() });
const shownSchema = z.object({ result: z.object({ state: z.string(), basis: z.string(), validUntil: z.string() }) });
const auditSchema = z.object({
  result: z.object({
    items: z.array(z.object({ event: z.string(), actor: z.object({ kind: z.string(), actorTags: z.array(z.string()).optional() }) })),
  }),
});

/** Features 6 and 60, on the command line: a patient without a device, and a minor. */
export function assistedCases(world: GetWorld): void {
  let hired: Promise<{ readonly nurse: StaffMember; readonly second: StaffMember }> | undefined;
  const staff = async () => {
    const { scenario } = world();
    hired ??= (async () => ({
      nurse: await scenario.hire(scenario.a, 'nurse', 'internal'),
      second: await scenario.hire(scenario.a, 'registrar'),
    }))();
    return { registrar: world().staff.registrarA, ...(await hired) };
  };
  const run = (who: string, args: readonly string[]) => world().scenario.consortium.commands.run(who, args);
  const must = <Schema extends z.ZodType>(who: string, args: readonly string[], schema: Schema) =>
    world().scenario.consortium.commands.must(who, args, schema);
  const refusalCode = ({ json }: { readonly json: unknown }): string | undefined => errorSchema.safeParse(json).data?.error.code;
  const refused = async (who: string, args: readonly string[]): Promise<string | undefined> => refusalCode(await run(who, args));
  const place = (name: string): string => join(scratchDirectory(), name);
  const written = (name: string, content: unknown): string => {
    const file = place(name);
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  };

  async function registered(): Promise<{ readonly pseudonym: string; readonly receipt: string }> {
    const { registrar } = await staff();
    const made = await must(registrar.profile, ['assist', 'register', '--receipt', place('receipt.txt')], registeredSchema);
    const code = codeOf(made.receipt);
    world().secrets.push(code, code.replaceAll('-', ''));
    await must(registrar.profile, ['relationship', 'propose', '--pseudonym', made.pseudonym], anything);
    return made;
  }
  /** Signed by the registrar, then by whoever sends. */
  async function act(transaction: string, pseudonym: string, input: unknown, by?: StaffMember): Promise<string | undefined> {
    const { registrar, nurse } = await staff();
    const other = by ?? nurse;
    const out = place('assisted.json');
    const named = ['--pseudonym', pseudonym, '--input', written('input.json', input), '--with', other.actorTag, '--out', out];
    const signed = await run(registrar.profile, ['assist', 'sign', transaction, ...named]);
    if (signed.exitCode !== 0) return refusalCode(signed);
    const shown = await must(
      other.profile,
      ['assist', 'send', out],
      z.looseObject({ input: z.unknown(), check: z.string(), isSent: z.literal(false) }),
    );
    expect(shown).toMatchObject({ pseudonym, transaction, input });
    // another file than was shown is not signed
    expect((await run(other.profile, ['assist', 'send', out, '--yes', '0'.repeat(24)])).exitCode).not.toBe(0);
    return refused(other.profile, ['assist', 'send', out, '--yes', shown.check]);
  }
  const accept = (pseudonym: string, by?: StaffMember) =>
    act('RelationshipContract:AcceptRelationship', pseudonym, { pseudonym, mspId: world().scenario.a.member.mspId }, by);
  const grantInput = (pseudonym: string) => ({
    pseudonym,
    grantee: { kind: 'department', mspId: world().scenario.b.member.mspId, name: 'cardiology' },
    provisions: [
      { provisionId: newId(), effect: 'permit', purposes: ['TREAT'], validUntil: new Date(Date.now() + 3_600_000).toISOString() },
    ],
  });
  async function newWallet(): Promise<string> {
    const profile = `wallet-${newId()
      .toLowerCase()
      .replaceAll(/[^a-z0-9]/g, '')}`;
    await addPatient(world().scenario.consortium.context, world().scenario.a, profile);
    return profile;
  }
  const codeOf = (receipt: string): string => /([0-9A-Z]{5}-){5}[0-9A-Z]{2}/.exec(readFileSync(receipt, 'utf8'))?.[0] ?? '';

  it('two of the hospital act for a patient without a device, who sees it, takes over, and is acted for no more', async () => {
    const { registrar, nurse } = await staff();
    const { pseudonym, receipt } = await registered();
    expect(statSync(receipt).mode & 0o777).toBe(0o600);
    expect(await accept(pseudonym)).toBeUndefined();
    expect(await act('ConsentContract:GrantPolicy', pseudonym, grantInput(pseudonym))).toBeUndefined();
    const wallet = await newWallet();
    const { mspId } = world().scenario.a.member;
    // the wallet's own pseudonym for this hospital was never registered
    await run(wallet, ['wallet', 'discard']);
    const takeOver = [
      'wallet',
      'take-over',
      '--pseudonym',
      pseudonym,
      '--hospital',
      mspId,
      '--code-file',
      written('code', codeOf(receipt)),
    ];
    await must(wallet, takeOver, anything);
    const { items } = (await must(wallet, ['audit', 'list', '--pseudonym', pseudonym], auditSchema)).result;
    expect(items.map(({ event, actor }) => [event, actor.kind])).toEqual([
      ['TakeOverCompleted', 'patient'],
      ['PolicyGranted', 'assisted'],
      ['RelationshipAccepted', 'assisted'],
      ['RelationshipProposed', 'staff'],
      ['PatientRegistered', 'staff'],
    ]);
    expect(items[1]?.actor.actorTags).toEqual([registrar.actorTag, nurse.actorTag]);
    const suspend = { pseudonym, mspId };
    expect(await act('RelationshipContract:SuspendRelationship', pseudonym, suspend)).toBe('PSEUDONYM_TAKEN_OVER');
    await must(wallet, ['relationship', 'suspend', '--pseudonym', pseudonym], anything);
  });

  it('refuses two registrars, what staff may not do, and the code for anything but taking over', async () => {
    const { second } = await staff();
    const { pseudonym, receipt } = await registered();
    expect(await accept(pseudonym, second)).toBe('SECOND_PERSON_NEEDED');
    const terminate = { pseudonym, mspId: world().scenario.a.member.mspId };
    expect(await act('RelationshipContract:TerminateRelationship', pseudonym, terminate)).toBe('BEYOND_DELEGATION');
    const wallet = await newWallet();
    await run(wallet, ['wallet', 'discard']);
    const typed = codeOf(receipt).replace(/.$/, (last) => (last === '7' ? '8' : '7'));
    const takeOver = ['wallet', 'take-over', '--pseudonym', pseudonym, '--code-file', written('code', typed)];
    expect(await refused(wallet, takeOver)).toBe('HAND_OVER_CODE_INVALID');
  });

  it('a parent acts for a child once two registrars have seen the same, until the child is of age, and nobody writes anything then', async () => {
    const { registrar, second } = await staff();
    const { pseudonym } = await registered();
    const parent = await newWallet();
    const { delegationId, nonce, nextKeyHash } = await must(parent, ['delegation', 'offer', '--pseudonym', pseudonym], offerSchema);
    const offer = ['--pseudonym', pseudonym, '--delegation', delegationId, '--nonce', nonce, '--next-key-hash', nextKeyHash];
    // of age in some weeks, on 1 March if that is the day after a leap day of the birth year
    const birthDate = new Date(Date.now() + 40 * 86_400_000)
      .toISOString()
      .replace(/^\d{4}/, (year) => String(Number(year) - 18))
      .slice(0, 10);
    const evidence = written('shown.json', { birthDate, shown: 'birth certificate' });
    const propose = (until: readonly string[], out: string) => [
      'delegation',
      'propose',
      ...offer,
      '--scopes',
      'consents,relationships',
      ...until,
      '--evidence-file',
      evidence,
      '--out',
      out,
    ];
    expect(await refused(registrar.profile, propose(['--until', '+90d'], place('evidence.json')))).toBe('DELEGATION_TERM');
    const out = place('evidence.json');
    await must(registrar.profile, propose([], out), anything);
    const onScreen = ['--pseudonym', pseudonym, '--nonce', nonce, '--next-key-hash', nextKeyHash];
    const look = (file: string) => ['delegation', 'confirm', delegationId, ...onScreen, '--evidence-file', file];
    const confirm = async (file: string) => {
      const { check } = await must(second.profile, look(file), checkSchema);
      return [...look(file), '--yes', check];
    };
    const accepting = ['relationship', 'accept', '--pseudonym', pseudonym];
    expect(await refused(parent, accepting)).toBe('DELEGATION_NOT_IN_FORCE');
    expect(await refused(registrar.profile, await confirm(out))).toBe('SECOND_PERSON_NEEDED');
    const other = JSON.parse(readFileSync(out, 'utf8')) as { salt: string };
    expect(await refused(second.profile, await confirm(written('other.json', { ...other, shown: 'something else' })))).toBe(
      'HASH_MISMATCH',
    );
    expect(await refused(second.profile, look(out).with(-3, sha256('another key')))).toBe('DELEGATION_DIFFERS');
    await must(second.profile, await confirm(out), anything);
    const shown = ['delegation', 'show', delegationId, '--pseudonym', pseudonym];
    expect((await must(registrar.profile, shown, shownSchema)).result).toEqual(
      expect.objectContaining({ state: 'active', basis: 'parent', validUntil: comesOfAgeAt(birthDate) }),
    );
    await run(parent, ['wallet', 'give-up', '--pseudonym', pseudonym]);
    await must(parent, accepting, anything);
    expect(await refused(parent, ['relationship', 'terminate', '--pseudonym', pseudonym])).toBe('BEYOND_DELEGATION');
  });
}
