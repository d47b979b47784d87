import { memberOperations, newSalt } from '@lianyi/client';
import { forgetCorrectionTexts, keepCorrectionText, keptCorrectionTexts, type LoadedProfile } from '@lianyi/client/node';
import {
  type CorrectionKey,
  type CorrectionPart,
  DomainError,
  encodeBase64url,
  hashOfJson,
  type Output,
  perform,
  saltSchema,
  type Sha256,
  type SignedRequest,
  type TransactionEntry,
  transactions,
  type Transient,
} from '@lianyi/domain';
import { codeOfFailure, LedgerFailure } from '@lianyi/domain/errors';
import { committedTextOf, correctionCommitmentOf } from '@lianyi/domain/deciding';
import { type CommandCall } from '../call';
import { parsedFile } from '../inputs';
import { type Text } from '../language';
import { withPatientSession } from '../ledger/patient-session';
import { type Block, type CommandOutcome, fields, line, outcome } from '../outcome';
import { ask, checkedRequest, dryRun, sendRequest, withSession } from '../transact';
import { label } from './vocabulary';
import { wordText } from './words';

type Place = CorrectionKey & { readonly part: CorrectionPart };
type Words = Transient<typeof transactions.PutCorrectionText>;
/** Words that somebody commits to. */
interface Said {
  readonly place: Place;
  readonly words: Words;
  readonly commitment: Sha256;
}

/** What is in the file of the words. */
export const fileText: Text = {
  en: 'The file is JSON: {"text": "…"}. The record’s hospital keeps it in its private data; the ledger has a salted hash of it.',
  zh: '文件为 JSON：{"text": "……"}。内容保存在该病历所属医院的私有数据中，账本上只有其加盐哈希。',
};

export function newText(call: CommandCall, place: Place, file: string): Said {
  const { text } = parsedFile(transactions.PutCorrectionText.transient.pick({ text: true }), file, call.terminal);
  const words: Words = { text, salt: saltSchema.parse(encodeBase64url(newSalt())) };
  return { place, words, commitment: correctionCommitmentOf({ ...place, ...words }) };
}

/** Says something whose words the hospital is to have: they are kept here from before it is sent, until the hospital has them. */
export async function sayWithText<Entry extends TransactionEntry>(
  call: CommandCall,
  request: SignedRequest<Entry>,
  { place, words }: Said,
  view: (result: Output<Entry>) => readonly Block[],
): Promise<CommandOutcome> {
  const loaded = call.actor;
  return withSession(
    call,
    async (session) => {
      if (call.options.dryRun) return dryRun(await session.unsent(request));
      await keepCorrectionText(loaded, place, words);
      // a member's word that it was refused settles nothing: only the ledger does, by what `tellText` finds to be committed
      const shown = await sendRequest(call, session, request, view);
      const untold = await handIn(call, loaded, place, words);
      if (untold === undefined) return shown;
      return { ...shown, data: { ...(shown.data as object), untold }, view: [...shown.view, notTold(place, untold)] };
    },
    place.pseudonym,
  );
}

/** @returns why the hospital does not have it; the ledger has what was said */
async function handIn(call: CommandCall, loaded: LoadedProfile, place: Place, words: Words): Promise<string | undefined> {
  try {
    await handOver(call, place, words);
    forgetCorrectionTexts(loaded, place);
    return undefined;
  } catch (error) {
    if (error instanceof LedgerFailure) return codeOfFailure(error);
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

/** What the ledger has of a place, and whether two members say so. */
interface Committed {
  readonly commitment: Sha256 | undefined;
  readonly isWitnessed: boolean;
}

/**
 * The patient's node has seen each draft's hash, also of those that were given up, and would be handed the words of the one that it names: the witness is asked,
 * too, where there is one.
 * @throws {@link DomainError} `ANSWER_DIFFERS` — the two contradict each other
 */
async function committedTo(call: CommandCall, { part, ...key }: Place): Promise<Committed> {
  const request = checkedRequest(transactions.GetCorrection, key);
  if (call.actor.profile.kind !== 'patient') {
    const said = await withSession(call, async (session) => (await ask(session, transactions.GetCorrection, key)).result);
    return { commitment: committedTextOf(said, part), isWitnessed: false };
  }
  return withPatientSession(call, { signer: key.pseudonym }, async (session) => {
    const asked = await session.askedAbout(key.pseudonym);
    const said = await Promise.all(asked.map(async (member) => committedTextOf(await member.evaluate(request), part)));
    if (new Set(said).size > 1) throw new DomainError('ANSWER_DIFFERS', 'two members say otherwise what was committed to');
    return { commitment: said[0], isWitnessed: said.length > 1 };
  });
}

/** A patient's words go to the node of their hospital; those of staff, who sign for it, through their own. */
function handOver(call: CommandCall, place: Place, words: Words): Promise<unknown> {
  if (call.actor.profile.kind === 'patient')
    return withPatientSession(call, { signer: place.pseudonym }, async (session) => {
      const [{ node }] = (await session.carriageOf(place.pseudonym)).asked;
      return node.api.ask(memberOperations.TellCorrection, { body: { ...place, ...words } });
    });
  const request = checkedRequest(transactions.PutCorrectionText, { ...place, transientSha256: hashOfJson(words) }, words);
  return withSession(call, (session) => perform(session.ledger, request));
}

function notTold({ recordId, number, part }: Place, code: string): Block {
  const again = `lianyi correction tell ${recordId} --number ${String(number)} --part ${part}`;
  return line({
    en: `The hospital does not have the words yet (${code}): \`${again}\``,
    zh: `医院尚未收到内容（${code}）：请用 \`${again}\` 补交`,
  });
}

/**
 * Hands in what is kept here: of several that were said, those to which the ledger has the hash, and no words that were given up. Where two members say that
 * the ledger has another hash, what is kept can never be committed any more, and goes.
 * @throws {@link DomainError} `NOT_FOUND` — nothing is kept, or nothing of it was committed to
 */
export async function tellText(call: CommandCall, place: Place): Promise<CommandOutcome> {
  const loaded = call.actor;
  const kept = await keptCorrectionTexts(loaded, place);
  if (kept.length === 0) throw new DomainError('NOT_FOUND', 'no such words are kept here', { entity: 'correctionText' });
  const { commitment, isWitnessed } = await committedTo(call, place);
  const words = kept.find((each) => correctionCommitmentOf({ ...place, ...each }) === commitment);
  if (words === undefined) {
    if (isWitnessed && commitment !== undefined) forgetCorrectionTexts(loaded, place);
    throw new DomainError('NOT_FOUND', 'the words that were committed to are not kept here', { entity: 'correctionText' });
  }
  await handOver(call, place, words);
  forgetCorrectionTexts(loaded, place);
  return outcome(
    { told: place },
    fields([
      [label.record, place.recordId],
      [{ en: 'told', zh: '已告知' }, wordText(place.part)],
    ]),
  );
}

/** What a hospital keeps is worth what was committed to: its own peers write it, and its node answers. */
export function showText(call: CommandCall, place: Place): Promise<CommandOutcome> {
  const { part, ...key } = place;
  return withSession(
    call,
    async (session) => {
      if (call.options.dryRun) return dryRun(await session.unsent(checkedRequest(transactions.GetCorrectionText, place)));
      const { text, salt } = (await ask(session, transactions.GetCorrectionText, place)).result;
      const said = (await ask(session, transactions.GetCorrection, key)).result;
      if (committedTextOf(said, part) !== correctionCommitmentOf({ ...place, text, salt }))
        throw new DomainError('HASH_MISMATCH', undefined, { entity: 'correctionText' });
      return outcome({ result: { ...place, text, salt } }, fields([[wordText(part), text]]));
    },
    place.pseudonym,
  );
}
