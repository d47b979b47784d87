/** The code systems by which a document's labels and class are told. */
export type KnownSystem =
  'confidentiality' | 'act-code' | 'act-reason' | 'observation-value' | 'service-section' | 'loinc' | 'shared-document';

/**
 * Every spelling under which the systems are known: HL7's present URI, those of STU3 and before, the OID.
 *
 * @remarks Source: https://terminology.hl7.org (NamingSystem of each code system), http://hl7.org/fhir/STU3/terminologies-systems.html.
 */
const spellings: Readonly<Record<KnownSystem, readonly string[]>> = {
  confidentiality: v3('Confidentiality', '2.16.840.1.113883.5.25'),
  'act-code': v3('ActCode', '2.16.840.1.113883.5.4'),
  'act-reason': v3('ActReason', '2.16.840.1.113883.5.8'),
  'observation-value': v3('ObservationValue', '2.16.840.1.113883.5.1063'),
  'service-section': [
    'terminology.hl7.org/codesystem/v2-0074',
    'hl7.org/fhir/v2/0074',
    '2.16.840.1.113883.12.74',
    '2.16.840.1.113883.18.23',
  ],
  loinc: ['loinc.org', 'www.loinc.org', '2.16.840.1.113883.6.1'],
  // 卫生信息共享文档规范编码体系: the parts of WS/T 500
  'shared-document': ['2.16.156.10011.2.4'],
};

function v3(name: string, oid: string): readonly string[] {
  const lower = name.toLowerCase();
  return [
    `terminology.hl7.org/codesystem/v3-${lower}`,
    `hl7.org/fhir/v3/${lower}`,
    `hl7.org/fhir/v3-${lower}`,
    `www.hl7.org/fhir/v3/${lower}`,
    `hl7.org/implement/standards/fhir/v3/${lower}`,
    oid,
  ];
}

const systemOf: ReadonlyMap<string, KnownSystem> = new Map(
  // Object.entries is typed with string keys; these are the keys of the table above
  (Object.entries(spellings) as [KnownSystem, readonly string[]][]).flatMap(([system, names]) =>
    names.map((name): [string, KnownSystem] => [name, system]),
  ),
);

/**
 * The known system that a text names, or undefined.
 *
 * Scheme, case, white space around it, a version after `|` and slashes at the end make no other system of it: a spelling that the standard
 * does not have is more likely a slip than another system, and taking it for another would lose the label.
 */
export function knownSystem(text: string): KnownSystem | undefined {
  return systemOf.get(bareSystem(text));
}

/** The systems by which a display profile may ask for a code. */
export type CodeFamily = 'LOINC' | 'SNOMED CT' | 'WS/T';

/**
 * Whether a code system is of a family. Of China's health standards it is by the root of their object identifiers.
 * @remarks Source: WS/T 500-2016 and WS 364: 2.16.156.10011, below which the standards number their code systems.
 */
export function isOfFamily(text: string, family: CodeFamily): boolean {
  const bare = bareSystem(text);
  if (family === 'LOINC') return systemOf.get(bare) === 'loinc';
  if (family === 'SNOMED CT') return ['snomed.info/sct', '2.16.840.1.113883.6.96'].includes(bare);
  return bare === '2.16.156.10011' || bare.startsWith('2.16.156.10011.');
}

/** One name for all spellings of a code system. */
export function bareCodeSystem(text: string): string {
  if (isOfFamily(text, 'LOINC')) return 'loinc.org';
  return isOfFamily(text, 'SNOMED CT') ? 'snomed.info/sct' : bareSystem(text);
}

function bareSystem(text: string): string {
  const [unversioned = ''] = text.trim().toLowerCase().split(/[|#?]/);
  const bare = unversioned.replace(/^(?:urn:oid:|oid:|https?:\/\/)/, '');
  return withoutSlashes(bare);
}

function withoutSlashes(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === '/') end -= 1;
  return text.slice(0, end);
}
