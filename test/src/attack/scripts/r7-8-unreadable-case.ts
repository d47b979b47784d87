import { type DuplicateCase, duplicateCaseIdSchema, type Ledger, Refused, type SealedToBoth } from '@lianyi/domain';
import { Duplicates } from '@lianyi/member-node/testing';
import { type Attack, type AttackOutcome } from '../attack';
import { refusedWith } from '../staff';
import { hospitals, keyInMemory, network, RegistrarInMemory } from '../registrar-in-memory';

const [A, B, C] = hospitals;
const garbage = {
  ...{ caseId: duplicateCaseIdSchema.parse('u-1'), openerMspId: B, partnerMspId: A, state: 'dismissed' },
  opened: [A, B].map((mspId) => ({ mspId, organisationKeyEpoch: 1, sealed: 'A'.repeat(792) })) as SealedToBoth,
} as unknown as DuplicateCase; // what is read of one

/** B and C know a number that A looks for. B has opened a case with A, in which there is nothing that opens. */
async function run(): Promise<AttackOutcome> {
  const registrar: RegistrarInMemory = new RegistrarInMemory({
    keys: [keyInMemory('f-1', 1, Date.now())],
    showing: (_question, right) => right,
    cases: [garbage],
    readCase: (caseId) => nodeOfA.read(caseId),
  });
  const ledger = {
    evaluate: ({ entry }: { readonly entry: { readonly name: string } }) =>
      entry.name === 'GetDuplicateCase' ? Promise.resolve(garbage) : Promise.reject(new Refused('NOT_FOUND', 'no such tag', {})),
  } as unknown as Ledger; // the two questions of the node
  const nodeOfA = new Duplicates({ mspId: A, network, privateKey: registrar.privateKeyOf(A) }, ledger);
  const refused = await refusedWith(registrar.look());
  const withC = registrar.opened.some(({ partnerMspId }) => partnerMspId === C);
  return { succeeded: !withC, seen: withC ? 'there is a case with C' : `there is no case with C: ${refused ?? 'nothing was said'}` };
}

export const unreadableCase: Attack = {
  id: 'R7-8',
  title: 'a hospital writes one case that does not open, and another finds no duplicates with anybody any more',
  defences: [
    {
      file: 'application/client/src/matching/find-duplicates.ts',
      name: 'casesOf',
      body: [
        'const [found, { items: known, unreadable }] = [[], await everyCase(by)];',
        'for (const pair of proved) found.push(await caseOf(by, pair, link, known));',
        'return { found, silent: [], unreadable };',
      ].join(' '),
    },
    {
      file: 'application/member-node/src/matching/duplicates.ts',
      name: 'Duplicates.#note',
      body: 'return openDuplicateNote(sealed, { network: this.own.network, caseId, step }, this.own);',
    },
  ],
  networks: ['embedded'],
  run,
};
