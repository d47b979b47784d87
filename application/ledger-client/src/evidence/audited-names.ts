import { definitionsIn } from '@lianyi/fabric-protocol';
import { type FollowedBlock } from '../gateway/block-follower';
import { type BlockCall } from '../gateway/block-call';
import { BuiltDefinitions, type IsSigned, judgeName, nameTaken, signaturesIn, withoutFalseName } from './name-rule';
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
  readonly #built = new BuiltDefinitions();
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
      const name = { ...judgeName(known?.agreed, { mspId, definition }, { built: this.#built, isSigned }), present: definition };
      this.#names.set(mspId, name);
      if (!name.isTaken || (known?.isTaken === true && definition.equals(known.present))) continue;
      alarms.push(nameTaken(mspId, definition));
    }
    return alarms;
  }

  /** The same call, by nobody's client if its client only bears the name of the organisation. */
  withoutFalseName(call: BlockCall): BlockCall {
    const name = this.#names.get(call.creatorMspId);
    return withoutFalseName(call, name && this.#built.of(name.agreed));
  }

  /** An update counts once, as in an index. */
  #signaturesIn(envelope: Uint8Array): IsSigned {
    const signed = signaturesIn(envelope);
    const hash = signed?.updateHash.toString('base64url') ?? '';
    if (signed === undefined || this.#seen.has(hash)) return () => false;
    this.#seen.add(hash);
    return signed.isSigned;
  }
}
