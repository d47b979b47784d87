import { firstPemBlock } from './pem-block';

const block = (base64 = 'QUJD', label = 'CERTIFICATE'): string => `-----BEGIN ${label}-----\n${base64}\n-----END ${label}-----\n`;
const wanted = block('V0FO');

/** What Go's encoding/pem answers to each of these. */
describe('the first PEM block of a text', () => {
  it.each<readonly [string, string]>([
    ['ends its lines with both', wanted.replaceAll('\n', '\r\n')],
    ['has another label', block('V0FO', 'a: label')],
    ['has header lines', wanted.replace('V0FO', 'Proc-Type: 4\nUse: none\n\nV0FO')],
    ['has blanks in its lines and behind them', wanted.replace('V0FO', 'V0\tFO').replaceAll('-----\n', '----- \t\n')],
    ['has an empty line', wanted.replace('V0FO', 'V0\n\nFO')],
    ['follows words', `words\n${wanted}`],
    ['follows a beginning without an end', `-----BEGIN CERTIFICATE-----\nQUJD\n${wanted}`],
  ])('is found where it %s', (_how, text) => {
    expect(firstPemBlock(text)?.toString()).toBe('WAN');
  });

  it('may have stray bits in its last digit', () => {
    expect(firstPemBlock(block('QR=='))?.toString()).toBe('A');
  });

  it.each<readonly [string, string]>([
    ['with a letter more', block('QUJDA')],
    ['with a line of a letter more', block('QUJD\nA')],
    ['that is not filled up', block('QUI')],
    ['that is filled up too far', block('QUJD====')],
    ['that is filled up within', block('QU=JQUJD')],
    ['with something behind what fills it up', block('QUI=QUJD')],
    ['in base64url', block('QU-_')],
    ['with a vertical tab', block('QUJD\u000b')],
    ['with a form feed', block('QUJD\f')],
    ['with a blank that is none of ASCII', block('QUJD\u00a0')],
    ['that ends under another label', block().replace('END CERTIFICATE', 'END X')],
    ['with words behind its end', block().replace(/-\n$/, '- words\n')],
    ['with words behind its beginning', block().replace('-\n', '- words\n')],
  ])('is the next one after one %s', (_how, text) => {
    expect(firstPemBlock(text + wanted)?.toString()).toBe('WAN');
    expect(firstPemBlock(text)).toBeUndefined();
  });

  it.each<readonly [string, string]>([
    ['nothing', ''],
    ['words', 'words'],
    ['no end', wanted.replace(/-----END[^]*/, '')],
    ['no beginning of a line', `words ${wanted}`],
    ['carriage returns alone', wanted.replaceAll('\n', '\r')],
    ['a carriage return behind an end that is the last', wanted.replace(/\n$/, '\r')],
    ['one line', wanted.replaceAll('\n', '')],
  ])('is none in a text with %s', (_how, text) => {
    expect(firstPemBlock(text)).toBeUndefined();
  });
});
