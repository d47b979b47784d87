import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type RequestSigner, staffProofs } from '@lianyi/client';
import { loadKeyFile } from '@lianyi/client/node';
import { actorTagSchema, hashOfJson, mspIdSchema, transactions } from '@lianyi/domain';
import { organizationDir } from '@lianyi/workbench';
import { filesBelow } from '../architecture/source-files';
import { carry } from './carry';
import { type Marker, newMarker } from './canary';
import { privateScalarsIn } from './kept-secrets';
import { type Roster } from './roster';
import { networkKind, newId, type Scenario } from './scenario';

/** How many of {@link plantSecrets}'s secrets lie in A's private data; they come first. */
export const PRIVATE_VALUES = 3;

/**
 * Puts an identity number into A's private data, where the sealed key of a record is already.
 * @returns both, and every private key of the consortium so far
 */
export async function plantSecrets(
  scenario: Scenario,
  staff: Roster,
  record: { readonly pseudonym: string; readonly recordId: string },
): Promise<readonly Marker[]> {
  const { registrarA } = staff;
  const transient = transactions.LinkIdentifier.transient.parse({
    ...{ linkId: newId(), pseudonym: record.pseudonym, system: 'insurance' },
    ...{ value: newMarker('310101'), salt: randomBytes(32).toString('base64url') },
  });
  const input = { linkId: transient.linkId, transientSha256: hashOfJson(transient) };
  await carry(registrarA.client, transactions.LinkIdentifier, input, { sign: registrarA.sign, transient });
  const sign = await keyServiceOfA(scenario, staff);
  const { result } = await carry(scenario.client(scenario.a), transactions.GetEnvelope, { ...record, keyEpoch: 1 }, { sign });
  return [transient.value, transient.salt, result.envelope.ciphertext, ...privateKeys(scenario)];
}

/** Everything that belongs to a hospital: its certificates and keys, its member node, and where it has one of its own its peer. */
export function foldersOf({ consortium }: Scenario, domain: string, mspId: string): readonly string[] {
  const { data } = consortium;
  const peers = networkKind === 'fabric' ? [join(data.network, 'fabric', 'nodes', `peer0.${domain}`)] : [];
  return [join(data.network, 'organizations', 'peerOrganizations', domain), data.node(mspId), ...peers];
}

async function keyServiceOfA({ consortium, a, network }: Scenario, staff: Roster): Promise<RequestSigner> {
  const { mspId } = a.member;
  const privateKey = await loadKeyFile(join(consortium.data.node(mspId), 'key-service.pem'));
  return staffProofs({ network, mspId: mspIdSchema.parse(mspId), actorTag: actorTagSchema.parse(staff.keyServiceTagA), privateKey });
}

/** Every private key of the members and their nodes, as the bytes that would give it away. */
function privateKeys({ consortium, a, b, c }: Scenario): readonly Buffer[] {
  const folders = [a, b, c].flatMap(({ member }) => [organizationDir(consortium.context, member), consortium.data.node(member.mspId)]);
  return privateScalarsIn(folders.flatMap((folder) => filesBelow(folder)));
}
