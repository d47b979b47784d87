import {
  canonicalJson,
  type Grantee,
  granteeSchema,
  instantOf,
  instantSchema,
  sha256,
  statementHashOf,
  transactions,
} from '@lianyi/domain';
import { Delegate } from '../../scenario/delegate';
import { type Attack, type AttackOutcome } from '../attack';
import { ledgerKey } from '../forged-transaction';
import { type Call, HospitalInMemory, MINUTE } from '../hospital-in-memory';

const { AppointDelegate, CloseTicket, GrantPolicy } = transactions;

/** Who acts for the patient, and what the chaincode writes for them. */
class Proxy {
  readonly #delegate: Delegate;
  readonly #key: string;

  constructor(private readonly hospital: HospitalInMemory) {
    this.#delegate = new Delegate(hospital.network, hospital.pseudonym);
    this.#key = ledgerKey('delegation', hospital.pseudonym, this.#delegate.delegationId);
  }

  appointed(): Call {
    const term = { scopes: ['consents'], validUntil: instantOf(this.hospital.now + 60 * MINUTE) };
    const { nonce, ...offer } = this.#delegate.offer;
    return this.hospital.command(AppointDelegate, { ...offer, nonce, ...term }, this.#entry({ ...offer, ...term }));
  }

  granted(grantee: Grantee): Call {
    const { hospital } = this;
    const { pseudonym } = hospital;
    const period = { validFrom: hospital.at(), validUntil: instantOf(hospital.now + 30 * MINUTE) };
    const provisions = [{ provisionId: 'p1', effect: 'permit', purposes: 'any', ...period }];
    const input = { pseudonym, grantee, provisions };
    const proof = this.#delegate.signAt(GrantPolicy, input, hospital.now);
    this.#delegate.roll();
    const { nextKeyHash } = proof.statement;
    const rolled = { ...this.#last, nextKeyHash, lastCommand: { statementHash: statementHashOf(proof.statement), at: hospital.at() } };
    const consent = { version: 1, state: 'active', provisions, changedAt: hospital.at() };
    const writes = { ...hospital.pseudonymEntry(), ...this.#entry(rolled), [keyOfConsent(pseudonym, grantee)]: canonicalJson(consent) };
    return hospital.call(GrantPolicy, input, writes, { proof });
  }

  #last: object = {};
  #entry(said: object): Readonly<Record<string, string>> {
    this.#last = said;
    const origin = { requestHash: sha256('a request'), actor: { kind: 'patient', pseudonym: this.hospital.pseudonym } };
    return { [this.#key]: canonicalJson({ basis: 'proxy', state: 'active', origin, ...said }) };
  }
}

function keyOfConsent(pseudonym: string, { kind, mspId, name }: Grantee): string {
  return ledgerKey('grant', pseudonym, kind, mspId, name);
}

/**
 * B and C write a consent that nobody gave. The patient’s proxy, who does not know, commands about the same grantee, which every chaincode takes
 * and A’s index does not; and then about somebody else, in nobody’s way.
 */
async function run(): Promise<AttackOutcome> {
  const hospital = await HospitalInMemory.start();
  try {
    const [{ mspId }, proxy] = [hospital.member('b'), new Proxy(hospital)];
    const [one, other] = ['cardiology', 'neurology'].map((name) => granteeSchema.parse({ kind: 'department', mspId, name }));
    if (one === undefined || other === undefined) throw new Error('there are two');
    await hospital.add(proxy.appointed());
    if (hospital.alarms.length > 0) throw new Error(`the appointment is not the patient’s word: ${hospital.alarms.join()}`);
    const forged = { version: 1, state: 'revoked', provisions: [], changedAt: instantSchema.parse(hospital.at()) };
    const writes = { [keyOfConsent(hospital.pseudonym, one)]: canonicalJson(forged) };
    await hospital.add(hospital.call(CloseTicket, {}, writes, { creator: hospital.member('b').client }));
    const about = await hospital.alarmsOf(() => hospital.add(proxy.granted(one)));
    if (about.length === 0) throw new Error('what the proxy said over a forged entry was taken');
    const innocent = await hospital.alarmsOf(() => hospital.add(proxy.granted(other)));
    return {
      succeeded: innocent.length > 0,
      seen: innocent.length > 0 ? `the proxy is nobody from then on: ${innocent.join()}` : 'what the proxy says of somebody else counts',
    };
  } finally {
    await hospital.close();
  }
}

export const brokenChain: Attack = {
  id: 'R5-7',
  title: 'two hospitals write one consent over, and the patient’s proxy is not heard any more, whatever they say',
  defences: [
    {
      file: 'application/ledger-client/src/evidence/patient-commands.ts',
      name: 'PatientCommands.#judge',
      body: [
        'const { pseudonym } = command.proof.statement;',
        'const present = await this.known.keyOf(pseudonym);',
        'if (present === undefined) return NO_COMMAND;',
        'const announced = await announcedFor(command, present, this.known);',
        'const before = await this.#saidBefore(command);',
        'const refusal = signatureRefusal(call, this.followed, command, announced) ?? effectRefusal(command, announced, before, instantOf(call.proposedAtMillis));',
        "if (refusal !== undefined) return { signed: undefined, facts: [notOf('command-not-signed', pseudonym, refusal)] };",
        'const signed = { ...command, restsOnLate: false, isAllowed: true, ...(await this.#firstGrantIn(command)) };',
        'return { signed, facts: [usedUp(signed, present)] };',
      ].join(' '),
    },
  ],
  networks: ['embedded'],
  run,
};
