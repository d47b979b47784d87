import { checkDocument } from './check-document';
import { type Described } from './media-type';

type Said = Partial<Described> & Pick<Described, 'format'>;
const checked = (text: string | Uint8Array, said: Said) =>
  checkDocument(typeof text === 'string' ? new TextEncoder().encode(text) : text, { described: { class: 'clinical-document', ...said } });
const refusal = (text: string | Uint8Array, said: Said): string => {
  try {
    checked(text, said);
    return 'taken';
  } catch (error) {
    const { code, details } = error as { code: string; details: { looksLike?: string; obstacle?: string } };
    return `${code} ${details.looksLike ?? details.obstacle ?? ''}`.trim();
  }
};
const pdf = '%PDF-1.7\n1 0 obj\n%%EOF\n';
const cda = (code = 'N', attribute = `code="${code}"`): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<ClinicalDocument xmlns="urn:hl7-org:v3"><confidentialityCode ${attribute}/><title>小结</title></ClinicalDocument>`;
const hl7 = (code = ''): string => `MSH|^~\\&|A|B|C|D|1||MDM^T02|1|P|2.5\rTXA|1|DS|${'|'.repeat(15)}${code}\r`;

/** A report with these segments, each by its name, with a value in one field. */
const marked = (...marks: readonly (readonly [segment: string, field: number, value: string])[]): string => {
  const [header, ...more] = ['MSH|^~\\&|A|B|C|D|1||ORU^R01|1|P|2.9', 'PID|1||7^^^H^MR'];
  const msh = marks.filter(([name]) => name === 'MSH').map(([, field, value]) => '|'.repeat(field - 12) + value);
  const others = marks.filter(([name]) => name !== 'MSH').map(([name, field, value]) => name + '|'.repeat(field) + value);
  return [header + msh.join(''), ...more, ...others, 'OBR|1|', ''].join('\r');
};

/** A report with a file in it. */
const withFile = (text: string): string =>
  marked().replace('OBR|1|', `OBX|1|ED|1||^text^plain^Base64^${Buffer.from(text).toString('base64')}\rOBR|1|`);

describe('a document that its hospital describes', () => {
  it.each<readonly [Said['format'], string | Uint8Array, string]>([
    ['pdf', pdf, 'application/pdf'],
    ['plain-text', '出院小结\n一切正常。\n', 'text/plain; charset=utf-8'],
    ['hl7-v2', hl7(), 'application/hl7-v2+er7'],
    ['cda-r2', cda(), 'text/xml'],
    ['dicom', Uint8Array.from([...new Uint8Array(128), ...new TextEncoder().encode('DICM'), 2, 0]), 'application/dicom'],
  ])('of the format %s has the labels that were said', (format, bytes, contentType) => {
    expect(checked(bytes, { format, class: 'imaging-report' })).toMatchObject({
      ...{ contentType, format, class: 'imaging-report', category: 'medical-application', displayProfile: `${format}@1` },
      ...{ confidentiality: 'N', dataLevel: 4 },
    });
  });

  it('of CDA may have comments and instructions before its root', () => {
    const before = cda().replace('<Clin', '<!-- 小结 --> <?xml-stylesheet href="a.xsl"?>\n<!----><Clin');
    expect(checked(before, { format: 'cda-r2', class: 'imaging-report' })).toMatchObject({ format: 'cda-r2' });
  });

  it.each<readonly [string, string | Uint8Array, Said, string]>([
    ['nothing', '', { format: 'pdf' }, 'DOCUMENT_EMPTY'],
    ['a PDF that is cut off', '%PDF-1.7\n1 0 obj', { format: 'pdf' }, 'DOCUMENT_OTHER_FORMAT pdf'],
    ['a page before a PDF', `<html>${pdf}`, { format: 'pdf' }, 'DOCUMENT_OTHER_FORMAT pdf'],
    ['text that is called a PDF', 'hello', { format: 'pdf' }, 'DOCUMENT_OTHER_FORMAT unknown'],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0), { format: 'pdf' }, 'DOCUMENT_OTHER_FORMAT gzip'],
    ['a PDF that is called text', pdf, { format: 'plain-text' }, 'DOCUMENT_OTHER_FORMAT pdf'],
    ['FHIR that is called text', '{"resourceType":"Observation"}', { format: 'plain-text' }, 'DOCUMENT_OTHER_FORMAT json'],
    ['a message that is called text', hl7(), { format: 'plain-text' }, 'DOCUMENT_OTHER_FORMAT hl7v2'],
    ['a byte order mark', '\ufefftext', { format: 'plain-text' }, 'DOCUMENT_OTHER_FORMAT byte-order-mark'],
    ['text in GBK', Uint8Array.of(0xd5, 0xc5), { format: 'plain-text' }, 'DOCUMENT_NOT_UTF8'],
    ['a message with line feeds', hl7().replaceAll('\r', '\n'), { format: 'hl7-v2' }, 'HL7_MESSAGE_INVALID line-feed'],
    ['a message in its frame', `\u000b${hl7()}`, { format: 'hl7-v2' }, 'HL7_MESSAGE_INVALID no-message-header'],
    ['another XML', '<Patient/>', { format: 'cda-r2' }, 'DOCUMENT_OTHER_FORMAT xml'],
    // with one pass over it a row of comments takes no time, with a choice at each it took for ever
    ['a row of comments before another XML', `${'<!--x-->'.repeat(64)}<Patient/>`, { format: 'cda-r2' }, 'DOCUMENT_OTHER_FORMAT xml'],
    ['a comment that has no end', '<!--x<ClinicalDocument>', { format: 'cda-r2' }, 'DOCUMENT_OTHER_FORMAT xml'],
    ['an instruction that has no end', '<?xml <ClinicalDocument>', { format: 'cda-r2' }, 'DOCUMENT_OTHER_FORMAT xml'],
    ['CDA in a comment', '<!--<ClinicalDocument>--><Patient/>', { format: 'cda-r2' }, 'DOCUMENT_OTHER_FORMAT xml'],
    ['CDA with a document type', cda().replace('<Clin', '<!DOCTYPE x><Clin'), { format: 'cda-r2' }, 'DOCUMENT_OTHER_FORMAT xml'],
    ['text that is called DICOM', 'hello', { format: 'dicom' }, 'DOCUMENT_OTHER_FORMAT unknown'],
  ])('is refused: %s', (_what, bytes, said, expected) => {
    expect(refusal(bytes, said)).toBe(expected);
  });

  it.each<readonly [string, string, Said, string]>([
    ['what CDA says of itself', cda('R'), { format: 'cda-r2' }, 'R4'],
    ['the stricter of both', cda('R'), { format: 'cda-r2', confidentiality: 'V' }, 'V5'],
    ['what is said where CDA says less', cda('N'), { format: 'cda-r2', confidentiality: 'R' }, 'R4'],
    ['a mark that nobody understands', cda('x'), { format: 'cda-r2' }, 'R5'],
    ['a mark written as an entity', cda('', 'code="&#86;"'), { format: 'cda-r2' }, 'R5'],
    ['a mark without a code', cda('', 'nullFlavor="UNK"'), { format: 'cda-r2' }, 'R5'],
    ['a mark of a section', cda().replace('<title>', "<h:confidentialityCode code='V'/><title>"), { format: 'cda-r2' }, 'V5'],
    ['a mark under a prefix of other letters', cda('V').replace('<confid', '<病:confid'), { format: 'cda-r2' }, 'V5'],
    ['a mark behind a value that has its end', cda('', 'displayName="a>b" code="V"'), { format: 'cda-r2' }, 'V5'],
    ['a mark behind a value that has another', cda('', `displayName=" code='N' " code="V"`), { format: 'cda-r2' }, 'V5'],
    ['a mark of an attribute that is no code', cda('', 'x:code="N"'), { format: 'cda-r2' }, 'R5'],
    ['a mark whose value does not end', cda('', 'code="N'), { format: 'cda-r2' }, 'R5'],
    ['the stricter of two codes', cda('', 'code="N" code="V"'), { format: 'cda-r2' }, 'V5'],
    ['a CDA inside of a message', withFile(cda('V')), { format: 'hl7-v2' }, 'V5'],
    [
      'FHIR inside of a message',
      withFile('{"resourceType":"Basic","code":{"text":"x"},"meta":{"security":[{"code":"V"}]}}'),
      { format: 'hl7-v2' },
      'V5',
    ],
    ['a message inside of a message', withFile(hl7('R')), { format: 'hl7-v2' }, 'R4'],
    ['a PDF inside of a message', withFile(pdf), { format: 'hl7-v2' }, 'N4'],
    ['what cannot be read inside of a message', withFile('<ClinicalDocument'), { format: 'hl7-v2' }, 'R5'],
    ['what a message says of itself', hl7('V'), { format: 'hl7-v2' }, 'V5'],
    ['restricted', hl7('R'), { format: 'hl7-v2' }, 'R4'],
    ['usual control', hl7('U'), { format: 'hl7-v2' }, 'N4'],
    ['what table 0272 does not have', hl7('Q'), { format: 'hl7-v2' }, 'R5'],
    ['a report without a mark', marked(), { format: 'hl7-v2' }, 'N4'],
    ['an order under usual control', marked(['ORC', 28, 'U']), { format: 'hl7-v2' }, 'N4'],
    ['an order that is restricted', marked(['ORC', 28, 'R^Restricted^HL70177']), { format: 'hl7-v2' }, 'R4'],
    ['an order that is very restricted', marked(['ORC', 28, 'V']), { format: 'hl7-v2' }, 'V5'],
    ['an order of HIV', marked(['ORC', 28, 'HIV']), { format: 'hl7-v2' }, 'R5'],
    ['an order of psychiatry', marked(['ORC', 28, 'PSY']), { format: 'hl7-v2' }, 'R5'],
    ['an order of somebody known', marked(['ORC', 28, 'VIP']), { format: 'hl7-v2' }, 'R4'],
    ['what table 0177 does not have', marked(['ORC', 28, 'hiv']), { format: 'hl7-v2' }, 'R5'],
    ['a word that every object has', marked(['ORC', 28, 'constructor']), { format: 'hl7-v2' }, 'R5'],
    ['a code that is empty before its name', marked(['ORC', 28, '^HIV']), { format: 'hl7-v2' }, 'R5'],
    ['the second repetition', marked(['ORC', 28, 'U~V']), { format: 'hl7-v2' }, 'V5'],
    ['the second order', marked(['ORC', 28, 'U'], ['ORC', 28, 'HIV']), { format: 'hl7-v2' }, 'R5'],
    ['the stricter of order and document', marked(['ORC', 28, 'HIV'], ['TXA', 18, 'V']), { format: 'hl7-v2' }, 'V5'],
    ['an escaped code', marked(['ORC', 28, '\\X56\\']), { format: 'hl7-v2' }, 'V5'],
    ['the null of HL7', marked(['ORC', 28, '""']), { format: 'hl7-v2' }, 'N4'],
    ['a visit that is protected', marked(['PV2', 22, 'Y']), { format: 'hl7-v2' }, 'R4'],
    ['a diagnosis that is confidential', marked(['DG1', 18, 'Y']), { format: 'hl7-v2' }, 'R4'],
    ['a patient who is protected', marked(['PD1', 12, 'Y']), { format: 'hl7-v2' }, 'R4'],
    ['a patient who is not', marked(['PD1', 12, 'N']), { format: 'hl7-v2' }, 'N4'],
    ['a patient of whom it is unclear', marked(['PD1', 12, '?']), { format: 'hl7-v2' }, 'R5'],
    ['a restriction of access', marked(['ARV', 3, 'STD']), { format: 'hl7-v2' }, 'R5'],
    ['no restriction of access', marked(['ARV', 3, 'NO']), { format: 'hl7-v2' }, 'N4'],
    ['a classification', marked(['ARV', 7, 'V']), { format: 'hl7-v2' }, 'V5'],
    ['how it is to be handled', marked(['ARV', 8, 'NODSCLCD']), { format: 'hl7-v2' }, 'R5'],
    ['a result for some alone', marked(['OBX', 13, 'x']), { format: 'hl7-v2' }, 'R5'],
    ['the classification of a message', marked(['MSH', 26, 'V']), { format: 'hl7-v2' }, 'V5'],
    ['how a message is to be handled', marked(['MSH', 27, 'x']), { format: 'hl7-v2' }, 'R5'],
    ['who may see a message', marked(['MSH', 28, 'x']), { format: 'hl7-v2' }, 'R5'],
    ['the level that is said', pdf, { format: 'pdf', dataLevel: 5 }, 'N5'],
  ])('is held as closely as %s asks', (_what, text, said, expected) => {
    const { confidentiality, dataLevel } = checked(text, said);
    expect(`${confidentiality}${dataLevel}`).toBe(expected);
  });
});
