import { newPrivateKey } from '@lianyi/client';
import { pseudonymSchema, recordIdOf, sha256, type VersionIdentity, versionIdentityOf } from '@lianyi/domain';
import { type Attack, type AttackOutcome } from '../attack';
import { custodian, nonce, openedFrom, released, reportOf, sealed } from '../stand-in-nodes';

const network = { channel: 'emr', genesis: sha256('block 0') };
const report = reportOf('of the first patient');

function firstVersionOf(patient: string, on = network): VersionIdentity {
  const pseudonym = pseudonymSchema.parse(patient);
  return versionIdentityOf(on, { pseudonym, recordId: recordIdOf({ mspId: custodian, pseudonym, nonce }), version: 1 });
}

/**
 * The custodian seals one object for the first patient and anchors it as `other` besides. It keeps the object and has its key, so whatever
 * the ledger asks of an anchor it can make, and every member's node says truly that this stands there.
 */
async function opensAs(other: VersionIdentity): Promise<boolean> {
  const object = await sealed(report, firstVersionOf('patient-1'));
  const ephemeralKey = newPrivateKey();
  const played = { ...(await released(object, other, ephemeralKey)), ciphertext: object.ciphertext };
  return (await openedFrom(played, other, ephemeralKey)) !== undefined;
}

async function run(): Promise<AttackOutcome> {
  const others = {
    'another patient': firstVersionOf('patient-2'),
    'a later version': { ...firstVersionOf('patient-1'), version: 2 },
    'another channel': firstVersionOf('patient-1', { ...network, channel: 'emr-2' }),
    'another network': firstVersionOf('patient-1', { ...network, genesis: sha256('another block 0') }),
  };
  if (!(await opensAs(firstVersionOf('patient-1')))) throw new Error('the object must open as what it was sealed for');
  const opened: string[] = [];
  for (const [what, other] of Object.entries(others)) if (await opensAs(other)) opened.push(what);
  return { succeeded: opened.length > 0, seen: `one object opens also for: ${opened.length === 0 ? 'nobody' : opened.join(', ')}` };
}

export const oneObjectForTwo: Attack = {
  id: 'L8',
  title: 'a custodian anchors one object for two patients or on two channels, and the reader of the second opens it',
  defences: [
    {
      file: 'application/client/src/envelope/data-key.ts',
      name: 'objectContext',
      body: 'return utf8(canonicalJson({ t: "lianyi/object/v1", contentType: identity.contentType }));',
    },
  ],
  networks: ['embedded'],
  run,
};
