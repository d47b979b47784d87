import { message, utf8 } from '../hl7.fixture';
import { readMessage, senderOf } from './header';
import { type Conventions, type MessagePlan, planOf } from './plan';

const conventions: Conventions = {
  numbers: [
    { authority: 'HOSP', type: 'MR', system: 'mrn' },
    { type: 'NI', system: 'national-id' },
  ],
  classes: { EC: 'clinical-document', OP: 'prescription' },
  tellsCareMonths: false,
};
const plan = (text: string): MessagePlan => planOf(readMessage(utf8(text), 'ascii'), conventions);
const refusal = (text: string): string => {
  try {
    plan(text);
    return 'taken';
  } catch (error) {
    const { code, details } = error as { code: string; details: { obstacle: string; segment?: string; field?: number } };
    return `${code} ${details.obstacle} ${details.segment ?? ''}-${details.field ?? ''}`;
  }
};
const order = (code: string, section = ''): string => `OBR|1||L|${code}${'|'.repeat(20)}${section}`;
const report = (...orders: readonly string[]): string => message({ id: '1', body: orders });
const letter = (txa: string, ...parts: readonly string[]): string => message({ id: '1', kind: 'MDM^T02', body: [txa, ...parts] });
const TXA = 'TXA|1|DS|AP|20261130|||||17^王^医生';
const pdf = Buffer.from('%PDF-1.4 %%EOF').toString('base64');

describe('a report', () => {
  it('is the message itself, with what it is called', () => {
    const text = message({ id: '1' });
    expect(plan(text)).toEqual({
      ...{ does: 'publish', numbers: [{ system: 'mrn', value: '7' }], bytes: utf8(text) },
      described: { format: 'hl7-v2', class: 'laboratory-report' },
      details: { title: '血常规', code: '58410-2', codeSystem: 'LN', authoredAt: '20261130090000' },
      order: { key: JSON.stringify([senderOf('LIS', '协和医院'), '["L-1","","",""]']), isCorrection: false },
    });
  });

  it.each<readonly [string, string, readonly string[]]>([
    ['laboratory-report', 'no section', [order('X')]],
    ['imaging-report', 'radiology', [order('X', 'RAD')]],
    ['imaging-report', 'a LOINC type without a section', [order('18748-4^^LN')]],
    ['laboratory-report', 'the same code of another system', [order('18748-4^^L')]],
    ['clinical-document', 'a section nobody knows', [order('X', 'ZZ')]],
    ['clinical-document', 'a section of the hospital’s own', [order('X', 'EC')]],
    ['clinical-document', 'a word that every object has', [order('X', 'constructor')]],
    ['history', 'two kinds', [order('X', 'LAB'), order('X', 'CT')]],
    ['laboratory-report', 'two of one kind', [order('X', 'LAB'), order('X', 'CH')]],
  ])('is of the class %s: %s', (expected, _what, orders) => {
    expect(plan(report(...orders))).toMatchObject({ described: { class: expected } });
  });
});

describe('what a report is about', () => {
  /** An order with its filler's number, when it was observed, and its state. */
  const filled = (number: string, { from = '20260314080000+0800', until = '', state = 'F' } = {}): string =>
    `OBR|1||${number}|X|||${from}|${until}${'|'.repeat(17)}${state}`;
  const told = (...orders: readonly string[]): Extract<MessagePlan, { does: 'publish' }> => {
    const made = planOf(readMessage(utf8(report(...orders)), 'ascii'), { ...conventions, tellsCareMonths: true });
    if (made.does !== 'publish') throw new Error('a report is published');
    return made;
  };

  it.each<readonly [string, readonly string[], object | undefined]>([
    ['the month of its order', [filled('1')], { first: '2026-03', last: '2026-03' }],
    ['the months of an observation that took longer', [filled('1', { until: '20260402' })], { first: '2026-03', last: '2026-04' }],
    ['the months of all its orders', [filled('1', { from: '202601' }), filled('2')], { first: '2026-01', last: '2026-03' }],
    ['all months of a year alone', [filled('1', { from: '2026' })], { first: '2026-01', last: '2026-12' }],
    ['nothing, where one order says none', [filled('1'), filled('2', { from: '' })], undefined],
    ['nothing of a month that there is not', [filled('1', { from: '202613' })], undefined],
    ['nothing of a text', [filled('1', { from: 'March' })], undefined],
    ['nothing where it ends before it begins', [filled('1', { until: '202601' })], undefined],
  ])('tells of care in %s', (_what, orders, months) => {
    expect(told(...orders).careMonths).toEqual(months);
  });

  it('is told to no member unless the hospital says so', () => {
    expect(plan(report(filled('1')))).not.toHaveProperty('careMonths');
  });

  it.each<readonly [string, readonly string[], boolean]>([
    ['a corrected order', [filled('1', { state: 'C' })], true],
    ['a corrected result', [filled('1'), `OBX|1|ST|||x${'|'.repeat(6)}C`], true],
    ['one that is final', [filled('1'), `OBX|1|ST|||x${'|'.repeat(6)}F`], false],
    ['one that is preliminary', [filled('1', { state: 'P' })], false],
  ])('is a correction, or none: %s', (_what, orders, isCorrection) => {
    expect(told(...orders).order).toMatchObject({ isCorrection });
  });

  it('is named alike for the same orders, in whatever order, and otherwise for any other', () => {
    const key = (...orders: readonly string[]): string | undefined => told(...orders).order?.key;
    expect(key(filled('1'), filled('2'))).toBe(key(filled('2'), filled('1')));
    const others = [key(filled('1')), key(filled('1'), filled('2')), key(filled('1^LAB')), key(filled('2'))];
    expect(new Set(others).size).toBe(others.length);
    expect([key(filled('')), key(filled('1'), filled(''))]).toEqual([undefined, undefined]);
  });
});

describe('what a message asks for', () => {
  it.each<readonly [string, readonly string[], object]>([
    ['an order that is very restricted', [`ORC|1${'|'.repeat(27)}V`, order('X')], { confidentiality: 'V' }],
    ['an order of HIV', [order('X'), `ORC|1${'|'.repeat(27)}U`, `ORC|2${'|'.repeat(27)}HIV`], { confidentiality: 'R', dataLevel: 5 }],
    ['a patient who is protected', [`PD1${'|'.repeat(12)}Y`, order('X')], { confidentiality: 'R' }],
    ['nothing', ['ORC|1', order('X')], {}],
  ])('holds for its report, and for the text in it: %s', (_what, segments, held) => {
    expect(plan(report(...segments))).toMatchObject({ described: { format: 'hl7-v2', class: 'laboratory-report', ...held } });
    const text = plan(letter('TXA|1|DS', ...segments, 'OBX|1|TX|||x'));
    expect(text.does === 'publish' && text.described).toEqual({ format: 'plain-text', class: 'clinical-document', ...held });
  });
});

describe('a document', () => {
  it('is the file in it, and of the format that its bytes are', () => {
    expect(plan(letter(TXA, `OBX|1|ED|18842-5^出院小结^LN||^TEXT^plain^Base64^${pdf}`))).toMatchObject({
      bytes: Buffer.from(pdf, 'base64'),
      described: { format: 'pdf', class: 'clinical-document' },
      details: { title: '出院小结', code: '18842-5', codeSystem: 'LN', author: '王医生' },
    });
  });

  it('is its text, unescaped, in UTF-8', () => {
    const made = plan(letter(TXA, 'OBX|1|TX|||一\\T\\二~三', 'OBX|2|FT|||\\.br\\四'));
    expect(made.does === 'publish' && new TextDecoder().decode(made.bytes)).toBe('一&二\n三\n\n四\n');
    expect(made).toMatchObject({ described: { format: 'plain-text' } });
  });

  it.each<readonly [string, string, object]>([
    ['restricted', 'R', { confidentiality: 'R' }],
    ['very restricted', 'V', { confidentiality: 'V' }],
    ['as anybody may guess', 'X', { confidentiality: 'R', dataLevel: 5 }],
    ['as usual', 'U', {}],
  ])('is held %s', (_what, code, held) => {
    const made = plan(letter(`TXA|1|DS|${'|'.repeat(15)}${code}`, 'OBX|1|TX|||x'));
    expect(made.does === 'publish' && made.described).toEqual({ format: 'plain-text', class: 'clinical-document', ...held });
  });

  it('of a kind of the hospital’s own is of the class that the hospital says', () => {
    expect(plan(letter('TXA|1|OP', 'OBX|1|TX|||x'))).toMatchObject({ described: { class: 'prescription' } });
  });

  it.each<readonly [string, string, string]>([
    ['segment-missing TXA-', 'no TXA', letter('OBX|1|TX|||x')],
    ['segment-missing OBX-', 'no OBX', letter(TXA)],
    ['several-documents OBX-', 'two files', letter(TXA, `OBX|1|ED|||^a^b^Base64^${pdf}`, `OBX|2|ED|||^a^b^Base64^${pdf}`)],
    ['field-form OBX-5', 'another encoding', letter(TXA, 'OBX|1|ED|||^a^b^Hex^00')],
    ['base64 OBX-5', 'what is no base64', letter(TXA, 'OBX|1|ED|||^a^b^Base64^%%%%')],
    ['base64 OBX-5', 'bits that are left over', letter(TXA, 'OBX|1|ED|||^a^b^Base64^QR')],
    ['escapes OBX-5', 'a text of lines without end', letter(TXA, `OBX|1|TX|||${'\\.sp99\\~'.repeat(20_000)}x`)],
    ['base64 OBX-5', 'nothing', letter(TXA, 'OBX|1|ED|||^a^b^Base64^')],
    ['field-form OBX-2', 'a reference', letter(TXA, 'OBX|1|RP|||there')],
    ['field-missing OBX-5', 'an empty text', letter(TXA, 'OBX|1|TX|||')],
  ])('is refused: %s, for %s', (expected, _what, text) => {
    expect(refusal(text)).toBe(`HL7_MESSAGE_INVALID ${expected}`);
  });
});

describe('a patient', () => {
  const admission = (pid: string): string => message({ id: '1', kind: 'ADT^A04', body: ['PV1|1|O'] }).replace(/PID.*?\r/, `${pid}\r`);

  it('of whom the hospital’s system tells makes nothing to be done or kept', () => {
    expect(plan(admission('PID|1||7^^^HOSP^MR~5^^^OTHER^MR||张^三'))).toEqual({ does: 'nothing' });
  });

  it.each<readonly [string, string, string]>([
    ['HL7_MESSAGE_INVALID no-known-number PID-3', 'no number', 'PID|1||'],
    ['HL7_MESSAGE_INVALID no-known-number PID-3', 'another hospital’s number', 'PID|1||7^^^OTHER^MR'],
    ['IDENTIFIER_INVALID check-digit -', 'a mistyped number', 'PID|1||110105194912310021^^^^NI'],
  ])('is refused: %s, for %s', (expected, _what, pid) => {
    expect(refusal(admission(pid))).toBe(expected);
  });

  it('that is merged has a number that goes and one that stays', () => {
    const merge = (mrg: string): string => message({ id: '1', kind: 'ADT^A40', body: [mrg] });
    expect(plan(merge('MRG|8^^^HOSP^MR'))).toEqual({
      does: 'propose-merge',
      prior: { system: 'mrn', value: '8' },
      survivor: { system: 'mrn', value: '7' },
    });
    expect(refusal(merge('MRG|7^^^HOSP^MR'))).toBe('HL7_MESSAGE_INVALID field-form MRG-1');
    expect(refusal(merge('MRG|8^^^OTHER^MR'))).toBe('HL7_MESSAGE_INVALID no-known-number MRG-1');
    expect(refusal(merge('ZRG|'))).toBe('HL7_MESSAGE_INVALID segment-missing MRG-');
  });
});
