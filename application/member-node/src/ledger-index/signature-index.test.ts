import { canonicalJson, instantOf, mspIdSchema, sha256, transactions } from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import { brokenBy, written } from './broken-glass.fixture';
import { hired, nonce, NOW, person, type Person, pseudonym, recordId, signedBy, ticketIdFor } from './member-chain.fixture';
import { MINUTE, type PatientChain, usePatientChain } from './patient-chain.fixture';

const neurologist = person('BMSP', 'neurologist', ['clinician'], ['neurology']);
const surgeon = person('BMSP', 'surgeon', ['clinician'], ['surgery']);
const colleague = person('BMSP', 'colleague', ['clinician'], ['neurology']);
const elsewhere = person('CMSP', 'surgeon', ['clinician'], ['surgery']);
const mallory = person('BMSP', 'mallory', ['clinician'], ['surgery']);
const ticketId = ticketIdFor(neurologist);
const second = surgeon.actorTag;
const emergency = { scope: 'full', second };

const entry = (changes: object = {}, signer: string = second): Record<string, string> => {
  const origin = { requestHash: sha256('a request'), actor: { kind: 'staff', mspId: 'BMSP', actorTag: signer } };
  const asker = { mspId: mspIdSchema.parse('BMSP'), actorTag: neurologist.actorTag };
  const of = { schemaVersion: 1, ticketId, pseudonym, recordIds: [recordId], asker, signer, signedAt: instantOf(NOW) };
  const value = canonicalJson({ ...of, until: instantOf(NOW + 30 * MINUTE), origin, ...changes });
  return { [`\u0000emergencySignature\u0000${ticketId}\u0000${signer}\u0000`]: value };
};
const signed = (by: Person = surgeon, writes: Call['writes'] = entry(), time = NOW): Call => {
  const input = { ticketId, nonce, pseudonym, recordIds: [recordId], asker: neurologist.actorTag };
  return signedBy(by, transactions.CountersignEmergency, input, writes, time);
};

describe('whether a countersignature is the word of a second person', () => {
  const used = usePatientChain();
  let chain: PatientChain;
  beforeEach(async () => {
    chain = used();
    await chain.add(hired(neurologist), hired(surgeon), hired(colleague), hired(elsewhere));
  });
  const word = (): Promise<string> => chain.wordOn(neurologist, written({ emergency }));
  const broken = (): Call => brokenBy(neurologist, { emergency }, { second });
  /** What the node tells; an auditor tells the same. */
  const told = (): readonly string[] => {
    expect(chain.audit.report().alarms.map(({ name }) => name)).toEqual(chain.names());
    return chain.names();
  };

  it('is where one has signed, and the permit names them as the request does', async () => {
    await chain.add(signed(), broken());
    expect([told(), await word()]).toEqual([[], 'given']);
  });

  it.each<readonly [string, () => Call, string]>([
    ['nobody has signed', () => chain.forged(entry()), 'signature-without-command'],
    ['somebody signs whom nobody has registered', () => signed(mallory, entry({}, second)), 'signature-without-command'],
    ['the asker signs', () => signed(neurologist), 'signature-not-as-commanded'],
    ['a colleague of their department signs', () => signed(colleague), 'signature-not-as-commanded'],
    ['somebody of another hospital signs', () => signed(elsewhere), 'signature-not-as-commanded'],
    ['it was signed long ago', () => signed(surgeon, entry(), NOW - 10 * MINUTE), 'signature-without-command'],
    [
      'it is for more records than was said',
      () => signed(surgeon, entry({ recordIds: [recordId, 'z-more'] })),
      'signature-not-as-commanded',
    ],
    ['it is for longer than was said', () => signed(surgeon, entry({ until: instantOf(NOW + 31 * MINUTE) })), 'signature-not-as-commanded'],
    ['others have deleted it', () => chain.forged({ [Object.keys(entry())[0] ?? '']: null }), 'signature-without-command'],
  ])('is not where %s', async (_what, call, alarm) => {
    await chain.add(call(), broken());
    expect([told(), await word()]).toEqual([[alarm], 'signature']);
  });

  it.each([
    ['a millisecond before its end', 30 * MINUTE - 1, 'given'],
    ['at its end', 30 * MINUTE, 'signature'],
    ['months later', 90 * 24 * 60 * MINUTE, 'signature'],
  ])('opens %s what its words open then', async (_when, after, is) => {
    const at = NOW + after;
    const changes = { emergency, requestedAt: instantOf(at), expiresAt: instantOf(at + 60 * MINUTE) };
    await chain.add(signed());
    chain.now = at;
    await chain.add(brokenBy(neurologist, changes, { second }, at));
    expect([told(), await chain.wordOn(neurologist, written(changes))]).toEqual([[], is]);
  });

  it('is not where nothing is signed at all, nor where others write over what was', async () => {
    await chain.add(broken());
    expect(await word()).toBe('signature');
    await chain.add(signed());
    expect(await word()).toBe('given');
    await chain.add(chain.forged(entry({ recordIds: [recordId, 'z-more'] })));
    expect(await word()).toBe('signature');
  });

  it('is not told of a permit that names another than the request does', async () => {
    await chain.add(signed(), brokenBy(neurologist, { emergency }, {}));
    expect([told(), await word()]).toEqual([['ticket-not-as-requested'], 'request']);
  });

  const value = { '1': 'alone', '2': 'alone', '3': 'alone', '4': 'alone', '5': 'countersigned' };
  const parameter = { schemaVersion: 1, setting: { name: 'emergency-signers', value }, version: 2, number: 1, adoptedAt: instantOf(NOW) };
  it.each([
    ['loosens level 5, nothing of level 3', canonicalJson(parameter), 'given'],
    ['nobody can read, all', '{}', 'emergency-signers'],
  ])('is asked for by what the members have set: what others have written that %s stops', async (_what, written, is) => {
    await chain.add(signed(), broken(), chain.forged({ '\u0000accessParameter\u0000emergency-signers\u0000': written }));
    expect([told(), await word()]).toEqual([['parameter-without-command'], is]);
  });
});
