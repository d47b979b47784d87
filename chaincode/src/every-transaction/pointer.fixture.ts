import { hashOfJson, type pointerArea } from '@lianyi/domain';
import { pointerTable, queryTemplateTable } from '@lianyi/domain/deciding';
import { type AreaFixture } from './area.fixture';
import { A, B, C, must, type Stage } from './cast.fixture';
import { sha256Of } from './consortium.fixture';
import {
  templateInput,
  propose,
  queryEndpoint,
  pointerInput,
  pointer,
  update,
  retired,
  retireTemplate,
  querySecret,
  queryPut,
  keptQuery,
  unknownPointer,
} from './pointer-sample.fixture';
import { onHold } from './hold.fixture';
import { after, changed, otherTransient, suspendRelationship, taken, twice } from './refusal-case.fixture';
import { audit, nothing, page } from './sample.fixture';

export const pointerFixture = {
  states: {
    queryTemplate: {
      table: queryTemplateTable,
      legal: ['proposed approve active', 'proposed retire retired', 'active retire retired'],
    },
    pointer: { table: pointerTable, legal: ['current update current', 'current retire retired'] },
  },
  transactions: {
    ProposeQueryTemplate: {
      callers: 'A orgAdmin',
      by: 'orgAdmin',
      everyHospitalForItself: true,
      written: ['queryTemplate'],
      events: ['QueryTemplateProposed'],
      again: {
        after: async ({ cast }, { input }) =>
          must(await cast.invoke('RetireQueryTemplate', { templateId: input['templateId'], version: 1 }, cast.admin(A))),
        answers: { state: 'retired' },
      },
      prepare: ({ cast }) => ({ input: templateInput(cast), as: cast.staff(A, 'orgAdmin') }),
      refusals: [
        ['ALREADY_EXISTS', 'the version says something else', taken(() => ({ view: 'other_results' }))],
        ['VERSION_CONFLICT', 'there is no version before it', changed({ version: 2 })],
        ['INVALID_REQUEST', 'its view is a statement', changed({ view: 'results; drop table results' })],
        [
          'INVALID_REQUEST',
          'no condition names a patient',
          changed({ conditions: [{ column: 'taken_on', is: 'from', parameter: 'patient' }] }),
        ],
        ['INVALID_REQUEST', 'a parameter is in no condition', changed({ parameters: [{ name: 'other', type: 'text' }] })],
      ],
    },
    ApproveQueryTemplate: {
      callers: 'A orgAdmin',
      by: 'orgAdmin',
      everyHospitalForItself: true,
      written: ['queryTemplate'],
      events: ['QueryTemplateApproved'],
      again: { refused: 'ILLEGAL_STATE' },
      prepare: async ({ cast }) => ({ input: await propose(cast, C), as: cast.staff(A, 'orgAdmin') }),
      refusals: [
        ['NOT_FOUND', 'there is none', changed({ templateId: 'nothing' })],
        ['ILLEGAL_STATE', 'it is approved', twice],
        [
          'QUORUM',
          'who proposed it approves it',
          async ({ cast }, valid) => ({ ...(await valid.prepare()), as: cast.staff(C, 'orgAdmin') }),
        ],
        ['HASH_MISMATCH', 'it says something else', changed({ templateSha256: sha256Of('another template') })],
      ],
    },
    RetireQueryTemplate: {
      callers: 'A orgAdmin',
      by: 'orgAdmin',
      written: ['queryTemplate'],
      events: ['QueryTemplateRetired'],
      again: { refused: 'ILLEGAL_STATE' },
      prepare: async ({ cast }) => {
        const { templateId, version } = await propose(cast, A);
        return { input: { templateId, version }, as: cast.staff(A, 'orgAdmin') };
      },
      refusals: [
        ['NOT_FOUND', 'there is none', changed({ templateId: 'nothing' })],
        ['ILLEGAL_STATE', 'it is retired', twice],
      ],
    },
    GetQueryTemplate: {
      callers: 'M',
      by: 'member',
      ...nothing,
      prepare: async ({ cast }) => {
        const { mspId, templateId, version } = await propose(cast, A);
        return { input: { mspId, templateId, version }, as: { kind: 'member', msp: C } };
      },
      refusals: [['NOT_FOUND', 'there is no such version', changed({ version: 2 })]],
    },
    ListQueryTemplates: {
      callers: 'M',
      by: 'member',
      ...nothing,
      prepare: () => ({ input: { mspId: A, ...page }, as: { kind: 'member', msp: C } }),
      refusals: [],
    },
    PutPointerQuery: {
      callers: 'keyService',
      by: 'keyService',
      everyHospitalForItself: true,
      written: [`${A}/pointerQuery`, `${A}/ownLine`],
      events: [],
      again: 'rewrites',
      prepare: queryPut,
      refusals: [
        [
          'ALREADY_EXISTS',
          'the version is written, and its parameters were others',
          async (stage) => {
            const { pointerId } = await pointer(stage);
            const { input, as, bend } = queryPut(stage);
            must(await stage.cast.invoke('PutPointerQuery', { ...input, pointerId }, as, bend));
            const transient = { ...querySecret(), parameters: { patient: 'P-0043' } };
            return { input: { ...input, pointerId, transientSha256: hashOfJson(transient) }, as, bend: { transient } };
          },
        ],
        ['HASH_MISMATCH', 'the transient value is another', otherTransient(() => ({ ...querySecret(), parameters: { patient: 'x' } }))],
      ],
    },
    GetPointerQuery: {
      callers: 'keyService',
      by: 'keyService',
      ...nothing,
      prepare: keptQuery,
      refusals: [['NOT_FOUND', 'there is none', changed({ version: 2 })]],
    },
    PurgePointerQuery: {
      callers: 'keyService',
      by: 'keyService',
      everyHospitalForItself: true,
      written: [`${A}/purge pointerQuery`, `${A}/ownLine`],
      events: [],
      again: 'acts',
      prepare: keptQuery,
      refusals: [['ON_HOLD', 'the hospital holds what it has of the patient', after(onHold)]],
    },
    AddPointer: {
      callers: 'recordAdmin lab',
      by: 'recordAdmin',
      written: ['pointer', 'pointerVersion', audit],
      events: ['PointerAdded'],
      again: { after: retired(1), answers: { version: 2, state: 'retired' } },
      prepare: async (stage) => ({ input: await pointerInput(stage), as: stage.cast.staff(A, 'recordAdmin') }),
      refusals: [
        ['ALREADY_EXISTS', 'the id is taken', taken((cast) => ({ resultCommitment: sha256Of(cast.id('result')) }))],
        [
          'ID_MISMATCH',
          'another hospital sends the same',
          async ({ cast }, valid) => ({ ...(await valid.prepare()), as: cast.staff(B, 'lab') }),
        ],
        ['ID_MISMATCH', 'it is a record’s id', async ({ recordId }, valid) => changed({ pointerId: recordId })({} as Stage, valid)],
        ['NOT_FOUND', 'there is no such template', changed({ template: { mspId: B, templateId: 'nothing', version: 1 } })],
        ['NOT_FOUND', 'there is no such endpoint', changed({ endpointId: 'nothing' })],
        ['NOT_FOUND', 'the endpoint is a vault', changed({ endpointId: 'vault-1' })],
        ['NOT_FOUND', 'the endpoint is retired', after(({ cast }) => queryEndpoint(cast, 'retired'))],
        ['ILLEGAL_STATE', 'the relationship is suspended', after(suspendRelationship)],
        ['ILLEGAL_STATE', 'the template is retired', after(retireTemplate)],
        [
          'CLASS_NOT_OF_RELATIONSHIP',
          'the hospital only keeps a device for the patient',
          async ({ cast, ...stage }) => {
            const patient = await cast.newPatient();
            await cast.relate(patient, A, 'device');
            return { input: await pointerInput({ ...stage, cast, patient }), as: cast.staff(A, 'recordAdmin') };
          },
        ],
        [
          'DEVICE_NEEDED',
          'under a relationship of devices, rows that no device has signed would be pointed at',
          async ({ cast, ...stage }) => {
            const patient = await cast.newPatient();
            await cast.relate(patient, A, 'device');
            const input = { ...(await pointerInput({ ...stage, cast, patient })), class: 'observation' };
            return { input, as: cast.staff(A, 'recordAdmin') };
          },
        ],
        ['TEMPLATE_MISMATCH', 'the template says something else', changed({ templateSha256: sha256Of('another template') })],
        ['TEMPLATE_MISMATCH', 'it is of another class', changed({ class: 'prescription' })],
        ['TEMPLATE_MISMATCH', 'it is less protected than the template', changed({ dataLevel: 2 })],
        ['TEMPLATE_MISMATCH', 'its label is lower than the template’s', changed({ confidentiality: 'M' })],
      ],
    },
    UpdatePointer: {
      callers: 'recordAdmin lab',
      by: 'recordAdmin',
      written: ['pointer', 'pointerVersion', audit],
      events: ['PointerUpdated'],
      again: { after: retired(2), answers: { version: 3, state: 'retired' } },
      prepare: async (stage) => ({ input: await update(stage), as: stage.cast.staff(A, 'recordAdmin') }),
      refusals: [
        ['NOT_FOUND', 'there is no such pointer', changed(unknownPointer)],
        ['ILLEGAL_STATE', 'the relationship is suspended', after(suspendRelationship)],
        ['ILLEGAL_STATE', 'it is retired', after(retired(1))],
        ['VERSION_CONFLICT', 'it has been updated meanwhile', taken((cast) => ({ resultCommitment: sha256Of(cast.id('result')) }))],
        ['CLASS_CHANGED', 'it would be of another class', changed({ class: 'imaging-report' })],
        ['LABEL_LOWERED', 'it would be less protected', changed({ dataLevel: 1 })],
        ['TEMPLATE_MISMATCH', 'the template says something else', changed({ templateSha256: sha256Of('another template') })],
      ],
    },
    RetirePointer: {
      callers: 'recordAdmin',
      by: 'recordAdmin',
      written: ['pointer', 'pointerVersion', audit],
      events: ['PointerRetired'],
      again: { answers: { version: 2, state: 'retired' } },
      prepare: async (stage) => {
        const { pseudonym, pointerId } = await pointer(stage);
        return { input: { pseudonym, pointerId, previousVersion: 1 }, as: stage.cast.staff(A, 'recordAdmin') };
      },
      refusals: [
        ['NOT_FOUND', 'there is no such pointer', changed(unknownPointer)],
        ['ILLEGAL_STATE', 'it is retired', taken(() => ({ previousVersion: 2 }))],
        ['VERSION_CONFLICT', 'another version is meant', changed({ previousVersion: 2 })],
      ],
    },
    GetPointer: {
      callers: 'M',
      by: 'member',
      ...nothing,
      prepare: async (stage) => {
        const { pseudonym, pointerId } = await pointer(stage);
        return { input: { pseudonym, pointerId }, as: { kind: 'member', msp: C } };
      },
      refusals: [['NOT_FOUND', 'there is none', changed(unknownPointer)]],
    },
    GetPointerVersion: {
      callers: 'M',
      by: 'member',
      ...nothing,
      prepare: async (stage) => {
        const { pseudonym, pointerId } = await pointer(stage);
        return { input: { pseudonym, pointerId, version: 1 }, as: { kind: 'member', msp: C } };
      },
      refusals: [['NOT_FOUND', 'there is no such version', changed({ version: 2 })]],
    },
    ListPointers: {
      callers: 'P recordAdmin',
      forPatient: 'consents view',
      by: 'recordAdmin',
      ...nothing,
      prepare: ({ cast, patient }) => ({ input: { pseudonym: patient.pseudonym, ...page }, as: cast.staff(A, 'recordAdmin') }),
      refusals: [],
    },
  },
} as const satisfies AreaFixture<typeof pointerArea>;
