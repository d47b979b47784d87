import { randomBytes, randomInt } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { common } from '@hyperledger/fabric-protos';
import { hashOfJson, newRequest, transactions } from '@lianyi/domain';
import { addPatient, ReplicaFile } from '@lianyi/workbench';
import { carry } from './carry';
import { type Leak, leaksBelow, leaksIn, markedReport, type Marker, newMarker } from './canary';
import { blocksEverywhere, passphraseOf, phraseIn, pinAndCodeIn, privateKeysOf, type Secret } from './kept-secrets';
import { hireRoster, type Roster } from './roster';
import { newId, refusalOf, Scenario } from './scenario';

jest.setTimeout(300_000);

/**
 * Features 2, 37 and 43: whatever is personal or secret in a story stays where it belongs.
 *
 * Every text of the document, the number of an identity card, what people mistype, the wallet's passphrase and every private
 * key is looked for, in every disguise, in every block of every peer and in every file the consortium wrote. (A real peer
 * compresses its state database; its blocks, which hold every write, it does not.)
 */
describe('canaries', () => {
  const report = markedReport();
  const identityNumber = newMarker('310101');
  const mistyped = newMarker('mistyped');
  const fileName = newMarker('file');
  let scenario: Scenario | undefined;
  let staff: Roster;
  let pseudonym = '';

  const started = (): Scenario => {
    if (scenario === undefined) throw new Error('the consortium did not start');
    return scenario;
  };

  beforeAll(async () => {
    scenario = await Scenario.start('canary');
    staff = await hireRoster(scenario);
    await tellStory();
  });
  afterAll(() => scenario?.stop());

  /** The demo's story with a marked document, by the command line throughout, and with everything people do wrong. */
  async function tellStory(): Promise<void> {
    const { acts, a, b, c, consortium } = started();
    const { data } = consortium;
    const file = data.file(`${fileName}.json`);
    writeFileSync(file, report.bytes);
    const made = await addPatient(consortium.context, a, 'patient');
    ({ pseudonym } = made);
    const registrar = staff.registrarA.profile;
    await acts.act(registrar, 'patient', 'register', '--pseudonym', pseudonym, '--nonce', made.nonce, '--next-key-hash', made.nextKeyHash);
    const holder = data.file('holder.txt');
    writeFileSync(holder, identityNumber);
    await acts.act(registrar, 'card', 'issue', '--pseudonym', pseudonym, '--holder-file', holder);
    await linkIdentity();
    await acts.act(registrar, 'relationship', 'propose', '--pseudonym', pseudonym);
    await acts.act('patient', 'relationship', 'accept');
    const { recordId } = await acts.publish(staff.labA.profile, file, pseudonym, [c.member.mspId]);
    const asking = { pseudonym, recordIds: [recordId], purpose: 'TREAT' };
    expect((await acts.request(staff.cardiologistB.profile, asking)).decision).toBe('deny');
    const grantee = `department:${b.member.mspId}:cardiology`;
    await acts.grant('patient', grantee, { purposes: 'TREAT', until: '+1d' });
    const { ticketId } = await acts.request(staff.cardiologistB.profile, asking);
    await acts.read(staff.cardiologistB.profile, ticketId, recordId, data.file('opened.json'), '--keep-key');
    expect(readFileSync(data.file('opened.json')).equals(report.bytes)).toBe(true);
    await failInEveryWay(ticketId, recordId, file);
    await loseAndRecover();
    await acts.revoke('patient', grantee, 1);
    expect((await acts.request(staff.cardiologistB.profile, asking)).decision).toBe('deny');
    expect((await acts.audit('patient')).length).toBeGreaterThan(8);
    await readAndDigest();
  }

  /** What the inbox and a node's digest print is kept beside the logs, so that it is scanned with them. */
  async function readAndDigest(): Promise<void> {
    const { consortium, a } = started();
    const { commands, data } = consortium;
    const printed: unknown[] = [];
    for (const [profile, ...argv] of [
      ['patient', 'wallet', 'inbox'],
      ['patient', 'wallet', 'inbox', 'read'],
      ['patient', 'wallet', 'inbox', 'accept', '0'.repeat(12)],
      ['patient', 'wallet', 'inbox', '--all'],
      [undefined, 'node', 'digest', '--config', join(data.node(a.member.mspId), 'node.json')],
    ] as const) {
      printed.push((await commands.run(profile, argv)).json);
    }
    const text = JSON.stringify(printed);
    expect(text).toContain('RecordAnchored');
    expect(text).toContain('judged');
    writeFileSync(join(data.logs, 'printed.log'), text);
  }

  /** The recovery phrase is shown, everything is kept in slots, and the wallet comes back, after a word was mistyped. */
  async function loseAndRecover(): Promise<void> {
    const { acts, consortium } = started();
    const { data } = consortium;
    const anything = { parse: (value: unknown) => value } as never;
    const shown = await consortium.commands.must('patient', ['wallet', 'phrase', '--out', phraseFile()], anything);
    expect(shown).toMatchObject({ summary: { written: [pseudonym] } });
    const wrong = data.file('wrong-phrase.txt');
    writeFileSync(wrong, `${readFileSync(phraseFile(), 'utf8').trim()} ${mistyped}`, { mode: 0o600 });
    expect(await acts.attempt('patient', 'wallet', 'recover', '--phrase-file', wrong)).toBe('PHRASE_INVALID');
    rmSync(data.wallet('patient'));
    await consortium.commands.must('patient', ['wallet', 'recover', '--phrase-file', phraseFile()], anything);
    await comeBackByPin();
    rmSync(wrong);
  }

  /** The same by a PIN and a code on paper, after another PIN was tried. */
  async function comeBackByPin(): Promise<void> {
    const { acts, consortium } = started();
    const { data } = consortium;
    const anything = { parse: (value: unknown) => value } as never;
    const another = data.file('another-pin.txt');
    for (const file of [pinFile(), another]) writeFileSync(file, String(randomInt(1e11, 1e12)), { mode: 0o600 });
    await consortium.commands.must('patient', ['pin', 'set', '--pin-file', pinFile(), '--out', codeFile(), '--unwitnessed'], anything);
    rmSync(data.wallet('patient'));
    const recover = ['pin', 'recover', '--code-file', codeFile(), '--pin-file'];
    expect(await acts.attempt('patient', ...recover, another)).toBe('PIN_WRONG');
    await consortium.commands.must('patient', [...recover, pinFile()], anything);
  }

  const pinFile = (): string => started().consortium.data.file('pin.txt');
  const codeFile = (): string => started().consortium.data.file('code.txt');

  const phraseFile = (): string => started().consortium.data.file('phrase.txt');

  async function linkIdentity(): Promise<void> {
    const { acts, consortium } = started();
    const transient = {
      linkId: newId(),
      pseudonym,
      system: 'insurance',
      value: identityNumber,
      salt: randomBytes(32).toString('base64url'),
    };
    const input = { linkId: transient.linkId, transientSha256: hashOfJson(transient) };
    const inputFile = consortium.data.file('link.json');
    const transientFile = consortium.data.file('link-private.json');
    writeFileSync(inputFile, JSON.stringify(input));
    writeFileSync(transientFile, JSON.stringify(transient));
    const link = ['tx', 'RegistrarContract:LinkIdentifier', '--input', inputFile, '--transient', transientFile];
    await acts.act(staff.registrarA.profile, ...link);
    const { registrarA } = staff;
    const kept = await carry(registrarA.client, transactions.ResolveIdentifier, { linkId: transient.linkId }, { sign: registrarA.sign });
    expect(kept.result).toMatchObject({ value: identityNumber, pseudonym });
  }

  /** Refusals are where texts end up in logs. */
  async function failInEveryWay(ticketId: string, recordId: string, file: string): Promise<void> {
    const { acts, a, c, consortium } = started();
    const { data } = consortium;
    const broken = data.file(`${fileName}-broken.json`);
    writeFileSync(broken, report.bytes.subarray(0, -1));
    const lab = staff.labA.profile;
    expect(await acts.attempt(lab, 'record', 'publish', broken, '--pseudonym', pseudonym)).toBe('DOCUMENT_NOT_JSON');
    writeFileSync(broken, report.bytes.toString('utf8').replace('DiagnosticReport', mistyped));
    expect(await acts.attempt(lab, 'record', 'publish', broken, '--pseudonym', pseudonym)).toBe('DOCUMENT_NOT_FHIR');
    expect(await acts.attempt(staff.nurseB.profile, 'record', 'publish', file, '--pseudonym', pseudonym)).toBe('NOT_PERMITTED');
    const { cipherSha256 } = await acts.showRecord(lab, pseudonym, recordId);
    const restoreA = ReplicaFile.find(data, a.member.mspId, cipherSha256).lose();
    const restoreC = ReplicaFile.find(data, c.member.mspId, cipherSha256).tamper();
    const read = ['access', 'read', ticketId, '--record', recordId, '--out', data.file('tampered.json')];
    expect(await acts.attempt(staff.cardiologistB.profile, ...read)).toBe('HASH_MISMATCH');
    restoreA();
    restoreC();
    await mistype();
  }

  /** A name in the place of an id, past every check of our own clients: to the node's door and to the chaincode itself. */
  async function mistype(): Promise<void> {
    const { a } = started();
    const input = { pseudonym: `${mistyped} 王小明`, [mistyped]: mistyped, suite: 'P256-SHA256', nextKeyHash: mistyped };
    const path = '/v1/transactions/RegistrarContract/RegisterPatient';
    for (const body of [JSON.stringify({ input }), `{"input":{"${mistyped}":`, JSON.stringify({ input, proof: { kind: mistyped } })]) {
      expect(await started().askMember(undefined, a, { method: 'POST', path, body })).not.toBe('ok');
    }
    for (const elsewhere of [
      `/v1/transactions/${mistyped}/${mistyped}`,
      `/v1/access/${mistyped}/document`,
      `/${mistyped}?name=${mistyped}`,
    ]) {
      expect(await started().askMember(undefined, a, { method: 'POST', path: elsewhere, body: '{}' })).not.toBe('ok');
    }
    const ledger = await started().ledger(a);
    expect(await refusalOf(ledger.submit({ entry: transactions.RegisterPatient, input: input as never }))).toBe('INVALID_REQUEST');
  }

  const personal = (): readonly Marker[] => [...report.markers, mistyped, fileName];
  const shown = (leaks: readonly Leak[]): readonly string[] =>
    [
      ...new Set(leaks.map(({ place, form, marker }) => `${relative(started().consortium.data.root, place)}: marker ${marker}, ${form}`)),
    ].sort();

  /** Private keys of people and nodes, the passphrase, the recovery phrase, the PIN and its code: each has one home. */
  const secrets = (): readonly Secret[] => {
    const { data } = started().consortium;
    return [passphraseOf(data), ...phraseIn(phraseFile()), ...pinAndCodeIn(pinFile(), codeFile()), ...privateKeysOf(data)];
  };
  const everyBlock = (): ReturnType<typeof blocksEverywhere> => blocksEverywhere(started());

  it('are not in any block of any peer', async () => {
    const blocks = await everyBlock();
    // blocks hold one transaction or several, as the orderer cut them; the story's transactions are there at every peer
    const transactionCounts = blocks.map(([, bytes]) => common.Block.deserializeBinary(bytes).getData()?.getDataList().length ?? 0);
    expect(transactionCounts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(100);
    const looked = [...personal(), identityNumber, ...secrets().map(({ marker }) => marker)];
    expect(blocks.flatMap(([place, bytes]) => leaksIn(place, bytes, looked))).toEqual([]);
  });

  it('are not in any file of the network, of a node, of a vault or of a log', () => {
    const { data } = started().consortium;
    // the workbench's own inputs and what the reader opened lie in `files`
    expect(shown(leaksBelow(data.root, personal(), (file) => file.startsWith(data.file(''))))).toEqual([]);
  });

  it('leave an identity number in the private data of its hospital only', () => {
    const { data } = started().consortium;
    const isLawful = (file: string): boolean =>
      file.startsWith(data.file('')) || (file.startsWith(data.network) && !file.startsWith(join(data.network, 'logs')));
    expect(shown(leaksBelow(data.root, [identityNumber], isLawful))).toEqual([]);
  });

  it('leave every private key and the passphrase in their one file', () => {
    const { data } = started().consortium;
    const kept = secrets();
    expect(kept.length).toBeGreaterThan(20);
    const leaks = leaksBelow(
      data.root,
      kept.map(({ marker }) => marker),
    ).filter(({ place, marker }) => place !== kept[marker]?.home);
    expect(shown(leaks)).toEqual([]);
  });

  it('would be found in a file, in whatever form', () => {
    const { data } = started().consortium;
    const [first = ''] = report.markers;
    const forms = [first, Buffer.from(`x${first}`).toString('base64'), Buffer.from(first).toString('hex'), Buffer.from(first, 'utf16le')];
    const planted = forms.map((form, index) => {
      const file = join(data.logs, `planted-${index}.log`);
      writeFileSync(file, form);
      return file;
    });
    const found = leaksBelow(data.logs, personal()).map(({ place }) => place);
    expect([...new Set(found)].sort()).toEqual(planted);
    for (const file of planted) rmSync(file);
  });

  it('would be found on the ledger: one planted as a tag of staff is in a block of every peer and in the network’s files', async () => {
    const planted = newMarker('planted');
    const { a, genesis } = started();
    const nurse = { actorTag: planted, roles: ['nurse' as const], departments: [], publicKeyHash: genesis, dutyWindows: [] };
    await (await started().ledger(a, 'Admin')).submit(newRequest(transactions.RegisterStaff, nurse));
    const leaks = (await everyBlock()).flatMap(([place, bytes]) => leaksIn(place, bytes, [planted]));
    expect(new Set(leaks.map(({ place }) => place)).size).toBe(started().hospitals.length);
    expect(leaksBelow(started().consortium.data.network, [planted])).not.toEqual([]);
  });
});
