import { assertRegisteredKeys } from '@lianyi/client/matching';
import { type Carriage } from '@lianyi/client/node';
import { type PinHolder } from '@lianyi/client/pins';
import { canonicalJson, DomainError, type Ledger, newRequest, transactions } from '@lianyi/domain';
import { CliProblem } from '../cli-problem';

/** Who is to hold a share; and of how many organisations nobody can read what they are, so that they hold none, if all were to. */
type ChosenHolders = { readonly holders: readonly PinHolder[]; readonly unreadable?: number };

/** More organisations than a consortium has. */
const ORGANISATIONS = 100;

/**
 * The hospitals that are to hold a share, by the word of whoever carries and of the witness: a node alone could name keys of its own as theirs. Each of the
 * two nodes is also held to the blocks that it has followed: a majority may write another key into the state, and not the registration that a hospital's
 * own administrator has signed.
 * Whoever says alone which keys are theirs would be dealt all shares: so without a witness nothing is dealt, unless that is wanted.
 * @param wanted.named - left out: every active hospital
 * @throws DomainError `WITNESS_UNAVAILABLE` — none is named, or it is of the carrier's member; `ANSWER_DIFFERS`; CliProblem `USAGE` — no active
 * hospital of that name
 */
export async function holdersOf(
  { asked, assertWitness }: Pick<Carriage, 'asked' | 'assertWitness'>,
  { named, unwitnessed }: { readonly named: readonly string[] | undefined; readonly unwitnessed: boolean },
): Promise<ChosenHolders> {
  if (asked.length < 2 && !unwitnessed) throw new DomainError('WITNESS_UNAVAILABLE', undefined, { obstacle: 'none-named' });
  await assertWitness();
  const [carrier, ...others] = asked;
  const told = await hospitalsBy(carrier.ledger);
  for (const { ledger } of others) if (canonicalJson((await hospitalsBy(ledger)).holders) !== canonicalJson(told.holders)) throw differs();
  const holders = named === undefined ? told.holders : named.map((mspId) => hospitalNamed(told.holders, mspId));
  for (const { node } of asked) await assertRegisteredKeys(node, holders);
  return named === undefined ? told : { holders };
}

function hospitalNamed(told: readonly PinHolder[], mspId: string): PinHolder {
  const found = told.find((each) => each.mspId === mspId);
  if (found === undefined) throw new CliProblem('USAGE', `--holders ${mspId}: no active hospital`);
  return found;
}

async function hospitalsBy(ledger: Ledger): Promise<ChosenHolders> {
  const { items, unreadable } = await ledger.evaluate(newRequest(transactions.ListOrganisations, { limit: ORGANISATIONS }));
  const holders = items
    .filter(({ kinds, status }) => status === 'active' && kinds.includes('hospital'))
    .map(({ mspId, encapsulationKeys }) => ({ mspId, encapsulationKeys }));
  return { holders, ...(unreadable === undefined ? {} : { unreadable }) };
}

function differs(): DomainError {
  const details = { entity: 'organisation', field: 'encapsulationKeys', between: 'members' };
  return new DomainError('ANSWER_DIFFERS', 'two members name different hospitals, or different keys of them', details);
}
