import { encodeArgument, type Grantee, mspIdSchema, newRequest, qualifiedName, transactions } from '@lianyi/domain';
import { parseBlock } from '@lianyi/ledger-client';
import { carry } from '../../scenario/carry';
import { type Patient } from '../../scenario/patient';
import { permission } from '../../scenario/patient-case';
import { blocksOfPeer, chainHeight } from '../../scenario/peer-blocks';
import { Scenario, type StaffMember } from '../../scenario/scenario';
import { type Attack, type AttackOutcome } from '../attack';

const { GrantPolicy, ProposeRelationship, RegisterPatient, RevokePolicy, RevokeStaff } = transactions;
const VALID = 0;

async function contractAt(scenario: Scenario) {
  const { channel, chaincode } = scenario.network;
  return (await scenario.session(scenario.a)).gateway.getNetwork(channel).getContract(chaincode);
}

/** What stands in the blocks of A's peer of one transaction: a validation code for each envelope that has its id. */
async function codesOf(scenario: Scenario, transactionId: string): Promise<readonly number[]> {
  const session = await scenario.session(scenario.a);
  const { channel } = scenario.network;
  const blocks = await blocksOfPeer(session, channel, 0, (await chainHeight(session, channel)) - 1);
  return blocks
    .flatMap((block) => parseBlock(block).transactions)
    .filter((each) => each.transactionId === transactionId)
    .map(({ validationCode }) => validationCode);
}

/** A carrier has one proposal endorsed twice and sends both transactions, and the first once more. @returns how often that took effect */
async function twiceSent(scenario: Scenario, argument: string): Promise<number> {
  const proposal = (await contractAt(scenario)).newProposal(qualifiedName(GrantPolicy), { arguments: [argument] });
  const [first, second] = [await proposal.endorse(), await proposal.endorse()];
  await (await first.submit()).getStatus();
  for (const again of [second, first]) await again.submit().catch(() => undefined);
  const endorsedOnceMore = await proposal.endorse().catch(() => undefined);
  await endorsedOnceMore?.submit().catch(() => undefined);
  const registrar = await scenario.hire(scenario.a, 'registrar'); // one more block, after those
  await carry(registrar.client, RegisterPatient, scenario.newPatient().registration, { sign: registrar.sign });
  return (await codesOf(scenario, first.getTransactionId())).filter((code) => code === VALID).length;
}

/** A carrier keeps what somebody has had endorsed until the entry of that somebody is revoked. @returns Fabric's validation code */
async function heldBack(scenario: Scenario, registrar: StaffMember, { pseudonym }: Patient): Promise<number> {
  const input = { pseudonym, type: 'care' as const };
  const argument = encodeArgument(newRequest(ProposeRelationship, input, { proof: await registrar.sign(ProposeRelationship, input) }));
  const held = await (await contractAt(scenario)).newProposal(qualifiedName(ProposeRelationship), { arguments: [argument] }).endorse();
  await (await scenario.ledger(scenario.a, 'Admin')).submit(newRequest(RevokeStaff, { actorTag: registrar.actorTag }));
  return (await (await held.submit()).getStatus()).code;
}

/** A carrier says a consent again that the patient has revoked since. @returns `committed`, or why not */
async function saidAgain(scenario: Scenario, argument: string): Promise<string> {
  const proposal = (await contractAt(scenario)).newProposal(qualifiedName(GrantPolicy), { arguments: [argument] });
  try {
    const { code } = await (await (await proposal.endorse()).submit()).getStatus();
    return code === VALID ? 'committed' : `invalid: ${code}`;
  } catch {
    return 'not endorsed';
  }
}

async function run(): Promise<AttackOutcome> {
  const scenario = await Scenario.start('attack-a16');
  try {
    const { a, b } = scenario;
    const registrar = await scenario.hire(a, 'registrar');
    const patient = scenario.newPatient();
    const { pseudonym } = patient;
    await carry(registrar.client, RegisterPatient, patient.registration, { sign: registrar.sign });
    for (const each of scenario.hospitals) await scenario.catchUp(each);
    const grantee: Grantee = { kind: 'organisation', mspId: mspIdSchema.parse(b.member.mspId), name: 'all' };
    const consent = { pseudonym, grantee, provisions: [permission()] };
    const argument = encodeArgument(newRequest(GrantPolicy, consent, { proof: await patient.sign(GrantPolicy, consent) }));
    const effects = await twiceSent(scenario, argument);
    patient.roll();
    await carry(scenario.client(a), RevokePolicy, { pseudonym, grantee, previousVersion: 1 }, { sign: patient.sign });
    const again = await saidAgain(scenario, argument);
    const held = await heldBack(scenario, registrar, patient);
    const seen = `a command sent again took effect ${effects} times; one held until its signer was revoked: code ${held}; a revoked consent said again: ${again}`;
    return { succeeded: effects !== 1 || held === VALID || again === 'committed', seen };
  } finally {
    await scenario.stop();
  }
}

/**
 * Row A16: the same proposal, the same envelope, a held envelope, an old consent’s signature. The first three Fabric stops, by the transaction’s id and by what was read, as long
 * as the chaincode reads who asks (A14). Of a held consent that another wallet command overtakes, see H1; of what staff have said, R4-7; of one that is held past its end, R8-1.
 */
export const replayed: Attack = {
  id: 'A16',
  title: 'a carrier sends again, or later, what somebody has signed once',
  defences: [{ file: 'domain/src/proof/check-proof.ts', name: 'assertAnnouncedKey', body: '' }],
  networks: ['embedded', 'fabric'],
  run,
};
