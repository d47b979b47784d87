import { type ConsentEvidence, type Grant, type Grantee, type ProvisionDraft, type Pseudonym, sha256 } from '@lianyi/domain';
import { classWords, labelWords, lastWords, purposeWords, roleWords, sentences, type Spoken, unsaid } from './consent-words';

// `@lianyi/client/consent-wording`: the exact text that somebody agrees to, made of what they permit and forbid, and later again of what the ledger
// has of it (ADR 0060). It depends on nothing else: no clock, no time zone, no locale.

/** The wording that this release shows. */
const OWN_WORDING: ConsentEvidence['wording'] = { name: 'lianyi-consent', version: 1 };

type Language = ConsentEvidence['language'];
/** What is agreed to. A provision without `validFrom` begins when it is recorded. */
export interface ConsentSubject {
  readonly pseudonym: Pseudonym;
  readonly grantee: Grantee;
  readonly provisions: readonly ProvisionDraft[];
}

/**
 * The text of a wording about a subject, in lines.
 * @returns undefined for a wording that this release does not know
 */
export function consentWording(subject: ConsentSubject, language: Language, { name, version } = OWN_WORDING): string | undefined {
  if (name !== OWN_WORDING.name || version !== OWN_WORDING.version) return undefined;
  const { pseudonym, grantee, provisions } = subject;
  const say = (spoken: Spoken): string => spoken[language];
  const lines = [
    say(sentences.title),
    `${name} ${version}`,
    '',
    clauseText([sentences.patient, { en: pseudonym, zh: pseudonym }], language),
    clauseText([sentences.grantee, granteeText(grantee)], language),
    ...provisions.flatMap((provision, index) => ['', ...provisionLines(provision, index + 1, language)]),
    '',
    ...lastWords.map((words) => `- ${say(words)}`),
  ];
  return lines.map((each) => `${each}\n`).join('');
}

/** What is shown to somebody now, and the evidence of it. */
export function agreedText(
  subject: ConsentSubject,
  language: Language,
  ceremony: ConsentEvidence['ceremony'],
): { readonly text: string; readonly evidence: ConsentEvidence } {
  const text = consentWording(subject, language);
  if (text === undefined) throw new Error('the own wording is not known');
  return { text, evidence: { wording: OWN_WORDING, language, formSha256: sha256(text), ceremony } };
}

/** Whether the text that was agreed to can be shown: it is made again of what the ledger has of just that version. */
export type CheckedEvidence =
  | { readonly outcome: 'none' | 'unknown-wording' }
  /** `agreed`: it is the exact text. `differs`: by that wording it would be this one, and something else was agreed to. */
  | { readonly outcome: 'agreed' | 'differs'; readonly text: string };

/** Makes the text of a version of a grant again, and holds it against the hash of what was shown. */
export function checkEvidence(grant: Pick<Grant, 'pseudonym' | 'grantee' | 'provisions' | 'changedAt' | 'evidence'>): CheckedEvidence {
  return grant.evidence === undefined ? { outcome: 'none' } : checkAgreed(subjectOf(grant), grant.evidence);
}

/** The same of what nobody has recorded yet. */
export function checkAgreed(subject: ConsentSubject, { language, wording, formSha256 }: ConsentEvidence): CheckedEvidence {
  const text = consentWording(subject, language, wording);
  if (text === undefined) return { outcome: 'unknown-wording' };
  return { outcome: sha256(text) === formSha256 ? 'agreed' : 'differs', text };
}

/** What begins with the transaction of its version was shown as beginning so: nobody knew that instant before. */
function subjectOf({ pseudonym, grantee, provisions, changedAt }: Parameters<typeof checkEvidence>[0]): ConsentSubject {
  const shown = provisions.map(({ validFrom, ...provision }): ProvisionDraft => {
    return validFrom === changedAt ? provision : { ...provision, validFrom };
  });
  return { pseudonym, grantee, provisions: shown };
}

type Clause = readonly [label: Spoken, value: Spoken];

function provisionLines(provision: ProvisionDraft, place: number, language: Language): readonly string[] {
  const does = provision.effect === 'permit' ? sentences.permits : sentences.forbids;
  return [
    `${place}. ${provision.provisionId}: ${does[language]}`,
    ...Object.values(clauses).flatMap((clauseOf) => clauseOf(provision).map((clause) => `   ${clauseText(clause, language)}`)),
  ];
}

function clauseText([label, value]: Clause, language: Language): string {
  return language === 'zh' ? `${label.zh}：${value.zh}` : `${label.en}: ${value.en}`;
}

type Permit = Extract<ProvisionDraft, { effect: 'permit' }>;
type Deny = Extract<ProvisionDraft, { effect: 'deny' }>;
/** Every field of a provision has its words here, or this does not compile; effect and id stand in the heading. */
type Field = Exclude<keyof Permit | keyof Deny, 'effect' | 'provisionId'>;

const clauses: Readonly<Record<Field, (provision: ProvisionDraft) => readonly Clause[]>> = {
  purposes: ({ purposes }) => [[sentences.purposes, purposes === 'any' ? sentences.anyPurpose : listed(purposes, purposeWords)]],
  classes: ({ effect, classes }) => {
    if (classes === undefined) return [[sentences.classes, sentences.everyClass]];
    const named = listed(classes, classWords);
    return [[sentences.classes, effect === 'permit' ? named : joined([named, sentences.mayHold])]];
  },
  confidentiality: ({ effect, confidentiality = effect === 'permit' ? unsaid.labels : undefined }) => [
    [sentences.confidentiality, confidentiality === undefined ? sentences.everyLabel : listed(confidentiality, labelWords)],
  ],
  maxDataLevel: (provision) =>
    provision.effect === 'permit' ? [[sentences.mostLevel, literal(`${provision.maxDataLevel ?? unsaid.most}/5`)]] : [],
  minDataLevel: (provision) =>
    provision.effect === 'deny' ? [[sentences.leastLevel, literal(`${provision.minDataLevel ?? unsaid.least}/5`)]] : [],
  authorMspIds: ({ authorMspIds }) => ids(sentences.authors, authorMspIds),
  recordIds: ({ recordIds }) => ids(sentences.records, recordIds),
  recordPeriod: ({ recordPeriod }) =>
    recordPeriod === undefined ? [] : [[sentences.recordPeriod, literal(`${recordPeriod.from} – ${recordPeriod.until}`)]],
  careMonths: ({ effect, careMonths }) =>
    careMonths === undefined ? [] : [[sentences.careMonths, alsoUnsaid(effect, [literal(`${careMonths.first} – ${careMonths.last}`)])]],
  encounters: ({ effect, encounters }) =>
    encounters === undefined ? [] : [[sentences.encounters, alsoUnsaid(effect, encounters.map(literal))]],
  uses: (provision) =>
    provision.effect === 'permit' && provision.uses !== undefined ? [[sentences.uses, literal(String(provision.uses))]] : [],
  handling: (provision) => {
    if (provision.effect === 'deny') return [];
    return [[sentences.copies, provision.handling === 'view' ? sentences.toView : sentences.mayBeKept]];
  },
  eraseAt: (provision) =>
    provision.effect === 'permit' && provision.eraseAt !== undefined ? [[sentences.eraseAt, literal(provision.eraseAt)]] : [],
  onward: (provision) =>
    provision.effect === 'permit' ? [[sentences.onward, provision.onward === true ? sentences.mayBeHandedOn : sentences.notHandedOn]] : [],
  validFrom: ({ validFrom }) => [[sentences.begins, validFrom === undefined ? sentences.withItself : literal(validFrom)]],
  validUntil: ({ validUntil }) => [[sentences.ends, validUntil === undefined ? sentences.noEnd : literal(validUntil)]],
};

function literal(text: string): Spoken {
  return { en: text, zh: text };
}

function ids(label: Spoken, values: readonly string[] | undefined): readonly Clause[] {
  return values === undefined ? [] : [[label, joined(values.map(literal))]];
}

/** What a record leaves unsaid is opened by no permission and reached by every prohibition. */
function alsoUnsaid(effect: ProvisionDraft['effect'], named: readonly Spoken[]): Spoken {
  return joined(effect === 'permit' ? named : [...named, sentences.orUnsaid]);
}

/** Codes with their words, in the order in which they were said. */
function listed<Code extends string>(codes: readonly Code[], words: Readonly<Record<Code, Spoken>>): Spoken {
  return joined(codes.map((code) => ({ en: `${words[code].en} (${code})`, zh: `${words[code].zh}（${code}）` })));
}

function joined(parts: readonly Spoken[]): Spoken {
  return { en: parts.map(({ en }) => en).join(', '), zh: parts.map(({ zh }) => zh).join('、') };
}

function granteeText({ kind, mspId, name }: Grantee): Spoken {
  switch (kind) {
    case 'person':
      return { en: `the person ${name} of ${mspId}`, zh: `${mspId} 的人员 ${name}` };
    case 'department':
      return { en: `the department ${name} of ${mspId}`, zh: `${mspId} 的科室 ${name}` };
    case 'group':
      return { en: `the group ${name} of ${mspId}`, zh: `${mspId} 的组 ${name}` };
    case 'role':
      return {
        en: `everybody of ${mspId} in the role ${roleWords[name].en} (${name})`,
        zh: `${mspId} 中角色为${roleWords[name].zh}（${name}）的所有人员`,
      };
    case 'organisation':
      return { en: `everybody of ${mspId}`, zh: `${mspId} 的所有人员` };
  }
}
