import { MllpSender } from '@lianyi/test/support/mllp-sender';
import { gb18030, MemoryHospital, message, startBefore, utf8 } from './hl7.fixture';
import { type Hl7Config } from './config';
import { type Hl7Interface } from './start-hl7';

describe('a sender of HL7 v2', () => {
  let open: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0).reverse()) await close();
    open = [];
  });

  const started = async (hospital = new MemoryHospital(), said: Partial<Hl7Config> = {}) => {
    const faults: unknown[] = [];
    const running: Hl7Interface & { directory: string } = await startBefore(hospital, said, faults);
    open.push(() => running.stop());
    const sender = async (): Promise<MllpSender> => {
      const made = await MllpSender.to(running.port);
      open.push(() => {
        made.close();
      });
      return made;
    };
    return { hospital, sender, running, faults };
  };

  it('is told that a report is kept, then that it is published, byte for byte', async () => {
    const { hospital, sender } = await started();
    const lis = await sender();
    const sent = gb18030(message({ id: '1', modes: 'AL|AL', charset: 'GB 18030-2000' }));
    lis.send(sent);
    expect(await lis.heard(2)).toEqual(['CA 1', 'AA 1']);
    const [document] = [...hospital.published.values()];
    expect(Buffer.from(document?.bytes ?? [])).toEqual(Buffer.from(sent));
    expect(document).toMatchObject({
      pseudonym: 'psn-1',
      described: { format: 'hl7-v2', class: 'laboratory-report' },
      details: { title: '血常规' },
    });
  });

  it('in original mode is told once, when it is published', async () => {
    const { sender } = await started();
    const lis = await sender();
    lis.send(utf8(message({ id: '1' })));
    lis.send(utf8(message({ id: '2' })));
    expect([...(await lis.heard(2))].sort()).toEqual(['AA 1', 'AA 2']);
  });

  it('who sends a message again has it published once, and is told so again', async () => {
    const { hospital, sender } = await started();
    const lis = await sender();
    const sent = utf8(message({ id: '1', modes: 'AL|AL' }));
    for (let times = 0; times < 3; times += 1) lis.send(sent);
    const answers = await lis.heard(6);
    expect(answers.filter((each) => each === 'CA 1')).toHaveLength(3);
    expect(answers.filter((each) => each === 'AA 1')).toHaveLength(3);
    expect(hospital.published.size).toBe(1);
  });

  it('who sends other bytes under the same control id is refused, and the first message stands', async () => {
    const { hospital, sender } = await started();
    const lis = await sender();
    lis.send(utf8(message({ id: '1' })));
    await lis.heard(1);
    lis.send(utf8(message({ id: '1', number: '8' })));
    lis.send(utf8(message({ id: '1', modes: 'AL|AL' })));
    expect(await lis.heard(3)).toEqual(['AA 1', 'AE 1 HL7_CONTROL_ID_REUSED', 'CE 1 HL7_CONTROL_ID_REUSED']);
    expect(hospital.published.size).toBe(1);
  });

  it('of a patient who is not registered is told so, and published when the number is linked', async () => {
    const { hospital, sender } = await started();
    const lis = await sender();
    const sent = utf8(message({ id: '1', number: '9', modes: 'AL|AL' }));
    lis.send(sent);
    expect(await lis.heard(2)).toEqual(['CA 1', 'AE 1 PATIENT_NOT_LINKED']);
    hospital.linked.set('9', 'psn-9');
    lis.send(sent);
    expect((await lis.heard(4)).slice(2)).toEqual(['CA 1', 'AA 1']);
    expect([...hospital.published.values()].map(({ pseudonym }) => pseudonym)).toEqual(['psn-9']);
  });

  it('whose numbers are two people’s has nothing published', async () => {
    const { hospital, sender } = await started();
    hospital.linked.set('9', 'psn-9');
    const lis = await sender();
    lis.send(utf8(message({ id: '1', number: '7^^^HOSP^MR~9' })));
    expect(await lis.heard(1)).toEqual(['AE 1 PATIENT_AMBIGUOUS']);
    expect(hospital.published.size).toBe(0);
  });

  it.each<readonly [string, string, string, Partial<Hl7Config>]>([
    ['an event that is not taken', message({ id: '1', kind: 'ORU^R30' }), 'AR 1 HL7_MESSAGE_NOT_TAKEN', {}],
    [
      'an event that is not taken, in enhanced mode',
      message({ id: '1', kind: 'ADT^A99', modes: 'AL|NE' }),
      'CR 1 HL7_MESSAGE_NOT_TAKEN',
      {},
    ],
    ['a test message', message({ id: '1' }).replace('|P|2.5', '|T|2.5'), 'AR 1 HL7_MESSAGE_NOT_TAKEN', {}],
    ['version 3', message({ id: '1' }).replace('|P|2.5', '|P|3.0'), 'AR 1 HL7_MESSAGE_NOT_TAKEN', {}],
    ['no patient', message({ id: '1' }).replace('PID|', 'ZID|'), 'AE 1 HL7_MESSAGE_INVALID', {}],
    ['two patients', message({ id: '1', body: ['OBR|1', 'PID|2||8^^^HOSP^MR'] }), 'AE 1 HL7_MESSAGE_INVALID', {}],
    ['no order', message({ id: '1', body: ['OBX|1'] }), 'AE 1 HL7_MESSAGE_INVALID', {}],
    ['another hospital’s number only', message({ id: '1' }).replace('^HOSP^', '^OTHER^'), 'AE 1 HL7_MESSAGE_INVALID', {}],
    ['line feeds for carriage returns', message({ id: '1' }).replaceAll('\r', '\n'), 'AE 1 HL7_MESSAGE_INVALID', {}],
    ['carriage return and line feed', message({ id: '1' }).replaceAll('\r', '\r\n'), 'AE 1 HL7_MESSAGE_INVALID', {}],
    ['an unknown character set', message({ id: '1', charset: 'BIG-5' }).replace('协和医院', 'H'), 'AE 1 HL7_CHARSET_NOT_TAKEN', {}],
    ['no control id', message({ id: '' }), 'AE  HL7_MESSAGE_INVALID', {}],
    ['no header', 'hello', 'AE  HL7_MESSAGE_INVALID', {}],
    ['a sender nobody knows', message({ id: '1' }), 'AR 1 HL7_SENDER_UNKNOWN', { senders: [{ application: 'PACS', facility: 'H' }] }],
    ['more than is kept', message({ id: '1' }), 'AR 1 NODE_BUSY', { maxBacklog: 0 }],
  ])('is refused %s, by its code, and nothing is kept', async (_what, text, expected, said) => {
    const { hospital, sender, running, faults } = await started(new MemoryHospital(), said);
    const lis = await sender();
    lis.send(utf8(text));
    expect(await lis.heard(1)).toEqual([expected]);
    await running.stop();
    open.shift();
    expect(hospital.published.size).toBe(0);
    expect(faults).toEqual([]);
  });

  it('is told why in the message’s language and character set', async () => {
    const { sender } = await started();
    const lis = await sender();
    lis.send(gb18030(message({ id: '1', number: '9', charset: 'GB 18030-2000' })));
    await lis.heard(1);
    const chinese = new TextDecoder('gb18030').decode(lis.texts[0]);
    expect(chinese).toContain(
      'ERR||PID^1^3|204^Unknown key identifier^HL70357|E|PATIENT_NOT_LINKED^^LIANYI|||消息中的号码均尚未关联到患者假名',
    );
    expect(chinese).toMatch(
      /^MSH\|\^~\\&\|LIANYI\|HOSP\|LIS\|协和医院\|\d{14}\+0000\|\|ACK\^R01\^ACK\|[^|]+\|P\|2\.5\|\|\|\|\|\|GB 18030-2000\r/,
    );
    lis.send(utf8(message({ id: '2', number: '9', charset: 'UNICODE UTF-8|en' })));
    await lis.heard(2);
    expect(lis.texts[1]?.toString('utf8')).toContain('None of the message’s numbers is linked');
  });

  it('hears only what it wants to', async () => {
    const { sender } = await started();
    const lis = await sender();
    lis.send(utf8(message({ id: '1', modes: 'NE|NE' })));
    lis.send(utf8(message({ id: '2', modes: 'ER|SU' })));
    lis.send(utf8(message({ id: '3', modes: 'AL|ER' })));
    expect([...(await lis.heard(2))].sort()).toEqual(['AA 2', 'CA 3']);
  });

  it('in original mode is let wait for a silent ledger no longer than its patience; the message goes on', async () => {
    const hospital = new MemoryHospital();
    const answered = Promise.withResolvers<undefined>();
    hospital.before = () => answered.promise.then(() => undefined);
    const { sender } = await started(hospital, { patienceMillis: 100 });
    const lis = await sender();
    lis.send(utf8(message({ id: '1' })));
    expect(await lis.heard(1)).toEqual(['AE 1 LEDGER_UNAVAILABLE']);
    answered.resolve(undefined);
    const again = await sender();
    again.send(utf8(message({ id: '1' })));
    expect(await again.heard(1)).toEqual(['AA 1']);
    expect(hospital.published.size).toBe(1);
  });

  it('whose frames are wrong is told, and goes on', async () => {
    const { sender } = await started(new MemoryHospital(), { maxMessageBytes: 2_048 });
    const lis = await sender();
    lis.socket.write('MSH|no frame\r');
    lis.socket.write('\u000bMSH|never ended');
    lis.socket.write(Buffer.concat([Buffer.from('\u000b'), Buffer.alloc(3_000, 0x41), Buffer.from('\u001c\r')]));
    lis.send(utf8(message({ id: '1' })));
    expect(await lis.heard(4)).toEqual([...new Array<string>(3).fill('AR  HL7_FRAME_INVALID'), 'AA 1']);
  });

  it.each<readonly [string, Uint8Array, string]>([
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3), 'no-message-header: gzip'],
    ['NDJSON', utf8('{"resourceType":"Patient"}\n{"resourceType":"Patient"}\n'), 'no-message-header: ndjson'],
    ['a PDF', utf8('%PDF-1.7'), 'no-message-header: pdf'],
    ['a byte order mark', utf8(`\ufeff${message({ id: '1' })}`), 'byte-order-mark'],
  ])('of %s in a frame is told what it is, and nothing is kept', async (_what, sent, named) => {
    const { hospital, sender } = await started();
    const lis = await sender();
    lis.send(sent);
    expect(await lis.heard(1)).toEqual(['AE  HL7_MESSAGE_INVALID']);
    expect(Buffer.concat(lis.texts).toString('latin1')).toContain(`HL7_MESSAGE_INVALID^${named}^LIANYI`);
    expect(hospital.published.size).toBe(0);
  });

  it('that ends its side is still answered, and then let go', async () => {
    const hospital = new MemoryHospital();
    const answered = Promise.withResolvers<undefined>();
    hospital.before = () => answered.promise.then(() => undefined);
    const { sender } = await started(hospital);
    const lis = await sender();
    lis.send(utf8(message({ id: '1', modes: 'AL|AL' })));
    await lis.heard(1);
    lis.socket.end(() => {
      answered.resolve(undefined);
    });
    expect(await lis.heard(3)).toEqual(['CA 1', 'AA 1']);
    expect(lis.isClosed).toBe(true);
  });
});
