import { z } from 'zod';
import { type EventTable, defineArea } from '../catalogue/area';
import { administrator, member, patientOr, staff, type TransactionEntry } from '../catalogue/entry';
import { delegationBases } from '../delegated-acts';
import { idNonceSchema, pageFields, pageOf, sha256Schema } from '../encoding/values';
import { mspIdSchema, pseudonymSchema, recordIdSchema } from '../ids';
import {
  pointerContentFields,
  pointerQuerySchema,
  pointerSchema,
  pointerVersionSchema,
  queryTemplateSchema,
  templateFields,
  pointerEntities,
} from './entities';
import { templateIdSchema, templateReferenceSchema, usesItsParameters } from './entities';

const contract = 'PointerContract';
const version = z.int().min(1).max(999_999);
const pointerKey = { pseudonym: pseudonymSchema, pointerId: recordIdSchema };
const versionKey = { ...pointerKey, version };
/** The pointer as it is after the transaction; to a repeated one, as it is now. */
const pointerAnswer = z.strictObject({ pointerId: recordIdSchema, version, state: pointerSchema.shape.state });
const templateAnswer = templateReferenceSchema.extend({ state: queryTemplateSchema.shape.state, templateSha256: sha256Schema });
const templateMakers = [administrator, staff('orgAdmin')] as const;

const templates = {
  ProposeQueryTemplate: {
    contract,
    name: 'ProposeQueryTemplate',
    kind: 'submit',
    summary: 'Proposes a query template, or its next version; it holds once another organisation has approved it.',
    request: z.strictObject(templateFields).refine(usesItsParameters, 'parameters and conditions differ'),
    response: templateAnswer,
    callers: templateMakers,
    refusals: ['ALREADY_EXISTS', 'VERSION_CONFLICT'],
    endorsement: 'channel',
  },
  ApproveQueryTemplate: {
    contract,
    name: 'ApproveQueryTemplate',
    kind: 'submit',
    summary: 'Approves another organisation’s query template, by the hash of what it says.',
    request: templateReferenceSchema.extend({ templateSha256: sha256Schema }),
    response: templateAnswer,
    callers: templateMakers,
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'QUORUM', 'HASH_MISMATCH'],
    endorsement: 'channel',
  },
  RetireQueryTemplate: {
    contract,
    name: 'RetireQueryTemplate',
    kind: 'submit',
    summary: 'Retires a query template of the caller’s organisation; nothing new points by it.',
    request: z.strictObject({ templateId: templateIdSchema, version }),
    response: templateAnswer,
    callers: templateMakers,
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE'],
    endorsement: 'channel',
  },
  GetQueryTemplate: {
    contract,
    name: 'GetQueryTemplate',
    kind: 'evaluate',
    summary: 'Reads a version of a query template.',
    request: templateReferenceSchema,
    response: queryTemplateSchema,
    callers: [member],
    refusals: ['NOT_FOUND'],
    endorsement: 'channel',
  },
  ListQueryTemplates: {
    contract,
    name: 'ListQueryTemplates',
    kind: 'evaluate',
    summary: 'Lists the query templates of an organisation, every version.',
    request: z.strictObject({ mspId: mspIdSchema, ...pageFields }),
    response: pageOf(queryTemplateSchema),
    callers: [member],
    refusals: [],
    endorsement: 'channel',
  },
} as const satisfies Record<string, TransactionEntry>;

const queries = {
  PutPointerQuery: {
    contract,
    name: 'PutPointerQuery',
    kind: 'submit',
    summary:
      'Keeps the parameters of a version of a pointer in the private data of the caller’s organisation, until that version is written in place of any other.',
    request: z.strictObject({ ...versionKey, transientSha256: sha256Schema }),
    transient: pointerQuerySchema.pick({ parameters: true, salts: true }),
    response: z.strictObject(versionKey),
    callers: [staff('keyService')],
    refusals: ['ALREADY_EXISTS', 'HASH_MISMATCH'],
    endorsement: 'owner',
  },
  GetPointerQuery: {
    contract,
    name: 'GetPointerQuery',
    kind: 'evaluate',
    summary: 'Reads the parameters of a version of a pointer of the caller’s own organisation, for the node that runs the query.',
    request: z.strictObject(versionKey),
    response: pointerQuerySchema,
    callers: [staff('keyService')],
    refusals: ['NOT_FOUND'],
    endorsement: 'owner',
  },
  PurgePointerQuery: {
    contract,
    name: 'PurgePointerQuery',
    kind: 'submit',
    summary:
      'Purges the parameters of a version of a pointer; the pointer opens nothing any more. One that is gone already counts as purged.',
    request: z.strictObject(versionKey),
    response: z.strictObject(versionKey),
    callers: [staff('keyService')],
    refusals: ['ON_HOLD'],
    endorsement: 'owner',
  },
} as const satisfies Record<string, TransactionEntry>;

const pointerTransactions = {
  ...templates,
  ...queries,
  AddPointer: {
    contract,
    name: 'AddPointer',
    kind: 'submit',
    summary:
      'Points at data that stay with the caller’s hospital: a template, committed parameters, a committed result, an endpoint; its id is derived from hospital, pseudonym and a nonce.',
    request: z.strictObject({ ...pointerKey, nonce: idNonceSchema, ...pointerContentFields }),
    response: pointerAnswer,
    callers: [staff('recordAdmin'), staff('lab')],
    refusals: [
      'ALREADY_EXISTS',
      'ID_MISMATCH',
      'NOT_FOUND',
      'ILLEGAL_STATE',
      'CLASS_NOT_OF_RELATIONSHIP',
      'DEVICE_NEEDED',
      'TEMPLATE_MISMATCH',
    ],
    endorsement: 'channel',
  },
  UpdatePointer: {
    contract,
    name: 'UpdatePointer',
    kind: 'submit',
    summary: 'Writes a new version of a pointer, when data were added or the endpoint is another; versions before stay verifiable.',
    request: z.strictObject({ ...pointerKey, previousVersion: version, ...pointerContentFields }),
    response: pointerAnswer,
    callers: [staff('recordAdmin'), staff('lab')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'VERSION_CONFLICT', 'CLASS_CHANGED', 'LABEL_LOWERED', 'TEMPLATE_MISMATCH'],
    endorsement: 'channel',
  },
  RetirePointer: {
    contract,
    name: 'RetirePointer',
    kind: 'submit',
    summary: 'Retires a pointer; nothing permits access by it afterwards.',
    request: z.strictObject({ ...pointerKey, previousVersion: version }),
    response: pointerAnswer,
    callers: [staff('recordAdmin')],
    refusals: ['NOT_FOUND', 'ILLEGAL_STATE', 'VERSION_CONFLICT'],
    endorsement: 'channel',
  },
  GetPointer: {
    contract,
    name: 'GetPointer',
    kind: 'evaluate',
    summary: 'Reads a pointer’s ledger entry.',
    request: z.strictObject(pointerKey),
    response: pointerSchema,
    callers: [member],
    refusals: ['NOT_FOUND'],
    endorsement: 'channel',
  },
  GetPointerVersion: {
    contract,
    name: 'GetPointerVersion',
    kind: 'evaluate',
    summary: 'Reads one version of a pointer’s ledger entry.',
    request: z.strictObject(versionKey),
    response: pointerVersionSchema,
    callers: [member],
    refusals: ['NOT_FOUND'],
    endorsement: 'channel',
  },
  ListPointers: {
    contract,
    name: 'ListPointers',
    kind: 'evaluate',
    summary: 'Lists the pointers of a pseudonym, for the patient or the custodian.',
    request: z.strictObject({ pseudonym: pseudonymSchema, ...pageFields }),
    response: pageOf(pointerSchema),
    callers: [patientOr(delegationBases, 'consents', 'view'), staff('recordAdmin')],
    refusals: [],
    endorsement: 'channel',
  },
} as const satisfies Record<string, TransactionEntry>;

const pointer = { ...pointerKey, version };
const template = { mspId: mspIdSchema, templateId: templateIdSchema, version };
/** What may happen in the area. Private changes have no event. */
const pointerEvents = {
  QueryTemplateProposed: template,
  QueryTemplateApproved: template,
  QueryTemplateRetired: template,
  PointerAdded: pointer,
  PointerUpdated: pointer,
  PointerRetired: pointer,
} as const satisfies EventTable;

/** Data that stay with their custodian: what may be asked of it, and by what the answer is known. */
export const pointerArea = defineArea({ entities: pointerEntities, events: pointerEvents, transactions: pointerTransactions });
