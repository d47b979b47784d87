import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openWallet } from '@lianyi/client/node';
import { newSalt } from '@lianyi/client';
import {
  encodeBase64url,
  instantOf,
  type Proof,
  pseudonymSchema,
  type Request,
  reProofingCommitment,
  saltSchema,
  type Sha256,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';
import { addPatient, tlsCaFile } from '@lianyi/workbench';
import { carry } from '../carry';
import { Delegate } from '../delegate';
import { Guardian, Returning } from '../guardian';
import { fromNow, laboratoryReport, PatientCase, permission } from '../patient-case';
import { submitAt } from '../proposal-at';
import { newId, refusalOf } from '../scenario';
import { type GetWorld } from './world';

const {
  ApproveRecovery,
  CompleteRecovery,
  ConfirmRecovery,
  GetPseudonym,
  GetRecovery,
  OpenRecovery,
  ProposeRecovery,
  SetGuardians,
  VetoRecovery,
} = transactions;
const MINUTE = 60_000;

/** Features 22 and 23: wallet and phrase are lost, and others vouch for the patient. */
export function lostPhraseCases(world: GetWorld): void {
  let people = 0;
  const run = async (profile: string, ...argv: readonly string[]): Promise<Record<string, unknown>> => {
    const { json, exitCode } = await world().scenario.consortium.commands.run(profile, argv);
    if (exitCode !== 0) throw new Error(`${argv.join(' ')}: ${JSON.stringify(json)}`);
    return json as Record<string, unknown>;
  };
  const atA = () => world().scenario.client(world().scenario.a);
  /** A guardian's request, carried by A's node. */
  const vouch = async <Entry extends TransactionEntry>(
    guardian: Guardian,
    entry: Entry,
    input: NoInfer<Request<Entry>> & { readonly pseudonym: string },
  ) => (await carry(atA(), entry, input, { sign: guardian.for(input.pseudonym) })).result;
  /** Proposed as if it were `atMillis`. */
  const proposeAt = async <Entry extends TransactionEntry>(entry: Entry, input: Request<Entry>, proof: Proof, atMillis: number) =>
    submitAt(await world().scenario.session(world().scenario.a), world().scenario.network, { entry, input, proof, atMillis });

  /** Three guardians, of whom two are needed; the old key may veto for so long. */
  async function nameGuardians(known: PatientCase, coolingOffMinutes = 3) {
    const { network } = world().scenario;
    const guardians = [new Guardian(network), new Guardian(network), new Guardian(network)] as const;
    const input = { pseudonym: known.pseudonym, guardians: guardians.map(({ keyHash }) => keyHash), threshold: 2, coolingOffMinutes };
    await known.command(SetGuardians, input, 'GuardiansChanged');
    return guardians;
  }
  /** Opened by the first guardian, at a time. */
  async function openedAt(known: PatientCase, guardian: Guardian, atMillis: number): Promise<Returning> {
    const returning = new Returning(world().scenario.network, known.pseudonym);
    const { draft } = returning;
    expect(await proposeAt(OpenRecovery, draft, guardian.signAt(known.pseudonym, OpenRecovery, draft, atMillis), atMillis)).toBe(
      'committed',
    );
    return returning;
  }
  /** Proposes it to a peer that has every block which somebody has had an answer from. */
  const completeAt = async (returning: Returning, atMillis: number) => {
    for (const hospital of world().scenario.hospitals) await world().scenario.catchUp(hospital);
    return proposeAt(CompleteRecovery, returning.key, returning.signAt(CompleteRecovery, returning.key, atMillis), atMillis);
  };

  it('two of three guardians give a new key: not before the end of the cooling-off, and then it grants what B reads byte for byte', async () => {
    const { known, recordId } = await PatientCase.withRecord(world().scenario, world().staff);
    const delegate = new Delegate(world().scenario.network, known.pseudonym);
    await known.command(
      transactions.AppointDelegate,
      { ...delegate.offer, scopes: ['view'], validUntil: fromNow(3_600_000) },
      'DelegateAppointed',
    );
    const [one, other] = await nameGuardians(known);
    const start = Date.now() - 100_000;
    const returning = await openedAt(known, one, start);
    expect(await known.see(GetPseudonym, { pseudonym: known.pseudonym })).toMatchObject({ recoveries: [returning.caseId] });
    expect(await vouch(other, ApproveRecovery, returning.key)).toMatchObject({
      state: 'coolingOff',
      coolingOffUntil: instantOf(start + 3 * MINUTE),
    });
    expect(await completeAt(returning, start + 3 * MINUTE - 1)).toBe('RECOVERY_NOT_DUE');
    expect(await completeAt(returning, start + 3 * MINUTE)).toBe('committed');
    await world().scenario.catchUp(world().scenario.a);
    expect(await refusalOf(known.grant([permission()]))).toBe('STALE_KEY');
    known.patient.comeBack(returning.keys[1]);
    await known.grant([permission()]);
    const { cardiologistB } = world().staff;
    const ticket = await known.ask(cardiologistB, { recordIds: [recordId] });
    expect(laboratoryReport.equals((await known.read(cardiologistB, ticket, recordId)).bytes)).toBe(true);
    const told = (await known.audit()).map(({ event }) => event);
    expect(told).toEqual(expect.arrayContaining(['GuardiansChanged', 'RecoveryOpened', 'RecoveryApproved', 'RecoveryCompleted']));
    // whom the patient has appointed acts on
    const seen = await carry(atA(), transactions.ListForPatient, { pseudonym: known.pseudonym, limit: 1 }, { sign: delegate.sign });
    expect(seen.result.items).toHaveLength(1);
  });

  it('one guardian alone gives nothing, however long they wait, and nobody whom the patient has not named', async () => {
    const known = await PatientCase.related(world().scenario, world().staff);
    const [one] = await nameGuardians(known, 1);
    const returning = await openedAt(known, one, Date.now() - 100_000);
    const stranger = new Guardian(world().scenario.network);
    expect(await refusalOf(vouch(stranger, ApproveRecovery, returning.key))).toBe('NOT_PERMITTED');
    // the very approval with which it was opened does not count twice
    expect(await refusalOf(vouch(one, ApproveRecovery, returning.key))).toBe('ALREADY_EXISTS');
    expect(await completeAt(returning, Date.now())).toBe('ILLEGAL_STATE');
    await known.command(transactions.RotateKey, { pseudonym: known.pseudonym }, 'KeyRotated');
  });

  it('the old key refuses it, and a new one may be opened; of two at a time the second is refused', async () => {
    const known = await PatientCase.related(world().scenario, world().staff);
    const [one, other, third] = await nameGuardians(known, 1);
    const returning = await openedAt(known, one, Date.now() - 100_000);
    await vouch(other, ApproveRecovery, returning.key);
    const second = new Returning(world().scenario.network, known.pseudonym);
    expect(await refusalOf(vouch(third, OpenRecovery, second.draft))).toBe('RECOVERY_OPEN');
    await known.command(VetoRecovery, returning.key, 'RecoveryVetoed');
    expect(await completeAt(returning, Date.now())).toBe('STALE_KEY');
    expect(await known.see(GetRecovery, returning.key)).toMatchObject({ state: 'vetoed' });
    expect(await vouch(third, OpenRecovery, second.draft)).toMatchObject({ state: 'opened' });
    await nameGuardians(known);
    expect(await known.see(GetRecovery, second.key)).toMatchObject({ state: 'superseded' });
    await known.command(transactions.RotateKey, { pseudonym: known.pseudonym }, 'KeyRotated');
  });

  it('registrars of two hospitals vouch, who were shown the same; nobody of one hospital alone', async () => {
    const { scenario, staff } = world();
    const known = await PatientCase.related(scenario, staff);
    const returning = new Returning(scenario.network, known.pseudonym);
    const evidenceOf = (shown: string): Sha256 => reProofingCommitment(returning.key, { shown, salt });
    const salt = saltSchema.parse(encodeBase64url(newSalt()));
    const proposal = { ...returning.draft, evidence: evidenceOf('passport') };
    const asked = (who: typeof staff.registrarA, entry: TransactionEntry, input: object) =>
      carry(who.client, entry, input as never, { sign: who.sign });
    expect(await refusalOf(asked(staff.registrarB, ProposeRecovery, proposal))).toBe('NOT_PERMITTED');
    await known.byStaff(staff.registrarA, ProposeRecovery, proposal, 'RecoveryOpened');
    const confirmation = { ...returning.key, evidence: evidenceOf('passport') };
    expect(await refusalOf(asked(staff.registrarA, ConfirmRecovery, confirmation))).toBe('SECOND_PERSON_NEEDED');
    await scenario.catchUp(scenario.b);
    expect(await refusalOf(asked(staff.registrarB, ConfirmRecovery, { ...returning.key, evidence: evidenceOf('student card') }))).toBe(
      'HASH_MISMATCH',
    );
    await known.byStaff(staff.registrarB, ConfirmRecovery, confirmation, 'RecoveryConfirmed');
    expect(await completeAt(returning, Date.now() + 100_000)).toBe('RECOVERY_NOT_DUE');
    await known.command(VetoRecovery, returning.key, 'RecoveryVetoed');
  });

  it('is done from the command line: keys, guardians, opening, approval, completion, each of which may be repeated', async () => {
    const { scenario, staff } = world();
    const { acts, consortium } = scenario;
    const newWallet = async (): Promise<string> => {
      const profile = `vouch-${(people += 1)}`;
      const { channel, chaincode, genesis } = scenario.network;
      const { member, node } = scenario.a;
      const place = ['--msp-id', member.mspId, '--node-url', node.ready.url, '--tls-ca-file', tlsCaFile(consortium.context, member)];
      const network = ['--channel', channel, '--chaincode', chaincode, '--genesis', genesis];
      const walletFile = ['--wallet-file', consortium.data.wallet(profile)];
      await consortium.commands.run(undefined, [
        'profile',
        'add',
        '--name',
        profile,
        '--kind',
        'patient',
        ...network,
        ...walletFile,
        ...place,
      ]);
      await run(profile, 'wallet', 'create');
      return profile;
    };
    const lost = `vouched-${(people += 1)}`;
    const { pseudonym, nonce, nextKeyHash } = await addPatient(consortium.context, scenario.a, lost);
    await acts.act(
      staff.registrarA.profile,
      'patient',
      'register',
      '--pseudonym',
      pseudonym,
      '--nonce',
      nonce,
      '--next-key-hash',
      nextKeyHash,
    );
    await acts.act(staff.registrarA.profile, 'relationship', 'propose', '--pseudonym', pseudonym);
    await acts.act(lost, 'relationship', 'accept');
    const [friend, daughter] = [await newWallet(), await newWallet()];
    const keyOf = async (profile: string): Promise<string> =>
      String((await run(profile, 'guardian', 'key', '--pseudonym', pseudonym))['keyHash']);
    const guardians = `${await keyOf(friend)},${await keyOf(daughter)}`;
    await acts.act(lost, 'guardian', 'set', '--guardians', guardians, '--threshold', '2', '--cooling-off', '1');
    expect(await run(lost, 'guardian', 'show')).toMatchObject({ result: { threshold: 2, coolingOffMinutes: 1 } });
    const back = await newWallet();
    const prepared = await run(back, 'recovery', 'prepare', '--pseudonym', pseudonym);
    expect(await run(back, 'recovery', 'prepare', '--pseudonym', pseudonym)).toEqual(prepared);
    const caseId = String(prepared['caseId']);
    expect(await acts.attempt(back, 'recovery', 'complete', '--pseudonym', pseudonym)).toBe('NOT_FOUND');
    // a minute and more ago, by the friend's wallet
    const draft = transactions.OpenRecovery.request.parse({
      pseudonym,
      caseId,
      nonce: prepared['nonce'],
      newKeyHash: prepared['newKeyHash'],
    });
    const atMillis = Date.now() - 100_000;
    const passphrase = readFileSync(join(consortium.data.root, 'wallets', 'passphrase'), 'utf8').trim();
    const wallet = await openWallet(consortium.data.wallet(friend), passphrase);
    const signed = { transaction: OpenRecovery, input: draft };
    const proof = await wallet.recovery.signAsGuardian(scenario.network, pseudonymSchema.parse(pseudonym), signed, instantOf(atMillis));
    expect(await proposeAt(OpenRecovery, draft, proof, atMillis)).toBe('committed');
    await scenario.catchUp(scenario.a);
    expect(await run(daughter, 'recovery', 'show', '--pseudonym', pseudonym)).toMatchObject({ recoveries: [{ caseId, state: 'opened' }] });
    expect(await acts.attempt(back, 'recovery', 'complete', '--pseudonym', pseudonym)).toBe('ILLEGAL_STATE');
    expect(await run(daughter, 'recovery', 'approve', caseId, '--pseudonym', pseudonym)).toMatchObject({ result: { state: 'coolingOff' } });
    expect(await run(back, 'recovery', 'complete', '--pseudonym', pseudonym)).toMatchObject({ state: 'completed', caseId });
    expect(await run(back, 'recovery', 'complete', '--pseudonym', pseudonym)).toMatchObject({ state: 'completed', caseId });
    expect(await acts.attempt(lost, 'relationship', 'suspend')).toBe('STALE_KEY');
    await acts.act(back, 'relationship', 'suspend');
    expect(await run(back, 'recovery', 'list')).toMatchObject({ result: { items: [{ caseId, state: 'completed' }] } });
  });

  it('a phrase is split among guardians, and comes back from as many shares as it takes and no fewer', async () => {
    const { scenario } = world();
    const profile = `split-${(people += 1)}`;
    await addPatient(scenario.consortium.context, scenario.a, profile);
    const prefix = scenario.consortium.data.file(`share-${newId()}`);
    await run(profile, 'guardian', 'split', '--shares', '3', '--threshold', '2', '--out', prefix);
    const phrase = scenario.consortium.data.file(`phrase-${newId()}.txt`);
    await run(profile, 'wallet', 'phrase', '--words', 'en', '--out', phrase);
    const out = scenario.consortium.data.file(`combined-${newId()}.txt`);
    const combine = (...shares: readonly string[]) => [
      'guardian',
      'combine',
      '--share-files',
      shares.join(','),
      '--words',
      'en',
      '--out',
      out,
    ];
    expect(await scenario.acts.attempt(profile, ...combine(`${prefix}-2.json`))).toBe('SHARES_INVALID');
    expect(await scenario.acts.attempt(profile, ...combine(`${prefix}-2.json`, `${prefix}-2.json`))).toBe('SHARES_INVALID');
    const torn = scenario.consortium.data.file(`torn-${newId()}.json`);
    writeFileSync(torn, readFileSync(`${prefix}-1.json`, 'utf8').slice(0, 40));
    expect(await scenario.acts.attempt(profile, ...combine(torn, `${prefix}-2.json`))).toBe('SHARES_INVALID');
    await run(profile, ...combine(`${prefix}-3.json`, `${prefix}-1.json`));
    expect(readFileSync(out, 'utf8')).toBe(readFileSync(phrase, 'utf8'));
    rmSync(out);
  });
}
