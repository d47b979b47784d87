import { newPrivateKey, type PrivateKey, publicKeyOf, signDelegateCommand } from '@lianyi/client';
import {
  canonicalJson,
  delegationIdOf,
  encodeArgument,
  hashOfKey,
  idNonceSchema,
  instantOf,
  sha256,
  statementHashOf,
  transactions,
} from '@lianyi/domain';
import { type Call } from './block-of-calls.fixture';
import {
  B,
  consent,
  consentKey,
  MINUTE,
  network,
  NOW,
  type PatientChain,
  provisions,
  pseudonym,
  pseudonymKey,
} from './patient-chain.fixture';

/** Who acts for the chain's patient, and what the chaincode writes for them. */
export class Proxy {
  key = newPrivateKey();
  next = newPrivateKey();
  readonly nonce = idNonceSchema.parse('A'.repeat(22));
  readonly firstKeyHash = hashOfKey(publicKeyOf(this.key));
  readonly delegationId = delegationIdOf({ pseudonym, firstKeyHash: this.firstKeyHash, nonce: this.nonce });
  readonly ledgerKey = `\u0000delegation\u0000${pseudonym}\u0000${this.delegationId}\u0000`;
  readonly term = { scopes: ['consents', 'relationships'], validUntil: instantOf(NOW + 60 * MINUTE) };

  constructor(private readonly chain: PatientChain) {}

  entry(changes: object = {}): string {
    const { delegationId, term } = this;
    const origin = { requestHash: sha256('a request'), actor: { kind: 'patient', pseudonym } };
    const said = { pseudonym, delegationId, basis: 'proxy', ...term, state: 'active', nextKeyHash: this.firstKeyHash, origin };
    return canonicalJson({ ...said, ...changes });
  }

  get appointment(): object {
    const { delegationId, nonce, term } = this;
    return { pseudonym, delegationId, nonce, nextKeyHash: this.firstKeyHash, ...term };
  }

  command(
    transaction: Call['transaction'],
    input: object,
    writes: Record<string, string | null>,
    { signed = this.key, atMillis = NOW }: { signed?: PrivateKey; atMillis?: number } = {},
  ): Call {
    const { delegationId } = this;
    const signer = { network, pseudonym, delegationId, privateKey: signed, nextPrivateKey: this.next };
    const proof = signDelegateCommand(signer, { transaction, input }, instantOf(atMillis));
    const lastCommand = { statementHash: statementHashOf(proof.statement), at: instantOf(atMillis) };
    const rolled = { [this.ledgerKey]: this.entry({ nextKeyHash: proof.statement.nextKeyHash, lastCommand }) };
    return { transaction, argument: encodeArgument({ input, proof }), writes: { ...rolled, ...writes }, atMillis };
  }

  /** The patient appoints them. */
  appointed(changes: object = {}): Call {
    return this.chain.command(transactions.AppointDelegate, this.appointment, { [this.ledgerKey]: this.entry(changes) });
  }

  /** The patient's entry counts grantees, so a delegate's first consent for one writes it, with the patient's key as it is. */
  counted(): Record<string, string> {
    return { [pseudonymKey()]: this.chain.standing() };
  }

  granted(twist: Parameters<Proxy['command']>[3] = {}, writes: Record<string, string> = {}): Call {
    const input = { pseudonym, grantee: B, provisions };
    return this.command(transactions.GrantPolicy, input, { ...this.counted(), [consentKey(B)]: consent(1), ...writes }, twist);
  }
}
