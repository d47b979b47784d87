import { newId } from '@lianyi/client';
import { type CommandFate, WalletLedger } from '@lianyi/client/wallet';
import {
  addMilliseconds,
  encodeArgument,
  type Grantee,
  type Instant,
  instantOf,
  type Ledger,
  mspIdSchema,
  newRequest,
  type Output,
  type Pseudonym,
  qualifiedName,
  Refused,
  type SignedRequest,
  type TransactionEntry,
  transactions,
} from '@lianyi/domain';
import { carry } from '../../scenario/carry';
import { fromNow } from '../../scenario/patient-case';
import { outcomeOf, Scenario } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';
import { newMemoryWallet } from '../memory-wallet';

/** How long the held command may still be endorsed when the patient signs it, in milliseconds; a wallet signs for ten minutes. */
const SHORT_MILLIS = 15_000;
const LIFETIME_MILLIS = 600_000;

interface Held {
  readonly notAfter: Instant;
  submit(): Promise<string>;
}

/** Hospital B's node, which has the first command endorsed, keeps it and says that it could not; what comes later it lets drop. */
class HoldingCarrier {
  readonly #honest: Ledger;
  #held: Held | undefined;

  constructor(
    private readonly scenario: Scenario,
    honest: Ledger,
  ) {
    this.#honest = honest;
  }

  get ledger(): Ledger {
    const submit = (request: SignedRequest<TransactionEntry>): Promise<never> => this.#take(request);
    // a ledger's methods are generic; these hand on what they are given, or nothing
    return { evaluate: (request: SignedRequest<TransactionEntry>) => this.#honest.evaluate(request), submit } as Ledger;
  }

  async #take(request: SignedRequest<TransactionEntry>): Promise<never> {
    if (this.#held === undefined) {
      this.#held = await this.#endorsed(request);
      throw new Refused('LEDGER_UNAVAILABLE', 'no peer answers', {});
    }
    const held = this.#held;
    // after its end by every clock: its window is looked at when it is endorsed, and never again
    while (instantOf(Date.now()) <= addMilliseconds(held.notAfter, 1_000)) await new Promise((resolve) => setTimeout(resolve, 200));
    await held.submit();
    throw new Refused('OUTCOME_UNKNOWN', 'sent', {});
  }

  async #endorsed(request: SignedRequest<TransactionEntry>): Promise<Held> {
    if (request.proof?.kind !== 'patient') throw new Error('a patient’s command was expected');
    const { gateway } = await this.scenario.session(this.scenario.b);
    const { channel, chaincode } = this.scenario.network;
    const contract = gateway.getNetwork(channel).getContract(chaincode);
    const proposal = contract.newProposal(qualifiedName(request.entry), { arguments: [encodeArgument(request)] });
    const transaction = await proposal.endorse();
    const submit = async (): Promise<string> => String((await (await transaction.submit()).getStatus()).code);
    return { notAfter: request.proof.statement.notAfter, submit };
  }
}

/** A patient with a wallet, registered at A; the clock of `early` makes a command whose time is soon over. */
async function newPatient(scenario: Scenario) {
  const { a } = scenario;
  const registrar = await scenario.hire(a, 'registrar');
  const wallet = newMemoryWallet();
  const made = await wallet.addRelationship(mspIdSchema.parse(a.member.mspId));
  await carry(registrar.client, transactions.RegisterPatient, { suite: 'P256-SHA256', ...made }, { sign: registrar.sign });
  await scenario.catchUp(scenario.b);
  const { pseudonym } = made;
  const through = (ledger: Ledger, agoMillis = 0): WalletLedger =>
    new WalletLedger(ledger, wallet, {
      network: scenario.network,
      signerOf: () => Promise.resolve(pseudonym),
      now: () => instantOf(Date.now() - agoMillis),
    });
  return { wallet, pseudonym, through };
}

function grant(pseudonym: Pseudonym, grantee: Grantee, effect: 'permit' | 'deny') {
  const scope = { provisionId: newId(), purposes: 'any' as const, validFrom: fromNow(-60_000) };
  const provision = effect === 'permit' ? { effect, ...scope, validUntil: fromNow(3_600_000) } : { effect, ...scope };
  return newRequest(transactions.GrantPolicy, { pseudonym, grantee, provisions: [provision] });
}

function effectOf(command: Pick<CommandFate, 'input' | 'transaction'>): string {
  const { provisions } = transactions.GrantPolicy.request.partial().loose().parse(command.input);
  return `${command.transaction.name} ${provisions?.[0]?.effect ?? ''}`.trim();
}

async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-h1');
  try {
    const { wallet, pseudonym, through } = await newPatient(scenario);
    const grantee: Grantee = { kind: 'organisation', mspId: mspIdSchema.parse(scenario.b.member.mspId), name: 'all' };
    const carrier = new HoldingCarrier(scenario, await scenario.ledger(scenario.b)).ledger;
    const permit = grant(pseudonym, grantee, 'permit');
    const told = [await outcomeOf(through(carrier, LIFETIME_MILLIS - SHORT_MILLIS).submit(permit))];
    told.push(await outcomeOf(through(carrier).submit(grant(pseudonym, grantee, 'deny'))));
    await scenario.catchUp(scenario.a);
    // an honest node: the patient asks what became of it all
    const honest = through(scenario.client(scenario.a).ledger);
    const { commands } = await honest.synchronise(pseudonym);
    const policy: Output<typeof transactions.GetPolicy> = await honest.evaluate(newRequest(transactions.GetPolicy, { pseudonym, grantee }));
    const inForce = policy.provisions.map(({ effect }) => effect).join();
    const fates = commands.map((command) => `${effectOf(command)} ${command.state}`);
    const open = (await wallet.relationships()).flatMap((each) => each.open.map(effectOf));
    return {
      succeeded: fates.includes('GrantPolicy deny committed') && inForce === 'permit',
      seen: JSON.stringify({ told, walletSays: fates, open, inForce }),
    };
  } finally {
    await scenario.stop();
  }
}

export const h1: Attack = {
  id: 'H1',
  title: 'a carrier keeps a command that it said was refused, commits it after its end, and the wallet takes the opposite for committed',
  defences: [
    { file: 'application/client/src/wallet/reconcile.ts', name: 'isKeyUnused', body: 'return true;' },
    {
      file: 'application/client/src/wallet/reconcile.ts',
      name: 'stateOf',
      body: "return command.counter < counter ? 'committed' : command.state;",
    },
  ],
  networks: ['embedded', 'fabric'],
  run,
};
