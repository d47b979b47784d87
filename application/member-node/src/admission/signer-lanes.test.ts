import { newPrivateKey, publicKeyOf, signPatientCommand } from '@lianyi/client';
import {
  hashOfKey,
  type Ledger,
  type MspId,
  mspIdSchema,
  newRequest,
  pseudonymSchema,
  qualifiedName,
  type SignedRequest,
} from '@lianyi/domain';
import { type TransactionEntry, transactions } from '@lianyi/domain';
import { waitUntil } from '@lianyi/test/wait-until';
import { Admission } from './admission';
import { address, AdmissionWorld, grant, network, now, staffProofBy } from './admission.fixture';

const [b, c] = [mspIdSchema.parse('HospitalBMSP'), mspIdSchema.parse('HospitalCMSP')];
const privateKey = newPrivateKey();
const nextKeyHash = hashOfKey(publicKeyOf(privateKey));
const entries = { command: transactions.RejectRelationship, question: transactions.GetRelationship } as const;

/** A ledger that knows any number of patients of two hospitals, and never comes to an end with what they ask. */
class CrowdedWorld {
  readonly world = new AdmissionWorld();
  readonly admission: Admission;
  /** Whose requests are at the peers. */
  readonly running: string[] = [];
  readonly refused: string[] = [];
  #read = 0;

  constructor() {
    const answer = async (request: SignedRequest<TransactionEntry>): Promise<unknown> => {
      const { entry, proof, input } = request;
      if (entry.name === 'GetPseudonym') this.#read += 1;
      if (entry.name === 'GetPseudonym') return { nextKeyHash, mspId: hospitalOf((input as { pseudonym: string }).pseudonym) };
      if (entry.name === 'GetDelegation') return { nextKeyHash };
      if (entry.name === 'GetGuardians') return { guardians: [nextKeyHash] };
      if (proof?.kind !== 'patient' && proof?.kind !== 'delegate' && proof?.kind !== 'guardian') return this.world.answer(request);
      this.running.push(proof.statement.pseudonym);
      return new Promise(() => undefined);
    };
    // answers what the test says, whatever is asked
    this.admission = new Admission({ evaluate: answer, submit: answer } as unknown as Ledger, { perMinute: 100_000 });
  }

  /** So many at a time as one address may have unknown ones waiting. */
  async sendAs(names: readonly string[], kind: keyof typeof entries): Promise<void> {
    for (let first = 0; first < names.length; first += 100) {
      const [some, before] = [names.slice(first, first + 100), this.#read];
      for (const name of some) {
        const pseudonym = pseudonymSchema.parse(name);
        const proof = signPatientCommand({ network, pseudonym, privateKey, nextPrivateKey: newPrivateKey() }, grant, now);
        void this.carry(proof, kind).catch((error: unknown) => this.refused.push((error as { code: string }).code));
      }
      await waitUntil('all are known', () => this.#read === before + some.length);
    }
  }

  carry(proof: SignedRequest<TransactionEntry>['proof'] & object, kind: keyof typeof entries): Promise<unknown> {
    const request = newRequest(entries[kind], grant.input as never, { proof });
    return this.admission.carry(request, address);
  }
}

function hospitalOf(pseudonym: string): MspId {
  return pseudonym.startsWith('b-') ? b : c;
}

const many = (prefix: string, count: number): string[] => Array.from({ length: count }, (_none, index) => `${prefix}-${index}`);

describe.each(['command', 'question'] as const)('a %s', (kind) => {
  let crowded: CrowdedWorld;
  beforeEach(() => {
    crowded = new CrowdedWorld();
  });
  const fill = async (): Promise<void> => {
    await crowded.sendAs(many('b', 400), kind);
    const running = kind === 'command' ? 32 : 16;
    await waitUntil('all have come', () => crowded.running.length === running && crowded.refused.length === 400 - running - 256);
  };

  it('of own staff is carried at once, however many patients a hospital has registered', async () => {
    await fill();
    const shift = Array.from({ length: 20 }, (_none, index) => crowded.carry(staffProofBy(crowded.world.staffKey, `dr-${index}`), kind));
    await expect(Promise.all(shift)).resolves.toHaveLength(20);
  });

  it('of another hospital’s patient is at the peers all the same', async () => {
    await fill();
    await crowded.sendAs(['c-own'], kind);
    await waitUntil('at the peers', () => crowded.running.includes('c-own'));
    expect(new Set(crowded.refused)).toEqual(new Set(['RATE_LIMITED']));
  });

  it('of who acts for a patient, or comes back with a new key, shares one turn with all who do, and leaves the patient’s own alone', async () => {
    const most = kind === 'command' ? 4 : 8;
    const statement = { pseudonym: 'b-1', publicKey: publicKeyOf(privateKey) };
    const acting = many('proxy', 40).map((delegationId) => ({ kind: 'delegate', statement: { ...statement, delegationId } }));
    const completing = { kind: 'patient', statement: { ...statement, transaction: qualifiedName(transactions.CompleteRecovery) } };
    const back = Array.from({ length: 40 }, () => completing);
    const all = [...acting, ...back, { kind: 'guardian', statement }, { kind: 'patient', statement: { ...statement, nextKeyHash } }];
    // as much of a proof as is looked at here
    for (const proof of all) void crowded.carry(proof as never, kind).catch(() => undefined);
    await waitUntil('at the peers', () => crowded.running.length >= most + 1);
    await crowded.sendAs(['b-2'], kind);
    await waitUntil('at the peers', () => crowded.running.includes('b-2'));
    expect(crowded.running.filter((name) => name === 'b-1')).toHaveLength(most + 1);
  });
});
