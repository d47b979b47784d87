import { z } from 'zod';
import { type FunctionKeyId, functionKeyIdSchema } from '@lianyi/domain';
import { type Scenario, type StaffMember } from '../../scenario/scenario';
import { linkNumbers, named } from '../dictionary/numbered-patients';

const anything = z.unknown();
const openedSchema = z.object({ result: z.object({ keyId: functionKeyIdSchema }) });
const lookSchema = z.object({ result: z.object({ found: z.array(z.object({ mspId: z.string() })) }) });

/** Who is known where. */
export interface KnownNumbers {
  /** At the hospital whose disk is taken; the first one at B, too. */
  readonly own: readonly string[];
  /** At B; the first ones at C, too. */
  readonly others: readonly string[];
  readonly atC: number;
}

/** A key that the three hospitals hold, any two of whom answer, dealt and accepted. */
export async function openFunctionKey(scenario: Scenario): Promise<FunctionKeyId> {
  const { commands } = scenario.consortium;
  const admins = await Promise.all(scenario.hospitals.map((hospital) => scenario.hire(hospital, 'orgAdmin')));
  const holders = scenario.hospitals.map(({ member }) => member.mspId).join(',');
  const open = ['function-key', 'open', '--holders', holders, '--threshold', '2'];
  const { keyId } = (await commands.must(admins[0]?.profile, open, openedSchema)).result;
  for (const who of [...admins, ...admins]) {
    await scenario.catchUp(who.hospital);
    await commands.must(who.profile, ['function-key', 'take-part', keyId], anything);
  }
  return keyId;
}

/**
 * Registrars of three hospitals link numbers and look for each other's, so that everything is where it comes to lie.
 * @returns a pseudonym of the first hospital
 */
export async function linkAndLook(
  scenario: Scenario,
  [atA, atB, atC]: readonly [StaffMember, StaffMember, StaffMember],
  { own, others, atC: common }: KnownNumbers,
): Promise<string> {
  const [first = ''] = own;
  const look = async (who: StaffMember, number: string): Promise<readonly string[]> => {
    await scenario.catchUp(who.hospital);
    const args = ['identifier', 'duplicates', ...named(scenario, number)];
    return (await scenario.consortium.commands.must(who.profile, args, lookSchema)).result.found.map(({ mspId }) => mspId);
  };
  const pseudonym = await linkNumbers(scenario, atA, own);
  await linkNumbers(scenario, atB, [first, ...others]);
  await linkNumbers(scenario, atC, others.slice(0, common));
  for (const number of [first, ...others]) await look(atB, number);
  for (const number of own) await look(atA, number);
  const found = await Promise.all(others.slice(0, common).map((number) => look(atC, number)));
  if (!found.every((each) => each.includes(atB.hospital.member.mspId))) throw new Error('two hospitals have not found each other');
  return pseudonym;
}
