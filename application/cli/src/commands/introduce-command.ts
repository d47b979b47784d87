import { z } from 'zod';
import { memberOperations } from '@lianyi/client';
import { type HeldPseudonym } from '@lianyi/client/wallet';
import { DomainError, type MspId, mspIdSchema, type Pseudonym, pseudonymSchema } from '@lianyi/domain';
import { networkOf } from '@lianyi/client/node';
import { type CommandCall } from '../call';
import { CliProblem } from '../cli-problem';
import { command, type CommandSpec } from '../command-spec';
import { list } from '../inputs';
import { openOwnWallet } from '../ledger/own-wallet';
import { withPatientSession } from '../ledger/patient-session';
import { clockOf } from '../ledger/staff-session';
import { type CommandOutcome, fields, outcome, table } from '../outcome';
import { label } from './vocabulary';

const input = z.object({
  to: mspIdSchema,
  others: list(pseudonymSchema).optional(),
  withdraw: z.literal(true).optional(),
  own: pseudonymSchema.optional(),
});

interface Said {
  readonly act: 'introduce' | 'withdraw';
  readonly mspId: MspId;
  readonly pseudonyms: [Pseudonym, Pseudonym];
}

/** A patient tells one hospital by which pseudonyms others know them, so that its doctors need none typed. */
export const introduceCommand: CommandSpec = command({
  name: 'introduce',
  summary: {
    en: 'tell one hospital by which pseudonyms others know you, or withdraw that (patient)',
    zh: '告知某医院您在其他医院的假名，或撤回（患者）',
  },
  detail: {
    en: 'Its doctors’ lists then show what they may ask for at the others, too; it opens nothing. It goes to that hospital’s node alone and stands on no ledger. What a hospital has been told it may remember: a withdrawal has its node forget, and cannot make people.',
    zh: '此后该院医生的列表也会列出其可向其他医院申请的病历；本身不开放任何内容。只送达该院节点，不写入账本。医院既已获知便可能记住：撤回能让其节点遗忘，却不能让人遗忘。',
  },
  example: '--to HospitalBMSP --as patient',
  hasNoDryRun: true,
  flags: [
    { flags: '--to <msp-id>', text: { en: 'the hospital that is told', zh: '被告知的医院' }, required: true },
    { flags: '--others <list>', text: { en: 'which pseudonyms elsewhere (all)', zh: '其他医院的哪些假名（默认全部）' } },
    {
      flags: '--own <id>',
      text: { en: 'with --withdraw: your own pseudonym there, one of the past too', zh: '与 --withdraw 合用：您在该院的假名，往日的亦可' },
    },
    { flags: '--withdraw', text: { en: 'let it know those of --others no more', zh: '不再让其知晓 --others 所列假名' } },
  ],
  input,
  run: (call, options) => withPatientSession(call, {}, (session) => introduce(call, session, options)),
});

async function introduce(
  call: CommandCall,
  session: Parameters<Parameters<typeof withPatientSession>[2]>[0],
  { to, others: named, withdraw, own: ofThem }: z.output<typeof input>,
): Promise<CommandOutcome> {
  // a withdrawal of what was never told would tell it
  if (withdraw === true && named === undefined) throw new CliProblem('USAGE', '--withdraw: --others <list>');
  if (withdraw !== true && ofThem !== undefined) throw new CliProblem('USAGE', '--own <id>: --withdraw');
  const wallet = await openOwnWallet(call);
  const ever = (await wallet.relationships()).filter(({ past, delegationId }) => past !== 'discarded' && delegationId === undefined);
  const present = ever.filter(({ past }) => past === undefined);
  const own = ownAt(withdraw === true ? [...present, ...ever] : present, to, ofThem);
  const others = (withdraw === true ? ever : present)
    .filter(({ pseudonym, mspId }) => mspId !== to && (named === undefined || named.includes(pseudonym)))
    .map(({ pseudonym }) => pseudonym);
  const unknown = named?.find((each) => !others.includes(each));
  if (unknown !== undefined) throw new DomainError('NOT_FOUND', 'no other pseudonym of this wallet', { pseudonym: unknown });
  const act = withdraw === true ? 'withdraw' : 'introduce';
  const [{ node }] = (await session.carriageOf(own)).asked;
  const { channel, genesis } = networkOf(call.actorOf('patient').profile);
  const tell = async (said: Said, signers: readonly Pseudonym[]): Promise<void> => {
    const body = await wallet.signIntroduction({ channel, genesis, ...said }, clockOf(call)(), signers);
    await node.api.ask(memberOperations.Introduce, { body });
  };
  await throughAll(call, `${to}: ${act}`, others, async (other) => {
    const said: Said = { act, mspId: to, pseudonyms: [own, other] };
    // either key withdraws: one of them may be another wallet's by now
    await (act === 'introduce' ? tell(said, [own, other]) : tell(said, [own]).catch(() => tell(said, [other])));
  });
  return shown({ act, mspId: to, pseudonym: own, others });
}

/** Tells of each, also behind one that is refused. @throws the first refusal, having said which were told and which were not */
async function throughAll(
  { terminal }: CommandCall,
  what: string,
  others: readonly Pseudonym[],
  tell: (other: Pseudonym) => Promise<void>,
): Promise<void> {
  const [told, refused]: [Pseudonym[], Pseudonym[]] = [[], []];
  const faults: unknown[] = [];
  for (const other of others)
    try {
      await tell(other);
      told.push(other);
    } catch (error) {
      refused.push(other);
      faults.push(error);
    }
  if (faults.length === 0) return;
  if (told.length > 0) terminal.err(`${what}: ${told.join(', ')}\n`);
  terminal.err(`${what} ✗: ${refused.join(', ')}\n`);
  throw faults[0];
}

function shown({
  act,
  mspId,
  pseudonym,
  others,
}: Omit<Said, 'pseudonyms'> & { pseudonym: Pseudonym; others: Pseudonym[] }): CommandOutcome {
  return outcome(
    { act, mspId, pseudonym, others },
    fields([
      [{ en: 'told', zh: '已告知' }, mspId],
      [label.pseudonym, pseudonym],
    ]),
    table(
      [act === 'withdraw' ? { en: 'withdrawn', zh: '已撤回' } : { en: 'introduced', zh: '已告知的假名' }],
      others.map((each) => [each]),
    ),
  );
}

/** The present one, or the one that is named: an introduction of a pseudonym of the past is withdrawn by naming it. */
function ownAt(held: readonly HeldPseudonym[], mspId: MspId, named: Pseudonym | undefined): Pseudonym {
  const own = held.find((each) => each.mspId === mspId && (named === undefined || named === each.pseudonym));
  if (own === undefined) throw new DomainError('NOT_FOUND', 'no pseudonym for this hospital', { mspId });
  return own.pseudonym;
}
