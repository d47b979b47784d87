import { DomainError } from '@lianyi/domain';
import { encodeText, type Hl7Charset } from './charset';
import { parseHl7 } from './message';

const body =
  'PID|1||7^^^H&1.2&ISO^MR~8^^^N^NI||张^三||""|F\rOBX|1|FT|a\\F\\b||一\\.br\\二\\S\\\\T\\\\R\\\\E\\ \\H\\粗\\N\\ \\X41\\ \\Z9\\|\r';
const header = (charset: string, facility = 'H'): string => `MSH|^~\\&|LIS|${facility}|A|B|20261130||ORU^R01|1|P|2.5||||||${charset}\r`;
const message = (charset: string, facility?: string): string => header(charset, facility) + body;
const refusal = (bytes: Uint8Array, whenUnnamed?: Hl7Charset): string => {
  try {
    parseHl7(bytes, whenUnnamed);
    return 'taken';
  } catch (error) {
    const { code, details } = error as { code: string; details: { obstacle: string } };
    expect(JSON.stringify(details)).not.toMatch(/张|LIS/);
    return `${code} ${details.obstacle}`;
  }
};
const utf8 = (text: string): Uint8Array => encodeText('utf-8', text);

describe('a message of HL7 v2', () => {
  it.each<readonly [string, Hl7Charset, Hl7Charset]>([
    ['UNICODE UTF-8', 'utf-8', 'ascii'],
    ['GB 18030-2000', 'gb18030', 'ascii'],
    ['gb18030~UNICODE UTF-8', 'gb18030', 'ascii'],
    ['', 'gb18030', 'gb18030'],
    ['', 'utf-8', 'utf-8'],
  ])('in %j is read as %s', (named, charset, whenUnnamed) => {
    const read = parseHl7(encodeText(charset, message(named)), whenUnnamed);
    expect(read.charset).toBe(charset);
    expect(read.segments[1]?.text(5)).toBe('张');
  });

  it('whose names hold the byte of a delimiter is read in the set that it names', () => {
    // 倈 is 82 7C in GB 18030, and 7C is `|`
    const bytes = encodeText('gb18030', message('GB 18030-2000', '倈'));
    expect(Buffer.from(bytes).includes(Buffer.from([0x82, 0x7c]))).toBe(true);
    expect(parseHl7(bytes).segments[0].raw(4)).toBe('倈');
    expect(parseHl7(bytes).segments[0].text(10)).toBe('1');
  });

  it('has its fields, repetitions, components and escapes', () => {
    const [msh, pid, obx] = parseHl7(utf8(message('UNICODE UTF-8'))).segments;
    expect([msh.raw(1), msh.raw(2), msh.text(9), msh.text(9, 2)]).toEqual(['|', '^~\\&', 'ORU', 'R01']);
    expect(pid?.repetitions(3).map((each) => [pid.component(each, 1), pid.component(each, 4), pid.component(each, 5)])).toEqual([
      ['7', 'H', 'MR'],
      ['8', 'N', 'NI'],
    ]);
    expect([pid?.text(7), pid?.text(99), pid?.repetitions(99)]).toEqual(['', '', []]);
    expect([obx?.text(3), obx?.text(5)]).toEqual(['a|b', '一\n二^&~\\ 粗 A \\Z9\\']);
  });

  it('may have delimiters of its own, and end without a carriage return', () => {
    const read = parseHl7(utf8('MSH#*!%$#LIS#H#A#B#1##ORU*R01#1#P#2.5\rPID#1##7*x!8'));
    expect(read.segments[1]?.repetitions(3)).toEqual(['7*x', '8']);
  });

  it('has no text that is far longer than what came', () => {
    const read = parseHl7(utf8('MSH|^~\\&|LIS|H|A|B|1||ORU^R01|1|P|2.5\rOBX|1'));
    expect(read.segments[1]?.unescape('a\\.sp3\\b')).toBe('a\n\n\nb');
    const text = (): string | undefined => read.segments[1]?.unescape('\\.sp99\\'.repeat(5_000));
    expect(text).toThrow(DomainError);
  });

  it.each<readonly [string, string, Uint8Array]>([
    ['HL7_MESSAGE_INVALID no-message-header', 'nothing', new Uint8Array()],
    ['HL7_MESSAGE_INVALID no-message-header', 'another segment first', utf8('PID|1\rMSH|^~\\&|')],
    ['HL7_MESSAGE_INVALID byte-order-mark', 'a byte order mark', utf8(`\ufeff${message('UNICODE UTF-8')}`)],
    ['HL7_MESSAGE_INVALID line-feed', 'line feeds', utf8(message('UNICODE UTF-8').replaceAll('\r', '\n'))],
    ['HL7_MESSAGE_INVALID line-feed', 'carriage return and line feed', utf8(message('UNICODE UTF-8').replaceAll('\r', '\r\n'))],
    ['HL7_MESSAGE_INVALID delimiters', 'two delimiters alike', utf8('MSH|^^\\&|LIS\r')],
    ['HL7_MESSAGE_INVALID delimiters', 'a delimiter that is a letter', utf8('MSH|^~\\a|LIS\r')],
    ['HL7_MESSAGE_INVALID delimiters', 'too few', utf8('MSH|^~|LIS\r')],
    ['HL7_MESSAGE_INVALID segment-name', 'a segment without a name', utf8(`${message('UNICODE UTF-8')}\rX`)],
    ['HL7_MESSAGE_INVALID segment-name', 'a second header', utf8(message('UNICODE UTF-8').repeat(2))],
    ['HL7_MESSAGE_INVALID control-character', 'a control character', utf8(message('UNICODE UTF-8').replace('张', '\u0000'))],
    ['HL7_MESSAGE_INVALID too-many-segments', 'segments without end', utf8(header('') + 'NTE|1\r'.repeat(20_001))],
    ['HL7_CHARSET_NOT_TAKEN name', 'a set that is not taken', utf8(message('BIG-5'))],
    [
      'HL7_CHARSET_NOT_TAKEN bytes',
      'bytes that are not of the set',
      Uint8Array.from([...utf8(message('UNICODE UTF-8')), 0x5a, 0x5a, 0x5a, 0x7c, 0xff]),
    ],
    ['HL7_CHARSET_NOT_TAKEN bytes', 'Chinese in ASCII', utf8(message('ASCII'))],
    ['HL7_CHARSET_NOT_TAKEN bytes', 'Chinese in no set', utf8(message(''))],
    ['HL7_CHARSET_NOT_TAKEN name', 'GB 18030 that calls itself UTF-8', encodeText('gb18030', message('UNICODE UTF-8', '协和'))],
  ])('is refused with %s: %s', (expected, _what, bytes) => {
    expect(refusal(bytes)).toBe(expected);
  });
});
