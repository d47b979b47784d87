import { z } from 'zod';
import {
  blockNumberSchema,
  duplicateCaseIdSchema,
  duplicateCaseStates,
  encapsulationKeysSchema,
  evaluatedPartSchema,
  evaluationIdSchema,
  functionKeyIdSchema,
  functionKeyStates,
  instantSchema,
  introductionSchema,
  matchProofSchema,
  matchQuestionsSchema,
  matchTagSchema,
  mspIdSchema,
  nameSchema,
  pinIdSchema,
  proofSchema,
  pseudonymSchema,
  type Role,
  sha256Schema,
} from '@lianyi/domain';

/** Members that did not answer, and with which code. */
const silentSchema = z.array(z.strictObject({ mspId: mspIdSchema, code: z.string() })).max(16);

/** Which staff may hold a ticket, and so ask what there is. */
export const READERS: readonly Role[] = ['clinician', 'nurse', 'pharmacist', 'lab', 'researcher', 'regulator'];

/** Whose peer was asked for its newest block, and what it said: its number, or why there is none. */
const peerHeightSchema = z.union([
  z.strictObject({ mspId: mspIdSchema, newestBlock: blockNumberSchema }),
  z.strictObject({ mspId: mspIdSchema, silent: z.string() }),
]);
/** As many a hospital keeps of one patient: of each other member one, in most consortia. */
export const MOST_INTRODUCED = 32;
/** By which other pseudonym of which hospital a patient has said to be known, and when. */
export const introducedSchema = z.strictObject({ pseudonym: pseudonymSchema, mspId: mspIdSchema, saidAt: instantSchema });

/** What a list of what may be asked for rests on, besides the ledger; in the table of all operations. */
export const listingOperations = {
  AskHeights: {
    id: 'AskHeights',
    method: 'POST',
    path: '/v1/peers:heights',
    summary: 'How far the peers are by which this node asks and those of other members that it follows; nothing else is asked of them.',
    tag: 'node',
    callers: { kind: 'staff', roles: READERS },
    body: z.strictObject({ input: z.strictObject({}), proof: proofSchema }),
    status: 200,
    /** The own organisation first. */
    answer: z.strictObject({ peers: z.array(peerHeightSchema).min(1).max(64) }),
  },
  Introduce: {
    id: 'Introduce',
    method: 'POST',
    path: '/v1/introductions',
    summary:
      'A patient tells the hospital of one pseudonym another of theirs, or withdraws that: signed with the announced keys of both, or to withdraw of one; kept by this node and nowhere else.',
    tag: 'introductions',
    callers: { kind: 'anybody' },
    body: introductionSchema,
    status: 200,
    answer: z.strictObject({ act: introductionSchema.shape.statement.shape.act }),
  },
  ListIntroduced: {
    id: 'ListIntroduced',
    method: 'POST',
    path: '/v1/introductions:list',
    summary: 'By which other pseudonyms a patient of the node’s hospital has said to be known; none without an active relationship.',
    tag: 'introductions',
    callers: { kind: 'staff', roles: READERS },
    body: z.strictObject({ input: z.strictObject({ pseudonym: pseudonymSchema }), proof: proofSchema }),
    status: 200,
    answer: z.strictObject({ introduced: z.array(introducedSchema).max(MOST_INTRODUCED) }),
  },
} as const;

/** Which guess at which PIN. */
const guessSchema = z.strictObject({ pinId: pinIdSchema, attempt: z.int().min(1) });

/** What nodes do for registrars who look for a number at other hospitals, for who comes back by a PIN, and for each other; in the table of all operations. */
export const matchingOperations = {
  TakePartInFunctionKey: {
    id: 'TakePartInFunctionKey',
    method: 'POST',
    path: '/v1/function-keys:take-part',
    summary:
      'Takes the own hospital’s next step for a key that hospitals hold together: deals, or checks what was dealt and accepts it or complains.',
    tag: 'matching',
    callers: { kind: 'staff', roles: ['orgAdmin'] },
    body: z.strictObject({ input: z.strictObject({ keyId: functionKeyIdSchema }), proof: proofSchema }),
    status: 200,
    answer: z.strictObject({
      keyId: functionKeyIdSchema,
      state: z.enum(functionKeyStates),
      /** What the node has done now; `nothing` when it is others’ turn or the key is ready. */
      done: z.enum(['dealt', 'accepted', 'complained', 'nothing']),
      /** Of whom it has complained. */
      dealerMspId: mspIdSchema.exactOptional(),
    }),
  },
  CollectEvaluations: {
    id: 'CollectEvaluations',
    method: 'POST',
    path: '/v1/evaluations:collect',
    summary: 'Collects the answers of as many holders as a key needs for a committed evaluation of the own hospital.',
    tag: 'matching',
    callers: { kind: 'staff', roles: ['registrar'] },
    body: z.strictObject({ input: z.strictObject({ evaluationId: evaluationIdSchema }), proof: proofSchema }),
    status: 200,
    answer: z.strictObject({
      answers: z.array(z.strictObject({ mspId: mspIdSchema, part: evaluatedPartSchema })).max(16),
      silent: silentSchema,
      /** Of the key by which they answered, its holders, its threshold and its deals, as this node has followed them. */
      dealtKeySha256: sha256Schema,
    }),
  },
  FindDuplicates: {
    id: 'FindDuplicates',
    method: 'POST',
    path: '/v1/duplicates:find',
    summary: 'Asks other hospitals whether they know the number of a tag, each with the tag and a proof that these two have in common.',
    tag: 'matching',
    callers: { kind: 'staff', roles: ['registrar'] },
    body: z.strictObject({ input: z.strictObject({ tags: matchQuestionsSchema }), proof: proofSchema }),
    status: 200,
    answer: z.strictObject({
      found: z.array(z.strictObject({ mspId: mspIdSchema, proof: matchProofSchema })).max(16),
      silent: silentSchema,
    }),
  },
  ReadDuplicate: {
    id: 'ReadDuplicate',
    method: 'POST',
    path: '/v1/duplicates:read',
    summary: 'Opens what is sealed to the own hospital in a case: by which pseudonyms the two hospitals know the person.',
    tag: 'matching',
    callers: { kind: 'staff', roles: ['registrar'] },
    body: z.strictObject({ input: z.strictObject({ caseId: duplicateCaseIdSchema }), proof: proofSchema }),
    status: 200,
    answer: z.strictObject({
      caseId: duplicateCaseIdSchema,
      state: z.enum(duplicateCaseStates),
      otherMspId: mspIdSchema,
      /** Absent: the number is not, or no more, linked here, or its writer has not proved to know it; then nothing is said of the other side either. */
      found: z
        .strictObject({
          system: nameSchema,
          tag: matchTagSchema,
          /** For the note with which the own hospital proposes a merge. */
          proof: matchProofSchema,
          pseudonym: pseudonymSchema,
          /** Absent until the other hospital has said it. */
          otherPseudonym: pseudonymSchema.exactOptional(),
        })
        .exactOptional(),
    }),
  },
  CollectPinGuess: {
    id: 'CollectPinGuess',
    method: 'POST',
    path: '/v1/pins:collect',
    summary:
      'Collects the answers of as many hospitals as a PIN takes, for the last guess that was committed; for who has made it, for ten minutes. Only who has blinded it can use them.',
    tag: 'pins',
    callers: { kind: 'finder' },
    body: z.strictObject({ input: guessSchema, proof: proofSchema }),
    status: 200,
    answer: z.strictObject({
      answers: z.array(z.strictObject({ mspId: mspIdSchema, part: evaluatedPartSchema })).max(16),
      silent: silentSchema,
    }),
  },
  ListEncapsulationKeys: {
    id: 'ListEncapsulationKeys',
    method: 'GET',
    path: '/v1/encapsulation-keys',
    summary:
      'The keys to which things are sealed for each organisation, as its own administrator has registered them in the blocks that this node has followed, whatever the state says.',
    tag: 'pins',
    callers: { kind: 'anybody' },
    status: 200,
    answer: z.strictObject({
      organisations: z.array(z.strictObject({ mspId: mspIdSchema, encapsulationKeys: encapsulationKeysSchema })).max(1_000),
    }),
  },
  AnswerPinGuess: {
    id: 'AnswerPinGuess',
    method: 'POST',
    path: '/v1/pins:answer',
    summary:
      'Answers the last guess at a PIN that is committed, at most ten that were not proved right, with the own share, and proves it.',
    tag: 'members',
    callers: { kind: 'member' },
    body: guessSchema,
    status: 200,
    answer: evaluatedPartSchema,
  },
  AnswerEvaluation: {
    id: 'AnswerEvaluation',
    method: 'POST',
    path: '/v1/evaluations:answer',
    summary: 'Evaluates with the own share what the calling member has committed within the last ten minutes, and proves it.',
    tag: 'members',
    callers: { kind: 'member' },
    body: z.strictObject({ evaluationId: z.string() }),
    status: 200,
    answer: evaluatedPartSchema,
  },
  MatchTag: {
    id: 'MatchTag',
    method: 'POST',
    path: '/v1/duplicates:match',
    summary:
      'Proves to the calling member, which has proved that it knows the number of a tag that the two have in common, that it is linked here; nothing else.',
    tag: 'members',
    callers: { kind: 'member' },
    body: z.strictObject({ tag: z.string(), proof: z.string() }),
    status: 200,
    /** Without a proof: it is not linked here, or the caller’s proof is wrong. */
    answer: z.strictObject({ proof: matchProofSchema.exactOptional() }),
  },
} as const;
