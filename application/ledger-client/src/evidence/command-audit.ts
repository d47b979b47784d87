import { type Grantee, sha256Schema, type Sha256 } from '@lianyi/domain';
import { type ParsedBlock } from '../gateway/block';
import { readCall } from '../gateway/block-call';
import { type AlarmName, type KnownPatients, PatientCommands } from './patient-commands';

/** What was written about a patient without the patient's word, and where. */
export interface AuditedAlarm {
  readonly name: AlarmName;
  readonly pseudonym: string;
  readonly blockNumber: string;
  readonly transactionId: string;
  readonly detail?: string;
}

const VALID = 0;
const nameOf = ({ kind, mspId, name }: Grantee): string => [kind, mspId, name].join(' ');

/** Follows the one-time keys of every hospital's patients through a chain: what a hospital's key service does for its own. */
export class CommandAudit {
  readonly #keys = new Map<string, Sha256>();
  readonly #versions = new Map<string, number>();
  readonly #alarms: AuditedAlarm[] = [];
  #commands = 0;
  #judge: PatientCommands | undefined;

  constructor(private readonly chaincode: string) {}

  readonly visit = async (block: ParsedBlock): Promise<void> => {
    this.#judge ??= this.#judgeFor(block);
    for (const { transactionId, validationCode, envelope } of block.transactions) {
      const call = validationCode === VALID ? readCall(envelope) : undefined;
      if (call === undefined) continue;
      for (const fact of await this.#judge.factsOf(call)) {
        const { pseudonym } = fact;
        if (fact.kind === 'registered' || fact.kind === 'command') this.#keys.set(pseudonym, fact.nextKeyHash);
        if (fact.kind === 'command') this.#commands += 1;
        if (fact.kind === 'consent') this.#versions.set(`${pseudonym} ${nameOf(fact.grantee)}`, fact.version);
        if (fact.kind !== 'alarm') continue;
        const place = { pseudonym, blockNumber: String(block.blockNumber), transactionId };
        this.#alarms.push({ name: fact.alarm, ...place, ...(fact.detail === undefined ? {} : { detail: fact.detail }) });
      }
    }
  };

  /** `signedCommands` of `patients` in the blocks visited, and what was written about patients without one. */
  report(): { readonly patients: number; readonly signedCommands: number; readonly alarms: readonly AuditedAlarm[] } {
    return { patients: this.#keys.size, signedCommands: this.#commands, alarms: this.#alarms };
  }

  /** The first block names the network that commands are signed for. */
  #judgeFor({ headerHash }: ParsedBlock): PatientCommands {
    const known: KnownPatients = {
      keyOf: (pseudonym) => Promise.resolve(this.#keys.get(pseudonym)),
      versionOf: (pseudonym, grantee) => Promise.resolve(this.#versions.get(`${pseudonym} ${nameOf(grantee)}`)),
    };
    const genesis = sha256Schema.parse(headerHash.toString('base64url'));
    return new PatientCommands({ chaincode: this.chaincode, genesis, isFollowed: () => true }, known);
  }
}
