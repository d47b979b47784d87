import { createHash } from 'node:crypto';
import { OrganizationDefinition, signedDefinitionsIn } from '@lianyi/fabric-protocol';
import { type BlockCall } from '../gateway/block-call';
import { type AlarmFact } from './patient-facts';

/** SHA-256 of a definition, base64url: how it is called in alarms and in `node.json`. */
export const hashOfDefinition = (definition: Uint8Array): string => createHash('sha256').update(definition).digest('base64url');

/** Whether an administrator of an organisation, by the definition agreed so far, has signed another one. */
export type IsSigned = (mspId: string, definition: Buffer, agreed: OrganizationDefinition) => boolean;

/** Definitions kept built; a consortium has some tens. */
const MOST_KEPT = 256;

/** Definitions of organisations, each built once as long as there are few. */
export class BuiltDefinitions {
  readonly #built = new Map<string, OrganizationDefinition>();

  of(definition: Buffer): OrganizationDefinition {
    const hash = hashOfDefinition(definition);
    const built = this.#built.get(hash) ?? new OrganizationDefinition(definition);
    if (this.#built.size >= MOST_KEPT) this.#built.clear();
    this.#built.set(hash, built);
    return built;
  }
}

/**
 * Which definitions an update of the configuration has signed. Who follows blocks takes each update once, by its hash: who can have one committed again would
 * go back to what its signer has changed since.
 */
export function signaturesIn(envelope: Uint8Array): { readonly updateHash: Buffer; readonly isSigned: IsSigned } | undefined {
  const signed = signedDefinitionsIn(envelope);
  if (signed === undefined) return undefined;
  const isSigned: IsSigned = (mspId, definition, agreed) =>
    signed.definitions.get(mspId)?.equals(definition) === true && signed.signatures.some((each) => agreed.isSignedByAdministrator(each));
  return { updateHash: signed.updateHash, isSigned };
}

/**
 * Who an organisation's name is for after a configuration: its first definition stands until one of its own administrators has signed another one (ADR 0041).
 * @param agreed - the definition that counted so far; undefined: no configuration has named it yet
 * @returns the one that counts now, and whether the present one admits who is not of the organisation by it
 */
export function judgeName(
  agreed: Buffer | undefined,
  { mspId, definition }: { readonly mspId: string; readonly definition: Buffer },
  { built, isSigned }: { readonly built: BuiltDefinitions; readonly isSigned: IsSigned },
): { readonly agreed: Buffer; readonly isTaken: boolean } {
  if (agreed === undefined || isSigned(mspId, definition, built.of(agreed))) return { agreed: definition, isTaken: false };
  return { agreed, isTaken: built.of(definition).admitsMoreThan(built.of(agreed)) };
}

/** Tells of a name that a configuration has taken. */
export function nameTaken(mspId: string, definition: Uint8Array): AlarmFact {
  return { kind: 'alarm', alarm: 'name-without-word', detail: `${mspId} ${hashOfDefinition(definition)}` };
}

const NOBODY = '';

/**
 * The same call, by nobody's client if its client only bears the name of the organisation.
 * @param agreed - for whom the name is; undefined: no peer takes a client of an organisation that no configuration has named yet
 */
export function withoutFalseName(call: BlockCall, agreed: OrganizationDefinition | undefined): BlockCall {
  const isTheirs = agreed?.hasIssued(Buffer.from(call.creatorCertificate).toString('latin1')) ?? true;
  return isTheirs ? call : { ...call, creatorMspId: NOBODY };
}
