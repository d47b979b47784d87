import { checkDocument } from '@lianyi/documents';
import { type DisplayProfiles, type Ledger, Refused } from '@lianyi/domain';
import { initialSetting } from '@lianyi/domain/deciding';
import { assertDocumentIsShownAsAgreed } from './shown-as-agreed';

const { value } = initialSetting('display-profiles');
const bytes = (document: object): Buffer => Buffer.from(JSON.stringify(document));
const report = (more: object = {}) =>
  checkDocument(
    bytes({
      resourceType: 'DiagnosticReport',
      status: 'final',
      code: { text: '血常规' },
      specimen: [{ display: '血' }],
      conclusion: '正常',
      ...more,
    }),
  );
const asking = (of: Partial<DisplayProfiles>, asked: unknown[] = []): Pick<Ledger, 'evaluate'> =>
  ({
    evaluate: ({ input }: { readonly input: unknown }) => {
      asked.push(input);
      return Promise.resolve({ setting: { name: 'display-profiles', value: { ...value, ...of } }, version: 1 });
    },
  }) as unknown as Ledger; // exactly what is asked here
const told = (ledger: Pick<Ledger, 'evaluate'>, document: ReturnType<typeof checkDocument>): Promise<unknown> =>
  assertDocumentIsShownAsAgreed(ledger, document).catch((error: unknown) => error);

describe('a document and the display profiles in force', () => {
  it('refuses what does not fit, and says where', async () => {
    expect(await told(asking({ 'laboratory-report': 'version-2' }), report())).toMatchObject({
      code: 'DISPLAY_PROFILE_NOT_MET',
      details: { profile: 'laboratory-report@2', path: 'DiagnosticReport.code', missing: 'no code of LOINC or WS/T' },
    });
    expect(await told(asking({ 'laboratory-report': 'version-1' }), report({ conclusion: undefined }))).toMatchObject({
      details: { profile: 'laboratory-report@1', path: 'DiagnosticReport' },
    });
  });

  it('refuses a format without elements, unless the members take those as they are', async () => {
    const pdf = { ...report(), format: 'pdf', displayProfile: 'pdf@1', displayMisfits: [] } as const;
    expect(await told(asking({ 'laboratory-report': 'version-2' }), pdf)).toMatchObject({
      code: 'DISPLAY_PROFILE_NOT_MET',
      details: { profile: 'laboratory-report@2', format: 'pdf' },
    });
    expect(await told(asking({ 'laboratory-report': 'version-2-or-unstructured' }), pdf)).toBeUndefined();
  });

  it.each<[string, Partial<DisplayProfiles>]>([
    ['nothing is set', {}],
    ['an older version is enough', { 'laboratory-report': 'version-1' }],
    ['another class is meant', { 'imaging-report': 'version-2' }],
  ])('lets pass where %s', async (_when, of) => {
    expect(await told(asking(of), report())).toBeUndefined();
  });

  it('asks nothing of a class without a profile, nor of a document that fits the newest', async () => {
    const asked: unknown[] = [];
    const ledger = asking({ observation: 'version-2' }, asked);
    await assertDocumentIsShownAsAgreed(ledger, checkDocument(bytes({ resourceType: 'Patient', active: true })));
    const weight = {
      ...{ resourceType: 'Observation', status: 'final', effectiveDateTime: '2026-01-02', valueQuantity: { value: 70, unit: 'kg' } },
      code: { text: 'weight', coding: [{ system: 'http://loinc.org', code: '29463-7' }] },
    };
    await assertDocumentIsShownAsAgreed(ledger, checkDocument(bytes(weight)));
    expect(asked).toEqual([]);
    await assertDocumentIsShownAsAgreed(asking({}, asked), checkDocument(bytes({ ...weight, effectiveDateTime: undefined })));
    expect(asked).toEqual([{ name: 'display-profiles' }]);
  });

  it('asks nothing of documents where the chaincode is older than the parameter', async () => {
    const older = { evaluate: () => Promise.reject(new Refused('INVALID_REQUEST', 'no such parameter', {})) };
    expect(await told(older, report({ conclusion: undefined }))).toBeUndefined();
    const silent = { evaluate: () => Promise.reject(new Error('no peer')) };
    expect(await told(silent, report({ conclusion: undefined }))).toMatchObject({ message: 'no peer' });
  });
});
