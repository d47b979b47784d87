import { type Grantee, sha256Schema, type Sha256 } from '@lianyi/domain';
import { type ParsedBlock } from '../gateway/block';
import { CallsOfBlock } from '../gateway/block-call';
import { PatientCommands } from './patient-commands';
import { type AlarmName, type KnownPatients, type PatientFact, type RelationshipWord } from './patient-facts';

/** What was written about a patient without the patient's word, and where. */
export interface AuditedAlarm {
  readonly name: AlarmName;
  /** Left out where it is about nobody in particular. */
  readonly pseudonym?: string;
  readonly blockNumber: string;
  readonly transactionId: string;
  readonly detail?: string;
}

const nameOf = ({ kind, mspId, name }: Grantee): string => [kind, mspId, name].join(' ');

/** Follows the one-time keys of every hospital's patients through a chain: what a hospital's key service does for its own. */
export class CommandAudit {
  readonly #keys = new Map<string, Sha256>();
  readonly #versions = new Map<string, number>();
  readonly #relationships = new Map<string, RelationshipWord>();
  readonly #alarms: AuditedAlarm[] = [];
  #commands = 0;
  #judge: PatientCommands | undefined;

  constructor(private readonly chaincode: string) {}

  readonly visit = async (block: ParsedBlock): Promise<void> => {
    this.#judge ??= this.#judgeFor(block);
    const calls = new CallsOfBlock(this.chaincode);
    for (const transaction of block.transactions) {
      const call = calls.of(transaction);
      if (call === undefined) continue;
      const place = { blockNumber: String(block.blockNumber), transactionId: transaction.transactionId };
      for (const fact of await this.#judge.factsOf(call)) this.#keep(fact, place);
    }
  };

  /** `signedCommands` of `patients` in the blocks visited, and what was written about patients without one. */
  report(): { readonly patients: number; readonly signedCommands: number; readonly alarms: readonly AuditedAlarm[] } {
    return { patients: this.#keys.size, signedCommands: this.#commands, alarms: this.#alarms };
  }

  #keep(fact: PatientFact, place: Pick<AuditedAlarm, 'blockNumber' | 'transactionId'>): void {
    switch (fact.kind) {
      case 'command':
        this.#commands += 1;
        this.#keys.set(fact.pseudonym, fact.nextKeyHash);
        return;
      case 'registered':
        this.#keys.set(fact.pseudonym, fact.nextKeyHash);
        return;
      case 'consent':
        this.#versions.set(`${fact.pseudonym} ${nameOf(fact.grantee)}`, fact.version);
        return;
      case 'relationship':
        this.#relationships.set(`${fact.pseudonym} ${fact.mspId}`, fact.said);
        return;
      case 'alarm': {
        const { alarm: name, pseudonym, detail } = fact;
        const about = { ...(pseudonym === undefined ? {} : { pseudonym }), ...(detail === undefined ? {} : { detail }) };
        this.#alarms.push({ name, ...about, ...place });
      }
    }
  }

  /** The first block names the network that commands are signed for. */
  #judgeFor({ headerHash }: ParsedBlock): PatientCommands {
    const known: KnownPatients = {
      keyOf: (pseudonym) => Promise.resolve(this.#keys.get(pseudonym)),
      versionOf: (pseudonym, grantee) => Promise.resolve(this.#versions.get(`${pseudonym} ${nameOf(grantee)}`)),
      relationshipOf: (pseudonym, mspId) => Promise.resolve(this.#relationships.get(`${pseudonym} ${mspId}`)),
    };
    const genesis = sha256Schema.parse(headerHash.toString('base64url'));
    return new PatientCommands({ chaincode: this.chaincode, genesis, isFollowed: () => true }, known);
  }
}
