import { newPrivateKey } from '@lianyi/client';
import { canonicalJson, encodeBase64url, type Proof, pseudonymSchema, recordIdSchema, sha256, versionIdentityOf } from '@lianyi/domain';
import { type Attack, type AttackOutcome } from '../attack';
import { anchorOf, nonce, openedFrom, released, reportOf, sealed, standIn } from '../stand-in-nodes';

const network = { channel: 'emr', genesis: sha256('block 0') };
const ids = { pseudonym: pseudonymSchema.parse('patient-1'), recordId: recordIdSchema.parse('record-1') };
const version = versionIdentityOf(network, { ...ids, version: 1 });
const trueReport = reportOf('what the hospital published');
const forgedReport = reportOf('what the node made up');

/** The reader's own node serves a report that it made up; another member's node says truly what the ledger has. */
async function forgeryIsRead(): Promise<boolean> {
  const ephemeralKey = newPrivateKey();
  const { witnessed } = await released(await sealed(trueReport, version), version, ephemeralKey);
  const made = await sealed(forgedReport, version);
  const { header } = await released(made, version, ephemeralKey);
  const opened = await openedFrom({ header, ciphertext: made.ciphertext, witnessed }, version, ephemeralKey);
  return opened !== undefined && Buffer.from(opened.bytes).equals(forgedReport);
}

/** The publisher's own node hands back an input with lowered labels and another patient. */
async function foreignInputIsSigned(): Promise<boolean> {
  const object = await sealed(trueReport, version);
  const foreign = { ...(await anchorOf(object, version)), pseudonym: 'another-patient', dataLevel: 1 };
  let isSigned = false;
  const signing = (_transaction: unknown, signed: unknown): Proof => {
    isSigned ||= canonicalJson(signed) === canonicalJson(foreign);
    return {} as Proof; // the stand-ins for nodes look at no proof
  };
  const prepared = { transaction: 'AnchorRecord', input: foreign, contentSalt: encodeBase64url(object.salt) as never } as const;
  await standIn({})
    .publishRecord({ network, ...ids, nonce, bytes: trueReport }, prepared, signing)
    .catch(() => undefined);
  return isSigned;
}

async function run(): Promise<AttackOutcome> {
  const [isRead, isSigned] = [await forgeryIsRead(), await foreignInputIsSigned()];
  return {
    succeeded: isRead || isSigned,
    seen: `a made-up report ${isRead ? 'was opened' : 'was not opened'}; another patient’s input ${isSigned ? 'was signed' : 'was not signed'}`,
  };
}

/** Either half is the attack. */
export const lyingNode: Attack = {
  id: 'M4',
  title: 'a member node has its reader believe a report that it made up, and its publisher sign another patient’s record',
  defences: [
    { file: 'application/client/src/member-api/released-document.ts', name: 'assertWitnessed', body: '' },
    { file: 'application/client/src/member-api/publication.ts', name: 'publicationOf', body: 'return prepared.input;' },
  ],
  networks: ['embedded'],
  run,
};
