import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type MemberNodeClient } from '@lianyi/client';
import { LedgerFailure, mspIdSchema, newRequest, Refused, transactions } from '@lianyi/domain';
import { ChannelClient, GatewayLedger } from '@lianyi/ledger-client';
import { addPatient, type Hospital, ReplicaFile } from '@lianyi/workbench';
import { carry } from './carry';
import { filesBelow } from '../architecture/source-files';
import { leaksBelow, type Marker } from './canary';
import { describeWithVerb, networkVerb } from './network-verb';
import { department, laboratoryReport, PatientCase, permission, type Ticket } from './patient-case';
import { blocksOfPeer } from './peer-blocks';
import { foldersOf, plantSecrets, PRIVATE_VALUES } from './planted';
import { hireRoster, type Roster } from './roster';
import { networkKind, outcomeOf, refusalOf, repositoryRoot, Scenario, type StaffMember } from './scenario';
import { Workday } from './workday';
import { waitUntil } from '../wait-until';
import { newRegistration } from './owned-ids';

jest.setTimeout(300_000);

const D = 'HospitalDMSP';
const newcomer = { mspId: D, name: 'hospital-d', domain: 'hospital-d.example' };
const joinedSchema = z.object({ organization: z.string(), result: z.string(), profile: z.string() });
const imagingReport = readFileSync(join(repositoryRoot, 'application', 'examples', 'imaging-report-en.json'));

/** Issue 4: a fourth hospital joins a consortium at work, shares and is shared with, and leaves; features 87 and K13. */
describeWithVerb('addOrg', 'a fourth hospital', () => {
  let begun: Scenario | undefined;
  let scenario: Scenario;
  let staff: Roster;
  let workday: Workday;
  let working: Workday | undefined;
  let d: Hospital;
  let clinicianD: StaffMember;
  let registrarD: StaffMember;
  let labD: StaffMember;
  /** A patient of A, with a record from before D came. */
  let known: PatientCase;
  let recordId = '';
  /** What was private or secret before D came. */
  const planted: Marker[] = [];
  /** A patient of D's own. */
  let pseudonymD = '';
  let recordOfD = '';
  let ticketOfD: Ticket;
  let ticketOfA = '';

  const verb = async (...args: string[]): Promise<unknown> => {
    const { status, stdout, stderr } = await networkVerb([...args, '--dir', scenario.consortium.data.network, '--json']);
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    return JSON.parse(stdout);
  };
  const hospitals = (): readonly Hospital[] => [scenario.a, scenario.b, scenario.c];

  beforeAll(async () => {
    begun = scenario = await Scenario.start('fourth-hospital');
    staff = await hireRoster(scenario);
    ({ known, recordId } = await PatientCase.withRecord(scenario, staff));
    planted.push(...(await plantSecrets(scenario, staff, { pseudonym: known.pseudonym, recordId })));
    working = workday = await Workday.begin(scenario, staff);
  });
  afterAll(async () => {
    await working?.end();
    await begun?.stop();
  });

  it('joins by one command while the others publish and read', async () => {
    const joined = joinedSchema.parse(await verb('addOrg', '--msp-id', D, '--name', newcomer.name, '--domain', newcomer.domain));
    expect(joined).toMatchObject({ organization: D, result: 'joined' });
    d = await scenario.consortium.welcome({ ...newcomer, peer: 'its own' }, joined.profile);
    expect(d.node.ready.genesis).toBe(scenario.genesis);
  });

  it('is listed by the others, with staff of its own', async () => {
    [clinicianD, registrarD, labD] = [
      await scenario.hire(d, 'clinician', 'cardiology'),
      await scenario.hire(d, 'registrar'),
      await scenario.hire(d, 'lab'),
    ];
    const { items } = await known.see(transactions.ListOrganisations, { limit: 100 });
    expect(items.map(({ mspId }) => mspId as string)).toContain(D);
  });

  it('reads a record of A’s patient when the patient consents, and not before', async () => {
    expect((await known.ask(clinicianD, { recordIds: [recordId] })).answer.decision).toBe('deny');
    await known.grant([permission()], department(D, 'cardiology'));
    ticketOfD = await known.ask(clinicianD, { recordIds: [recordId] });
    expect(ticketOfD.answer.decision).toBe('permit');
    const opened = await known.read(clinicianD, ticketOfD, recordId);
    expect(laboratoryReport.equals(opened.bytes)).toBe(true);
  });

  it('shares its own first record, which A’s doctor reads', async () => {
    const { acts, consortium, a } = scenario;
    const { data } = consortium;
    const made = await addPatient(consortium.context, d, 'patient-of-d');
    pseudonymD = made.pseudonym;
    await acts.act(
      registrarD.profile,
      'patient',
      'register',
      '--pseudonym',
      pseudonymD,
      '--nonce',
      made.nonce,
      '--next-key-hash',
      made.nextKeyHash,
    );
    await acts.act(registrarD.profile, 'relationship', 'propose', '--pseudonym', pseudonymD);
    await acts.act('patient-of-d', 'relationship', 'accept');
    writeFileSync(data.file('of-d.json'), imagingReport);
    ({ recordId: recordOfD } = await acts.publish(labD.profile, data.file('of-d.json'), pseudonymD, [a.member.mspId]));
    const record = await acts.showRecord(labD.profile, pseudonymD, recordOfD);
    expect(record.locators.map(({ mspId }) => mspId)).toEqual([D, a.member.mspId]);
    await acts.grant('patient-of-d', `department:${a.member.mspId}:internal`, { purposes: 'TREAT', until: '+1d' });
    ticketOfA = (await askAtA()).ticketId;
    const opened = await acts.read(staff.clinicianA.profile, ticketOfA, recordOfD, data.file('read-by-a.json'));
    expect(opened.source.mspId).toBe(a.member.mspId); // its own copy
    expect(readFileSync(data.file('read-by-a.json')).equals(imagingReport)).toBe(true);
  });

  const askAtA = async (): Promise<{ ticketId: string; decision: string }> =>
    scenario.acts.request(staff.clinicianA.profile, {
      pseudonym: pseudonymD,
      recordIds: [recordOfD],
      purpose: 'TREAT',
      department: 'internal',
    });

  it('holds nothing private or secret from before it came, in none of its files', () => {
    const own = foldersOf(scenario, newcomer.domain, D).flatMap((folder) => leaksBelow(folder, planted));
    expect(own).toEqual([]);
    process.stderr.write(
      `${planted.length} private values and keys looked for in ${foldersOf(scenario, newcomer.domain, D).flatMap(filesBelow).length} files of D\n`,
    );
    // the same search finds them where they belong
    const home = foldersOf(scenario, 'hospital-a.example', scenario.a.member.mspId).flatMap((folder) =>
      leaksBelow(folder, planted.slice(0, PRIVATE_VALUES)),
    );
    if (networkKind === 'fabric') expect(new Set(home.map(({ marker }) => marker))).toEqual(new Set([0, 1, 2]));
  });

  it('kept nobody from working: all calls of the others succeeded while it came', () => {
    process.stderr.write(`while D joined: ${workday.summary()}\n`);
    expect(workday.failures).toEqual([]);
    expect(workday.published).toBeGreaterThan(5);
    expect(workday.read).toBeGreaterThan(2);
  });

  describe('when it leaves', () => {
    let fromD: Awaited<ReturnType<Scenario['session']>>;
    let late: { submit(): Promise<{ getStatus(): Promise<{ code: number }> }> };
    let handedOver = '';
    let patientAtA: PatientCase;
    let clientOfD: MemberNodeClient;

    beforeAll(async () => {
      clientOfD = scenario.client(d);
      fromD = await scenario.session(d, 'node', scenario.a.member.mspId);
      // endorsed while it is a member, to be sent when it is none
      const { channel, chaincode } = scenario.network;
      const input = newRegistration(d.member.mspId, known.patient.firstKeyHash);
      const argument = JSON.stringify({ input, proof: await registrarD.sign(transactions.RegisterPatient, input) });
      const contract = fromD.gateway.getNetwork(channel).getContract(chaincode);
      late = await contract.newProposal('RegistrarContract:RegisterPatient', { arguments: [argument] }).endorse();
    });

    it('hands over by the patient’s wish what shall stay: A publishes the document it read as its own record', async () => {
      patientAtA = await PatientCase.related(scenario, staff);
      handedOver = await patientAtA.publish(readFileSync(scenario.consortium.data.file('read-by-a.json')));
      await patientAtA.grant([permission()]);
    });

    it('leaves by one command while the others publish and read', async () => {
      expect(await verb('removeOrg', '--organization', D)).toMatchObject({ organization: D, result: 'left' });
      await scenario.consortium.partFrom(d);
    });

    const ledgerOfD = (session: typeof fromD, asked: string = D): GatewayLedger =>
      new GatewayLedger(new ChannelClient(session.gateway, scenario.network), D, asked);
    /** The class of a ledger call's failure at the gateway, or the code of a node's refusal. */
    const endOf = async (attempt: Promise<unknown>): Promise<string> => {
      try {
        await attempt;
        return 'ok';
      } catch (error) {
        if (error instanceof LedgerFailure && !(error instanceof Refused)) return error.kind;
        return outcomeOf(Promise.reject(error instanceof Error ? error : new Error(String(error))));
      }
    };

    it('can ask and send nothing any more, at its own peer or at another member’s', async () => {
      const own = await scenario.session(d, 'node');
      const administrator = await scenario.session(d, 'Admin', scenario.a.member.mspId);
      const outcomes = {
        'evaluate at its own peer': await endOf(ledgerOfD(own).evaluate(newRequest(transactions.GetOrganisation, { mspId: D }))),
        'evaluate at A’s peer': await endOf(
          ledgerOfD(fromD, scenario.a.member.mspId).evaluate(newRequest(transactions.GetOrganisation, { mspId: D })),
        ),
        'submit at A’s peer': await endOf(ledgerOfD(fromD).submit(newRequest(transactions.RegisterPatient, ...(await aRegistration())))),
        'its administrator at A’s peer': await endOf(
          ledgerOfD(administrator).submit(newRequest(transactions.RevokeStaff, { actorTag: labD.actorTag })),
        ),
        'blocks of A’s peer': await blocksOfPeer(fromD, scenario.network.channel, 0, 0).then(
          () => 'ok',
          (error: unknown) => String(error),
        ),
        'what was endorsed before': await late.submit().then(
          async (commit) => `committed with code ${(await commit.getStatus()).code}`,
          (error: unknown) => (error instanceof Error ? error.name : 'refused'),
        ),
      };
      process.stderr.write(`after D has left: ${JSON.stringify(outcomes)}\n`);
      expect(outcomes).toMatchObject({
        'evaluate at its own peer': 'unavailable',
        'evaluate at A’s peer': 'rejected',
        'submit at A’s peer': 'rejected',
        'its administrator at A’s peer': 'rejected',
        'blocks of A’s peer': expect.stringMatching(/403/) as unknown,
        'what was endorsed before': 'SubmitError',
      });
    });

    async function aRegistration() {
      const input = newRegistration(d.member.mspId, known.patient.firstKeyHash);
      return [input, { proof: await registrarD.sign(transactions.RegisterPatient, input) }] as const;
    }

    it('carries nothing through its own node, and its doctor opens nothing more', async () => {
      const input = newRegistration(d.member.mspId, known.patient.firstKeyHash);
      expect(await endOf(carry(clientOfD, transactions.RegisterPatient, input, { sign: registrarD.sign }))).toBe('LEDGER_UNAVAILABLE');
      expect(await endOf(known.ask(clinicianD, { recordIds: [recordId] }))).toBe('LEDGER_UNAVAILABLE');
      const again = clientOfD.readDocument(
        {
          ...{ ...ticketOfD, recordId, pseudonym: known.pseudonym, network: scenario.network, mspId: mspIdSchema.parse(D) },
          witness: scenario.client(scenario.a),
        },
        clinicianD.sign,
      );
      expect(await endOf(again)).toBe('LEDGER_UNAVAILABLE');
    });

    it('is no member to the others’ nodes, and nobody else carries for its staff', async () => {
      const { cipherSha256 } = await known.see(transactions.GetRecord, { pseudonym: known.pseudonym, recordId });
      const sealed = { method: 'GET', path: `/v1/objects/${cipherSha256}`, headers: { 'lianyi-ticket': ticketOfD.ticketId } } as const;
      const release = {
        method: 'POST',
        path: '/v1/keys:release',
        body: JSON.stringify({ ticketId: ticketOfD.ticketId, recordId }),
      } as const;
      for (const member of hospitals()) {
        await waitUntil(
          'its TLS authority is forgotten',
          async () => (await scenario.askMember(d, member, sealed)) === 'NOT_AUTHENTICATED',
          10_000,
        );
        expect(await scenario.askMember(d, member, release)).toBe('NOT_AUTHENTICATED');
      }
      const input = newRegistration(d.member.mspId, known.patient.firstKeyHash);
      expect(await refusalOf(carry(scenario.client(scenario.a), transactions.RegisterPatient, input, { sign: registrarD.sign }))).toBe(
        'PROOF_MISMATCH',
      );
    });

    it('took nothing with it that the others had: A’s record opens for B, C and A’s own staff', async () => {
      await known.grant([permission()]);
      const ticket = await known.ask(staff.cardiologistB, { recordIds: [recordId] });
      expect(laboratoryReport.equals((await known.read(staff.cardiologistB, ticket, recordId)).bytes)).toBe(true);
    });

    it('leaves its record at the replica, whole; the key to it stays with D, so only what was handed over opens', async () => {
      const { acts, consortium, a } = scenario;
      const { cipherSha256 } = await acts.showRecord(staff.clinicianA.profile, pseudonymD, recordOfD);
      expect(() => ReplicaFile.find(consortium.data, a.member.mspId, cipherSha256)).not.toThrow();
      // D's patient may still command through any member, and A may still ask; but nobody can release D's key
      const { ticketId, decision } = await askAtA();
      expect(decision).toBe('permit');
      const read = ['access', 'read', ticketId, '--record', recordOfD, '--out', consortium.data.file('too-late.json')];
      expect(await acts.attempt(staff.clinicianA.profile, ...read)).toBe('MEMBER_UNAVAILABLE');
      const ticket = await patientAtA.ask(staff.cardiologistB, { recordIds: [handedOver] });
      expect(imagingReport.equals((await patientAtA.read(staff.cardiologistB, ticket, handedOver)).bytes)).toBe(true);
    });

    it('kept nobody from working: all calls of the others succeeded while it left', async () => {
      await workday.end();
      process.stderr.write(`until after D had left: ${workday.summary()}\n`);
      expect(workday.failures).toEqual([]);
    });

    it('keeps what it had: its ledger until it left, its own records and keys, and what its staff opened', () => {
      const files = foldersOf(scenario, newcomer.domain, D).flatMap(filesBelow);
      // honestly: nothing of this can be taken back
      expect(files.some((file) => file.includes('vault'))).toBe(true);
      expect(leaksBelow(scenario.consortium.data.node(D), planted)).toEqual([]);
    });
  });
});
