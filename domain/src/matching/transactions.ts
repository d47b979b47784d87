import { z } from 'zod';
import { type EventTable, defineArea } from '../catalogue/area';
import { administrator, member, staff, type TransactionEntry } from '../catalogue/entry';
import { idNonceSchema, matchTagSchema, pageFields, pageOf, sha256Schema } from '../encoding/values';
import { actorTagSchema, duplicateCaseIdSchema, evaluationIdSchema, functionKeyIdSchema, linkIdSchema, mspIdSchema } from '../ids';
import { identifierLinkSchema } from '../registrar/entities';
import {
  blindedInputsSchema,
  daySchema,
  dealFields,
  duplicateCaseSchema,
  duplicateCaseStates,
  evaluationDaySchema,
  evaluationSchema,
  functionDealSchema,
  functionKeySchema,
  functionKeyStates,
  holdersSchema,
  matchTagEntrySchema,
  matchTagsSchema,
  sealedToBothSchema,
  matchingEntities,
} from './entities';

const contract = 'MatchingContract';
const keyId = functionKeyIdSchema;
const caseId = duplicateCaseIdSchema;
const keyAnswer = z.strictObject({ keyId, state: z.enum(functionKeyStates) });
const caseAnswer = z.strictObject({ caseId, state: z.enum(duplicateCaseStates) });
const caseRequest = z.strictObject({ caseId });

const matchingTransactions = {
  OpenFunctionKey: {
    contract,
    name: 'OpenFunctionKey',
    kind: 'submit',
    summary:
      'Opens a key of the function by which hospitals compare numbers: who will hold a share, and how many of them, more than half, must answer together. One of the holders opens it.',
    request: z
      .strictObject({ keyId, nonce: idNonceSchema, holders: holdersSchema, threshold: functionKeySchema.shape.threshold })
      .refine(({ holders, threshold }) => threshold <= holders.length && threshold * 2 > holders.length, 'not more than half, or too many'),
    response: keyAnswer,
    callers: [administrator, staff('orgAdmin')],
    refusals: ['ALREADY_EXISTS', 'ID_MISMATCH'],
    endorsement: 'channel',
  },
  ReshareFunctionKey: {
    contract,
    name: 'ReshareFunctionKey',
    kind: 'submit',
    summary:
      'A holder has the shares of a key dealt anew, to other holders or to the same: as many of the present ones as it takes deal, the new ones accept, and with the last of them nobody answers with the former shares. The key stays what it is.',
    request: z
      .strictObject({
        ...{ keyId, nonce: idNonceSchema, formerKeyId: keyId, dealers: holdersSchema, holders: holdersSchema },
        threshold: functionKeySchema.shape.threshold,
      })
      .refine(({ holders, threshold }) => threshold <= holders.length && threshold * 2 > holders.length, 'not more than half, or too many'),
    response: keyAnswer,
    callers: [administrator, staff('orgAdmin')],
    refusals: ['NOT_FOUND', 'ALREADY_EXISTS', 'ID_MISMATCH', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  DealFunctionShares: {
    contract,
    name: 'DealFunctionShares',
    kind: 'submit',
    summary: 'A holder’s key service deals to all holders: commitments for everybody, and for each a share sealed to their organisation.',
    request: z.strictObject({ keyId, ...dealFields }),
    response: keyAnswer,
    callers: [staff('keyService')],
    refusals: ['NOT_FOUND', 'ALREADY_EXISTS', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  AcceptFunctionShares: {
    contract,
    name: 'AcceptFunctionShares',
    kind: 'submit',
    summary: 'A holder’s key service has checked all that was dealt, which it names by its hash; with the last one the key is ready.',
    request: z.strictObject({ keyId, dealsSha256: sha256Schema }),
    response: keyAnswer,
    callers: [staff('keyService')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'HASH_MISMATCH'],
    endorsement: 'channel',
  },
  ComplainOfShare: {
    contract,
    name: 'ComplainOfShare',
    kind: 'submit',
    summary: 'A holder’s key service was dealt a share that does not fit its dealer’s commitments; the key fails, and a new one is opened.',
    request: z.strictObject({ keyId, dealerMspId: mspIdSchema }),
    response: keyAnswer,
    callers: [staff('keyService')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  GetFunctionKey: {
    contract,
    name: 'GetFunctionKey',
    kind: 'evaluate',
    summary: 'Reads a key of the function and all that was dealt for it, in the order of the holders.',
    request: z.strictObject({ keyId }),
    response: z.strictObject({ key: functionKeySchema, deals: z.array(functionDealSchema).max(16) }),
    callers: [member],
    refusals: ['NOT_FOUND'],
    endorsement: 'channel',
  },
  ListFunctionKeys: {
    contract,
    name: 'ListFunctionKeys',
    kind: 'evaluate',
    summary: 'Lists the keys of the function.',
    request: z.strictObject(pageFields),
    response: pageOf(functionKeySchema),
    callers: [member],
    refusals: [],
    endorsement: 'channel',
  },
  RequestEvaluation: {
    contract,
    name: 'RequestEvaluation',
    kind: 'submit',
    summary:
      'A registrar of a holder has blinded inputs evaluated: the ledger says who and how many, and nothing of what. 2,000 a day at most; with the 1,000th an alarm is raised.',
    request: z.strictObject({ evaluationId: evaluationIdSchema, nonce: idNonceSchema, keyId, blinded: blindedInputsSchema }),
    response: z.strictObject({ evaluationId: evaluationIdSchema, evaluations: evaluationDaySchema.shape.evaluations }),
    callers: [staff('registrar')],
    refusals: ['NOT_FOUND', 'ALREADY_EXISTS', 'ID_MISMATCH', 'ILLEGAL_STATE', 'LIMIT_REACHED'],
    endorsement: 'channel',
  },
  GetEvaluation: {
    contract,
    name: 'GetEvaluation',
    kind: 'evaluate',
    summary: 'Reads what was asked to be evaluated.',
    request: z.strictObject({ evaluationId: evaluationIdSchema }),
    response: evaluationSchema,
    callers: [member],
    refusals: ['NOT_FOUND'],
    endorsement: 'channel',
  },
  ListEvaluationDays: {
    contract,
    name: 'ListEvaluationDays',
    kind: 'evaluate',
    summary: 'Lists how many inputs the registrars of an organisation have had evaluated, day by day, and which days raised an alarm.',
    request: z.strictObject({ mspId: mspIdSchema, ...pageFields }),
    response: pageOf(evaluationDaySchema),
    callers: [member],
    refusals: [],
    endorsement: 'channel',
  },
  PutMatchTags: {
    contract,
    name: 'PutMatchTags',
    kind: 'submit',
    summary: 'Keeps the tags and secrets of a linked number, one for each other holder, in the private data of the caller’s hospital.',
    request: z.strictObject({ linkId: linkIdSchema, transientSha256: sha256Schema }),
    transient: matchTagsSchema.omit({ schemaVersion: true }),
    response: z.strictObject({ linkId: linkIdSchema }),
    callers: [staff('registrar')],
    refusals: ['NOT_FOUND', 'ALREADY_EXISTS', 'HASH_MISMATCH'],
    endorsement: 'owner',
  },
  ResolveMatchTag: {
    contract,
    name: 'ResolveMatchTag',
    kind: 'evaluate',
    summary:
      'Finds the linked number of the caller’s own hospital that a tag belongs to: its pseudonym and system and the secret of the tag, not the number.',
    request: z.strictObject({ tag: matchTagSchema }),
    response: z.strictObject({
      ...matchTagEntrySchema.omit({ schemaVersion: true, tag: true }).shape,
      ...identifierLinkSchema.pick({ pseudonym: true, system: true }).shape,
    }),
    callers: [staff('registrar'), staff('keyService')],
    refusals: ['NOT_FOUND'],
    endorsement: 'owner',
  },
  OpenDuplicateCase: {
    contract,
    name: 'OpenDuplicateCase',
    kind: 'submit',
    summary: 'A registrar has found that another hospital knows a number too; which pseudonym has it, is sealed to the two.',
    request: z.strictObject({ caseId, nonce: idNonceSchema, partnerMspId: mspIdSchema, sealed: sealedToBothSchema }),
    response: caseAnswer,
    callers: [staff('registrar')],
    refusals: ['ALREADY_EXISTS', 'ID_MISMATCH'],
    endorsement: 'channel',
  },
  ProposeMerge: {
    contract,
    name: 'ProposeMerge',
    kind: 'submit',
    summary:
      'A registrar of the other hospital agrees that it is one person and says, sealed to the two, by which pseudonym they know them.',
    request: z.strictObject({ caseId, sealed: sealedToBothSchema }),
    response: caseAnswer,
    callers: [staff('registrar')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  ConfirmMerge: {
    contract,
    name: 'ConfirmMerge',
    kind: 'submit',
    summary:
      'A registrar of the hospital that opened the case confirms: each of the two sees both pseudonyms as one person’s. No right to read comes of it.',
    request: caseRequest,
    response: caseAnswer,
    callers: [staff('registrar')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  DismissDuplicate: {
    contract,
    name: 'DismissDuplicate',
    kind: 'submit',
    summary: 'A registrar of either hospital finds that they are two persons; the case is over.',
    request: caseRequest,
    response: caseAnswer,
    callers: [staff('registrar')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  ProposeUnmerge: {
    contract,
    name: 'ProposeUnmerge',
    kind: 'submit',
    summary: 'A registrar of either hospital would take a merge back; it holds until one of the other agrees.',
    request: caseRequest,
    response: caseAnswer,
    callers: [staff('registrar')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  ConfirmUnmerge: {
    contract,
    name: 'ConfirmUnmerge',
    kind: 'submit',
    summary: 'A registrar of the other hospital agrees: everything is seen as it was before the merge.',
    request: caseRequest,
    response: caseAnswer,
    callers: [staff('registrar')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  GetDuplicateCase: {
    contract,
    name: 'GetDuplicateCase',
    kind: 'evaluate',
    summary: 'Reads a case of the caller’s own organisation.',
    request: caseRequest,
    response: duplicateCaseSchema,
    callers: [staff('registrar'), staff('keyService')],
    refusals: [],
    endorsement: 'channel',
  },
  ListDuplicateCases: {
    contract,
    name: 'ListDuplicateCases',
    kind: 'evaluate',
    summary: 'Lists the cases of the caller’s own organisation.',
    request: z.strictObject(pageFields),
    response: pageOf(duplicateCaseSchema),
    callers: [staff('registrar'), staff('keyService')],
    refusals: [],
    endorsement: 'channel',
  },
} as const satisfies Record<string, TransactionEntry>;

const functionKey = { keyId, mspId: mspIdSchema };
const duplicateCase = { caseId, openerMspId: mspIdSchema, partnerMspId: mspIdSchema };
/** What may happen in the area. None names a patient; private changes have no event. */
const matchingEvents = {
  FunctionKeyOpened: functionKey,
  FunctionKeyReshared: { ...functionKey, formerKeyId: keyId },
  FunctionKeySuperseded: functionKey,
  FunctionSharesIssued: functionKey,
  FunctionSharesAccepted: functionKey,
  FunctionShareRefused: { ...functionKey, dealerMspId: mspIdSchema },
  EvaluationRequested: { evaluationId: evaluationIdSchema, mspId: mspIdSchema },
  EvaluationAlarmRaised: { mspId: mspIdSchema, actorTag: actorTagSchema, day: daySchema },
  DuplicateCaseOpened: duplicateCase,
  MergeProposed: duplicateCase,
  MergeConfirmed: duplicateCase,
  DuplicateDismissed: duplicateCase,
  UnmergeProposed: duplicateCase,
  UnmergeConfirmed: duplicateCase,
} as const satisfies EventTable;

/** Numbers that two hospitals know: the function that finds them, and the cases that come of it. */
export const matchingArea = defineArea({ entities: matchingEntities, events: matchingEvents, transactions: matchingTransactions });
