import { join } from 'node:path';
import { type StaffSession } from '@lianyi/client/node';
import { scratchDirectory } from '@lianyi/test/support/scratch-directory';
import { type DomainError, linkIdSchema, type SignedRequest, type TransactionEntry } from '@lianyi/domain';
import { MemoryHospital } from '../hl7.fixture';
import { Journal } from '../journal/journal';
import { merges, fileMerge } from '../journal/merges';
import { confirmFiledMerge, type DecidingRegistrar, dismissFiledMerge } from './decide-merge';

const prior = { system: 'mrn', value: '7' };
const survivor = { system: 'mrn', value: '8' };

describe('a merge that a message has proposed', () => {
  let journal: Journal;
  let hospital: MemoryHospital;
  let sent: SignedRequest<TransactionEntry>[];
  let mergeId = '';
  beforeEach(() => {
    journal = new Journal(join(scratchDirectory(), 'journal.sqlite'));
    hospital = new MemoryHospital();
    sent = [];
    fileMerge(journal, 1, { prior, survivor });
    mergeId = merges(journal)[0]?.mergeId ?? '';
  });
  afterEach(() => {
    journal.close();
  });
  const linkId = linkIdSchema.parse('link-1');
  // no more of a session is used
  const session = {
    node: { linkIdOf: () => Promise.resolve(linkId) },
    ledger: { submit: (request: SignedRequest<TransactionEntry>) => Promise.resolve(sent.push(request)) },
  } as unknown as StaffSession;
  const registrar = (actorTag = 'registrar-1'): DecidingRegistrar => ({ actorTag, session, hospital, interfaceTags: ['hl7-engine'] });

  it('links the surviving number to the pseudonym of the prior one, by the registrar’s signature', async () => {
    expect(await confirmFiledMerge(journal, mergeId, registrar())).toMatchObject({ effect: 'linked' });
    expect(sent).toMatchObject([{ entry: { name: 'LinkIdentifier' }, input: { linkId }, transient: { ...survivor, pseudonym: 'psn-1' } }]);
    expect(merges(journal)).toMatchObject([{ state: 'merged', decidedBy: 'registrar-1' }]);
  });

  it.each<readonly [string, string, readonly (readonly [string, string])[]]>([
    ['already', 'both are linked to one pseudonym', [['8', 'psn-1']]],
    ['apart', 'each is linked to another pseudonym', [['8', 'psn-8']]],
    ['apart', 'neither is linked', [['7', '']]],
  ])('changes nothing (%s) where %s', async (effect, _what, links) => {
    for (const [number, pseudonym] of links) {
      if (pseudonym === '') hospital.linked.delete(number);
      else hospital.linked.set(number, pseudonym);
    }
    expect(await confirmFiledMerge(journal, mergeId, registrar())).toMatchObject({ effect });
    expect(sent).toEqual([]);
  });

  it('is not decided by the interface itself, nor by who is no registrar, nor twice', async () => {
    const code = async (attempt: Promise<unknown>): Promise<string> =>
      attempt.then(
        () => 'done',
        (error: unknown) => (error as DomainError).code,
      );
    expect(await code(confirmFiledMerge(journal, mergeId, registrar('hl7-engine')))).toBe('SECOND_PERSON_NEEDED');
    expect(await code(dismissFiledMerge(journal, mergeId, registrar('hl7-engine')))).toBe('SECOND_PERSON_NEEDED');
    const noRegistrar = { pseudonymOf: () => Promise.reject(new Error('NOT_PERMITTED')) };
    for (const decide of [confirmFiledMerge, dismissFiledMerge])
      await expect(decide(journal, mergeId, { ...registrar(), hospital: noRegistrar })).rejects.toThrow('NOT_PERMITTED');
    expect(merges(journal)).toMatchObject([{ state: 'mergeProposed' }]);
    await dismissFiledMerge(journal, mergeId, registrar());
    expect(await code(confirmFiledMerge(journal, mergeId, registrar()))).toBe('ILLEGAL_STATE');
    expect(sent).toEqual([]);
  });
});
