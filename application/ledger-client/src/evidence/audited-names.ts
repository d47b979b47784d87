import { definitionsIn, OrganizationDefinition, signedDefinitionsIn } from '@lianyi/fabric-protocol';
import { createHash } from 'node:crypto';
import { type FollowedBlock } from '../gateway/block-follower';
import { type BlockCall } from '../gateway/block-call';
import { type AlarmFact } from './patient-facts';

interface Name {
  /** The first definition, or the last that one of its own administrators has signed. */
  readonly agreed: Buffer;
  /** As the newest configuration has it; empty while it has none. */
  readonly present: Buffer;
  /** Whether the present one admits who is not of the organisation by the agreed one. */
  readonly isTaken: boolean;
}

/**
 * Who each organisation's name is for, as a node's index follows it (ADR 0041): a majority can give itself a name by the channel's configuration,
 * and nobody is of an organisation by that alone.
 */
export class AuditedNames {
  readonly #names = new Map<string, Name>();
  readonly #built = new Map<string, OrganizationDefinition>();
  readonly #seen = new Set<string>();

  /** Takes over the configuration of a block, if it brings one, and tells which names it takes. To be called for every block, in order. */
  follow({ configuration, transactions: [transaction] }: Pick<FollowedBlock, 'configuration' | 'transactions'>): readonly AlarmFact[] {
    if (configuration === undefined || transaction === undefined) return [];
    const present = definitionsIn(configuration);
    const isSigned = this.#signaturesIn(transaction.envelope);
    for (const [mspId, name] of this.#names)
      if (!present.has(mspId)) this.#names.set(mspId, { ...name, present: Buffer.alloc(0), isTaken: false });
    const alarms: AlarmFact[] = [];
    for (const [mspId, definition] of present) {
      const known = this.#names.get(mspId);
      const name = this.#judge(known, mspId, definition, isSigned);
      this.#names.set(mspId, name);
      if (!name.isTaken || (known?.isTaken === true && definition.equals(known.present))) continue;
      alarms.push({ kind: 'alarm', alarm: 'name-without-word', detail: `${mspId} ${hashOf(definition)}` });
    }
    return alarms;
  }

  /** The same call, by nobody's client if its client only bears the name of the organisation. */
  withoutFalseName(call: BlockCall): BlockCall {
    const name = this.#names.get(call.creatorMspId);
    // no peer takes a client of an organisation that no configuration has named yet
    const isTheirs = name === undefined || this.#build(name.agreed).hasIssued(Buffer.from(call.creatorCertificate).toString('latin1'));
    return isTheirs ? call : { ...call, creatorMspId: '' };
  }

  #judge(known: Name | undefined, mspId: string, definition: Buffer, isSigned: IsSigned): Name {
    if (known === undefined) return { agreed: definition, present: definition, isTaken: false };
    const agreed = this.#build(known.agreed);
    if (isSigned(mspId, definition, agreed)) return { agreed: definition, present: definition, isTaken: false };
    return { agreed: known.agreed, present: definition, isTaken: this.#build(definition).admitsMoreThan(agreed) };
  }

  /** An update counts once, as in an index. */
  #signaturesIn(envelope: Uint8Array): IsSigned {
    const signed = signedDefinitionsIn(envelope);
    const hash = signed?.updateHash.toString('base64url') ?? '';
    if (signed === undefined || this.#seen.has(hash)) return () => false;
    this.#seen.add(hash);
    return (mspId, definition, agreed) =>
      signed.definitions.get(mspId)?.equals(definition) === true && signed.signatures.some((each) => agreed.isSignedByAdministrator(each));
  }

  #build(definition: Buffer): OrganizationDefinition {
    const hash = hashOf(definition);
    const built = this.#built.get(hash) ?? new OrganizationDefinition(definition);
    this.#built.set(hash, built);
    return built;
  }
}

/** Whether an administrator of an organisation, by the definition agreed so far, has signed another one. */
type IsSigned = (mspId: string, definition: Buffer, agreed: OrganizationDefinition) => boolean;

const hashOf = (definition: Uint8Array): string => createHash('sha256').update(definition).digest('base64url');
