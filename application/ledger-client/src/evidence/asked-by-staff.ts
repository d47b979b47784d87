import {
  type Actor,
  assertMayAct,
  bindingOf,
  checkStaffStatement,
  type Instant,
  instantOf,
  mayCall,
  type MspId,
  mspIdSchema,
  parseArgument,
  type Proof,
  sha256,
  type Sha256,
  staffActor,
  statementHashOf,
  type Transaction,
  transactionByName,
} from '@lianyi/domain';
import { isOneCertificate } from '@lianyi/domain/deciding';
import { bytesOf, type Certificate, parseCertificate } from '@lianyi/fabric-protocol';
import { type BlockCall } from '../gateway/block-call';
import { type KnownMembers } from './member-facts';
import { attempt } from './strangers-json';

/** What somebody of an organisation has asked for, with a client of that organisation. */
export interface Asked {
  readonly entry: Transaction;
  readonly input: unknown;
  readonly requestHash: Sha256;
  readonly mspId: MspId;
  readonly actor: Actor;
  /** The time of the proposal, by which the chaincode goes. */
  readonly at: Instant;
  /** The hash of the statement that was signed; undefined where the client's own certificate says who asks. */
  readonly statementHash: Sha256 | undefined;
}

/**
 * What a transaction's client asked for, if whoever asked may ask for it as far as that person's own organisation says; undefined otherwise.
 *
 * The client's signature stands under the transaction, and every peer has checked it: no majority of others can make one. Whoever acts
 * through that client is known by a signature of their own and a staff entry that the organisation itself has made, in the end by an
 * administrator's certificate: an entry that others have written names nobody.
 */
export async function askedIn(
  call: BlockCall,
  network: { readonly chaincode: string; readonly genesis: Sha256 },
  known: Pick<KnownMembers, 'staffOf' | 'staffWithKey'>,
): Promise<Asked | undefined> {
  const [name = '', argument = ''] = call.args;
  const entry = transactionByName(name);
  const mspId = mspIdSchema.safeParse(call.creatorMspId).data;
  if (entry?.kind !== 'submit' || mspId === undefined) return undefined;
  const parsed = attempt(() => parseArgument(entry, argument));
  const carrier = certificateIn(call.creatorCertificate);
  if (parsed === undefined || carrier === undefined) return undefined;
  const { input, proof, requestHash } = parsed;
  const asking = { carrier, mspId, at: instantOf(call.proposedAtMillis) };
  const binding = bindingOf({ channel: call.channel, ...network }, entry, requestHash);
  const actor = proof === undefined ? await byCertificate(asking, known) : await byProof(asking, { proof, binding }, known);
  if (actor === undefined || !mayCall(entry, actor)) return undefined;
  const statementHash = proof && statementHashOf(proof.statement);
  return { entry, input, requestHash, mspId, actor, at: asking.at, statementHash };
}

/** The certificate that an identity is; what holds more or less is nobody's, whatever a reader may find in it. */
function certificateIn(idBytes: Uint8Array): Certificate | undefined {
  return isOneCertificate(idBytes) ? parseCertificate(bytesOf(idBytes).toString('latin1')) : undefined;
}

interface Asking {
  readonly carrier: Certificate;
  readonly mspId: MspId;
  readonly at: Instant;
}

async function byProof(
  { mspId, at }: Asking,
  { proof, binding }: { readonly proof: Proof; readonly binding: ReturnType<typeof bindingOf> },
  known: Pick<KnownMembers, 'staffOf'>,
): Promise<Actor | undefined> {
  if (proof.kind !== 'staff') return undefined;
  const entry = await known.staffOf(mspId, proof.statement.actorTag);
  const staff = entry?.isProven === true ? entry.said : undefined;
  if (
    staff === undefined ||
    !passes(() => {
      checkStaffStatement(proof, { ...binding, now: at, carrierMspId: mspId }, staff);
    })
  )
    return undefined;
  return staffActor(staff);
}

/** An administrator, or the staff member whose key the certificate has. @remarks As the chaincode does: chaincode/src/dispatch/carrier.ts. */
async function byCertificate({ carrier, mspId, at }: Asking, known: Pick<KnownMembers, 'staffWithKey'>): Promise<Actor | undefined> {
  const keyHash = sha256(carrier.publicKey.export({ type: 'spki', format: 'der' }));
  if (carrier.organizationalUnits.includes('admin')) return { kind: 'administrator', mspId, keyHash };
  if (!carrier.organizationalUnits.includes('client')) return undefined;
  const staff = await known.staffWithKey(mspId, keyHash);
  return staff !== undefined &&
    passes(() => {
      assertMayAct(staff, at);
    })
    ? staffActor(staff)
    : undefined;
}

function passes(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false; // a refusal, or times of strangers from which no window can be reckoned
  }
}
