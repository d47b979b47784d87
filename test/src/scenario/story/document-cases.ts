import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transactions } from '@lianyi/domain';
import { PatientCase, permission } from '../patient-case';
import { type Roster } from '../roster';
import { networkKind, repositoryRoot, type Scenario, type StaffMember } from '../scenario';
import { type GetWorld } from './world';

/** Real and synthetic FHIR R4 documents gathered for the project, three whole patient histories among them. */
const gathered = join(repositoryRoot, '..', 'shared', 'data', 'fhir');
const shipped = join(repositoryRoot, 'application', 'examples');
const folder = existsSync(gathered) ? gathered : shipped;
if (folder === shipped) process.stderr.write(`documents: there is no ${gathered}; the two shipped examples stand in\n`);
const all = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.json'))
  .sort();
/** Every document is looked at by the unit tests of `application/documents`; here more than one request may name, of each folder and the largest, or each one. */
const files = process.env['LIANYI_DEEP'] === '1' || networkKind === 'fabric' ? all : sample(all);

function sample(names: readonly string[]): readonly string[] {
  const sizeOf = (name: string): number => statSync(join(folder, name)).size;
  const largest = names.toSorted((one, other) => sizeOf(other) - sizeOf(one)).slice(0, 2);
  const firsts = names.filter((name, place) => place % 8 === 0 || dirname(name) !== dirname(names[place - 1] ?? '/'));
  return [...new Set([...firsts, ...largest])];
}

/** As many records as one request for access may name. */
const RECORDS_PER_REQUEST = 16;

export function documentCases(world: GetWorld): void {
  let staff: Roster;
  /** Reads nothing else: what a reading leaves behind is looked for. */
  let reader: StaffMember;
  let known: PatientCase;
  const started = (): Scenario => world().scenario;

  beforeAll(async () => {
    staff = world().staff;
    reader = await started().hire(started().b, 'clinician', 'cardiology');
    known = await PatientCase.related(started(), staff);
    await known.grant([permission({ maxDataLevel: 5, confidentiality: ['U', 'L', 'M', 'N', 'R', 'V'] })]);
  });

  describe('of every kind', () => {
    const recordIds = new Map<string, string>();
    const tickets = new Map<string, string>();

    it('are there', () => {
      expect(all.length).toBeGreaterThanOrEqual(folder === gathered ? 52 : 2);
    });

    it.each(files)('%s is published with two copies', async (name) => {
      const { acts, c } = started();
      const { recordId } = await acts.publish(staff.labA.profile, join(folder, name), known.pseudonym, [c.member.mspId]);
      recordIds.set(name, recordId);
      const record = await known.see(transactions.GetRecord, { pseudonym: known.pseudonym, recordId });
      expect(record).toMatchObject({ state: 'current', version: 1, custodianMspId: known.custodian });
      expect(record.locators.map(({ mspId }) => mspId)).toEqual([known.custodian, c.member.mspId]);
    });

    it('are permitted sixteen at a time', async () => {
      const names = [...recordIds.keys()];
      for (let from = 0; from < names.length; from += RECORDS_PER_REQUEST) {
        const group = names.slice(from, from + RECORDS_PER_REQUEST);
        const asked = group.map((name) => recordIds.get(name) ?? '');
        const request = { pseudonym: known.pseudonym, recordIds: asked, purpose: 'TREAT' };
        const decided = await started().acts.request(reader.profile, request);
        expect(decided).toMatchObject({ decision: 'permit' });
        for (const name of group) tickets.set(name, decided.ticketId);
      }
      expect(tickets.size).toBe(files.length);
    });

    it.each(files)('%s comes back byte for byte', async (name) => {
      const { acts, consortium } = started();
      const recordId = recordIds.get(name) ?? '';
      const file = consortium.data.file(`opened-${recordId}.json`);
      const opened = await acts.read(reader.profile, tickets.get(name) ?? '', recordId, file);
      const original = readFileSync(join(folder, name));
      expect(readFileSync(opened.file).equals(original)).toBe(true);
      expect(opened.sizeBytes).toBe(original.length);
    });

    it('leave the publisher free for others while a large one is checked', async () => {
      const { client, sign } = staff.labA;
      const bytes = Buffer.from(`{"resourceType":"Binary","contentType":"text/plain","data":"${'A'.repeat(1024 * 1024)}"}`);
      const ids = known.newRecordId();
      const document = { network: started().network, pseudonym: known.pseudonym, ...ids, bytes };
      const prepared = await client.prepareRecord(document, sign);
      let turns = 0;
      const turning = setInterval(() => (turns += 1), 1);
      // it signs when it has looked at the document, and goes no further here
      const signing = client.publishRecord(document, prepared, () => Promise.reject(new Error(`signs after ${String(turns)} turns`)));
      const refused: unknown = await signing.catch((error: unknown) => error);
      clearInterval(turning);
      // on one thread none passes: a check, and the hash of what it looked at, are one turn each at most
      expect(Number(/signs after (\d+) turns/.exec(String(refused))?.[1])).toBeGreaterThan(10);
    });

    it('leave no key of a ticket behind when all were read', () => {
      const { data } = started().consortium;
      expect(readdirSync(join(data.root, 'profiles', `${reader.profile}.data`, 'tickets'))).toEqual([]);
    });
  });

  describe('that are none', () => {
    const patient = '{"resourceType":"Patient","id":"p"}';
    const nested = `{"resourceType":"Patient","extension":${'[{"extension":'.repeat(70)}[]${'}]'.repeat(70)}}`;
    const large = (): Buffer =>
      Buffer.from(`{"resourceType":"Binary","contentType":"text/plain","data":"${'A'.repeat(50 * 1024 * 1024)}"}`);
    const cases: readonly (readonly [what: string, code: string, bytes: () => Buffer])[] = [
      ['JSON but not FHIR', 'DOCUMENT_NOT_FHIR', () => Buffer.from('{"name":"nobody"}')],
      ['a resource type R4 does not have', 'DOCUMENT_NOT_FHIR', () => Buffer.from('{"resourceType":"Diagnosis"}')],
      ['a list instead of a resource', 'DOCUMENT_NOT_FHIR', () => Buffer.from(`[${patient}]`)],
      ['a key twice', 'DOCUMENT_DUPLICATE_KEY', () => Buffer.from('{"resourceType":"Patient","id":"p","id":"q"}')],
      ['empty', 'DOCUMENT_EMPTY', () => Buffer.alloc(0)],
      ['50 MB', 'DOCUMENT_TOO_LARGE', large],
      ['Latin-1', 'DOCUMENT_NOT_UTF8', () => Buffer.from('{"resourceType":"Patient","id":"p","language":"é"}', 'latin1')],
      ['UTF-16', 'DOCUMENT_OTHER_FORMAT', () => Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(patient, 'utf16le')])],
      ['cut off', 'DOCUMENT_NOT_JSON', () => Buffer.from(patient.slice(0, -5))],
      ['nested without measure', 'DOCUMENT_TOO_DEEP', () => Buffer.from(nested)],
    ];

    /** Everything a refused document could have left behind. */
    async function traces(): Promise<{ objects: readonly string[]; blocks: number; records: number }> {
      const { acts, a, hospitals, consortium } = started();
      const vaults = hospitals.map(({ member }) => join(consortium.data.node(member.mspId), 'data', 'vault'));
      const objects = vaults.flatMap((vault) =>
        readdirSync(vault, { recursive: true, withFileTypes: true }).flatMap((entry) =>
          entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
        ),
      );
      const { blocks } = await acts.verifyChain(a.administrator, a.member.mspId);
      return { objects: objects.sort(), blocks, records: await countRecords() };
    }

    async function countRecords(): Promise<number> {
      let count = 0;
      for (let after: string | undefined; ;) {
        const page = { pseudonym: known.pseudonym, limit: 100, ...(after === undefined ? {} : { after }) };
        const { items, next } = await known.seeOwn(transactions.ListRecords, page);
        count += items.length;
        if (next === undefined) return count;
        after = next;
      }
    }

    let before: Awaited<ReturnType<typeof traces>>;
    beforeAll(async () => {
      before = await traces();
    });

    it.each(cases)('%s: is refused with %s', async (what, code, bytes) => {
      const { acts, consortium } = started();
      const file = consortium.data.file(`refused-${what.replaceAll(/[^A-Za-z0-9]/g, '-')}.json`);
      writeFileSync(file, bytes());
      expect(await acts.attempt(staff.labA.profile, 'record', 'publish', file, '--pseudonym', known.pseudonym)).toBe(code);
    });

    it('a good one is refused from whoever may not publish', async () => {
      const { acts, consortium } = started();
      const file = consortium.data.file('good.json');
      writeFileSync(file, patient);
      for (const who of [staff.clinicianA, staff.registrarA, staff.cardiologistB]) {
        expect(await acts.attempt(who.profile, 'record', 'publish', file, '--pseudonym', known.pseudonym)).toBe('NOT_PERMITTED');
      }
    });

    it('leave nothing behind: no object in any vault, no block, no record', async () => {
      const after = await traces();
      expect(after).toEqual(before);
      expect(after.records).toBe(files.length);
    });
  });
}
